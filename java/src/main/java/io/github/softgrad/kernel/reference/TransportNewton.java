package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;
import java.util.Arrays;

/// Solves `max <score, P> - s R(P)` over P with given sums, by Newton's method for the potentials a of the
/// columns.
///
/// The plan is `P_ij = phi(u_ij)`, `u_ij = (score_ij + a_j + b_i) / s`, with phi the exponential for the
/// entropy and `[u]+^e` for the norms. For any a the b_i that give the rows their sums are found exactly; with
/// `W = phi'(u)` the derivative of the column sums in a is `H = diag(W' 1) - W' diag(1 / W 1) W`. All matrices
/// are dense, and H is factorized.
///
/// *Reference*: Cuturi and Peyre, "Semidual regularized optimal transport", SIAM Review 60 (2018).
final class TransportNewton {

    private static final int TRIALS = 40;

    private final Problem problem;
    private final int e;
    private final double[][] score;
    private final double[] supply;
    private final double[] demand;
    private final double[] potential;
    private double[] level;
    private double softness;
    private double[][] plan;
    private double[] mass;

    TransportNewton(Problem problem, double[][] score, double[] supply, double[] demand) {
        this.problem = problem;
        this.e = problem.regularizer().exponent();
        this.score = score;
        this.supply = supply;
        this.demand = demand;
        this.potential = new double[demand.length];
        this.softness = problem.softness();
    }

    /// Goes down from a large softness, at which everything is connected, each solution the start of the next.
    TransportNewton anneal(Report report, int row) {
        double range = 0;
        for (double[] scores : score) {
            range = Math.max(range, -Arrays.stream(scores).min().orElse(0));
        }
        double first = Math.min(range / Math.pow(Arrays.stream(supply).max().orElse(1), e == 0 ? 0 : 1.0 / e), 1e300);
        for (softness = first; softness > 4 * problem.softness(); softness /= 4) {
            start();
            newton(0.05, problem.maxIterations(), report, row);
            absorb();
        }
        softness = problem.softness();
        return solve(report, row);
    }

    TransportNewton solve(Report report, int row) {
        start();
        newton(problem.tolerance(), problem.maxIterations(), report, row);
        return this;
    }

    /// The plan, or its logarithms if the problem asks for them.
    double[][] plan() {
        if (!problem.logarithms()) {
            return plan;
        }
        double[][] logarithms = new double[supply.length][demand.length];
        for (int i = 0; i < supply.length; i++) {
            for (int j = 0; j < demand.length; j++) {
                logarithms[i][j] = (score[i][j] + potential[j] + level[i]) / softness;
            }
        }
        return logarithms;
    }

    /// A few of Sinkhorn's iterations: in turn all columns and all rows get their sums.
    private void start() {
        evaluate();
        for (int sweep = 0; sweep < 3; sweep++) {
            double[] z = new double[supply.length];
            for (int j = 0; j < demand.length; j++) {
                for (int i = 0; i < z.length; i++) {
                    z[i] = score[i][j] + level[i];
                }
                potential[j] = shift(z, demand[j]);
            }
            evaluate();
        }
    }

    private void absorb() {
        for (int i = 0; i < supply.length; i++) {
            for (int j = 0; j < demand.length; j++) {
                score[i][j] = (score[i][j] + potential[j]) + level[i];
            }
        }
        Arrays.fill(potential, 0);
    }

    // --- the plan at a potential ------------------------------------------------------------------------------------

    private void evaluate() {
        plan = new double[supply.length][demand.length];
        level = new double[supply.length];
        mass = new double[demand.length];
        for (int i = 0; i < supply.length; i++) {
            double[] z = new double[demand.length];
            for (int j = 0; j < z.length; j++) {
                z[j] = score[i][j] + potential[j];
            }
            double largest = Arrays.stream(z).max().orElse(0);
            double threshold = threshold(z, largest, supply[i]);
            level[i] = -(largest + threshold * softness);
            double total = 0;
            for (int j = 0; j < z.length; j++) {
                plan[i][j] = phi((z[j] - largest) / softness - threshold);
                total += plan[i][j];
            }
            for (int j = 0; j < z.length; j++) {
                plan[i][j] *= supply[i] / total;
                mass[j] += plan[i][j];
            }
        }
    }

