package io.github.softgrad;

/// A soft sort that gives the sorted values themselves, without an index.
///
/// Works on rows (..., n) in float64, as the user gave them; an implementation standardizes them itself if the
/// settings say so. Rows are never empty.
interface ValueRelaxation {
    /// Whether `sort` and `rank` take rows in float32 too, and then give their results in it.
    default boolean takesFloat32() {
        return false;
    }

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
