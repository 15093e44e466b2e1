package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.IsotonicKernels;
import io.github.softgrad.kernel.Regularizer;
import java.util.Arrays;

/// Isotonic regression of one row after the other by pooling adjacent violators, and its vector-Jacobian
/// product.
///
/// The solution is `y_i = phi(z_i / s - gamma)` with levels gamma that do not increase along the row. Each
/// position starts as a pool with the level at which its y is its w; while the last pool's level is above that
/// of the one before, the two become one, whose level makes its y add up to its w. Levels are counted from `z /
/// s` of the pool's first position, so nothing large is ever subtracted.
///
/// *Reference*: Blondel, Teboul, Berthet and Djolonga, "Fast differentiable sorting and ranking", ICML 2020,
/// section 4; Best, Chakravarti and Ubhaya, SIAM J. Optim. 10 (2000).
final class IsotonicFormula implements IsotonicKernels {

    /// Newton's steps are few, and so are the halvings between them.
    private static final int ITERATION_BOUND = 200;

    @Override
    public void project(
            Regularizer regularizer,
            int rows,
            int n,
            double[] z,
            double softness,
            double[] w,
            double[] y,
            long[] first) {
        IsotonicKernels.checkProject(rows, n, z, softness, w, y, first);
        for (int at = 0; at < rows * n; at += n) {
            Row row = new Row(
                    regularizer, Arrays.copyOfRange(z, at, at + n), softness, Arrays.copyOfRange(w, at, at + n));
            row.project(y, first, at);
        }
    }

    /// One row of the arguments; a pool is the range from `begin` to before `end`.
    private record Row(Regularizer regularizer, double[] z, double softness, double[] w) {

        void project(double[] y, long[] first, int at) {
            int n = z.length;
            if (!isFinite(z) || !isFinite(w)) {
                Arrays.fill(y, at, at + n, Double.NaN);
                Arrays.setAll(w, i -> first[at + i] = i);
                return;
            }
            int[] begins = new int[n + 1];
            double[] levels = new double[n];
            int pools = 0;
            for (int i = 0; i < n; i++) {
                begins[pools] = i;
                levels[pools] = level(i, i + 1);
                while (pools > 0 && levels[pools - 1] < levels[pools] + u(begins[pools - 1], begins[pools])) {
                    pools--;
                    levels[pools] = level(begins[pools], i + 1);
                }
                begins[++pools] = i + 1;
            }
            for (int pool = 0; pool < pools; pool++) {
                int begin = begins[pool];
                int end = begins[pool + 1];
                for (int i = begin; i < end; i++) {
                    y[at + i] = end - begin == 1 ? w[i] : phi(u(begin, i) - levels[pool]);
                    first[at + i] = begin;
                }
            }
        }

        /// `z / s` of a position, counted from that of another.
        private double u(int from, int position) {
            return (z[position] - z[from]) / softness;
        }

        private double phi(double t) {
            return switch (regularizer) {
                case ENTROPY, SQUARED_EUCLIDEAN -> t;
                case NORM_3_2 -> t * Math.abs(t);
                case NORM_4_3 -> t * t * t;
            };
        }

        private double inverse(double w) {
            return switch (regularizer) {
                case ENTROPY, SQUARED_EUCLIDEAN -> w;
                case NORM_3_2 -> Math.signum(w) * Math.sqrt(Math.abs(w));
                case NORM_4_3 -> Math.cbrt(w);
            };
        }

        private double slope(double t) {
            return switch (regularizer) {
                case ENTROPY, SQUARED_EUCLIDEAN -> 1;
                case NORM_3_2 -> 2 * Math.abs(t);
                case NORM_4_3 -> 3 * t * t;
            };
        }

        private double level(int begin, int end) {
            if (end - begin == 1) {
                return -inverse(w[begin]);
            }
            return regularizer == Regularizer.ENTROPY ? logarithmicLevel(begin, end) : root(begin, end);
        }

