package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;

/// The axis-wise operators: which entries of the soft or hard order they read, and the values there.
final class Ordering {
    private static final Method SOFT_SORT = new Method.SoftSort();
    private static final Method NEURAL_SORT = new Method.NeuralSort();

    private Ordering() {}

    // --- the distribution of an entry of the order ----------------------------------------------------------------

    private static Tensor prepared(Settings settings, Tensor rows) {
        return settings.standardize ? Standardization.squash(rows) : rows;
    }

    static Distribution largest(Settings settings, Tensor rows) {
        if (settings.isHard()) {
            Tensor first = HardOrder.argsort(rows, Order.DESCENDING).slice(-1, 0, 1).squeeze(-1);
            return Distribution.of(HardOrder.oneHot(first, rows.dim(-1), DType.FLOAT64));
        }
        Relaxation relaxation = Relaxation.of(settings, SOFT_SORT);
        return Distribution.project(relaxation.largestScores(prepared(settings, rows)), settings);
    }

    /// The distributions (..., k, n) of the entries at the given places of the order.
    private static Distribution at(Settings settings, Tensor rows, Order order, int[] places) {
        int n = rows.dim(-1);
        if (settings.isHard()) {
            Tensor permutation = HardOrder.argsort(rows, order).take(places, -1);
            return Distribution.of(HardOrder.oneHot(permutation, n, DType.FLOAT64));
        }
        int[] ascending = order == Order.ASCENDING
                ? places
                : Arrays.stream(places).map(place -> n - 1 - place).toArray();
        MemoryLimit.requireRows(rows, places.length);
        Relaxation relaxation = Relaxation.of(settings, NEURAL_SORT);
        return Distribution.project(relaxation.placeScores(prepared(settings, rows), ascending), settings);
    }

