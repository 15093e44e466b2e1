package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Method.SortingNetwork;
import io.github.softgrad.Method.SortingNetwork.Padding;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the soft sorting network promises beyond its numbers.
class SortingNetworkTest {
    private static final Tensor ROWS =
            Tensor.of(new double[][] {{0.3, -1.2, 2.2, 0.7, 0.1}, {0, 0, 1, 1, 1}, {2, 2, 2, 2, 2}});

    private static Soft soft(Padding padding) {
        return Soft.smooth().method(new SortingNetwork(padding));
    }

    static Stream<Soft> recipes() {
        return Stream.of(Padding.values())
                .flatMap(padding -> Recipes.SOFT_MODES.stream()
                        .flatMap(mode -> Stream.of(true, false)
                                .map(standardize -> soft(padding).mode(mode).standardize(standardize))));
    }

    // --- padding --------------------------------------------------------------------------------------------------

    /// Errata 5: the finite pad leaks; the numbers of the Python libraries.
    @Test
    void theFinitePadMixesWithTheEntries() {
        Soft soft = soft(Padding.FINITE);
        assertEquals(3.0000134, soft.sort(Tensor.of(3)).get(0).item(), 1e-7);
        assertEquals(3.0011, soft.softness(10).max(Tensor.of(3)).item(), 1e-4);
        assertEquals(
                3.475,
                soft.standardize(false).softness(10).sort(Tensor.of(3)).get(0).item(),
                1e-3);
        Nearly.same(
                new double[] {1.00044, 1.00044, 1.00058},
                soft.softness(1).sort(Tensor.of(1, 1, 1)),
                1e-5,
                "constant line");
        Tensor columns =
                soft.softness(1).argsort(Tensor.of(1, 1, 1)).probabilities().sum(0);
        assertTrue(columns.minus(1).abs().max().item() > 0.01, () -> "column sums " + columns);
    }

    @ParameterizedTest
    @EnumSource
    void withInfinitePadsEntriesMixWithEntriesOnly(Mode mode) {
        if (mode == Mode.HARD) {
            return;
        }
        Soft soft = soft(Padding.INFINITE).mode(mode).standardize(false);
        for (double softness : new double[] {1e-6, 0.1, 10, 1e6}) {
            for (int n = 1; n < 12; n++) {
                Tensor constant = Tensor.full(3, n);
                Nearly.same(constant, soft.softness(softness).sort(constant), 0, mode + " constant " + n);
                Tensor x = ROWS.flatten().slice(0, 0, n);
                Tensor matrix = soft.softness(softness).argsort(x).probabilities();
                String name = mode + ", softness " + softness + ", " + n + " entries";
                Nearly.same(Tensor.ones(n), matrix.sum(0), 1e-14, name + ": columns");
                Nearly.same(Tensor.ones(n), matrix.sum(1), 1e-14, name + ": rows");
                Nearly.same(matrix.matmul(x), soft.softness(softness).sort(x), 1e-14, name + ": values");
            }
        }
    }

    @Test
    void powersOfTwoNeedNoPad() {
        Tensor x = Tensor.of(0.4, 0.1, -2, 0.3);
        Nearly.same(soft(Padding.FINITE).sort(x), soft(Padding.INFINITE).sort(x), 0, "four entries");
        Nearly.same(soft(Padding.FINITE).rank(x), soft(Padding.INFINITE).rank(x), 1e-15, "four ranks");
    }

    /// Errata 6: the reference takes the largest entry of the whole array.
    @Test
    void rowsDoNotKnowTheirNeighbours() {
        Soft soft = soft(Padding.FINITE).standardize(false).softness(1);
        Tensor alone = soft.sort(Tensor.of(1, 2, 3));
        Tensor together = soft.sort(Tensor.of(new double[][] {{1, 2, 3}, {9, 1, 0}}), 1, Order.ASCENDING);
        Nearly.same(alone, together.get(0), 0, "row beside one with 9");
        Nearly.same(new double[] {1.66, 1.80, 3.20}, alone, 3e-3, "row alone");
    }

