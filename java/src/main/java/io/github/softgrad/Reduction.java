package io.github.softgrad;

import java.util.Arrays;

/// Sums, maxima and products along one axis.
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
        double[] out = new double[Shapes.size(Shapes.without(shape, axis))];
        if (length == 0) {
            return out;
        }
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
        if (!Arrays.equals(result.shape(), shape)) {
            result = result.broadcastTo(shape);
        }
        return result.toDType(dtype);
    }

    /// The largest (or smallest) entry along an axis; a NaN wins; tied entries share the cotangent.
    static Tensor extremum(Tensor x, int axis, boolean largest) {
        int[] shape = x.shape();
        requireEntries(shape, axis, largest ? "max" : "min");
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
        double[] out = new double[Shapes.size(reduced)];
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

    /// The product along an axis by halving: exact derivatives of every order, also where entries are zero.
    static Tensor product(Tensor x, int axis) {
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

    static void requireEntries(int[] shape, int axis, String operation) {
        if (shape[axis] == 0) {
            throw new IllegalArgumentException(
                    operation + " along axis " + axis + " of shape " + Shapes.text(shape) + ": the axis is empty, and "
                            + operation + " of nothing is undefined; check for an empty axis first");
        }
    }
}
