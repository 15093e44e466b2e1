package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Losses;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Segments;
import io.github.softgrad.Sharpness;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Sorted;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What ranking adds to the operators: losses, masks, sorted values with their index, segments, sharpness.
class RankingTest {
    private static final Tensor SCORES = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1, -0.4);
    private static final Tensor TARGET = Tensor.of(1, -2, 0.5, 3, -1, 2);
    private static final Soft SHARP = Soft.smooth().softness(1e-4);

    @Test
    void spearmanOfHardRanksIsTheTextbookFormula() {
        double[] difference = {3 - 3, 6 - 6, 1 - 4, 2 - 1, 4 - 5, 5 - 2};
        double squares = 0;
        for (double d : difference) {
            squares += d * d;
        }
        double rho = 1 - 6 * squares / (6 * (36 - 1));
        assertEquals(1 - rho, Losses.spearman(Soft.hard(), SCORES, TARGET).item(), 1e-14);
        assertEquals(1 - rho, Losses.spearman(SHARP, SCORES, TARGET).item(), 1e-6);
    }

    @Test
    void spearmanIsZeroForTheSameOrderAndTwoForTheReverse() {
        assertEquals(0, Losses.spearman(Soft.hard(), TARGET, TARGET).item(), 1e-14);
        assertEquals(
                2, Losses.spearman(Soft.hard(), TARGET.unaryMinus(), TARGET).item(), 1e-14);
    }

    @Test
    void kendallCountsConcordantPairs() {
        double[] s = SCORES.toDoubles();
        double[] t = TARGET.toDoubles();
        double concordance = 0;
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < i; j++) {
                concordance += Math.signum(s[i] - s[j]) * Math.signum(t[i] - t[j]);
            }
        }
        assertEquals(
                1 - concordance / 15,
                Losses.kendall(Soft.hard(), SCORES, TARGET).item(),
                1e-14);
        assertEquals(1 - concordance / 15, Losses.kendall(SHARP, SCORES, TARGET).item(), 1e-6);
    }

    @Test
    void ndcgDividesTheDiscountedGainByTheIdealOne() {
        Tensor relevance = Tensor.of(0, 1, 2, 3, 0, 1);
        int[] rankOfEntry = {3, 6, 1, 2, 4, 5};
        int[] idealRank = {5, 3, 2, 1, 6, 4};
        double reached = 0;
        double ideal = 0;
        for (int i = 0; i < 6; i++) {
            double gain = Math.pow(2, relevance.get(i).item()) - 1;
            reached += gain / (Math.log(1 + rankOfEntry[i]) / Math.log(2));
            ideal += gain / (Math.log(1 + idealRank[i]) / Math.log(2));
        }
        assertEquals(
                1 - reached / ideal, Losses.ndcg(Soft.hard(), SCORES, relevance).item(), 1e-14);
    }

    @Test
    void topKCrossEntropyIsZeroWhereTheLabelIsAmongTheLargest() {
        Tensor scores = Tensor.of(new double[][] {{5, 1, 0, -2}, {0, 4, 3, 1}});
        assertEquals(
                0, Losses.topKCrossEntropy(SHARP, scores, new int[] {1, 2}, 2).item(), 1e-9);
        assertTrue(Losses.topKCrossEntropy(SHARP, scores, new int[] {3, 2}, 2).item() > 10);
    }

    @Test
    void weightsOfOneChangeNothingAndHeavierEntriesCountMore() {
        Tensor heavy = Tensor.of(1, 1, 1, 9, 1, 1);
        for (Function<Tensor, Tensor> loss : List.<Function<Tensor, Tensor>>of(
                w -> Losses.spearman(Soft.smooth(), SCORES, TARGET, w),
                w -> Losses.kendall(Soft.smooth(), SCORES, TARGET, w),
                w -> Losses.ndcg(Soft.smooth(), SCORES, TARGET.abs(), w))) {
            double plain = loss.apply(Tensor.ones(6)).item();
            assertEquals(plain, loss.apply(Tensor.full(2, 6)).item(), 1e-12, "only relative weights matter");
            assertTrue(Math.abs(plain - loss.apply(heavy).item()) > 1e-3, "a heavy entry moves the loss");
        }
    }

    @Test
    void everyLossHasTheDerivativeOfItsValue() {
        Soft soft = Soft.smooth().softness(0.5);
        Tensor relevance = TARGET.abs();
        for (Function<Tensor, Tensor> loss : List.<Function<Tensor, Tensor>>of(
                x -> Losses.spearman(soft, x, TARGET),
                x -> Losses.kendall(soft, x, TARGET),
                x -> Losses.ndcg(soft, x, relevance),
                x -> Losses.topKCrossEntropy(soft, x.reshape(2, 3), new int[] {0, 2}, 2))) {
            Autodiff.checkGradients(loss, SCORES, 1);
        }
    }

    @Test
    void gradientStepsImproveTheHardCorrelation() {
        Random random = new Random(4);
        Tensor features = Tensor.normal(random, 40, 5);
        Tensor truth = features.matmul(Tensor.of(1, -2, 0, 0.5, 3));
        Function<Tensor, Tensor> loss = w -> Losses.spearman(Soft.smooth(), features.matmul(w), truth);
        Tensor w = Tensor.full(0.1, 5);
        for (int step = 0; step < 200; step++) {
            w = w.minus(Autodiff.grad(loss, w).times(0.2));
        }
        assertTrue(Losses.spearman(Soft.hard(), features.matmul(w), truth).item() < 0.01);
    }

    @Test
    void listsOfDifferentShapesAreRefusedWithAllShapes() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> Losses.spearman(Soft.smooth(), SCORES, Tensor.of(1, 2)));
        assertTrue(error.getMessage().contains("(6)") && error.getMessage().contains("(2)"), error.getMessage());
    }

    @Test
    void theTopKMaskSumsToKAndIsHardInTheLimit() {
        Tensor mask = Soft.smooth().topKMask(SCORES, 2);
        assertEquals(2, mask.sum().item(), 1e-12);
        assertArrayEquals(
                new double[] {0, 0, 1, 1, 0, 0}, SHARP.topKMask(SCORES, 2).toDoubles(), 1e-9);
        assertArrayEquals(
                new double[] {0, 0, 1, 1, 0, 0}, Soft.hard().topKMask(SCORES, 2).toDoubles());
    }

    @Test
    void thePlacesOfAnIndexAreTheMostLikelyEntriesOfItsRows() {
        Tensor batch = Tensor.of(new double[][] {{3, 1, 2}, {0, 5, 4}});
        int[] expected = {1, 2, 0, 0, 2, 1};
        assertArrayEquals(
                expected, Soft.hard().argsort(batch, 1, Order.ASCENDING).places());
        assertArrayEquals(expected, SHARP.argsort(batch, 1, Order.ASCENDING).places());
        assertArrayEquals(new int[] {1}, SoftIndex.of(Tensor.of(0.2, 0.4, 0.4)).places(), "the first of equals");
    }

    @Test
    void theMaskOfAnIndexHasTheShapeOfTheValuesAfterTheQuantiles() {
        Tensor batch = Tensor.normal(new Random(5), 3, 4, 2);
        Tensor several =
                Soft.smooth().argquantiles(batch, new double[] {0.2, 0.8}, 1).mask();
        assertArrayEquals(new int[] {2, 3, 4, 2}, several.shape());
        Tensor one = Soft.smooth().argquantile(batch, 0.8, 1).mask();
        assertArrayEquals(one.toDoubles(), several.get(1).toDoubles(), 1e-15);
        assertArrayEquals(
                new int[] {24},
                Soft.smooth().keepDims(true).argmax(batch).mask().shape());
    }

    @Test
    void parametersThatMayHideTensorsAreRefused() {
        record Hidden(Map<String, Tensor> parts, Tensor other) {}
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> Autodiff.grad((Hidden h) -> h.other().sum(), new Hidden(Map.of("a", SCORES), SCORES)));
        assertTrue(error.getMessage().contains("use a List or a record"), error.getMessage());
    }

    @Test
    void sortedValuesAndTheirIndexBelongTogether() {
        Soft soft = Soft.smooth().method(new Method.SoftSort());
        Tensor batch = Tensor.normal(new Random(1), 3, 5);
        Sorted sorted = soft.sorted(batch, 1, Order.DESCENDING);
        assertEquals(soft.sort(batch, 1, Order.DESCENDING), sorted.values());
        assertArrayEquals(
                sorted.values().toDoubles(),
                sorted.index().take(batch).toDoubles(),
                1e-14,
                "the index takes the values");
    }

    @Test
    void segmentsGiveWhatEachPieceGivesAlone() {
        Segments segments = Segments.ofOffsets(0, 3, 4, 7, 12);
        Tensor x = Tensor.normal(new Random(2), 12);
        Soft soft = Soft.smooth();
        Tensor ranks = segments.map(x, rows -> soft.rank(rows, -1, Order.DESCENDING));
        Tensor largest = segments.map(x, rows -> soft.max(rows, -1));
        int[] offsets = {0, 3, 4, 7, 12};
        for (int i = 0; i < 4; i++) {
            Tensor piece = x.slice(0, offsets[i], offsets[i + 1]);
            assertEquals(soft.rank(piece), ranks.slice(0, offsets[i], offsets[i + 1]), "ranks of segment " + i);
            assertEquals(soft.max(piece), largest.get(i), "maximum of segment " + i);
        }
        Autodiff.checkGradients(v -> segments.map(v, rows -> soft.rank(rows, -1, Order.DESCENDING)), x, 1);
    }

    @Test
    void segmentsAreTheSameByTheirLengths() {
        Segments segments = Segments.ofLengths(3, 1, 2);
        Tensor x = Tensor.of(3, 1, 2, 7, 5, 6);
        assertEquals(3, segments.count());
        assertEquals(Tensor.of(3, 7, 6), segments.map(x, rows -> Soft.hard().max(rows, -1)));
        assertEquals(
                Segments.ofOffsets(0, 3, 4, 6).map(x, rows -> Soft.smooth().max(rows, -1)),
                segments.map(x, rows -> Soft.smooth().max(rows, -1)));
        assertEquals(Tensor.zeros(0), Segments.ofLengths().map(Tensor.zeros(0), rows -> rows), "no segments");
        assertThrows(IllegalArgumentException.class, () -> segments.map(x, rows -> Tensor.zeros(2)));
    }

    @Test
    void emptySegmentsAreRefused() {
        var error = assertThrows(IllegalArgumentException.class, () -> Segments.ofOffsets(0, 3, 3));
        assertTrue(error.getMessage().contains("[0, 3, 3]"), error.getMessage());
    }

    @Test
    void theSoftnessFoundHasTheWantedSharpness() {
        Tensor x = Tensor.normal(new Random(3), 50);
        for (double target : new double[] {0.05, 0.3, 0.8}) {
            double softness =
                    Sharpness.softnessFor(target, s -> Soft.smooth().softness(s).argsort(x));
            double reached =
                    Sharpness.normalizedEntropy(Soft.smooth().softness(softness).argsort(x));
            assertEquals(target, reached, 1e-9);
        }
        IntStream.of(0, 1)
                .forEach(bad -> assertThrows(
                        IllegalArgumentException.class,
                        () -> Sharpness.softnessFor(bad, s -> Soft.smooth().argsort(x))));
    }
}
