package io.github.softgrad.conformance;

import io.github.softgrad.elementwise.Curve;

/// The soft functions as the textbook writes them, at 126 digits.
///
/// *Reference*: arXiv 2603.08824.
final class UlpReference {

    /// Beyond this `|x / s|` the logistic curve is 0 or 1 at any precision used here.
    private static final double SATURATED = 5000;

    private static final UlpNumber TWO = UlpNumber.of(2);
    private static final UlpNumber THREE = UlpNumber.of(3);

    private UlpReference() {}

    /// `S(x / s)`.
    static UlpNumber step(Curve curve, UlpNumber x, UlpNumber s) {
        if (curve == Curve.LOGISTIC) {
            UlpNumber u = x.over(s);
            if (Math.abs(u.doubleValue()) > SATURATED) {
                return x.signum() < 0 ? UlpNumber.ZERO : UlpNumber.ONE;
            }
            UlpNumber e = u.abs().negate().exp();
            return (x.signum() < 0 ? e : UlpNumber.ONE).over(UlpNumber.ONE.plus(e));
        }
        UlpNumber v = x.over(s.times(5));
        if (saturated(v)) {
            return x.signum() < 0 ? UlpNumber.ZERO : UlpNumber.ONE;
        }
        return switch (curve) {
            case NORM_3_2 -> v.plus(TWO.minus(v.times(v)).sqrt()).power(2).over(4);
            case NORM_4_3 -> root(v).power(3);
            default -> polynomial(coefficients(curve), v).over(16);
        };
    }

    /// `2 S - 1`.
    static UlpNumber sign(Curve curve, UlpNumber x, UlpNumber s) {
        if (curve == Curve.LOGISTIC) {
            UlpNumber u = x.over(s);
            if (Math.abs(u.doubleValue()) > SATURATED) {
                return UlpNumber.of(x.signum());
            }
            UlpNumber decay = u.abs().negate().expm1();
            UlpNumber size = decay.negate().over(TWO.plus(decay));
            return x.signum() < 0 ? size.negate() : size;
        }
        UlpNumber v = x.over(s.times(5));
        if (saturated(v)) {
            return UlpNumber.of(x.signum());
        }
        if (curve == Curve.NORM_3_2) {
            return v.times(TWO.minus(v.times(v)).sqrt());
        }
        if (curve == Curve.NORM_4_3) {
            UlpNumber b = root(v);
            UlpNumber a = b.minus(v);
            return v.times(a.times(a).plus(a.times(b)).plus(b.times(b)));
        }
        long[] odd = coefficients(curve);
        odd[0] = 0;
        return polynomial(odd, v).over(8);
    }

    /// `R`, the integral of `S`.
    static UlpNumber relu(Curve curve, UlpNumber x, UlpNumber s) {
        if (curve == Curve.LOGISTIC) {
            UlpNumber u = x.over(s);
            UlpNumber positive = x.signum() > 0 ? x : UlpNumber.ZERO;
            if (Math.abs(u.doubleValue()) > SATURATED) {
                return positive;
            }
            return positive.plus(s.times(u.abs().negate().exp().log1p()));
        }
        UlpNumber v = x.over(s.times(5));
        if (saturated(v)) {
            return x.signum() < 0 ? UlpNumber.ZERO : x;
        }
        return s.times(5).times(compactRelu(curve, v));
    }

    private static UlpNumber compactRelu(Curve curve, UlpNumber v) {
        return switch (curve) {
            case LINEAR -> polynomial(new long[] {1, 2, 1}, v).over(4);
            case CUBIC -> polynomial(new long[] {3, 8, 6, 0, -1}, v).over(16);
            case QUINTIC -> polynomial(new long[] {5, 16, 15, 0, -5, 0, 1}, v).over(32);
            case NORM_3_2 -> {
                UlpNumber root = TWO.minus(v.times(v)).sqrt();
                yield v.over(2).minus(root.power(3).over(6)).plus(TWO.over(3));
            }
            case NORM_4_3 -> {
                UlpNumber b = root(v);
                UlpNumber powers = b.power(4).plus(b.minus(v).power(4));
                yield THREE.over(4)
                        .plus(v.times(b.power(3)))
                        .minus(powers.times(3).over(4));
            }
            case LOGISTIC -> throw new AssertionError("not compact");
        };
    }

    /// The derivative of `S(x / s)` in `x`, of an order from 1 on.
    static UlpNumber derivative(Curve curve, int order, UlpNumber x, UlpNumber s) {
        if (curve == Curve.LOGISTIC) {
            return logisticDerivative(order, x, s);
        }
        UlpNumber v = x.over(s.times(5));
        if (saturated(v)) {
            return UlpNumber.ZERO;
        }
        return compactDerivative(curve, order, v).over(s.times(5).power(order));
    }

