package io.github.softgrad;

import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask.Result;

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

    /// The distances to the largest entry are the entries themselves but for a constant, so nothing needs
    /// sorting.
    @Override
    public Distribution largest(Tensor rows) {
        return project(prepared(rows));
    }

    @Override
    public Tensor largestValue(Tensor rows) {
        return new SoftOrder(settings, OrderMethod.SOFT_SORT, Result.VALUES, Order.DESCENDING, 0, 1)
                .apply(rows, (changed, x) -> {
                    Distribution largest = new SoftSortRelaxation(changed).largest(x);
                    return Ordering.value(changed, x, largest).expandDims(-1);
                })
                .squeeze(-1);
    }

    @Override
    Tensor placeScores(Tensor x, int... places) {
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
