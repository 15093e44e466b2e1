package io.github.softgrad.kernel;

/// What an [OrderKernels] kernel is to do with a batch of rows.
///
/// @param method how the order is made soft
/// @param regularizer the mode of its projections
/// @param result what is wanted
/// @param standardize whether the standardized rows are ordered, instead of the rows
/// @param descending whether the largest comes first
/// @param gated whether derivatives of values go through their weights too
/// @param rows how many rows the batch has
/// @param n entries of a row
/// @param first the first place of the order that is wanted; 0 for ranks
/// @param count how many places are wanted; n for ranks
/// @param softness above 0
/// @param elementSize bytes of a number of x, of the result and of their cotangents: 8, or 4 for float32
public record OrderTask(
        OrderMethod method,
        Regularizer regularizer,
        Result result,
        boolean standardize,
        boolean descending,
        boolean gated,
        int rows,
        int n,
        int first,
        int count,
        double softness,
        int elementSize) {

    /// What is computed of each row.
    public enum Result {
        /// The values at the places, softly sorted.
        VALUES,
        /// The soft ranks of the entries, from 1 to n.
        RANKS,
        /// For each place the weights of the entries.
        INDEX
    }

    /// Checks the scalars.
    public OrderTask {
        KernelArguments.elements(rows, n);
        KernelArguments.requireSoftness(softness);
        if (n < 1 || first < 0 || count < 0 || first > n - count || result == Result.RANKS && count != n) {
            throw new IllegalArgumentException("places " + first + " to " + (first + count - 1) + " of rows of " + n
                    + " for " + result + "; they must be places of the row, for ranks all of them");
        }
    }

    /// The same for a single row and for some of the places.
    public OrderTask part(int from, int places) {
        return new OrderTask(
                method,
                regularizer,
                result,
                standardize,
                descending,
                gated,
                1,
                n,
                first + from,
                places,
                softness,
                elementSize);
    }

    /// Numbers that the result has for each row.
    public long resultsPerRow() {
        return result == Result.INDEX ? (long) count * n : count;
    }
}
