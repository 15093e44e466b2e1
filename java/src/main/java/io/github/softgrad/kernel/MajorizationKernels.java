package io.github.softgrad.kernel;

/// Smooth majorization sort along rows: projection onto a permutahedron whose inequalities are made smooth.
///
/// Conventions and errors are those of [Kernels]; outputs are also none of each other.
public interface MajorizationKernels {

    /// What the solver leaves behind for each row.
    ///
    /// @param duals three numbers for each element, of meaning to the backend that wrote them
    /// @param iterations the Newton steps made, one number for each row
    /// @param residuals how far the optimality condition is from being met, beside its largest term, one for
    ///     each row
    record Solution(double[] duals, long[] iterations, double[] residuals) {

        /// Memory for the solution of a batch of rows.
        public static Solution of(int rows, int n) {
            int elements = KernelArguments.elements(3, KernelArguments.elements(rows, n));
            return new Solution(new double[elements], new long[rows], new double[rows]);
        }
    }

    /// Writes for each row the `y` that maximises `<z / softness, y> + sum H(b_k - (y_1 + .. + y_k)) + H(y_k -
    /// y_(k+1))` over all y with the sum of `w`, where k goes from 1 to n - 1, `H(t) = t - t log t`, and `b_k =
    /// T log e_k(exp(w / T))` with `T = min(softness, 1)` and the elementary symmetric polynomials e_k is a
    /// smooth version of the sum of the k largest w. Every row of `z` and `w` must be in descending order,
    /// which is not checked; `y` comes out in it.
    ///
    /// *Bounds*: residuals are a few roundings, whatever the input; y is not bounded by w.
    ///
    /// *Ties and NaN*: of equal z the first gets the larger y; a row with a NaN or an infinity becomes NaN,
    /// with residual 0.
    ///
    /// *Cost*: O(n²) per row for b, O(n) for each Newton step.
    ///
    /// *Reference*: arXiv 2603.08824, section 4; Rado, "An inequality", J. London Math. Soc. 27 (1952).
    void project(int rows, int n, double[] z, double[] w, double softness, double[] y, Solution solution);

    /// The cotangents `dz`, `dw` and `dsoftness` (one number for each row) of the arguments of [#project] from
    /// its solution, made by the same backend, and the cotangent `g` of y. They are those of the exact optimum,
    /// by the implicit function theorem. At softness 1, where T has a kink, they are the means of the one-sided
    /// ones.
    ///
    /// *NaN*: a NaN or an infinity in a row of g makes all cotangents of that row NaN, and a row of NaN stays
    /// one.
    ///
    /// *Cost*: O(n²) per row.
    void vjp(
            int rows,
            int n,
            double[] z,
            double[] w,
            double softness,
            Solution solution,
            double[] g,
            double[] dz,
            double[] dw,
            double[] dsoftness);

    /// The checks of [#project] that every backend makes.
    static void checkProject(int rows, int n, double[] z, double[] w, double softness, double[] y, Solution solution) {
        int elements = KernelArguments.elements(rows, n);
        requireArguments(rows, elements, z, w, softness, solution);
        KernelArguments.requireLength("y", y.length, elements);
        KernelArguments.requireDistinct("y", y, z, w, solution.duals, solution.residuals);
    }

    /// The checks of [#vjp] that every backend makes.
    static void checkVjp(
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
        int elements = KernelArguments.elements(rows, n);
        requireArguments(rows, elements, z, w, softness, solution);
        KernelArguments.requireLength("g", g.length, elements);
        KernelArguments.requireLength("dz", dz.length, elements);
        KernelArguments.requireLength("dw", dw.length, elements);
        KernelArguments.requireLength("dsoftness", dsoftness.length, rows);
        KernelArguments.requireDistinct("dz", dz, z, w, solution.duals, g);
        KernelArguments.requireDistinct("dw", dw, z, w, solution.duals, g, dz);
        KernelArguments.requireDistinct("dsoftness", dsoftness, z, w, solution.duals, g, dz, dw);
    }

    private static void requireArguments(
            int rows, int elements, double[] z, double[] w, double softness, Solution solution) {
        KernelArguments.requireSoftness(softness);
        KernelArguments.requireLength("z", z.length, elements);
        KernelArguments.requireLength("w", w.length, elements);
        KernelArguments.requireLength("duals", solution.duals.length, KernelArguments.elements(3, elements));
        KernelArguments.requireLength("iterations", solution.iterations.length, rows);
        KernelArguments.requireLength("residuals", solution.residuals.length, rows);
    }
}
