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
    private final double[] zero;
    private final double[] position;
    private final double[] error;
    private final double[] part;
    private final double[] step;
    private final double[] area;
    private final double[] slope;
    private final double[] sign;

    VectorPolynomial(Curve curve, int size) {
        knot = new double[size];
        knotError = new double[size];
        reciprocal = new double[size];
        reciprocalError = new double[size];
        zero = new double[size];
        position = new double[size];
        error = new double[size];
        part = new double[size];
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
            locate(hi, from, lo, knot, knotError, reciprocal, reciprocalError, position, error, length);
            locatedStep(step, position, error, hi, from, out, to, length);
        }
    }

    @Override
    public void area(double[] x, int from, double[] softness, int at, double[] out, int to, int length) {
        area(area, x, from, knot, knotError, reciprocal, reciprocalError, softness, at, out, to, length);
    }

    @Override
    public void slope(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        double[] rest = lo == null ? zero : lo;
        locate(hi, from, rest, knot, knotError, reciprocal, reciprocalError, position, error, length);
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
        for (int k = 0; k < terms; k++) {
            step(above, 0, null, part, 0, length);
            VectorPasses.add(1, part, out, to, length);
            step(below, 0, null, part, 0, length);
            VectorPasses.add(-1, part, out, to, length);
            VectorPasses.shift(-1, above, length);
            VectorPasses.shift(-1, below, length);
        }
    }

    @Override
    public void slopes(double[] below, double[] above, int terms, double[] out, int to, int length) {
        slope(above, 0, null, out, to, length);
        for (int k = 0; k < terms; k++) {
            if (k > 0) {
                slope(above, 0, null, part, 0, length);
                VectorPasses.add(1, part, out, to, length);
            }
            slope(below, 0, null, part, 0, length);
            VectorPasses.add(1, part, out, to, length);
            VectorPasses.shift(-1, above, length);
            VectorPasses.shift(-1, below, length);
        }
    }

    /// `S`.
    private static void step(
            double[] powers,
            double[] x,
            int from,
            double[] knot,
            double[] knotError,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        double c0 = powers[0];
        double c1 = powers[1];
        double c2 = powers[2];
        double c3 = powers[3];
        double c4 = powers[4];
        double c5 = powers[5];
        double c6 = powers[6];
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
            DoubleVector third = w.fma(c6, c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, c3));
            DoubleVector first =
                    third.fma(w, DoubleVector.broadcast(SPECIES, c2)).fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector steep = w.fma(6 * c6, 5 * c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, 4 * c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, 3 * c3))
                    .fma(w, DoubleVector.broadcast(SPECIES, 2 * c2))
                    .fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector value = first.fma(w, steep.fma(error, DoubleVector.broadcast(SPECIES, c0)));
            DoubleVector half = value.blend(0, outside);
            half.blend(half.neg().add(1), at.compare(GT, 0)).intoArray(out, to + i);
        }
    }

    /// `R`.
    private static void area(
            double[] powers,
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
        double c0 = powers[0];
        double c1 = powers[1];
        double c2 = powers[2];
        double c3 = powers[3];
        double c4 = powers[4];
        double c5 = powers[5];
        double c6 = powers[6];
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
            DoubleVector third = w.fma(c6, c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, c3));
            DoubleVector first =
                    third.fma(w, DoubleVector.broadcast(SPECIES, c2)).fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector steep = w.fma(6 * c6, 5 * c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, 4 * c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, 3 * c3))
                    .fma(w, DoubleVector.broadcast(SPECIES, 2 * c2))
                    .fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector value = first.fma(w, steep.fma(error, DoubleVector.broadcast(SPECIES, c0)));
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
            double[] powers,
            double[] position,
            double[] errors,
            double[] hi,
            int from,
            double[] out,
            int to,
            int length) {
        double c0 = powers[0];
        double c1 = powers[1];
        double c2 = powers[2];
        double c3 = powers[3];
        double c4 = powers[4];
        double c5 = powers[5];
        double c6 = powers[6];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector w = DoubleVector.fromArray(SPECIES, position, i);
            DoubleVector error = DoubleVector.fromArray(SPECIES, errors, i);
            DoubleVector third = w.fma(c6, c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, c3));
            DoubleVector first =
                    third.fma(w, DoubleVector.broadcast(SPECIES, c2)).fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector steep = w.fma(6 * c6, 5 * c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, 4 * c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, 3 * c3))
                    .fma(w, DoubleVector.broadcast(SPECIES, 2 * c2))
                    .fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector value = first.fma(w, steep.fma(error, DoubleVector.broadcast(SPECIES, c0)));
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    /// The derivative of `S` from `w + error`.
    private static void locatedSlope(
            double[] powers,
            double[] position,
            double[] errors,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        double c0 = powers[0];
        double c1 = powers[1];
        double c2 = powers[2];
        double c3 = powers[3];
        double c4 = powers[4];
        double c5 = powers[5];
        double c6 = powers[6];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector w = DoubleVector.fromArray(SPECIES, position, i);
            DoubleVector error = DoubleVector.fromArray(SPECIES, errors, i);
            DoubleVector third = w.fma(c6, c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, c3));
            DoubleVector first =
                    third.fma(w, DoubleVector.broadcast(SPECIES, c2)).fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector steep = w.fma(6 * c6, 5 * c5)
                    .fma(w, DoubleVector.broadcast(SPECIES, 4 * c4))
                    .fma(w, DoubleVector.broadcast(SPECIES, 3 * c3))
                    .fma(w, DoubleVector.broadcast(SPECIES, 2 * c2))
                    .fma(w, DoubleVector.broadcast(SPECIES, c1));
            DoubleVector value = first.fma(w, steep.fma(error, DoubleVector.broadcast(SPECIES, c0)));
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
