package io.github.softgrad.properties;

import static io.github.softgrad.properties.RandomSamplers.seeded;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Noise;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.LogisticDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws, shapes and limits of draws of categories.
class RandomCategoriesTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final double[] P = {0.2, 0.5, 0.3};
    private static final Tensor LOGITS = Tensor.of(P).log();
    private static final int DRAWS = 20_000;

    // --- laws -----------------------------------------------------------------------------------------------------

    @Test
    void hardFrequenciesAreTheSoftmaxOfTheLogits() {
        Tensor drawn = seeded(Soft.hard()).categorical(LOGITS.plus(7), DRAWS).probabilities();
        assertTrue(Arrays.stream(drawn.toDoubles()).allMatch(p -> p == 0 || p == 1), "rows are one-hot");
        RandomLaws.chiSquare("hard categories", P, RandomLaws.largest(drawn));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 0.1, 1, 30, 1e6})
    void thePlaceOfTheLargestEntryHasTheExactLawForEverySoftness(double softness) {
        double[] hard = RandomLaws.largest(
                seeded(Soft.hard()).categorical(LOGITS, DRAWS).probabilities());
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            Soft soft = Soft.smooth().mode(mode).softness(softness);
            Tensor drawn = seeded(soft).categorical(LOGITS, DRAWS).probabilities();
            assertArrayEquals(hard, RandomLaws.largest(drawn), mode + " " + softness);
        }
    }

    @Test
    void theLogarithmsHaveTheConcreteLaw() {
        for (double softness : new double[] {0.05, 1, 20}) {
            Tensor logarithms = seeded(Soft.smooth().softness(softness))
                    .categorical(LOGITS, 5000)
                    .logProbabilities();
            Tensor gap =
                    logarithms.slice(-1, 1, 2).minus(logarithms.slice(-1, 0, 1)).times(softness);
            RandomLaws.kolmogorovSmirnov(
                    "score gap, softness " + softness, new LogisticDistribution(Math.log(2.5), 1), gap.toDoubles());
        }
    }

    /// The means of the Python reference for these weights at softness 1, to three digits.
    @Test
    void softDrawsAreBiasedAsInTheReference() {
        Tensor drawn =
                seeded(Soft.smooth().softness(1)).categorical(LOGITS, DRAWS).probabilities();
        double[] expected = {0.237, 0.447, 0.316};
        for (int i = 0; i < 3; i++) {
            double mean = Arrays.stream(RandomLaws.column(drawn, i)).average().orElseThrow();
            assertEquals(expected[i], mean, 0.006, "mean of category " + i);
        }
    }

    @Test
    void drawsWithoutReplacementFollowPlackettAndLuce() {
        SoftRandom random = seeded(Soft.hard()).replacement(false);
        Tensor drawn =
                random.categorical(LOGITS.broadcastTo(DRAWS, 3), 2, DRAWS).probabilities();
        double[] first = RandomLaws.largest(drawn.get(0));
        double[] second = RandomLaws.largest(drawn.get(1));
        double[] probabilities = new double[9];
        double[] pairs = new double[DRAWS];
        Arrays.setAll(pairs, i -> 3 * first[i] + second[i]);
        Arrays.setAll(probabilities, i -> i / 3 == i % 3 ? 0 : P[i / 3] * P[i % 3] / (1 - P[i / 3]));
        int[] possible = {1, 2, 3, 5, 6, 7};
        RandomLaws.chiSquare(
                "ordered pairs",
                Arrays.stream(possible).mapToDouble(pair -> probabilities[pair]).toArray(),
                Arrays.stream(pairs)
                        .map(pair -> Arrays.binarySearch(possible, (int) pair))
                        .toArray());
    }

    @Test
    void everyDrawWithoutReplacementIsAnotherCategory() {
        Tensor logits = Tensor.of(new double[][] {{0, 3, 1, -2}, {2, NONE, 0, 0}});
        Tensor drawn = seeded(Soft.hard())
                .replacement(false)
                .categorical(logits, 3, 1, 2)
                .probabilities();
        Tensor counts = drawn.sum(0).squeeze(0);
        assertEquals(Tensor.of(1, 0, 1, 1), counts.get(1), "all that are possible");
        assertEquals(1, counts.get(0).max().item(), "three different ones of four");
        assertEquals(3, counts.get(0).sum().item(), "three different ones of four");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void multinomialCountsSumToTheNumberOfDraws(Mode mode) {
        Tensor counts = seeded(Soft.smooth().mode(mode)).multinomial(12, Tensor.of(2, 0, 5, 3), 500);
        Nearly.shape(new int[] {500, 4}, counts, mode);
        Nearly.same(Tensor.full(12, 500), counts.sum(-1), 1e-13, mode);
        assertTrue(counts.min().item() >= 0, mode + " is not negative");
        assertEquals(0, counts.slice(1, 1, 2).max().item(), mode + ": weight 0");
    }

    @Test
    void hardMultinomialCountsHaveTheirMeansAndCovariances() {
        int trials = 6;
        Tensor counts = seeded(Soft.hard()).multinomial(trials, Tensor.of(2, 5, 3), DRAWS);
        Tensor centered = counts.minus(Tensor.of(P).times(trials));
        for (int i = 0; i < 3; i++) {
            RandomLaws.mean("count " + i, 0, RandomLaws.column(centered, i));
            for (int j = 0; j <= i; j++) {
                double covariance = trials * ((i == j ? P[i] : 0) - P[i] * P[j]);
                double[] products = centered.slice(1, i, i + 1)
                        .times(centered.slice(1, j, j + 1))
                        .toDoubles();
                RandomLaws.mean("covariance " + i + " " + j, covariance, products);
            }
        }
    }

    // --- impossible categories ------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Mode.class)
    void impossibleCategoriesHaveWeightZeroAtEverySoftness(Mode mode) {
        Tensor logits = Tensor.of(new double[][] {{NONE, 1, 2}, {0, NONE, NONE}, {0, 1, 2}});
        for (Method method : List.of(new Method.SoftSort(), new Method.NeuralSort())) {
            for (double softness : new double[] {1e-3, 0.1, 1000}) {
                Soft soft = Soft.smooth().mode(mode).method(method).softness(softness);
                SoftIndex drawn = seeded(soft).standardize(softness < 1).categorical(logits, 40, 3);
                Tensor p = drawn.probabilities();
                String name = mode + " " + method + " " + softness;
                assertEquals(0, p.slice(1, 0, 1).slice(2, 0, 1).max().item(), name);
                Nearly.same(
                        Tensor.ones(40), p.take(new int[] {1}, 1).slice(2, 0, 1).flatten(), 0, name);
                Nearly.same(Tensor.ones(40, 3), p.sum(-1), 1e-14, name);
                assertEquals(NONE, drawn.logProbabilities().get(0, 0, 0).item(), name);
                assertEquals(0, drawn.logProbabilities().get(0, 1, 0).item(), name);
            }
        }
    }

    @Test
    void impossibleCategoriesChangeNothingForTheOthers() {
        Tensor three = seeded(Soft.smooth()).categorical(LOGITS).probabilities();
        Tensor last = Tensor.concatenate(0, LOGITS, Tensor.of(NONE));
        Tensor four = seeded(Soft.smooth()).categorical(last).probabilities();
        Nearly.same(three, four.slice(0, 0, 3), 1e-15, "with an impossible fourth category");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void gradientsAreFiniteBesideImpossibleCategories(Mode mode) {
        Tensor logits = Tensor.of(NONE, 1, 2, 0.3, 0.1);
        Tensor at = Tensor.concatenate(0, logits, Tensor.of(0.7));
        for (boolean replacement : new boolean[] {true, false}) {
            Tensor gradient = Autodiff.grad(
                    v -> {
                        Soft soft = Soft.smooth().mode(mode).softness(v.get(5));
                        SoftIndex drawn = seeded(soft).replacement(replacement).categorical(v.slice(0, 0, 5), 3);
                        Tensor possible = drawn.logProbabilities(1e-3).slice(-1, 1, 5);
                        return drawn.probabilities().square().sum().plus(possible.sum());
                    },
                    at);
            assertTrue(Arrays.stream(gradient.toDoubles()).allMatch(Double::isFinite), mode + " " + gradient);
            assertEquals(0, gradient.get(0).item(), mode + ": derivative in the impossible logit");
        }
        Tensor weights = Autodiff.grad(
                w -> seeded(Soft.smooth().mode(mode)).multinomial(4, w).square().sum(), Tensor.of(0, 0.5, 2));
        assertTrue(Arrays.stream(weights.toDoubles()).allMatch(Double::isFinite), mode + " " + weights);
    }

    @Test
    void aLineWithoutAnyPossibleCategoryIsUniform() {
        Tensor drawn = seeded(Soft.hard())
                .categorical(Tensor.of(NONE, NONE, NONE), DRAWS)
                .probabilities();
        RandomLaws.chiSquare("uniform", new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, RandomLaws.largest(drawn));
        Tensor gradient = Autodiff.grad(
                x -> seeded(Soft.smooth())
                        .categorical(x)
                        .probabilities()
                        .square()
                        .sum(),
                Tensor.of(NONE, NONE));
        assertEquals(Tensor.of(0, 0), gradient);
    }

    // --- shapes ---------------------------------------------------------------------------------------------------

    @Test
    void theShapeIsThatOfTheLinesOrGivenWithFurtherDrawsInFront() {
        SoftRandom random = seeded(Soft.smooth());
        assertShape(random.categorical(Tensor.zeros(4)), 4);
        assertShape(random.categorical(Tensor.zeros(2, 4)), 2, 4);
        assertShape(random.categorical(Tensor.zeros(2, 4), 3, 2), 3, 2, 4);
        assertShape(random.categorical(Tensor.zeros(1, 4), 5), 5, 4);
        assertShape(random.categorical(Tensor.zeros(4), 0), 0, 4);
        assertShape(random.categorical(Tensor.zeros(0, 4)), 0, 4);
        assertShape(random.categorical(Tensor.zeros(0), 0), 0, 0);
        assertShape(random.replacement(false).categorical(Tensor.zeros(4)), 4);
        assertShape(random.replacement(false).categorical(Tensor.zeros(2, 4), 2, 2, 2), 2, 2, 2, 4);
        assertShape(random.replacement(false).categorical(Tensor.zeros(0, 4), 3, 0), 3, 0, 4);
        Nearly.same(Tensor.zeros(5, 3), random.multinomial(0, Tensor.ones(3), 5), 0, "no draws");
        Nearly.shape(new int[] {2, 3}, random.multinomial(4, Tensor.ones(2, 3)), "multinomial of two lines");
    }

    private static void assertShape(SoftIndex drawn, int... expected) {
        Nearly.shape(expected, drawn.probabilities(), "categories");
    }

    @Test
    void aDrawReadsValuesAndKnowsItsEntropy() {
        Tensor values = Tensor.of(5, -1, 4);
        SoftIndex drawn = seeded(Soft.hard()).categorical(LOGITS, 6);
        double[] places = RandomLaws.largest(drawn.probabilities());
        Tensor expected = Tensor.of(
                Arrays.stream(places).map(i -> values.toDoubles()[(int) i]).toArray());
        assertEquals(expected, drawn.take(values));
        assertEquals(0, drawn.entropy().max().item(), 1e-15);
    }

    // --- errors ---------------------------------------------------------------------------------------------------

    @Test
    void whatIsWrongIsSaid() {
        SoftRandom random = seeded(Soft.smooth());
        refused("logits must be finite", () -> random.categorical(Tensor.of(0, Double.POSITIVE_INFINITY)));
        refused("one was NaN", () -> random.categorical(Tensor.of(0, Double.NaN)));
        refused("was a scalar", () -> random.categorical(Tensor.scalar(1)));
        refused("empty axis", () -> random.categorical(Tensor.zeros(0)));
        refused("of shape (3)", () -> random.categorical(Tensor.zeros(2, 4), 3));
        refused("of shape (2)", () -> random.categorical(Tensor.zeros(3, 2, 4), 2));
        refused(
                "4 draws without replacement from 3",
                () -> random.replacement(false).categorical(LOGITS, 4));
        refused(
                "2 draws without replacement from 1 possible",
                () -> random.replacement(false).categorical(Tensor.of(0, NONE), 2));
        refused("Noise.GUMBEL", () -> random.noise(Noise.UNIFORM).categorical(LOGITS));
        refused("Noise.GUMBEL", () -> random.noise(Noise.UNIFORM).multinomial(3, Tensor.ones(2)));
        refused("was -1", () -> random.multinomial(-1, Tensor.ones(2)));
        refused("line of zeros", () -> random.multinomial(3, Tensor.zeros(2)));
        refused("one was -0.5", () -> random.multinomial(3, Tensor.of(1, -0.5)));
        refused("was a scalar", () -> random.multinomial(3, Tensor.scalar(1)));
        refused("more than the heap", () -> random.multinomial(1_000_000_000, Tensor.ones(3), 5));
    }

    private static void refused(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), () -> "expected '" + expected + "' in: " + message);
    }
}