    // --- one network, many operators ------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("recipes")
    void rowsOfTheIndexAreTheSameHoweverManyAreAsked(Soft soft) {
        for (int n : new int[] {1, 2, 3, 5}) {
            Tensor x = ROWS.slice(1, 0, n);
            Tensor matrix = soft.argsort(x, 1, Order.ASCENDING).probabilities();
            Tensor reversed = soft.argsort(x, 1, Order.DESCENDING).probabilities();
            Nearly.same(matrix.flip(1), reversed, 0, "descending, n = " + n);
            Nearly.same(reversed, soft.topK(x, n, 1).index().probabilities(), 1e-14, "top k, n = " + n);
            Tensor last = matrix.slice(1, n - 1, n).squeeze(1);
            Nearly.same(last, soft.argmax(x, 1).probabilities(), 1e-14, "argmax, n = " + n);
            Nearly.same(last, soft.argquantile(x, 1, 1).probabilities(), 1e-14, "argquantile, n = " + n);
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void ranksAreThoseOfTheWholeMatrix(Soft soft) {
        for (Order order : Order.values()) {
            for (int n : new int[] {1, 2, 3, 5}) {
                Tensor x = ROWS.slice(1, 0, n);
                Tensor matrix = soft.argsort(x, 1, order).probabilities();
                Tensor expected = Tensor.range(n).plus(1).matmul(matrix).div(matrix.sum(1));
                Nearly.same(expected, soft.rank(x, 1, order), 1e-14, order + ", n = " + n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void valuesAreThoseOfOneSort(Soft soft) {
        Tensor sorted = soft.sort(ROWS, 1, Order.ASCENDING);
        Nearly.same(sorted.flip(1), soft.sort(ROWS, 1, Order.DESCENDING), 0, "descending");
        Nearly.same(sorted.slice(1, 4, 5).squeeze(1), soft.max(ROWS, 1), 0, "max");
        Nearly.same(sorted.slice(1, 2, 3).squeeze(1), soft.median(ROWS, 1), 0, "median");
        Nearly.same(sorted.slice(1, 3, 5).flip(1), soft.topK(ROWS, 2, 1).values(), 0, "top 2");
        Nearly.same(soft.max(ROWS.unaryMinus(), 1).unaryMinus(), soft.min(ROWS, 1), 0, "min");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aSmallSoftnessGivesTheHardOrder(Soft soft) {
        Random random = new Random(3);
        for (int n : new int[] {1, 2, 3, 8, 33, 100}) {
            Tensor x = Tensor.of(
                    random.ints(0, 1000).distinct().limit(n).asDoubleStream().toArray());
            Soft sharp = soft.softness(1e-6);
            Nearly.same(Soft.hard().sort(x), sharp.sort(x), 1e-12, n + " sorted");
            Nearly.same(Soft.hard().rank(x), sharp.rank(x), 1e-12, n + " ranks");
            Nearly.same(Soft.hard().argsort(x).probabilities(), sharp.argsort(x).probabilities(), 1e-12, n + " index");
        }
    }

    // --- numbers --------------------------------------------------------------------------------------------------

    /// Errata 30: the reference has minus infinity from about 1e-17 on.
    @Test
    void logarithmsOfSmallProbabilitiesAreFinite() {
        Soft soft = soft(Padding.INFINITE).standardize(false).softness(0.01);
        Tensor log = soft.argmax(Tensor.of(0, 3)).logProbabilities();
        Nearly.same(new double[] {-300, 0}, log, 1e-13, "argmax((0, 3)), softness 0.01");
        Tensor gradient = Autodiff.grad(x -> soft.argmax(x).logProbabilities().get(0), Tensor.of(0, 3));
        Nearly.same(new double[] {100, -100}, gradient, 1e-12, "gradient of the logarithm");
    }

    /// Errata 31: the reference returns float64.
    @Test
    void theIndexOfFloat32IsFloat32() {
        Tensor x = Tensor.ofFloats(0.5f, 0.25f, 1);
        assertEquals(
                DType.FLOAT32, soft(Padding.FINITE).argsort(x).probabilities().dtype());
        assertEquals(DType.FLOAT32, soft(Padding.FINITE).sort(x).dtype());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aNaNOrAnInfinitySpoilsItsLineAndNoOther(Soft soft) {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Tensor x = Tensor.of(new double[][] {{1, special, 2}, {3, 1, 2}});
            for (Tensor result : new Tensor[] {
                soft.sort(x, 1, Order.ASCENDING),
                soft.rank(x, 1, Order.ASCENDING),
                soft.argmax(x, 1).probabilities()
            }) {
                double[] entries = result.toDoubles();
                for (int i = 0; i < 6; i++) {
                    assertEquals(i < 3, Double.isNaN(entries[i]), special + ": " + result);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everythingStaysFinite(Soft soft) {
        double[][] lines = {
            {1e300, -1e300, 1e-300, 0, 1e300},
            {1e-300, 2e-300, 0, 0, -1e-300},
            {5, 5, 5, 5, 5},
            {1e6, 1e6 + 1e-9, 1e6, 0, 1}
        };
        for (double[] line : lines) {
            for (double softness : new double[] {1e-6, 0.1, 1e6}) {
                Tensor point = Tensor.of(line);
                Tensor weights = Tensor.of(1, -2, 3, -4, 5);
                Soft at = soft.softness(softness);
                String name = Arrays.toString(line) + ", softness " + softness;
                requireFinite(at.sort(point), name + " sort");
                requireFinite(Autodiff.grad(x -> at.sort(x).dot(weights.times(1e-3)), point), name + " sort gradient");
                requireFinite(Autodiff.grad(x -> at.rank(x).dot(weights), point), name + " rank gradient");
                requireFinite(Autodiff.grad(x -> at.argsort(x).mask().dot(weights), point), name + " argsort gradient");
                requireFinite(
                        Autodiff.grad(s -> soft.softness(s).rank(point).dot(weights), Tensor.scalar(softness)),
                        name + " softness gradient");
            }
        }
    }

    private static void requireFinite(Tensor result, String name) {
        assertTrue(Arrays.stream(result.toDoubles()).allMatch(Double::isFinite), () -> name + ": " + result);
    }

    @Test
    void derivativesForwardAgreeWithDerivativesBackward() {
        Soft soft = soft(Padding.FINITE);
        Tensor x = ROWS.get(0);
        Tensor tangent = Tensor.of(0.3, -0.7, 0.2, 1.1, -0.4);
        Tensor jacobian = Autodiff.jacobian(at -> soft.rank(at), x);
        Nearly.same(
                jacobian.matmul(tangent),
                Autodiff.jvp(at -> soft.rank(at), x, tangent).tangent(),
                1e-13,
                "jvp");
    }
}
