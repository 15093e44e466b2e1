package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;

/// The plain stable order: one-hot distributions and gathered values.
final class HardRelaxation implements Relaxation, ValueRelaxation {
    @Override
    public Distribution largest(Tensor rows) {
        return oneHot(HardOrder.argmax(rows), rows.dim(-1));
    }

    @Override
    public Distribution order(Tensor rows, Order order) {
        return oneHot(HardOrder.argsort(rows, order), rows.dim(-1));
    }

    @Override
    public Distribution top(Tensor rows, int k) {
        MemoryLimit.requireIndex(rows, k);
        return oneHot(HardOrder.argsort(rows, Order.DESCENDING).slice(-1, 0, k), rows.dim(-1));
    }

    private static Distribution oneHot(Tensor places, int n) {
        return Distribution.of(HardOrder.oneHot(places, n));
    }

    @Override
    public Distribution[] quantiles(Tensor rows, Place... places) {
        int n = rows.dim(-1);
        Tensor permutation = HardOrder.argsort(rows, Order.ASCENDING);
        return oneHot(permutation.take(Place.neighbours(places, n), -1), n).mixtures(places);
    }

    @Override
    public Tensor sort(Tensor rows, Order order) {
        return rows.takeAlongAxis(HardOrder.argsort(rows, order), -1);
    }

    /// The numbers w of each row in the order of z: the largest number stands where z is largest.
    static Tensor arrange(Tensor w, Tensor z) {
        Tensor sorted = w.takeAlongAxis(HardOrder.argsort(w, Order.DESCENDING), -1);
        return sorted.takeAlongAxis(HardOrder.inverse(HardOrder.argsort(z, Order.DESCENDING)), -1);
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        return HardOrder.inverse(HardOrder.argsort(rows, order)).plus(1);
    }
}
