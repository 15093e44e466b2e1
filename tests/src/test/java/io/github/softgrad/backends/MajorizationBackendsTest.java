package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.kernel.MajorizationKernels;
import io.github.softgrad.kernel.MajorizationKernels.Solution;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The native smooth majorization sort gives what the reference gives, under every instruction set")
class MajorizationBackendsTest {

    private static final MajorizationKernels REFERENCE = new ReferenceKernels().majorization();

    private static final int[][] SHAPES = {
        {1, 1}, {3, 1}, {4, 2}, {6, 3}, {6, 4}, {6, 7}, {6, 8}, {6, 9}, {6, 17}, {6, 33}, {6, 64}, {6, 65}, {6, 130},
        {700, 11}, {6, 300}, {2, 1024}, {0, 4}, {4, 0}
    };

    private static final double[] SOFTNESSES = {1e-6, 1e-3, 0.1, 0.7, 1, 10, 1e6};

    /// Everything that a backend computes for one batch.
    private record Results(double[] y, Solution solution, double[] dz, double[] dw, double[] dsoftness) {

        static Results of(MajorizationKernels kernels, Batch batch, double softness) {
            int elements = batch.rows * batch.n;
            double[] y = new double[elements];
            Solution solution = Solution.of(batch.rows, batch.n);
            kernels.project(batch.rows, batch.n, batch.z, batch.w, softness, y, solution);
            double[] dz = new double[elements];
            double[] dw = new double[elements];
            double[] ds = new double[batch.rows];
            kernels.vjp(batch.rows, batch.n, batch.z, batch.w, softness, solution, batch.g, dz, dw, ds);
            return new Results(y, solution, dz, dw, ds);
        }
    }

    /// Rows in turn random, tied, constant, far from zero, clustered, with an outlier; z or w evenly spaced in
    /// turn.
    private record Batch(int rows, int n, double[] z, double[] w, double[] g) {

        static Batch random(int rows, int n) {
            Random random = new Random(31L * rows + n);
            Batch batch = new Batch(rows, n, new double[rows * n], new double[rows * n], new double[rows * n]);
            for (int row = 0; row < rows; row++) {
                int kind = row % 6;
                double[] entries = random.doubles(n, -1, 2)
                        .map(x -> entry(kind, x))
                        .sorted()
                        .toArray();
                if (kind == 5 && n > 0) {
                    entries[n - 1] = 40;
                }
                for (int i = 0; i < n; i++) {
                    int at = row * n + i;
                    boolean ranks = (row + n) % 2 == 0;
                    (ranks ? batch.z : batch.w)[at] = entries[n - 1 - i];
                    (ranks ? batch.w : batch.z)[at] = n == 1 ? 0 : (n - 1.0 - i) / (n - 1);
                    batch.g[at] = random.nextGaussian();
                }
            }
            return batch;
        }

        private static double entry(int kind, double x) {
            return switch (kind) {
                case 1 -> Math.rint(2 * x) / 2;
                case 2 -> 0.25;
                case 3 -> 30 + x;
                case 4 -> Math.rint(x) + 1e-7 * x;
                default -> x;
            };
        }
    }

    @Test
    void valuesAndCotangentsAgree() {
        for (int[] shape : SHAPES) {
            Batch batch = Batch.random(shape[0], shape[1]);
            for (double softness : SOFTNESSES) {
                Results expected = Results.of(REFERENCE, batch, softness);
                NativeBackend.underEachInstructionSet(kernels -> {
                    Results actual = Results.of(kernels.majorization(), batch, softness);
                    String name = kernels.description() + ", " + shape[0] + " x " + shape[1] + ", softness " + softness;
                    // A rounding of an entry moves the exponents by as much over the softness.
                    double tolerance = 1e-14 * (1 + 40 / Math.min(softness, 1));
                    assertClose(expected.y, actual.y, tolerance, "y, " + name);
                    assertClose(expected.dz, actual.dz, 100 * tolerance, "dz, " + name);
                    assertClose(expected.dw, actual.dw, 100 * tolerance, "dw, " + name);
                    assertClose(expected.dsoftness, actual.dsoftness, 1000 * tolerance, "dsoftness, " + name);
                });
            }
        }
    }

