package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.Regularizer;
import java.util.Arrays;

/// Projection of one row onto the probability simplex, `argmax <x, y> - s R(y)`, and its vector-Jacobian
/// product.
///
/// With u = (x - max x) / s the solution is `softmax(u)` for the entropy. For R(y) = (1/p) sum y^p the
/// optimality conditions give `y_i = [u_i - t]+^a` with a = 1 / (p - 1) and t such that the sum is one.
///
/// *Reference*: Martins and Astudillo, "From softmax to sparsemax", ICML 2016 (a = 1); Blondel, Martins and
/// Niculae, "Learning with Fenchel-Young losses", JMLR 21 (2020).
final class SimplexFormula {

    /// Newton's steps from one element to a million equal ones number about forty.
    private static final int ITERATION_BOUND = 200;

    private SimplexFormula() {}

    static double[] project(Regularizer regularizer, double[] x, double softness) {
        int n = x.length;
        double maximum = maximum(x);
        if (!Double.isFinite(maximum)) {
            return filled(n, Double.NaN);
        }
        double[] u = new double[n];
        for (int i = 0; i < n; i++) {
            u[i] = (x[i] - maximum) / softness;
        }
        int a = regularizer.exponent();
        double t = regularizer == Regularizer.ENTROPY ? 0 : threshold(u, a);
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = regularizer == Regularizer.ENTROPY ? Math.exp(u[i]) : power(Math.max(u[i] - t, 0), a);
        }
        double sum = sum(y);
        for (int i = 0; i < n; i++) {
            y[i] /= sum;
        }
        return y;
    }

    static double[] pull(Regularizer regularizer, double[] y, double softness, double[] g) {
        double[] w = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            w[i] = weight(regularizer, y[i]);
        }
        double mean = weightedMean(w, g, 0);
        double rest = weightedMean(w, g, mean);
        double[] dx = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            dx[i] = w[i] * ((g[i] - mean) - rest) / softness;
        }
        return dx;
    }

    /// The root of `F(t) = sum [u_i - t]+^a - 1`. F is convex and decreasing, and not negative at -1 because
    /// the largest u is 0, so Newton's method from there approaches the root from the left; the first step back
    /// is rounding.
    private static double threshold(double[] u, int a) {
        double t = -1;
        for (int iteration = 0; iteration < ITERATION_BOUND; iteration++) {
            double f = -1;
            double slope = 0;
            for (double element : u) {
                double excess = Math.max(element - t, 0);
                f += power(excess, a);
                slope += a * power(excess, a - 1);
            }
            double next = t + f / slope;
            if (!(next > t)) {
                return next;
            }
            t = next;
        }
        return t;
    }

    /// `base^a` for a base that is not negative; its power 0 tells whether it is positive. NaN stays NaN.
    private static double power(double base, int a) {
        return switch (a) {
            case 0 -> Math.signum(base);
            case 1 -> base;
            case 2 -> base * base;
            default -> base * base * base;
        };
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

    /// `<w, g - shift> / <w, 1>`. Taken twice, the second time around the first result, it is exact for
    /// constant g.
    private static double weightedMean(double[] w, double[] g, double shift) {
        double products = 0;
        for (int i = 0; i < w.length; i++) {
            products += w[i] * (g[i] - shift);
        }
        return products / sum(w);
    }

    private static double maximum(double[] x) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (double element : x) {
            maximum = Math.max(maximum, element);
        }
        return maximum;
    }

    /// Compensated, so that the reference is good to the last digits whatever the length (Kahan, CACM 8, 1965).
    private static double sum(double[] values) {
        double sum = 0;
        double lost = 0;
        for (double value : values) {
            double term = value - lost;
            double next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }
        return sum;
    }

    private static double[] filled(int length, double value) {
        double[] result = new double[length];
        Arrays.fill(result, value);
        return result;
    }
}
