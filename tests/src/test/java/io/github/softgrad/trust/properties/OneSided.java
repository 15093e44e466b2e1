package io.github.softgrad.trust.properties;

import java.util.function.DoubleFunction;

/// The derivatives of a function of one variable at 0, from one side alone: those of the polynomial through
/// Chebyshev nodes on that side, where the function has to be smooth.
final class OneSided {
    private static final int NODES = 12;

    /// Amply what the monomials of the polynomial make of roundings, for each order in units of the width.
    private static final double NOISE = 1e-9;

    private OneSided() {}

    /// For each order up to `highest` the derivatives of all components, on (0, width), or (width, 0) if that
    /// is negative.
    static double[][] derivatives(DoubleFunction<double[]> function, double width, int highest) {
        double[] nodes = new double[NODES];
        double[][] values = new double[NODES][];
        for (int k = 0; k < NODES; k++) {
            nodes[k] = 0.5 * (1 - Math.cos(Math.PI * (k + 0.5) / NODES));
            values[k] = function.apply(width * nodes[k]);
        }
        double[][] derivatives = new double[highest + 1][values[0].length];
        for (int component = 0; component < values[0].length; component++) {
            double[] coefficients = monomials(nodes, values, component);
            double factor = 1;
            for (int order = 0; order <= highest; order++) {
                derivatives[order][component] = coefficients[order] * factor;
                factor *= (order + 1) / width;
            }
        }
        return derivatives;
    }

    /// How exact a derivative of this order is, of values of about 1.
    static double error(int order, double width) {
        double error = NOISE;
        for (int k = 1; k <= order; k++) {
            error *= k / Math.abs(width);
        }
        return error;
    }

    /// Newton's divided differences, expanded.
    private static double[] monomials(double[] nodes, double[][] values, int component) {
        double[] differences = new double[NODES];
        for (int k = 0; k < NODES; k++) {
            differences[k] = values[k][component];
        }
        for (int order = 1; order < NODES; order++) {
            for (int k = NODES - 1; k >= order; k--) {
                differences[k] = (differences[k] - differences[k - 1]) / (nodes[k] - nodes[k - order]);
            }
        }
        double[] coefficients = new double[NODES];
        for (int k = NODES - 1; k >= 0; k--) {
            for (int power = NODES - 1; power > 0; power--) {
                coefficients[power] = coefficients[power - 1] - nodes[k] * coefficients[power];
            }
            coefficients[0] = differences[k] - nodes[k] * coefficients[0];
        }
        return coefficients;
    }
}
