package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The logistic curve at one softness; see [DoubleFormat] for the method and [Logistic] for the formulas.
///
/// The range is reduced in units of `s ln 2`, before the division by `s`: so an exponential has no more than
/// its own error however small it is. Beyond [DoubleFormat#TAIL] it stays there, which is as good as 0 beside
/// 1; where it is not beside 1, the tail is done again.
final class DoubleLogistic implements DoubleCurve {

    private static final double LARGEST = Double.MAX_VALUE;

    private final double softness;

    /// `1 / s` and what it lacks.
    private final double inverse;

    private final double inverseError;

    /// `s ln 2`, ending in zero bits, so that its products with the exponents of two are exact, and what it
    /// lacks.
    private final double unit;

    private final double unitError;

    /// What only rounding needs, with so many terms as the softness has, null before.
    private double[] decays;

    DoubleLogistic(double softness) {
        this.softness = softness;
        inverse = 1 / softness;
        inverseError = Math.fma(-inverse, softness, 1) * inverse;
        double product = softness * LN2;
        double spread = product * SPLIT;
        unit = spread - (spread - product);
        unitError = softness * LN2_REST + Math.fma(softness, LN2, -unit);
    }

    @Override
    public int reach() {
        return 40;
    }

    @Override
    public double tail() {
        return -TAIL;
    }

    @Override
    public void evaluate(CurveForm form, double[] hi, int from, double[] lo, double[] out, int to, int length) {
        boolean far = powers(form, hi, from, null, 0, 0, 0, lo, out, to, length);
        if (far && form != CurveForm.SIGN && form != CurveForm.ABS) {
            tail(form, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void compare(
            double[] x,
            int from,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] hi,
            double[] lo,
            double[] out,
            int to,
            int length) {
        if (powers(CurveForm.STEP, x, from, y, atY, shift, shiftError, null, out, to, length)) {
            DoublePasses.difference(x, from, y, atY, shift, shiftError, hi, lo, length);
            tail(CurveForm.STEP, hi, 0, lo, out, to, length);
        }
    }

    /// With `e = exp(-|x| / s) = t + t p` nothing cancels in `1 - e = (1 - t) - t p`, and `log(1 + e) = 2
    /// artanh f`, `f = e / (2 + e)`. The argument is `x + lo`, or `x - y + shift + shiftError`.
    private boolean powers(
            CurveForm form,
            double[] x,
            int from,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] lo,
            double[] out,
            int to,
            int length) {
        boolean wide = 4 * Math.abs(shift) > softness;
        boolean slope = form == CurveForm.SLOPE;
        boolean behind = form == CurveForm.BEHIND;
        boolean area = form == CurveForm.AREA;
        boolean sign = form == CurveForm.SIGN || form == CurveForm.ABS;
        boolean timesArgument = form == CurveForm.GATED || form == CurveForm.ABS;
        double s = softness;
        double r1 = inverse;
        double r1Error = inverseError;
        double scale = -r1 * LOG2_E;
        double high = unit;
        double rest = unitError;
        double largest = -TAIL * s;
        boolean far = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector low = lo == null ? DoubleVector.zero(SPECIES) : DoubleVector.fromArray(SPECIES, lo, i);
            if (y != null) {
                DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
                DoubleVector difference = at.sub(b);
                DoubleVector change = difference.sub(at);
                low = at.sub(difference.sub(change)).sub(b.add(change));
                VectorMask<Double> equal = at.compare(EQ, b);
                difference = difference.blend(0, equal);
                low = low.blend(0, equal);
                at = difference.add(shift);
                DoubleVector added = at.sub(difference);
                low = low.add(DoubleVector.broadcast(SPECIES, shift).sub(added));
                if (shiftError != 0) {
                    low = low.add(shiftError);
                }
                if (wide) {
                    low = low.add(difference.sub(at.sub(added)));
                }
            }
            VectorMask<Double> beyond = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, beyond);
            DoubleVector shifted = size.fma(scale, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector sum =
                    k.fma(DoubleVector.broadcast(SPECIES, rest), k.fma(DoubleVector.broadcast(SPECIES, high), size));
            if (lo != null || y != null) {
                sum = sum.add(low.blend(low.neg(), at.compare(LT, 0)).blend(0, beyond));
            }
            DoubleVector r = sum.mul(-r1);
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector e = t.fma(p, t);
            DoubleVector value;
            if (area) {
                DoubleVector f = e.div(t.fma(p, t.add(2)));
                DoubleVector z = f.mul(f);
                DoubleVector z2 = z.mul(z);
                DoubleVector z4 = z2.mul(z2);
                DoubleVector upper2 = z4.fma(z.fma(L9, L8), z2.fma(z.fma(L7, L6), z.fma(L5, L4)));
                DoubleVector series = upper2.fma(z4, z2.fma(z.fma(L3, L2), z.fma(L1, L0)));
                DoubleVector logarithm = z.mul(series).fma(f, f.add(f));
                DoubleVector base = DoubleVector.zero(SPECIES).blend(at, at.compare(GT, 0));
                value = logarithm.fma(DoubleVector.broadcast(SPECIES, s), base);
            } else if (slope) {
                DoubleVector denominator = e.add(1);
                DoubleVector square = denominator.mul(denominator);
                DoubleVector denominatorError = denominator.neg().add(1).add(e);
                DoubleVector squareError = denominator.fma(denominator, square.neg());
                DoubleVector lost = denominatorError.mul(2).fma(denominator, squareError);
                DoubleVector inverseSquare =
                        DoubleVector.broadcast(SPECIES, 1.0).div(square);
                DoubleVector quotient = e.mul(inverseSquare);
                DoubleVector remainder = quotient.neg().fma(lost, quotient.neg().fma(square, e));
                DoubleVector product = remainder.fma(inverseSquare, quotient);
                value = product.fma(DoubleVector.broadcast(SPECIES, r1), product.mul(r1Error));
            } else if (sign) {
                value = t.fma(p, t.sub(1)).div(t.fma(p, t.add(1)));
                value = value.blend(value.neg(), at.compare(GT, 0));
            } else {
                value = (behind ? e : e.blend(1, at.compare(GT, 0))).div(t.fma(p, t.add(1)));
            }
            if (timesArgument) {
                value = value.mul(sign ? at : at.max(-LARGEST));
            }
            value.intoArray(out, to + i);
            far |= beyond.anyTrue();
        }
        return far;
    }

