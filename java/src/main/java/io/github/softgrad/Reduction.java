package io.github.softgrad;

import java.util.Arrays;

/// Sums and maxima along one axis.
final class Reduction {
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
            out[i] = largest ? largest(1, in, start, inner, shape[axis]) : -largest(-1, in, start, inner, shape[axis]);
        }
        return DenseTensor.rounding(x.dtype(), reduced, out);
    }

    /// The largest of the entries times the sign; four at once, so that none waits for the one before.
    private static double largest(double sign, double[] in, int start, int step, int count) {
        double first = sign * in[start];
        double second = first;
        double third = first;
        double fourth = first;
        int k = 0;
        for (; k + 3 < count; k += 4) {
            int at = start + k * step;
            first = Math.max(first, sign * in[at]);
            second = Math.max(second, sign * in[at + step]);
            third = Math.max(third, sign * in[at + 2 * step]);
            fourth = Math.max(fourth, sign * in[at + 3 * step]);
        }
        for (; k < count; k++) {
            first = Math.max(first, sign * in[start + k * step]);
        }
        return Math.max(Math.max(first, second), Math.max(third, fourth));
    }

    /// The middle of each row's range (..., 1), a constant.
    static Tensor middle(Tensor rows) {
        Tensor x = Autodiff.stopGradient(rows);
        return x.max(-1, true).times(0.5).plus(x.min(-1, true).times(0.5));
    }
}
