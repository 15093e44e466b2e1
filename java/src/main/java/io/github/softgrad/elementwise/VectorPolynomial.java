package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the polynomial curves; see [Compact] and [Polynomials] for the formulas. All but the middle
/// pass, the polynomial itself, is common to the three curves.
final class VectorPolynomial implements VectorCurve {

    private final Curve curve;
    private final double[] position;
    private final double[] error;

    VectorPolynomial(Curve curve, int size) {
        this.curve = curve;
        position = new double[size];
        error = new double[size];
    }

    @Override
    public void at(int order, double[] hi, double[] lo, double[] softness, double[] out, int length) {
        remaining(hi, lo, softness, position, error, length);
        switch (order) {
            case -1 -> area(hi, softness, out, length);
            case 0 -> height(hi, out, length);
            default -> slope(softness, out, length);
        }
    }

    private void area(double[] hi, double[] softness, double[] out, int length) {
        switch (curve) {
            case LINEAR -> linearArea(position, error, out, length);
            case CUBIC -> cubicArea(position, error, out, length);
            default -> quinticArea(position, error, out, length);
        }
        mirrorArea(hi, softness, out, length);
    }

    private void height(double[] hi, double[] out, int length) {
        switch (curve) {
            case LINEAR -> linearHeight(position, error, out, length);
            case CUBIC -> cubicHeight(position, error, out, length);
            default -> quinticHeight(position, error, out, length);
        }
        mirrorHeight(hi, out, length);
    }

    private void slope(double[] softness, double[] out, int length) {
        switch (curve) {
            case LINEAR -> linearSlope(position, out, length);
            case CUBIC -> cubicSlope(position, error, out, length);
            default -> quinticSlope(position, error, out, length);
        }
        scaleSlope(softness, out, length);
    }

    @Override
    public void sign(double[] x, double[] softness, double[] out, int length) {
        clamped(x, softness, position, length);
        switch (curve) {
            case LINEAR -> System.arraycopy(position, 0, out, 0, length);
            case CUBIC -> cubicSign(position, out, length);
            default -> quinticSign(position, out, length);
        }
    }

