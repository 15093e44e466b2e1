package io.github.softgrad;

/// Refuses, before any work, what cannot fit into the heap.
final class MemoryLimit {
    /// Scores, probabilities and a few intermediate values of the same size live at once.
    private static final long COPIES = 4;

    private MemoryLimit() {}

    /// The k x n numbers that k rows over each of the lines need.
    static void requireRows(Tensor lines, int k) {
        int n = lines.dim(-1);
        double bytes = (double) lines.size() * Math.max(k, 1) * Double.BYTES * COPIES;
        long limit = Runtime.getRuntime().maxMemory();
        if (bytes > limit || (double) lines.size() * k > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("shape " + Shapes.text(lines.shape()) + " needs " + k + " x " + n
                    + " soft indices for each line, about " + (long) (bytes / (1 << 20)) + " MiB, more than the heap ("
                    + limit / (1 << 20) + " MiB) or an array can hold; use topK, max or a quantile, fewer lines at once,"
                    + " or a larger heap (-Xmx)");
        }
    }
}
