package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the polynomial curves; see [Compact] and [Polynomials] for the formulas, [CurvePowers] for
/// the coefficients. The divisions are made once for each softness.
///
/// The position `w = 1 - |x| / (5 s)` is kept to twice the precision near its knot, and its rounding error is
/// corrected for to first order.
final class VectorPolynomial implements VectorCurve {

    private static final double LARGEST = Double.MAX_VALUE;

    private final double[] knot;
    private final double[] knotError;
    private final double[] reciprocal;
    private final double[] reciprocalError;
    private final CurvePowers step;
    private final CurvePowers area;
    private final CurvePowers slope;
    private final double[] sign;

    /// What slopes and pairs need, null before.
    private double[] position;

    private double[] error;
    private double[] zero;

    /// What only rounding needs, null before.
    private double[] part;

    VectorPolynomial(Curve curve, int size) {
        knot = new double[size];
        knotError = new double[size];
        reciprocal = new double[size];
        reciprocalError = new double[size];
        step = CurvePowers.step(curve);
        area = CurvePowers.area(curve);
        slope = CurvePowers.slope(curve);
        sign = CurvePowers.sign(curve);
    }

    @Override
    public void prepare(double[] softness, int from, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, from + i);
            DoubleVector reach = s.mul(5);
            DoubleVector reachError = s.fma(DoubleVector.broadcast(SPECIES, 5.0), reach.neg());
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1.0).div(reach);
            DoubleVector remainder = inverse.neg().fma(reach, DoubleVector.broadcast(SPECIES, 1.0));
            reach.intoArray(knot, i);
            reachError.intoArray(knotError, i);
            inverse.intoArray(reciprocal, i);
            inverse.neg().fma(reachError, remainder).mul(inverse).intoArray(reciprocalError, i);
        }
    }

    @Override
    public void step(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        if (lo == null) {
            step(step, hi, from, knot, knotError, reciprocal, reciprocalError, out, to, length);
        } else {
            locate(hi, from, lo, length);
            locatedStep(step, position, error, hi, from, out, to, length);
        }
    }

    @Override
    public void area(double[] x, int from, double[] softness, int at, double[] out, int to, int length) {
        area(area, x, from, knot, knotError, reciprocal, reciprocalError, softness, at, out, to, length);
    }

    @Override
    public void slope(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        locate(hi, from, lo, length);
        locatedSlope(slope, position, error, reciprocal, reciprocalError, out, to, length);
    }

    @Override
    public void gated(double[] x, int from, double[] out, int to, int length) {
        step(step, x, from, knot, knotError, reciprocal, reciprocalError, out, to, length);
        timesFinite(x, from, out, to, length);
    }

    @Override
    public void sign(double[] x, int from, double[] out, int to, int length) {
        sign(sign, x, from, reciprocal, reciprocalError, false, out, to, length);
    }

    @Override
    public void abs(double[] x, int from, double[] out, int to, int length) {
        sign(sign, x, from, reciprocal, reciprocalError, true, out, to, length);
    }

    @Override
    public int reach() {
        return 5;
    }

    @Override
    public void addRises(double[] below, double[] above, int terms, double[] out, int to, int length) {
        double[] each = part();
        for (int k = 0; k < terms; k++) {
            step(above, 0, null, each, 0, length);
            VectorPasses.add(1, each, out, to, length);
            step(below, 0, null, each, 0, length);
            VectorPasses.add(-1, each, out, to, length);
            VectorPasses.shift(-1, above, length);
            VectorPasses.shift(-1, below, length);
        }
    }

    @Override
    public void slopes(double[] below, double[] above, int terms, double[] out, int to, int length) {
        double[] each = part();
        slope(above, 0, null, out, to, length);
        for (int k = 0; k < terms; k++) {
            if (k > 0) {
                slope(above, 0, null, each, 0, length);
                VectorPasses.add(1, each, out, to, length);
            }
            slope(below, 0, null, each, 0, length);
            VectorPasses.add(1, each, out, to, length);
            VectorPasses.shift(-1, above, length);
            VectorPasses.shift(-1, below, length);
        }
    }

    private void locate(double[] hi, int from, double[] lo, int length) {
        if (position == null) {
            position = new double[knot.length];
            error = new double[knot.length];
            zero = new double[knot.length];
        }
        double[] rest = lo == null ? zero : lo;
        locate(hi, from, rest, knot, knotError, reciprocal, reciprocalError, position, error, length);
    }

    private double[] part() {
        if (part == null) {
            part = new double[knot.length];
        }
        return part;
    }

    /// `S`.
    private static void step(
            CurvePowers powers,
            double[] x,
            int from,
            double[] knot,
            double[] knotError,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        double n = powers.contact();
        double q0 = powers.q0();
        double q1 = powers.q1();
        double q2 = powers.q2();
        VectorMask<Double> two = SPECIES.maskAll(n > 1);
        VectorMask<Double> three = SPECIES.maskAll(n > 2);
        VectorMask<Double> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs();
            DoubleVector reach = DoubleVector.fromArray(SPECIES, knot, i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector distance = reach.sub(size);
            DoubleVector rest = reach.sub(distance).sub(size).add(DoubleVector.fromArray(SPECIES, knotError, i));
            DoubleVector sum = distance.add(rest);
            DoubleVector lost = rest.sub(sum.sub(distance));
            VectorMask<Double> outside = distance.compare(LT, 0).or(sum.compare(LE, 0));
            DoubleVector quotient = sum.mul(r);
            DoubleVector missing =
                    sum.fma(DoubleVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            DoubleVector correction = lost.fma(r, missing);
            DoubleVector w = quotient.add(correction);
            DoubleVector error = correction.sub(w.sub(quotient));
            DoubleVector v = w.neg().add(1);
            DoubleVector q = v.fma(q2, q1).fma(v, DoubleVector.broadcast(SPECIES, q0));
            DoubleVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            DoubleVector power = DoubleVector.broadcast(SPECIES, 1.0)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            DoubleVector value = q.fma(w, steep.mul(error)).mul(power);
            DoubleVector half = value.blend(0, outside);
            half.blend(half.neg().add(1), at.compare(GT, 0)).intoArray(out, to + i);
        }
    }

    /// `R`.
    private static void area(
            CurvePowers powers,
            double[] x,
            int from,
            double[] knot,
            double[] knotError,
            double[] inverse,
            double[] inverseError,
            double[] softness,
            int softnessAt,
            double[] out,
            int to,
            int length) {
        double n = powers.contact();
        double q0 = powers.q0();
        double q1 = powers.q1();
        double q2 = powers.q2();
        VectorMask<Double> two = SPECIES.maskAll(n > 1);
        VectorMask<Double> three = SPECIES.maskAll(n > 2);
        VectorMask<Double> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs();
            DoubleVector reach = DoubleVector.fromArray(SPECIES, knot, i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector distance = reach.sub(size);
            DoubleVector rest = reach.sub(distance).sub(size).add(DoubleVector.fromArray(SPECIES, knotError, i));
            DoubleVector sum = distance.add(rest);
            DoubleVector lost = rest.sub(sum.sub(distance));
            VectorMask<Double> outside = distance.compare(LT, 0).or(sum.compare(LE, 0));
            DoubleVector quotient = sum.mul(r);
            DoubleVector missing =
                    sum.fma(DoubleVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            DoubleVector correction = lost.fma(r, missing);
            DoubleVector w = quotient.add(correction);
            DoubleVector error = correction.sub(w.sub(quotient));
            DoubleVector v = w.neg().add(1);
            DoubleVector q = v.fma(q2, q1).fma(v, DoubleVector.broadcast(SPECIES, q0));
            DoubleVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            DoubleVector power = DoubleVector.broadcast(SPECIES, 1.0)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            DoubleVector value = q.fma(w, steep.mul(error)).mul(power);
            DoubleVector half = value.blend(0, outside);
            DoubleVector base = DoubleVector.zero(SPECIES).blend(at, at.compare(GT, 0));
            DoubleVector.fromArray(SPECIES, softness, softnessAt + i)
                    .fma(half, base)
                    .intoArray(out, to + i);
        }
    }

    /// Sets `w + error` to `1 - |hi + lo| / (5 s)`, or to 0 beyond the knots.
    private static void locate(
            double[] hi,
            int from,
            double[] lo,
            double[] knot,
            double[] knotError,
            double[] inverse,
            double[] inverseError,
            double[] w,
            double[] error,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector reach = DoubleVector.fromArray(SPECIES, knot, i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector size = x.abs();
            DoubleVector distance = reach.sub(size);
            DoubleVector distanceError = reach.sub(distance).sub(size);
            DoubleVector outward = low.blend(low.neg(), x.compare(GT, 0));
            DoubleVector reachError = DoubleVector.fromArray(SPECIES, knotError, i);
            DoubleVector small = reachError.add(outward);
            DoubleVector addend = small.sub(reachError);
            DoubleVector smallError = reachError.sub(small.sub(addend)).add(outward.sub(addend));
            DoubleVector rest = distanceError.add(small);
            DoubleVector sum = distance.add(rest);
            DoubleVector lost = rest.sub(sum.sub(distance)).add(smallError);
            DoubleVector quotient = sum.mul(r);
            DoubleVector missing =
                    sum.fma(DoubleVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            VectorMask<Double> saturated = distance.compare(LT, reach.neg()).or(sum.compare(LE, 0));
            DoubleVector correction = lost.fma(r, missing);
            DoubleVector nearest = quotient.add(correction);
            nearest.blend(0, saturated).intoArray(w, i);
            correction.sub(nearest.sub(quotient)).blend(0, saturated).intoArray(error, i);
        }
    }

    /// `S` from `w + error`.
    private static void locatedStep(
            CurvePowers powers,
            double[] position,
            double[] errors,
            double[] hi,
            int from,
            double[] out,
            int to,
            int length) {
        double n = powers.contact();
        double q0 = powers.q0();
        double q1 = powers.q1();
        double q2 = powers.q2();
        VectorMask<Double> two = SPECIES.maskAll(n > 1);
        VectorMask<Double> three = SPECIES.maskAll(n > 2);
        VectorMask<Double> four = SPECIES.maskAll(n > 3);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector w = DoubleVector.fromArray(SPECIES, position, i);
            DoubleVector error = DoubleVector.fromArray(SPECIES, errors, i);
            DoubleVector v = w.neg().add(1);
            DoubleVector q = v.fma(q2, q1).fma(v, DoubleVector.broadcast(SPECIES, q0));
            DoubleVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            DoubleVector power = DoubleVector.broadcast(SPECIES, 1.0)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            DoubleVector value = q.fma(w, steep.mul(error)).mul(power);
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    /// The derivative of `S` from `w + error`.
    private static void locatedSlope(
            CurvePowers powers,
            double[] position,
            double[] errors,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        double n = powers.contact();
        double q0 = powers.q0();
        double q1 = powers.q1();
        double q2 = powers.q2();
        VectorMask<Double> two = SPECIES.maskAll(n > 1);
        VectorMask<Double> three = SPECIES.maskAll(n > 2);
        VectorMask<Double> four = SPECIES.maskAll(n > 3);
        VectorMask<Double> constant = SPECIES.maskAll(powers.contact() == 0);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector w = DoubleVector.fromArray(SPECIES, position, i);
            DoubleVector error = DoubleVector.fromArray(SPECIES, errors, i);
            DoubleVector factor = w.blend(1, constant);
            DoubleVector v = w.neg().add(1);
            DoubleVector q = v.fma(q2, q1).fma(v, DoubleVector.broadcast(SPECIES, q0));
            DoubleVector steep = v.fma(-2 * q2, -q1).fma(w, q.mul(n));
            DoubleVector power = DoubleVector.broadcast(SPECIES, 1.0)
                    .blend(w, two)
                    .mul(w, three)
                    .mul(w, four);
            DoubleVector value = q.fma(factor, steep.mul(error)).mul(power);
            DoubleVector inside = value.blend(0, w.compare(LE, 0));
            DoubleVector low = inside.mul(DoubleVector.fromArray(SPECIES, inverseError, i));
            inside.fma(DoubleVector.fromArray(SPECIES, inverse, i), low).intoArray(out, to + i);
        }
    }

    /// `2 S - 1`, or that times `x`.
    private static void sign(
            double[] powers,
            double[] x,
            int from,
            double[] inverse,
            double[] inverseError,
            boolean timesArgument,
            double[] out,
            int to,
            int length) {
        double c0 = powers[0];
        double c1 = powers[1];
        double c2 = powers[2];
        VectorMask<Double> times = SPECIES.maskAll(timesArgument);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = at.mul(r);
            DoubleVector v =
                    quotient.add(at.fma(DoubleVector.fromArray(SPECIES, inverseError, i), at.fma(r, quotient.neg())));
            DoubleVector square = v.mul(v);
            DoubleVector inner = square.fma(c2, c1).fma(square, DoubleVector.broadcast(SPECIES, c0));
            DoubleVector limit = DoubleVector.broadcast(SPECIES, 1.0).blend(-1, at.compare(LT, 0));
            DoubleVector value = v.mul(inner).blend(limit, quotient.abs().compare(GE, 1));
            value.mul(DoubleVector.broadcast(SPECIES, 1.0).blend(at, times)).intoArray(out, to + i);
        }
    }

    /// Minus infinity, where the factor is 0, counts as a number.
    private static void timesFinite(double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i).max(-LARGEST);
            x.mul(DoubleVector.fromArray(SPECIES, out, to + i)).intoArray(out, to + i);
        }
    }
}
