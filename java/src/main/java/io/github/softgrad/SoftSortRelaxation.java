package io.github.softgrad;

import io.github.softgrad.kernel.OrderMethod;

/// SoftSort: the row of a sorted entry `a` scores each `x_i` with `-|a - x_i|`.
///
/// The distance is written `(a - x_i) sign(place of a - place of x_i)`, which is the same number and has a
/// derivative between tied entries too: the limit of the derivatives where the tied entries differ a little in
/// their stable order. It is the derivative wherever there is one (`|t|` with the derivative 0 at 0 is not).
///
/// *Reference*: Prillo and Eisenschlos, SoftSort, ICML 2020, equation 7; arXiv 2603.08824, section 4.
final class SoftSortRelaxation extends ScoreRelaxation {
    SoftSortRelaxation(Settings settings) {
        super(settings, OrderMethod.SOFT_SORT);
    }

    @Override
    ScoreRelaxation with(Settings changed) {
        return new SoftSortRelaxation(changed);
    }

    /// The distances to the first or the last entry are the entries themselves but for a sign and a constant,
    /// so nothing needs sorting there.
    @Override
    Tensor placeScores(Tensor x, int... places) {
        if (places.length == 1 && places[0] == x.dim(-1) - 1) {
            return x.expandDims(-2);
        }
        if (places.length == 1 && places[0] == 0) {
            return x.unaryMinus().expandDims(-2);
        }
        DenseTensor order = HardOrder.argsort(x, Order.ASCENDING);
        Tensor anchors = x.takeAlongAxis(order.take(places, -1), -1).expandDims(-1);
        Tensor ownPlaces = HardOrder.inverse(order).expandDims(-2);
        Tensor anchorPlaces = Tensor.range(x.dim(-1)).take(places, 0).expandDims(-1);
        return anchors.minus(x.expandDims(-2))
                .times(anchorPlaces.minus(ownPlaces).sign())
                .unaryMinus();
    }

    @Override
    Tensor preparedRank(Tensor x, Order order) {
        int n = x.dim(-1);
        Tensor scores = placeScores(x, places(n, n, order)).swapAxes(-1, -2);
        return project(scores).probabilities().matmul(Relaxation.ranks(n));
    }
}
