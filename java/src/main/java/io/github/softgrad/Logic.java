package io.github.softgrad;

/// How soft truths are combined; see [SoftBool].
public enum Logic {
    /// `and` is the product: exact for independent events, but shrinks with the number of operands.
    PRODUCT,
    /// `and` is the geometric mean: independent of the number of operands, with a floor of epsilon under each.
    GEOMETRIC_MEAN
}