        /// `log sum exp(z / s) - log sum exp(w)`.
        private double logarithmicLevel(int begin, int end) {
            double ofZ = 0;
            double ofW = 0;
            for (int i = begin; i < end; i++) {
                ofZ += Math.exp(u(begin, i));
                ofW += Math.exp(w[i] - w[begin]);
            }
            return Math.log(ofZ / ofW) - w[begin];
        }

        /// The root of `sum phi(u - level) - w`, which falls with the level: Newton's method, or halving where
        /// it would leave the interval between the levels that the positions would have alone.
        private double root(int begin, int end) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = begin; i < end; i++) {
                low = Math.min(low, u(begin, i) - inverse(w[i]));
                high = Math.max(high, u(begin, i) - inverse(w[i]));
            }
            double level = low + (high - low) / 2;
            for (int iteration = 0; iteration < ITERATION_BOUND; iteration++) {
                double surplus = 0;
                double slope = 0;
                for (int i = begin; i < end; i++) {
                    double t = u(begin, i) - level;
                    surplus += phi(t) - w[i];
                    slope += slope(t);
                }
                if (surplus == 0) {
                    return level;
                }
                if (surplus > 0) {
                    low = level;
                } else {
                    high = level;
                }
                double newton = level + surplus / slope;
                double next = newton >= low && newton <= high ? newton : low + (high - low) / 2;
                if (Math.abs(next - level) <= Math.ulp(level)) {
                    return next;
                }
                level = next;
            }
            return level;
        }
    }

    @Override
    public void vjp(
            Regularizer regularizer,
            int rows,
            int n,
            double[] w,
            double softness,
            double[] y,
            long[] first,
            double[] g,
            double[] dz,
            double[] dw) {
        IsotonicKernels.checkVjp(rows, n, w, softness, y, first, g, dz, dw);
        for (int begin = 0, end; begin < rows * n; begin = end) {
            end = begin + 1;
            while (end % n != 0 && first[end] == first[begin]) {
                end++;
            }
            if (regularizer == Regularizer.ENTROPY) {
                pullMasses(begin, end, w, softness, y, g, dz, dw);
            } else {
                pullPowers(regularizer.exponent(), begin, end, softness, y, g, dz, dw);
            }
        }
    }

    private static void pullPowers(
            int a, int begin, int end, double softness, double[] y, double[] g, double[] dz, double[] dw) {
        double weights = 0;
        double products = 0;
        double plain = 0;
        for (int i = begin; i < end; i++) {
            weights += weight(a, y[i]);
            products += weight(a, y[i]) * (g[i] - g[begin]);
            plain += g[i] - g[begin];
        }
        double mean = weights == 0 ? plain / (end - begin) : products / weights;
        for (int i = begin; i < end; i++) {
            dz[i] = a * weight(a, y[i]) * ((g[i] - g[begin]) - mean) / softness;
            dw[i] = g[begin] + mean;
        }
    }

    /// `|phi^-1(y)|^(a - 1)`.
    private static double weight(int a, double y) {
        return switch (a) {
            case 1 -> 1 + 0 * y; // NaN stays NaN
            case 2 -> Math.sqrt(Math.abs(y));
            default -> Math.cbrt(y) * Math.cbrt(y);
        };
    }

    private static void pullMasses(
            int begin, int end, double[] w, double softness, double[] y, double[] g, double[] dz, double[] dw) {
        double masses = 0;
        double massesOfW = 0;
        double sum = 0;
        for (int i = begin; i < end; i++) {
            masses += Math.exp(y[i] - y[begin]);
            massesOfW += Math.exp(w[i] - w[begin]);
            sum += g[i] + 0 * y[i]; // NaN stays NaN
        }
        for (int i = begin; i < end; i++) {
            dz[i] = (g[i] - Math.exp(y[i] - y[begin]) / masses * sum) / softness;
            dw[i] = Math.exp(w[i] - w[begin]) / massesOfW * sum;
        }
    }

    private static boolean isFinite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }
}
