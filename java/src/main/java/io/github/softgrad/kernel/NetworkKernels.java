package io.github.softgrad.kernel;

/// The soft bitonic sorting network on the rows of a dense row-major matrix.
///
/// Each pair (a, b) that a bitonic network exchanges becomes `(q b + (1 - q) a, q a + (1 - q) b)` with
/// `q = S((a - b) / softness)`, S a [StepCurve]. A row so defines a doubly stochastic n x n matrix P, its soft
/// permutation. n is any number: up to the next power of two the row is padded with infinity, and an exchange
/// with a pad is that of the hard network.
///
/// The rules of [Kernels] hold. *Ties and NaN*: equal numbers are averaged; a row with a NaN or an infinity
/// becomes NaN in all its results.
///
/// *Cost*: O(n log² n) for each row and each vector, O(n log n) memory a row.
///
/// *Reference*: Batcher, "Sorting networks and their applications", AFIPS 1968; Petersen, Borgelt, Kuehne and
/// Deussen, "Differentiable sorting networks for scalable sorting and ranking supervision", ICML 2021.
public interface NetworkKernels {

    /// Vectors of length n for the soft permutations to act on: `count` for each row, dense, one row's after
    /// another's; or, where `shared`, one set for all rows.
    record Vectors(int count, boolean shared, double[] data) {

        /// Where the vectors of a row begin.
        public int offset(int row, int n) {
            return shared ? 0 : row * count * n;
        }

        /// How many numbers the vectors of so many rows are.
        public int elements(int rows, int n) {
            return shared ? KernelArguments.elements(count, n) : elementsOfResult(rows, n);
        }

        /// How many numbers the results for so many rows are.
        public int elementsOfResult(int rows, int n) {
            return KernelArguments.elements(KernelArguments.elements(rows, count), n);
        }
    }

    /// `y = P x`: each row softly sorted, ascending.
    void sort(StepCurve curve, int rows, int n, double[] x, double softness, double[] y);

    /// The cotangents of the rows (rows x n) and of their softness (one a row) from the cotangent g of [#sort].
    void sortVjp(
            StepCurve curve, int rows, int n, double[] x, double softness, double[] g, double[] dx, double[] dsoftness);

    /// `P v` for each vector v: `y` is rows x count x n.
    void apply(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y);

    /// `P^T v` for each vector v: `y` is rows x count x n.
    void applyTransposed(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y);

    /// The cotangents of the rows and of their softness in the sum of `<backward, P forward>` over the vectors.
    ///
    /// With the cotangent g of [#apply], forward is v and backward is g; with that of [#applyTransposed], the
    /// other way round.
    void applyVjp(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors forward,
            Vectors backward,
            double[] dx,
            double[] dsoftness);
}
