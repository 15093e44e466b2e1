package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask.Result;
import java.util.Arrays;

/// Relaxations whose rows are simplex projections of scores; they differ in nothing but the scores.
///
/// Subclasses are their definition, in tensor operations; [SoftOrder] computes it.
abstract class ScoreRelaxation implements Relaxation, ValueRelaxation {
    final Settings settings;
    private final OrderMethod method;

    ScoreRelaxation(Settings settings, OrderMethod method) {
        this.settings = settings;
        this.method = method;
    }

    /// The same relaxation under other settings.
    abstract ScoreRelaxation with(Settings changed);

    /// Scores (..., k, n) of the entries at the given places of the ascending order of prepared rows.
    abstract Tensor placeScores(Tensor x, int... places);

    /// Soft ranks (..., n) of prepared rows.
    abstract Tensor preparedRank(Tensor x, Order order);

    final Tensor prepared(Tensor rows) {
        return Standardization.prepare(rows, settings);
    }

    final Distribution project(Tensor scores) {
        return Distribution.project(scores, settings);
    }

    // --- values ---------------------------------------------------------------------------------------------------

    @Override
    public final boolean takesFloat32() {
        return SoftOrder.isFused();
    }

    @Override
    public final Tensor sort(Tensor rows, Order order) {
        return sort(rows, order, 0, rows.dim(-1));
    }

    @Override
    public final Tensor sort(Tensor rows, Order order, int first, int count) {
        return new SoftOrder(settings, method, Result.VALUES, order, first, count)
                .apply(rows, (changed, x) -> with(changed).valuesByDefinition(x, order, first, count));
    }

    /// Rows sum to 1, so a constant taken off the entries comes back whole; without it a common offset would
    /// reach the cotangent of the distributions, where it means nothing and costs digits.
    private Tensor valuesByDefinition(Tensor rows, Order order, int first, int count) {
        return Ordering.values(settings, rows, byDefinition(rows, order, first, count));
    }

    @Override
    public final Tensor rank(Tensor rows, Order order) {
        return new SoftOrder(settings, method, Result.RANKS, order, 0, rows.dim(-1)).apply(rows, (changed, x) -> {
            MemoryLimit.requireRows(x, x.dim(-1));
            ScoreRelaxation definition = with(changed);
            return definition.preparedRank(definition.prepared(x), order);
        });
    }

    // --- index ----------------------------------------------------------------------------------------------------

    @Override
    public Distribution largest(Tensor rows) {
        return top(rows, 1).row(0);
    }

    @Override
    public final Distribution order(Tensor rows, Order order) {
        return places(rows, order, 0, rows.dim(-1));
    }

    @Override
    public final Distribution top(Tensor rows, int k) {
        return places(rows, Order.DESCENDING, 0, k);
    }

    @Override
    public final Distribution[] quantiles(Tensor rows, Place... places) {
        int n = rows.dim(-1);
        Place.Range range = Place.range(places, n);
        Distribution found = places(rows, Order.ASCENDING, range.first(), range.count());
        Distribution[] mixtures = new Distribution[places.length];
        Arrays.setAll(
                mixtures,
                i -> found.row(places[i].index() - range.first())
                        .mix(found.row(places[i].next(n) - range.first()), places[i].weight()));
        return mixtures;
    }

    private Distribution places(Tensor rows, Order order, int first, int count) {
        MemoryLimit.requireIndex(rows, count);
        Distribution definition =
                Distribution.lazily(() -> byDefinition(rows.toDType(DType.FLOAT64), order, first, count));
        SoftOrder index = new SoftOrder(settings, method, Result.INDEX, order, first, count);
        return new Distribution(
                () -> index.apply(
                        rows,
                        (changed, x) -> with(changed)
                                .byDefinition(x, order, first, count)
                                .probabilities()),
                settings.mode == Mode.SMOOTH ? definition::logProbabilities : null);
    }

    private Distribution byDefinition(Tensor rows, Order order, int first, int count) {
        MemoryLimit.requireRows(rows, count);
        int[] places = places(rows.dim(-1), first + count, order);
        return project(placeScores(prepared(rows), Arrays.copyOfRange(places, first, first + count)));
    }

    /// The places in the ascending order of the first entries of an order.
    static int[] places(int n, int count, Order order) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> order == Order.ASCENDING ? i : n - 1 - i);
        return places;
    }
}
