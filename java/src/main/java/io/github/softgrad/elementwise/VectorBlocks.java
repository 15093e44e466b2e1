package io.github.softgrad.elementwise;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/// Drives a loop over blocks of vectors.
///
/// A call is cut into blocks that stay in the first-level cache with all scratch. A loop sees whole vectors and
/// neither broadcasting nor a tail, so an element has the same value wherever it stands: full blocks are read
/// and written in the caller's arrays, a broadcast number fills a block once, and only what is left over at the
/// end is copied and padded. Every loop over vectors is one flat method with constant species: spread over
/// helpers that take vectors, it runs 10 to 40 times slower.
final class VectorBlocks {

    private static final int LANES = DoubleVector.SPECIES_PREFERRED.length();
    private static final int BLOCK = 512;

    private VectorBlocks() {}

    /// Fills `out` from index `to` from the operands, operand `k` being `in[k]` from index `at[k]`, up to the
    /// padded `length`.
    @FunctionalInterface
    interface Loop {
        void run(double[][] in, int[] at, double[] out, int to, int length);
    }

    /// The size of the blocks for a call of the length.
    static int size(int length) {
        return length > BLOCK ? BLOCK : padded(length);
    }

    private static int padded(int length) {
        return (length + LANES - 1) / LANES * LANES;
    }

    /// Runs the loop, whose scratch must be for blocks of [#size(int)]; the factor may be null.
    static void run(Loop loop, Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
        int size = size(length);
        Operand[] all = factor == null ? operands : Arrays.copyOf(operands, operands.length + 1);
        if (factor != null) {
            all[operands.length] = factor;
        }
        boolean separate = false;
        double[][] blocks = new double[all.length][];
        for (int k = 0; k < all.length; k++) {
            separate |= all[k].data() == out;
            blocks[k] = all[k].step() == 0 ? filled(all[k].at(0), size) : null;
        }
        double[][] in = new double[all.length][];
        int[] at = new int[all.length];
        double[] results = separate ? new double[size] : null;
        for (int start = 0; start < length; start += size) {
            int count = Math.min(size, length - start);
            boolean whole = count % LANES == 0;
            for (int k = 0; k < all.length; k++) {
                boolean direct = whole && blocks[k] == null;
                in[k] = direct ? all[k].data() : blocks[k] != null ? blocks[k] : rest(all[k], start, count);
                at[k] = direct ? all[k].offset() + start : 0;
            }
            boolean direct = whole && !separate;
            results = direct || results != null ? results : new double[size];
            double[] target = direct ? out : results;
            int to = direct ? outOffset + start : 0;
            loop.run(in, at, target, to, padded(count));
            if (factor != null) {
                VectorPasses.scale(in[operands.length], at[operands.length], target, to, padded(count));
            }
            if (!direct) {
                System.arraycopy(results, 0, out, outOffset + start, count);
            }
        }
    }

    private static double[] filled(double number, int size) {
        double[] block = new double[size];
        Arrays.fill(block, number);
        return block;
    }

    /// The elements that do not fill whole vectors, padded with the first of them, which does no harm anywhere.
    private static double[] rest(Operand operand, int start, int count) {
        double[] block = filled(operand.data()[operand.offset() + start], padded(count));
        System.arraycopy(operand.data(), operand.offset() + start, block, 0, count);
        return block;
    }
}
