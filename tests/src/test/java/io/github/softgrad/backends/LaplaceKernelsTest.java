package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.kernel.LaplaceKernels;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The native Laplace kernels give what the plain sums give; see native/tests/laplace_test.c for every
/// instruction set.
class LaplaceKernelsTest {
    private static final LaplaceKernels REFERENCE = new ReferenceKernels().laplace();

    private static double[] ascendingRows(Random random, int rows, int n) {
        double[] x = random.doubles((long) rows * n, -1, 1).toArray();
        for (int row = 0; row < rows; row++) {
            Arrays.sort(x, row * n, (row + 1) * n);
        }
        return x;
    }

    @Test
    void thresholdsAndSumsAgree() {
        LaplaceKernels kernels = NativeBackend.kernels().laplace();
        Random random = new Random(6);
        for (int n : new int[] {1, 2, 3, 9, 64, 201}) {
            for (double softness : new double[] {1e-3, 0.1, 10}) {
                int rows = 3;
                int m = n + 2;
                double[] x = ascendingRows(random, rows, n);
                double[] v = random.doubles((long) rows * n).toArray();
                double[] at = ascendingRows(random, rows, m);
                double[] b = new double[rows * (n - 1)];
                double[] plain = new double[rows * (n - 1)];
                kernels.thresholds(rows, n, x, softness, b);
                REFERENCE.thresholds(rows, n, x, softness, plain);
                String name = "n " + n + ", softness " + softness;
                assertArrayEquals(plain, b, 1e-13 * (1 + softness), name);
                double[][] fast = new double[3][rows * m];
                double[][] direct = new double[3][rows * m];
                kernels.sums(rows, n, m, x, v, at, softness, fast[0], fast[1], fast[2]);
                REFERENCE.sums(rows, n, m, x, v, at, softness, direct[0], direct[1], direct[2]);
                for (int k = 0; k < 3; k++) {
                    assertArrayEquals(direct[k], fast[k], 1e-13 * n, name + ", sum " + k);
                }
            }
        }
    }

    @Test
    void arraysThatAreTooShortAreRefusedByName() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> REFERENCE.thresholds(2, 3, new double[6], 0.1, new double[3]));
        assertTrue(error.getMessage().contains("b must hold"), error.getMessage());
    }
}
