package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;

/// The axis-wise operators: which entries of the soft or hard order they read, and the values there.
final class Ordering {
    private static final Method SOFT_SORT = new Method.SoftSort();
    private static final Method NEURAL_SORT = new Method.NeuralSort();

    private Ordering() {}

    // --- extremes -------------------------------------------------------------------------------------------------

    static SoftIndex argmax(Settings settings, Lines lines, boolean largest) {
        lines.requireEntries(largest ? "argmax" : "argmin");
        Relaxation relaxation = Relaxations.index(settings, SOFT_SORT);
        Tensor rows = lines.rows(relaxation);
        return lines.reduceIndex(relaxation.largest(largest ? rows : rows.unaryMinus()), 0);
    }

    static Distribution largest(Settings settings, Tensor rows, boolean largest) {
        return Relaxations.index(settings, SOFT_SORT).largest(largest ? rows : rows.unaryMinus());
    }

    static Tensor max(Settings settings, Lines lines, boolean largest) {
        lines.requireEntries(largest ? "max" : "min");
        if (settings.isHard()) {
            Tensor rows = lines.rows();
            return lines.reduce(largest ? rows.max(-1) : rows.min(-1), 0);
        }
        var sorting = Relaxations.values(settings, SOFT_SORT);
        if (sorting.isPresent()) {
            Tensor rows = lines.rows(sorting.get());
            Tensor value = sorting.get().largestValue(largest ? rows : rows.unaryMinus());
            return lines.reduce(largest ? value : value.unaryMinus(), 0);
        }
        Tensor rows = lines.rows();
        return lines.reduce(value(settings, rows, largest(settings, rows, largest)), 0);
    }

    // --- whole orders ---------------------------------------------------------------------------------------------

    static SoftIndex argsort(Settings settings, Lines lines, Order order) {
        Arguments.given(order, "order", "an Order");
        if (lines.length() == 0) {
            return lines.spreadIndex(Distribution.of(lines.rows().expandDims(-1).slice(-1, 0, 0)));
        }
        MemoryLimit.requireIndex(lines.x(), lines.length());
        Relaxation relaxation = Relaxations.index(settings, NEURAL_SORT);
        return lines.spreadIndex(relaxation.order(lines.rows(relaxation), order));
    }

    static Tensor sort(Settings settings, Lines lines, Order order) {
        Arguments.given(order, "order", "an Order");
        if (lines.length() == 0) {
            return lines.x();
        }
        var sorting = Relaxations.orders(settings, NEURAL_SORT);
        if (sorting.isPresent()) {
            return lines.spread(sorting.get().sort(lines.rows(sorting.get()), order));
        }
        Tensor rows = lines.rows();
        return lines.spread(
                values(settings, rows, Relaxations.index(settings, NEURAL_SORT).order(rows, order)));
    }

    static Sorted sorted(Settings settings, Lines lines, Order order) {
        Arguments.given(order, "order", "an Order");
        Tensor rows = lines.requireEntries("sorted").rows();
        MemoryLimit.requireIndex(rows, lines.length());
        Distribution index = Relaxations.index(settings, NEURAL_SORT).order(rows, order);
        Tensor values = Relaxations.orders(settings, NEURAL_SORT)
                .map(sorting -> sorting.sort(rows, order))
                .orElseGet(() -> values(settings, rows, index));
        return new Sorted(lines.spread(values), lines.spreadIndex(index));
    }

    static Tensor rank(Settings settings, Lines lines, Order order) {
        Arguments.given(order, "order", "an Order");
        if (lines.length() == 0) {
            return lines.x();
        }
        var sorting = Relaxations.orders(settings, NEURAL_SORT);
        return lines.spread(
                sorting.isPresent()
                        ? sorting.get().rank(lines.rows(sorting.get()), order)
                        : Relaxations.index(settings, NEURAL_SORT).rank(lines.rows(), order));
    }

    static Tensor topKMask(Settings settings, Lines lines, int k) {
        requirePlaces("topKMask", lines, k);
        MemoryLimit.requireIndex(lines.x(), k);
        Distribution index = Relaxations.index(settings, NEURAL_SORT).top(lines.rows(), k);
        return lines.spread(index.probabilities().sum(-2));
    }

    private static void requirePlaces(String operator, Lines lines, int k) {
        int n = lines.requireEntries(operator).length();
        Arguments.places("k", k, n, "for all entries sort them");
    }

    static TopK topK(Settings settings, Lines lines, int k) {
        requirePlaces("topK", lines, k);
        Distribution index = Distribution.lazily(() -> {
            Relaxation relaxation = Relaxations.index(settings, NEURAL_SORT);
            return relaxation.top(lines.rows(relaxation), k);
        });
        var sorting = Relaxations.values(settings, NEURAL_SORT);
        Tensor values = sorting.isPresent()
                ? sorting.get().sort(lines.rows(sorting.get()), Order.DESCENDING, 0, k)
                : values(settings, lines.rows(), index);
        return new TopK(lines.spread(values), lines.spreadIndex(index));
    }

