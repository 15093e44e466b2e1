package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the polynomial curves; see [Compact] and [Polynomials] for the formulas. The first pass, the
/// position between the knots, is common to the three curves, and divides once for each softness.
final class VectorPolynomial implements VectorCurve {

    private static final double LARGEST = Double.MAX_VALUE;

    private final Curve curve;
    private final double[] knot;
    private final double[] knotError;
    private final double[] reciprocal;
    private final double[] reciprocalError;
    private final double[] position;
    private final double[] error;
    private final double[] part;

    VectorPolynomial(Curve curve, int size) {
        this.curve = curve;
        knot = new double[size];
        knotError = new double[size];
        reciprocal = new double[size];
        reciprocalError = new double[size];
        position = new double[size];
        error = new double[size];
        part = new double[size];
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
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearStep(position, error, hi, from, out, to, length);
            case CUBIC -> cubicStep(position, error, hi, from, out, to, length);
            default -> quinticStep(position, error, hi, from, out, to, length);
        }
    }

    @Override
    public void area(double[] hi, int from, double[] lo, double[] softness, int at, double[] out, int to, int length) {
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearArea(position, error, hi, from, softness, at, out, to, length);
            case CUBIC -> cubicArea(position, error, hi, from, softness, at, out, to, length);
            default -> quinticArea(position, error, hi, from, softness, at, out, to, length);
        }
    }

    @Override
    public void slope(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearSlope(position, reciprocal, out, to, length);
            case CUBIC -> cubicSlope(position, error, reciprocal, out, to, length);
            default -> quinticSlope(position, error, reciprocal, out, to, length);
        }
    }

    @Override
    public void gated(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        step(hi, from, lo, out, to, length);
        timesFinite(hi, from, out, to, length);
    }

    @Override
    public void sign(double[] x, int from, double[] out, int to, int length) {
        clamped(x, from, reciprocal, reciprocalError, position, length);
        switch (curve) {
            case LINEAR -> System.arraycopy(position, 0, out, to, length);
            case CUBIC -> cubicSign(position, out, to, length);
            default -> quinticSign(position, out, to, length);
        }
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

    private void locate(double[] hi, int from, double[] lo, int length) {
        if (lo == null) {
            locate(hi, from, knot, knotError, reciprocal, reciprocalError, position, error, length);
        } else {
            locate(hi, from, lo, knot, knotError, reciprocal, reciprocalError, position, error, length);
        }
    }

    /// Sets `w + error` to `1 - |x| / (5 s)`, or to 0 beyond the knots.
    private static void locate(
            double[] hi,
            int from,
            double[] knot,
            double[] knotError,
            double[] inverse,
            double[] inverseError,
            double[] w,
            double[] error,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector size = DoubleVector.fromArray(SPECIES, hi, from + i).abs();
            DoubleVector reach = DoubleVector.fromArray(SPECIES, knot, i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector distance = reach.sub(size);
            DoubleVector distanceError = reach.sub(distance).sub(size);
            DoubleVector rest = distanceError.add(DoubleVector.fromArray(SPECIES, knotError, i));
            DoubleVector sum = distance.add(rest);
            DoubleVector lost = rest.sub(sum.sub(distance));
            DoubleVector quotient = sum.mul(r);
            DoubleVector missing =
                    sum.fma(DoubleVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            DoubleVector correction = lost.fma(r, missing);
            DoubleVector nearest = quotient.add(correction);
            VectorMask<Double> saturated = sum.compare(LE, 0).or(distance.compare(LE, reach.neg()));
            nearest.blend(0, saturated).intoArray(w, i);
            correction.sub(nearest.sub(quotient)).blend(0, saturated).intoArray(error, i);
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
            DoubleVector change = distance.sub(reach);
            DoubleVector distanceError = reach.sub(distance.sub(change)).sub(size.add(change));
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

    /// Sets `v` to `x / (5 s)`, clamped to [-1, 1].
    private static void clamped(
            double[] hi, int from, double[] inverse, double[] inverseError, double[] v, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = x.mul(r);
            DoubleVector lost = x.fma(DoubleVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            quotient.add(lost)
                    .blend(quotient, quotient.abs().compare(GT, 2))
                    .max(-1)
                    .min(1)
                    .intoArray(v, i);
        }
    }

    private static void linearArea(
            double[] w, double[] error, double[] hi, int from, double[] softness, int at, double[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector value = x.mul(2.5)
                    .fma(DoubleVector.fromArray(SPECIES, error, i), x.mul(x).mul(1.25));
            DoubleVector base = DoubleVector.fromArray(SPECIES, hi, from + i).max(0);
            DoubleVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void cubicArea(
            double[] w, double[] error, double[] hi, int from, double[] softness, int at, double[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector slope = square.mul(x.neg().add(3)).mul(1.25);
            DoubleVector bracket = x.fma(DoubleVector.broadcast(SPECIES, -5.0), DoubleVector.broadcast(SPECIES, 20.0));
            DoubleVector factor = x.mul(bracket);
            DoubleVector height =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625);
            DoubleVector value = slope.fma(DoubleVector.fromArray(SPECIES, error, i), height);
            DoubleVector base = DoubleVector.fromArray(SPECIES, hi, from + i).max(0);
            DoubleVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void quinticArea(
            double[] w, double[] error, double[] hi, int from, double[] softness, int at, double[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector slope =
                    x.mul(3).sub(15).mul(x).add(20).mul(square).mul(x).mul(0.3125);
            DoubleVector minusV = x.neg().add(1);
            DoubleVector inner =
                    minusV.fma(DoubleVector.broadcast(SPECIES, 5.0), DoubleVector.broadcast(SPECIES, 20.0));
            DoubleVector bracket = inner.fma(minusV, DoubleVector.broadcast(SPECIES, 25.0));
            DoubleVector fourth = square.mul(square);
            DoubleVector squareError = x.fma(x, square.neg()).mul(square).mul(2);
            DoubleVector fourthError = square.fma(square, fourth.neg()).add(squareError);
            DoubleVector height = fourth.fma(bracket, fourthError.mul(bracket)).mul(0.03125);
            DoubleVector value = slope.fma(DoubleVector.fromArray(SPECIES, error, i), height);
            DoubleVector base = DoubleVector.fromArray(SPECIES, hi, from + i).max(0);
            DoubleVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void linearStep(
            double[] w, double[] error, double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector value =
                    x.add(DoubleVector.fromArray(SPECIES, error, i)).mul(0.5);
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void cubicStep(double[] w, double[] error, double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector slope = x.mul(x.neg().add(2)).mul(0.75);
            DoubleVector height = x.mul(x).mul(x.neg().add(3)).mul(0.25);
            DoubleVector value = slope.fma(DoubleVector.fromArray(SPECIES, error, i), height);
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void quinticStep(
            double[] w, double[] error, double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector product = x.mul(x.neg().add(2));
            DoubleVector slope = product.mul(product).mul(0.9375);
            DoubleVector minusV = x.neg().add(1);
            DoubleVector inner = minusV.fma(DoubleVector.broadcast(SPECIES, 3.0), DoubleVector.broadcast(SPECIES, 9.0));
            DoubleVector bracket = inner.fma(minusV, DoubleVector.broadcast(SPECIES, 8.0));
            DoubleVector square = x.mul(x);
            DoubleVector factor = x.mul(bracket);
            DoubleVector height =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625);
            DoubleVector value = slope.fma(DoubleVector.fromArray(SPECIES, error, i), height);
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void linearSlope(double[] w, double[] inverse, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector value = x.mul(0).add(0.5).blend(0, x.compare(LE, 0));
            value.mul(DoubleVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void cubicSlope(double[] w, double[] error, double[] inverse, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector second = x.neg().add(1).mul(1.5);
            DoubleVector first = x.neg().fma(x, x.add(x)).mul(0.75);
            DoubleVector value = second.fma(DoubleVector.fromArray(SPECIES, error, i), first);
            value.mul(DoubleVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void quinticSlope(double[] w, double[] error, double[] inverse, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector product = x.add(x).sub(square);
            DoubleVector lost = x.add(x).sub(product).sub(square).sub(x.fma(x, square.neg()));
            DoubleVector second = x.neg().add(1).mul(product).mul(3.75);
            DoubleVector first =
                    product.mul(0.9375).fma(product, product.mul(lost).mul(1.875));
            DoubleVector value = second.fma(DoubleVector.fromArray(SPECIES, error, i), first);
            value.mul(DoubleVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void cubicSign(double[] v, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, v, i);
            DoubleVector bracket = x.neg().fma(x, DoubleVector.broadcast(SPECIES, 3.0));
            x.mul(bracket).mul(0.5).intoArray(out, to + i);
        }
    }

    private static void quinticSign(double[] v, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, v, i);
            DoubleVector square = x.mul(x);
            DoubleVector inner =
                    square.fma(DoubleVector.broadcast(SPECIES, 3.0), DoubleVector.broadcast(SPECIES, -10.0));
            DoubleVector bracket = inner.fma(square, DoubleVector.broadcast(SPECIES, 15.0));
            x.mul(bracket).mul(0.125).intoArray(out, to + i);
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
