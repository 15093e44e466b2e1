package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.MajorizationKernels;
import java.util.Arrays;

/// The smooth majorization sort of one row after the other, and its vector-Jacobian product.
///
/// With a = z / softness, increments c_k = b_k - b_(k-1), slacks s_k = b_k - (y_1 + .. + y_k) and distances
/// d_k = y_k - y_(k+1), the optimality conditions of the maximum are
///
/// ```
/// y = c - D' s,   D y = d,   s = exp(-(D a + L beta)),   d = exp(-beta)
/// ```
///
/// where D takes the n - 1 first differences v_k - v_(k+1), D' is its transpose and L = D D' takes second
/// differences. So beta solves `D c = L s + d`, which is the gradient of a convex function with the Hessian `L
/// diag(s) L + diag(d)`: damped Newton steps. Everything but c and y is in units of the mean of D c.
///
/// *Reference*: arXiv 2603.08824, section 4.
final class MajorizationFormula implements MajorizationKernels {

    private static final int ITERATION_BOUND = 500;

    @Override
    public void project(int rows, int n, double[] z, double[] w, double softness, double[] y, Solution solution) {
        MajorizationKernels.checkProject(rows, n, z, w, softness, y, solution);
        for (int row = 0; row < rows && n > 0; row++) {
            int at = row * n;
            Row of = new Row(Arrays.copyOfRange(z, at, at + n), Arrays.copyOfRange(w, at, at + n), softness);
            of.project(y, solution, row);
        }
    }

    @Override
    public void vjp(
            int rows,
            int n,
            double[] z,
            double[] w,
            double softness,
            Solution solution,
            double[] g,
            double[] dz,
            double[] dw,
            double[] dsoftness) {
        MajorizationKernels.checkVjp(rows, n, z, w, softness, solution, g, dz, dw, dsoftness);
        for (int row = 0; row < rows && n > 0; row++) {
            int at = row * n;
            Row of = new Row(Arrays.copyOfRange(z, at, at + n), Arrays.copyOfRange(w, at, at + n), softness);
            of.pull(solution, Arrays.copyOfRange(g, at, at + n), dz, dw, dsoftness, row);
        }
    }

    /// One row of the arguments.
    private record Row(double[] z, double[] w, double softness) {

        int n() {
            return z.length;
        }

        double temperature() {
            return Math.min(softness, 1);
        }

        void project(double[] y, Solution solution, int row) {
            int n = n();
            double[] duals = solution.duals();
            solution.iterations()[row] = 0;
            solution.residuals()[row] = 0;
            if (!isFinite(z) || !isFinite(w)) {
                Arrays.fill(y, row * n, (row + 1) * n, Double.NaN);
                Arrays.fill(duals, 3 * row * n, 3 * (row + 1) * n, Double.NaN);
                return;
            }
            double[] excess = BoundsFormula.excess(w, temperature());
            double unit = unit(excess);
            MajorizationNewton newton = new MajorizationNewton(gaps(unit), falls(excess, unit), Math.log(unit));
            newton.run(ITERATION_BOUND);
            for (int k = 0; k < n; k++) {
                double step = newton.slack(k) - newton.slack(k - 1);
                y[row * n + k] = w[k] + (temperature() * excess[k] - unit * step);
                duals[3 * row * n + k] = excess[k];
                duals[3 * row * n + n + k] = newton.slack(k);
                duals[3 * row * n + 2 * n + k] = newton.distance(k);
            }
            solution.iterations()[row] = newton.iterations();
            solution.residuals()[row] = newton.residual();
        }

        /// The mean of D c.
        private double unit(double[] excess) {
            int m = n() - 1;
            double mean = m == 0 ? 1 : w[0] / m - w[m] / m + temperature() * (excess[0] - excess[m]) / m;
            return Math.max(mean, Double.MIN_NORMAL);
        }

        /// D a, no larger than what makes a slack vanish whatever beta is, and what the unit adds to L beta.
        private double[] gaps(double unit) {
            int m = n() - 1;
            double[] gaps = new double[m];
            for (int k = 0; k < m; k++) {
                int ends = (k == 0 ? 1 : 0) + (k == m - 1 ? 1 : 0);
                gaps[k] = Math.min((z[k] - z[k + 1]) / softness, 4096) + Math.log(unit) * (1 - ends);
            }
            return gaps;
        }

        /// D c in units.
        private double[] falls(double[] excess, double unit) {
            double[] falls = new double[n() - 1];
            Arrays.setAll(falls, k -> (w[k] - w[k + 1] + temperature() * (excess[k] - excess[k + 1])) / unit);
            return falls;
        }

        /// Differentiating the conditions: with h = D g, `H p = L diag(s) h` for the Hessian H, `u = diag(s) (h
        /// - L p)` is the cotangent of D a and `dc = g - D' p` that of c.
        void pull(Solution solution, double[] g, double[] dz, double[] dw, double[] dsoftness, int row) {
            int n = n();
            int at = 3 * row * n;
            double[] excess = Arrays.copyOfRange(solution.duals(), at, at + n);
            double[] slack = Arrays.copyOfRange(solution.duals(), at + n, at + 2 * n - 1);
            double[] distance = Arrays.copyOfRange(solution.duals(), at + 2 * n, at + 3 * n - 1);
            if (!isFinite(g) || !isFinite(excess)) {
                Arrays.fill(dz, row * n, (row + 1) * n, Double.NaN);
                Arrays.fill(dw, row * n, (row + 1) * n, Double.NaN);
                dsoftness[row] = Double.NaN;
                return;
            }
            double[] right = new double[n - 1];
            Arrays.setAll(right, k -> slack[k] * (g[k] - g[k + 1]));
            double[] p = Pentadiagonal.of(slack, distance).solve(Pentadiagonal.secondDifferences(right));
            double[] bend = Pentadiagonal.secondDifferences(p);
            double[] dc = new double[n];
            double unit = unit(excess);
            double sum = 0;
            for (int k = 0; k < n; k++) {
                double before = k == 0 ? 0 : unit * slack[k - 1] * (g[k - 1] - g[k] - bend[k - 1]);
                double here = k == n - 1 ? 0 : unit * slack[k] * (g[k] - g[k + 1] - bend[k]);
                dc[k] = g[k] - (k == n - 1 ? 0 : p[k]) + (k == 0 ? 0 : p[k - 1]);
                dz[row * n + k] = (here - before) / softness;
                sum -= k == n - 1 ? 0 : here * ((z[k] - z[k + 1]) / softness) / softness;
            }
            double[] ofW = BoundsFormula.pull(w, temperature(), excess, dc);
            System.arraycopy(ofW, 0, dw, row * n, n);
            double kept = softness < 1 ? 1 : softness > 1 ? 0 : 0.5;
            dsoftness[row] = sum + kept * BoundsFormula.pullTemperature(w, temperature(), excess, dc, ofW);
        }
    }

    private static boolean isFinite(double[] x) {
        return Arrays.stream(x).allMatch(Double::isFinite);
    }
}
