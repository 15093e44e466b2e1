package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the polynomial curves of float32; see [Compact] and [Polynomials] for the formulas. The first
/// pass, the position between the knots, is common to the three curves, and divides once for each softness.
final class FloatPolynomial implements FloatCurve {

    private static final float LARGEST = Float.MAX_VALUE;

    private final Curve curve;
    private final float[] knot;
    private final float[] knotError;
    private final float[] reciprocal;
    private final float[] reciprocalError;
    private final float[] position;
    private final float[] error;
    private final float[] part;

    FloatPolynomial(Curve curve, int size) {
        this.curve = curve;
        knot = new float[size];
        knotError = new float[size];
        reciprocal = new float[size];
        reciprocalError = new float[size];
        position = new float[size];
        error = new float[size];
        part = new float[size];
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
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearStep(position, error, hi, from, out, to, length);
            case CUBIC -> cubicStep(position, error, hi, from, out, to, length);
            default -> quinticStep(position, error, hi, from, out, to, length);
        }
    }

    @Override
    public void area(float[] hi, int from, float[] lo, float[] softness, int at, float[] out, int to, int length) {
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearArea(position, error, hi, from, softness, at, out, to, length);
            case CUBIC -> cubicArea(position, error, hi, from, softness, at, out, to, length);
            default -> quinticArea(position, error, hi, from, softness, at, out, to, length);
        }
    }

    @Override
    public void slope(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        locate(hi, from, lo, length);
        switch (curve) {
            case LINEAR -> linearSlope(position, reciprocal, out, to, length);
            case CUBIC -> cubicSlope(position, error, reciprocal, out, to, length);
            default -> quinticSlope(position, error, reciprocal, out, to, length);
        }
    }

    @Override
    public void gated(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        step(hi, from, lo, out, to, length);
        timesFinite(hi, from, out, to, length);
    }

    @Override
    public void sign(float[] x, int from, float[] out, int to, int length) {
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
    public void addRises(float[] below, float[] above, int terms, float[] out, int to, int length) {
        for (int k = 0; k < terms; k++) {
            step(above, 0, null, part, 0, length);
            FloatPasses.add(1, part, out, to, length);
            step(below, 0, null, part, 0, length);
            FloatPasses.add(-1, part, out, to, length);
            FloatPasses.shift(-1, above, length);
            FloatPasses.shift(-1, below, length);
        }
    }

    @Override
    public void slopes(float[] below, float[] above, int terms, float[] out, int to, int length) {
        slope(above, 0, null, out, to, length);
        for (int k = 0; k < terms; k++) {
            if (k > 0) {
                slope(above, 0, null, part, 0, length);
                FloatPasses.add(1, part, out, to, length);
            }
            slope(below, 0, null, part, 0, length);
            FloatPasses.add(1, part, out, to, length);
            FloatPasses.shift(-1, above, length);
            FloatPasses.shift(-1, below, length);
        }
    }

    private void locate(float[] hi, int from, float[] lo, int length) {
        if (lo == null) {
            locate(hi, from, knot, knotError, reciprocal, reciprocalError, position, error, length);
        } else {
            locate(hi, from, lo, knot, knotError, reciprocal, reciprocalError, position, error, length);
        }
    }

    /// Sets `w + error` to `1 - |x| / (5 s)`, or to 0 beyond the knots.
    private static void locate(
            float[] hi,
            int from,
            float[] knot,
            float[] knotError,
            float[] inverse,
            float[] inverseError,
            float[] w,
            float[] error,
            int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector size = FloatVector.fromArray(SPECIES, hi, from + i).abs();
            FloatVector reach = FloatVector.fromArray(SPECIES, knot, i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector distance = reach.sub(size);
            FloatVector distanceError = reach.sub(distance).sub(size);
            FloatVector rest = distanceError.add(FloatVector.fromArray(SPECIES, knotError, i));
            FloatVector sum = distance.add(rest);
            FloatVector lost = rest.sub(sum.sub(distance));
            FloatVector quotient = sum.mul(r);
            FloatVector missing = sum.fma(FloatVector.fromArray(SPECIES, inverseError, i), sum.fma(r, quotient.neg()));
            FloatVector correction = lost.fma(r, missing);
            FloatVector nearest = quotient.add(correction);
            VectorMask<Float> saturated = sum.compare(LE, 0).or(distance.compare(LE, reach.neg()));
            nearest.blend(0, saturated).intoArray(w, i);
            correction.sub(nearest.sub(quotient)).blend(0, saturated).intoArray(error, i);
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
            FloatVector change = distance.sub(reach);
            FloatVector distanceError = reach.sub(distance.sub(change)).sub(size.add(change));
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

    /// Sets `v` to `x / (5 s)`, clamped to [-1, 1].
    private static void clamped(float[] hi, int from, float[] inverse, float[] inverseError, float[] v, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = x.mul(r);
            FloatVector lost = x.fma(FloatVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            quotient.add(lost)
                    .blend(quotient, quotient.abs().compare(GT, 2))
                    .max(-1)
                    .min(1)
                    .intoArray(v, i);
        }
    }

    private static void linearArea(
            float[] w, float[] error, float[] hi, int from, float[] softness, int at, float[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector value = x.mul(2.5f)
                    .fma(FloatVector.fromArray(SPECIES, error, i), x.mul(x).mul(1.25f));
            FloatVector base = FloatVector.fromArray(SPECIES, hi, from + i).max(0);
            FloatVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void cubicArea(
            float[] w, float[] error, float[] hi, int from, float[] softness, int at, float[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector square = x.mul(x);
            FloatVector slope = square.mul(x.neg().add(3)).mul(1.25f);
            FloatVector bracket = x.fma(FloatVector.broadcast(SPECIES, -5.0f), FloatVector.broadcast(SPECIES, 20.0f));
            FloatVector factor = x.mul(bracket);
            FloatVector height =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625f);
            FloatVector value = slope.fma(FloatVector.fromArray(SPECIES, error, i), height);
            FloatVector base = FloatVector.fromArray(SPECIES, hi, from + i).max(0);
            FloatVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void quinticArea(
            float[] w, float[] error, float[] hi, int from, float[] softness, int at, float[] out, int to, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector square = x.mul(x);
            FloatVector slope =
                    x.mul(3).sub(15).mul(x).add(20).mul(square).mul(x).mul(0.3125f);
            FloatVector minusV = x.neg().add(1);
            FloatVector inner = minusV.fma(FloatVector.broadcast(SPECIES, 5.0f), FloatVector.broadcast(SPECIES, 20.0f));
            FloatVector bracket = inner.fma(minusV, FloatVector.broadcast(SPECIES, 25.0f));
            FloatVector fourth = square.mul(square);
            FloatVector squareError = x.fma(x, square.neg()).mul(square).mul(2);
            FloatVector fourthError = square.fma(square, fourth.neg()).add(squareError);
            FloatVector height = fourth.fma(bracket, fourthError.mul(bracket)).mul(0.03125f);
            FloatVector value = slope.fma(FloatVector.fromArray(SPECIES, error, i), height);
            FloatVector base = FloatVector.fromArray(SPECIES, hi, from + i).max(0);
            FloatVector.fromArray(SPECIES, softness, at + i).fma(value, base).intoArray(out, to + i);
        }
    }

    private static void linearStep(float[] w, float[] error, float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector value = x.add(FloatVector.fromArray(SPECIES, error, i)).mul(0.5f);
            VectorMask<Float> right =
                    FloatVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void cubicStep(float[] w, float[] error, float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector slope = x.mul(x.neg().add(2)).mul(0.75f);
            FloatVector height = x.mul(x).mul(x.neg().add(3)).mul(0.25f);
            FloatVector value = slope.fma(FloatVector.fromArray(SPECIES, error, i), height);
            VectorMask<Float> right =
                    FloatVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void quinticStep(float[] w, float[] error, float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector product = x.mul(x.neg().add(2));
            FloatVector slope = product.mul(product).mul(0.9375f);
            FloatVector minusV = x.neg().add(1);
            FloatVector inner = minusV.fma(FloatVector.broadcast(SPECIES, 3.0f), FloatVector.broadcast(SPECIES, 9.0f));
            FloatVector bracket = inner.fma(minusV, FloatVector.broadcast(SPECIES, 8.0f));
            FloatVector square = x.mul(x);
            FloatVector factor = x.mul(bracket);
            FloatVector height =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625f);
            FloatVector value = slope.fma(FloatVector.fromArray(SPECIES, error, i), height);
            VectorMask<Float> right =
                    FloatVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, to + i);
        }
    }

    private static void linearSlope(float[] w, float[] inverse, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector value = x.mul(0).add(0.5f).blend(0, x.compare(LE, 0));
            value.mul(FloatVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void cubicSlope(float[] w, float[] error, float[] inverse, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector second = x.neg().add(1).mul(1.5f);
            FloatVector first = x.neg().fma(x, x.add(x)).mul(0.75f);
            FloatVector value = second.fma(FloatVector.fromArray(SPECIES, error, i), first);
            value.mul(FloatVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void quinticSlope(float[] w, float[] error, float[] inverse, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, w, i);
            FloatVector square = x.mul(x);
            FloatVector product = x.add(x).sub(square);
            FloatVector lost = x.add(x).sub(product).sub(square).sub(x.fma(x, square.neg()));
            FloatVector second = x.neg().add(1).mul(product).mul(3.75f);
            FloatVector first =
                    product.mul(0.9375f).fma(product, product.mul(lost).mul(1.875f));
            FloatVector value = second.fma(FloatVector.fromArray(SPECIES, error, i), first);
            value.mul(FloatVector.fromArray(SPECIES, inverse, i)).intoArray(out, to + i);
        }
    }

    private static void cubicSign(float[] v, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, v, i);
            FloatVector bracket = x.neg().fma(x, FloatVector.broadcast(SPECIES, 3.0f));
            x.mul(bracket).mul(0.5f).intoArray(out, to + i);
        }
    }

    private static void quinticSign(float[] v, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, v, i);
            FloatVector square = x.mul(x);
            FloatVector inner =
                    square.fma(FloatVector.broadcast(SPECIES, 3.0f), FloatVector.broadcast(SPECIES, -10.0f));
            FloatVector bracket = inner.fma(square, FloatVector.broadcast(SPECIES, 15.0f));
            x.mul(bracket).mul(0.125f).intoArray(out, to + i);
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
