package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import org.junit.jupiter.api.Test;

/// What can be read off a soft index: its rows, their logarithms, places, masks, entropy, and values under it.
class SoftIndexTest {
    private static final Tensor ROWS = Tensor.of(new double[][] {{0.2, 0, 0.8}, {0.5, 0.25, 0.25}});
    private static final SoftIndex INDEX = SoftIndex.of(ROWS);

    @Test
    void anIndexOfGivenRowsHasThem() {
        assertEquals(ROWS, INDEX.probabilities());
        assertEquals(3, INDEX.size());
        assertEquals("SoftIndex " + ROWS, INDEX.toString());
        assertArrayEquals(new int[] {2, 0}, INDEX.places());
        assertArrayEquals(new int[0], SoftIndex.of(Tensor.zeros(2, 0)).places(), "of no entries");
        assertEquals(ROWS, INDEX.mask(), "each row is the mask of its line");
    }

    @Test
    void logarithmsOfZeroAreMinusInfinityOrThatOfTheFloor() {
        double low = Double.NEGATIVE_INFINITY;
        double quarter = Math.log(0.25);
        double[] expected = {Math.log(0.2), low, Math.log(0.8), Math.log(0.5), quarter, quarter};
        Nearly.same(expected, INDEX.logProbabilities(), 1e-15, "logarithms");
        Tensor floored = Tensor.of(new double[][] {{0.4, 0.4, 0.8}, {0.5, 0.4, 0.4}});
        Tensor normalised = floored.div(floored.sum(1, true));
        Nearly.same(normalised.log(), INDEX.logProbabilities(0.4), 1e-15, "floored");
    }

    @Test
    void valuesUnderAnIndexAreMeansOfTheLine() {
        Tensor values = Tensor.of(new double[][] {{1, 2, 3}, {4, 6, 10}});
        Nearly.same(new double[] {2.6, 6}, INDEX.take(values), 1e-15, "of each line");
        Nearly.same(new double[] {2.6, 1.75}, INDEX.take(Tensor.of(1, 2, 3)), 1e-15, "of a line for all");
        assertThrows(IllegalArgumentException.class, () -> INDEX.take(Tensor.of(1, 2)));
        assertThrows(IllegalArgumentException.class, () -> INDEX.take(Tensor.scalar(1)));
    }

    @Test
    void entropyGoesFromZeroToTheLogarithmOfTheNumberOfEntries() {
        Tensor entropy = SoftIndex.of(Tensor.of(new double[][] {{1, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}}))
                .entropy();
        Nearly.same(new double[] {0, Math.log(4)}, entropy, 1e-15, "entropy");
    }

    @Test
    void whatIsAskedTwiceIsComputedOnce() {
        SoftIndex index = Soft.smooth().argsort(Tensor.of(3, 1, 2));
        assertSame(index.probabilities(), index.probabilities());
        assertSame(index.logProbabilities(), index.logProbabilities());
    }

    /// The axis of the places stands where the indexed axis was.
    @Test
    void theMaskOfAnOrderSumsOverItsPlaces() {
        Tensor x = Tensor.of(new double[][] {{3, 0.5}, {1, 2}, {2, 7}});
        SoftIndex top = Soft.hard().topK(x, 2, 0).index();
        assertArrayEquals(new int[] {2, 2, 3}, top.probabilities().shape());
        assertEquals(Tensor.of(new double[][] {{1, 0}, {0, 1}, {1, 1}}), top.mask());
        SoftIndex largest = Soft.hard().keepDims(true).argmax(x, 0);
        assertEquals(Tensor.of(new double[][] {{1, 0}, {0, 0}, {0, 1}}), largest.mask());
        assertEquals(Tensor.of(new double[][] {{3, 7}}), largest.take(x), "a kept axis stays where it was");
        SoftIndex order = Soft.hard().argsort(x, 0, Order.ASCENDING);
        assertEquals(Tensor.of(new double[][] {{1, 0.5}, {2, 2}, {3, 7}}), order.take(x));
    }

    @Test
    void theMaskOfSeveralQuantilesHasNoKeptAxes() {
        Tensor x = Tensor.of(new double[][] {{3, 0.5}, {1, 2}});
        SoftIndex ends = Soft.hard().keepDims(true).argquantiles(x, 0, 1);
        assertArrayEquals(new int[] {2, 1, 1, 4}, ends.probabilities().shape());
        assertEquals(Tensor.of(new double[][] {{0, 1, 0, 0}, {1, 0, 0, 0}}), ends.mask());
    }

    @Test
    void theTextOfAnIndexThatThereIsNotSaysWhy() {
        String text = Soft.smooth()
                .method(new Method.FastSoftSort())
                .topK(Tensor.of(3, 1, 2), 2)
                .index()
                .toString();
        assertTrue(text.startsWith("SoftIndex (method FastSoftSort gives values without an index"), text);
    }

    @Test
    void aZeroHasALogarithmWithoutADerivative() {
        Tensor x = Tensor.of(0, 5, 4.9);
        Soft soft = Soft.c0().standardize(false);
        assertEquals(
                Double.NEGATIVE_INFINITY,
                soft.argmax(x).logProbabilities().get(0).item());
        Tensor slope = Autodiff.grad(at -> soft.argmax(at).logProbabilities().get(1), x);
        Tensor p = soft.argmax(x).probabilities();
        Tensor expected =
                Autodiff.grad(at -> soft.argmax(at).probabilities().get(1), x).div(p.get(1));
        Nearly.same(expected, slope, 1e-14, "derivative of the logarithm");
    }

    @Test
    void logarithmsInTheSmoothModeDoNotUnderflow() {
        Tensor far = Tensor.of(0, 1000);
        Soft soft = Soft.smooth().softness(0.1).standardize(false);
        Nearly.same(new double[] {-10000, 0}, soft.argmax(far).logProbabilities(), 1e-14, "argmax");
        Nearly.same(new double[] {-10000, 0}, soft.logProjectSimplex(far, 0), 1e-14, "logProjectSimplex");
        SoftIndex halfway = soft.argquantile(far, 0.25);
        Tensor expected = halfway.probabilities().log();
        Nearly.same(expected, halfway.logProbabilities(), 1e-13, "a mixture");
        Soft sorting = soft.method(new Method.SoftSort());
        Tensor three = Tensor.of(0, 1000, 5000);
        double half = Math.log(0.5);
        double[] middle = {half, half, half - 40000};
        Nearly.same(middle, sorting.argquantile(three, 0.25).logProbabilities(), 1e-14, "a mixture of both");
        Tensor several = sorting.argquantiles(three, 0.25, 1).logProbabilities();
        Nearly.same(middle, several.get(0), 1e-14, "the first of several");
        Nearly.same(new double[] {-50000, -40000, 0}, several.get(1), 1e-14, "the second");
    }
}
