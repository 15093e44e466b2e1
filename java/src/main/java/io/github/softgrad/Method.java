package io.github.softgrad;

/// The relaxation behind the axis-wise operators of [Soft].
///
/// Where none is set, `argmax`, `argmin`, `max` and `min` use [SoftSort], all others [NeuralSort], as the Python
/// libraries do. Options of a method are components of its record. A pair of operator and method that does not exist
/// throws [IllegalArgumentException] naming those that do.
///
/// Of the records below, this version carries out [SoftSort] and [NeuralSort]; the others are named so that programs
/// and error messages can speak of them, and every operator refuses them.
public sealed interface Method {
    /// Each row is the simplex projection of minus the distances to a sorted entry.
    ///
    /// *Cost*: O(n) for `max` and a quantile, O(n²) otherwise. *Reference*: Prillo and Eisenschlos, SoftSort, ICML 2020,
    /// equation 7.
    record SoftSort() implements Method {}

    /// Each row is the simplex projection of scaled values minus the sums of soft distances.
    ///
    /// *Cost*: O(n²). *Reference*: Grover et al., NeuralSort, ICLR 2019, equation 5, with the soft absolute value of the
    /// mode.
    record NeuralSort() implements Method {}

    /// Entropic or p-norm optimal transport to sorted anchors; not in this version.
    ///
    /// @param tolerance the largest marginal error
    /// @param maxIterations the most steps of the solver
    record Transport(double tolerance, int maxIterations) implements Method {}

    /// Projection onto the permutahedron by isotonic regression; not in this version.
    record FastSoftSort() implements Method {}

    /// Smoothed majorisation; not in this version.
    record SmoothSort() implements Method {}

    /// A bitonic network of soft compare-exchanges; not in this version.
    record SortingNetwork() implements Method {}
}