    /// Does the elements of the tail again where they are a factor times `exp(u)`, `u = -|x| / s`. The
    /// exponential is applied in halves, which are far from underflow.
    private void tail(CurveForm form, double[] x, int from, double[] lo, double[] out, int to, int length) {
        boolean slope = form == CurveForm.SLOPE;
        boolean both = slope || form == CurveForm.BEHIND;
        boolean timesArgument = form == CurveForm.GATED;
        double factor = form == CurveForm.AREA ? softness : slope ? inverse : 1;
        double limit = both ? Double.POSITIVE_INFINITY : 0;
        double r1 = inverse;
        double r1Error = inverseError;
        double largest = -TAIL * softness;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs();
            DoubleVector quotient = size.mul(r1);
            DoubleVector error = size.fma(
                    DoubleVector.broadcast(SPECIES, r1Error),
                    size.fma(DoubleVector.broadcast(SPECIES, r1), quotient.neg()));
            if (lo != null) {
                DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
                error = low.blend(low.neg(), at.compare(LT, 0)).fma(DoubleVector.broadcast(SPECIES, r1), error);
            }
            error = DoubleVector.zero(SPECIES).blend(error, quotient.compare(LT, NOTHING));
            DoubleVector u = quotient.mul(-0.5);
            u = u.blend(VANISHING, u.compare(LT, VANISHING + 1));
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(
                    DoubleVector.broadcast(SPECIES, -LN2_LOW), k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector half = t.fma(p, t);
            DoubleVector scaled = timesArgument ? half.mul(at) : half.mul(factor);
            DoubleVector value = scaled.fma(error.neg(), scaled).mul(half).blend(0, half.compare(LE, 0));
            VectorMask<Double> mended = size.compare(GT, largest).and(at.compare(LE, limit));
            DoubleVector.fromArray(SPECIES, out, to + i).blend(value, mended).intoArray(out, to + i);
        }
    }