    /// Sets `w + error` to `1 - |hi + lo| / (5 s)`, or to 0 beyond the knots.
    private static void remaining(double[] hi, double[] lo, double[] softness, double[] w, double[] error, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector low = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, i);
            DoubleVector reach = s.mul(5);
            DoubleVector reachError = s.fma(DoubleVector.broadcast(SPECIES, 5), reach.neg());
            DoubleVector size = x.abs();
            DoubleVector distance = reach.sub(size);
            DoubleVector change = distance.sub(reach);
            DoubleVector distanceError = reach.sub(distance.sub(change)).sub(size.add(change));
            DoubleVector outward = low.blend(low.neg(), x.compare(GT, 0));
            DoubleVector rest = distanceError.add(reachError.add(outward));
            DoubleVector sum = distance.add(rest);
            DoubleVector quotient = sum.div(reach);
            DoubleVector lost = rest.sub(sum.sub(distance)).sub(quotient.mul(reachError));
            DoubleVector quotientError =
                    quotient.neg().fma(reach, sum).add(lost).div(reach);
            VectorMask<Double> saturated = distance.compare(LT, reach.neg()).or(sum.compare(LE, 0));
            quotient.blend(0, saturated).intoArray(w, i);
            quotientError.blend(0, saturated).intoArray(error, i);
        }
    }

    /// Sets `v` to `x / (5 s)`, clamped to [-1, 1].
    private static void clamped(double[] hi, double[] softness, double[] v, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, i);
            DoubleVector reach = s.mul(5);
            DoubleVector reachError = s.fma(DoubleVector.broadcast(SPECIES, 5), reach.neg());
            DoubleVector quotient = x.div(reach);
            DoubleVector error =
                    quotient.neg().fma(reach, x).sub(quotient.mul(reachError)).div(reach);
            DoubleVector sum =
                    quotient.add(error).blend(quotient, quotient.abs().compare(GT, 2));
            sum.max(-1).min(1).intoArray(v, i);
        }
    }

    private static void linearArea(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector slope = x.mul(2.5);
            slope.fma(DoubleVector.fromArray(SPECIES, error, i), x.mul(x).mul(1.25))
                    .intoArray(out, i);
        }
    }

    private static void cubicArea(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector slope = square.mul(x.neg().add(3)).mul(1.25);
            DoubleVector bracket = x.fma(DoubleVector.broadcast(SPECIES, -5), DoubleVector.broadcast(SPECIES, 20));
            DoubleVector factor = x.mul(bracket);
            DoubleVector value =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625);
            slope.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void quinticArea(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector slope =
                    x.mul(3).sub(15).mul(x).add(20).mul(square).mul(x).mul(0.3125);
            DoubleVector minusV = x.neg().add(1);
            DoubleVector inner = minusV.fma(DoubleVector.broadcast(SPECIES, 5), DoubleVector.broadcast(SPECIES, 20));
            DoubleVector bracket = inner.fma(minusV, DoubleVector.broadcast(SPECIES, 25));
            DoubleVector fourth = square.mul(square);
            DoubleVector squareError = x.fma(x, square.neg()).mul(square).mul(2);
            DoubleVector fourthError = square.fma(square, fourth.neg()).add(squareError);
            DoubleVector value = fourth.fma(bracket, fourthError.mul(bracket)).mul(0.03125);
            slope.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void linearHeight(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            x.add(DoubleVector.fromArray(SPECIES, error, i)).mul(0.5).intoArray(out, i);
        }
    }

    private static void cubicHeight(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector slope = x.mul(x.neg().add(2)).mul(0.75);
            DoubleVector value = x.mul(x).mul(x.neg().add(3)).mul(0.25);
            slope.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void quinticHeight(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector product = x.mul(x.neg().add(2));
            DoubleVector slope = product.mul(product).mul(0.9375);
            DoubleVector minusV = x.neg().add(1);
            DoubleVector inner = minusV.fma(DoubleVector.broadcast(SPECIES, 3), DoubleVector.broadcast(SPECIES, 9));
            DoubleVector bracket = inner.fma(minusV, DoubleVector.broadcast(SPECIES, 8));
            DoubleVector square = x.mul(x);
            DoubleVector factor = x.mul(bracket);
            DoubleVector value =
                    square.fma(factor, x.fma(x, square.neg()).mul(factor)).mul(0.0625);
            slope.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void linearSlope(double[] w, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            x.mul(0).add(0.5).blend(0, x.compare(LE, 0)).intoArray(out, i);
        }
    }

    private static void cubicSlope(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector second = x.neg().add(1).mul(1.5);
            DoubleVector value = x.neg().fma(x, x.add(x)).mul(0.75);
            second.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void quinticSlope(double[] w, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, w, i);
            DoubleVector square = x.mul(x);
            DoubleVector product = x.add(x).sub(square);
            DoubleVector lost = x.add(x).sub(product).sub(square).sub(x.fma(x, square.neg()));
            DoubleVector second = x.neg().add(1).mul(product).mul(3.75);
            DoubleVector value =
                    product.mul(0.9375).fma(product, product.mul(lost).mul(1.875));
            second.fma(DoubleVector.fromArray(SPECIES, error, i), value).intoArray(out, i);
        }
    }

    private static void cubicSign(double[] v, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, v, i);
            DoubleVector bracket = x.neg().fma(x, DoubleVector.broadcast(SPECIES, 3));
            x.mul(bracket).mul(0.5).intoArray(out, i);
        }
    }

    private static void quinticSign(double[] v, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, v, i);
            DoubleVector square = x.mul(x);
            DoubleVector inner = square.fma(DoubleVector.broadcast(SPECIES, 3), DoubleVector.broadcast(SPECIES, -10));
            DoubleVector bracket = inner.fma(square, DoubleVector.broadcast(SPECIES, 15));
            x.mul(bracket).mul(0.125).intoArray(out, i);
        }
    }

    /// `R` from `R / s` on the left half.
    private static void mirrorArea(double[] hi, double[] softness, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector value = DoubleVector.fromArray(SPECIES, out, i);
            DoubleVector base = x.max(0);
            DoubleVector.fromArray(SPECIES, softness, i).fma(value, base).intoArray(out, i);
        }
    }

    /// `S` from its left half.
    private static void mirrorHeight(double[] hi, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, out, i);
            VectorMask<Double> right = DoubleVector.fromArray(SPECIES, hi, i).compare(GT, 0);
            value.blend(value.neg().add(1), right).intoArray(out, i);
        }
    }

    /// `F(1)` from the derivative in `v`.
    private static void scaleSlope(double[] softness, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector reach = DoubleVector.fromArray(SPECIES, softness, i).mul(5);
            DoubleVector.fromArray(SPECIES, out, i).div(reach).intoArray(out, i);
        }
    }
}
