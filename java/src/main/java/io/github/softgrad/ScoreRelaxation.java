package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;

/// Relaxations whose rows are simplex projections of scores; they differ in nothing but the scores.
abstract class ScoreRelaxation implements Relaxation {
    final Settings settings;

    ScoreRelaxation(Settings settings) {
        this.settings = settings;
    }

    /// Scores (..., n) of the largest entry of prepared rows.
    abstract Tensor largestScores(Tensor x);

    /// Scores (..., k, n) of the entries at the given places of the ascending order of prepared rows.
    abstract Tensor placeScores(Tensor x, int[] places);

    /// Soft ranks (..., n) of prepared rows.
    abstract Tensor preparedRank(Tensor x, Order order);

    final Distribution project(Tensor scores) {
        return Distribution.project(scores, settings);
    }

    private Distribution at(Tensor rows, int[] places) {
        MemoryLimit.requireRows(rows, places.length);
        return project(placeScores(Standardization.prepare(rows, settings), places));
    }

    @Override
    public final Distribution largest(Tensor rows) {
        return project(largestScores(Standardization.prepare(rows, settings)));
    }

    @Override
    public final Distribution order(Tensor rows, Order order) {
        return at(rows, places(rows.dim(-1), rows.dim(-1), order));
    }

    @Override
    public final Distribution top(Tensor rows, int k) {
        return at(rows, places(rows.dim(-1), k, Order.DESCENDING));
    }

    @Override
    public final Tensor rank(Tensor rows, Order order) {
        MemoryLimit.requireRows(rows, rows.dim(-1));
        return preparedRank(Standardization.prepare(rows, settings), order);
    }

    /// The places in the ascending order of the first entries of an order.
    static int[] places(int n, int count, Order order) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> order == Order.ASCENDING ? i : n - 1 - i);
        return places;
    }

    @Override
    public final Distribution[] quantiles(Tensor rows, Place... places) {
        return at(rows, Place.neighbours(places, rows.dim(-1))).mixtures(places);
    }
}
