package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.OrderKernels;
import java.util.Arrays;

/// Plain stable sorting of rows. NaN counts as larger than every number, as in NumPy.
final class HardOrder {
    private HardOrder() {}

    /// The stable permutation that sorts each row of the last axis, as whole numbers of x's shape.
    ///
    /// Equal entries keep their order in both directions. Cost: O(n log n) for each row.
    static DenseTensor argsort(Tensor x, Order order) {
        int[] shape = x.shape();
        int n = shape[shape.length - 1];
        double[] values = x.toDoubles();
        OrderKernels kernels = ActiveKernels.get().order().orElse(null);
        if (kernels != null && n > 0 && (order == Order.ASCENDING || !hasNaN(values))) {
            return DenseTensor.owning(shape, argsort(kernels, n, values, order));
        }
        double[] places = new double[values.length];
        for (int start = 0; start < values.length; start += n) {
            Integer[] row = new Integer[n];
            int from = start;
            Arrays.setAll(row, i -> i);
            Arrays.sort(
                    row,
                    (i, j) -> order == Order.ASCENDING
                            ? compare(values[from + i], values[from + j])
                            : compare(values[from + j], values[from + i]));
            for (int i = 0; i < n; i++) {
                places[start + i] = row[i];
            }
        }
        return DenseTensor.owning(shape, places);
    }

    /// Descending order is the ascending one of the opposite numbers, which have the same equals.
    private static double[] argsort(OrderKernels kernels, int n, double[] values, Order order) {
        if (order == Order.DESCENDING) {
            Arrays.setAll(values, i -> -values[i]);
        }
        int[] places = new int[values.length];
        kernels.argsort(values.length / n, n, values, places);
        Arrays.setAll(values, i -> places[i]);
        return values;
    }

    private static boolean hasNaN(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value == value ? 0 : 1;
        }
        return sum > 0;
    }

    /// The place of the largest entry of each row, the first of equals. Cost: O(n) for each row.
    static DenseTensor argmax(Tensor x) {
        int[] shape = x.shape();
        int n = shape[shape.length - 1];
        double[] values = x.toDoubles();
        int[] rows = Shapes.without(shape, shape.length - 1);
        double[] places = new double[Shapes.size(rows)];
        for (int row = 0; row < places.length; row++) {
            int largest = 0;
            for (int i = 1; i < n; i++) {
                largest = compare(values[row * n + i], values[row * n + largest]) > 0 ? i : largest;
            }
            places[row] = largest;
        }
        return DenseTensor.owning(rows, places);
    }

    /// Like [Double#compare(double, double)], but the two zeros are equal.
    private static int compare(double a, double b) {
        return a == b ? 0 : Double.compare(a, b);
    }

    /// The inverse of each row's permutation.
    static DenseTensor inverse(DenseTensor permutation) {
        int[] shape = permutation.shape();
        int n = shape[shape.length - 1];
        double[] places = permutation.doubles();
        double[] inverse = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            inverse[i / n * n + (int) places[i]] = i % n;
        }
        return DenseTensor.owning(shape, inverse);
    }

    /// For each whole number a distribution over 0 to n-1 with all its mass there.
    static Tensor oneHot(Tensor places, int n) {
        int[] shape = places.shape();
        double[] at = places.toDoubles();
        double[] result = MemoryLimit.doubles(Shapes.insert(shape, shape.length, n));
        for (int i = 0; i < at.length; i++) {
            result[i * n + (int) at[i]] = 1;
        }
        return DenseTensor.owning(Shapes.insert(shape, shape.length, n), result);
    }
}