    private static UlpNumber compactDerivative(Curve curve, int order, UlpNumber v) {
        UlpNumber b = curve == Curve.NORM_4_3
                ? root(v)
                : v.plus(TWO.minus(v.times(v)).sqrt()).over(2);
        UlpNumber a = b.minus(v);
        UlpNumber squares = a.times(a).plus(b.times(b));
        UlpNumber product = a.times(b);
        return switch (curve) {
            case NORM_3_2 ->
                order == 1
                        ? product.times(2).over(a.plus(b))
                        : v.times(-2)
                                .times(UlpNumber.ONE.plus(product))
                                .over(a.plus(b).power(3));
            case NORM_4_3 -> {
                UlpNumber numerator = product.power(2).times(3);
                UlpNumber cubes = v.negate().times(squares.plus(product));
                UlpNumber slopeOfNumerator = product.times(6).times(cubes).over(squares);
                UlpNumber slopeOfSquares = product.times(-2).times(v).over(squares);
                yield order == 1
                        ? numerator.over(squares)
                        : slopeOfNumerator
                                .times(squares)
                                .minus(numerator.times(slopeOfSquares))
                                .over(squares.power(2));
            }
            default -> polynomial(differentiated(coefficients(curve), order), v).over(16);
        };
    }

    /// As a polynomial in `sigma`, by `P -> sigma (1 - sigma) P'`, on the side where `sigma` is small.
    private static UlpNumber logisticDerivative(int order, UlpNumber x, UlpNumber s) {
        UlpNumber sigma = step(Curve.LOGISTIC, x.abs().negate(), s);
        long[] coefficients = {0, 1};
        for (int k = 0; k < order; k++) {
            long[] next = new long[coefficients.length + 1];
            for (int j = 1; j < coefficients.length; j++) {
                next[j] += j * coefficients[j];
                next[j + 1] -= j * coefficients[j];
            }
            coefficients = next;
        }
        if (order % 2 == 1) {
            return polynomial(coefficients, sigma).over(s.power(order));
        }
        long[] quotient = overOneLessTwice(coefficients);
        return polynomial(quotient, sigma)
                .times(sign(Curve.LOGISTIC, x.negate(), s))
                .over(s.power(order));
    }

    /// Divides by `1 - 2 sigma`, a factor of the even derivatives.
    private static long[] overOneLessTwice(long[] coefficients) {
        long[] quotient = new long[coefficients.length - 1];
        long carried = 0;
        for (int j = 0; j < quotient.length; j++) {
            carried = coefficients[j] + 2 * carried;
            quotient[j] = carried;
        }
        return quotient;
    }

    /// The root of `b^3 + (b - v)^3 = 1`, by Newton's method from the right, where the cubic is convex.
    private static UlpNumber root(UlpNumber v) {
        double number = v.doubleValue();
        double start = 1;
        for (int k = 0; k < 12; k++) {
            double a = start - number;
            start -= (start * start * start + a * a * a - 1) / (3 * (start * start + a * a));
        }
        UlpNumber b = UlpNumber.of(start);
        for (int k = 0; k < 5; k++) {
            UlpNumber a = b.minus(v);
            UlpNumber residual = b.power(3).plus(a.power(3)).minus(UlpNumber.ONE);
            b = b.minus(residual.over(b.times(b).plus(a.times(a)).times(3)));
        }
        return b;
    }

    /// Sixteen times the coefficients of `S` in `v`.
    private static long[] coefficients(Curve curve) {
        return switch (curve) {
            case LINEAR -> new long[] {8, 8};
            case CUBIC -> new long[] {8, 12, 0, -4};
            case QUINTIC -> new long[] {8, 15, 0, -10, 0, 3};
            default -> throw new AssertionError(curve + " is no polynomial");
        };
    }

    private static long[] differentiated(long[] coefficients, int order) {
        long[] result = coefficients;
        for (int k = 0; k < order; k++) {
            long[] next = new long[Math.max(1, result.length - 1)];
            for (int j = 1; j < result.length; j++) {
                next[j - 1] = j * result[j];
            }
            result = next;
        }
        return result;
    }

    private static UlpNumber polynomial(long[] coefficients, UlpNumber v) {
        UlpNumber sum = UlpNumber.ZERO;
        for (int j = coefficients.length - 1; j >= 0; j--) {
            sum = sum.times(v).plus(UlpNumber.of(coefficients[j]));
        }
        return sum;
    }

    private static boolean saturated(UlpNumber v) {
        return v.abs().minus(UlpNumber.ONE).signum() >= 0;
    }
}
