package io.github.softgrad.kernel.reference;

/// Solves small symmetric positive semidefinite systems.
final class DenseCholesky {

    private DenseCholesky() {}

    /// An x with `H x = right` for H that is singular and right in its range: H gets `ridge` times its
    /// diagonal, at least `least`, added, and one step of refinement takes most of that out again.
    static double[] solve(double[][] h, double[] least, double ridge, double[] right) {
        int n = right.length;
        double[][] factor = new double[n][n];
        double largest = Double.MIN_NORMAL;
        for (int j = 0; j < n; j++) {
            largest = Math.max(largest, Math.max(h[j][j], least[j]));
        }
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = h[j][k];
                if (k == j) {
                    sum += ridge * Math.max(Math.max(h[j][j], least[j]), 1e-12 * largest);
                }
                double diagonal = sum;
                for (int l = 0; l < k; l++) {
                    sum -= factor[j][l] * factor[k][l];
                }
                factor[j][k] = k < j ? sum / factor[k][k] : Math.sqrt(Math.max(sum, 1e-16 * diagonal));
            }
        }
        double[] solution = substitute(factor, right);
        double[] rest = new double[n];
        for (int j = 0; j < n; j++) {
            rest[j] = right[j];
            for (int k = 0; k < n; k++) {
                rest[j] -= h[j][k] * (solution[k] - solution[j]);
            }
        }
        if (ridge < 1e-10) {
            double[] correction = substitute(factor, rest);
            for (int j = 0; j < n; j++) {
                solution[j] += correction[j];
            }
        }
        return solution;
    }

    private static double[] substitute(double[][] factor, double[] right) {
        int n = right.length;
        double[] x = right.clone();
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < j; k++) {
                x[j] -= factor[j][k] * x[k];
            }
            x[j] /= factor[j][j];
        }
        for (int j = n - 1; j >= 0; j--) {
            for (int k = j + 1; k < n; k++) {
                x[j] -= factor[k][j] * x[k];
            }
            x[j] /= factor[j][j];
        }
        return x;
    }
}
