package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.lost;
import static io.github.softgrad.elementwise.DoubleFormat.rounded;

import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Closeness;
import io.github.softgrad.elementwise.SoftFunction.Comparison;
import io.github.softgrad.elementwise.SoftFunction.GatedRelu;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.Slope;
import io.github.softgrad.elementwise.SoftFunction.SoftAbs;
import io.github.softgrad.elementwise.SoftFunction.SoftSign;
import java.util.Arrays;

/// One soft function over blocks of numbers: the passes it is put together from, and their scratch.
final class DoubleSoft implements DoubleBlocks.Loop {

    private final SoftFunction function;
    private final DoubleBlocks.Loop loop;
    private final int size;

    /// The softness of the call if it is one number, and NaN otherwise.
    private double softness = Double.NaN;

    /// The curve at the softness; it is null where the loops are not accurate enough, and the function is
    /// evaluated number by number.
    private DoubleCurve curve;

    private DoubleScaled scaled;

    /// Whether the bounds of a clip are the same numbers throughout the call, and not narrow.
    private boolean isWide;

    private DoubleSoft(SoftFunction function, int size) {
        this.function = function;
        this.size = size;
        loop = loop(function);
    }

    /// The loop of a function with scratch for blocks of the size, or null if it has none.
    static DoubleSoft of(SoftFunction function, int size) {
        DoubleSoft soft = DoubleCurve.exists(function.curve()) ? new DoubleSoft(function, size) : null;
        return soft == null || soft.loop == null ? null : soft;
    }

    @Override
    public void begin(Operand... operands) {
        Operand last = operands[operands.length - 1];
        double number = last.step() == 0 ? last.at(0) : Double.NaN;
        if (number != softness) {
            softness = number;
            curve = DoublePasses.ordinary(number) ? DoubleCurve.of(function.curve(), number) : null;
        }
        if (last.step() != 0 && scaled == null && !DoubleScaled.hasTooManyRoundings(function)) {
            scaled = new DoubleScaled(function.curve(), size);
        }
        isWide = function instanceof Clip && isWide(operands[1], operands[2], last);
    }

    private static boolean isWide(Operand lower, Operand upper, Operand softness) {
        boolean fixed = lower.step() == 0 && upper.step() == 0 && softness.step() == 0;
        return fixed && upper.at(0) - lower.at(0) >= 2 * softness.at(0);
    }

    @Override
    public void run(double[][] in, int[] at, double[] out, int to, int length) {
        if (Double.isNaN(softness) && scaled != null) {
            int last = function.arity() - 1;
            scaled.prepare(in[last], at[last]);
            curve = DoublePasses.ordinary(in[last], at[last], length) ? scaled : null;
        }
        if (curve != null) {
            loop.run(in, at, out, to, length);
        }
        if (curve == null || curve == scaled && scaled.lostDigits()) {
            singles(in, at, out, to, length);
        }
    }

    private void singles(double[][] in, int[] at, double[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = single(in, at, i);
        }
    }

    private double single(double[][] in, int[] at, int i) {
        double c = function.arity() > 2 ? in[2][at[2] + i] : 0;
        double d = function.arity() > 3 ? in[3][at[3] + i] : 0;
        return rounded(function.at(in[0][at[0] + i], in[1][at[1] + i], c, d));
    }

    private double[] scratch() {
        return new double[size];
    }

    private DoubleBlocks.Loop loop(SoftFunction of) {
        return switch (of) {
            case Sigmoidal(Curve ignored, int order) -> sigmoidal(order);
            case SoftSign ignored -> form(CurveForm.SIGN);
            case SoftAbs ignored -> form(CurveForm.ABS);
            case GatedRelu ignored -> form(CurveForm.GATED);
            case Comparison compared -> comparison(compared);
            case Closeness closeness -> closeness.negated() ? null : closeness(closeness);
            case Clip clip -> clip.gated() ? gatedClip() : clip();
            case Round round -> round(round.radius());
            case Slope(SoftFunction inner, int argument) -> slope(inner, argument);
        };
    }

