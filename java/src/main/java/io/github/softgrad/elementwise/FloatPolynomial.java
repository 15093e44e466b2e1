package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the polynomial curves of float32; see [Compact] and [Polynomials] for the formulas,
/// [CurvePowers] for the coefficients. The divisions are made once for each softness.
///
/// The position `w = 1 - |x| / (5 s)` is kept to twice the precision near its knot, and its rounding error is
/// corrected for to first order.
final class FloatPolynomial implements FloatCurve {

    private static final float LARGEST = Float.MAX_VALUE;

    private final float[] knot;
    private final float[] knotError;
    private final float[] reciprocal;
    private final float[] reciprocalError;
    private final CurvePowers step;
    private final CurvePowers area;
    private final CurvePowers slope;
    private final double[] sign;

    /// What slopes and pairs need, null before.
    private float[] position;

    private float[] error;
    private float[] zero;

    /// What only rounding needs, null before.
    private float[] part;

    FloatPolynomial(Curve curve, int size) {
        knot = new float[size];
        knotError = new float[size];
        reciprocal = new float[size];
        reciprocalError = new float[size];
        step = CurvePowers.step(curve);
        area = CurvePowers.area(curve);
        slope = CurvePowers.slope(curve);
        sign = CurvePowers.sign(curve);
    }

