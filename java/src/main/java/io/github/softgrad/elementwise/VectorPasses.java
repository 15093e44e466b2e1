package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The loops between those of the curves, of which [VectorSoft] puts the compound functions together.
///
/// Operands of the caller have an index at which they start, scratch starts at 0. Each loop is one flat method,
/// see [VectorBlocks].
final class VectorPasses {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final double LARGEST = Double.MAX_VALUE;

    /// Above it differences of operands may overflow.
    private static final double HUGE = 0x1p1000;

    /// From it on, all numbers are integers.
    private static final double ALL_INTEGERS = 0x1p52;

    /// Softness between these has a reciprocal to twice the precision.
    private static final double SMALLEST_SOFTNESS = 1 / HUGE;

    private static final double LARGEST_SOFTNESS = HUGE;

    private VectorPasses() {}

    /// Whether every softness has an accurate reciprocal.
    static boolean ordinary(double[] softness, int from, int length) {
        boolean ordinary = true;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, from + i);
            ordinary &= s.compare(GE, SMALLEST_SOFTNESS)
                    .and(s.compare(LT, LARGEST_SOFTNESS))
                    .allTrue();
        }
        return ordinary;
    }

    /// Sets `hi + lo` to `x - y + shift + shiftError`, exactly but for the last bits of `lo`; equal infinities
    /// differ by 0.
    static void difference(
            double[] x,
            int atX,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] hi,
            double[] lo,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, atX + i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
            VectorMask<Double> equal = a.compare(EQ, b);
            DoubleVector first = a.sub(b).blend(0, equal);
            DoubleVector change = first.sub(a);
            DoubleVector firstError =
                    a.sub(first.sub(change)).sub(b.add(change)).blend(0, equal);
            DoubleVector second = first.add(shift);
            DoubleVector added = second.sub(first);
            DoubleVector secondError =
                    first.sub(second.sub(added)).add(added.neg().add(shift));
            DoubleVector rest = firstError.add(secondError).add(shiftError);
            DoubleVector sum = second.add(rest);
            DoubleVector lost = rest.sub(sum.sub(second));
            VectorMask<Double> finite = second.abs().compare(LT, Double.POSITIVE_INFINITY);
            second.blend(sum, finite).intoArray(hi, i);
            DoubleVector.zero(SPECIES).blend(lost, finite).intoArray(lo, i);
        }
    }

    /// Sets `out` to `-|x - y|`; equal infinities differ by 0.
    static void behind(double[] x, int atX, double[] y, int atY, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, atX + i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
            a.sub(b).blend(0, a.compare(EQ, b)).abs().neg().intoArray(out, i);
        }
    }

    /// Sets `out + outLo` to `-|hi + lo|`.
    static void behindZero(double[] hi, int from, double[] lo, double[] out, double[] outLo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
            low.blend(low.neg(), x.compare(GT, 0)).intoArray(outLo, i);
            x.abs().neg().intoArray(out, i);
        }
    }

    /// Multiplies `out` by the factor.
    static void scale(double[] factor, int at, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, out, to + i)
                    .mul(DoubleVector.fromArray(SPECIES, factor, at + i))
                    .intoArray(out, to + i);
        }
    }

    /// Multiplies `out` by one number.
    static void scale(double factor, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, out, to + i).mul(factor).intoArray(out, to + i);
        }
    }

    /// Adds `factor x slope` to `out`; infinities count as numbers, because the slope vanishes there.
    static void addBend(double factor, double[] x, int from, double[] slope, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at =
                    DoubleVector.fromArray(SPECIES, x, from + i).max(-LARGEST).min(LARGEST);
            at.mul(DoubleVector.fromArray(SPECIES, slope, i))
                    .fma(DoubleVector.broadcast(SPECIES, factor), DoubleVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `out` to `x` clamped to the bounds plus `first - second`; returns whether any interval is narrower
    /// than twice the softness, or no interval.
    static boolean clamp(double[][] in, int[] at, double[] first, double[] second, double[] out, int to, int length) {
        double[] points = in[0];
        double[] lowers = in[1];
        double[] uppers = in[2];
        double[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, points, at[0] + i);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, at[1] + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, at[2] + i);
            DoubleVector least =
                    DoubleVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            DoubleVector rise =
                    DoubleVector.fromArray(SPECIES, first, i).sub(DoubleVector.fromArray(SPECIES, second, i));
            narrow |= !upper.sub(lower).compare(GE, least).allTrue();
            x.max(lower).min(upper).add(rise).intoArray(out, to + i);
        }
        return narrow;
    }

    /// Sets `out` to `S(x - lower) - S(x - upper)` from `S` at minus the distances; returns what [#clamp] does.
    static boolean between(double[][] in, int[] at, double[] first, double[] second, double[] out, int to, int length) {
        double[] points = in[0];
        double[] lowers = in[1];
        double[] uppers = in[2];
        double[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, points, at[0] + i);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, at[1] + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, at[2] + i);
            DoubleVector least =
                    DoubleVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            DoubleVector a = DoubleVector.fromArray(SPECIES, first, i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, second, i);
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
            double tolerance,
            double toleranceError,
            double relative,
            double relativeError,
            double[] size,
            double[] step,
            double[] hi,
            double[] lo,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector y = DoubleVector.fromArray(SPECIES, size, i);
            DoubleVector term = y.mul(relative);
            DoubleVector termError =
                    y.fma(DoubleVector.broadcast(SPECIES, relative), term.neg()).add(y.mul(relativeError));
            DoubleVector allowed = term.add(tolerance);
            DoubleVector grown = allowed.sub(term);
            DoubleVector allowedError =
                    term.sub(allowed.sub(grown)).add(grown.neg().add(tolerance));
            DoubleVector behind = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector excess =
                    behind.mul(DoubleVector.fromArray(SPECIES, step, i)).mul(-2.0);
            DoubleVector first = allowed.add(behind);
            DoubleVector addend = first.sub(allowed);
            DoubleVector firstError = allowed.sub(first.sub(addend)).add(behind.sub(addend));
            DoubleVector second = first.add(excess);
            DoubleVector added = second.sub(first);
            DoubleVector secondError = first.sub(second.sub(added)).add(excess.sub(added));
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lo, i)
                    .add(toleranceError)
                    .add(termError)
                    .add(allowedError)
                    .add(firstError)
                    .add(secondError);
            DoubleVector sum = second.add(rest);
            sum.intoArray(hi, i);
            rest.sub(sum.sub(second)).intoArray(lo, i);
        }
    }

    /// Whether any of the numbers is huge, infinite or undefined.
    static boolean anyHuge(double[] x, int at, int length) {
        boolean huge = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            huge |= !DoubleVector.fromArray(SPECIES, x, at + i)
                    .abs()
                    .compare(LT, HUGE)
                    .allTrue();
        }
        return huge;
    }

    /// Whether a number is what [#anyHuge] looks for.
    static boolean huge(double x) {
        return !(Math.abs(x) < HUGE);
    }

    /// Sets `below` and `above` to minus the distances of `x` to the edges half a unit off its nearest integer,
    /// and `out` to that integer.
    static void nearest(double[] x, int from, double[] below, double[] above, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs();
            DoubleVector rounded = size.add(ALL_INTEGERS).sub(ALL_INTEGERS);
            VectorMask<Double> fractional = size.compare(LT, ALL_INTEGERS);
            DoubleVector whole = at.blend(rounded.blend(rounded.neg(), at.compare(LT, 0)), fractional);
            DoubleVector rest = DoubleVector.zero(SPECIES).blend(at.sub(whole), fractional);
            rest.neg().sub(0.5).intoArray(below, i);
            rest.sub(0.5).intoArray(above, i);
            whole.intoArray(out, to + i);
        }
    }

    /// Adds `factor x` to `out`.
    static void add(double factor, double[] x, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, x, i)
                    .fma(DoubleVector.broadcast(SPECIES, factor), DoubleVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
        }
    }

    /// Adds one number to `x`.
    static void shift(double number, double[] x, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, x, i).add(number).intoArray(x, i);
        }
    }

    /// The largest number.
    static double largest(double[] x, int from, int length) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, x[from + i]);
        }
        return largest;
    }
}
