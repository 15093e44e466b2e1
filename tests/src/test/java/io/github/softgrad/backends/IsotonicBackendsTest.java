package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.kernel.IsotonicKernels;
import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Isotonic regression in C gives what the reference gives, under every instruction set")
class IsotonicBackendsTest {

    private static final IsotonicKernels REFERENCE = new ReferenceKernels().isotonic();

    private static final int[][] SHAPES = {
        {1, 1}, {5, 1}, {3, 2}, {7, 3}, {4, 7}, {9, 8}, {5, 9}, {5, 17}, {5, 33}, {5, 100}, {600, 15}, {1, 900}, {0, 4},
        {4, 0}
    };

    private static final double[] SOFTNESSES = {1e-6, 1e-3, 0.1, 1, 30, 1e6};

    /// Sorted rows; those of w take turns to be random, tied, constant, far from zero and equally spaced.
    private record Batch(int rows, int n, double[] z, double[] w, double[] g) {

        static Batch random(int rows, int n) {
            Random random = new Random(31L * rows + n);
            double[] z = new double[rows * n];
            double[] w = new double[rows * n];
            double[] g = new double[rows * n];
            for (int i = 0; i < z.length; i++) {
                double normal = random.nextGaussian();
                z[i] = i / n % 3 == 0 ? Math.rint(2 * random.nextGaussian()) / 2 : random.nextGaussian();
                w[i] = switch (i / n % 5) {
                    case 0 -> normal;
                    case 1 -> Math.rint(2 * normal) / 2;
                    case 2 -> 0.25;
                    case 3 -> 1e6 + normal;
                    default -> (double) (i % n) / n;
                };
                g[i] = random.nextGaussian();
            }
            for (int row = 0; row < rows; row++) {
                sortDescending(z, row * n, row * n + n);
                sortDescending(w, row * n, row * n + n);
            }
            return new Batch(rows, n, z, w, g);
        }

        private static void sortDescending(double[] data, int from, int to) {
            Arrays.sort(data, from, to);
            for (int i = from, j = to - 1; i < j; i++, j--) {
                double swapped = data[i];
                data[i] = data[j];
                data[j] = swapped;
            }
        }

        double largestW(int row) {
            return n == 0 ? 0 : Math.max(Math.abs(w[row * n]), Math.abs(w[row * n + n - 1]));
        }
    }

    private record Result(double[] y, long[] first, double[] dz, double[] dw) {

        static Result of(IsotonicKernels kernels, Regularizer regularizer, Batch batch, double softness) {
            int size = batch.z.length;
            Result result = new Result(new double[size], new long[size], new double[size], new double[size]);
            kernels.project(regularizer, batch.rows, batch.n, batch.z, softness, batch.w, result.y, result.first);
            return result;
        }

        /// The cotangents at the projection and the pools of another result.
        void pull(IsotonicKernels kernels, Regularizer regularizer, Batch batch, double softness, Result at) {
            kernels.vjp(regularizer, batch.rows, batch.n, batch.w, softness, at.y, at.first, batch.g, dz, dw);
        }
    }

    @ParameterizedTest
    @EnumSource
    void projectionsAndCotangentsAgree(Regularizer regularizer) {
        for (int[] shape : SHAPES) {
            Batch batch = Batch.random(shape[0], shape[1]);
            for (double softness : SOFTNESSES) {
                Result expected = Result.of(REFERENCE, regularizer, batch, softness);
                expected.pull(REFERENCE, regularizer, batch, softness, expected);
                NativeBackend.underEachInstructionSet(kernels -> {
                    Result actual = Result.of(kernels.isotonic(), regularizer, batch, softness);
                    actual.pull(kernels.isotonic(), regularizer, batch, softness, expected);
                    compare(batch, expected, actual, softness, kernels.description() + " " + regularizer);
                });
            }
        }
    }

