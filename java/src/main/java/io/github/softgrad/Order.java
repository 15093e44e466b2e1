package io.github.softgrad;

/// The direction of a sort or a rank.
public enum Order {
    /// Smallest first; the smallest entry has rank 1.
    ASCENDING,
    /// Largest first; the largest entry has rank 1.
    DESCENDING
}
