package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Losses;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/// The ranking losses of several weighted lists with tied targets are the means of what plain loops give.
class LossesTest {
    private static final Soft HARD = Soft.hard();
    private static final double[][] SCORES = {{0.3, -1.2, 2.2, 0.7, 0.1}, {1.5, 0.2, -0.3, 0.9, -2}};
    private static final double[][] TARGETS = {{1, 0, 2, 2, 3}, {0, 2, 0, 1, 1}};
    private static final double[][] WEIGHTS = {{1, 2, 0.5, 3, 1.5}, {0.7, 1, 4, 0.2, 1}};

    private interface Measure {
        double of(double[] scores, double[] target, double[] weights);
    }

    private static double mean(Measure measure) {
        double sum = 0;
        for (int list = 0; list < SCORES.length; list++) {
            sum += measure.of(SCORES[list], TARGETS[list], WEIGHTS[list]);
        }
        return sum / SCORES.length;
    }

    private static Tensor of(double[][] lists) {
        return Tensor.of(lists);
    }

    /// 1 for the largest entry; tied entries share the mean of their ranks.
    private static double rank(double[] x, int i) {
        double rank = 1;
        for (int j = 0; j < x.length; j++) {
            rank += j == i ? 0 : x[j] > x[i] ? 1 : x[j] == x[i] ? 0.5 : 0;
        }
        return rank;
    }

    private static double moment(double[] a, double[] b, double[] weights) {
        double total = 0;
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < a.length; i++) {
            total += weights[i];
            meanA += weights[i] * rank(a, i);
            meanB += weights[i] * rank(b, i);
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += weights[i] * (rank(a, i) - meanA / total) * (rank(b, i) - meanB / total);
        }
        return sum;
    }

    @Test
    void spearmanCorrelatesRanks() {
        double expected = mean((s, t, w) -> 1 - moment(s, t, w) / Math.sqrt(moment(s, s, w) * moment(t, t, w)));
        assertEquals(
                expected,
                Losses.spearman(HARD, of(SCORES), of(TARGETS), of(WEIGHTS)).item(),
                1e-14);
    }

    private static double tau(double[] s, double[] t, double[] w) {
        double agreement = 0;
        double pairs = 0;
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < i; j++) {
                double pair = t[i] == t[j] ? 0 : w[i] * w[j];
                agreement += pair * Math.signum(s[i] - s[j]) * Math.signum(t[i] - t[j]);
                pairs += pair;
            }
        }
        return agreement / pairs;
    }

    @Test
    void kendallCountsPairsWithTheirWeights() {
        double expected = mean((s, t, w) -> 1 - tau(s, t, w));
        assertEquals(
                expected,
                Losses.kendall(HARD, of(SCORES), of(TARGETS), of(WEIGHTS)).item(),
                1e-14);
    }

    private static double discountedGain(double[] t, double[] w, double[] order) {
        double sum = 0;
        for (int i = 0; i < t.length; i++) {
            sum += w[i] * (Math.pow(2, t[i]) - 1) / Math.log(1 + Math.ceil(rank(order, i)));
        }
        return sum;
    }

    private static double[] gains(double[] t, double[] w) {
        double[] gains = new double[t.length];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = w[i] * (Math.pow(2, t[i]) - 1) - 1e-9 * i;
        }
        return gains;
    }

    @Test
    void ndcgDividesByTheOrderOfTheWeightedGains() {
        double expected = mean((s, t, w) -> 1 - discountedGain(t, w, s) / discountedGain(t, w, gains(t, w)));
        assertEquals(
                expected,
                Losses.ndcg(HARD, of(SCORES), of(TARGETS), of(WEIGHTS)).item(),
                1e-14);
    }

    @Test
    void topKCrossEntropyWeighsTheLogarithmsOfTheMask() {
        Soft soft = Soft.smooth();
        Tensor mask = soft.topKMask(of(SCORES), 2, -1);
        double expected =
                -(3 * Math.log(mask.get(0, 1).item()) + Math.log(mask.get(1, 4).item())) / 4;
        assertEquals(
                expected,
                Losses.topKCrossEntropy(soft, of(SCORES), new int[] {1, 4}, 2, Tensor.of(3, 1))
                        .item(),
                1e-14);
    }

    @Test
    void rowsOfAnyShapeAreTakenInOrder() {
        Soft soft = Soft.smooth();
        Tensor scores = Tensor.concatenate(0, of(SCORES), of(TARGETS)).reshape(2, 2, 5);
        Tensor rows = scores.reshape(4, 5);
        int[] labels = {1, 4, 0, 2};
        Tensor weights = Tensor.of(3, 1, 2, 5);
        assertEquals(
                Losses.topKCrossEntropy(soft, rows, labels, 2, weights).item(),
                Losses.topKCrossEntropy(soft, scores, labels, 2, weights.reshape(2, 2))
                        .item(),
                1e-14);
    }

    @Test
    void aLabelThatIsNotAmongTheLargestHasAFiniteLoss() {
        double loss =
                Losses.topKCrossEntropy(HARD, of(SCORES), new int[] {1, 4}, 1).item();
        assertEquals(-Math.log(Double.MIN_NORMAL), loss, 1e-12);
    }

    @Test
    void listsThatOnlyBroadcastAreRefused() {
        for (BinaryOperator<Tensor> loss : List.<BinaryOperator<Tensor>>of(
                (s, t) -> Losses.spearman(HARD, s, t),
                (s, t) -> Losses.kendall(HARD, s, t),
                (s, t) -> Losses.ndcg(HARD, s, t),
                (s, w) -> Losses.spearman(HARD, s, s, w),
                (s, w) -> Losses.kendall(HARD, s, s, w),
                (s, w) -> Losses.ndcg(HARD, s, s, w))) {
            assertRefused(loss, of(SCORES), of(TARGETS).get(0));
            assertRefused(loss, of(SCORES), Tensor.ones(2, 1));
            assertRefused(loss, Tensor.scalar(1), Tensor.scalar(2));
        }
    }

    private static void assertRefused(BinaryOperator<Tensor> loss, Tensor scores, Tensor other) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> loss.apply(scores, other));
        assertTrue(thrown.getMessage().contains("lists are on the last axis"), thrown.getMessage());
    }

    @Test
    void labelsOfNoClassesAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Losses.topKCrossEntropy(HARD, Tensor.zeros(2, 0), new int[] {0, 0}, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Losses.topKCrossEntropy(HARD, of(SCORES), new int[] {0, 0}, 1, Tensor.ones(3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Losses.topKCrossEntropy(HARD, of(SCORES), new int[] {0, 0, 0}, 1, Tensor.ones(2)));
    }
}