    private static void compare(Batch batch, Result expected, Result actual, double softness, String name) {
        for (int i = 0; i < expected.y.length; i++) {
            String element = name + ", " + batch.rows + " x " + batch.n + ", softness " + softness + ", element " + i;
            double size = 1 + batch.largestW(i / batch.n);
            assertEquals(expected.y[i], actual.y[i], 1e-14 * size, "y of " + element);
            assertEquals(expected.dz[i], actual.dz[i], 1e-13 * size / softness, "dz of " + element);
            assertEquals(expected.dw[i], actual.dw[i], 1e-13, "dw of " + element);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowWithASpecialNumberBecomesNaNAndNoOtherDoes(Regularizer regularizer) {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int n : new int[] {1, 2, 8, 11, 70}) {
                Batch batch = Batch.random(3, n);
                (n % 2 == 0 ? batch.z : batch.w)[n + n / 2] = special;
                checkOnlyTheMiddleRowIsNaN(REFERENCE, regularizer, batch, "reference with " + special);
                NativeBackend.underEachInstructionSet(kernels -> checkOnlyTheMiddleRowIsNaN(
                        kernels.isotonic(), regularizer, batch, kernels.description() + " with " + special));
            }
        }
    }

    private static void checkOnlyTheMiddleRowIsNaN(
            IsotonicKernels kernels, Regularizer regularizer, Batch batch, String name) {
        Result result = Result.of(kernels, regularizer, batch, 0.5);
        result.pull(kernels, regularizer, batch, 0.5, result);
        for (int i = 0; i < result.y.length; i++) {
            boolean spoilt = i / batch.n == 1;
            String element = name + ", n " + batch.n + ", element " + i;
            assertEquals(spoilt, Double.isNaN(result.y[i]), "y of " + element);
            assertEquals(spoilt, Double.isNaN(result.dz[i]), "dz of " + element);
            assertEquals(spoilt, Double.isNaN(result.dw[i]), "dw of " + element);
        }
    }

    @Test
    void bothRefuseTheSameArgumentsInTheSameWords() {
        double[] two = {1, 0};
        double[] other = new double[2];
        long[] first = new long[2];
        for (Kernels kernels : new Kernels[] {new ReferenceKernels(), NativeBackend.kernels()}) {
            IsotonicKernels isotonic = kernels.isotonic();
            assertRefused(
                    "w must hold rows * n = 2 elements, has 1",
                    () -> isotonic.project(Regularizer.ENTROPY, 1, 2, two, 1, new double[1], other, first));
            assertRefused(
                    "first must hold rows * n = 2 elements, has 1",
                    () -> isotonic.project(Regularizer.ENTROPY, 1, 2, two, 1, two, other, new long[1]));
            assertRefused(
                    "softness must be a finite number above zero, was 0.0",
                    () -> isotonic.project(Regularizer.ENTROPY, 1, 2, two, 0, two, other, first));
            assertRefused(
                    "y must not be one of the input arrays",
                    () -> isotonic.project(Regularizer.ENTROPY, 1, 2, two, 1, two, two, first));
            assertRefused(
                    "dw must not be one of the input arrays",
                    () -> isotonic.vjp(Regularizer.ENTROPY, 1, 2, two, 1, two, first, two, other, other));
        }
    }

    @Test
    void nothingBeyondTheBatchIsWritten() {
        NativeBackend.underEachInstructionSet(kernels -> {
            for (int n = 1; n < 40; n++) {
                double[] y = new double[3 * n + 9];
                long[] first = new long[3 * n + 9];
                kernels.isotonic()
                        .project(Regularizer.NORM_3_2, 3, n, new double[3 * n], 1, new double[3 * n], y, first);
                assertArrayEquals(new double[9], Arrays.copyOfRange(y, 3 * n, 3 * n + 9), "y beyond 3 x " + n);
                assertArrayEquals(new long[9], Arrays.copyOfRange(first, 3 * n, 3 * n + 9), "first beyond 3 x " + n);
            }
        });
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
