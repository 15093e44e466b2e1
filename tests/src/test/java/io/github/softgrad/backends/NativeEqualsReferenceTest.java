package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The native kernels give what the reference gives, under every instruction set")
class NativeEqualsReferenceTest {

    private static final Kernels REFERENCE = new ReferenceKernels();

    private static final int[][] SHAPES = {
        {1, 1},
        {5, 1},
        {3, 2},
        {7, 3},
        {4, 7},
        {9, 8},
        {2, 9},
        {3, 15},
        {3, 16},
        {3, 17},
        {2, 31},
        {2, 33},
        {5, 64},
        {2, 65},
        {1, 100},
        {3, 257},
        {40, 1000},
        {2, 16384},
        {2, 16385},
        {1, 40000},
        {0, 4},
        {4, 0}
    };

    private static final double[] SOFTNESSES = {1e-6, 1e-3, 0.1, 1, 30, 1e6};

    /// One batch of rows with everything that the kernels are asked; rows take turns to be random, tied,
    /// constant, far from zero and nearly constant.
    private record Batch(int rows, int n, double[] x, double[] g) {

        static Batch random(int rows, int n, long seed) {
            Random random = new Random(seed);
            double[] x = new double[rows * n];
            double[] g = new double[rows * n];
            for (int i = 0; i < x.length; i++) {
                double normal = random.nextGaussian();
                x[i] = switch (i / n % 5) {
                    case 0 -> normal;
                    case 1 -> Math.rint(2 * normal) / 2;
                    case 2 -> 0.25;
                    case 3 -> 1e6 + normal;
                    default -> 1 + 1e-7 * normal;
                };
                g[i] = random.nextGaussian() + (i / n % 2) * 100;
            }
            return new Batch(rows, n, x, g);
        }

        String named(String what, double softness) {
            return what + ", " + rows + " x " + n + ", softness " + softness;
        }
    }

