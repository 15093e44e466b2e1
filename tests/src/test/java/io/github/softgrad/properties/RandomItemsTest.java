package io.github.softgrad.properties;

import static io.github.softgrad.properties.RandomSamplers.seeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Noise;
import io.github.softgrad.Order;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Laws, shapes and limits of choices and permutations.
class RandomItemsTest {
    private static final int DRAWS = 12_000;
    private static final Tensor TABLE = Tensor.normal(new Random(4), 4, 3);

    // --- choice ---------------------------------------------------------------------------------------------------

    @Test
    void hardChoicesAreItemsWithTheGivenFrequencies() {
        Tensor items = Tensor.of(0, 1, 2, 3);
        RandomLaws.chiSquare(
                "uniform",
                new double[] {.25, .25, .25, .25},
                seeded(Soft.hard()).choice(items, DRAWS).toDoubles());
        double[] weighted =
                seeded(Soft.hard()).choice(items, Tensor.of(2, 0, 5, 3), DRAWS).toDoubles();
        assertTrue(Arrays.stream(weighted).noneMatch(item -> item == 1), "weight 0 is never drawn");
        double[] places =
                Arrays.stream(weighted).map(item -> item == 0 ? 0 : item - 1).toArray();
        RandomLaws.chiSquare("weighted", new double[] {.2, .5, .3}, places);
    }

    @Test
    void hardChoicesMayBeInfinite() {
        Tensor items = Tensor.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0);
        Tensor drawn = seeded(Soft.hard()).choice(items, Tensor.of(0, 1, 1), 50);
        assertTrue(Arrays.stream(drawn.toDoubles()).noneMatch(Double::isNaN), drawn::toString);
        assertEquals(Double.POSITIVE_INFINITY, drawn.max().item());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void choicesStayWithinTheValues(Mode mode) {
        Tensor drawn = seeded(Soft.smooth().mode(mode).softness(0.5)).choice(TABLE, Tensor.of(1, 2, 3, 4), 300);
        assertTrue(drawn.minus(TABLE.min(0)).min().item() >= -1e-15, mode + " above the least");
        assertTrue(TABLE.max(0).minus(drawn).min().item() >= -1e-15, mode + " below the largest");
    }

    @Test
    void allItemsWithoutReplacementAreAPermutation() {
        Tensor drawn = seeded(Soft.hard()).replacement(false).choice(Tensor.range(20), 4, 5);
        Nearly.shape(new int[] {4, 5}, drawn, "choice");
        assertEquals(Tensor.range(20), Soft.hard().sort(drawn.flatten()));
    }

