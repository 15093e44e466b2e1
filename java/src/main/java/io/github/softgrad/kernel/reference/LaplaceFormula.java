package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.LaplaceKernels;

/// Sums of Laplace distribution functions, term by term, and their inverse by bisection.
final class LaplaceFormula implements LaplaceKernels {

    /// Beyond so many softnesses from all points the distribution functions are 0 or 1 to the last digit of n.
    private static final double FAR = 64;

    @Override
    public void thresholds(int rows, int n, double[] x, double softness, double[] b) {
        LaplaceKernels.checkThresholds(rows, n, x, softness, b);
        for (int row = 0; row < rows; row++) {
            for (int k = 1; k < n; k++) {
                b[row * (n - 1) + k - 1] = place(k, x, row * n, n, softness);
            }
        }
    }

    /// Halves the interval until its ends are neighbouring numbers.
    private static double place(int k, double[] x, int from, int n, double softness) {
        double spread = 0;
        for (int i = from; i < from + n; i++) {
            spread += x[i] - x[i];
        }
        if (spread != 0) {
            return Double.NaN;
        }
        double low = x[from] - FAR * softness;
        double high = x[from + n - 1] + FAR * softness;
        for (double middle = low + (high - low) / 2; low < middle && middle < high; middle = low + (high - low) / 2) {
            if (excess(k, middle, x, from, n, softness) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low + (high - low) / 2;
    }

    /// `sum_i F((t - x_i) / s) - k`, where what is near 1 counts as 1 less a small number, so that nothing
    /// cancels.
    private static double excess(int k, double t, double[] x, int from, int n, double softness) {
        int below = 0;
        double tails = 0;
        for (int i = from; i < from + n; i++) {
            double tail = 0.5 * Math.exp(-Math.abs(t - x[i]) / softness);
            below += x[i] <= t ? 1 : 0;
            tails += x[i] <= t ? -tail : tail;
        }
        return below - k + tails;
    }

    @Override
    public void sums(
            int rows,
            int n,
            int m,
            double[] x,
            double[] v,
            double[] at,
            double softness,
            double[] below,
            double[] left,
            double[] right) {
        LaplaceKernels.checkSums(rows, n, m, x, v, at, softness, below, left, right);
        for (int k = 0; k < rows * m; k++) {
            below[k] = 0;
            left[k] = 0;
            right[k] = 0;
            for (int i = k / m * n; i < k / m * n + n; i++) {
                double term = v[i] * Math.exp(-Math.abs(at[k] - x[i]) / softness);
                if (x[i] > at[k]) {
                    right[k] += term;
                } else {
                    below[k] += v[i];
                    left[k] += term;
                }
            }
        }
    }
}
