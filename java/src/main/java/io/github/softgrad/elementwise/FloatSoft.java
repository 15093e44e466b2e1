package io.github.softgrad.elementwise;

import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Closeness;
import io.github.softgrad.elementwise.SoftFunction.Comparison;
import io.github.softgrad.elementwise.SoftFunction.GatedRelu;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.Slope;
import io.github.softgrad.elementwise.SoftFunction.SoftAbs;
import io.github.softgrad.elementwise.SoftFunction.SoftSign;

/// One soft function over blocks of numbers of float32: the passes it is put together from, and their scratch.
final class FloatSoft implements FloatBlocks.Loop {

    private final SoftFunction function;
    private final FloatCurve curve;
    private final FloatBlocks.Loop loop;
    private final int size;

    private float[] softness;
    private int softnessAt;
    private float largest;
    private boolean ordinary;

    /// Rounding asks how far the curve reaches.
    private final boolean needsLargest;

    private FloatSoft(SoftFunction function, FloatCurve curve, int size) {
        this.function = function;
        this.curve = curve;
        this.size = size;
        SoftFunction plain = function instanceof Slope slope ? slope.of() : function;
        needsLargest = plain instanceof Round;
        loop = loop(function);
    }

    /// The loop of a function with scratch for blocks of the size, or null if it has zero.
    static FloatSoft of(SoftFunction function, int size) {
        FloatCurve curve = FloatCurve.of(function.curve(), size);
        FloatSoft soft = curve == null ? null : new FloatSoft(function, curve, size);
        return soft == null || soft.loop == null ? null : soft;
    }

    /// Where the reciprocal of a softness is not accurate, the function is evaluated number by number.
    @Override
    public void run(float[][] in, int[] at, float[] out, int to, int length) {
        int last = function.arity() - 1;
        if (in[last] != softness || at[last] != softnessAt) {
            softness = in[last];
            softnessAt = at[last];
            ordinary = FloatPasses.ordinary(softness, softnessAt, length);
            largest = needsLargest ? FloatPasses.largest(softness, softnessAt, length) : 0;
            if (ordinary) {
                curve.prepare(softness, softnessAt, length);
            }
        }
        if (ordinary) {
            loop.run(in, at, out, to, length);
        } else {
            singles(in, at, out, to, length);
        }
    }

