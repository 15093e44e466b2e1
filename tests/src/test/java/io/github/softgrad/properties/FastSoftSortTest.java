package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import io.github.softgrad.TopK;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What sorting and ranking by projection onto permutahedra promise beyond their numbers.
class FastSoftSortTest {
    private static final Tensor ROWS =
            Tensor.of(new double[][] {{0.3, -1.2, 2.2, 0.7, 0.1}, {0, 0, 1, 1, 1}, {2, 2, 2, 2, 2}});

    static Stream<Mode> modes() {
        return Recipes.SOFT_MODES.stream();
    }

    private static Soft soft(Mode mode) {
        return Soft.smooth().mode(mode).method(new Method.FastSoftSort());
    }

    private static Soft plain(Mode mode) {
        return soft(mode).standardize(false);
    }

    // --- bounds ---------------------------------------------------------------------------------------------------

    @Test
    void theSmoothModeKeepsTheSumOfExponentials() {
        for (double softness : new double[] {1e-6, 1e-2, 1, 100, 1e6}) {
            Tensor sorted = plain(Mode.SMOOTH).softness(softness).sort(ROWS, 1, Order.ASCENDING);
            Nearly.same(ROWS.exp().sum(1), sorted.exp().sum(1), 1e-14, softness);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aSmallSoftnessGivesTheHardOrderExactly(Mode mode) {
        Soft soft = plain(mode).softness(1e-6);
        Tensor x = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1);
        Nearly.same(new double[] {-1.2, 0.1, 0.3, 0.7, 2.2}, soft.sort(x), 0, mode);
        Nearly.same(new double[] {3, 5, 1, 2, 4}, soft.rank(x), 1e-15, mode);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void oneEntryIsItself(Mode mode) {
        assertEquals(3.0, plain(mode).sort(Tensor.of(3)).get(0).item());
        assertEquals(3.0, soft(mode).max(Tensor.of(3)).item(), 1e-15);
        assertEquals(1.0, soft(mode).rank(Tensor.of(3)).get(0).item());
        assertEquals(
                0.0, Autodiff.grad(x -> soft(mode).rank(x).sum(), Tensor.of(3)).item());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aLineWithNaNOrAnInfinityIsNaNAndNoOtherLineIs(Mode mode) {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Tensor x = Tensor.of(new double[][] {{0.3, 1.2}, {special, 0.5}, {0.1, 0.7}});
            for (Soft soft : new Soft[] {soft(mode), plain(mode)}) {
                Tensor sorted = soft.sort(x, 1, Order.ASCENDING);
                for (Tensor result : new Tensor[] {sorted, soft.rank(x, 1, Order.ASCENDING)}) {
                    String name = mode + " with " + special + ": " + result;
                    assertTrue(
                            Double.isNaN(result.get(1, 0).item())
                                    && Double.isNaN(result.get(1, 1).item()),
                            name);
                    assertTrue(
                            Double.isFinite(result.get(0).sum().item()
                                    + result.get(2).sum().item()),
                            name);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void finiteEntriesHaveFiniteValuesAndDerivatives(Mode mode) {
        Random random = new Random(5);
        double[] scales = {1e-300, 1e-150, 1e-9, 1, 1e9, 1e150, 1e300};
        for (int i = 0; i < 2000; i++) {
            int n = 1 + random.nextInt(9);
            double scale = scales[random.nextInt(scales.length)];
            boolean tied = random.nextBoolean();
            Tensor x = Tensor.of(random.doubles(n, -1, 1)
                    .map(v -> scale * (tied ? Math.rint(2 * v) : v))
                    .toArray());
            Soft soft = soft(mode).standardize(random.nextBoolean()).softness(Math.pow(10, random.nextInt(13) - 6));
            Function<Tensor, Tensor> sortAndRank =
                    v -> soft.sort(v).div(scale).sum().plus(soft.rank(v).get(0));
            var result = Autodiff.valueAndGrad(sortAndRank, x);
            assertTrue(Double.isFinite(result.value().item()), () -> soft + " " + x + " gives " + result.value());
            boolean finite = Arrays.stream(result.grad().toDoubles()).allMatch(Double::isFinite);
            assertTrue(finite, () -> mode + " " + x + " has the gradient " + result.grad());
        }
    }

    // --- what the errata say ----------------------------------------------------------------------------------------

    /// Errata 16: where pools form and part the slope jumps, in every mode.
    @Test
    void sortingIsContinuousAndNoMore() {
        Soft soft = plain(Mode.C1).softness(1);
        Function<Tensor, Tensor> largest = x -> soft.sort(x).get(1);
        double left =
                Autodiff.grad(largest, Tensor.of(2.25 - 1e-9, 0.25)).get(0).item();
        double right =
                Autodiff.grad(largest, Tensor.of(2.25 + 1e-9, 0.25)).get(0).item();
        assertEquals(1, left, 1e-6);
        assertEquals(0.75, right, 1e-6);
        assertEquals(
                largest.apply(Tensor.of(2.25 - 1e-9, 0.25)).item(),
                largest.apply(Tensor.of(2.25 + 1e-9, 0.25)).item(),
                1e-8);
    }

    /// Errata 7: the way back from (0, 1) ends at 23 deviations, as in the Python libraries.
    @Test
    void anOutlierBeyond23DeviationsStandsStillAtThem() {
        double[] values = new double[1000];
        values[17] = 1000;
        Soft soft = soft(Mode.C0).softness(1e-3);
        assertEquals(728.78, soft.max(Tensor.of(values)).item(), 0.01);
        assertEquals(
                1000,
                soft.standardize(false).softness(1e-7).max(Tensor.of(values)).item());
    }

    /// Errata 26, and beyond: the result depends on differences of z / s within pools only.
    @ParameterizedTest
    @MethodSource("modes")
    void aCommonOffsetOfZChangesNothing(Mode mode) {
        Soft soft = Soft.smooth().mode(mode).softness(1e-3);
        Tensor z = Tensor.of(1, 1.0009765625, 1.001953125, 1.25).minus(1);
        Tensor w = Tensor.of(0.4, 2, -1, 0.9);
        Tensor expected = soft.projectPermutahedron(z, w);
        Nearly.same(expected, soft.projectPermutahedron(z.plus(1048576), w), 0, mode);
    }

    // --- derivatives at the edge ------------------------------------------------------------------------------------

    /// An entry 0 alone in its pool is itself, so its derivative is 1; the weights of its pool are all 0.
    @ParameterizedTest
    @MethodSource("modes")
    void anEntryAloneInItsPoolHasTheDerivativeOneAtZeroToo(Mode mode) {
        Soft soft = plain(mode).softness(1e-3);
        Tensor jacobian = Autodiff.jacobian(soft::sort, Tensor.of(-1, 0, 1));
        Nearly.same(Tensor.identity(3), jacobian, 0, mode);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void pullingBackOnesGivesOnesInTheSum(Mode mode) {
        Tensor gradient = Autodiff.grad(x -> plain(mode).softness(3).sort(x).sum(), Tensor.of(0.3, -1.2, 2.2, 0.7));
        if (mode == Mode.SMOOTH) {
            assertEquals(4, gradient.sum().item(), 1e-14);
        } else {
            Nearly.same(new double[] {1, 1, 1, 1}, gradient, 1e-14, mode);
        }
    }

    // --- indices ----------------------------------------------------------------------------------------------------

    @Test
    void operatorsWithAnIndexNameTheMethodsThatHaveOne() {
        Soft soft = soft(Mode.SMOOTH);
        Tensor x = Tensor.of(3, 1, 2);
        TopK top = soft.topK(x, 2);
        SoftIndex index = top.index();
        for (var call : new Runnable[] {
            () -> soft.argmax(x).probabilities(),
            () -> soft.argsort(x),
            () -> soft.argmedian(x),
            () -> soft.topKMask(x, 2),
            index::probabilities,
            index::logProbabilities,
            () -> index.take(x),
            index::mask
        }) {
            String message =
                    assertThrows(IllegalArgumentException.class, call::run).getMessage();
            for (String part : new String[] {"FastSoftSort", "index", "SoftSort", "NeuralSort", "SortingNetwork"}) {
                assertTrue(message.contains(part), message);
            }
        }
        assertTrue(top.toString().contains("FastSoftSort"), top.toString());
    }

    @Test
    void theValuesOfTheTopComeWithoutAnIndex() {
        Tensor x = Tensor.of(3, 1, 2);
        Soft soft = plain(Mode.C1).softness(1e-6);
        Nearly.same(new double[] {3, 2}, soft.topK(x, 2).values(), 0, "soft");
        Nearly.same(
                new double[] {3, 2},
                soft.softness(1).straightThrough().topK(x, 2).values(),
                0,
                "straight-through");
        SoftIndex hard = soft.mode(Mode.HARD).topK(x, 2).index();
        Nearly.same(new double[] {1, 0, 0, 0, 0, 1}, hard.probabilities(), 0, "hard");
    }

    // --- the projection itself ---------------------------------------------------------------------------------------

    @Test
    void theHardProjectionPutsWInTheOrderOfZ() {
        Tensor y = Soft.hard().projectPermutahedron(Tensor.of(0.2, 3, -1), Tensor.of(7, 8, 9));
        assertArrayEquals(new double[] {8, 9, 7}, y.toDoubles());
    }

    @Test
    void theProjectionBroadcasts() {
        Tensor y = Soft.c0().projectPermutahedron(ROWS, Tensor.range(5));
        Nearly.shape(new int[] {3, 5}, y, "broadcast");
        Nearly.same(Tensor.full(10, 3), y.sum(1), 1e-14, "sums");
        Nearly.shape(new int[] {0}, Soft.c0().projectPermutahedron(Tensor.zeros(0), Tensor.zeros(0)), "empty");
    }

    /// For the squared Euclidean norm it is a projection: no other point of the permutahedron is nearer.
    @Test
    void noOtherPointOfThePermutahedronIsNearer() {
        Random random = new Random(8);
        for (int round = 0; round < 200; round++) {
            Tensor z = Tensor.normal(random, 3);
            Tensor w = Tensor.normal(random, 3);
            Tensor nearest = Soft.c0().softness(1).projectPermutahedron(z, w);
            double distance = nearest.minus(z).square().sum().item();
            for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
                Tensor towards = nearest.times(0.999).plus(w.take(order, 0).times(0.001));
                assertTrue(towards.minus(z).square().sum().item() >= distance - 1e-14, () -> "z " + z + ", w " + w);
            }
        }
    }
}
