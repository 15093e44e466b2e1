package io.github.softgrad.kernel;

import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;

/// Products of the plans of [TransportKernels#line] with vectors, without the plans.
///
/// Conventions are those of that method; so are ties, NaN and accuracy. *Cost*: O((n + m) p) for each of some
/// tens of steps, p some tens, where the entropy is not too small; elsewhere that of the plan.
public interface TransportProducts {

    /// A product: how many points and anchors, where they are, and its direction.
    ///
    /// @param toPoints whether `y_i = sum_j plan_ji v_j` is wanted, from one v (m) for all rows to y (rows x
    /// n); else `y_j = sum_i plan_ji v_i`, from v (rows x n) to y (rows x m)
    record Line(int rows, int n, int m, double[] x, double[] anchors, double[] shares, boolean toPoints) {
        /// Checks all but v and y.
        public Line {
            KernelArguments.requireLength("x", x.length, KernelArguments.elements(rows, n));
            KernelArguments.requireLength("anchors", anchors.length, m);
            KernelArguments.requireLength("shares", shares.length, m);
        }

        /// Numbers of v, in all.
        public int given() {
            return toPoints ? m : rows * n;
        }

        /// Numbers of y in a row.
        public int resultsPerRow() {
            return toPoints ? n : m;
        }
    }

    /// The product; `state` (rows x (m + 1)) receives what [#vjp] needs.
    void apply(Problem problem, Line line, double[] v, double[] y, double[] state, Report report);

    /// The cotangents dx (rows x n) of the points and dv (rows x n) of v, which is left alone where the product
    /// goes to the points, from the cotangent g of y.
    void vjp(Problem problem, Line line, double[] v, double[] state, double[] g, double[] dx, double[] dv);
}
