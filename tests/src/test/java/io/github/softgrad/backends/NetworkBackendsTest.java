package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.NetworkKernels.Vectors;
import io.github.softgrad.kernel.StepCurve;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The native sorting network gives what the reference gives, under every instruction set")
class NetworkBackendsTest {

    private static final NetworkKernels REFERENCE = new ReferenceKernels().network();

    private static final int[][] SHAPES = {
        {1, 1}, {5, 1}, {3, 2}, {7, 3}, {4, 4}, {4, 7}, {9, 8}, {2, 9}, {3, 15}, {3, 16}, {3, 17}, {2, 33}, {5, 64},
        {1, 100}, {300, 40}, {2, 300}, {0, 4}, {4, 0}
    };

    /// Odd numbers, as the linear curve has kinks at 5 times the softness, where rounding chooses the side.
    private static final double[] SOFTNESSES = {1.3e-6, 0.0123, 0.137, 1.03, 31.7, 1e6};

    /// Rows that take turns to be random, tied, constant and descending, and vectors.
    private record Batch(int rows, int n, double[] x, double[] g, Vectors own, Vectors shared) {

        static Batch random(int rows, int n) {
            Random random = new Random(n * 31L + rows);
            double[] x = new double[rows * n];
            for (int i = 0; i < x.length; i++) {
                double normal = random.nextGaussian();
                x[i] = switch (i / n % 4) {
                    case 0 -> normal;
                    case 1 -> Math.rint(2 * normal) / 2;
                    case 2 -> 0.25;
                    default -> (double) (n - i % n) / n;
                };
            }
            Vectors own =
                    new Vectors(3, false, random.doubles(rows * 3L * n, -1, 1).toArray());
            Vectors shared = new Vectors(3, true, random.doubles(3L * n, -1, 1).toArray());
            return new Batch(rows, n, x, random.doubles((long) rows * n, -1, 1).toArray(), own, shared);
        }
    }

    /// What is computed, into one array.
    private interface Work {
        double[] of(NetworkKernels kernels, Batch batch, double softness);
    }

    private static void agree(double tolerance, Work work) {
        for (int[] shape : SHAPES) {
            Batch batch = Batch.random(shape[0], shape[1]);
            for (double softness : SOFTNESSES) {
                double[] expected = work.of(REFERENCE, batch, softness);
                NativeBackend.underEachInstructionSet(kernels -> {
                    double[] actual = work.of(kernels.network(), batch, softness);
                    double allowed = tolerance * Math.max(1, 1 / softness);
                    for (int i = 0; i < expected.length; i++) {
                        int entry = i;
                        assertEquals(
                                expected[i],
                                actual[i],
                                allowed,
                                () -> kernels.description() + ", entry " + entry + " of " + batch.rows + " x " + batch.n
                                        + ", softness " + softness);
                    }
                });
            }
        }
    }

    /// A polynomial exchange moves the minimum by up to 1.3 times what its entries move, and there are many
    /// layers.
    @ParameterizedTest
    @EnumSource
    void sortedRowsAgree(StepCurve curve) {
        agree(1e-13, (kernels, batch, softness) -> {
            double[] y = new double[batch.x.length];
            kernels.sort(curve, batch.rows, batch.n, batch.x, softness, y);
            return y;
        });
    }

    @ParameterizedTest
    @EnumSource
    void cotangentsOfSortedRowsAgree(StepCurve curve) {
        agree(1e-12, (kernels, batch, softness) -> {
            double[] dx = new double[batch.x.length];
            double[] dsoftness = new double[batch.rows];
            kernels.sortVjp(curve, batch.rows, batch.n, batch.x, softness, batch.g, dx, dsoftness);
            return joined(dx, dsoftness);
        });
    }

    @ParameterizedTest
    @EnumSource
    void productsWithThePermutationAgree(StepCurve curve) {
        agree(1e-13, (kernels, batch, softness) -> {
            double[] own = new double[3 * batch.x.length];
            double[] shared = new double[3 * batch.x.length];
            kernels.apply(curve, batch.rows, batch.n, batch.x, softness, batch.own, own);
            kernels.apply(curve, batch.rows, batch.n, batch.x, softness, batch.shared, shared);
            return joined(own, shared);
        });
    }