    @Test
    void theShapeStandsInPlaceOfTheAxis() {
        SoftRandom random = seeded(Soft.smooth());
        Tensor values = Tensor.zeros(2, 4, 3);
        Nearly.shape(new int[] {4, 3}, random.choice(values), "one draw");
        Nearly.shape(new int[] {5, 6, 4, 3}, random.choice(values, 5, 6), "first axis");
        Nearly.shape(new int[] {2, 5, 6, 3}, random.choice(values, new int[] {5, 6}, 1), "middle axis");
        Nearly.shape(new int[] {2, 4}, random.choice(values, Tensor.ones(3), new int[] {}, -1), "last axis");
        Nearly.shape(new int[] {2, 0, 3}, random.choice(values, new int[] {0}, 1), "no draws");
        Nearly.shape(new int[] {0, 3}, random.choice(Tensor.zeros(0, 3), 0), "no draws from nothing");
        Nearly.shape(new int[] {5, 0}, random.choice(Tensor.zeros(4, 0), 5), "lines without entries");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anAxisIsChosenLikeTheFirst(Mode mode) {
        Soft soft = Soft.smooth().mode(mode);
        Tensor weights = Tensor.of(1, 2, 3);
        Tensor first = seeded(soft).choice(TABLE.transpose(), weights, 2, 5);
        Tensor last = seeded(soft).choice(TABLE, weights, new int[] {2, 5}, -1);
        Nearly.same(first.moveAxis(-1, 0), last, 1e-15, mode);
    }

    @Test
    void withoutTheGatedGradientTheIndexIsAConstant() {
        Tensor gradient = Autodiff.grad(
                w -> seeded(Soft.smooth().gatedGradient(false))
                        .choice(TABLE, w, 3)
                        .sum(),
                Tensor.ones(4));
        assertEquals(Tensor.zeros(4), gradient);
    }

    // --- permutations ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Noise.class)
    void allOrdersAreEquallyLikely(Noise noise) {
        Tensor lines = Tensor.range(3).broadcastTo(DRAWS, 3);
        Tensor shuffled = seeded(Soft.hard()).noise(noise).independentPermutations(lines, 1);
        assertEquals(lines, Soft.hard().sort(shuffled, 1, Order.ASCENDING));
        double[] first = RandomLaws.column(shuffled, 0);
        double[] second = RandomLaws.column(shuffled, 1);
        double[] orders = new double[DRAWS];
        Arrays.setAll(orders, i -> 2 * first[i] + (second[i] > 3 - first[i] - second[i] ? 1 : 0));
        double[] equal = new double[6];
        Arrays.fill(equal, 1 / 6.0);
        RandomLaws.chiSquare("orders", equal, orders);
    }

    @Test
    void rowsMoveTogetherUnlessTheyAreIndependent() {
        Tensor rows = Tensor.range(6).expandDims(1).times(Tensor.of(1, 10));
        Tensor together = seeded(Soft.hard()).permutation(rows);
        assertEquals(together.slice(1, 0, 1).times(10), together.slice(1, 1, 2));
        Tensor apart = seeded(Soft.hard()).independentPermutations(rows, 0);
        assertNotEquals(apart.slice(1, 0, 1).times(10), apart.slice(1, 1, 2));
        assertEquals(rows, Soft.hard().sort(apart, 0, Order.ASCENDING));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theIndexShufflesSeveralTensorsAlike(Mode mode) {
        Soft soft = Soft.smooth().mode(mode);
        Tensor byIndex = Selection.take(TABLE, seeded(soft).permutation(4), 0);
        Nearly.same(seeded(soft).permutation(TABLE), byIndex, 1e-15, mode);
        Tensor columns = Selection.take(TABLE, seeded(soft).permutation(3), 1);
        Nearly.same(seeded(soft).permutation(TABLE, -1), columns, 1e-15, mode);
        Tensor vector = seeded(soft).permutation(4).take(Tensor.range(4));
        Nearly.same(seeded(soft).permutation(Tensor.range(4)), vector, 1e-15, mode);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void rowsOfTheIndexAreDistributions(Mode mode) {
        for (Method method : new Method[] {new Method.NeuralSort(), new Method.SoftSort()}) {
            Tensor p = seeded(Soft.smooth().mode(mode).method(method))
                    .permutation(7)
                    .probabilities();
            Nearly.same(Tensor.ones(7), p.sum(-1), 1e-14, mode);
            assertTrue(p.min().item() >= 0, mode + " is not negative");
        }
    }

    @Test
    void nothingStaysNothing() {
        SoftRandom random = seeded(Soft.smooth());
        assertEquals(Tensor.zeros(0), random.permutation(Tensor.zeros(0)));
        assertEquals(Tensor.zeros(2, 0), random.permutation(Tensor.zeros(2, 0), 1));
        assertEquals(Tensor.zeros(2, 0), random.independentPermutations(Tensor.zeros(2, 0), 1));
        assertEquals(Tensor.zeros(0, 2), random.independentPermutations(Tensor.zeros(0, 2), 1));
        Nearly.shape(new int[] {0, 0}, random.permutation(0).probabilities(), "index");
    }

    @Test
    void longHardPermutationsNeedNoMatrix() {
        Tensor x = Tensor.range(50_000);
        assertEquals(x, Soft.hard().sort(seeded(Soft.hard()).permutation(x)));
    }

    // --- errors ---------------------------------------------------------------------------------------------------

    @Test
    void whatIsWrongIsSaid() {
        SoftRandom random = seeded(Soft.smooth());
        refused("weights of shape (2)", () -> random.choice(TABLE, Tensor.ones(2), 5));
        refused("weights of shape (4, 1)", () -> random.choice(TABLE, Tensor.ones(4, 1), 5));
        refused("one was -1.0", () -> random.choice(Tensor.of(1, 2), Tensor.of(-1, 1), 5));
        refused("line of zeros", () -> random.choice(Tensor.of(1, 2), Tensor.of(0, 0), 5));
        refused(
                "5 draws without replacement from 4",
                () -> random.replacement(false).choice(TABLE, 5));
        refused("empty axis", () -> random.choice(Tensor.zeros(0, 3), 5));
        refused("a scalar has no axis", () -> random.choice(Tensor.scalar(3), 5));
        refused("a scalar has no axis", () -> random.permutation(Tensor.scalar(3)));
        refused("axis 2 is out of range", () -> random.permutation(TABLE, 2));
        refused("Noise.GUMBEL", () -> random.noise(Noise.UNIFORM).choice(TABLE, 5));
        refused("n must be at least 0, was -1", () -> random.permutation(-1));
    }

    private static void refused(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), () -> "expected '" + expected + "' in: " + message);
    }
}
