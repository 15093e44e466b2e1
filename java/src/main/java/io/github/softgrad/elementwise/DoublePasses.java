package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.HUGE;
import static io.github.softgrad.elementwise.DoubleFormat.NEAREST;
import static io.github.softgrad.elementwise.DoubleFormat.WHOLE;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The loops between those of the curves, of which [DoubleSoft] puts the compound functions together.
///
/// Operands of the caller have an index at which they start, scratch starts at 0. Each loop is one flat method,
/// see [DoubleBlocks].
final class DoublePasses {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final double LARGEST = Double.MAX_VALUE;

    /// Softness between these has an accurate reciprocal.
    private static final double SMALLEST_SOFTNESS = 1 / HUGE;

    private static final double LARGEST_SOFTNESS = HUGE;

    private DoublePasses() {}

    /// Whether a softness has an accurate reciprocal.
    static boolean ordinary(double softness) {
        return softness >= SMALLEST_SOFTNESS && softness < LARGEST_SOFTNESS;
    }

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

    /// Sets `out + outLo` to `(x + lo) / s`; returns whether some quotients are beyond the limit.
    static boolean quotient(
            double[] x,
            int from,
            double[] lo,
            double[] softness,
            int at,
            double limit,
            double[] out,
            double[] outLo,
            int length) {
        boolean far = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, at + i);
            DoubleVector quotient = a.div(s);
            DoubleVector rest = quotient.neg().fma(s, a);
            if (lo != null) {
                rest = rest.add(DoubleVector.fromArray(SPECIES, lo, i));
            }
            VectorMask<Double> plain = quotient.abs().compare(LT, HUGE);
            quotient.intoArray(out, i);
            DoubleVector.zero(SPECIES).blend(rest.div(s), plain).intoArray(outLo, i);
            far |= !quotient.abs().compare(LE, limit).allTrue();
        }
        return far;
    }

    /// Multiplies `out` by `x`; minus infinity counts as a number.
    static void timesFinite(double[] x, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, out, to + i)
                    .mul(DoubleVector.fromArray(SPECIES, x, from + i).max(-LARGEST))
                    .intoArray(out, to + i);
        }
    }

    /// Divides `out` by the divisor.
    static void divide(double[] divisor, int at, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, out, to + i)
                    .div(DoubleVector.fromArray(SPECIES, divisor, at + i))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `hi + lo` to `x - y + shift + shiftError`, exactly but for the last bits of `lo`, with `hi` their
    /// rounded sum; equal infinities differ by 0. Returns whether some differences are huge, infinite or undefined.
    static boolean difference(
            double[] x,
            int atX,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] hi,
            double[] lo,
            int length) {
        boolean huge = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, atX + i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
            DoubleVector first = a.sub(b);
            DoubleVector change = first.sub(a);
            DoubleVector lost = a.sub(first.sub(change)).sub(b.add(change));
            VectorMask<Double> plain = first.abs().compare(LT, HUGE);
            lost = DoubleVector.zero(SPECIES).blend(lost, plain);
            first = first.blend(0, a.compare(EQ, b));
            if (shift != 0) {
                DoubleVector second = first.add(shift);
                DoubleVector added = second.sub(first);
                DoubleVector error =
                        first.sub(second.sub(added)).add(added.neg().add(shift)).add(shiftError);
                lost = lost.add(DoubleVector.zero(SPECIES).blend(error, plain));
                first = second.add(lost);
                lost = DoubleVector.zero(SPECIES).blend(second.sub(first).add(lost), plain);
            }
            first.intoArray(hi, i);
            lost.intoArray(lo, i);
            huge |= !plain.allTrue();
        }
        return huge;
    }

    /// Whether a difference is what [#difference] reports.
    static boolean huge(double x, double y) {
        return !(Math.abs(x - y) < HUGE);
    }

    /// Sets the pair `hi + lo`, a difference, to `tolerance + relative size - |d|` in place, where `|d|` is the
    /// soft absolute value of the difference, from `S` at minus its size. The size may be null for 0.
    static void margin(
            double tolerance, double relative, double[] size, double[] step, double[] hi, double[] lo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector difference = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector rest = low.blend(low.neg(), difference.compare(GT, 0));
            DoubleVector behind = difference.abs().neg();
            DoubleVector excess =
                    behind.mul(DoubleVector.fromArray(SPECIES, step, i)).mul(-2.0);
            DoubleVector first = behind.add(excess);
            rest = rest.add(excess.sub(first.sub(behind)));
            DoubleVector allowed = DoubleVector.broadcast(SPECIES, tolerance);
            if (size != null) {
                allowed = DoubleVector.fromArray(SPECIES, size, i)
                        .fma(DoubleVector.broadcast(SPECIES, relative), allowed);
            }
            DoubleVector second = first.add(allowed);
            DoubleVector added = second.sub(first);
            rest = rest.add(first.sub(second.sub(added)).add(allowed.sub(added)));
            second.intoArray(hi, i);
            rest.intoArray(lo, i);
        }
    }

    /// Sets `out` to `x - y + shift`, rounded; equal infinities differ by 0.
    static void subtract(double[] x, int atX, double[] y, int atY, double shift, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, atX + i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
            a.sub(b).blend(0, a.compare(EQ, b)).add(shift).intoArray(out, i);
        }
    }

    /// From the slope and the sign `2 S - 1` at a difference `d`, in place: the sign becomes the derivative of
    /// `d (2 S - 1)` times the factor, the slope `tolerance + relative size - d (2 S - 1)`. The size may be null
    /// for 0.
    static void bend(
            double factor,
            double tolerance,
            double relative,
            double[] size,
            double[] difference,
            double[] slope,
            double[] sign,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector d = DoubleVector.fromArray(SPECIES, difference, i);
            DoubleVector first = DoubleVector.fromArray(SPECIES, sign, i);
            DoubleVector finite = d.max(-LARGEST).min(LARGEST);
            DoubleVector second = DoubleVector.fromArray(SPECIES, slope, i).mul(finite);
            DoubleVector allowed = DoubleVector.broadcast(SPECIES, tolerance);
            if (size != null) {
                allowed = DoubleVector.fromArray(SPECIES, size, i)
                        .fma(DoubleVector.broadcast(SPECIES, relative), allowed);
            }
            allowed.sub(d.mul(first)).intoArray(slope, i);
            first.add(second.add(second)).mul(factor).intoArray(sign, i);
        }
    }

    /// Whether an interval is narrower than twice the softness, or no interval.
    static boolean narrow(double[][] in, int[] at, int length) {
        double[] lowers = in[1];
        double[] uppers = in[2];
        double[] softness = in[3];
        boolean narrow = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, at[1] + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, at[2] + i);
            DoubleVector least =
                    DoubleVector.fromArray(SPECIES, softness, at[3] + i).mul(2);
            narrow |= !upper.sub(lower).compare(GE, least).allTrue();
        }
        return narrow;
    }

    /// Sets `out` to `-|x - y|`; equal infinities differ by 0.
    static void behind(double[] x, int atX, double[] y, int atY, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, atX + i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
            a.sub(b).blend(0, a.compare(EQ, b)).abs().neg().intoArray(out, i);
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

    /// Sets `out` to `x` clamped to the bounds plus `first - second`.
    static void clamp(double[][] in, int[] at, double[] first, double[] second, double[] out, int to, int length) {
        double[] points = in[0];
        double[] lowers = in[1];
        double[] uppers = in[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, points, at[0] + i);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, at[1] + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, at[2] + i);
            DoubleVector rise =
                    DoubleVector.fromArray(SPECIES, first, i).sub(DoubleVector.fromArray(SPECIES, second, i));
            x.max(lower).min(upper).add(rise).intoArray(out, to + i);
        }
    }

    /// Sets `out` to `S(x - lower) - S(x - upper)` from `S` at minus the distances.
    static void between(double[][] in, int[] at, double[] first, double[] second, double[] out, int to, int length) {
        double[] points = in[0];
        double[] lowers = in[1];
        double[] uppers = in[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, points, at[0] + i);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, at[1] + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, at[2] + i);
            DoubleVector a = DoubleVector.fromArray(SPECIES, first, i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, second, i);
            a.add(b)
                    .neg()
                    .add(1)
                    .blend(a.sub(b), x.compare(LT, lower))
                    .blend(b.sub(a), x.compare(GT, upper))
                    .intoArray(out, to + i);
        }
    }

    /// Sets `out` to the distance of `x` to its nearest integer, with its sign, plus a number.
    static void edge(double[] x, int from, double shift, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector rest = at.sub(at.add(NEAREST).sub(NEAREST));
            rest.blend(0, at.abs().compare(GE, WHOLE)).add(shift).intoArray(out, to + i);
        }
    }

    /// Makes `out` NaN where `x` is not finite.
    static void spoil(double[] x, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector.fromArray(SPECIES, out, to + i).add(at.sub(at)).intoArray(out, to + i);
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
}
