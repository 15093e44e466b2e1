package io.github.softgrad;

/// A soft sort that gives the sorted values themselves, without an index.
interface ValueRelaxation extends RowRelaxation {
    /// The softly sorted rows (..., n).
    Tensor sort(Tensor rows, Order order);

    /// The places `first` to `first + count - 1` of the softly sorted rows.
    default Tensor sort(Tensor rows, Order order, int first, int count) {
        return sort(rows, order).slice(-1, first, first + count);
    }

    /// The soft maximum (...) of each row.
    default Tensor largestValue(Tensor rows) {
        return sort(rows, Order.DESCENDING, 0, 1).squeeze(-1);
    }

    /// The soft ranks (..., n), 1 for the first in the given order.
    Tensor rank(Tensor rows, Order order);
}
