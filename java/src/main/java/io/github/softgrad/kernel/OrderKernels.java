package io.github.softgrad.kernel;

import java.lang.foreign.MemorySegment;

/// Soft orders of rows: standardization, sorting, projection and the way back in one kernel.
///
/// Arrays are given as the segments of whole heap arrays, float64 or float32 as the task says. A batch of short
/// rows may be computed several rows at a time, so that a row's result differs by roundings from what the row
/// alone would give; it never depends on the other rows' numbers or on the number of threads.
///
/// *Ties and NaN*: tied entries keep their order; derivatives at ties are the limit along that order. A row
/// with a NaN or an infinity becomes NaN.
///
/// *Cost*: for each row, after sorting, O(n) for SoftSort, O(n sqrt(n softness)) for NeuralSort on even data
/// and that of [IsotonicKernels] for fast soft sort; an index one or two operations for each of its entries.
///
/// *Throws*: [IllegalArgumentException] before any work if an array is too short.
public interface OrderKernels {

    /// What a forward kernel leaves for the vector-Jacobian product of the same task; opaque, and written once.
    interface Residuals {}

    /// Room for the residuals of a task.
    Residuals residuals(OrderTask task);

    /// Values, ranks or an index.
    ///
    /// @param x rows x n
    /// @param result rows x count, for an index rows x count x n
    /// @param residuals receives what [#vjp] needs, or null where no product will follow
    void apply(OrderTask task, MemorySegment x, MemorySegment result, Residuals residuals);

    /// The cotangents `dx` of x (rows x n) and `dsoftness` of the softness (one number for each row) from the
    /// cotangent g of the result.
    void vjp(
            OrderTask task,
            MemorySegment x,
            MemorySegment result,
            Residuals residuals,
            MemorySegment g,
            MemorySegment dx,
            double[] dsoftness);

    /// The stable ascending permutation of each row; NaN last, the two zeros equal.
    void argsort(int rows, int n, double[] x, int[] order);

    /// Standardized rows, in (0, 1); `scale` receives for each row a power of two and, in units of it, mean and
    /// deviation.
    void squash(int rows, int n, double[] x, double[] s, double[] scale);

    /// The cotangent of x from what [#squash] gave and the cotangent g of s.
    void squashVjp(int rows, int n, double[] x, double[] scale, double[] s, double[] g, double[] dx);
}