    @Override
    public void prepare(float[] softness, int from, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector s = FloatVector.fromArray(SPECIES, softness, from + i);
            FloatVector reach = s.mul(5);
            FloatVector reachError = s.fma(FloatVector.broadcast(SPECIES, 5.0f), reach.neg());
            FloatVector inverse = FloatVector.broadcast(SPECIES, 1.0f).div(reach);
            FloatVector remainder = inverse.neg().fma(reach, FloatVector.broadcast(SPECIES, 1.0f));
            reach.intoArray(knot, i);
            reachError.intoArray(knotError, i);
            inverse.intoArray(reciprocal, i);
            inverse.neg().fma(reachError, remainder).mul(inverse).intoArray(reciprocalError, i);
        }
    }

    @Override
    public void step(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        if (lo == null) {
            step(step, hi, from, knot, knotError, reciprocal, reciprocalError, out, to, length);
        } else {
            locate(hi, from, lo, length);
            locatedStep(step, position, error, hi, from, out, to, length);
        }
    }

    @Override
    public void area(float[] x, int from, float[] softness, int at, float[] out, int to, int length) {
        area(area, x, from, knot, knotError, reciprocal, reciprocalError, softness, at, out, to, length);
    }

    @Override
    public void slope(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        locate(hi, from, lo, length);
        locatedSlope(slope, position, error, reciprocal, reciprocalError, out, to, length);
    }

    @Override
    public void gated(float[] x, int from, float[] out, int to, int length) {
        step(step, x, from, knot, knotError, reciprocal, reciprocalError, out, to, length);
        timesFinite(x, from, out, to, length);
    }

    @Override
    public void sign(float[] x, int from, float[] out, int to, int length) {
        sign(sign, x, from, reciprocal, reciprocalError, false, out, to, length);
    }

    @Override
    public void abs(float[] x, int from, float[] out, int to, int length) {
        sign(sign, x, from, reciprocal, reciprocalError, true, out, to, length);
    }

    @Override
    public int reach() {
        return 5;
    }

    @Override
    public void addRises(float[] below, float[] above, int terms, float[] out, int to, int length) {
        float[] each = part();
        for (int k = 0; k < terms; k++) {
            step(above, 0, null, each, 0, length);
            FloatPasses.add(1, each, out, to, length);
            step(below, 0, null, each, 0, length);
            FloatPasses.add(-1, each, out, to, length);
            FloatPasses.shift(-1, above, length);
            FloatPasses.shift(-1, below, length);
        }
    }

    @Override
    public void slopes(float[] below, float[] above, int terms, float[] out, int to, int length) {
        float[] each = part();
        slope(above, 0, null, out, to, length);
        for (int k = 0; k < terms; k++) {
            if (k > 0) {
                slope(above, 0, null, each, 0, length);
                FloatPasses.add(1, each, out, to, length);
            }
            slope(below, 0, null, each, 0, length);
            FloatPasses.add(1, each, out, to, length);
            FloatPasses.shift(-1, above, length);
            FloatPasses.shift(-1, below, length);
        }
    }

    private void locate(float[] hi, int from, float[] lo, int length) {
        if (position == null) {
            position = new float[knot.length];
            error = new float[knot.length];
            zero = new float[knot.length];
        }
        float[] rest = lo == null ? zero : lo;
        locate(hi, from, rest, knot, knotError, reciprocal, reciprocalError, position, error, length);
    }

    private float[] part() {
        if (part == null) {
            part = new float[knot.length];
        }
        return part;
    }

    /// `S`.
    private static void step(
            CurvePowers powers,
            float[] x,
            int from,
            float[] knot,
            float[] knotError,
            float[] inverse,
            float[] inverseError,
            float[] out,
            int to,
            int length) {
        float n = powers.contact();
        float q0 = (float) powers.q0();
        float q1 = (float) powers.q1();
        float q2 = (float) powers.q2();
        VectorMask<Float> two = SPECIES.maskAll(n > 1);
        VectorMask<Float> three = SPECIES.maskAll(n > 2);
        VectorMask<Float> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs();
            FloatVector reach = FloatVector.fromArray(SPECIES, knot, i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector distance = reach.sub(size);
            FloatVector rest = reach.sub(distance).sub(size).add(FloatVector.fromArray(SPECIES, knotError, i));
            FloatVector sum = distance.add(rest);
            FloatVector lost = rest.sub(sum.sub(distance));
            VectorMask<Float> outside = distance.compare(LT, 0).or(sum.compare(LE, 0));
            FloatVector quotient = sum.mul(r);
            FloatVector missing = sum.fma(FloatVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            FloatVector correction = lost.fma(r, missing);
            FloatVector w = quotient.add(correction);
            FloatVector error = correction.sub(w.sub(quotient));
            FloatVector v = w.neg().add(1);
            FloatVector q = v.fma(q2, q1).fma(v, FloatVector.broadcast(SPECIES, q0));
            FloatVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            FloatVector power = FloatVector.broadcast(SPECIES, 1f)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            FloatVector value = q.fma(w, steep.mul(error)).mul(power);
            FloatVector half = value.blend(0, outside);
            half.blend(half.neg().add(1), at.compare(GT, 0)).intoArray(out, to + i);
        }
    }

    /// `R`.
    private static void area(
            CurvePowers powers,
            float[] x,
            int from,
            float[] knot,
            float[] knotError,
            float[] inverse,
            float[] inverseError,
            float[] softness,
            int softnessAt,
            float[] out,
            int to,
            int length) {
        float n = powers.contact();
        float q0 = (float) powers.q0();
        float q1 = (float) powers.q1();
        float q2 = (float) powers.q2();
        VectorMask<Float> two = SPECIES.maskAll(n > 1);
        VectorMask<Float> three = SPECIES.maskAll(n > 2);
        VectorMask<Float> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs();
            FloatVector reach = FloatVector.fromArray(SPECIES, knot, i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector distance = reach.sub(size);
            FloatVector rest = reach.sub(distance).sub(size).add(FloatVector.fromArray(SPECIES, knotError, i));
            FloatVector sum = distance.add(rest);
            FloatVector lost = rest.sub(sum.sub(distance));
            VectorMask<Float> outside = distance.compare(LT, 0).or(sum.compare(LE, 0));
            FloatVector quotient = sum.mul(r);
            FloatVector missing = sum.fma(FloatVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            FloatVector correction = lost.fma(r, missing);
            FloatVector w = quotient.add(correction);
            FloatVector error = correction.sub(w.sub(quotient));
            FloatVector v = w.neg().add(1);
            FloatVector q = v.fma(q2, q1).fma(v, FloatVector.broadcast(SPECIES, q0));
            FloatVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            FloatVector power = FloatVector.broadcast(SPECIES, 1f)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            FloatVector value = q.fma(w, steep.mul(error)).mul(power);
            FloatVector half = value.blend(0, outside);
            FloatVector base = FloatVector.zero(SPECIES).blend(at, at.compare(GT, 0));
            FloatVector.fromArray(SPECIES, softness, softnessAt + i)
                    .fma(half, base)
                    .intoArray(out, to + i);
        }
    }

    /// Sets `w + error` to `1 - |hi + lo| / (5 s)`, or to 0 beyond the knots.
    private static void locate(
            float[] hi,
            int from,
            float[] lo,
            float[] knot,
            float[] knotError,
            float[] inverse,
            float[] inverseError,
            float[] w,
            float[] error,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
            FloatVector reach = FloatVector.fromArray(SPECIES, knot, i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector size = x.abs();
            FloatVector distance = reach.sub(size);
            FloatVector distanceError = reach.sub(distance).sub(size);
            FloatVector outward = low.blend(low.neg(), x.compare(GT, 0));
            FloatVector reachError = FloatVector.fromArray(SPECIES, knotError, i);
            FloatVector small = reachError.add(outward);
            FloatVector addend = small.sub(reachError);
            FloatVector smallError = reachError.sub(small.sub(addend)).add(outward.sub(addend));
            FloatVector rest = distanceError.add(small);
            FloatVector sum = distance.add(rest);
            FloatVector lost = rest.sub(sum.sub(distance)).add(smallError);
            FloatVector quotient = sum.mul(r);
            FloatVector missing = sum.fma(FloatVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            VectorMask<Float> saturated = distance.compare(LT, reach.neg()).or(sum.compare(LE, 0));
            FloatVector correction = lost.fma(r, missing);
            FloatVector nearest = quotient.add(correction);
            nearest.blend(0, saturated).intoArray(w, i);
            correction.sub(nearest.sub(quotient)).blend(0, saturated).intoArray(error, i);
        }
    }

    /// `S` from `w + error`.
    private static void locatedStep(
            CurvePowers powers,
            float[] position,
            float[] errors,
            float[] hi,
            int from,
            float[] out,
            int to,
            int length) {
        float n = powers.contact();
        float q0 = (float) powers.q0();
        float q1 = (float) powers.q1();
        float q2 = (float) powers.q2();
        VectorMask<Float> two = SPECIES.maskAll(n > 1);
        VectorMask<Float> three = SPECIES.maskAll(n > 2);
        VectorMask<Float> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, position, i);
            FloatVector error = FloatVector.fromArray(SPECIES, errors, i);
            FloatVector v = w.neg().add(1);
            FloatVector q = v.fma(q2, q1).fma(v, FloatVector.broadcast(SPECIES, q0));
            FloatVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            FloatVector power = FloatVector.broadcast(SPECIES, 1f)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            FloatVector value = q.fma(w, steep.mul(error)).mul(power);
            VectorMask<Float> right =
                    FloatVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    /// The derivative of `S` from `w + error`.
    private static void locatedSlope(
            CurvePowers powers,
            float[] position,
            float[] errors,
            float[] inverse,
            float[] inverseError,
            float[] out,
            int to,
            int length) {
        float n = powers.contact();
        float q0 = (float) powers.q0();
        float q1 = (float) powers.q1();
        float q2 = (float) powers.q2();
        VectorMask<Float> two = SPECIES.maskAll(n > 1);
        VectorMask<Float> three = SPECIES.maskAll(n > 2);
        VectorMask<Float> four = SPECIES.maskAll(n > 3);
        VectorMask<Float> constant = SPECIES.maskAll(powers.contact() == 0);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, position, i);
            FloatVector error = FloatVector.fromArray(SPECIES, errors, i);
            FloatVector factor = w.blend(1, constant);
            FloatVector v = w.neg().add(1);
            FloatVector q = v.fma(q2, q1).fma(v, FloatVector.broadcast(SPECIES, q0));
            FloatVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            FloatVector power = FloatVector.broadcast(SPECIES, 1f)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            FloatVector value = q.fma(factor, steep.mul(error)).mul(power);
            FloatVector inside = value.blend(0, w.compare(LE, 0));
            FloatVector low = inside.mul(FloatVector.fromArray(SPECIES, inverseError, i));
            inside.fma(FloatVector.fromArray(SPECIES, inverse, i), low).intoArray(out, to + i);
        }
    }

    /// `2 S - 1`, or that times `x`.
    private static void sign(
            double[] powers,
            float[] x,
            int from,
            float[] inverse,
            float[] inverseError,
            boolean timesArgument,
            float[] out,
            int to,
            int length) {
        float c0 = (float) powers[0];
        float c1 = (float) powers[1];
        float c2 = (float) powers[2];
        VectorMask<Float> times = SPECIES.maskAll(timesArgument);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = at.mul(r);
            FloatVector v =
                    quotient.add(at.fma(FloatVector.fromArray(SPECIES, inverseError, i), at.fma(r, quotient.neg())));
            FloatVector square = v.mul(v);
            FloatVector inner = square.fma(c2, c1).fma(square, FloatVector.broadcast(SPECIES, c0));
            FloatVector limit = FloatVector.broadcast(SPECIES, 1f).blend(-1, at.compare(LT, 0));
            FloatVector value = v.mul(inner).blend(limit, quotient.abs().compare(GE, 1));
            value.mul(FloatVector.broadcast(SPECIES, 1f).blend(at, times)).intoArray(out, to + i);
        }
    }

    /// Minus infinity, where the factor is 0, counts as a number.
    private static void timesFinite(float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i).max(-LARGEST);
            x.mul(FloatVector.fromArray(SPECIES, out, to + i)).intoArray(out, to + i);
        }
    }
}