    /// The b with `sum phi((z_j + b) / s) = total`.
    private double shift(double[] z, double total) {
        double largest = Arrays.stream(z).max().orElse(0);
        return -(largest + threshold(z, largest, total) * softness);
    }

    /// The t with `sum phi((z_j - largest) / s - t) = total`.
    private double threshold(double[] z, double largest, double total) {
        if (e == 0) {
            double sum = 0;
            for (double element : z) {
                sum += Math.exp((element - largest) / softness);
            }
            return Math.log(sum / total);
        }
        double lowest = -Math.pow(total, 1.0 / e);
        double threshold = lowest;
        for (int iteration = 0; iteration < 200; iteration++) {
            double f = -total;
            double slope = 0;
            for (double element : z) {
                double excess = Math.max((element - largest) / softness - threshold, 0);
                f += Math.pow(excess, e);
                slope += excess > 0 ? e * Math.pow(excess, e - 1) : 0;
            }
            double next = threshold + f / slope;
            if (!(next > threshold)) {
                break;
            }
            threshold = next;
        }
        return threshold;
    }

    private double phi(double u) {
        return e == 0 ? Math.exp(u) : Math.pow(Math.max(u, 0), e);
    }

    /// The derivative of phi as a function of its value.
    private static double weight(int e, double value) {
        return e == 0 ? value : value > 0 ? e * Math.pow(value, (e - 1.0) / e) : 0;
    }

    // --- Newton's method --------------------------------------------------------------------------------------------

    private void newton(double tolerance, int bound, Report report, int row) {
        double ridge = 1e-9;
        double error = error();
        while (error > tolerance && report.iterations()[row] < bound) {
            double[] missing = missing();
            double[] step = step(missing, ridge);
            double longest =
                    e == 0 ? 20 : 8 * Math.pow(Arrays.stream(supply).max().orElse(1), 1.0 / e);
            while (Arrays.stream(step).map(Math::abs).max().orElse(0) > longest && ridge < 0.1) {
                ridge = ridge * 10;
                step = step(missing, ridge);
            }
            int trials = search(step, missing, tolerance);
            if (trials == TRIALS) {
                start();
            }
            ridge = Math.clamp(trials == 0 ? ridge * 0.01 : trials > 2 ? ridge * 10 : ridge, 1e-14, 0.1);
            error = error();
            report.iterations()[row]++;
        }
        report.residuals()[row] = error;
    }

    private double[] step(double[] missing, double ridge) {
        double[][] weights = new double[supply.length][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Arrays.stream(plan[i]).map(value -> weight(e, value)).toArray();
        }
        double[] least = Arrays.stream(demand).map(value -> weight(e, value)).toArray();
        return DenseCholesky.solve(laplacian(weights), least, ridge, missing);
    }

    /// `diag(W' 1) - W' diag(1 / W 1) W`.
    private static double[][] laplacian(double[][] weights) {
        int m = weights[0].length;
        double[][] h = new double[m][m];
        for (double[] row : weights) {
            double total = Arrays.stream(row).sum();
            for (int j = 0; j < m; j++) {
                for (int k = 0; k < j; k++) {
                    double link = row[j] * row[k] / total;
                    h[j][k] -= link;
                    h[k][j] -= link;
                    h[j][j] += link;
                    h[k][k] += link;
                }
            }
        }
        return h;
    }

