package io.github.softgrad.kernel.reference;

import java.util.Arrays;

/// Smooth sums of the k largest w, `b_k = T log e_k(x)` with `x = exp(w / T)` and the elementary symmetric
/// polynomials e_k, for w in descending order.
///
/// They are kept as `excess_k = log(e_k / e_(k-1)) - w_k / T`, so that `b_k - b_(k-1) = w_k + T excess_k`.
final class BoundsFormula {

    private BoundsFormula() {}

    /// Adding one element x to the polynomials, `e_k += x e_(k-1)`, changes their ratios `r_k = e_k / e_(k-1)`
    /// to `r_(k-1) (r_k + x) / (r_(k-1) + x)`. Here each r_k and x stands divided by x_k.
    static double[] excess(double[] w, double temperature) {
        double[] ratio = new double[w.length];
        double[] x = new double[w.length];
        for (int j = 0; j < w.length; j++) {
            for (int k = 0; k <= j; k++) {
                x[k] = Math.exp((w[j] - w[k]) / temperature);
            }
            for (int k = j; k > 0; k--) {
                ratio[k] = ratio[k - 1] * (ratio[k] + x[k]) / (ratio[k - 1] + x[k - 1]);
            }
            ratio[0] += x[0];
        }
        return Arrays.stream(ratio).map(Math::log).toArray();
    }

    /// The cotangent of w from that of the increments `b_k - b_(k-1)`.
    ///
    /// `db_k / dw_i` is the probability p_k that i is in a random set of k elements drawn with weight `exp(sum
    /// w / T)`. As sets without i are drawn by the same rule, `p_k = (1 - p_(k-1)) x_i e_(k-1) / e_k` from p_0
    /// = 0 upwards, which is stable up to 1/2, and the same read backwards from p_n = 1, which is stable down
    /// to it.
    ///
    /// *Reference*: Chen, Dempster and Liu, "Weighted finite population sampling to maximize entropy",
    /// Biometrika 81 (1994).
    static double[] pull(double[] w, double temperature, double[] excess, double[] dc) {
        int n = w.length;
        double[] dw = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            int k = 0;
            double p = odds(w, temperature, excess, i, 0);
            while (p <= 0.5 && k < n - 1) {
                sum += p * (dc[k] - dc[k + 1]);
                k++;
                p = (1 - p) * odds(w, temperature, excess, i, k);
            }
            sum += dc[k];
            double complement = 0;
            for (int j = n - 1; j > k; j--) {
                complement = (1 - complement) / odds(w, temperature, excess, i, j);
                sum -= complement * (dc[j - 1] - dc[j]);
            }
            dw[i] = sum;
        }
        return dw;
    }

    /// `x_i e_(k-1) / e_k`, k counted from 0.
    private static double odds(double[] w, double temperature, double[] excess, int i, int k) {
        return Math.exp((w[i] - w[k]) / temperature - excess[k]);
    }

    /// The cotangent of T. b is homogeneous in w and T, so `T dc_k/dT = c_k - sum w_i dc_k/dw_i` by Euler's
    /// theorem, and the derivatives of c_k in w sum to one, so that the mean of w may be taken off.
    static double pullTemperature(double[] w, double temperature, double[] excess, double[] dc, double[] dw) {
        double mean = 0;
        for (double element : w) {
            mean += element / w.length;
        }
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
            sum += dc[k] * excess[k] + (w[k] - mean) / temperature * (dc[k] - dw[k]);
        }
        return sum;
    }
}