    @ParameterizedTest
    @EnumSource
    void productsWithTheTransposedPermutationAgree(StepCurve curve) {
        agree(1e-13, (kernels, batch, softness) -> {
            double[] own = new double[3 * batch.x.length];
            double[] shared = new double[3 * batch.x.length];
            kernels.applyTransposed(curve, batch.rows, batch.n, batch.x, softness, batch.own, own);
            kernels.applyTransposed(curve, batch.rows, batch.n, batch.x, softness, batch.shared, shared);
            return joined(own, shared);
        });
    }

    @ParameterizedTest
    @EnumSource
    void cotangentsOfProductsAgree(StepCurve curve) {
        agree(1e-12, (kernels, batch, softness) -> {
            double[] dx = new double[batch.x.length];
            double[] dsoftness = new double[batch.rows];
            kernels.applyVjp(curve, batch.rows, batch.n, batch.x, softness, batch.own, batch.shared, dx, dsoftness);
            return joined(dx, dsoftness);
        });
    }

    @Test
    void aWholeMatrixAgrees() {
        int n = 70;
        Batch batch = Batch.random(1, n);
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        double[] expected = new double[n * n];
        REFERENCE.apply(StepCurve.LOGISTIC, 1, n, batch.x, 0.2, new Vectors(n, true, identity), expected);
        NativeBackend.underEachInstructionSet(kernels -> {
            double[] columns = new double[n * n];
            double[] rows = new double[n * n];
            kernels.network().apply(StepCurve.LOGISTIC, 1, n, batch.x, 0.2, new Vectors(n, true, identity), columns);
            kernels.network()
                    .applyTransposed(StepCurve.LOGISTIC, 1, n, batch.x, 0.2, new Vectors(n, true, identity), rows);
            for (int i = 0; i < n * n; i++) {
                assertEquals(expected[i], columns[i], 1e-13 * expected[i], kernels.description() + " columns " + i);
                assertEquals(
                        expected[i],
                        rows[i % n * n + i / n],
                        1e-13 * expected[i],
                        kernels.description() + " rows " + i);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void rowsWithSpecialNumbersBecomeNaNAndNoOthers(StepCurve curve) {
        Vectors ones = new Vectors(1, true, new double[] {1, 1, 1, 1, 1});
        NativeBackend.underEachInstructionSet(kernels -> {
            for (NetworkKernels network : new NetworkKernels[] {REFERENCE, kernels.network()}) {
                for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    Batch batch = Batch.random(3, 5);
                    batch.x[7] = special;
                    double[] y = new double[15];
                    double[] dx = new double[15];
                    double[] dsoftness = new double[3];
                    network.sort(curve, 3, 5, batch.x, 0.3, y);
                    requireMiddleSpoilt(y, "sorted", special);
                    network.sortVjp(curve, 3, 5, batch.x, 0.3, batch.g, dx, dsoftness);
                    requireMiddleSpoilt(dx, "cotangents", special);
                    requireMiddleSpoilt(dsoftness, "softness", special);
                    network.applyTransposed(curve, 3, 5, batch.x, 0.3, ones, y);
                    requireMiddleSpoilt(y, "product", special);
                }
            }
        });
    }

    private static void requireMiddleSpoilt(double[] rows, String what, double special) {
        for (int i = 0; i < rows.length; i++) {
            assertEquals(i * 3 / rows.length == 1, Double.isNaN(rows[i]), what + " entry " + i + " with " + special);
        }
    }

    @Test
    void bothRefuseTheSameArgumentsInTheSameWords() {
        double[] two = new double[2];
        double[] other = new double[2];
        for (NetworkKernels network :
                new NetworkKernels[] {REFERENCE, NativeBackend.kernels().network()}) {
            assertRefused("y must not be one of the input arrays", () -> sort(network, 1, 2, two, 1, two));
            assertRefused("x must hold rows * n = 4 elements, has 2", () -> sort(network, 2, 2, two, 1, other));
            assertRefused(
                    "softness must be a finite number above zero, was NaN",
                    () -> sort(network, 1, 2, two, Double.NaN, other));
            assertRefused(
                    "forward and backward must have equally many vectors, had 1 and 0",
                    () -> network.applyVjp(
                            StepCurve.LINEAR,
                            1,
                            2,
                            two,
                            1,
                            new Vectors(1, true, two),
                            new Vectors(0, true, two),
                            other,
                            new double[1]));
        }
    }

    private static void sort(NetworkKernels network, int rows, int n, double[] x, double softness, double[] y) {
        network.sort(StepCurve.CUBIC, rows, n, x, softness, y);
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static double[] joined(double[] first, double[] second) {
        double[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
