package io.github.softgrad;

/// Refuses, before any work, what cannot fit into the heap.
final class MemoryLimit {
    /// Scores, probabilities and a few intermediate values of the same size live at once.
    private static final long COPIES = 4;

    private MemoryLimit() {}

    /// The k x n numbers that k rows over each of the lines need.
    static void requireRows(Tensor lines, int k) {
        require(lines, k, "soft indices", "use topK, max or a quantile");
    }

    /// The n x n distances between the entries of each line that NeuralSort sums up, however few rows are
    /// wanted.
    static void requireDistances(Tensor lines) {
        require(
                lines,
                lines.dim(-1),
                "distances of NeuralSort",
                "use new Method.SoftSort() with max, topK or a quantile");
    }

    /// The noise of many draws whose sum is one sample of the given shape.
    static void requireDraws(int draws, int... shape) {
        double numbers = (double) Math.max(draws, 1) * Shapes.size(shape);
        long limit = Runtime.getRuntime().maxMemory();
        if (numbers * Double.BYTES * COPIES > limit || numbers > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(draws + " draws of shape " + Shapes.text(shape) + " need about "
                    + (long) (numbers * Double.BYTES * COPIES / (1 << 20)) + " MiB, more than the heap ("
                    + limit / (1 << 20) + " MiB) or an array can hold; add up several samples of fewer draws each");
        }
    }

    private static void require(Tensor lines, int k, String what, String remedy) {
        double bytes = (double) lines.size() * Math.max(k, 1) * Double.BYTES * COPIES;
        long limit = Runtime.getRuntime().maxMemory();
        if (bytes > limit || (double) lines.size() * k > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("shape " + Shapes.text(lines.shape()) + " needs " + k + " x "
                    + lines.dim(-1)
                    + " " + what + " for each line, about " + (long) (bytes / (1 << 20)) + " MiB, more than the heap ("
                    + limit / (1 << 20) + " MiB) or an array can hold; " + remedy + ", fewer lines at once, or a larger"
                    + " heap (-Xmx)");
        }
    }
}
