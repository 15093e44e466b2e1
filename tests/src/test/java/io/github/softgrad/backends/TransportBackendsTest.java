package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.TransportKernels;
import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Native transport gives what the reference gives, under every instruction set")
class TransportBackendsTest {

    private static final TransportKernels REFERENCE = new ReferenceKernels().transport();
    private static final double TOLERANCE = 5e-13;
    private static final double[] SOFTNESSES = {0.01, 0.1, 1, 30};

    private static Problem problem(Regularizer regularizer, double softness, boolean logarithms) {
        return new Problem(regularizer, softness, TOLERANCE, 1000, logarithms);
    }

    // --- any costs ------------------------------------------------------------------------------------------------

    private record Matrices(int rows, int n, int m, double[] cost, double[] mu, double[] nu, double[] g) {

        static Matrices random(int rows, int n, int m) {
            Random random = new Random(1000L * n + m);
            double[] cost = random.doubles((long) rows * n * m).toArray();
            double[] g = random.doubles((long) rows * n * m, -1, 1).toArray();
            return new Matrices(rows, n, m, cost, masses(random, n), masses(random, m), g);
        }

        private static double[] masses(Random random, int n) {
            double[] masses = random.doubles(n, 0.2, 1).toArray();
            double total = Arrays.stream(masses).sum();
            return Arrays.stream(masses).map(mass -> mass / total).toArray();
        }

        double[][] solve(TransportKernels kernels, Problem problem) {
            double[] plan = new double[cost.length];
            double[] dcost = new double[cost.length];
            Report report = Report.of(rows);
            kernels.plan(problem, rows, n, m, cost, mu, nu, plan, report);
            for (double residual : report.residuals()) {
                assertTrue(residual <= TOLERANCE, "residual " + residual);
            }
            kernels.planVjp(problem, rows, n, m, exponential(plan, problem), g, dcost);
            return new double[][] {plan, dcost};
        }
    }

    private static double[] exponential(double[] plan, Problem problem) {
        return problem.logarithms() ? Arrays.stream(plan).map(Math::exp).toArray() : plan;
    }

    @ParameterizedTest
    @EnumSource
    void plansAndCotangentsAgree(Regularizer regularizer) {
        for (int[] shape :
                new int[][] {{1, 1, 1}, {1, 1, 4}, {2, 3, 1}, {3, 2, 2}, {2, 5, 3}, {2, 4, 9}, {1, 17, 16}}) {
            for (double softness : SOFTNESSES) {
                Matrices matrices = Matrices.random(shape[0], shape[1], shape[2]);
                compare(problem(regularizer, softness, false), matrices::solve, Arrays.toString(shape));
            }
        }
    }

    @Test
    void logarithmsOfPlansAgree() {
        Matrices matrices = Matrices.random(2, 5, 4);
        compare(problem(Regularizer.ENTROPY, 0.05, true), matrices::solve, "5 x 4");
    }

    // --- points on a line -----------------------------------------------------------------------------------------

    private record Points(int rows, int n, int m, double[] x, double[] anchors, double[] shares, double[] g) {

        /// Rows in turn random, tied, constant, clustered and far from zero; anchors in turn ascending and
        /// descending.
        static Points random(int rows, int n, int m) {
            Random random = new Random(77L * n + m);
            double[] x = new double[rows * n];
            for (int i = 0; i < x.length; i++) {
                double z = random.nextGaussian();
                x[i] = switch (i / n % 5) {
                    case 0 -> z;
                    case 1 -> Math.rint(2 * z) / 4;
                    case 2 -> 0.25;
                    case 3 -> (i % 2) * 0.5 + 1e-7 * z;
                    default -> 1e4 + z;
                };
            }
            double[] anchors = new double[m];
            double[] shares = new double[m];
            for (int j = 0; j < m; j++) {
                anchors[j] = (n % 2 == 0 ? j : m - 1.0 - j) / m;
                shares[j] = j == 0 ? n - m + 1 : 1;
            }
            return new Points(
                    rows,
                    n,
                    m,
                    x,
                    anchors,
                    shares,
                    random.doubles((long) rows * n * m).toArray());
        }

