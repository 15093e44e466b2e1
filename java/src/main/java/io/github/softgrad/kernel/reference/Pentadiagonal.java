package io.github.softgrad.kernel.reference;

/// The matrix `L diag(s) L + diag(d)` with L = tridiag(-1, 2, -1) and positive s and d, factored without
/// pivoting.
record Pentadiagonal(double[] pivots, double[] first, double[] second) {

    static Pentadiagonal of(double[] s, double[] d) {
        int m = s.length;
        Pentadiagonal factors = new Pentadiagonal(new double[m], new double[m], new double[m]);
        for (int i = 0; i < m; i++) {
            double before = i == 0 ? 0 : s[i - 1];
            double after = i == m - 1 ? 0 : s[i + 1];
            double diagonal = 4 * s[i] + before + after + d[i];
            if (i > 1) {
                factors.second[i] = before / factors.pivots[i - 2];
                diagonal -= factors.second[i] * before;
            }
            if (i > 0) {
                double below = -2 * (before + s[i]) - (i > 1 ? before * factors.first[i - 1] : 0);
                factors.first[i] = below / factors.pivots[i - 1];
                diagonal -= factors.first[i] * below;
            }
            // Without rounding a pivot is never below its d.
            factors.pivots[i] = Math.max(diagonal, Math.max(d[i], 0x1p-1000));
        }
        return factors;
    }

    double[] solve(double[] right) {
        int m = right.length;
        double[] x = right.clone();
        for (int i = 1; i < m; i++) {
            x[i] -= first[i] * x[i - 1] + (i > 1 ? second[i] * x[i - 2] : 0);
        }
        for (int i = 0; i < m; i++) {
            x[i] /= pivots[i];
        }
        for (int i = m - 2; i >= 0; i--) {
            x[i] -= first[i + 1] * x[i + 1] + (i + 2 < m ? second[i + 2] * x[i + 2] : 0);
        }
        return x;
    }

    /// L v, where v is zero beyond its ends.
    static double[] secondDifferences(double[] v) {
        double[] result = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            result[i] = 2 * v[i] - (i > 0 ? v[i - 1] : 0) - (i + 1 < v.length ? v[i + 1] : 0);
        }
        return result;
    }
}