    // --- quantiles ------------------------------------------------------------------------------------------------

    static SoftIndex argquantile(Settings settings, Lines lines, QuantileMethod method, double... q) {
        Place[] places = places(lines.requireEntries("argquantile"), method, q);
        return lines.reduceIndex(
                Distribution.stack(Relaxations.index(settings, NEURAL_SORT).quantiles(lines.rows(), places)), 1);
    }

    static SoftIndex argquantile(Settings settings, Lines lines, QuantileMethod method, double q) {
        Place[] places = places(lines.requireEntries("argquantile"), method, q);
        return lines.reduceIndex(Relaxations.index(settings, NEURAL_SORT).quantiles(lines.rows(), places)[0], 0);
    }

    static Tensor quantile(Settings settings, Lines lines, QuantileMethod method, double... q) {
        return lines.reduce(Tensor.stack(0, quantileValues(settings, lines, method, q)), 1);
    }

    static Tensor quantile(Settings settings, Lines lines, QuantileMethod method, double q) {
        return lines.reduce(quantileValues(settings, lines, method, q)[0], 0);
    }

    private static Place[] places(Lines lines, QuantileMethod method, double... q) {
        if (Arguments.given(q, "q", "an array").length == 0) {
            throw Arguments.bad("q", "at least one number", "empty", "give fractions from 0 to 1");
        }
        Place[] places = new Place[q.length];
        for (int i = 0; i < q.length; i++) {
            Arguments.fraction("q", q[i], 1, "percentile takes 0 to 100");
            places[i] = method.place(q[i], lines.length());
        }
        return places;
    }

    private static Tensor[] quantileValues(Settings settings, Lines lines, QuantileMethod method, double... q) {
        Place[] places = places(lines.requireEntries("quantile"), method, q);
        Tensor rows = lines.rows();
        Tensor[] values = new Tensor[places.length];
        var sorting = Relaxations.values(settings, NEURAL_SORT);
        if (sorting.isPresent()) {
            Place.Range range = Place.range(places, rows.dim(-1));
            Tensor sorted = sorting.get().sort(rows, Order.ASCENDING, range.first(), range.count());
            Tensor complete = spoilt(settings, rows, sorted);
            Arrays.setAll(values, i -> between(complete, places[i], range.first(), rows.dim(-1)));
        } else {
            Distribution[] mixtures = Relaxations.index(settings, NEURAL_SORT).quantiles(rows, places);
            Arrays.setAll(values, i -> value(settings, rows, mixtures[i]));
        }
        return values;
    }

    /// From the sorted entries from place `first` on, of n.
    private static Tensor between(Tensor sorted, Place place, int first, int n) {
        Tensor lower = entry(sorted, place.index() - first);
        return place.weight() == 0
                ? lower
                : lower.times(1 - place.weight())
                        .plus(entry(sorted, place.next(n) - first).times(place.weight()));
    }

    private static Tensor entry(Tensor sorted, int place) {
        return sorted.slice(-1, place, place + 1).squeeze(-1);
    }

    /// Hard sorting puts NaN last, where a quantile may miss it: here it spoils its whole row.
    private static Tensor spoilt(Settings settings, Tensor rows, Tensor sorted) {
        return settings.isHard()
                ? Tensor.select(rows.notEqual(rows).max(-1, true), Tensor.scalar(Double.NaN), sorted)
                : sorted;
    }

    // --- values under an index ------------------------------------------------------------------------------------

    /// The mean (...) of the original entries under a distribution (..., n).
    static Tensor value(Settings settings, Tensor rows, Distribution distribution) {
        Tensor offset = Reduction.middle(rows);
        return weights(settings, distribution).times(rows.minus(offset)).sum(-1).plus(offset.squeeze(-1));
    }

    /// The means (..., k) of the original entries under the distributions (..., k, n).
    ///
    /// Rows sum to 1, so a constant taken off the entries comes back whole; without it a common offset would
    /// reach the cotangent of the distributions, where it means nothing and costs digits.
    static Tensor values(Settings settings, Tensor rows, Distribution distribution) {
        Tensor offset = Reduction.middle(rows);
        Tensor centred = rows.minus(offset).expandDims(-1);
        return weights(settings, distribution).matmul(centred).squeeze(-1).plus(offset);
    }

    private static Tensor weights(Settings settings, Distribution distribution) {
        Tensor probabilities = distribution.probabilities();
        return settings.gatedGradient ? probabilities : Autodiff.stopGradient(probabilities);
    }
}