    private DoubleBlocks.Loop slope(SoftFunction of, int argument) {
        return switch (of) {
            case Sigmoidal(Curve ignored, int order) -> sigmoidal(order + 1);
            case SoftSign ignored ->
                (in, at, out, to, length) -> {
                    curve.evaluate(CurveForm.SLOPE, in[0], at[0], null, out, to, length);
                    DoublePasses.scale(2, out, to, length);
                };
            case SoftAbs ignored -> bent(CurveForm.SIGN, 2);
            case GatedRelu ignored -> bent(CurveForm.STEP, 1);
            case Comparison compared -> comparisonSlope(compared, argument);
            case Closeness closeness -> closenessSlope(closeness, argument);
            case Clip clip -> clip.gated() ? gatedClipSlope() : clipSlope();
            case Round round -> roundSlope(round.radius());
            case Slope ignored -> null;
        };
    }

    private DoubleBlocks.Loop sigmoidal(int order) {
        return switch (order) {
            case -1 -> form(CurveForm.AREA);
            case 0 -> form(CurveForm.STEP);
            case 1 -> form(CurveForm.SLOPE);
            default -> null;
        };
    }

    private DoubleBlocks.Loop form(CurveForm form) {
        return (in, at, out, to, length) -> curve.evaluate(form, in[0], at[0], null, out, to, length);
    }

    /// The derivative of `x` times a form whose own is `factor` times the slope.
    private DoubleBlocks.Loop bent(CurveForm form, double factor) {
        double[] slope = scratch();
        return (in, at, out, to, length) -> {
            curve.evaluate(CurveForm.SLOPE, in[0], at[0], null, slope, 0, length);
            curve.evaluate(form, in[0], at[0], null, out, to, length);
            DoublePasses.addBend(factor, in[0], at[0], slope, out, to, length);
        };
    }

    private DoubleBlocks.Loop comparison(Comparison compared) {
        double shift = rounded(compared.shift());
        double shiftError = lost(compared.shift());
        double[] hi = scratch();
        double[] lo = scratch();
        return (in, at, out, to, length) ->
                curve.compare(in[0], at[0], in[1], at[1], shift, shiftError, hi, lo, out, to, length);
    }

    private DoubleBlocks.Loop comparisonSlope(Comparison compared, int argument) {
        double shift = rounded(compared.shift());
        double[] difference = scratch();
        return (in, at, out, to, length) -> {
            DoublePasses.subtract(in[0], at[0], in[1], at[1], shift, difference, length);
            curve.evaluate(CurveForm.SLOPE, difference, 0, null, out, to, length);
            if (argument == 1) {
                DoublePasses.scale(-1, out, to, length);
            }
        };
    }

    private DoubleBlocks.Loop clip() {
        return (in, at, out, to, length) -> {
            curve.clip(in, at, out, to, length);
            narrow(in, at, out, to, length);
        };
    }

    /// `lower + R(x - lower) - R(x - upper)` is `x` clamped to the bounds, plus `R` at minus the distance to
    /// the lower bound, less `R` at minus that to the upper one.
    private DoubleBlocks.Loop gatedClip() {
        return betweenBounds(CurveForm.GATED, DoublePasses::clamp);
    }

    private DoubleBlocks.Loop clipSlope() {
        return betweenBounds(CurveForm.STEP, DoublePasses::between);
    }

    /// Puts together what a form has at minus the distances to both bounds.
    @FunctionalInterface
    private interface Bounds {
        void combine(double[][] in, int[] at, double[] first, double[] second, double[] out, int to, int length);
    }