    @Test
    void everyRowIsSolvedToTheLastDigits() {
        for (int[] shape : SHAPES) {
            Batch batch = Batch.random(shape[0], shape[1]);
            for (double softness : SOFTNESSES) {
                assertSolved(Results.of(REFERENCE, batch, softness).solution, "reference", shape, softness);
                NativeBackend.underEachInstructionSet(kernels -> assertSolved(
                        Results.of(kernels.majorization(), batch, softness).solution,
                        kernels.description(),
                        shape,
                        softness));
            }
        }
    }

    private static void assertSolved(Solution solution, String backend, int[] shape, double softness) {
        for (int row = 0; row < shape[0]; row++) {
            double residual = solution.residuals()[row];
            assertTrue(
                    residual <= 1e-13 && solution.iterations()[row] < 200,
                    backend + ", row " + row + " of " + Arrays.toString(shape) + ", softness " + softness
                            + ": residual " + residual + " after " + solution.iterations()[row]);
        }
    }

    @Test
    void aRowWithANumberThatIsNotFiniteSpoilsItselfOnly() {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int place = 0; place < 3; place++) {
                Batch batch = Batch.random(3, 9);
                double[] spoilt = place == 0 ? batch.z : place == 1 ? batch.w : batch.g;
                spoilt[special > 0 ? 9 : 17] = special;
                String name = special + " in argument " + place;
                assertSpoilt(Results.of(REFERENCE, batch, 0.3), place < 2, "reference, " + name);
                NativeBackend.underEachInstructionSet(kernels -> assertSpoilt(
                        Results.of(kernels.majorization(), batch, 0.3),
                        spoilt != batch.g,
                        kernels.description() + ", " + name));
            }
        }
    }

    private static void assertSpoilt(Results results, boolean values, String name) {
        for (int i = 0; i < 27; i++) {
            boolean inside = i / 9 == 1;
            assertEquals(inside && values, Double.isNaN(results.y[i]), "y, " + name + ", entry " + i);
            assertEquals(inside, Double.isNaN(results.dz[i]), "dz, " + name + ", entry " + i);
            assertEquals(inside, Double.isNaN(results.dw[i]), "dw, " + name + ", entry " + i);
            assertEquals(inside, Double.isNaN(results.dsoftness[i / 9]), "dsoftness, " + name);
        }
    }

    @Test
    void bothRefuseTheSameArgumentsInTheSameWords() {
        NativeBackend.require();
        double[] two = new double[2];
        for (MajorizationKernels kernels :
                new MajorizationKernels[] {REFERENCE, NativeBackend.kernels().majorization()}) {
            Solution solution = Solution.of(1, 2);
            assertRefused(
                    "z must hold rows * n = 4 elements, has 2",
                    () -> kernels.project(2, 2, two, two, 1, new double[4], solution));
            assertRefused(
                    "softness must be a finite number above zero, was 0.0",
                    () -> kernels.project(1, 2, two, two, 0, new double[2], solution));
            assertRefused(
                    "y must not be one of the input arrays", () -> kernels.project(1, 2, two, two, 1, two, solution));
            assertRefused(
                    "duals must hold rows * n = 6 elements, has 3",
                    () -> kernels.project(1, 2, two, two, 1, new double[2], Solution.of(1, 1)));
            assertRefused(
                    "dw must not be one of the input arrays",
                    () -> kernels.vjp(1, 2, two, two, 1, solution, two, new double[2], two, new double[1]));
        }
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static void assertClose(double[] expected, double[] actual, double tolerance, String name) {
        double largest =
                Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * largest, name + ", entry " + i);
        }
    }
}
