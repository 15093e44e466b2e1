package io.github.softgrad;

/// The k largest entries, largest first.
///
/// @param values the soft values: the shape of the input with k in place of the axis' length
/// @param index the distribution of each over the entries of the axis; with a method that gives values only,
///     such as [Method.FastSoftSort], whatever is asked of it throws [IllegalArgumentException] naming the
///     methods that give one
public record TopK(Tensor values, SoftIndex index) {}
