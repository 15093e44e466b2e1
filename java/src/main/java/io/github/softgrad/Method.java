package io.github.softgrad;

/// The relaxation behind the axis-wise operators of [Soft].
///
/// Where none is set, `argmax`, `argmin`, `max` and `min` use [SoftSort], all others [NeuralSort], as the
/// Python libraries do. Options of a method are components of its record. A pair of operator and method that
/// does not exist throws [IllegalArgumentException] naming those that do.
public sealed interface Method {
    /// Each row is the simplex projection of minus the distances to a sorted entry.
    ///
    /// *Cost*: O(n) for `max`, O(n log n) for values and ranks and their derivatives, O(n) more for each row of
    /// an index; O(n²) on the reference backend. *Reference*: Prillo and Eisenschlos, SoftSort, ICML 2020,
    /// equation 7.
    record SoftSort() implements Method {}

    /// Each row is the simplex projection of scaled values minus the sums of soft distances.
    ///
    /// *Cost*: O(n log n) and O(w) for each place, w the number of entries whose weight is not negligible: some
    /// 8 sqrt(n s) on standardized normal data, s the softness; O(n) more for each row of an index; O(n²) on
    /// the reference backend. *Reference*: Grover et al., NeuralSort, ICLR 2019, equation 5, with the soft
    /// absolute value of the mode.
    record NeuralSort() implements Method {}

    /// Optimal transport to anchors in sorted order: the plan P that minimises `sum (x_i - y_j)² P_ij + s R(P)`
    /// with given sums, R the entropy or the p-norm of the mode; row j of an index is what the j-th anchor gets
    /// of the entries.
    ///
    /// Order and ranks have n anchors at equal distances in [0, 1]; `max`, quantiles and `topK` only those for
    /// the places asked for, each with the mass of one entry, and for what lies between. Solved exactly, by
    /// Newton's method, until no sum of the plan is wrong by more than the tolerance; else
    /// [ConvergenceException]. Derivatives are those of the exact plan, to inputs and softness; first
    /// derivatives only.
    ///
    /// *Bounds*: rows and columns of a whole order sum to 1. *Smoothness*: that of the mode. *Ties and NaN*:
    /// equal entries get equal columns and ranks; a NaN or an infinity makes its line NaN. *Cost*: O(n log n +
    /// w) for each of some tens of steps, w the number of entries of the plan that are not negligible, and
    /// O(n²) for writing it down.
    ///
    /// *Reference*: Cuturi, Teboul and Vert, Differentiable Ranking and Sorting using Optimal Transport,
    /// NeurIPS 2019; Blondel, Seguy and Rolet, Smooth and Sparse Optimal Transport, AISTATS 2018.
    ///
    /// @param tolerance the largest error of a sum of the plan relative to that sum, above zero; below 1e-14
    ///     rounding is in the way
    /// @param maxIterations the most steps of Newton's method, at least 1; 2 to 30 are usual
    record Transport(double tolerance, int maxIterations) implements Method {
        public Transport {
            Arguments.inside("tolerance", tolerance, "5e-13 is the default");
            Arguments.atLeast("maxIterations", 1, maxIterations, "1000 is the default");
        }

        /// Solved to half of 1e-12, in at most 1000 steps.
        public Transport() {
            this(5e-13, 1000);
        }
    }

    /// Projections onto permutahedra, solved exactly by isotonic regression: sorted values are the y in the
    /// convex hull of all orders of x that maximises `<(0, 1/(n-1), ..., 1), y> / s - R(y)`; descending ranks
    /// are n-1 times the y in that of `(1, ..., n) / (n-1)` that maximises `<-x, y> / s - R(y)`. In `SMOOTH`
    /// the hull is that of exp(x), and its logarithm is returned.
    ///
    /// It gives values and ranks (`sort, rank, max, min, quantile, median, percentile` and the values of
    /// `topK`) but no index. Standardized values are sorted in (0, 1) and brought back, and stand still beyond
    /// 23 deviations, where the Python libraries stand still too: the outlier among a thousand equal entries,
    /// 31 deviations away, is sorted to 23.
    ///
    /// *Bounds*: values within the range of the entries, ranks in [1, n]; `C0`, `C1`, `C2` keep the sum of what
    /// they sort (of the standardized values). *Smoothness*: continuous in every mode, and no more: pools of
    /// entries that share form and part, and there the derivative jumps. In between it is smooth; second
    /// derivatives hold the pools fixed, and in `C0` they are 0 but for the softness. *Ties and NaN*: equal
    /// entries have equal ranks; a NaN or an infinity makes its line NaN. *Cost*: O(n log n).
    ///
    /// *Reference*: Blondel, Teboul, Berthet and Djolonga, Fast Differentiable Sorting and Ranking, ICML 2020.
    record FastSoftSort() implements Method {}

