package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Order;
import io.github.softgrad.QuantileMethod;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Soft.hard() is plain sorting, counting and comparing, ties and NaN included.
class HardModeTest {
    private static final Soft HARD = Soft.hard();
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 101})
    void sortsLikeArraysSort(int n) {
        double[] x = new Random(n).ints(n, 0, 7).asDoubleStream().toArray();
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        Tensor tensor = Tensor.of(x);
        assertEquals(Tensor.of(sorted), HARD.sort(tensor));
        assertEquals(Tensor.of(sorted).flip(0), HARD.sort(tensor, 0, Order.DESCENDING));
        assertEquals(Tensor.of(sorted), HARD.argsort(tensor).take(tensor));
        assertEquals(sorted[n - 1], HARD.max(tensor).item());
        assertEquals(sorted[0], HARD.min(tensor).item());
        double middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        assertEquals(middle, HARD.median(tensor).item());
        assertEquals(middle, HARD.argmedian(tensor).take(tensor).item());
        assertEquals(
                Tensor.of(sorted).flip(0).slice(0, 0, (n + 1) / 2),
                HARD.topK(tensor, (n + 1) / 2).values());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.25, 0.3, 0.5, 0.61, 0.99, 1})
    void quantilesFollowTheirMethod(double q) {
        double[] sorted = {1, 2, 4, 8, 16};
        Tensor x = Tensor.of(8, 1, 16, 2, 4);
        double place = q * 4;
        double lower = sorted[(int) Math.floor(place)];
        double upper = sorted[(int) Math.ceil(place)];
        double fraction = place - Math.floor(place);
        for (QuantileMethod method : QuantileMethod.values()) {
            double expected = switch (method) {
                case LINEAR -> lower * (1 - fraction) + upper * fraction;
                case LOWER -> lower;
                case HIGHER -> upper;
                case NEAREST -> fraction > 0.5 ? upper : lower;
                case MIDPOINT -> (lower + upper) / 2;
            };
            Soft soft = HARD.quantileMethod(method);
            assertEquals(expected, soft.quantile(x, q).item(), 1e-14, method + " of values");
            assertEquals(expected, soft.argquantile(x, q).take(x).item(), 1e-14, method + " of the index");
        }
    }

    @Test
    void tiesKeepTheirOrderAndTheFirstOneWins() {
        Tensor x = Tensor.of(2, 1, 2, 1);
        Nearly.same(new double[] {1, 0, 0, 0}, HARD.argmax(x).probabilities(), 0, "argmax");
        Nearly.same(new double[] {0, 1, 0, 0}, HARD.argmin(x).probabilities(), 0, "argmin");
        Nearly.same(new double[] {1, 3, 2, 4}, HARD.rank(x), 0, "descending rank");
        Nearly.same(new double[] {3, 1, 4, 2}, HARD.rank(x, 0, Order.ASCENDING), 0, "ascending rank");
        Tensor rows = HARD.argsort(x).probabilities();
        Nearly.same(new double[] {1, 3, 0, 2}, rows.matmul(Tensor.range(4)), 0, "argsort");
        Tensor falling = HARD.argsort(x, 0, Order.DESCENDING).probabilities();
        Nearly.same(new double[] {0, 2, 1, 3}, falling.matmul(Tensor.range(4)), 0, "descending argsort");
        Nearly.same(new double[] {1, 2}, HARD.rank(Tensor.of(-0.0, 0.0), 0, Order.ASCENDING), 0, "the zeros are equal");
    }

    @Test
    void aNaNCountsAsLargerThanEveryNumber() {
        Tensor x = Tensor.of(3, NAN, INFINITY, 1);
        Nearly.same(new double[] {1, 3, INFINITY, NAN}, HARD.sort(x), 0, "sort");
        Nearly.same(new double[] {NAN, INFINITY, 3, 1}, HARD.sort(x, 0, Order.DESCENDING), 0, "descending sort");
        Nearly.same(new double[] {NAN}, HARD.max(x), 0, "max");
        Nearly.same(new double[] {NAN}, HARD.min(x), 0, "min");
        Nearly.same(new double[] {NAN}, HARD.median(x), 0, "median");
        Nearly.same(new double[] {0, 1, 0, 0}, HARD.argmax(x).probabilities(), 0, "argmax");
        Nearly.same(new double[] {3, 1, 2, 4}, HARD.rank(x), 0, "rank");
    }

    @Test
    void elementwiseOperatorsArePlain() {
        Tensor x = Tensor.of(-INFINITY, -2.5, -0.5, 0, 0.5, 1.5, INFINITY, NAN);
        Nearly.same(new double[] {0, 0, 0, 0.5, 1, 1, 1, NAN}, HARD.heaviside(x), 0, "heaviside");
        Nearly.same(new double[] {-1, -1, -1, 0, 1, 1, 1, NAN}, HARD.sign(x), 0, "sign");
        Nearly.same(new double[] {INFINITY, 2.5, 0.5, 0, 0.5, 1.5, INFINITY, NAN}, HARD.abs(x), 0, "abs");
        Nearly.same(new double[] {0, 0, 0, 0, 0.5, 1.5, INFINITY, NAN}, HARD.relu(x), 0, "relu");
        Nearly.same(new double[] {-1, -1, -0.5, 0, 0.5, 1, 1, NAN}, HARD.clip(x, -1, 1), 0, "clip");
        Nearly.same(new double[] {-INFINITY, -2, -0.0, 0, 0, 2, INFINITY, NAN}, HARD.round(x), 0, "round");
    }

    @Test
    void comparisonsArePlain() {
        Tensor x = Tensor.of(1, 2, 3, NAN, INFINITY);
        Tensor y = Tensor.of(2, 2, 2, 2, INFINITY);
        Nearly.same(new double[] {0, 0, 1, 0, 0}, HARD.greater(x, y).asTensor(), 0, "greater");
        Nearly.same(new double[] {0, 1, 1, 0, 1}, HARD.greaterEqual(x, y).asTensor(), 0, "greaterEqual");
        Nearly.same(new double[] {1, 0, 0, 0, 0}, HARD.less(x, y).asTensor(), 0, "less");
        Nearly.same(new double[] {1, 1, 0, 0, 1}, HARD.lessEqual(x, y).asTensor(), 0, "lessEqual");
        Nearly.same(new double[] {0, 1, 0, 0, 1}, HARD.equal(x, y).asTensor(), 0, "equal");
        Nearly.same(new double[] {1, 0, 1, 1, 0}, HARD.notEqual(x, y).asTensor(), 0, "notEqual");
        Nearly.same(new double[] {1, 1, 1, 0, 1}, HARD.isClose(x, y, 0.5, 0).asTensor(), 0, "isClose");
        Tensor far = Tensor.of(-2, -1, 0.5, 3);
        Tensor near = Tensor.of(-2.5, -2.5, 0.25, 3.1);
        Nearly.same(new double[] {1, 0, 1, 1}, HARD.isClose(far, near, 0, 0.5).asTensor(), 0, "by a distance");
        Nearly.same(new double[] {1, 0, 0, 1}, HARD.isClose(far, near, 0.2, 0).asTensor(), 0, "by a share");
        Nearly.same(new double[] {1, 0, 1, 1}, HARD.isClose(far, near, 0.1, 0.3).asTensor(), 0, "by both");
        Tensor barely = Tensor.of(1, 1, 0, 0);
        Tensor moved = Tensor.of(1 + 0.9e-5, 1 + 1.2e-5, 0.9e-8, 1.1e-8);
        Nearly.same(new double[] {1, 0, 1, 0}, HARD.isClose(barely, moved).asTensor(), 0, "unless set");
    }

    @Test
    void everyLineHasAnOrderOfItsOwn() {
        Tensor x = Tensor.of(new double[][] {{1, 3, 3}, {0, 5, 4}, {9, 1, 2}, {-0.0, 0.0, -1}});
        Tensor places = HARD.argmax(x, 1).probabilities().matmul(Tensor.range(3));
        Nearly.same(new double[] {1, 1, 0, 0}, places, 0, "argmax");
        double[] ranks = {1, 2, 3, 1, 3, 2, 3, 1, 2, 2, 3, 1};
        Nearly.same(ranks, HARD.rank(x, 1, Order.ASCENDING), 0, "rank");
        Tensor withNaN = Tensor.of(new double[][] {{1, NAN, 3}, {0, 5, 4}});
        Nearly.same(new double[] {3, 1, 2, 3, 1, 2}, HARD.rank(withNaN, 1, Order.DESCENDING), 0, "rank with NaN");
    }

    @Test
    void theProjectionOntoTheSimplexIsTheFirstLargestEntry() {
        Tensor x = Tensor.of(new double[][] {{1, 3, 3}, {5, 4, 0}});
        Nearly.same(new double[] {0, 1, 0, 1, 0, 0}, HARD.projectSimplex(x, 1), 0, "projection");
        double low = Double.NEGATIVE_INFINITY;
        Nearly.same(new double[] {low, 0, low, 0, low, low}, HARD.logProjectSimplex(x, 1), 0, "its logarithm");
    }

    @Test
    void orderingAnEmptyAxisGivesNothing() {
        Tensor x = Tensor.zeros(2, 0);
        for (Soft soft : new Soft[] {HARD, Soft.smooth(), Soft.c1().standardize(false)}) {
            Nearly.shape(new int[] {2, 0}, soft.sort(x, 1, Order.ASCENDING), "sort");
            Nearly.shape(new int[] {2, 0}, soft.rank(x, 1, Order.ASCENDING), "rank");
            Nearly.shape(
                    new int[] {2, 0, 0}, soft.argsort(x, 1, Order.ASCENDING).probabilities(), "argsort");
            Nearly.shape(new int[] {0}, soft.max(x, 0).slice(0, 0, 0), "a batch of none");
            Nearly.shape(new int[] {0}, soft.median(Tensor.zeros(0, 3), 1), "median of no lines");
            Nearly.shape(new int[] {0, 3}, soft.sort(Tensor.zeros(0, 3), 1, Order.ASCENDING), "sort of no lines");
        }
    }
}
