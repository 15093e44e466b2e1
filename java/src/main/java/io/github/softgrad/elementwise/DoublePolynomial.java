package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.HUGE;
import static io.github.softgrad.elementwise.DoubleFormat.LARGEST_PLAIN;
import static io.github.softgrad.elementwise.DoubleFormat.NEAREST;
import static io.github.softgrad.elementwise.DoubleFormat.SMALLEST_PLAIN;
import static io.github.softgrad.elementwise.DoubleFormat.WHOLE;
import static io.github.softgrad.elementwise.DoubleFormat.rounded;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The polynomial curves at one softness; see [Compact] and [Polynomials] for the formulas, [CurvePowers] for
/// the coefficients. There is no division.
///
/// Two flat loops serve three curves and all forms: what does not change during a loop may decide within it,
/// because the compiler takes such decisions out of it.
final class DoublePolynomial implements DoubleCurve {

    private static final double LARGEST = Double.MAX_VALUE;

    /// A power of two by which arguments are multiplied, so that their softness is plain.
    private final double unit;

    private final double knot;
    private final double knotError;
    private final CurvePowers step;
    private final CurvePowers area;
    private final CurvePowers slope;
    private final double inverse;
    private final CurvePowers sign;

    DoublePolynomial(Curve curve, double softness) {
        boolean plain = softness >= SMALLEST_PLAIN && softness <= LARGEST_PLAIN;
        unit = plain ? 1 : Math.scalb(1.0, -Math.getExponent(softness));
        double scaled = softness * unit;
        knot = 5 * scaled;
        knotError = Math.fma(5, scaled, -knot);
        step = CurvePowers.step(curve, scaled);
        area = CurvePowers.area(curve, scaled);
        slope = CurvePowers.slope(curve, scaled);
        inverse = 1 / knot;
        sign = CurvePowers.sign(curve);
    }

    @Override
    public int reach() {
        return 5;
    }

    @Override
    public double tail() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public void evaluate(CurveForm form, double[] hi, int from, double[] lo, double[] out, int to, int length) {
        switch (form) {
            case AREA -> powers(area, form, 1 / unit, hi, from, null, 0, 0, 0, lo, out, to, length);
            case STEP, BEHIND, GATED -> powers(step, form, 1, hi, from, null, 0, 0, 0, lo, out, to, length);
            case SLOPE -> powers(slope, form, unit, hi, from, null, 0, 0, 0, lo, out, to, length);
            case SIGN, ABS -> sign(form == CurveForm.ABS, hi, from, lo, out, to, length);
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
        powers(step, CurveForm.STEP, 1, x, from, y, atY, shift, shiftError, null, out, to, length);
    }

    /// The distance to the knot is one number with an error that is corrected for to first order: so its
    /// powers lose nothing next to the knot, where it is small, and little elsewhere.
    private void powers(
            CurvePowers powers,
            CurveForm form,
            double factor,
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
        boolean wide = 4 * Math.abs(shift) > knot / unit;
        boolean area = form == CurveForm.AREA;
        boolean gated = form == CurveForm.GATED;
        boolean mirrored = gated || form == CurveForm.STEP;
        int contact = powers.contact();
        double c0 = rounded(powers.c0() * factor);
        double c1 = rounded(powers.c1() * factor);
        double c2 = rounded(powers.c2() * factor);
        double scale = unit;
        double end = knot;
        double endError = knotError;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector low = lo == null ? DoubleVector.zero(SPECIES) : DoubleVector.fromArray(SPECIES, lo, i);
            if (y != null) {
                DoubleVector b = DoubleVector.fromArray(SPECIES, y, atY + i);
                DoubleVector difference = at.sub(b);
                DoubleVector change = difference.sub(at);
                low = at.sub(difference.sub(change)).sub(b.add(change));
                VectorMask<Double> plain = difference.abs().compare(LT, HUGE);
                difference = difference.blend(0, at.compare(EQ, b));
                at = difference.add(shift);
                DoubleVector added = at.sub(difference);
                low = low.add(DoubleVector.broadcast(SPECIES, shift).sub(added));
                if (shiftError != 0) {
                    low = low.add(shiftError);
                }
                if (wide) {
                    low = DoubleVector.zero(SPECIES).blend(low.add(difference.sub(at.sub(added))), plain);
                    DoubleVector sum = at.add(low);
                    low = at.sub(sum).add(low);
                    at = sum;
                }
                low = DoubleVector.zero(SPECIES).blend(low, plain);
            }
            DoubleVector size = at.abs();
            DoubleVector reach = DoubleVector.broadcast(SPECIES, end);
            DoubleVector beyond = DoubleVector.broadcast(SPECIES, endError);
            if (lo != null || y != null) {
                DoubleVector outward = low.blend(low.neg(), at.compare(LT, 0));
                beyond = beyond.sub(scale == 1 ? outward : outward.mul(scale));
            }
            if (scale != 1) {
                size = size.mul(scale);
            }
            DoubleVector near = reach.sub(size);
            DoubleVector distance = near.add(beyond);
            DoubleVector error =
                    reach.sub(near).sub(size).add(near.sub(distance).add(beyond));
            DoubleVector q = size.fma(c2, c1).fma(size, DoubleVector.broadcast(SPECIES, c0));
            DoubleVector value = q;
            if (contact > 0) {
                DoubleVector first = contact == 1 ? error : error.mul(contact);
                value = distance.fma(q, first.mul(q));
            }
            if (contact > 1) {
                DoubleVector square = contact > 2 ? distance.mul(distance) : distance;
                value = value.mul(contact > 3 ? square.mul(distance) : square);
            }
            value = value.blend(0, distance.compare(LE, 0));
            if (area) {
                value = value.blend(at.add(value), at.compare(GT, 0));
            }
            if (mirrored) {
                DoubleVector right = DoubleVector.broadcast(SPECIES, 1.0).sub(value);
                value = value.blend(right, at.compare(GT, 0)).blend(0.5, at.compare(EQ, 0));
            }
            if (gated) {
                value = value.mul(at.max(-LARGEST));
            }
            value.intoArray(out, to + i);
        }
    }