    private void singles(float[][] in, int[] at, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = single(in, at, i);
        }
    }

    private float single(float[][] in, int[] at, int i) {
        float c = function.arity() > 2 ? in[2][at[2] + i] : 0;
        float d = function.arity() > 3 ? in[3][at[3] + i] : 0;
        return (float) function.at(in[0][at[0] + i], in[1][at[1] + i], c, d);
    }

    private float[] scratch() {
        return new float[size];
    }

    private FloatBlocks.Loop loop(SoftFunction of) {
        return switch (of) {
            case Sigmoidal(Curve ignored, int order) -> sigmoidal(order);
            case SoftSign ignored -> (in, at, out, to, length) -> curve.sign(in[0], at[0], out, to, length);
            case SoftAbs ignored -> (in, at, out, to, length) -> curve.abs(in[0], at[0], out, to, length);
            case GatedRelu ignored -> (in, at, out, to, length) -> curve.gated(in[0], at[0], out, to, length);
            case Comparison(Curve ignored, double shift) -> comparison(shift, false, 1);
            case Closeness closeness -> closeness.negated() ? null : closeness(closeness);
            case Clip clip -> clip(clip.gated());
            case Round round -> round(round.radius(), false);
            case Slope(SoftFunction inner, int argument) -> slope(inner, argument);
        };
    }

    private FloatBlocks.Loop slope(SoftFunction of, int argument) {
        return switch (of) {
            case Sigmoidal(Curve ignored, int order) -> sigmoidal(order + 1);
            case SoftSign ignored ->
                (in, at, out, to, length) -> {
                    curve.slope(in[0], at[0], null, out, to, length);
                    FloatPasses.scale(2, out, to, length);
                };
            case SoftAbs ignored -> absSlope();
            case GatedRelu ignored -> gatedSlope();
            case Comparison(Curve ignored, double shift) -> comparison(shift, true, argument == 0 ? 1 : -1);
            case Closeness closeness -> closenessSlope(closeness, argument);
            case Clip clip -> clip.gated() ? gatedClipSlope() : clipSlope();
            case Round round -> round(round.radius(), true);
            case Slope ignored -> null;
        };
    }

    private FloatBlocks.Loop sigmoidal(int order) {
        return switch (order) {
            case -1 -> (in, at, out, to, length) -> curve.area(in[0], at[0], in[1], at[1], out, to, length);
            case 0 -> (in, at, out, to, length) -> curve.step(in[0], at[0], null, out, to, length);
            case 1 -> (in, at, out, to, length) -> curve.slope(in[0], at[0], null, out, to, length);
            default -> null;
        };
    }

    private FloatBlocks.Loop absSlope() {
        float[] slope = scratch();
        return (in, at, out, to, length) -> {
            curve.slope(in[0], at[0], null, slope, 0, length);
            curve.sign(in[0], at[0], out, to, length);
            FloatPasses.addBend(2, in[0], at[0], slope, out, to, length);
        };
    }

    private FloatBlocks.Loop gatedSlope() {
        float[] slope = scratch();
        return (in, at, out, to, length) -> {
            curve.slope(in[0], at[0], null, slope, 0, length);
            curve.step(in[0], at[0], null, out, to, length);
            FloatPasses.addBend(1, in[0], at[0], slope, out, to, length);
        };
    }

    private FloatBlocks.Loop comparison(double shift, boolean slope, double factor) {
        float[] hi = scratch();
        float[] lo = scratch();
        return (in, at, out, to, length) -> {
            FloatPasses.difference(
                    in[0], at[0], in[1], at[1], (float) shift, (float) (shift - (float) shift), hi, lo, length);
            if (slope) {
                curve.slope(hi, 0, lo, out, to, length);
            } else {
                curve.step(hi, 0, lo, out, to, length);
            }
            if (factor != 1) {
                FloatPasses.scale((float) factor, out, to, length);
            }
        };
    }

    /// `lower + R(x - lower) - R(x - upper)` is `x` clamped to the bounds, plus `R` at minus the distance to
    /// the lower bound, less `R` at minus that to the upper one.
    private FloatBlocks.Loop clip(boolean gated) {
        float[] low = scratch();
        float[] high = scratch();
        float[] first = scratch();
        float[] second = scratch();
        return (in, at, out, to, length) -> {
            FloatPasses.behind(in[0], at[0], in[1], at[1], low, length);
            FloatPasses.behind(in[0], at[0], in[2], at[2], high, length);
            if (gated) {
                curve.gated(low, 0, first, 0, length);
                curve.gated(high, 0, second, 0, length);
            } else {
                curve.area(low, 0, in[3], at[3], first, 0, length);
                curve.area(high, 0, in[3], at[3], second, 0, length);
            }
            if (FloatPasses.clamp(in, at, first, second, out, to, length)) {
                narrow(in, at, out, to, length);
            }
        };
    }

    private FloatBlocks.Loop clipSlope() {
        float[] low = scratch();
        float[] high = scratch();
        float[] first = scratch();
        float[] second = scratch();
        return (in, at, out, to, length) -> {
            FloatPasses.behind(in[0], at[0], in[1], at[1], low, length);
            FloatPasses.behind(in[0], at[0], in[2], at[2], high, length);
            curve.step(low, 0, null, first, 0, length);
            curve.step(high, 0, null, second, 0, length);
            if (FloatPasses.between(in, at, first, second, out, to, length)) {
                narrow(in, at, out, to, length);
            }
        };
    }

    private void narrow(float[][] in, int[] at, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            if (!(in[2][at[2] + i] - in[1][at[1] + i] >= 2 * in[3][at[3] + i])) {
                out[to + i] = single(in, at, i);
            }
        }
    }

    private FloatBlocks.Loop closeness(Closeness closeness) {
        float[] hi = scratch();
        float[] lo = scratch();
        float[] step = scratch();
        float[] allowed = scratch();
        return (in, at, out, to, length) -> {
            FloatPasses.difference(in[0], at[0], in[1], at[1], 0, 0, hi, lo, length);
            margin(closeness, in[1], at[1], hi, lo, step, allowed, length);
            curve.step(hi, 0, lo, out, to, length);
            FloatPasses.scale(2, out, to, length);
            huge(in, at, out, to, length);
        };
    }

    /// Sets the pair to the argument of `S` from the difference of the operands.
    private void margin(
            Closeness closeness, float[] y, int at, float[] hi, float[] lo, float[] step, float[] allowed, int length) {
        if (closeness.relativeTolerance() != 0) {
            curve.abs(y, at, allowed, 0, length);
        }
        FloatPasses.behindZero(hi, 0, lo, hi, lo, length);
        curve.step(hi, 0, lo, step, 0, length);
        float tolerance = (float) (closeness.absoluteTolerance() + closeness.epsilon());
        float rest = (float) (closeness.absoluteTolerance() + closeness.epsilon() - tolerance);
        float relative = (float) closeness.relativeTolerance();
        FloatPasses.margin(
                tolerance,
                rest,
                relative,
                (float) (closeness.relativeTolerance() - relative),
                allowed,
                step,
                hi,
                lo,
                length);
    }

    /// By the chain rule: the soft absolute value has the derivative `2 S - 1 + 2 d S'`. In the second argument
    /// with a relative tolerance there is no loop.
    private FloatBlocks.Loop closenessSlope(Closeness closeness, int argument) {
        if (argument > 0 && closeness.relativeTolerance() > 0) {
            return null;
        }
        float[] hi = scratch();
        float[] lo = scratch();
        float[] step = scratch();
        float[] allowed = scratch();
        float[] bend = scratch();
        double factor = (argument == 0) == closeness.negated() ? 2 : -2;
        return (in, at, out, to, length) -> {
            FloatPasses.difference(in[0], at[0], in[1], at[1], 0, 0, hi, lo, length);
            curve.slope(hi, 0, lo, step, 0, length);
            curve.sign(hi, 0, bend, 0, length);
            FloatPasses.addBend(2, hi, 0, step, bend, 0, length);
            margin(closeness, in[1], at[1], hi, lo, step, allowed, length);
            curve.slope(hi, 0, lo, out, to, length);
            FloatPasses.scale(bend, 0, out, to, length);
            FloatPasses.scale((float) factor, out, to, length);
            huge(in, at, out, to, length);
        };
    }

    private void huge(float[][] in, int[] at, float[] out, int to, int length) {
        if (!FloatPasses.anyHuge(in[0], at[0], length) && !FloatPasses.anyHuge(in[1], at[1], length)) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (FloatPasses.huge(in[0][at[0] + i]) || FloatPasses.huge(in[1][at[1] + i])) {
                out[to + i] = single(in, at, i);
            }
        }
    }

    /// While `S` vanishes at the ends of the window, the sum is the nearest integer and what the edges around
    /// it add: those above it their `S`, those below it what their `S` lacks, and the weights telescope. So
    /// nothing cancels, and only edges within reach count. A wider softness is left to the definition.
    private FloatBlocks.Loop round(int radius, boolean slope) {
        float[] below = scratch();
        float[] above = scratch();
        return (in, at, out, to, length) -> {
            float reached = largest * curve.reach();
            if (!(reached <= radius - 0.5f)) {
                singles(in, at, out, to, length);
                return;
            }
            int terms = (int) Math.max(1, Math.ceil(reached));
            FloatPasses.nearest(in[0], at[0], below, above, out, to, length);
            if (slope) {
                curve.slopes(below, above, terms, out, to, length);
            } else {
                curve.addRises(below, above, terms, out, to, length);
            }
        };
    }

    private FloatBlocks.Loop gatedClipSlope() {
        float[] hi = scratch();
        float[] lo = scratch();
        float[] part = scratch();
        return (in, at, out, to, length) -> {
            FloatPasses.difference(in[0], at[0], in[1], at[1], 0, 0, hi, lo, length);
            curve.step(hi, 0, lo, out, to, length);
            curve.slope(hi, 0, lo, part, 0, length);
            FloatPasses.addBend(1, hi, 0, part, out, to, length);
            FloatPasses.difference(in[0], at[0], in[2], at[2], 0, 0, hi, lo, length);
            curve.slope(hi, 0, lo, part, 0, length);
            FloatPasses.addBend(-1, hi, 0, part, out, to, length);
            curve.step(hi, 0, lo, part, 0, length);
            FloatPasses.add(-1, part, out, to, length);
        };
    }
}
