package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;

/// A soft version of the permutation that sorts: distributions over the entries of each row.
interface Relaxation extends RowRelaxation {
    /// The distribution (..., n) of the largest entry.
    Distribution largest(Tensor rows);

    /// The distributions (..., n, n) of all entries of the order, row j for the j-th.
    Distribution order(Tensor rows, Order order);

    /// The distributions (..., k, n) of the k largest entries, largest first.
    Distribution top(Tensor rows, int k);

    /// For each place of the ascending order the distribution (..., n) of the quantile there.
    Distribution[] quantiles(Tensor rows, Place... places);

    /// The soft ranks (..., n), 1 for the first in the given order.
    Tensor rank(Tensor rows, Order order);

    /// The row numbers 1 to n.
    static Tensor ranks(int n) {
        return Tensor.range(n).plus(1);
    }
}
