package io.github.softgrad;

import java.util.Arrays;

/// Matrix products with NumPy's meaning of vectors and batches.
final class LinearAlgebra {
    private LinearAlgebra() {}

    static Tensor matmul(Tensor a, Tensor b) {
        if (a.rank() == 0 || Arguments.tensor(b, "other").rank() == 0) {
            throw mismatch(a, b, "a scalar has no rows; use times");
        }
        Tensor left = a.rank() == 1 ? a.expandDims(0) : a;
        Tensor right = b.rank() == 1 ? b.expandDims(1) : b;
        if (left.dim(-1) != right.dim(-2)) {
            throw mismatch(
                    a,
                    b,
                    "the last axis of the first has " + left.dim(-1) + " entries, the rows of the second "
                            + right.dim(-2) + "; they must be equal");
        }
        if (!Shapes.broadcastTogether(batch(left), batch(right))) {
            throw mismatch(a, b, "the axes before the last two are batches; they must be equal or 1");
        }
        Tensor product = MATMUL.apply(left, right);
        if (b.rank() == 1) {
            product = product.squeeze(-1);
        }
        return a.rank() == 1 ? product.squeeze(b.rank() == 1 ? -1 : -2) : product;
    }

    private static int[] batch(Tensor x) {
        return Arrays.copyOf(x.shape(), x.rank() - 2);
    }

    private static IllegalArgumentException mismatch(Tensor a, Tensor b, String reason) {
        return new IllegalArgumentException(
                "matmul of shapes " + Shapes.text(a.shape()) + " and " + Shapes.text(b.shape()) + ": " + reason);
    }

    private static final Primitive MATMUL =
            Primitive.of("matmul", arguments -> multiply(arguments[0], arguments[1]), (i, x, y, g) -> {
                Tensor cotangent = i == 0 ? matmul(g, x[1].swapAxes(-1, -2)) : matmul(x[0].swapAxes(-1, -2), g);
                return Reduction.sumTo(cotangent, x[i].shape(), x[i].dtype());
            });

    private static DenseTensor multiply(DenseTensor a, DenseTensor b) {
        int[] shapeA = a.shape();
        int[] shapeB = b.shape();
        int rows = a.dim(-2);
        int shared = a.dim(-1);
        int columns = b.dim(-1);
        int[] batchA = Arrays.copyOf(shapeA, shapeA.length - 2);
        int[] batchB = Arrays.copyOf(shapeB, shapeB.length - 2);
        int[] batch = Shapes.broadcast(batchA, batchB);
        int[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = rows;
        shape[batch.length + 1] = columns;
        double[] out = MemoryLimit.doubles(shape);
        double[] left = a.doubles();
        double[] right = b.doubles();
        int[][] strides = {Views.broadcastStrides(batchA, batch), Views.broadcastStrides(batchB, batch)};
        int[] position = new int[batch.length];
        int[] offsets = new int[2];
        int block = rows * columns;
        for (int start = 0; start < out.length; start += block) {
            multiply(
                    left,
                    offsets[0] * rows * shared,
                    right,
                    offsets[1] * shared * columns,
                    out,
                    start,
                    rows,
                    shared,
                    columns);
            Views.advance(position, batch, batch.length, strides, offsets);
        }
        return DenseTensor.rounding(DType.common(a, b), shape, out);
    }

    private static void multiply(
            double[] a, int fromA, double[] b, int fromB, double[] out, int start, int rows, int shared, int columns) {
        for (int i = 0; i < rows; i++) {
            int row = start + i * columns;
            if (columns == 1) {
                out[row] = dot(a, fromA + i * shared, b, fromB, shared);
                continue;
            }
            for (int k = 0; k < shared; k++) {
                double factor = a[fromA + i * shared + k];
                int line = fromB + k * columns;
                for (int j = 0; j < columns; j++) {
                    out[row + j] += factor * b[line + j];
                }
            }
        }
    }

    /// In four sums, so that no addition waits for the one before.
    private static double dot(double[] a, int fromA, double[] b, int fromB, int length) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int k = 0;
        for (; k + 3 < length; k += 4) {
            first += a[fromA + k] * b[fromB + k];
            second += a[fromA + k + 1] * b[fromB + k + 1];
            third += a[fromA + k + 2] * b[fromB + k + 2];
            fourth += a[fromA + k + 3] * b[fromB + k + 3];
        }
        for (; k < length; k++) {
            first += a[fromA + k] * b[fromB + k];
        }
        return (first + second) + (third + fourth);
    }
}
