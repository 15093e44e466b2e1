package io.github.softgrad;

/// What relaxations have in common that work on rows (..., n), as the user gave them: an implementation
/// standardizes them itself if the settings say so. Rows are never empty.
interface RowRelaxation {
    /// Whether rows may be float32 too, and results, but for the ranks of an index, are then in it; else rows
    /// are float64.
    default boolean takesFloat32() {
        return false;
    }
}
