package io.github.softgrad;

/// A method's soft version of the permutation that sorts: scores whose simplex projection are the rows of the index.
///
/// Works on rows (..., n) in float64. Two methods differ in nothing but these formulas.
interface Relaxation {
    /// Scores (..., n) of the largest entry.
    Tensor largestScores(Tensor x);

    /// Scores (..., k, n) of the entries at the given places of the ascending order.
    Tensor placeScores(Tensor x, int[] places);

    /// Soft ranks (..., n), 1 for the first in the given order.
    Tensor rank(Tensor x, Order order);

    static Relaxation of(Settings settings, Method standard) {
        Method method = settings.method == null ? standard : settings.method;
        return switch (method) {
            case Method.SoftSort() -> new SoftSortRelaxation(settings);
            case Method.NeuralSort() -> new NeuralSortRelaxation(settings);
            default ->
                throw new IllegalArgumentException("method " + method + " is not available in this version;"
                        + " use new Method.SoftSort() or new Method.NeuralSort(), which have every operator in every mode");
        };
    }

    /// The row numbers 1 to n.
    static Tensor ranks(int n) {
        return Tensor.range(n).plus(1);
    }
}
