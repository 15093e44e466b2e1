package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.Regularizer;
import java.util.Arrays;

/// Projection of one row onto the probability simplex, `argmax <x, y> - s R(y)`, and its vector-Jacobian product.
///
/// With u = (x - max x) / s the solution is `softmax(u)` for the entropy. For R(y) = (1/p) sum y^p the optimality
/// conditions give `y_i = [u_i - t]+^a` with a = 1 / (p - 1) and t such that the sum is one.
///
/// *Reference*: Martins and Astudillo, "From softmax to sparsemax", ICML 2016 (a = 1); Blondel, Martins and Niculae,
/// "Learning with Fenchel-Young losses", JMLR 21 (2020).
final class SimplexFormula {

    /// Newton's steps from one element to a million equal ones number about thirty.
    private static final int ITERATION_BOUND = 200;

    private SimplexFormula() {}

    static double[] project(Regularizer regularizer, double[] x, double softness) {
        double maximum = maximum(x);
        if (!Double.isFinite(maximum)) {
            return filled(x.length, Double.NaN);
        }
        double[] u = Arrays.stream(x).map(value -> (value - maximum) / softness).toArray();
        double[] y = regularizer == Regularizer.ENTROPY
                ? Arrays.stream(u).map(Math::exp).toArray()
                : powers(u, threshold(u, regularizer.exponent()), regularizer.exponent());
        double sum = sum(y);
        return Arrays.stream(y).map(mass -> mass / sum).toArray();
    }

    static double[] pull(Regularizer regularizer, double[] y, double softness, double[] g) {
        double[] w = Arrays.stream(y).map(mass -> weight(regularizer, mass)).toArray();
        double mean = weightedMean(w, g, 0);
        double rest = weightedMean(w, g, mean);
        double[] dx = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            dx[i] = w[i] * ((g[i] - mean) - rest) / softness;
        }
        return dx;
    }

    /// The root of `F(t) = sum [u_i - t]+^a - 1`. F is convex and decreasing, and not negative at -1 because the largest
    /// u is 0, so Newton's method from there approaches the root from the left; the first step back is rounding.
    private static double threshold(double[] u, int a) {
        double t = -1;
        for (int iteration = 0; iteration < ITERATION_BOUND; iteration++) {
            double step = (sum(powers(u, t, a)) - 1) / (a * sum(powers(u, t, a - 1)));
            t += step;
            if (!(step > 0)) {
                break;
            }
        }
        return t;
    }

    /// `[u_i - t]+^a`, where the power 0 tells whether the base is positive. NaN stays NaN.
    private static double[] powers(double[] u, double t, int a) {
        double[] result = new double[u.length];
        for (int i = 0; i < u.length; i++) {
            double base = Math.max(u[i] - t, 0);
            result[i] = switch (a) {
                case 0 -> Math.signum(base);
                case 1 -> base;
                case 2 -> base * base;
                default -> base * base * base;
            };
        }
        return result;
    }

    /// The derivative of `[u - t]+^a`, `a [u - t]+^(a-1)`, in terms of y = `[u - t]+^a`.
    private static double weight(Regularizer regularizer, double y) {
        return switch (regularizer) {
            case ENTROPY -> y;
            case SQUARED_EUCLIDEAN -> Math.signum(y);
            case NORM_3_2 -> 2 * Math.sqrt(y);
            case NORM_4_3 -> 3 * Math.cbrt(y) * Math.cbrt(y);
        };
    }

    /// `<w, g - shift> / <w, 1>`. Taken twice, the second time around the first result, it is exact for constant g.
    private static double weightedMean(double[] w, double[] g, double shift) {
        double products = 0;
        for (int i = 0; i < w.length; i++) {
            products += w[i] * (g[i] - shift);
        }
        return products / sum(w);
    }

    private static double maximum(double[] x) {
        return Arrays.stream(x).reduce(Double.NEGATIVE_INFINITY, Math::max);
    }

    /// Compensated, so that the reference is good to the last digits whatever the length.
    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static double[] filled(int length, double value) {
        double[] result = new double[length];
        Arrays.fill(result, value);
        return result;
    }
}
