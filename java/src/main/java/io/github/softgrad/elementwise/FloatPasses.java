package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
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
    private static final float HUGE = 0x1p100f;

    /// From it on, all numbers are integers.
    private static final float ALL_INTEGERS = 0x1p23f;

    /// Softness between these has a reciprocal to twice the precision.
    private static final float SMALLEST_SOFTNESS = 1 / HUGE;

    private static final float LARGEST_SOFTNESS = HUGE;

    private FloatPasses() {}

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

    /// Sets `hi + lo` to `x - y + shift + shiftError`, exactly but for the last bits of `lo`; equal infinities
    /// differ by 0.
    static void difference(
            float[] x, int atX, float[] y, int atY, float shift, float shiftError, float[] hi, float[] lo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, atX + i);
            FloatVector b = FloatVector.fromArray(SPECIES, y, atY + i);
            VectorMask<Float> equal = a.compare(EQ, b);
            FloatVector first = a.sub(b).blend(0, equal);
            FloatVector change = first.sub(a);
            FloatVector firstError = a.sub(first.sub(change)).sub(b.add(change)).blend(0, equal);
            FloatVector second = first.add(shift);
            FloatVector added = second.sub(first);
            FloatVector secondError =
                    first.sub(second.sub(added)).add(added.neg().add(shift));
            FloatVector rest = firstError.add(secondError).add(shiftError);
            FloatVector sum = second.add(rest);
            FloatVector lost = rest.sub(sum.sub(second));
            VectorMask<Float> finite = second.abs().compare(LT, Float.POSITIVE_INFINITY);
            second.blend(sum, finite).intoArray(hi, i);
            FloatVector.zero(SPECIES).blend(lost, finite).intoArray(lo, i);
        }
    }

    /// Sets `out` to `-|x - y|`; equal infinities differ by 0.
    static void behind(float[] x, int atX, float[] y, int atY, float[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, atX + i);
            FloatVector b = FloatVector.fromArray(SPECIES, y, atY + i);
            a.sub(b).blend(0, a.compare(EQ, b)).abs().neg().intoArray(out, i);
        }
    }

    /// Sets `out + outLo` to `-|hi + lo|`.
    static void behindZero(float[] hi, int from, float[] lo, float[] out, float[] outLo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
            low.blend(low.neg(), x.compare(GT, 0)).intoArray(outLo, i);
            x.abs().neg().intoArray(out, i);
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

    /// Sets `out` to `x` clamped to the bounds plus `first - second`; returns whether any interval is narrower
    /// than twice the softness, or no interval.
    static boolean clamp(float[][] in, int[] at, float[] first, float[] second, float[] out, int to, int length) {
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        float[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, at[0] + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, at[1] + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, at[2] + i);
            FloatVector least =
                    FloatVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            FloatVector rise = FloatVector.fromArray(SPECIES, first, i).sub(FloatVector.fromArray(SPECIES, second, i));
            narrow |= !upper.sub(lower).compare(GE, least).allTrue();
            x.max(lower).min(upper).add(rise).intoArray(out, to + i);
        }
        return narrow;
    }

    /// Sets `out` to `S(x - lower) - S(x - upper)` from `S` at minus the distances; returns what [#clamp] does.
    static boolean between(float[][] in, int[] at, float[] first, float[] second, float[] out, int to, int length) {
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        float[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, at[0] + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, at[1] + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, at[2] + i);
            FloatVector least =
                    FloatVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            FloatVector a = FloatVector.fromArray(SPECIES, first, i);
            FloatVector b = FloatVector.fromArray(SPECIES, second, i);
            narrow |= !upper.sub(lower).compare(GE, least).allTrue();
            a.add(b)
                    .neg()
                    .add(1)
                    .blend(a.sub(b), x.compare(LT, lower))
                    .blend(b.sub(a), x.compare(GT, upper))
                    .intoArray(out, to + i);
        }
        return narrow;
    }

    /// Sets `hi + lo` to `tolerance + relative size - |d|`, both factors being pairs, where `|d|` is the soft
    /// absolute value of the difference, from the pair `hi + lo = -|x - y|` and `S` there, in place.
    static void margin(
            float tolerance,
            float toleranceError,
            float relative,
            float relativeError,
            float[] size,
            float[] step,
            float[] hi,
            float[] lo,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector y = FloatVector.fromArray(SPECIES, size, i);
            FloatVector term = y.mul(relative);
            FloatVector termError =
                    y.fma(FloatVector.broadcast(SPECIES, relative), term.neg()).add(y.mul(relativeError));
            FloatVector allowed = term.add(tolerance);
            FloatVector grown = allowed.sub(term);
            FloatVector allowedError =
                    term.sub(allowed.sub(grown)).add(grown.neg().add(tolerance));
            FloatVector behind = FloatVector.fromArray(SPECIES, hi, i);
            FloatVector excess =
                    behind.mul(FloatVector.fromArray(SPECIES, step, i)).mul(-2.0f);
            FloatVector first = allowed.add(behind);
            FloatVector addend = first.sub(allowed);
            FloatVector firstError = allowed.sub(first.sub(addend)).add(behind.sub(addend));
            FloatVector second = first.add(excess);
            FloatVector added = second.sub(first);
            FloatVector secondError = first.sub(second.sub(added)).add(excess.sub(added));
            FloatVector rest = FloatVector.fromArray(SPECIES, lo, i)
                    .add(toleranceError)
                    .add(termError)
                    .add(allowedError)
                    .add(firstError)
                    .add(secondError);
            FloatVector sum = second.add(rest);
            sum.intoArray(hi, i);
            rest.sub(sum.sub(second)).intoArray(lo, i);
        }
    }

    /// Whether any of the numbers is huge, infinite or undefined.
    static boolean anyHuge(float[] x, int at, int length) {
        boolean huge = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            huge |= !FloatVector.fromArray(SPECIES, x, at + i)
                    .abs()
                    .compare(LT, HUGE)
                    .allTrue();
        }
        return huge;
    }

    /// Whether a number is what [#anyHuge] looks for.
    static boolean huge(float x) {
        return !(Math.abs(x) < HUGE);
    }

    /// Sets `below` and `above` to minus the distances of `x` to the edges half a unit off its nearest integer,
    /// and `out` to that integer.
    static void nearest(float[] x, int from, float[] below, float[] above, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs();
            FloatVector rounded = size.add(ALL_INTEGERS).sub(ALL_INTEGERS);
            VectorMask<Float> fractional = size.compare(LT, ALL_INTEGERS);
            FloatVector whole = at.blend(rounded.blend(rounded.neg(), at.compare(LT, 0)), fractional);
            FloatVector rest = FloatVector.zero(SPECIES).blend(at.sub(whole), fractional);
            rest.neg().sub(0.5f).intoArray(below, i);
            rest.sub(0.5f).intoArray(above, i);
            whole.intoArray(out, to + i);
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

    /// Adds one number to `x`.
    static void shift(float number, float[] x, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, x, i).add(number).intoArray(x, i);
        }
    }

    /// The largest number.
    static float largest(float[] x, int from, int length) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, x[from + i]);
        }
        return largest;
    }
}
