package io.github.softgrad;

/// Softly sorted values with the index that made them.
///
/// @param values the sorted values, of the shape of the input
/// @param index the distribution of each over the entries of the axis; `index.take(other)` brings other data
///     into the same order
public record Sorted(Tensor values, SoftIndex index) {}