    /// Sorting under majorization constraints that are made smooth: the y that maximises
    /// `<z / s, y> + sum H(b_k - (y_1 + .. + y_k)) + H(y_k - y_(k+1))` over y with the sum of w, with
    /// `H(t) = t - t log t`, z in descending order and smooth bounds `b_k = T log e_k(exp(w / T))`, T = min(s,
    /// 1), for the sums of the k largest w. Sorting takes z from the places and w from the entries, ranking the
    /// other way round.
    ///
    /// Values only, mode `SMOOTH` only, never standardized: softness is in the units of the entries for `T`,
    /// but the two entropies have weight 1 whatever it is. The solver stops at a residual of rounding size, or
    /// throws [ConvergenceException] above 1e-12.
    ///
    /// *Bounds*: none; values keep the sum of the entries and ranks that of the places, but both exceed the
    /// hard ones for large s. *Smoothness*: sorting is infinitely differentiable; ranks jump where two entries
    /// tie, and of tied entries the first has the larger rank. First derivatives only. *NaN*: a NaN or an
    /// infinity makes its line NaN. *Cost*: O(n²) for values and for their derivative, O(n) memory.
    ///
    /// *Reference*: arXiv 2603.08824, section 4.
    record SmoothSort() implements Method {}

    /// A bitonic sorting network whose exchanges are soft: `(a, b)` becomes `(q b + (1 - q) a, q a + (1 - q)
    /// b)` with `q = S((a - b) / s)`, S the sigmoidal curve of the mode.
    ///
    /// Values are the entries that come out themselves; standardized ones are brought back, and stand still
    /// beyond 23 deviations. An index is the rows of the product of all exchanges; its columns sum to 1 only
    /// with [Padding#INFINITE]. Log probabilities are the logarithms of the rows: minus infinity where a
    /// probability is below 1e-308.
    ///
    /// *Bounds*: values within the range of the entries with [Padding#INFINITE], up to the pad otherwise.
    /// *Smoothness*: that of the curve of the mode. *Ties and NaN*: the order in which entries come matters, as
    /// not all places meet equally often: permuted entries give somewhat other values, and ties somewhat
    /// different ranks; a NaN or an infinity makes its line NaN. *Cost*: O(n log² n) for values, ranks and each
    /// row of an index, O(n² log n) for a whole index.
    ///
    /// *Reference*: Petersen et al., Differentiable sorting networks, ICML 2021, with Batcher's bitonic
    /// network.
    ///
    /// @param padding what fills lines up to a power of two
    record SortingNetwork(Padding padding) implements Method {
        /// The network of the Python libraries, [Padding#FINITE].
        public SortingNetwork() {
            this(Padding.FINITE);
        }

        /// *Throws* [NullPointerException] without a padding.
        public SortingNetwork {
            Arguments.given(padding, "padding", "a Padding");
        }

        /// What a bitonic network, which takes powers of two, is given for entries that a line does not have.
        public enum Padding {
            /// As in the Python libraries: 1 for standardized lines, otherwise the line's own largest entry
            /// plus 1. It mixes with the entries: `sort([3])` is a little above 3, and a lot for a large
            /// softness.
            FINITE,
            /// Infinity, whose exchanges are hard however soft the others are: nothing mixes with it, for any
            /// length.
            INFINITE
        }
    }

    /// Cuts the sum of Laplace distributions around the entries at 1, 2, ..., n-1: what lies between two cuts
    /// is a row. Only the mode `SMOOTH`. The Python libraries do not have it.
    ///
    /// *Against the others*: the only one whose values, ranks and their gradients take linear time after
    /// sorting, solved in closed form without iterations; rows and columns of the index both sum to 1, so masks
    /// of the top k stay below 1 and ranks sum to n (n + 1) / 2, as with [Transport]; ties get equal ranks. It
    /// is as sharp as [SoftSort] at the same softness. It is once continuously differentiable; use [SoftSort]
    /// or [NeuralSort] where more is wanted.
    ///
    /// *Bounds*: values within the range of the entries, ranks in [1, n]. *Ties and NaN*: tied entries share; a
    /// NaN or an infinity spoils its line. *Cost*: O(n log n) for values and ranks, O(n) more for each row of
    /// an index.
    ///
    /// *Reference*: Struski et al., LapSum, arXiv 2503.06242, sections 3 and 4.
    record LapSum() implements Method {}
}
