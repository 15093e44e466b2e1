package io.github.softgrad.kernel;

/// Sums of Laplace distribution functions over the points of sorted rows.
///
/// Conventions and errors are those of [Kernels]. Every row of points and of places must be in ascending order,
/// which is not checked.
///
/// *Reference*: Struski et al., LapSum, arXiv 2503.06242.
public interface LaplaceKernels {

    /// For k = 1 to n-1 the place `b` with `sum_i F((b - x_i) / softness) = k`, where F is the Laplace
    /// distribution function: F(t) is exp(t) / 2 below 0 and 1 - exp(-t) / 2 above.
    ///
    /// *Bounds*: ascending; absolute error a few roundings of the largest |x| and of the softness.
    ///
    /// *Ties and NaN*: ties are no special case; a row with a NaN or an infinity becomes NaN.
    ///
    /// *Cost*: O(n) per row; the reference backend O(n²).
    ///
    /// @param x rows x n points
    /// @param b receives rows x (n - 1) places
    void thresholds(int rows, int n, double[] x, double softness, double[] b);

    /// For each place t of a row the sums over the points of their weights: `below` the plain sum over `x_i <=
    /// t`, `left` the sum of `v_i exp(-(t - x_i) / softness)` over the same points, and `right` that of `v_i
    /// exp(-(x_i - t) / softness)` over the others.
    ///
    /// *Ties and NaN*: a NaN in a row of x or v reaches `left + right` everywhere in the row.
    ///
    /// *Cost*: O(n + m) per row; the reference backend O(n m).
    ///
    /// @param x rows x n points
    /// @param v rows x n weights
    /// @param at rows x m places
    void sums(
            int rows,
            int n,
            int m,
            double[] x,
            double[] v,
            double[] at,
            double softness,
            double[] below,
            double[] left,
            double[] right);

    /// The checks of [#thresholds] that every backend makes.
    static void checkThresholds(int rows, int n, double[] x, double softness, double[] b) {
        int elements = KernelArguments.elements(rows, n);
        KernelArguments.requireSoftness(softness);
        KernelArguments.requireLength("x", x.length, elements);
        KernelArguments.requireLength("b", b.length, Math.max(elements - rows, 0));
        KernelArguments.requireDistinct("b", b, x);
    }

    /// The checks of [#sums] that every backend makes.
    static void checkSums(
            int rows,
            int n,
            int m,
            double[] x,
            double[] v,
            double[] at,
            double softness,
            double[] below,
            double[] left,
            double[] right) {
        int points = KernelArguments.elements(rows, n);
        int places = KernelArguments.elements(rows, m);
        KernelArguments.requireSoftness(softness);
        KernelArguments.requireLength("x", x.length, points);
        KernelArguments.requireLength("v", v.length, points);
        KernelArguments.requireLength("at", at.length, places);
        KernelArguments.requireLength("below", below.length, places);
        KernelArguments.requireLength("left", left.length, places);
        KernelArguments.requireLength("right", right.length, places);
        KernelArguments.requireDistinct("below", below, x, v, at);
        KernelArguments.requireDistinct("left", left, x, v, at, below);
        KernelArguments.requireDistinct("right", right, x, v, at, below, left);
    }
}