        double[][] solve(TransportKernels kernels, Problem problem) {
            double[] plan = new double[rows * m * n];
            double[] dx = new double[x.length];
            Report report = Report.of(rows);
            kernels.line(problem, rows, n, m, x, anchors, shares, plan, report);
            for (double residual : report.residuals()) {
                assertTrue(residual <= TOLERANCE, "residual " + residual);
            }
            kernels.lineVjp(problem, rows, n, m, anchors, exponential(plan, problem), g, dx);
            return new double[][] {plan, dx};
        }
    }

    @ParameterizedTest
    @EnumSource
    void plansToAnchorsAndCotangentsAgree(Regularizer regularizer) {
        for (int[] shape : new int[][] {{5, 1, 1}, {5, 2, 2}, {5, 7, 2}, {5, 8, 8}, {5, 17, 4}, {5, 31, 31}}) {
            for (double softness : SOFTNESSES) {
                Points points = Points.random(shape[0], shape[1], shape[2]);
                // Of tied points some are on the border of the support, where that of the squared norm has a kink.
                int smooth = regularizer == Regularizer.SQUARED_EUCLIDEAN ? shape[1] : points.x.length;
                compare(
                        problem(regularizer, softness, false),
                        (kernels, problem) -> {
                            double[][] results = points.solve(kernels, problem);
                            return new double[][] {results[0], Arrays.copyOf(results[1], smooth)};
                        },
                        Arrays.toString(shape));
            }
        }
    }

    @Test
    void logarithmsOfPlansToAnchorsAgree() {
        Points points = Points.random(1, 9, 4);
        compare(problem(Regularizer.ENTROPY, 0.2, true), points::solve, "9 points");
    }

    @Test
    void aNanSpoilsItsOwnRowOnly() {
        Points points = Points.random(2, 5, 5);
        points.x[7] = Double.NaN;
        NativeBackend.underEachInstructionSet(kernels -> {
            for (TransportKernels each : new TransportKernels[] {REFERENCE, kernels.transport()}) {
                double[][] results = points.solve(each, problem(Regularizer.NORM_3_2, 0.3, false));
                for (int i = 0; i < 50; i++) {
                    assertEquals(i >= 25, Double.isNaN(results[0][i]), "entry " + i);
                    assertEquals(i >= 25, Double.isNaN(results[1][i / 5]), "cotangent " + i / 5);
                }
            }
        });
    }

    // --- both -----------------------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Solve {
        double[][] by(TransportKernels kernels, Problem problem);
    }

    /// Plans agree to what the tolerance leaves open; in the cotangents it is divided by the softness, and
    /// where entries of a plan are small their roots, on which a norm's derivatives depend, are less exact.
    private static void compare(Problem problem, Solve solve, String name) {
        double[][] expected = solve.by(REFERENCE, problem);
        NativeBackend.underEachInstructionSet(kernels -> {
            double[][] actual = solve.by(kernels.transport(), problem);
            String what = problem + " " + name + " " + kernels.description();
            close(expected[0], actual[0], 1e-10, "plan " + what);
            close(expected[1], actual[1], 1e-5, "cotangent " + what);
        });
    }

    private static void close(double[] expected, double[] actual, double tolerance, String name) {
        double size = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * (1 + size), "entry " + i + " of " + name);
        }
    }

    @Test
    void bothRefuseTheSameArgumentsInTheSameWords() {
        Problem problem = problem(Regularizer.ENTROPY, 1, false);
        double[] two = new double[2];
        double[] four = new double[4];
        for (TransportKernels kernels :
                new TransportKernels[] {REFERENCE, NativeBackend.kernels().transport()}) {
            refused(
                    "cost must hold rows * n = 4 elements, has 2",
                    () -> kernels.plan(problem, 1, 2, 2, two, two, two, four, Report.of(1)));
            refused(
                    "plan must not be one of the input arrays",
                    () -> kernels.plan(problem, 1, 2, 2, four, two, two, four, Report.of(1)));
            refused(
                    "anchors must hold rows * n = 4 elements, has 2",
                    () -> kernels.line(problem, 1, 2, 4, two, two, four, new double[8], Report.of(1)));
            refused(
                    "dx must not be one of the input arrays",
                    () -> kernels.lineVjp(problem, 1, 2, 2, two, four, new double[4], two));
        }
        refused("softness must be a finite number above zero, was 0.0", () -> problem(Regularizer.ENTROPY, 0, false));
        refused("only the entropy has finite logarithms, not NORM_3_2", () -> problem(Regularizer.NORM_3_2, 1, true));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
