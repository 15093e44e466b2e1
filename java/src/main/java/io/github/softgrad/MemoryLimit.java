package io.github.softgrad;

/// Refuses, before any work, what cannot fit into the heap or into an array, whatever else is in them.
final class MemoryLimit {
    static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final long HEAP = Runtime.getRuntime().maxMemory();

    /// The most elements that a tensor of the smaller format can have.
    static final long ELEMENTS = Math.min(LARGEST_ARRAY, HEAP / Float.BYTES);

    /// A definition in tensor operations makes probabilities from scores: both live at once.
    private static final int COPIES_OF_A_DEFINITION = 2;

    private MemoryLimit() {}

    /// The numbers of a float64 tensor, zero at first.
    static double[] doubles(int... shape) {
        int size = Shapes.size(shape);
        if (size > HEAP / Double.BYTES) {
            throw tooLarge(shape, size);
        }
        return new double[size];
    }

    /// That a shape is too large for one of the two limits.
    static IllegalArgumentException tooLarge(int[] shape, double size) {
        return new IllegalArgumentException("shape " + Shapes.text(shape) + " needs " + mebibytes(size)
                + "; use fewer lines at once, or a larger heap (-Xmx)");
    }

    /// The k x n probabilities of an index over each of the lines.
    static void requireIndex(Tensor lines, int k) {
        require(lines, k, "probabilities of an index", 1, "use sort, rank, max, a quantile or topK with a smaller k");
    }

    /// The k x n scores and probabilities that the definition of an operator needs for each of the lines.
    static void requireRows(Tensor lines, int k) {
        require(lines, k, "soft indices", COPIES_OF_A_DEFINITION, "use topK with a smaller k, max or a quantile");
    }

    /// The n x n distances between the entries of each line that NeuralSort sums up, however few rows are
    /// wanted.
    static void requireDistances(Tensor lines) {
        require(
                lines,
                lines.dim(-1),
                "distances of NeuralSort",
                COPIES_OF_A_DEFINITION,
                "use new Method.SoftSort() with max, topK or a quantile");
    }

    /// The k x n numbers for each of the lines that anything else needs.
    static void requireNumbers(Tensor lines, int k, String what, String remedy) {
        require(lines, k, what, 1, remedy);
    }

    /// The noise of many draws whose sum is one sample of the given shape.
    static void requireDraws(int draws, int... shape) {
        double numbers = (double) Math.max(draws, 1) * Shapes.size(shape);
        if (exceeds(numbers, 1)) {
            throw new IllegalArgumentException(draws + " draws of shape " + Shapes.text(shape) + " need "
                    + mebibytes(numbers) + "; add up several samples of fewer draws each");
        }
    }

    private static void require(Tensor lines, int k, String what, int copies, String remedy) {
        double numbers = (double) lines.size() * Math.max(k, 1);
        if (exceeds(numbers, copies)) {
            throw new IllegalArgumentException("shape " + Shapes.text(lines.shape()) + " needs " + k + " x "
                    + lines.dim(-1) + " " + what + " for each line, " + mebibytes(numbers * copies) + "; " + remedy
                    + ", fewer lines at once or a larger heap (-Xmx)");
        }
    }

    private static boolean exceeds(double numbers, int copies) {
        return numbers > LARGEST_ARRAY || numbers * Double.BYTES * copies > HEAP;
    }

    private static String mebibytes(double numbers) {
        return "about " + (long) Math.ceil(numbers * Double.BYTES / (1 << 20)) + " MiB, more than the heap ("
                + HEAP / (1 << 20) + " MiB) or an array of " + LARGEST_ARRAY + " numbers can hold";
    }
}
