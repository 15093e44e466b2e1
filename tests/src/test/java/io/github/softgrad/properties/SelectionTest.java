package io.github.softgrad.properties;

import static io.github.softgrad.properties.NestedLoops.offset;
import static io.github.softgrad.properties.NestedLoops.over;
import static io.github.softgrad.properties.NestedLoops.size;
import static io.github.softgrad.properties.NestedLoops.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading at soft places is the sum over hard places with their probabilities, along any axis.
class SelectionTest {
    private static final int[] SHAPE = {2, 3, 4};
    private static final Tensor X = Tensor.range(24).square().reshape(SHAPE);

    private static SoftIndex index(int... shape) {
        return SoftIndex.of(Tensor.uniform(new Random(11), shape));
    }

    private static void assertSums(int[] shape, ToDoubleFunction<int[]> entry, Tensor actual, String name) {
        double[] expected = new double[size(shape)];
        over(shape, at -> expected[offset(shape, at)] = entry.applyAsDouble(at));
        Nearly.same(Tensor.of(shape, expected), actual, 1e-13, name);
    }

    private static double x(int[] at) {
        return X.get(at).item();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1, -3})
    void takeReadsTheSamePlacesInEveryLine(int axis) {
        int at = Math.floorMod(axis, 3);
        int n = SHAPE[at];
        SoftIndex places = index(5, n);
        Tensor p = places.probabilities();
        assertSums(
                with(SHAPE, at, 5),
                to -> sum(n, i -> x(with(to, at, i)) * p.get(to[at], i).item()),
                Selection.take(X, places, axis),
                "take along " + axis);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1, -3})
    void takeAlongAxisReadsOtherPlacesInEveryLine(int axis) {
        int at = Math.floorMod(axis, 3);
        int n = SHAPE[at];
        int[] shape = with(SHAPE, at, 5);
        SoftIndex places = index(shape[0], shape[1], shape[2], n);
        Tensor p = places.probabilities();
        assertSums(
                shape,
                to -> sum(
                        n,
                        i -> x(with(to, at, i)) * p.get(to[0], to[1], to[2], i).item()),
                Selection.takeAlongAxis(X, places, axis),
                "takeAlongAxis " + axis);
    }

    private static double sum(int n, IntToDoubleFunction term) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += term.applyAsDouble(i);
        }
        return sum;
    }

    @Test
    void withoutAnAxisTheValuesAreFlattened() {
        SoftIndex places = index(5, 24);
        assertEquals(Selection.take(X.flatten(), places, 0), Selection.take(X, places));
        assertEquals(Selection.takeAlongAxis(X.flatten(), places, 0), Selection.takeAlongAxis(X, places));
        Nearly.shape(new int[] {5}, Selection.takeAlongAxis(X, places), "takeAlongAxis");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1, -3})
    void dynamicSlicesStartAtASoftPlace(int axis) {
        int at = Math.floorMod(axis, 3);
        int n = SHAPE[at];
        SoftIndex start = index(n);
        Tensor p = start.probabilities();
        for (int length = 1; length <= n; length++) {
            assertSums(
                    with(SHAPE, at, length),
                    to -> sum(
                            n, i -> x(with(to, at, (i + to[at]) % n)) * p.get(i).item()),
                    Selection.dynamicSlice(X, start, length, axis),
                    "dynamicSlice along " + axis);
        }
        assertEquals(
                Selection.dynamicSlice(X, start, 1, axis).squeeze(at), Selection.dynamicIndex(X, start, axis), "index");
    }

    @Test
    void slicesAlongEveryAxisAreSlicesInTurn() {
        List<SoftIndex> starts = List.of(index(2), index(3), index(4));
        Tensor expected = Selection.dynamicSlice(
                Selection.dynamicSlice(Selection.dynamicSlice(X, starts.get(0), 1, 0), starts.get(1), 3, 1),
                starts.get(2),
                2,
                2);
        assertEquals(expected, Selection.dynamicSlice(X, starts, 1, 3, 2));
        refused(() -> Selection.dynamicSlice(X, starts, 1, 3), "3 starts and 2 sizes");
        refused(() -> Selection.dynamicSlice(X, starts.subList(0, 2), 1, 3, 2), "2 starts and 3 sizes");
    }

    @Test
    void choicesAreTensorsWithTheirProbabilities() {
        Tensor choices = X.transpose(2, 0, 1);
        SoftIndex which = index(2, 3, 4);
        Tensor p = which.probabilities();
        assertSums(
                new int[] {2, 3},
                to -> sum(
                        4,
                        i -> x(new int[] {to[0], to[1], i})
                                * p.get(to[0], to[1], i).item()),
                Selection.choose(which, choices),
                "choose");
        refused(() -> Selection.choose(which, X), "as many entries as the index's last");
        refused(() -> Selection.choose(index(3, 4), choices), "as many axes");
    }

    @Test
    void placesThatDoNotFitAreRefused() {
        refused(
                () -> Selection.take(X, index(2, 3), 0),
                "an index over 3 entries for axis 0 of shape (2, 3, 4), which has 2");
        refused(() -> Selection.take(X, index(1, 2, 2), 0), "expected (k, n)");
        refused(
                () -> Selection.takeAlongAxis(X, index(2, 3, 4, 3), 2),
                "an index over 3 entries for axis 2 of shape (2, 3, 4), which has 4");
        refused(() -> Selection.takeAlongAxis(X, index(2, 3, 4), 2), "one axis more (4)");
        refused(() -> Selection.dynamicIndex(X, index(2, 3), 1), "dynamicIndex: an index of shape (2, 3)");
        refused(() -> Selection.dynamicSlice(X, index(2, 3), 1, 1), "dynamicSlice: an index of shape (2, 3)");
        refused(() -> Selection.dynamicSlice(X, index(3), 0, 1), "size must be in 1 to 3");
        refused(() -> Selection.dynamicSlice(X, index(3), 4, 1), "size must be in 1 to 3");
    }

    private static void refused(Executable action, String part) {
        var thrown = assertThrows(IllegalArgumentException.class, action);
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }

    @Test
    void anIndexSaysWhereItPoints() {
        SoftIndex index = SoftIndex.of(Tensor.of(new double[][] {{0.2, 0.5, 0.3}, {0.6, 0.3, 0.1}}));
        assertArrayEquals(new int[] {1, 0}, index.places());
        assertArrayEquals(new int[0], SoftIndex.of(Tensor.zeros(2, 0)).places());
        assertEquals(index.probabilities(), index.mask());
        assertEquals("SoftIndex " + index.probabilities(), index.toString());
        assertEquals(Tensor.zeros(2, 3).plus(-Math.log(3)), index.logProbabilities(1));
        refused(() -> index.logProbabilities(0), "epsilon must be in (0, 1]");
        refused(() -> index.logProbabilities(1.1), "epsilon must be in (0, 1]");
    }

    @Test
    void theMaskOfSeveralQuantilesOfAFlatTensorHasARowForEach() {
        Tensor several = Soft.smooth().argquantiles(X, 0.2, 0.8).mask();
        Nearly.shape(new int[] {2, 24}, several, "quantiles");
        for (int i = 0; i < 2; i++) {
            Tensor one = Soft.smooth().argquantile(X, i == 0 ? 0.2 : 0.8).mask();
            Nearly.same(one, several.get(i), 1e-12, "quantile " + i);
        }
    }

    @Test
    void anIndexTakesValuesOfItsTensorOnly() {
        SoftIndex index = Soft.smooth().argmax(X, 1);
        Nearly.shape(new int[] {2, 4}, index.take(X), "values");
        refused(() -> index.take(Tensor.scalar(1)), "values of shape ()");
        refused(() -> index.take(Tensor.ones(3)), "values of shape (3)");
        refused(() -> index.take(Tensor.ones(2, 4)), "values of shape (2, 4)");
    }
}
