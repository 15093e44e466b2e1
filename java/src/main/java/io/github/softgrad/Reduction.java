package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.kernel.Parallel;
import java.util.Arrays;

/// Sums, maxima and products along one axis.
final class Reduction {
    /// The least number of elements that is worth a thread.
    private static final int GRAIN = 1 << 16;

    /// Numbers of a row that are multiplied by one thread.
    private static final int PIECE = 1 << 16;

    /// Numbers that stay in the first-level cache.
    private static final int BLOCK = 1 << 10;

    private Reduction() {}

    static Tensor sum(Tensor x, int axis) {
        int[] shape = x.shape();
        return new Primitive(
                        "sum",
                        arguments -> DenseTensor.rounding(
                                arguments[0].dtype(), Shapes.without(shape, axis), sum(arguments[0], axis)),
                        (arguments, result, g, wanted) ->
                                new Tensor[] {g.expandDims(axis).broadcastTo(shape)})
                .apply(x);
    }

    private static double[] sum(DenseTensor x, int axis) {
        int[] shape = x.shape();
        int length = shape[axis];
        int inner = Shapes.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        double[] in = x.doubles();
        double[] out = MemoryLimit.doubles(Shapes.without(shape, axis));
        for (int at = 0, outer = 0; at < out.length; at += inner, outer++) {
            int start = outer * length * inner;
            if (inner == 1) {
                out[at] = sum(in, start, length);
                continue;
            }
            for (int k = 0; k < length; k++) {
                int row = start + k * inner;
                for (int i = 0; i < inner; i++) {
                    out[at + i] += in[row + i];
                }
            }
        }
        return out;
    }

    /// Pairwise summation (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2): error O(log n)
    /// eps.
    private static double sum(double[] x, int from, int length) {
        if (length > 64) {
            int half = length / 2;
            return sum(x, from, half) + sum(x, from + half, length - half);
        }
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += x[i];
        }
        return sum;
    }

    /// Sums away what broadcasting repeated, and rounds to the format.
    static Tensor sumTo(Tensor x, int[] shape, DType dtype) {
        Tensor result = x;
        int extra = x.rank() - shape.length;
        for (int i = 0; i < extra; i++) {
            result = sum(result, 0);
        }
        int[] have = result.shape();
        for (int axis = 0; axis < shape.length; axis++) {
            if (have[axis] != shape[axis] && shape[axis] == 1) {
                result = sum(result, axis).expandDims(axis);
            }
        }
        return result.toDType(dtype);
    }

    /// The largest (or smallest) entry along an axis; a NaN wins; tied entries share the cotangent.
    static Tensor extremum(Tensor x, int axis, boolean largest) {
        int[] shape = x.shape();
        Shapes.requireEntries(largest ? "max" : "min", axis, shape);
        return new Primitive(
                        largest ? "max" : "min",
                        arguments -> extremum(arguments[0], axis, largest),
                        (arguments, result, g, wanted) -> {
                            Tensor ties = Autodiff.stopGradient(arguments[0].equal(result.expandDims(axis)));
                            Tensor share = ties.div(ties.sum(axis, true));
                            return new Tensor[] {g.expandDims(axis).times(share)};
                        })
                .apply(x);
    }

    private static DenseTensor extremum(DenseTensor x, int axis, boolean largest) {
        int[] shape = x.shape();
        int inner = Shapes.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int[] reduced = Shapes.without(shape, axis);
        double[] in = x.doubles();
        double[] out = MemoryLimit.doubles(reduced);
        for (int i = 0; i < out.length; i++) {
            int start = i / inner * shape[axis] * inner + i % inner;
            double best = in[start];
            for (int k = 1; k < shape[axis]; k++) {
                double candidate = in[start + k * inner];
                best = largest ? Math.max(best, candidate) : Math.min(best, candidate);
            }
            out[i] = best;
        }
        return DenseTensor.rounding(x.dtype(), reduced, out);
    }

    /// The middle of each row's range (..., 1), a constant.
    static Tensor middle(Tensor rows) {
        Tensor x = Autodiff.stopGradient(rows);
        return x.max(-1, true).times(0.5).plus(x.min(-1, true).times(0.5));
    }

    /// The product along an axis, with exact derivatives of every order, also where entries are zero.
    static Tensor product(Tensor x, int axis) {
        return new Primitive(
                        "product",
                        arguments -> product(arguments[0], axis, false),
                        Primitive.differentiating(arguments -> halved(arguments[0], axis)))
                .apply(x);
    }

    /// The product of `1 - x` along an axis, likewise.
    static Tensor productOfComplements(Tensor x, int axis) {
        return new Primitive(
                        "product of complements",
                        arguments -> product(arguments[0], axis, true),
                        Primitive.differentiating(arguments -> halved(complement(arguments[0]), axis)))
                .apply(x);
    }

    /// `1 - x`.
    static Tensor complement(Tensor x) {
        return Pointwise.apply(Arithmetic.MINUS, Tensor.scalar(1, x.dtype()), x);
    }

    /// The product along an axis by halving.
    private static Tensor halved(Tensor x, int axis) {
        int length = x.dim(axis);
        if (length == 0) {
            return Tensor.full(1, Shapes.without(x.shape(), axis)).toDType(x.dtype());
        }
        Tensor product = x.toDType(DType.FLOAT64);
        for (int left = length; left > 1; left = left - left / 2) {
            int half = left / 2;
            Tensor paired = product.slice(axis, 0, half).times(product.slice(axis, half, 2 * half));
            product = left % 2 == 0 ? paired : Tensor.concatenate(axis, paired, product.slice(axis, left - 1, left));
        }
        return product.squeeze(axis).toDType(x.dtype());
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
