package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.kernel.Parallel;
import java.util.Arrays;

/// Products along one axis, of numbers or of what they lack to 1.
final class Products {
    /// The least number of elements that is worth a thread.
    private static final int GRAIN = 1 << 16;

    /// Numbers of a row that are multiplied by one thread.
    private static final int PIECE = 1 << 16;

    /// Numbers that stay in the first-level cache.
    private static final int BLOCK = 1 << 10;

    private Products() {}

    /// The product along an axis, with exact derivatives of every order, also where entries are zero.
    static Tensor product(Tensor x, int axis) {
        return new Primitive(
                        "product", arguments -> product(arguments[0], axis, false), (arguments, result, g, wanted) ->
                                new Tensor[] {g.expandDims(axis).times(others(arguments[0], axis, false))})
                .apply(x);
    }

    /// The product of `1 - x` along an axis, likewise.
    static Tensor productOfComplements(Tensor x, int axis) {
        return new Primitive(
                        "product of complements",
                        arguments -> product(arguments[0], axis, true),
                        (arguments, result, g, wanted) ->
                                new Tensor[] {g.unaryMinus().expandDims(axis).times(others(arguments[0], axis, true))})
                .apply(x);
    }

    /// `1 - x`.
    static Tensor complement(Tensor x) {
        return Pointwise.apply(Arithmetic.MINUS, Tensor.scalar(1, x.dtype()), x);
    }

    /// For each entry the product of the others along the axis.
    private static Tensor others(Tensor x, int axis, boolean complements) {
        return new Primitive(
                        "product of the others",
                        arguments -> others(arguments[0], axis, complements),
                        Primitive.differentiating(arguments -> {
                            Tensor factors = complements ? complement(arguments[0]) : arguments[0];
                            return halvedOthers(factors.toDType(DType.FLOAT64), axis)
                                    .toDType(x.dtype());
                        }))
                .apply(x);
    }

    /// The product of the others by halving: of pairs first, then each of a pair times the other one.
    private static Tensor halvedOthers(Tensor x, int axis) {
        int length = x.dim(axis);
        if (length < 2) {
            return x.onesLike();
        }
        int half = length / 2;
        Tensor first = x.slice(axis, 0, half);
        Tensor second = x.slice(axis, half, 2 * half);
        Tensor unpaired = x.slice(axis, 2 * half, length);
        Tensor others = halvedOthers(Tensor.concatenate(axis, first.times(second), unpaired), axis);
        Tensor ofPairs = others.slice(axis, 0, half);
        Tensor ofUnpaired = others.slice(axis, half, others.dim(axis));
        return Tensor.concatenate(axis, ofPairs.times(second), ofPairs.times(first), ofUnpaired);
    }

    /// What is before an entry times what is behind it: from both ends at a time, which do not wait for each
    /// other.
    private static DenseTensor others(DenseTensor x, int axis, boolean complements) {
        int[] shape = x.shape();
        int length = shape[axis];
        int inner = Shapes.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        double[] in = x.doubles();
        double[] out = MemoryLimit.doubles(shape);
        Arrays.fill(out, 1);
        int lines = length == 0 ? 0 : out.length / length;
        Parallel.ranges(lines, Math.max(1, GRAIN / Math.max(1, length)), (from, to) -> {
            for (int line = (int) from; line < to; line++) {
                others(in, line / inner * length * inner + line % inner, length, inner, complements, out);
            }
        });
        return DenseTensor.rounding(x.dtype(), shape, out);
    }

    private static void others(double[] in, int start, int length, int step, boolean complements, double[] out) {
        double before = 1;
        double behind = 1;
        for (int i = start, j = start + (length - 1) * step; i < start + length * step; i += step, j -= step) {
            out[i] *= before;
            out[j] *= behind;
            before *= complements ? 1 - in[i] : in[i];
            behind *= complements ? 1 - in[j] : in[j];
        }
    }

    /// Each piece of a row by itself, spread over the cores, then the product of the pieces: their borders do
    /// not depend on the number of threads.
    private static DenseTensor product(DenseTensor x, int axis, boolean complements) {
        int[] shape = x.shape();
        int length = shape[axis];
        int inner = Shapes.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        double[] out = MemoryLimit.doubles(Shapes.without(shape, axis));
        Arrays.fill(out, 1);
        int rows = inner == 0 ? 0 : out.length / inner;
        int pieces = length == 0 ? 0 : (length - 1) / PIECE + 1;
        double[] parts = new double[rows * pieces * inner];
        Arrays.fill(parts, 1);
        long grain = Math.max(1, GRAIN / Math.max(1, Math.min(length, PIECE) * (long) inner));
        Parallel.ranges((long) rows * pieces, grain, (from, to) -> {
            double[] block = new double[BLOCK];
            for (int at = (int) from; at < to; at++) {
                int first = at % pieces * PIECE;
                int start = (at / pieces * length + first) * inner;
                multiply(x, start, Math.min(PIECE, length - first), inner, complements, block, parts, at * inner);
            }
        });
        for (int i = 0; i < parts.length; i++) {
            out[i / (pieces * inner) * inner + i % inner] *= parts[i];
        }
        return DenseTensor.rounding(x.dtype(), Shapes.without(shape, axis), out);
    }

    /// Multiplies `out` by rows of numbers, or one number by a row.
    private static void multiply(
            DenseTensor x,
            int start,
            int length,
            int inner,
            boolean complements,
            double[] block,
            double[] out,
            int to) {
        for (int from = 0; from < length * inner; from += BLOCK) {
            int count = Math.min(BLOCK, length * inner - from);
            widen(x, start + from, count, block);
            for (int i = 0; complements && i < count; i++) {
                block[i] = 1 - block[i];
            }
            if (inner == 1) {
                out[to] *= product(block, count);
                continue;
            }
            int column = from % inner;
            for (int i = 0; i < count; i++) {
                out[to + column] *= block[i];
                column = column + 1 == inner ? 0 : column + 1;
            }
        }
    }

    private static void widen(DenseTensor x, int from, int count, double[] block) {
        if (x.dtype() == DType.FLOAT64) {
            System.arraycopy(x.doubles(), from, block, 0, count);
            return;
        }
        float[] floats = x.floats();
        for (int i = 0; i < count; i++) {
            block[i] = floats[from + i];
        }
    }

    /// Four products at a time, which do not wait for each other.
    private static double product(double[] x, int count) {
        double a = 1;
        double b = 1;
        double c = 1;
        double d = 1;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a *= x[i];
            b *= x[i + 1];
            c *= x[i + 2];
            d *= x[i + 3];
        }
        for (; i < count; i++) {
            a *= x[i];
        }
        return (a * b) * (c * d);
    }
}
