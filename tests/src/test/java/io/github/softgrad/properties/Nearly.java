package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.softgrad.Tensor;
import java.util.Arrays;

/// Comparisons of tensors that name the case and show both sides.
public final class Nearly {
    private Nearly() {}

    /// Every entry differs by at most the tolerance times the largest expected number (at least 1); NaN equals
    /// NaN.
    public static void same(double[] expected, Tensor actual, double tolerance, Object name) {
        double[] found = actual.toDoubles();
        double scale = 1;
        for (double value : expected) {
            scale = Double.isFinite(value) ? Math.max(scale, Math.abs(value)) : scale;
        }
        boolean same = expected.length == found.length;
        for (int i = 0; same && i < found.length; i++) {
            same = Double.compare(expected[i], found[i]) == 0 || Math.abs(expected[i] - found[i]) <= tolerance * scale;
        }
        if (!same) {
            throw new AssertionError(name + ": expected " + Arrays.toString(expected) + ", got "
                    + Arrays.toString(found) + ", tolerance " + tolerance * scale);
        }
    }

    /// Shapes are equal and entries as in [#same(double\[\], Tensor, double, Object)].
    public static void same(Tensor expected, Tensor actual, double tolerance, Object name) {
        shape(expected.shape(), actual, name);
        same(expected.toDoubles(), actual, tolerance, name);
    }

    /// The tensor has the shape.
    public static void shape(int[] expected, Tensor actual, Object name) {
        assertArrayEquals(expected, actual.shape(), () -> name + ": shape");
    }
}