    private static int[] firstPlaces(int count) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> i);
        return places;
    }

    /// The means (..., k) of the original entries under the distributions (..., k, n).
    private static Tensor values(Settings settings, Tensor rows, Distribution distribution) {
        Tensor probabilities = distribution.probabilities();
        Tensor weights = settings.gatedGradient ? probabilities : Autodiff.stopGradient(probabilities);
        return weights.matmul(rows.expandDims(-1)).squeeze(-1);
    }

    // --- extremes -------------------------------------------------------------------------------------------------

    static SoftIndex argmax(Settings settings, Lines lines, boolean largest) {
        lines.requireEntries(largest ? "argmax" : "argmin");
        Tensor rows = lines.rows();
        return lines.reduceIndex(largest(settings, largest ? rows : rows.unaryMinus()), 0);
    }

    static Tensor max(Settings settings, Lines lines, boolean largest) {
        lines.requireEntries(largest ? "max" : "min");
        Tensor rows = lines.rows();
        if (settings.isHard()) {
            return lines.reduce(largest ? rows.max(-1) : rows.min(-1), 0);
        }
        Distribution index = largest(settings, largest ? rows : rows.unaryMinus()).map(p -> p.expandDims(-2));
        return lines.reduce(values(settings, rows, index).squeeze(-1), 0);
    }

    // --- whole orders ---------------------------------------------------------------------------------------------

    static SoftIndex argsort(Settings settings, Lines lines, Order order) {
        return lines.spreadIndex(at(settings, lines.rows(), order, firstPlaces(lines.length())));
    }

    static Tensor sort(Settings settings, Lines lines, Order order) {
        Tensor rows = lines.rows();
        if (settings.isHard()) {
            return lines.spread(rows.takeAlongAxis(HardOrder.argsort(rows, order), -1));
        }
        Distribution index = at(settings, rows, order, firstPlaces(lines.length()));
        return lines.spread(values(settings, rows, index));
    }

    static Tensor rank(Settings settings, Lines lines, Order order) {
        Tensor rows = lines.rows();
        if (settings.isHard()) {
            return lines.spread(HardOrder.inverse(HardOrder.argsort(rows, order)).plus(1));
        }
        MemoryLimit.requireRows(rows, lines.length());
        return lines.spread(Relaxation.of(settings, NEURAL_SORT).rank(prepared(settings, rows), order));
    }

    static TopK topK(Settings settings, Lines lines, int k) {
        int n = lines.length();
        if (k < 1 || k > n) {
            throw new IllegalArgumentException("k must be in 1 to " + n + " (the length of the axis), was " + k);
        }
        Tensor rows = lines.rows();
        Distribution index = at(settings, rows, Order.DESCENDING, firstPlaces(k));
        Tensor values = settings.isHard()
                ? rows.takeAlongAxis(HardOrder.argsort(rows, Order.DESCENDING).slice(-1, 0, k), -1)
                : values(settings, rows, index);
        return new TopK(lines.spread(values), lines.spreadIndex(index));
    }

    // --- quantiles ------------------------------------------------------------------------------------------------

    static SoftIndex argquantile(Settings settings, Lines lines, QuantileMethod method, double... q) {
        lines.requireEntries("argquantile");
        return lines.reduceIndex(Distribution.stack(quantileRows(settings, lines, method, q)), 1);
    }

    static SoftIndex argquantile(Settings settings, Lines lines, QuantileMethod method, double q) {
        lines.requireEntries("argquantile");
        return lines.reduceIndex(quantileRows(settings, lines, method, new double[] {q})[0], 0);
    }

    static Tensor quantile(Settings settings, Lines lines, QuantileMethod method, double... q) {
        return lines.reduce(Tensor.stack(0, quantileValues(settings, lines, method, q)), 1);
    }

    static Tensor quantile(Settings settings, Lines lines, QuantileMethod method, double q) {
        return lines.reduce(quantileValues(settings, lines, method, new double[] {q})[0], 0);
    }

    /// For each q the mixture (..., n) of the distributions of its two neighbours in the order.
    private static Distribution[] quantileRows(Settings settings, Lines lines, QuantileMethod method, double[] q) {
        int n = lines.length();
        Distribution both = at(settings, lines.rows(), Order.ASCENDING, neighbours(method, q, n));
        Distribution[] rows = new Distribution[q.length];
        for (int i = 0; i < q.length; i++) {
            int lower = 2 * i;
            rows[i] = row(both, lower).mix(row(both, lower + 1), method.place(q[i], n).weight());
        }
        return rows;
    }

    private static Distribution row(Distribution rows, int place) {
        return rows.map(p -> p.slice(-2, place, place + 1).squeeze(-2));
    }

    private static int[] neighbours(QuantileMethod method, double[] q, int n) {
        int[] places = new int[2 * q.length];
        for (int i = 0; i < q.length; i++) {
            Place place = method.place(requireFraction(q[i]), n);
            places[2 * i] = place.index();
            places[2 * i + 1] = place.next(n);
        }
        return places;
    }

    private static double requireFraction(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("q must be in [0, 1], was " + q + "; percentiles go from 0 to 100");
        }
        return q;
    }

    private static Tensor[] quantileValues(Settings settings, Lines lines, QuantileMethod method, double[] q) {
        lines.requireEntries("quantile");
        Tensor rows = lines.rows();
        int n = lines.length();
        int[] neighbours = neighbours(method, q, n);
        Tensor both = settings.isHard()
                ? sortedAt(rows, neighbours)
                : values(settings, rows, at(settings, rows, Order.ASCENDING, neighbours));
        Tensor[] values = new Tensor[q.length];
        for (int i = 0; i < q.length; i++) {
            double weight = method.place(q[i], n).weight();
            Tensor lower = both.take(new int[] {2 * i}, -1).squeeze(-1);
            Tensor upper = both.take(new int[] {2 * i + 1}, -1).squeeze(-1);
            values[i] = weight == 0 ? lower : lower.times(1 - weight).plus(upper.times(weight));
        }
        return values;
    }

    /// The hard sorted entries at some places; NaN throughout a line that has one.
    private static Tensor sortedAt(Tensor rows, int[] places) {
        Tensor permutation = HardOrder.argsort(rows, Order.ASCENDING).take(places, -1);
        Tensor spoiled = rows.notEqual(rows).max(-1, true);
        return Tensor.select(spoiled, Tensor.scalar(Double.NaN), rows.takeAlongAxis(permutation, -1));
    }
}