    /// Sets `out` to `x` clamped to the bounds plus `R(-|x - lower|) - R(-|x - upper|)`, which is `s log((1 +
    /// e) / (1 + g))` of the exponentials `e` and `g` of both distances, for intervals that are not narrow.
    /// Where nothing is left beside the bounds, nothing need be accurate.
    @Override
    public void clip(double[][] in, int[] at, double[] out, int to, int length) {
        double s = softness;
        double r1 = -inverse;
        double scale = r1 * LOG2_E;
        double high = unit;
        double rest = unitError;
        double largest = -TAIL * s;
        double[] points = in[0];
        double[] lowers = in[1];
        double[] uppers = in[2];
        int atX = at[0];
        int atLower = at[1];
        int atUpper = at[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, points, atX + i);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, lowers, atLower + i);
            DoubleVector upper = DoubleVector.fromArray(SPECIES, uppers, atUpper + i);
            DoubleVector limit = DoubleVector.broadcast(SPECIES, largest);
            DoubleVector distance = x.sub(lower).abs();
            DoubleVector size = limit.blend(distance, distance.compare(LT, limit));
            DoubleVector shifted = size.fma(scale, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(
                            DoubleVector.broadcast(SPECIES, rest), k.fma(DoubleVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector top = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(top.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector e = t.fma(p, t);
            distance = x.sub(upper).abs();
            size = limit.blend(distance, distance.compare(LT, limit));
            shifted = size.fma(scale, BIAS);
            k = shifted.sub(BIAS);
            r = k.fma(DoubleVector.broadcast(SPECIES, rest), k.fma(DoubleVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            r2 = r.mul(r);
            r4 = r2.mul(r2);
            top = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            p = r2.fma(top.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            t = shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector g = t.fma(p, t);
            DoubleVector f = e.sub(g).div(e.add(g).add(2));
            DoubleVector z = f.mul(f);
            DoubleVector z2 = z.mul(z);
            DoubleVector z4 = z2.mul(z2);
            top = z4.fma(z.fma(L9, L8), z2.fma(z.fma(L7, L6), z.fma(L5, L4)));
            DoubleVector series = top.fma(z4, z2.fma(z.fma(L3, L2), z.fma(L1, L0)));
            DoubleVector logarithm = z.mul(series).fma(f, f.add(f));
            DoubleVector clamped = x.blend(lower, x.compare(LT, lower)).blend(upper, x.compare(GT, upper));
            logarithm.fma(DoubleVector.broadcast(SPECIES, s), clamped).intoArray(out, to + i);
        }
    }

    /// With `b = exp(-(1/2 - |f|) / s)` for the distance `f` to the nearest integer and `q = exp(-1 / s)`, the
    /// edges `k` units beyond the nearest ones add `q^k (b^2 - q) / ((b + q^(k + 1)) (1 + b q^k))`. All but
    /// the first are so small that they may share a division.
    @Override
    public void round(double[] x, int from, int terms, double[] out, int to, int length) {
        double r1 = -inverse;
        double scale = r1 * LOG2_E;
        double high = unit;
        double rest = unitError;
        double[] powers = decays(terms);
        double decay = powers[1];
        double largest = -TAIL * softness;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            VectorMask<Double> fractional = at.abs().compare(LT, WHOLE);
            DoubleVector whole = at.blend(at.add(NEAREST).sub(NEAREST), fractional);
            DoubleVector fraction = DoubleVector.zero(SPECIES).blend(at.sub(whole), fractional);
            DoubleVector distance = DoubleVector.broadcast(SPECIES, 0.5).sub(fraction.abs());
            DoubleVector size = distance.blend(largest, distance.compare(GT, largest));
            DoubleVector shifted = size.fma(scale, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(
                            DoubleVector.broadcast(SPECIES, rest), k.fma(DoubleVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector b = t.fma(p, t);
            DoubleVector numerator = b.mul(b).sub(decay);
            DoubleVector rise = numerator.div(b.add(decay).mul(b.add(1)));
            if (terms > 1) {
                DoubleVector sum = DoubleVector.broadcast(SPECIES, decay);
                DoubleVector denominator = b.add(powers[2]).mul(b.fma(decay, 1));
                for (int j = 2; j < terms; j++) {
                    DoubleVector next = b.add(powers[j + 1]).mul(b.fma(powers[j], 1));
                    sum = sum.mul(next).add(denominator.mul(powers[j]));
                    denominator = denominator.mul(next);
                }
                rise = rise.add(numerator.mul(sum).div(denominator));
            }
            rise.blend(rise.neg(), fraction.compare(LT, 0)).add(whole).intoArray(out, to + i);
        }
    }

    /// Powers of `exp(-1 / s)`.
    private double[] decays(int terms) {
        if (decays == null) {
            decays = new double[terms + 1];
            for (int k = 0; k <= terms; k++) {
                decays[k] = rounded(Math.exp(k * -inverse));
            }
        }
        return decays;
    }
}
