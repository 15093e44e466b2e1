package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;

/// The plain stable order: one-hot distributions and gathered values.
final class HardRelaxation implements Relaxation, ValueRelaxation {
    @Override
    public Distribution largest(Tensor rows) {
        return top(rows, 1).row(0);
    }

    @Override
    public Distribution order(Tensor rows, Order order) {
        MemoryLimit.requireRows(rows, rows.dim(-1));
        return oneHot(HardOrder.argsort(rows, order), rows.dim(-1));
    }

    @Override
    public Distribution top(Tensor rows, int k) {
        MemoryLimit.requireRows(rows, k);
        return oneHot(HardOrder.argsort(rows, Order.DESCENDING).slice(-1, 0, k), rows.dim(-1));
    }

    private static Distribution oneHot(Tensor places, int n) {
        return Distribution.of(HardOrder.oneHot(places, n));
    }

    @Override
    public Distribution[] quantiles(Tensor rows, Place... places) {
        int n = rows.dim(-1);
        Tensor permutation = HardOrder.argsort(rows, Order.ASCENDING);
        Distribution[] mixtures = new Distribution[places.length];
        Arrays.setAll(mixtures, i -> {
            int[] neighbours = {places[i].index(), places[i].next(n)};
            Distribution both = oneHot(permutation.take(neighbours, -1), n);
            return both.row(0).mix(both.row(1), places[i].weight());
        });
        return mixtures;
    }

    @Override
    public Tensor sort(Tensor rows, Order order) {
        return rows.takeAlongAxis(HardOrder.argsort(rows, order), -1);
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        return HardOrder.inverse(HardOrder.argsort(rows, order)).plus(1);
    }
}
