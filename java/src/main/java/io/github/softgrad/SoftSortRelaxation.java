package io.github.softgrad;

import java.util.Arrays;

/// SoftSort: the row of a sorted entry `a` scores each `x_i` with `-|a - x_i|`.
///
/// The distance is written `(a - x_i) sign(place of a - place of x_i)`, which is the same number and has a derivative
/// between tied entries too: the limit of the derivatives where the tied entries differ a little in their stable order.
/// It is the derivative wherever there is one (`|t|` with the derivative 0 at 0 is not).
///
/// *Reference*: Prillo and Eisenschlos, SoftSort, ICML 2020, equation 7; arXiv 2603.08824, section 4.
record SoftSortRelaxation(Settings settings) implements Relaxation {
    @Override
    public Tensor largestScores(Tensor x) {
        return x;
    }

    @Override
    public Tensor placeScores(Tensor x, int[] places) {
        DenseTensor order = HardOrder.argsort(x, Order.ASCENDING);
        return distances(x, order, places).unaryMinus();
    }

    @Override
    public Tensor rank(Tensor x, Order order) {
        int n = x.dim(-1);
        int[] places = new int[n];
        Arrays.setAll(places, i -> order == Order.ASCENDING ? i : n - 1 - i);
        Tensor scores = placeScores(x, places).swapAxes(-1, -2);
        return Distribution.project(scores, settings).probabilities().matmul(Relaxation.ranks(n));
    }

    /// |a_j - x_i| as (..., j, i) for the sorted entries a_j at the given places.
    private static Tensor distances(Tensor x, DenseTensor order, int[] places) {
        Tensor anchors = x.takeAlongAxis(order.take(places, -1), -1).expandDims(-1);
        Tensor ownPlaces = HardOrder.inverse(order).expandDims(-2);
        Tensor anchorPlaces = Tensor.range(x.dim(-1)).take(places, 0).expandDims(-1);
        return anchors.minus(x.expandDims(-2)).times(anchorPlaces.minus(ownPlaces).sign());
    }
}
