package io.github.softgrad.kernel;

/// Isotonic regression along rows: projection onto a permutahedron whose rows are already sorted.
///
/// Conventions and errors are those of [Kernels]; outputs are also none of each other.
public interface IsotonicKernels {

    /// Projects each row onto the permutahedron of `w`: `y` = argmax of `<z, y> / softness - R(y)` over the
    /// convex hull of the permutations of `w`, or for [Regularizer#ENTROPY] the same of `exp(w)`, in
    /// logarithms. Every row of `z` and `w` must be in descending order, which is not checked; `y` comes out in
    /// it.
    ///
    /// In `first` stands for each position the first position in its row that is in the same pool. Within a
    /// pool `y = phi(z / softness - gamma)` with one level gamma, such that y and w have the same sum (for the
    /// entropy, exp(y) and exp(w)); phi(t) is t, t |t| and t³ for the norms of exponent 1, 2 and 3, and t for
    /// the entropy. Where a pool has one element, `y` is `w` exactly.
    ///
    /// *Bounds*: `y` is within a few roundings of the largest |w| of the exact solution, however large `z /
    /// softness` is.
    ///
    /// *Ties and NaN*: a row with a NaN or an infinity becomes NaN, every position a pool of its own.
    ///
    /// *Cost*: O(n) per row, O(n log n) for [Regularizer#NORM_3_2]; the reference backend O(n²).
    ///
    /// *Reference*: Blondel, Teboul, Berthet and Djolonga, "Fast differentiable sorting and ranking", ICML
    /// 2020.
    void project(
            Regularizer regularizer,
            int rows,
            int n,
            double[] z,
            double softness,
            double[] w,
            double[] y,
            long[] first);

    /// The cotangents `dz` and `dw` of z and w from `w`, the results `y` and `first` of [#project], and the
    /// cotangent `g` of y.
    ///
    /// In each pool, with weights `k = |phi^-1(y)|^(a - 1)` for the norms of exponent a,
    /// `dz = (a / softness) k (g - m)` and `dw = m`, where m is the mean of g under k (the plain mean if all
    /// weights are zero). For the entropy `dz = (g - softmax(y) G) / softness` and `dw = softmax(w) G`, where G
    /// is the sum of g.
    ///
    /// *Ties and NaN*: where pools are about to merge this is a one-sided derivative; a NaN in `g` makes its
    /// pool NaN, and a row of NaN stays one.
    ///
    /// *Cost*: O(n) per row.
    void vjp(
            Regularizer regularizer,
            int rows,
            int n,
            double[] w,
            double softness,
            double[] y,
            long[] first,
            double[] g,
            double[] dz,
            double[] dw);

    /// The checks of [#project] that every backend makes.
    static void checkProject(int rows, int n, double[] z, double softness, double[] w, double[] y, long[] first) {
        int elements = KernelArguments.elements(rows, n);
        KernelArguments.requireSoftness(softness);
        KernelArguments.requireLength("z", z.length, elements);
        KernelArguments.requireLength("w", w.length, elements);
        KernelArguments.requireLength("y", y.length, elements);
        KernelArguments.requireLength("first", first.length, elements);
        KernelArguments.requireDistinct("y", y, z, w);
    }

    /// The checks of [#vjp] that every backend makes.
    static void checkVjp(
            int rows,
            int n,
            double[] w,
            double softness,
            double[] y,
            long[] first,
            double[] g,
            double[] dz,
            double[] dw) {
        int elements = KernelArguments.elements(rows, n);
        KernelArguments.requireSoftness(softness);
        KernelArguments.requireLength("w", w.length, elements);
        KernelArguments.requireLength("y", y.length, elements);
        KernelArguments.requireLength("first", first.length, elements);
        KernelArguments.requireLength("g", g.length, elements);
        KernelArguments.requireLength("dz", dz.length, elements);
        KernelArguments.requireLength("dw", dw.length, elements);
        KernelArguments.requireDistinct("dz", dz, w, y, g);
        KernelArguments.requireDistinct("dw", dw, w, y, g, dz);
    }
}