    @ParameterizedTest
    @EnumSource
    void projectionsInDoublePrecisionAgree(Regularizer regularizer) {
        forEachBatch((batch, softness) -> {
            double[] expected = new double[batch.x.length];
            double[] actual = new double[batch.x.length];
            REFERENCE.simplex(regularizer, batch.rows, batch.n, batch.x, softness, expected);
            NativeBackend.underEachInstructionSet(kernels -> {
                kernels.simplex(regularizer, batch.rows, batch.n, batch.x, softness, actual);
                // An element u below the maximum carries an error of u roundings, or 700 at most.
                assertClose(expected, actual, 2e-13, batch.named(kernels.description(), softness));
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void projectionsInSinglePrecisionAgree(Regularizer regularizer) {
        forEachBatch((batch, softness) -> {
            float[] x = single(batch.x);
            float[] expected = new float[x.length];
            float[] actual = new float[x.length];
            REFERENCE.simplex(regularizer, batch.rows, batch.n, x, (float) softness, expected);
            NativeBackend.underEachInstructionSet(kernels -> {
                kernels.simplex(regularizer, batch.rows, batch.n, x, (float) softness, actual);
                assertClose(widened(expected), widened(actual), 3e-7, batch.named(kernels.description(), softness));
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void cotangentsInDoublePrecisionAgree(Regularizer regularizer) {
        forEachBatch((batch, softness) -> {
            double[] y = new double[batch.x.length];
            double[] expected = new double[batch.x.length];
            double[] actual = new double[batch.x.length];
            REFERENCE.simplex(regularizer, batch.rows, batch.n, batch.x, softness, y);
            REFERENCE.simplexVjp(regularizer, batch.rows, batch.n, y, softness, batch.g, expected);
            NativeBackend.underEachInstructionSet(kernels -> {
                kernels.simplexVjp(regularizer, batch.rows, batch.n, y, softness, batch.g, actual);
                assertArrayEquals(expected, actual, 1e-13 / softness, batch.named(kernels.description(), softness));
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void cotangentsInSinglePrecisionAgree(Regularizer regularizer) {
        forEachBatch((batch, softness) -> {
            float[] y = new float[batch.x.length];
            float[] g = single(batch.g);
            float[] expected = new float[y.length];
            float[] actual = new float[y.length];
            REFERENCE.simplex(regularizer, batch.rows, batch.n, single(batch.x), (float) softness, y);
            REFERENCE.simplexVjp(regularizer, batch.rows, batch.n, y, (float) softness, g, expected);
            NativeBackend.underEachInstructionSet(kernels -> {
                kernels.simplexVjp(regularizer, batch.rows, batch.n, y, (float) softness, g, actual);
                assertArrayEquals(
                        expected, actual, (float) (1e-6 / softness), batch.named(kernels.description(), softness));
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void rowsWithSpecialNumbersAgree(Regularizer regularizer) {
        double[] specials = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        NativeBackend.underEachInstructionSet(kernels -> {
            for (double special : specials) {
                for (int n : new int[] {1, 2, 3, 8, 11, 70, 20000}) {
                    compareWithSpecialNumber(kernels, regularizer, n, special);
                }
            }
        });
    }

    private static void compareWithSpecialNumber(Kernels kernels, Regularizer regularizer, int n, double special) {
        Batch batch = Batch.random(3, n, n);
        batch.x[n + n / 2] = special;
        String name = batch.named(kernels.description() + " with " + special, 0.5);
        double[] expected = new double[3 * n];
        double[] actual = new double[3 * n];
        REFERENCE.simplex(regularizer, 3, n, batch.x, 0.5, expected);
        kernels.simplex(regularizer, 3, n, batch.x, 0.5, actual);
        assertClose(expected, actual, 2e-13, name);
        double[] expectedCotangent = new double[3 * n];
        double[] actualCotangent = new double[3 * n];
        REFERENCE.simplexVjp(regularizer, 3, n, expected, 0.5, batch.g, expectedCotangent);
        kernels.simplexVjp(regularizer, 3, n, expected, 0.5, batch.g, actualCotangent);
        assertArrayEquals(expectedCotangent, actualCotangent, 1e-12, "cotangents, " + name);
    }

    @Test
    void bothRefuseTheSameArgumentsInTheSameWords() {
        double[] two = new double[2];
        double[] other = new double[2];
        for (Kernels kernels : new Kernels[] {REFERENCE, NativeBackend.kernels()}) {
            assertRefused(
                    "rows and n must not be negative, were -1 and 2", () -> project(kernels, -1, 2, two, 1, other));
            assertRefused("x must hold rows * n = 4 elements, has 2", () -> project(kernels, 2, 2, two, 1, other));
            assertRefused(
                    "rows * n must fit into an array, was 65536 * 65536 = 4294967296",
                    () -> project(kernels, 1 << 16, 1 << 16, two, 1, other));
            assertRefused(
                    "softness must be a finite number above zero, was NaN",
                    () -> project(kernels, 1, 2, two, Double.NaN, other));
            assertRefused(
                    "softness must be a finite number above zero, was 0.0",
                    () -> project(kernels, 1, 2, two, 0, other));
            assertRefused("y must not be one of the input arrays", () -> project(kernels, 1, 2, two, 1, two));
            assertRefused(
                    "g must hold rows * n = 2 elements, has 1",
                    () -> kernels.simplexVjp(Regularizer.ENTROPY, 1, 2, two, 1, new double[1], other));
        }
    }

    @Test
    void nothingBeyondTheBatchIsWritten() {
        NativeBackend.underEachInstructionSet(kernels -> {
            for (int n = 1; n < 40; n++) {
                double[] y = new double[3 * n + 9];
                project(kernels, 3, n, new double[3 * n], 1, y);
                for (int i = 3 * n; i < y.length; i++) {
                    assertEquals(0, y[i], kernels.description() + " wrote beyond 3 x " + n);
                }
            }
        });
    }

    private static void project(Kernels kernels, int rows, int n, double[] x, double softness, double[] y) {
        kernels.simplex(Regularizer.NORM_3_2, rows, n, x, softness, y);
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @FunctionalInterface
    private interface BatchCheck {
        void check(Batch batch, double softness);
    }

    private static void forEachBatch(BatchCheck check) {
        for (int[] shape : SHAPES) {
            Batch batch = Batch.random(shape[0], shape[1], shape[1]);
            for (double softness : SOFTNESSES) {
                check.check(batch, softness);
            }
        }
    }

    /// Each element within `tolerance` of its own size, or of the row's largest mass where it nearly vanished.
    private static void assertClose(double[] expected, double[] actual, double tolerance, String batch) {
        for (int i = 0; i < expected.length; i++) {
            double allowed = tolerance * (Math.abs(expected[i]) + 1e-3);
            assertEquals(expected[i], actual[i], Double.isNaN(allowed) ? 0 : allowed, "element " + i + " of " + batch);
        }
    }

    private static float[] single(double[] wide) {
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (float) wide[i];
        }
        return narrow;
    }

    private static double[] widened(float[] narrow) {
        double[] wide = new double[narrow.length];
        for (int i = 0; i < narrow.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }
}
