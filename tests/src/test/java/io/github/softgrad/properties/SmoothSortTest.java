package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The smooth majorization sort: its values, its derivatives, and what it refuses.
class SmoothSortTest {
    private static final Soft SMOOTH = Soft.smooth().method(new Method.SmoothSort());
    private static final double[] SOFTNESSES = {1e-3, 0.03, 0.4, 1, 10};
    private static final Tensor X = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1);

    // --- values ---------------------------------------------------------------------------------------------------

    /// Errata 25 of the reference: it is not bounded by the hard ranks and depends on the order of tied
    /// entries.
    @Test
    void ranksLeaveTheirRangeForALargeSoftnessAndTiesTakeTheirOrder() {
        Soft soft = SMOOTH.softness(1);
        Nearly.same(new double[] {3.1, 8.4, -2.5, 0.9, 5.2}, soft.rank(X), 0.05, "ranks");
        double[] tied = soft.rank(Tensor.of(1, 1), 0, Order.ASCENDING).toDoubles();
        Nearly.same(new double[] {1.84, 1.16}, Tensor.of(tied), 0.01, "ranks of a tie");
        Nearly.same(tied, soft.rank(Tensor.of(1, 1 - 1e-12), 0, Order.ASCENDING), 1e-9, "ranks of nearly a tie");
        Nearly.same(new double[] {0.574, 1.426}, soft.sort(Tensor.of(1, 1)), 0.001, "a tie sorted");
    }

    @Test
    void aSmallSoftnessGivesTheHardOperators() {
        Soft soft = SMOOTH.softness(1e-4);
        Soft hard = Soft.hard();
        Nearly.same(hard.sort(X), soft.sort(X), 1e-12, "sort");
        Nearly.same(hard.sort(X, 0, Order.DESCENDING), soft.sort(X, 0, Order.DESCENDING), 1e-12, "descending");
        Nearly.same(hard.rank(X), soft.rank(X), 1e-12, "rank");
        Nearly.same(hard.max(X), soft.max(X), 1e-12, "max");
        Nearly.same(hard.min(X), soft.min(X), 1e-12, "min");
        Nearly.same(hard.median(X), soft.median(X), 1e-12, "median");
        Nearly.same(hard.quantile(X, 0.3), soft.quantile(X, 0.3), 1e-12, "quantile");
        Nearly.same(hard.topK(X, 2).values(), soft.topK(X, 2).values(), 1e-12, "topK");
        Tensor w = Tensor.of(5, 1, 4, 2, 3);
        Tensor arranged = hard.projectPermutahedronSmooth(X, w, 0);
        Nearly.same(new double[] {3, 1, 5, 4, 2}, arranged, 0, "hard projection");
        Nearly.same(arranged, soft.projectPermutahedronSmooth(X, w, 0), 1e-12, "projection");
    }

    @Test
    void oneEntryIsKept() {
        for (double softness : new double[] {1e-6, 0.1, 1, 1e6}) {
            Soft soft = SMOOTH.softness(softness);
            Nearly.same(new double[] {-3.5}, soft.sort(Tensor.of(-3.5)), 0, "sort");
            Nearly.same(new double[] {1}, soft.rank(Tensor.of(-3.5)), 0, "rank");
            Nearly.same(new double[] {1}, Autodiff.grad(x -> soft.sort(x).sum(), Tensor.of(-3.5)), 0, "derivative");
            Nearly.same(new double[] {0}, Autodiff.grad(x -> soft.rank(x).sum(), Tensor.of(-3.5)), 0, "of a rank");
        }
    }

    /// Two entries have one unknown, the distance d: `c_1 - c_2 = 2 exp(-gap) d^2 + d` with the bounds'
    /// increments c.
    @Test
    void twoEntriesSolveTheirQuadraticEquation() {
        double s = 0.4;
        double x = 0.9;
        double y = 0.2;
        double larger = s * Math.log(Math.exp(x / s) + Math.exp(y / s));
        double fall = 2 * larger - x - y;
        double root = 2 * Math.exp(-1 / s);
        double distance = (Math.sqrt(1 + 4 * root * fall) - 1) / (2 * root);
        double[] expected = {(x + y - distance) / 2, (x + y + distance) / 2};
        Nearly.same(expected, SMOOTH.softness(s).sort(Tensor.of(x, y)), 1e-15, "sort");
    }

    @Test
    void sortedRowsKeepTheirSumAndTheirOrder() {
        forEachRow((x, soft, name) -> {
            Tensor sorted = soft.sort(x);
            double size = x.abs().max().item() * x.size();
            assertEquals(x.sum().item(), sorted.sum().item(), 1e-13 * (1 + size), name);
            double[] y = sorted.toDoubles();
            for (int i = 1; i < y.length; i++) {
                assertTrue(y[i] >= y[i - 1] - 1e-14 * (1 + size), name + ": falls at " + i);
            }
        });
    }

    /// The optimality conditions from the definition: slacks and distances of y give back the order of the
    /// places.
    @Test
    void longRowsMeetTheOptimalityConditions() {
        Random random = new Random(7);
        for (int n : new int[] {2, 5, 64, 256, 1024}) {
            Tensor x = Tensor.of(random.doubles(n, -2, 2).toArray());
            for (double softness : new double[] {0.3, 1, 10}) {
                double[] y =
                        SMOOTH.softness(softness).sort(x, 0, Order.DESCENDING).toDoubles();
                double[] bound = bounds(x.toDoubles(), Math.min(softness, 1));
                double[] slack = new double[n + 1];
                double sum = 0;
                for (int k = 0; k < n - 1; k++) {
                    sum += y[k];
                    slack[k + 1] = Math.log(bound[k + 1] - sum);
                }
                for (int k = 1; k < n; k++) {
                    double gap = 1 / (n - 1.0) / softness;
                    double left = k > 1 ? Math.log(y[k - 2] - y[k - 1]) : 0;
                    double right = k < n - 1 ? Math.log(y[k] - y[k + 1]) : 0;
                    double here = Math.log(y[k - 1] - y[k]);
                    double alpha = gap - (2 * here - left - right);
                    double tolerance = 1e-12 * n * (1 + Math.exp(-Math.min(here, slack[k])));
                    assertEquals(-slack[k], alpha, tolerance, n + " entries, softness " + softness);
                }
            }
        }
    }

    /// `T log e_k(exp(w / T))` for k from 0, by adding one entry after the other.
    private static double[] bounds(double[] w, double temperature) {
        double[] bounds = new double[w.length + 1];
        Arrays.fill(bounds, 1, bounds.length, Double.NEGATIVE_INFINITY);
        for (double entry : w) {
            for (int k = w.length; k > 0; k--) {
                double with = bounds[k - 1] + entry;
                double larger = Math.max(bounds[k], with);
                if (larger > Double.NEGATIVE_INFINITY) {
                    double difference = Math.abs(bounds[k] - with);
                    bounds[k] = larger + temperature * Math.log1p(Math.exp(-difference / temperature));
                }
            }
        }
        return bounds;
    }

    @Test
    void standardizingChangesNothing() {
        Nearly.same(SMOOTH.standardize(false).sort(X), SMOOTH.standardize(true).sort(X), 0, "sort");
        Nearly.same(SMOOTH.standardize(false).rank(X), SMOOTH.standardize(true).rank(X), 0, "rank");
    }

    @Test
    void aNumberThatIsNotFiniteSpoilsItsLineOnly() {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Tensor lines = Tensor.of(new double[][] {{1, 3, 2}, {1, special, 2}, {5, 4, 9}});
            Tensor sorted = SMOOTH.sort(lines, 1, Order.ASCENDING);
            Tensor ranks = SMOOTH.rank(lines, 1, Order.ASCENDING);
            for (Tensor result : List.of(sorted, ranks)) {
                double[] values = result.toDoubles();
                for (int i = 0; i < 9; i++) {
                    assertEquals(i / 3 == 1, Double.isNaN(values[i]), special + ", entry " + i + ": " + values[i]);
                }
            }
        }
    }

    @Test
    void finiteRowsHaveFiniteValuesAndDerivatives() {
        Random random = new Random(11);
        for (int trial = 0; trial < 2000; trial++) {
            int n = 1 + random.nextInt(12);
            double size = Math.pow(10, random.nextInt(601) - 300);
            double[] entries = random.doubles(n, -1, 1).map(x -> x * size).toArray();
            if (random.nextInt(4) == 0) {
                Arrays.fill(entries, entries[0]);
            }
            Soft soft = SMOOTH.softness(Math.pow(10, random.nextInt(13) - 6));
            String name = "trial " + trial + ": " + Arrays.toString(entries);
            for (Function<Tensor, Tensor> operator : List.<Function<Tensor, Tensor>>of(soft::sort, soft::rank)) {
                var result = Autodiff.valueAndGrad(x -> operator.apply(x).sum(), Tensor.of(entries));
                assertTrue(Double.isFinite(result.value().item()), name);
                assertTrue(Arrays.stream(result.grad().toDoubles()).allMatch(Double::isFinite), name);
            }
        }
    }

    // --- derivatives ----------------------------------------------------------------------------------------------

    @Test
    void derivativesAgreeWithCentralDifferences() {
        List<BiFunction<Soft, Tensor, Tensor>> operators = List.of(
                (soft, x) -> soft.sort(x),
                (soft, x) -> soft.sort(x, 0, Order.DESCENDING),
                (soft, x) -> soft.rank(x),
                (soft, x) -> soft.rank(x, 0, Order.ASCENDING),
                (soft, x) -> soft.max(x),
                (soft, x) -> soft.min(x),
                (soft, x) -> soft.median(x),
                (soft, x) -> soft.quantile(x, 0.7),
                (soft, x) -> soft.topK(x, 2).values(),
                (soft, x) -> soft.projectPermutahedronSmooth(x, x.square().plus(x.flip(0)), 0));
        for (double softness : new double[] {0.11, 0.6, 3}) {
            Tensor at = Tensor.concatenate(0, X, Tensor.of(softness));
            for (int i = 0; i < operators.size(); i++) {
                BiFunction<Soft, Tensor, Tensor> operator = operators.get(i);
                try {
                    Autodiff.checkGradients(v -> operator.apply(SMOOTH.softness(v.get(5)), v.slice(0, 0, 5)), at, 1);
                } catch (AssertionError wrong) {
                    throw new AssertionError("operator " + i + ", softness " + softness, wrong);
                }
            }
        }
    }

    /// Errata 24 of the reference: its conjugate gradients return numbers of order a million here.
    @Test
    void derivativesInTheHardRegimeAreThoseOfThePermutation() {
        Tensor z = Tensor.of(1.9, -0.4, 0.3, 1.1, -1.7, 0.7, -1.2, 0.05);
        Tensor w = Tensor.of(0.3, -1.1, 1.8, 0.9, -0.2, 1.2, -1.6, 0.5);
        Tensor gradient = Autodiff.grad(
                v -> SMOOTH.softness(0.01).projectPermutahedronSmooth(z, v, 0).dot(Tensor.range(8)), w);
        Nearly.same(new double[] {7, 6, 0, 5, 1, 3, 4, 2}, gradient, 1e-6, "gradient in w");
    }

    @Test
    void moreThanOneSolveCanBeDifferentiatedAtOnce() {
        Tensor lines = Tensor.of(new double[][] {{0.4, 0.1, 0.9}, {-0.3, 0.8, 0.2}});
        Function<Tensor, Tensor> twice = x -> {
            Tensor sorted = SMOOTH.softness(0.5).sort(x, 1, Order.ASCENDING);
            return SMOOTH.softness(0.3).rank(sorted.times(x), 1, Order.ASCENDING);
        };
        Autodiff.checkGradients(twice, lines, 1);
    }

    @Test
    void straightThroughKeepsTheHardValueAndTheSmoothDerivative() {
        Soft soft = SMOOTH.softness(0.2);
        Nearly.same(Soft.hard().rank(X), soft.straightThrough().rank(X), 0, "value");
        Tensor weights = Tensor.of(1, -2, 0.5, 3, 1);
        Nearly.same(
                Autodiff.grad(x -> soft.rank(x).dot(weights), X),
                Autodiff.grad(x -> soft.straightThrough().rank(x).dot(weights), X),
                1e-15,
                "derivative");
    }

    // --- refusals -------------------------------------------------------------------------------------------------

    @Test
    void secondDerivativesAreRefusedNamingWhoHasThem() {
        var refused = assertThrows(
                IllegalStateException.class,
                () -> Autodiff.hvp(x -> SMOOTH.sort(x).square().sum(), X, X));
        String message = refused.getMessage();
        assertTrue(message.contains("new Method.SoftSort()") && message.contains("NeuralSort"), message);
    }

    @Test
    void otherModesAreRefusedNamingTheirMethods() {
        for (Mode mode : new Mode[] {Mode.C0, Mode.C1, Mode.C2}) {
            Soft soft = SMOOTH.mode(mode);
            for (Runnable call : List.<Runnable>of(
                    () -> soft.sort(X),
                    () -> soft.rank(X),
                    () -> soft.max(X),
                    () -> soft.projectPermutahedronSmooth(X, X, 0))) {
                String message =
                        assertThrows(IllegalArgumentException.class, call::run).getMessage();
                assertTrue(message.contains("SMOOTH") && message.contains(mode.name()), message);
                assertTrue(message.contains("SoftSort") && message.contains("SortingNetwork"), message);
            }
        }
    }

    @Test
    void anIndexIsRefusedNamingTheMethodsThatGiveOne() {
        String message = assertThrows(IllegalArgumentException.class, () -> SMOOTH.argsort(X))
                .getMessage();
        assertTrue(message.contains("SmoothSort") && message.contains("NeuralSort"), message);
    }

    @Test
    void shapesThatDifferAreRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> SMOOTH.projectPermutahedronSmooth(X, Tensor.of(1, 2), 0))
                .getMessage();
        assertTrue(message.contains("(5)") && message.contains("(2)"), message);
    }

    @FunctionalInterface
    private interface RowCheck {
        void check(Tensor x, Soft soft, String name);
    }

    private static void forEachRow(RowCheck check) {
        Random random = new Random(3);
        for (int n : new int[] {1, 2, 3, 8, 33, 200}) {
            for (int kind = 0; kind < 4; kind++) {
                int k = kind;
                Tensor x = Tensor.of(random.doubles(n, -1, 2)
                        .map(v -> k == 0 ? v : k == 1 ? Math.rint(v) : k == 2 ? 0.7 : 100 * v)
                        .toArray());
                for (double softness : SOFTNESSES) {
                    check.check(x, SMOOTH.softness(softness), "kind " + k + ", n=" + n + ", softness " + softness);
                }
            }
        }
    }
}
