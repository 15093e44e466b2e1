package io.github.softgrad;

import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask.Result;
import io.github.softgrad.kernel.Regularizer;

/// Fast soft sort: sorting and ranking as projections onto permutahedra.
///
/// The sorted values are the projection of equally spaced anchors onto the permutahedron of the values, the
/// ranks that of the values onto the permutahedron of the ranks.
///
/// *Reference*: Blondel, Teboul, Berthet and Djolonga, Fast Differentiable Sorting and Ranking, ICML 2020,
/// equations 5 and 6; arXiv 2603.08824, section 4.
final class FastSoftSortRelaxation implements ValueRelaxation {
    private final Settings settings;
    private final Tensor softness;
    private final Regularizer regularizer;

    FastSoftSortRelaxation(Settings settings) {
        this.settings = settings;
        softness = settings.scalarSoftness();
        regularizer = settings.mode.regularizer();
    }

    @Override
    public boolean takesFloat32() {
        return SoftOrder.isFused();
    }

    @Override
    public Tensor sort(Tensor rows, Order order) {
        return sort(rows, order, 0, rows.dim(-1));
    }

    @Override
    public Tensor sort(Tensor rows, Order order, int first, int count) {
        return new SoftOrder(settings, OrderMethod.FAST_SOFT_SORT, Result.VALUES, order, first, count)
                .apply(
                        rows,
                        (changed, x) -> new FastSoftSortRelaxation(changed)
                                .sortByDefinition(x, order)
                                .slice(-1, first, first + count));
    }

    private Tensor sortByDefinition(Tensor rows, Order order) {
        Tensor descending = settings.standardize ? standardized(rows) : sorted(rows);
        return order == Order.DESCENDING ? descending : descending.flip(-1);
    }

    private Tensor standardized(Tensor rows) {
        Standardization.Squashed squashed = Standardization.squashed(rows);
        return squashed.restore(sorted(squashed.values()));
    }

    /// Softly sorted, descending.
    private Tensor sorted(Tensor x) {
        int n = x.dim(-1);
        Tensor anchors = Tensor.range(n).flip(0).div(Math.max(n - 1, 1)).broadcastTo(x.shape());
        return Permutahedron.projectSorted(anchors, Permutahedron.descending(x), softness, regularizer);
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        return new SoftOrder(settings, OrderMethod.FAST_SOFT_SORT, Result.RANKS, order, 0, rows.dim(-1))
                .apply(rows, (changed, x) -> new FastSoftSortRelaxation(changed).rankByDefinition(x, order));
    }

    private Tensor rankByDefinition(Tensor rows, Order order) {
        int n = rows.dim(-1);
        if (n == 1) {
            return rows.times(0).plus(1);
        }
        Tensor x = Standardization.prepare(rows, settings);
        Tensor ranks = Relaxation.ranks(n).flip(0).div(n - 1).broadcastTo(x.shape());
        Tensor z = order == Order.DESCENDING ? x.unaryMinus() : x;
        return Permutahedron.projectOntoSorted(z, ranks, softness, regularizer).times(n - 1);
    }
}
