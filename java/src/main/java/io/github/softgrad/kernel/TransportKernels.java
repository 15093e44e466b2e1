package io.github.softgrad.kernel;

import java.util.Optional;

/// Regularized optimal transport: the plan P that minimises `<cost, P> + softness R(P)` over non-negative
/// matrices with given sums of rows and columns.
///
/// Conventions and errors are those of [Kernels]; a matrix that becomes NaN has the residual 0.
public interface TransportKernels {

    /// What a plan is asked for.
    ///
    /// @param regularizer R; for a norm it is summed over all entries
    /// @param softness a finite number above zero
    /// @param tolerance the residual at which the solver stops
    /// @param maxIterations the steps of Newton's method after which it gives up
    /// @param logarithms whether the logarithms of the plan are written, and pulled back, in its place (entropy
    ///     only)
    record Problem(Regularizer regularizer, double softness, double tolerance, int maxIterations, boolean logarithms) {

        public Problem {
            KernelArguments.requireSoftness(softness);
            if (logarithms && regularizer != Regularizer.ENTROPY) {
                throw new IllegalArgumentException("only the entropy has finite logarithms, not " + regularizer);
            }
        }
    }

    /// What the solver says about each matrix of a batch.
    ///
    /// @param iterations the steps of Newton's method
    /// @param residuals the largest error of a sum of the plan, relative to that sum; for a norm, sums below a
    ///     thousandth of the largest one on the longer side count as such
    record Report(long[] iterations, double[] residuals) {

        /// Memory for a report on so many matrices.
        public static Report of(int rows) {
            return new Report(new long[rows], new double[rows]);
        }
    }

    /// Writes the plans (rows x n x m) for the costs (rows x n x m), the row sums `mu` (n) and the column sums
    /// `nu` (m), which all matrices share. Sums are above zero and have the same total, which is not checked.
    /// If the residual is above the tolerance, the plan is the last iterate.
    ///
    /// *Cost*: O(n m) per product of the matrix with a vector, some tens to hundreds of which are needed.
    ///
    /// *Reference*: Blondel, Seguy and Rolet, "Smooth and sparse optimal transport", AISTATS 2018; Cuturi and
    /// Peyre, "Semidual regularized optimal transport", SIAM Review 60 (2018).
    void plan(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] cost,
            double[] mu,
            double[] nu,
            double[] plan,
            Report report);

    /// The cotangent `dcost` of the costs from the plan and the cotangent `g` of what was asked for: of the
    /// exact optimum, by the implicit function theorem. Where a norm of exponent 2 changes its support it is
    /// one-sided.
    void planVjp(Problem problem, int rows, int n, int m, double[] plan, double[] g, double[] dcost);

    /// Writes how each row of `x` (rows x n), of mass 1/n a point, goes to the anchors on a line with the cost
    /// `(x_i - y_j)²`. The `anchors` (m) ascend or descend strictly; `shares` (m) are whole numbers above zero
    /// with the sum n, the points whose mass an anchor gets. The plan is rows x m x n, times n: row j sums to
    /// its share.
    ///
    /// *Ties and NaN*: equal points get equal columns; a row with a NaN or an infinity becomes NaN.
    void line(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] x,
            double[] anchors,
            double[] shares,
            double[] plan,
            Report report);

    /// The cotangent `dx` (rows x n) of the points from the plan of [#line] and the cotangent `g` of what was
    /// asked for.
    void lineVjp(Problem problem, int rows, int n, int m, double[] anchors, double[] plan, double[] g, double[] dx);

    /// Products with the plans of [#line], where a backend has them.
    default Optional<TransportProducts> products() {
        return Optional.empty();
    }

    /// The checks of [#plan] that every backend makes; returns the size of the batch.
    static int checkPlan(
            int rows, int n, int m, double[] cost, double[] mu, double[] nu, double[] plan, Report report) {
        int elements = KernelArguments.elements(rows, KernelArguments.elements(n, m));
        KernelArguments.requireLength("cost", cost.length, elements);
        KernelArguments.requireLength("mu", mu.length, n);
        KernelArguments.requireLength("nu", nu.length, m);
        requireOutputs(rows, elements, plan, report);
        KernelArguments.requireDistinct("plan", plan, cost, mu, nu, report.residuals);
        return elements;
    }

    /// The checks of [#planVjp] that every backend makes; returns the size of the batch.
    static int checkPlanVjp(int rows, int n, int m, double[] plan, double[] g, double[] dcost) {
        int elements = KernelArguments.elements(rows, KernelArguments.elements(n, m));
        KernelArguments.requireLength("plan", plan.length, elements);
        KernelArguments.requireLength("g", g.length, elements);
        KernelArguments.requireLength("dcost", dcost.length, elements);
        KernelArguments.requireDistinct("dcost", dcost, plan, g);
        return elements;
    }

    /// The checks of [#line] that every backend makes; returns the size of the batch.
    static int checkLine(
            int rows, int n, int m, double[] x, double[] anchors, double[] shares, double[] plan, Report report) {
        int elements = KernelArguments.elements(rows, KernelArguments.elements(n, m));
        KernelArguments.requireLength("x", x.length, rows * n);
        KernelArguments.requireLength("anchors", anchors.length, m);
        KernelArguments.requireLength("shares", shares.length, m);
        requireOutputs(rows, elements, plan, report);
        KernelArguments.requireDistinct("plan", plan, x, anchors, shares, report.residuals);
        return elements;
    }

    /// The checks of [#lineVjp] that every backend makes; returns the size of the batch.
    static int checkLineVjp(int rows, int n, int m, double[] anchors, double[] plan, double[] g, double[] dx) {
        int elements = KernelArguments.elements(rows, KernelArguments.elements(n, m));
        KernelArguments.requireLength("anchors", anchors.length, m);
        KernelArguments.requireLength("plan", plan.length, elements);
        KernelArguments.requireLength("g", g.length, elements);
        KernelArguments.requireLength("dx", dx.length, rows * n);
        KernelArguments.requireDistinct("dx", dx, anchors, plan, g);
        return elements;
    }

    private static void requireOutputs(int rows, int elements, double[] plan, Report report) {
        KernelArguments.requireLength("plan", plan.length, elements);
        KernelArguments.requireLength("iterations", report.iterations.length, rows);
        KernelArguments.requireLength("residuals", report.residuals.length, rows);
    }
}
