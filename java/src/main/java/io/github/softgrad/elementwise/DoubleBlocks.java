package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.BLOCK;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/// Drives a loop over blocks of vectors, again and again, with scratch of its own.
///
/// A call is cut into blocks that stay in the first-level cache with all scratch. A loop sees whole vectors and
/// neither broadcasting nor a tail, so an element has the same value wherever it stands: whole vectors are read
/// and written in the caller's arrays, a broadcast number fills a block, and only the last vector of a call is
/// copied and padded if it is not whole. Every loop over vectors is one flat method with constant species:
/// spread over helpers that take vectors, it runs 10 to 40 times slower.
final class DoubleBlocks {

    private static final int LANES = DoubleVector.SPECIES_PREFERRED.length();

    private final Loop loop;
    private final int size;
    private final double[][] in;
    private final int[] at;

    /// The blocks of broadcast numbers, null before.
    private final double[][] filled;

    /// For results that must not be written before all operands are read, null before.
    private double[] results;

    /// Drives a loop, whose scratch must be for blocks of the size, with so many operands.
    DoubleBlocks(Loop loop, int size, int operands) {
        this.loop = loop;
        this.size = size;
        in = new double[operands][];
        at = new int[operands];
        filled = new double[operands][];
    }

    /// Fills `out` from index `to` from the operands, operand `k` being `in[k]` from index `at[k]`, up to the
    /// padded `length`.
    @FunctionalInterface
    interface Loop {
        void run(double[][] in, int[] at, double[] out, int to, int length);

        /// Takes a look at the operands before the blocks of a call.
        default void begin(Operand... operands) {}
    }

    /// The size of the blocks for calls up to the length.
    static int size(int length) {
        return length > BLOCK ? BLOCK : (length + LANES - 1) / LANES * LANES;
    }

    /// Whether calls of the length do not need larger blocks.
    boolean serves(int length) {
        return size(length) <= size;
    }

    /// Runs the loop; the factor, the last operand, may be null.
    void run(Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
        boolean separate = false;
        for (int k = 0; k < in.length; k++) {
            Operand operand = k < operands.length ? operands[k] : factor;
            if (operand != null) {
                separate |= operand.data() == out;
                fill(k, operand);
            }
        }
        loop.begin(operands);
        for (int start = 0; start < length; ) {
            int rest = length - start;
            int count = rest < LANES ? rest : Math.min(size, rest / LANES * LANES);
            for (int k = 0; k < operands.length; k++) {
                place(k, operands[k], start, count);
            }
            if (factor != null) {
                place(operands.length, factor, start, count);
            }
            boolean direct = count >= LANES && !separate;
            double[] target = direct ? out : results();
            int to = direct ? outOffset + start : 0;
            int padded = Math.max(count, LANES);
            loop.run(in, at, target, to, padded);
            if (factor != null) {
                DoublePasses.scale(in[operands.length], at[operands.length], target, to, padded);
            }
            if (!direct) {
                System.arraycopy(target, 0, out, outOffset + start, count);
            }
            start += count;
        }
    }

    private void fill(int k, Operand operand) {
        if (operand.step() == 0) {
            double number = operand.at(0);
            boolean fresh = filled[k] == null;
            filled[k] = fresh ? new double[size] : filled[k];
            if (fresh || Double.compare(filled[k][0], number) != 0) {
                Arrays.fill(filled[k], number);
            }
        }
    }

    /// Operand `k` of a block. Elements that are not a whole vector are padded with the first of them, which
    /// does no harm anywhere.
    private void place(int k, Operand operand, int start, int count) {
        boolean consecutive = operand.step() != 0;
        boolean whole = consecutive && count >= LANES;
        at[k] = whole ? operand.offset() + start : 0;
        in[k] = whole ? operand.data() : filled[k];
        if (consecutive && !whole) {
            in[k] = new double[LANES];
            Arrays.fill(in[k], operand.data()[operand.offset() + start]);
            System.arraycopy(operand.data(), operand.offset() + start, in[k], 0, count);
        }
    }

    private double[] results() {
        results = results == null ? new double[size] : results;
        return results;
    }
}
