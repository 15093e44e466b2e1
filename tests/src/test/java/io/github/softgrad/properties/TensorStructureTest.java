package io.github.softgrad.properties;

import static io.github.softgrad.properties.NestedLoops.offset;
import static io.github.softgrad.properties.NestedLoops.over;
import static io.github.softgrad.properties.NestedLoops.size;
import static io.github.softgrad.properties.NestedLoops.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rearrangements move every number to the place that its name promises.
class TensorStructureTest {
    private static final int[] SHAPE = {2, 3, 4};
    private static final Tensor X = Tensor.range(24).reshape(SHAPE);

    /// The result's entry at each position is X's entry at the position that the map gives.
    private static void assertMoved(int[] shape, UnaryOperator<int[]> from, Tensor actual, String name) {
        double[] expected = new double[size(shape)];
        over(shape, at -> expected[offset(shape, at)] = offset(SHAPE, from.apply(at)));
        assertEquals(Tensor.of(shape, expected), actual, name);
    }

    @Test
    void reshapeKeepsTheRowMajorOrder() {
        assertEquals(
                Tensor.of(new double[][] {{0, 1, 2}, {3, 4, 5}}),
                Tensor.range(6).reshape(2, -1));
        assertEquals(Tensor.range(24), X.flatten());
        assertEquals(Tensor.scalar(3), Tensor.of(3).reshape());
        assertEquals(Tensor.of(3), Tensor.scalar(3).flatten());
        assertEquals(Tensor.zeros(0, 5), Tensor.zeros(0).reshape(0, 5));
        assertEquals(Tensor.zeros(3, 0), Tensor.zeros(0).reshape(3, -1));
    }

    @Test
    void transposeReversesOrReordersAxes() {
        assertMoved(new int[] {4, 3, 2}, at -> new int[] {at[2], at[1], at[0]}, X.transpose(), "transpose()");
        assertMoved(
                new int[] {4, 2, 3}, at -> new int[] {at[1], at[2], at[0]}, X.transpose(2, 0, 1), "transpose(2, 0, 1)");
        assertMoved(
                new int[] {3, 2, 4}, at -> new int[] {at[1], at[0], at[2]}, X.transpose(-2, 0, -1), "negative axes");
        assertMoved(new int[] {4, 3, 2}, at -> new int[] {at[2], at[1], at[0]}, X.swapAxes(0, -1), "swapAxes");
        assertEquals(Tensor.scalar(1), Tensor.scalar(1).transpose());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,2", "2,0", "2,1", "-1,0", "0,-1", "-2,-1"})
    void moveAxisKeepsTheOrderOfTheOthers(int from, int to) {
        int source = Math.floorMod(from, 3);
        int target = Math.floorMod(to, 3);
        List<Integer> axes = new ArrayList<>(List.of(0, 1, 2));
        axes.remove(source);
        axes.add(target, source);
        int[] order = axes.stream().mapToInt(Integer::intValue).toArray();
        assertEquals(X.transpose(order), X.moveAxis(from, to));
    }

    @Test
    void axesOfLengthOneComeAndGo() {
        Nearly.shape(new int[] {1, 2, 3, 4}, X.expandDims(0), "first");
        Nearly.shape(new int[] {2, 3, 4, 1}, X.expandDims(-1), "last");
        Nearly.shape(new int[] {2, 3, 1, 4}, X.expandDims(-2), "negative places count in the result");
        assertEquals(X, X.expandDims(1).squeeze(1));
        assertEquals(X, X.expandDims(3).squeeze(-1));
    }

    @Test
    void broadcastToRepeats() {
        Tensor column = Tensor.of(new double[][] {{1}, {2}});
        assertEquals(Tensor.of(new double[][] {{1, 1, 1}, {2, 2, 2}}), column.broadcastTo(2, 3));
        assertEquals(Tensor.of(new double[][] {{5, 5}}), Tensor.scalar(5).broadcastTo(1, 2));
        assertEquals(Tensor.zeros(0, 3), Tensor.zeros(3).broadcastTo(0, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1, -2, -3})
    void slicesFlipsAndTakesMeetTheirAxisOnly(int axis) {
        int at = Math.floorMod(axis, 3);
        int n = SHAPE[at];
        for (int from = 0; from <= n; from++) {
            for (int to = from; to <= n; to++) {
                for (int step = 1; step <= 3; step++) {
                    int first = from;
                    int by = step;
                    int[] shape = with(SHAPE, at, (to - from + step - 1) / step);
                    String name = "slice " + from + " to " + to + " by " + step;
                    assertMoved(shape, p -> with(p, at, first + by * p[at]), X.slice(axis, from, to, step), name);
                }
            }
        }
        assertEquals(X.slice(axis, 1, n), X.slice(axis, 1, n, 1));
        assertMoved(SHAPE, p -> with(p, at, n - 1 - p[at]), X.flip(axis), "flip");
        int[] places = {1, -1, 0, 1};
        assertMoved(
                with(SHAPE, at, 4), p -> with(p, at, Math.floorMod(places[p[at]], n)), X.take(places, axis), "take");
        Nearly.shape(with(SHAPE, at, 0), X.take(new int[0], axis), "take nothing");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1})
    void takeAlongAxisReadsADifferentPlaceForEachLine(int axis) {
        int at = Math.floorMod(axis, 3);
        int n = SHAPE[at];
        int[] shape = with(SHAPE, at, 2);
        double[] places = new double[size(shape)];
        for (int i = 0; i < places.length; i++) {
            places[i] = i * 7 % n - (i % 3 == 0 ? n : 0);
        }
        assertMoved(
                shape,
                p -> with(p, at, Math.floorMod((int) places[offset(shape, p)], n)),
                X.takeAlongAxis(Tensor.of(shape, places), axis),
                "takeAlongAxis");
    }

    @Test
    void getGivesTheSubTensor() {
        assertEquals(X.slice(0, 1, 2).squeeze(0), X.get(1));
        assertEquals(Tensor.of(20, 21, 22, 23), X.get(1, -1));
        assertEquals(Tensor.scalar(17), X.get(1, 1, 1));
        assertEquals(X, X.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1})
    void concatenateUndoesSlicing(int axis) {
        int n = X.dim(axis);
        assertEquals(X, Tensor.concatenate(axis, X.slice(axis, 0, 1), X.slice(axis, 1, 1), X.slice(axis, 1, n)));
        assertEquals(X, Tensor.concatenate(axis, X));
    }

    @Test
    void stackMakesANewAxis() {
        Tensor a = Tensor.of(1, 2);
        Tensor b = Tensor.of(3, 4);
        assertEquals(Tensor.of(new double[][] {{1, 2}, {3, 4}}), Tensor.stack(0, a, b));
        assertEquals(Tensor.of(new double[][] {{1, 3}, {2, 4}}), Tensor.stack(1, a, b));
        assertEquals(Tensor.stack(1, a, b), Tensor.stack(-1, a, b));
        assertEquals(Tensor.of(1, 2), Tensor.stack(0, Tensor.scalar(1), Tensor.scalar(2)));
    }
}