    /// `2 S - 1`, or that times `x`. From the knots on `v` is clamped to 1, where the polynomial is 1.
    private void sign(boolean timesArgument, double[] x, int from, double[] lo, double[] out, int to, int length) {
        double c0 = rounded(sign.c0());
        double c1 = rounded(sign.c1());
        double c2 = rounded(sign.c2());
        double scale = unit;
        double ratio = inverse;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs();
            DoubleVector v = scale == 1 ? size.mul(ratio) : size.mul(scale).mul(ratio);
            if (lo != null) {
                DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
                DoubleVector outward = low.blend(low.neg(), at.compare(LT, 0));
                v = v.add(scale == 1 ? outward.mul(ratio) : outward.mul(scale).mul(ratio));
            }
            v = v.blend(1, v.compare(GT, 1));
            DoubleVector square = v.mul(v);
            DoubleVector value = square.fma(c2, c1).mul(square).mul(v);
            value = v.fma(DoubleVector.broadcast(SPECIES, c0), value);
            if (timesArgument) {
                value = value.mul(size);
            } else {
                value = value.blend(value.neg(), at.compare(LT, 0));
            }
            value.intoArray(out, to + i);
        }
    }

    /// Sets `out` to `x` clamped to the bounds plus `R(-|x - lower|) - R(-|x - upper|)`, for intervals that are
    /// not narrow: beside them the distances to the knots need not be accurate.
    @Override
    public void clip(double[][] in, int[] at, double[] out, int to, int length) {
        int contact = area.contact();
        double c0 = rounded(area.c0() / unit);
        double c1 = rounded(area.c1() / unit);
        double c2 = rounded(area.c2() / unit);
        double scale = unit;
        double end = knot;
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
            DoubleVector a = x.sub(lower).abs();
            DoubleVector b = x.sub(upper).abs();
            if (scale != 1) {
                a = a.mul(scale);
                b = b.mul(scale);
            }
            DoubleVector reach = DoubleVector.broadcast(SPECIES, end);
            a = reach.blend(a, a.compare(LT, reach));
            b = reach.blend(b, b.compare(LT, reach));
            DoubleVector d = reach.sub(a);
            DoubleVector h = reach.sub(b);
            DoubleVector first = a.fma(c2, c1).fma(a, DoubleVector.broadcast(SPECIES, c0));
            DoubleVector second = b.fma(c2, c1).fma(b, DoubleVector.broadcast(SPECIES, c0));
            DoubleVector dd = d.mul(d);
            DoubleVector hh = h.mul(h);
            if (contact > 2) {
                first = first.mul(contact == 3 ? d : dd);
                second = second.mul(contact == 3 ? h : hh);
            }
            DoubleVector clamped = x.blend(lower, x.compare(LT, lower)).blend(upper, x.compare(GT, upper));
            dd.fma(first, hh.neg().fma(second, clamped)).intoArray(out, to + i);
        }
    }

    /// The edges `k` units beyond the nearest ones add half the difference of `2 S - 1` at the distances of
    /// both.
    @Override
    public void round(double[] x, int from, int terms, double[] out, int to, int length) {
        double c0 = rounded(sign.c0()) / 2;
        double c1 = rounded(sign.c1()) / 2;
        double c2 = rounded(sign.c2()) / 2;
        double ratio = inverse * unit;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            VectorMask<Double> fractional = at.abs().compare(LT, WHOLE);
            DoubleVector value = at.blend(at.add(NEAREST).sub(NEAREST), fractional);
            DoubleVector fraction = DoubleVector.zero(SPECIES).blend(at.sub(value), fractional);
            for (int k = 0; k < terms; k++) {
                DoubleVector v = fraction.add(k + 0.5).mul(ratio);
                DoubleVector w = fraction.neg().add(k + 0.5).mul(ratio);
                v = v.blend(1, v.compare(GT, 1));
                w = w.blend(1, w.compare(GT, 1));
                DoubleVector vv = v.mul(v);
                DoubleVector ww = w.mul(w);
                DoubleVector first = vv.fma(c2, c1).fma(vv, DoubleVector.broadcast(SPECIES, c0));
                DoubleVector second = ww.fma(c2, c1).fma(ww, DoubleVector.broadcast(SPECIES, c0));
                value = value.add(v.mul(first).sub(w.mul(second)));
            }
            value.intoArray(out, to + i);
        }
    }
}
