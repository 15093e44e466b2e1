package io.github.softgrad.kernel.reference;

import java.util.Arrays;

/// Damped Newton steps for the dual of a smooth majorization problem: `falls = L s + d` with `s = exp(-(gaps +
/// L beta))` and `d = exp(-beta)`.
///
/// No term of the function whose gradient this is grows faster than `exp(t growth)` along t times a step, with
/// growth the largest entry of minus the step and of minus L times the step. So its slope along the step is not
/// yet positive at `t = log(1 + growth) / growth`.
///
/// *Reference*: Sun and Tran-Dinh, "Generalized self-concordant functions", Mathematical Programming 178
/// (2019).
final class MajorizationNewton {

    /// Smaller steps converge quadratically.
    private static final double SETTLED = 0.125;

    private final double[] gaps;
    private final double[] falls;
    private final double[] beta;
    private double[] alpha;
    private double[] slacks;
    private double[] distances;
    private double[] descent;
    private double residual;
    private int iterations;

    /// Both ends in one, for a single pair, would make a slack of the size of beta = 0 enormous.
    MajorizationNewton(double[] gaps, double[] falls, double logUnit) {
        this.gaps = gaps;
        this.falls = falls;
        beta = new double[gaps.length];
        Arrays.fill(beta, beta.length == 1 ? Math.max(logUnit / 2, 0) : 0);
        follow();
        evaluate();
    }

    int iterations() {
        return iterations;
    }

    double residual() {
        return residual;
    }

    /// s_k, or zero beyond the ends.
    double slack(int k) {
        return k < 0 || k >= slacks.length ? 0 : slacks[k];
    }

    /// d_k, or zero beyond the end.
    double distance(int k) {
        return k >= distances.length ? 0 : distances[k];
    }

    void run(int bound) {
        boolean settled = false;
        while (residual > 0x1p-53 && iterations < bound) {
            double[] step = Pentadiagonal.of(slacks, distances).solve(descent);
            double[] bend = Pentadiagonal.secondDifferences(step);
            double growth = Math.max(largest(step, -1), largest(bend, -1));
            boolean small = growth < SETTLED && largest(step, 1) < SETTLED && largest(bend, 1) < SETTLED;
            double length = growth > 0 ? Math.log1p(growth) / growth : 1;
            for (int i = 0; i < beta.length; i++) {
                beta[i] += length * step[i];
                alpha[i] += length * bend[i];
            }
            if (!small) {
                follow();
            }
            double before = residual;
            evaluate();
            iterations++;
            if (settled && !(residual < before / 2)) {
                break;
            }
            settled = small;
        }
    }

    /// Takes alpha from beta. Small steps are added to both instead: where beta is large, its rounding shows in
    /// L beta.
    private void follow() {
        alpha = Pentadiagonal.secondDifferences(beta);
        Arrays.setAll(alpha, i -> alpha[i] + gaps[i]);
    }

    private void evaluate() {
        slacks = exponentials(alpha);
        distances = exponentials(beta);
        descent = Pentadiagonal.secondDifferences(slacks);
        Arrays.setAll(descent, i -> descent[i] + distances[i] - falls[i]);
        double size = Math.max(Math.max(largest(slacks, 1), largest(distances, 1)), largest(falls, 1));
        residual = Math.max(largest(descent, 1), largest(descent, -1)) / (size > 0 ? size : 1);
    }

    private static double[] exponentials(double[] v) {
        return Arrays.stream(v).map(x -> Math.exp(Math.min(-x, 700))).toArray();
    }

    /// The largest entry of v times the sign, at least zero.
    private static double largest(double[] v, int sign) {
        double largest = 0;
        for (double element : v) {
            largest = Math.max(largest, sign * element);
        }
        return largest;
    }
}
