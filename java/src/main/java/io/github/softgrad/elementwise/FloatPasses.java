package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The loops of float32 between those of the curves, of which [FloatSoft] puts the compound functions together.
///
/// Operands of the caller have an index at which they start, scratch starts at 0. Each loop is one flat method,
/// see [FloatBlocks].
final class FloatPasses {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final float LARGEST = Float.MAX_VALUE;

    /// Above it differences of operands may overflow.
    static final float HUGE = 0x1p100f;

    /// Added and taken away again it leaves the nearest integer, of numbers below the other one.
    static final float NEAREST = 0x1.8p23f;

    static final float WHOLE = 0x1p22f;

    /// Softness between these has an accurate reciprocal.
    private static final float SMALLEST_SOFTNESS = 1 / HUGE;

    private static final float LARGEST_SOFTNESS = HUGE;

    private FloatPasses() {}

    /// Whether a softness has an accurate reciprocal.
    static boolean ordinary(float softness) {
        return softness >= SMALLEST_SOFTNESS && softness < LARGEST_SOFTNESS;
    }

    /// Whether every softness has an accurate reciprocal.
    static boolean ordinary(float[] softness, int from, int length) {
        boolean ordinary = true;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector s = FloatVector.fromArray(SPECIES, softness, from + i);
            ordinary &= s.compare(GE, SMALLEST_SOFTNESS)
                    .and(s.compare(LT, LARGEST_SOFTNESS))
                    .allTrue();
        }
        return ordinary;
    }

    /// Sets `out + outLo` to `(x + lo) / s`; returns whether some quotients are beyond the limit.
    static boolean quotient(
            float[] x,
            int from,
            float[] lo,
            float[] softness,
            int at,
            float limit,
            float[] out,
            float[] outLo,
            int length) {
        boolean far = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector s = FloatVector.fromArray(SPECIES, softness, at + i);
            FloatVector quotient = a.div(s);
            FloatVector rest = quotient.neg().fma(s, a);
            if (lo != null) {
                rest = rest.add(FloatVector.fromArray(SPECIES, lo, i));
            }
            VectorMask<Float> plain = quotient.abs().compare(LT, HUGE);
            quotient.intoArray(out, i);
            FloatVector.zero(SPECIES).blend(rest.div(s), plain).intoArray(outLo, i);
            far |= !quotient.abs().compare(LE, limit).allTrue();
        }
        return far;
    }

    /// Multiplies `out` by `x`; minus infinity counts as a number.
    static void timesFinite(float[] x, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, out, to + i)
                    .mul(FloatVector.fromArray(SPECIES, x, from + i).max(-LARGEST))
                    .intoArray(out, to + i);
        }
    }

    /// Divides `out` by the divisor.
    static void divide(float[] divisor, int at, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, out, to + i)
                    .div(FloatVector.fromArray(SPECIES, divisor, at + i))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `hi + lo` to `x - y + shift + shiftError`, exactly but for the last bits of `lo`; equal infinities
    /// differ by 0. Returns whether some differences are huge, infinite or undefined.
    static boolean difference(
            float[] x, int atX, float[] y, int atY, float shift, float shiftError, float[] hi, float[] lo, int length) {
        boolean huge = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, atX + i);
            FloatVector b = FloatVector.fromArray(SPECIES, y, atY + i);
            FloatVector first = a.sub(b);
            FloatVector change = first.sub(a);
            FloatVector lost = a.sub(first.sub(change)).sub(b.add(change));
            VectorMask<Float> plain = first.abs().compare(LT, HUGE);
            lost = FloatVector.zero(SPECIES).blend(lost, plain);
            first = first.blend(0, a.compare(EQ, b));
            if (shift != 0) {
                FloatVector second = first.add(shift);
                FloatVector added = second.sub(first);
                FloatVector error =
                        first.sub(second.sub(added)).add(added.neg().add(shift)).add(shiftError);
                lost = lost.add(FloatVector.zero(SPECIES).blend(error, plain));
                first = second;
            }
            first.intoArray(hi, i);
            lost.intoArray(lo, i);
            huge |= !plain.allTrue();
        }
        return huge;
    }

    /// Whether a difference is what [#difference] reports.
    static boolean huge(float x, float y) {
        return !(Math.abs(x - y) < HUGE);
    }

    /// Sets the pair `hi + lo`, a difference, to `tolerance + relative size - |d|` in place, where `|d|` is the
    /// soft absolute value of the difference, from `S` at minus its size. The size may be null for 0.
    static void margin(
            float tolerance, float relative, float[] size, float[] step, float[] hi, float[] lo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector difference = FloatVector.fromArray(SPECIES, hi, i);
            FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
            FloatVector rest = low.blend(low.neg(), difference.compare(GT, 0));
            FloatVector behind = difference.abs().neg();
            FloatVector excess =
                    behind.mul(FloatVector.fromArray(SPECIES, step, i)).mul(-2.0f);
            FloatVector first = behind.add(excess);
            rest = rest.add(excess.sub(first.sub(behind)));
            FloatVector allowed = FloatVector.broadcast(SPECIES, tolerance);
            if (size != null) {
                allowed =
                        FloatVector.fromArray(SPECIES, size, i).fma(FloatVector.broadcast(SPECIES, relative), allowed);
            }
            FloatVector second = first.add(allowed);
            FloatVector added = second.sub(first);
            rest = rest.add(first.sub(second.sub(added)).add(allowed.sub(added)));
            second.intoArray(hi, i);
            rest.intoArray(lo, i);
        }
    }

    /// Whether an interval is narrower than twice the softness, or no interval.
    static boolean narrow(float[][] in, int[] at, int length) {
        float[] lowers = in[1];
        float[] uppers = in[2];
        float[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, at[1] + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, at[2] + i);
            FloatVector least =
                    FloatVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            narrow |= !upper.sub(lower).compare(GE, least).allTrue();
        }
        return narrow;
    }

    /// Sets `out` to `-|x - y|`; equal infinities differ by 0.
    static void behind(float[] x, int atX, float[] y, int atY, float[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, atX + i);
            FloatVector b = FloatVector.fromArray(SPECIES, y, atY + i);
            a.sub(b).blend(0, a.compare(EQ, b)).abs().neg().intoArray(out, i);
        }
    }

    /// Multiplies `out` by the factor.
    static void scale(float[] factor, int at, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, out, to + i)
                    .mul(FloatVector.fromArray(SPECIES, factor, at + i))
                    .intoArray(out, to + i);
        }
    }

    /// Multiplies `out` by one number.
    static void scale(float factor, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, out, to + i).mul(factor).intoArray(out, to + i);
        }
    }

    /// Adds `factor x slope` to `out`; infinities count as numbers, because the slope vanishes there.
    static void addBend(float factor, float[] x, int from, float[] slope, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at =
                    FloatVector.fromArray(SPECIES, x, from + i).max(-LARGEST).min(LARGEST);
            at.mul(FloatVector.fromArray(SPECIES, slope, i))
                    .fma(FloatVector.broadcast(SPECIES, factor), FloatVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `out` to `x` clamped to the bounds plus `first - second`.
    static void clamp(float[][] in, int[] at, float[] first, float[] second, float[] out, int to, int length) {
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, at[0] + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, at[1] + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, at[2] + i);
            FloatVector rise = FloatVector.fromArray(SPECIES, first, i).sub(FloatVector.fromArray(SPECIES, second, i));
            x.max(lower).min(upper).add(rise).intoArray(out, to + i);
        }
    }

    /// Sets `out` to `S(x - lower) - S(x - upper)` from `S` at minus the distances.
    static void between(float[][] in, int[] at, float[] first, float[] second, float[] out, int to, int length) {
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, at[0] + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, at[1] + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, at[2] + i);
            FloatVector a = FloatVector.fromArray(SPECIES, first, i);
            FloatVector b = FloatVector.fromArray(SPECIES, second, i);
            a.add(b)
                    .neg()
                    .add(1)
                    .blend(a.sub(b), x.compare(LT, lower))
                    .blend(b.sub(a), x.compare(GT, upper))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `out` to the distance of `x` to its nearest integer, with its sign, plus a number.
    static void edge(float[] x, int from, float shift, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector rest = at.sub(at.add(NEAREST).sub(NEAREST));
            rest.blend(0, at.abs().compare(GE, WHOLE)).add(shift).intoArray(out, to + i);
        }
    }

    /// Makes `out` NaN where `x` is not finite.
    static void spoil(float[] x, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector.fromArray(SPECIES, out, to + i).add(at.sub(at)).intoArray(out, to + i);
        }
    }

    /// Adds `factor x` to `out`.
    static void add(float factor, float[] x, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, x, i)
                    .fma(FloatVector.broadcast(SPECIES, factor), FloatVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
        }
    }
}
