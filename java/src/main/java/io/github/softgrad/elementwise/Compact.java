package io.github.softgrad.elementwise;

/// A curve that reaches 0 at `x = -5 s` and 1 at `x = 5 s`.
///
/// It is given on its left half by `w = 1 + v`, `v = x / (5 s)`, where nothing cancels, and mirrored. The
/// argument is clamped before anything else, so that no power overflows. At the two knots the derivatives that
/// jump have the value from outside, 0.
abstract class Compact extends Transition {

    private static final double GAUSS_NODE = 0.774596669241483377;

    /// Derivatives of order 6 and above are 0.
    private static final double[] POWERS_OF_5 = {1, 5, 25, 125, 625, 3125};

    /// `R / s`.
    abstract double area(double w);

    /// `S`.
    abstract double height(double w);

    /// The first derivative of `S` in `v`.
    abstract double slope(double w);

    /// The derivative of `S` in `v` of an order from 2 on, at `v + vError = w - 1`.
    abstract double derivative(int order, double w, double v, double vError);

    /// `1 - 2 S` for `v = w - 1` in [-1, 0].
    abstract double shortfall(double w, double v);

    /// By `w`, with its error to first order.
    @Override
    final double at(int order, double hi, double lo, double softness) {
        double reach = 5 * softness;
        double reachError = Math.fma(5, softness, -reach);
        double distance = reach - Math.abs(hi);
        if (distance < -reach) {
            return mirrored(order, hi, lo, 0);
        }
        double rest = Compensated.sumError(reach, -Math.abs(hi)) + (reachError + (hi > 0 ? -lo : lo));
        double remaining = distance + rest;
        if (remaining <= 0) {
            return mirrored(order, hi, lo, 0);
        }
        double w = remaining / reach;
        double lost = (rest - (remaining - distance)) - w * reachError;
        double wError = Compensated.quotientError(w, remaining, lost, reach);
        double value = switch (order) {
            case -1 -> softness * Math.fma(wError, 5 * height(w), area(w));
            case 0 -> Math.fma(wError, slope(w), height(w));
            case 1 -> Math.fma(wError, derivative(2, w, w - 1, 0), slope(w)) / (5 * softness);
            default -> higher(order, w, hi, lo, softness);
        };
        return mirrored(order, hi, lo, value);
    }

    private double higher(int order, double w, double hi, double lo, double softness) {
        if (Double.isNaN(w)) {
            return w;
        }
        double v = -Math.abs(hi) / (5 * softness);
        double vError = error(v, hi, lo, softness);
        double nearest = v + vError;
        double value = derivative(order, w, nearest, (v - nearest) + vError);
        for (int k = 0; k < order; k++) {
            value /= softness;
        }
        return value / POWERS_OF_5[Math.min(order, POWERS_OF_5.length - 1)];
    }

    @Override
    final double sign(double hi, double lo, double softness) {
        double v = -Math.abs(hi) / (5 * softness);
        if (v <= -2) {
            return Math.signum(hi);
        }
        v += error(v, hi, lo, softness);
        return Math.copySign(v <= -1 ? 1 : shortfall(1 + v, v), hi);
    }

    /// The error of `v = -|hi| / (5 s)`, whose divisor is rounded as well.
    private static double error(double v, double hi, double lo, double softness) {
        double reach = 5 * softness;
        double reachError = Math.fma(5, softness, -reach);
        return Compensated.quotientError(v, -Math.abs(hi), (hi > 0 ? -lo : lo) - v * reachError, reach);
    }

    @Override
    final double gated(double hi, double lo, double softness) {
        return hi <= -10 * softness ? 0 : hi * at(0, hi, lo, softness);
    }

    /// By Gauss' rule with three points, exact for polynomials up to degree 5.
    @Override
    final double narrowRise(double low, double lowError, double width, double softness) {
        return integral(1, low, lowError, width, softness);
    }

    /// By Gauss' rule again; the interval is around or left of 0 and so does not reach the upper knot.
    @Override
    final double narrowArea(double low, double lowError, double width, double softness) {
        return integral(0, low, lowError, width, softness);
    }

    /// The integral of `F(order)` from `low` to `low + width`, less what lies beyond the knots.
    private double integral(int order, double low, double lowError, double width, double softness) {
        double reach = 5 * softness;
        double high = low + width;
        if (low >= -reach && high <= reach) {
            return gauss(order, low + width / 2, lowError, width / 2, softness);
        }
        double reachError = Math.fma(5, softness, -reach);
        double startError = low < -reach ? -reachError : lowError;
        double endError = high > reach ? reachError : Compensated.sumError(low, width) + lowError;
        double start = Math.max(low, -reach);
        double end = Math.min(high, reach);
        double half = ((end - start) + (endError - startError)) / 2;
        return half > 0 ? gauss(order, (start + end) / 2, 0, half, softness) : 0;
    }

    private double gauss(int order, double middle, double error, double half, double softness) {
        double offset = GAUSS_NODE * half;
        double outer = at(order, middle - offset, error, softness) + at(order, middle + offset, error, softness);
        return half * Math.fma(5, outer, 8 * at(order, middle, error, softness)) / 9;
    }
}
