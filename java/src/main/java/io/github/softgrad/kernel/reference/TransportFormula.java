package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.TransportKernels;
import java.util.Arrays;
import java.util.Comparator;

/// Optimal transport by Newton's method on dense matrices; see [TransportNewton].
final class TransportFormula implements TransportKernels {

    @Override
    public void plan(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] cost,
            double[] mu,
            double[] nu,
            double[] plan,
            Report report) {
        TransportKernels.checkPlan(rows, n, m, cost, mu, nu, plan, report);
        for (int row = 0; row < rows; row++) {
            int at = row * n * m;
            if (!isFinite(cost, at, n * m)) {
                Arrays.fill(plan, at, at + n * m, Double.NaN);
                continue;
            }
            double[][] score = new double[n][m];
            for (int i = 0; i < n; i++) {
                double least = Double.POSITIVE_INFINITY;
                for (int j = 0; j < m; j++) {
                    least = Math.min(least, cost[at + i * m + j]);
                }
                for (int j = 0; j < m; j++) {
                    score[i][j] = least - cost[at + i * m + j];
                }
            }
            double[][] solved = new TransportNewton(problem, score, mu, nu)
                    .anneal(report, row)
                    .plan();
            for (int i = 0; i < n; i++) {
                System.arraycopy(solved[i], 0, plan, at + i * m, m);
            }
        }
    }

    @Override
    public void planVjp(Problem problem, int rows, int n, int m, double[] plan, double[] g, double[] dcost) {
        TransportKernels.checkPlanVjp(rows, n, m, plan, g, dcost);
        for (int row = 0; row < rows; row++) {
            double[][] p = new double[n][];
            double[][] cotangent = new double[n][];
            for (int i = 0; i < n; i++) {
                int at = (row * n + i) * m;
                p[i] = Arrays.copyOfRange(plan, at, at + m);
                cotangent[i] = Arrays.copyOfRange(g, at, at + m);
            }
            double[][] pulled = TransportNewton.pull(problem, p, cotangent);
            for (int i = 0; i < n; i++) {
                System.arraycopy(pulled[i], 0, dcost, (row * n + i) * m, m);
            }
        }
    }

    @Override
    public void line(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] x,
            double[] anchors,
            double[] shares,
            double[] plan,
            Report report) {
        TransportKernels.checkLine(rows, n, m, x, anchors, shares, plan, report);
        double[] supply = new double[n];
        Arrays.fill(supply, 1.0 / n);
        double[] demand = Arrays.stream(shares, 0, m).map(share -> share / n).toArray();
        for (int row = 0; row < rows; row++) {
            int at = row * n * m;
            if (!isFinite(x, row * n, n)) {
                Arrays.fill(plan, at, at + n * m, Double.NaN);
                continue;
            }
            double[][] score = lineScores(Arrays.copyOfRange(x, row * n, (row + 1) * n), anchors, shares, m);
            double[][] solved = new TransportNewton(problem, score, supply, demand)
                    .solve(report, row)
                    .plan();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    double mass = solved[i][j];
                    plan[at + j * n + i] = problem.logarithms() ? mass + Math.log(n) : mass * n;
                }
            }
        }
    }

    @Override
    public void lineVjp(
            Problem problem, int rows, int n, int m, double[] anchors, double[] plan, double[] g, double[] dx) {
        TransportKernels.checkLineVjp(rows, n, m, anchors, plan, g, dx);
        for (int row = 0; row < rows; row++) {
            double[][] p = new double[n][m];
            double[][] cotangent = new double[n][m];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    int at = (row * m + j) * n + i;
                    p[i][j] = plan[at] / n;
                    cotangent[i][j] = problem.logarithms() ? g[at] : g[at] * n;
                }
            }
            double[][] dcost = TransportNewton.pull(problem, p, cotangent);
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < m; j++) {
                    sum += dcost[i][j] * (anchors[j] - anchors[0]);
                }
                dx[row * n + i] = -2 * sum;
            }
        }
    }

    /// `-(x_i - y_j)²` without the potentials of the hard plan, which gives the points in order to the anchors
    /// in order: `-2 sum |y_(k+1) - y_k| |x_i - t_k|` over k from the anchor of x_i to j, with t_k halfway
    /// between the last point of anchor k and the first of the next.
    private static double[][] lineScores(double[] x, double[] anchors, double[] shares, int m) {
        int n = x.length;
        Comparator<Integer> byValue = Comparator.comparingDouble(i -> x[i]);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, m > 1 && anchors[0] > anchors[1] ? byValue.reversed() : byValue);
        double[][] score = new double[n][m];
        double[] last = new double[m];
        double[] following = new double[m];
        int[] anchor = new int[n];
        for (int j = 0, next = 0; j < m; j++) {
            for (int end = next + (int) shares[j]; next < end; next++) {
                anchor[order[next]] = j;
            }
            last[j] = x[order[next - 1]];
            following[j] = x[order[Math.min(next, n - 1)]];
        }
        for (int i = 0; i < n; i++) {
            for (int j = anchor[i] + 1; j < m; j++) {
                double twice = Math.abs((x[i] - last[j - 1]) + (x[i] - following[j - 1]));
                score[i][j] = score[i][j - 1] - Math.abs(anchors[j] - anchors[j - 1]) * twice;
            }
            for (int j = anchor[i] - 1; j >= 0; j--) {
                double twice = Math.abs((x[i] - last[j]) + (x[i] - following[j]));
                score[i][j] = score[i][j + 1] - Math.abs(anchors[j + 1] - anchors[j]) * twice;
            }
        }
        return score;
    }

    private static boolean isFinite(double[] values, int offset, int count) {
        return Arrays.stream(values, offset, offset + count).allMatch(Double::isFinite);
    }
}
