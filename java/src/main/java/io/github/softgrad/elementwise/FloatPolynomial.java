package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.FloatPasses.HUGE;
import static io.github.softgrad.elementwise.FloatPasses.NEAREST;
import static io.github.softgrad.elementwise.FloatPasses.WHOLE;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The polynomial curves of float32 at one softness; see [Compact] and [Polynomials] for the formulas,
/// [CurvePowers] for the coefficients. There is no division.
///
/// Two flat loops serve three curves and all forms: what does not change during a loop may decide within it,
/// because the compiler takes such decisions out of it.
final class FloatPolynomial implements FloatCurve {

    private static final float LARGEST = Float.MAX_VALUE;

    /// Within these the powers of a softness are numbers with all digits.
    private static final float SMALLEST_PLAIN = 0x1p-16f;

    private static final float LARGEST_PLAIN = 0x1p16f;

    /// A power of two by which arguments are multiplied, so that their softness is plain.
    private final float unit;

    private final float knot;
    private final float knotError;
    private final CurvePowers step;
    private final CurvePowers area;
    private final CurvePowers slope;
    private final float inverse;
    private final double[] sign;

    FloatPolynomial(Curve curve, float softness) {
        boolean plain = softness >= SMALLEST_PLAIN && softness <= LARGEST_PLAIN;
        unit = plain ? 1 : Math.scalb(1.0f, -Math.getExponent(softness));
        float scaled = softness * unit;
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
    public float tail() {
        return Float.POSITIVE_INFINITY;
    }

    @Override
    public void evaluate(CurveForm form, float[] hi, int from, float[] lo, float[] out, int to, int length) {
        switch (form) {
            case AREA -> powers(area, form, 1 / unit, hi, from, null, 0, 0, 0, lo, out, to, length);
            case STEP, BEHIND, GATED -> powers(step, form, 1, hi, from, null, 0, 0, 0, lo, out, to, length);
            case SLOPE -> powers(slope, form, unit, hi, from, null, 0, 0, 0, lo, out, to, length);
            case SIGN, ABS -> sign(form == CurveForm.ABS, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void compare(
            CurveForm form,
            float[] x,
            int from,
            float[] y,
            int atY,
            float shift,
            float shiftError,
            float[] hi,
            float[] lo,
            float[] out,
            int to,
            int length) {
        if (form == CurveForm.STEP) {
            powers(step, form, 1, x, from, y, atY, shift, shiftError, null, out, to, length);
        } else {
            powers(slope, form, unit, x, from, y, atY, shift, shiftError, null, out, to, length);
        }
    }

    /// The distance to the knot is one number with an error that is corrected for to first order: so its
    /// powers lose nothing next to the knot, where it is small, and little elsewhere.
    private void powers(
            CurvePowers powers,
            CurveForm form,
            float factor,
            float[] x,
            int from,
            float[] y,
            int atY,
            float shift,
            float shiftError,
            float[] lo,
            float[] out,
            int to,
            int length) {
        boolean wide = 4 * Math.abs(shift) > knot / unit;
        boolean area = form == CurveForm.AREA;
        boolean gated = form == CurveForm.GATED;
        boolean mirrored = gated || form == CurveForm.STEP;
        int contact = powers.contact();
        float c0 = (float) (powers.c0() * factor);
        float c1 = (float) (powers.c1() * factor);
        float c2 = (float) (powers.c2() * factor);
        float scale = unit;
        float end = knot;
        float endError = knotError;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector low = lo == null ? FloatVector.zero(SPECIES) : FloatVector.fromArray(SPECIES, lo, i);
            if (y != null) {
                FloatVector b = FloatVector.fromArray(SPECIES, y, atY + i);
                FloatVector difference = at.sub(b);
                FloatVector change = difference.sub(at);
                low = at.sub(difference.sub(change)).sub(b.add(change));
                VectorMask<Float> plain = difference.abs().compare(LT, HUGE);
                difference = difference.blend(0, at.compare(EQ, b));
                at = difference.add(shift);
                FloatVector added = at.sub(difference);
                low = low.add(added.neg().add(shift)).add(shiftError);
                if (wide) {
                    low = low.add(difference.sub(at.sub(added)));
                }
                low = FloatVector.zero(SPECIES).blend(low, plain);
            }
            FloatVector size = at.abs();
            FloatVector reach = FloatVector.broadcast(SPECIES, end);
            FloatVector beyond = FloatVector.broadcast(SPECIES, endError);
            if (lo != null || y != null) {
                FloatVector outward = low.blend(low.neg(), at.compare(LT, 0));
                beyond = beyond.sub(scale == 1 ? outward : outward.mul(scale));
            }
            if (scale != 1) {
                size = size.mul(scale);
            }
            FloatVector near = reach.sub(size);
            FloatVector distance = near.add(beyond);
            FloatVector error = reach.sub(near).sub(size).add(near.sub(distance).add(beyond));
            FloatVector q = size.fma(c2, c1).fma(size, FloatVector.broadcast(SPECIES, c0));
            FloatVector value = q;
            if (contact > 0) {
                FloatVector first = contact == 1 ? error : error.mul(contact);
                value = distance.fma(q, first.mul(q));
            }
            if (contact > 1) {
                FloatVector square = contact > 2 ? distance.mul(distance) : distance;
                value = value.mul(contact > 3 ? square.mul(distance) : square);
            }
            value = value.blend(0, distance.compare(LE, 0));
            if (area) {
                value = value.blend(at.add(value), at.compare(GT, 0));
            }
            if (mirrored) {
                FloatVector right = FloatVector.broadcast(SPECIES, 1.0f).sub(value);
                value = value.blend(right, at.compare(GT, 0)).blend(0.5f, at.compare(EQ, 0));
            }
            if (gated) {
                value = value.mul(at.max(-LARGEST));
            }
            value.intoArray(out, to + i);
        }
    }

    /// `2 S - 1`, or that times `x`. From the knots on `v` is clamped to 1, where the polynomial is 1.
    private void sign(boolean timesArgument, float[] x, int from, float[] lo, float[] out, int to, int length) {
        float c0 = (float) sign[0];
        float c1 = (float) sign[1];
        float c2 = (float) sign[2];
        float scale = unit;
        float ratio = inverse;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs();
            FloatVector v = scale == 1 ? size.mul(ratio) : size.mul(scale).mul(ratio);
            if (lo != null) {
                FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
                FloatVector outward = low.blend(low.neg(), at.compare(LT, 0));
                v = v.add(scale == 1 ? outward.mul(ratio) : outward.mul(scale).mul(ratio));
            }
            v = v.blend(1, v.compare(GT, 1));
            FloatVector square = v.mul(v);
            FloatVector value = square.fma(c2, c1).mul(square).mul(v);
            value = v.fma(FloatVector.broadcast(SPECIES, c0), value);
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
    public void clip(float[][] in, int[] at, float[] out, int to, int length) {
        int contact = area.contact();
        float c0 = (float) (area.c0() / unit);
        float c1 = (float) (area.c1() / unit);
        float c2 = (float) (area.c2() / unit);
        float scale = unit;
        float end = knot;
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        int atX = at[0];
        int atLower = at[1];
        int atUpper = at[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, atX + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, atLower + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, atUpper + i);
            FloatVector a = x.sub(lower).abs();
            FloatVector b = x.sub(upper).abs();
            if (scale != 1) {
                a = a.mul(scale);
                b = b.mul(scale);
            }
            FloatVector reach = FloatVector.broadcast(SPECIES, end);
            a = reach.blend(a, a.compare(LT, reach));
            b = reach.blend(b, b.compare(LT, reach));
            FloatVector d = reach.sub(a);
            FloatVector h = reach.sub(b);
            FloatVector first = a.fma(c2, c1).fma(a, FloatVector.broadcast(SPECIES, c0));
            FloatVector second = b.fma(c2, c1).fma(b, FloatVector.broadcast(SPECIES, c0));
            FloatVector dd = d.mul(d);
            FloatVector hh = h.mul(h);
            if (contact > 2) {
                first = first.mul(contact == 3 ? d : dd);
                second = second.mul(contact == 3 ? h : hh);
            }
            FloatVector clamped = x.blend(lower, x.compare(LT, lower)).blend(upper, x.compare(GT, upper));
            dd.fma(first, hh.neg().fma(second, clamped)).intoArray(out, to + i);
        }
    }

    /// The edges `k` units beyond the nearest ones add half the difference of `2 S - 1` at the distances of
    /// both.
    @Override
    public void round(float[] x, int from, int terms, float[] out, int to, int length) {
        float c0 = (float) sign[0] / 2;
        float c1 = (float) sign[1] / 2;
        float c2 = (float) sign[2] / 2;
        float ratio = inverse * unit;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            VectorMask<Float> fractional = at.abs().compare(LT, WHOLE);
            FloatVector value = at.blend(at.add(NEAREST).sub(NEAREST), fractional);
            FloatVector fraction = FloatVector.zero(SPECIES).blend(at.sub(value), fractional);
            for (int k = 0; k < terms; k++) {
                FloatVector v = fraction.add(k + 0.5f).mul(ratio);
                FloatVector w = fraction.neg().add(k + 0.5f).mul(ratio);
                v = v.blend(1, v.compare(GT, 1));
                w = w.blend(1, w.compare(GT, 1));
                FloatVector vv = v.mul(v);
                FloatVector ww = w.mul(w);
                FloatVector first = vv.fma(c2, c1).fma(vv, FloatVector.broadcast(SPECIES, c0));
                FloatVector second = ww.fma(c2, c1).fma(ww, FloatVector.broadcast(SPECIES, c0));
                value = value.add(v.mul(first).sub(w.mul(second)));
            }
            value.intoArray(out, to + i);
        }
    }
}