    private DoubleBlocks.Loop betweenBounds(CurveForm form, Bounds bounds) {
        double[] distance = scratch();
        double[] below = scratch();
        double[] above = scratch();
        return (in, at, out, to, length) -> {
            DoublePasses.behind(in[0], at[0], in[1], at[1], distance, length);
            curve.evaluate(form, distance, 0, null, below, 0, length);
            DoublePasses.behind(in[0], at[0], in[2], at[2], distance, length);
            curve.evaluate(form, distance, 0, null, above, 0, length);
            bounds.combine(in, at, below, above, out, to, length);
            narrow(in, at, out, to, length);
        };
    }

    /// Does narrow intervals again, number by number.
    private void narrow(double[][] in, int[] at, double[] out, int to, int length) {
        if (isWide || !DoublePasses.narrow(in, at, length)) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (!(in[2][at[2] + i] - in[1][at[1] + i] >= 2 * in[3][at[3] + i])) {
                out[to + i] = single(in, at, i);
            }
        }
    }

    private DoubleBlocks.Loop closeness(Closeness closeness) {
        double[] hi = scratch();
        double[] lo = scratch();
        double[] step = scratch();
        double[] allowed = allowed(closeness);
        return (in, at, out, to, length) -> {
            boolean huge = DoublePasses.difference(in[0], at[0], in[1], at[1], 0, 0, hi, lo, length);
            margin(closeness, in[1], at[1], hi, lo, step, allowed, length);
            curve.evaluate(CurveForm.STEP, hi, 0, lo, out, to, length);
            DoublePasses.scale(2, out, to, length);
            if (huge) {
                huge(in, at, out, to, length);
            }
        };
    }

    private static double tolerance(Closeness closeness) {
        return rounded(closeness.absoluteTolerance() + closeness.epsilon());
    }

    /// The soft size of an operand, if the tolerance is relative to it.
    private void size(Closeness closeness, double[] y, int at, double[] allowed, int length) {
        if (closeness.relativeTolerance() != 0) {
            curve.evaluate(CurveForm.ABS, y, at, null, allowed, 0, length);
        }
    }

    private double[] allowed(Closeness closeness) {
        return closeness.relativeTolerance() == 0 ? null : scratch();
    }

    /// Sets the pair to the argument of `S` from the difference of the operands.
    private void margin(
            Closeness closeness,
            double[] y,
            int at,
            double[] hi,
            double[] lo,
            double[] step,
            double[] allowed,
            int length) {
        size(closeness, y, at, allowed, length);
        curve.evaluate(CurveForm.BEHIND, hi, 0, lo, step, 0, length);
        double relative = rounded(closeness.relativeTolerance());
        DoublePasses.margin(tolerance(closeness), relative, allowed, step, hi, lo, length);
    }

    /// By the chain rule: the soft absolute value has the derivative `2 S - 1 + 2 d S'`. The formula is the plain
    /// one, without the errors of differences. In the second argument with a relative tolerance there is no
    /// loop.
    private DoubleBlocks.Loop closenessSlope(Closeness closeness, int argument) {
        if (argument > 0 && closeness.relativeTolerance() > 0) {
            return null;
        }
        double[] difference = scratch();
        double[] slope = scratch();
        double[] bend = scratch();
        double[] allowed = allowed(closeness);
        double factor = (argument == 0) == closeness.negated() ? 2 : -2;
        double relative = rounded(closeness.relativeTolerance());
        double tolerance = tolerance(closeness);
        return (in, at, out, to, length) -> {
            DoublePasses.subtract(in[0], at[0], in[1], at[1], 0, difference, length);
            curve.evaluate(CurveForm.SLOPE, difference, 0, null, slope, 0, length);
            curve.evaluate(CurveForm.SIGN, difference, 0, null, bend, 0, length);
            size(closeness, in[1], at[1], allowed, length);
            DoublePasses.bend(factor, tolerance, relative, allowed, difference, slope, bend, length);
            curve.evaluate(CurveForm.SLOPE, slope, 0, null, out, to, length);
            DoublePasses.scale(bend, 0, out, to, length);
        };
    }

    /// Does huge differences again, number by number.
    private void huge(double[][] in, int[] at, double[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            if (DoublePasses.huge(in[0][at[0] + i], in[1][at[1] + i])) {
                out[to + i] = single(in, at, i);
            }
        }
    }

    /// While `S` vanishes at the ends of the window, the sum is the nearest integer and what the edges around
    /// it add: those above it their `S`, those below it what their `S` lacks, and the weights telescope. So
    /// nothing cancels, and only edges within reach count. A wider softness is left to the definition.
    private DoubleBlocks.Loop round(int radius) {
        return (in, at, out, to, length) -> {
            if (curve == scaled) {
                roundEach(radius, in, at, out, to, length);
            } else if (isWithin(radius, curve, softness)) {
                curve.round(in[0], at[0], edges(curve, softness), out, to, length);
            } else {
                singles(in, at, out, to, length);
            }
        };
    }

    /// A softness for each number: one number is a vector of equal ones.
    private void roundEach(int radius, double[][] in, int[] at, double[] out, int to, int length) {
        double[] vector = new double[DoubleCurve.SPECIES.length()];
        double[] rounded = new double[vector.length];
        for (int i = 0; i < length; i++) {
            double each = in[1][at[1] + i];
            DoubleCurve own = DoubleCurve.of(function.curve(), each);
            if (isWithin(radius, own, each)) {
                Arrays.fill(vector, in[0][at[0] + i]);
                own.round(vector, 0, edges(own, each), rounded, 0, vector.length);
                out[to + i] = rounded[0];
            } else {
                out[to + i] = single(in, at, i);
            }
        }
    }

    private DoubleBlocks.Loop roundSlope(int radius) {
        double[] edge = scratch();
        double[] part = scratch();
        return (in, at, out, to, length) -> {
            if (!isWithin(radius, curve, softness)) {
                singles(in, at, out, to, length);
                return;
            }
            int edges = edges(curve, softness);
            for (int k = -edges; k < edges; k++) {
                DoublePasses.edge(in[0], at[0], k + 0.5, edge, 0, length);
                boolean first = k == -edges;
                curve.evaluate(CurveForm.SLOPE, edge, 0, null, first ? out : part, first ? to : 0, length);
                if (!first) {
                    DoublePasses.add(1, part, out, to, length);
                }
            }
            DoublePasses.spoil(in[0], at[0], out, to, length);
        };
    }

    /// Whether nothing is left of `S` at the ends of the window; not if there is no one softness.
    private static boolean isWithin(int radius, DoubleCurve curve, double softness) {
        return softness * curve.reach() <= radius - 0.5;
    }

    /// How many edges on each side of the nearest integer are within reach.
    private static int edges(DoubleCurve curve, double softness) {
        return (int) Math.max(1, Math.ceil(softness * curve.reach()));
    }

    private DoubleBlocks.Loop gatedClipSlope() {
        double[] hi = scratch();
        double[] lo = scratch();
        double[] part = scratch();
        return (in, at, out, to, length) -> {
            DoublePasses.difference(in[0], at[0], in[1], at[1], 0, 0, hi, lo, length);
            curve.evaluate(CurveForm.STEP, hi, 0, lo, out, to, length);
            curve.evaluate(CurveForm.SLOPE, hi, 0, lo, part, 0, length);
            DoublePasses.addBend(1, hi, 0, part, out, to, length);
            DoublePasses.difference(in[0], at[0], in[2], at[2], 0, 0, hi, lo, length);
            curve.evaluate(CurveForm.SLOPE, hi, 0, lo, part, 0, length);
            DoublePasses.addBend(-1, hi, 0, part, out, to, length);
            curve.evaluate(CurveForm.STEP, hi, 0, lo, part, 0, length);
            DoublePasses.add(-1, part, out, to, length);
        };
    }
}
