package io.github.softgrad.trust.properties;

import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Locale;

/// The axis-wise operators as functions from lines to one tensor, each direction an operator of its own.
///
/// [io.github.softgrad.trust.Catalogue] has these and all others, of which nothing is known but that they exist.
enum Operator {
    MAX(Result.VALUE, (soft, x, axis, share) -> soft.max(x, axis)),
    MIN(Result.VALUE, (soft, x, axis, share) -> soft.min(x, axis)),
    MEDIAN(Result.VALUE, (soft, x, axis, share) -> soft.median(x, axis)),
    QUANTILE(Result.VALUE, (soft, x, axis, share) -> soft.quantile(x, share, axis)),
    SORT(Result.VALUES, (soft, x, axis, share) -> soft.sort(x, axis, Order.ASCENDING)),
    SORT_DESCENDING(Result.VALUES, (soft, x, axis, share) -> soft.sort(x, axis, Order.DESCENDING)),
    TOP(
            Result.VALUES,
            (soft, x, axis, share) -> soft.topK(x, places(x, axis, share), axis).values()),
    RANK(Result.RANKS, (soft, x, axis, share) -> soft.rank(x, axis, Order.ASCENDING)),
    RANK_DESCENDING(Result.RANKS, (soft, x, axis, share) -> soft.rank(x, axis, Order.DESCENDING)),
    ARGMAX(Result.INDEX, (soft, x, axis, share) -> soft.argmax(x, axis).probabilities()),
    ARGMIN(Result.INDEX, (soft, x, axis, share) -> soft.argmin(x, axis).probabilities()),
    ARGMEDIAN(Result.INDEX, (soft, x, axis, share) -> soft.argmedian(x, axis).probabilities()),
    ARGQUANTILE(
            Result.INDEX,
            (soft, x, axis, share) -> soft.argquantile(x, share, axis).probabilities()),
    ARGSORT(
            Result.INDICES,
            (soft, x, axis, share) -> soft.argsort(x, axis, Order.ASCENDING).probabilities()),
    ARGSORT_DESCENDING(
            Result.INDICES,
            (soft, x, axis, share) -> soft.argsort(x, axis, Order.DESCENDING).probabilities()),
    ARGTOP(
            Result.INDICES,
            (soft, x, axis, share) ->
                    soft.topK(x, places(x, axis, share), axis).index().probabilities()),
    TOP_MASK(Result.MASK, (soft, x, axis, share) -> soft.topKMask(x, places(x, axis, share), axis)),
    /// The same for every method.
    SIMPLEX(Result.MASK, (soft, x, axis, share) -> soft.projectSimplex(x, axis));

    /// What an operator returns for a line of n entries: a value, values of places, a rank or a membership for
    /// each entry, a distribution over the entries, or one for each place.
    enum Result {
        VALUE,
        VALUES,
        RANKS,
        INDEX,
        INDICES,
        MASK;

        boolean isValue() {
            return this == VALUE || this == VALUES;
        }

        boolean isIndex() {
            return this == INDEX || this == INDICES;
        }
    }

    /// An operator along an axis; the share in [0, 1] says which quantile, and how many of the top.
    private interface AlongAxis {
        Tensor apply(Soft soft, Tensor x, int axis, double share);
    }

    final Result result;
    private final AlongAxis function;

    Operator(Result result, AlongAxis function) {
        this.result = result;
        this.function = function;
    }

    Tensor apply(Soft soft, Tensor x, int axis, double share) {
        return function.apply(soft, x, axis, share);
    }

    /// How many of the top a share of n entries is, at least one.
    static int places(int n, double share) {
        return 1 + (int) (share * (n - 1));
    }

    private static int places(Tensor x, int axis, double share) {
        return places(x.dim(axis), share);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
