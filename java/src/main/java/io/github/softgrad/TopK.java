package io.github.softgrad;

/// The k largest entries, largest first.
///
/// @param values the soft values: the shape of the input with k in place of the axis' length
/// @param index the distribution of each over the entries of the axis
public record TopK(Tensor values, SoftIndex index) {}
