package io.github.softgrad;

/// A soft sort that gives the sorted values themselves, without an index.
///
/// Works on rows (..., n) in float64, as the user gave them; an implementation standardizes them itself if the
/// settings say so. Rows are never empty.
interface ValueRelaxation {
    /// The softly sorted rows (..., n).
    Tensor sort(Tensor rows, Order order);

    /// The soft ranks (..., n), 1 for the first in the given order.
    Tensor rank(Tensor rows, Order order);
}