    /// Moves along the step until the derivative of the concave dual along it has fallen to half, but nowhere
    /// where a column loses nearly all it has. Returns the number of trials beyond the first.
    private int search(double[] step, double[] missing, double tolerance) {
        double[] start = potential.clone();
        double[] before = mass.clone();
        double slopeAtStart = dot(missing, step);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double length = 1;
        for (int trial = 0; trial < TRIALS; trial++) {
            move(start, step, length);
            boolean cutsOff = cutsOff(before);
            double slope = dot(missing(), step);
            if (!cutsOff && (Math.abs(slope) <= 0.5 * slopeAtStart || error() <= tolerance)) {
                return trial;
            }
            if (slope > 0 && !cutsOff) {
                low = length;
            } else {
                high = length;
            }
            length = high == Double.POSITIVE_INFINITY ? 2 * length : low + 0.5 * (high - low);
        }
        move(start, step, low);
        return TRIALS;
    }

    private void move(double[] start, double[] step, double length) {
        for (int j = 0; j < potential.length; j++) {
            potential[j] = start[j] + length * softness * step[j];
        }
        evaluate();
    }

    private boolean cutsOff(double[] before) {
        for (int j = 0; j < mass.length; j++) {
            if (mass[j] < (before[j] < 0.1 * demand[j] ? 0.5 * before[j] : 0.05 * demand[j])) {
                return true;
            }
        }
        return false;
    }

    /// Demand - mass; the largest demand bears the rounding of all sums, so that the total is zero.
    private double[] missing() {
        double[] missing = new double[demand.length];
        int largest = 0;
        double total = 0;
        for (int j = 0; j < demand.length; j++) {
            missing[j] = demand[j] - mass[j];
            total += missing[j];
            largest = demand[j] > demand[largest] ? j : largest;
        }
        missing[largest] -= total;
        return missing;
    }

    private double error() {
        double least = e == 0 ? 0 : 1e-3 * Arrays.stream(supply).max().orElse(0);
        double error = 0;
        for (int j = 0; j < demand.length; j++) {
            error = Math.max(error, Math.abs(demand[j] - mass[j]) / Math.max(demand[j], least));
        }
        return error;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    // --- derivatives ------------------------------------------------------------------------------------------------

    /// The cotangent of the costs: `(W_ij (alpha_i + beta_j) - U_ij) / s`, where U = W * g, or g itself for
    /// logarithms, is first made to sum to zero in rows, and (alpha, beta) makes its column sums zero as well.
    static double[][] pull(Problem problem, double[][] plan, double[][] g) {
        int e = problem.regularizer().exponent();
        int n = plan.length;
        int m = plan[0].length;
        double[][] weights = new double[n][m];
        double[][] u = new double[n][m];
        double[] sums = new double[m];
        double[] columns = new double[m];
        for (int i = 0; i < n; i++) {
            double total = 0;
            double row = 0;
            for (int j = 0; j < m; j++) {
                weights[i][j] = weight(e, plan[i][j]);
                u[i][j] = problem.logarithms() ? g[i][j] : weights[i][j] * g[i][j];
                total += weights[i][j];
                columns[j] += weights[i][j];
                row += u[i][j];
            }
            double mean = row / total;
            double rest = problem.logarithms() ? 0 : centredMean(weights[i], g[i], mean, total);
            for (int j = 0; j < m; j++) {
                u[i][j] = problem.logarithms()
                        ? g[i][j] - weights[i][j] * mean
                        : weights[i][j] * ((g[i][j] - mean) - rest);
                sums[j] += u[i][j];
            }
        }
        double[] beta = DenseCholesky.solve(laplacian(weights), columns, 1e-14, sums);
        for (int i = 0; i < n; i++) {
            double alpha = -dot(weights[i], beta) / Arrays.stream(weights[i]).sum();
            for (int j = 0; j < m; j++) {
                u[i][j] = (weights[i][j] * (alpha + beta[j]) - u[i][j]) / problem.softness();
            }
        }
        return u;
    }

    /// The mean of what a first mean leaves: exact where the cotangent is nearly constant.
    private static double centredMean(double[] weights, double[] g, double mean, double total) {
        double sum = 0;
        for (int j = 0; j < g.length; j++) {
            sum += weights[j] * (g[j] - mean);
        }
        return sum / total;
    }
}
