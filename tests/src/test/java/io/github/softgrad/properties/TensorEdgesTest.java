package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The places where a tensor operation has nothing to do, or more to do than it does at once.
class TensorEdgesTest {
    private static final Tensor MATRIX = Tensor.range(6).reshape(2, 3);

    private static void refused(Executable action) {
        assertThrows(IllegalArgumentException.class, action);
    }

    @Test
    void whatChangesNothingIsTheTensorItself() {
        assertSame(MATRIX, MATRIX.reshape(2, 3));
        assertSame(MATRIX, MATRIX.reshape(2, -1));
        assertSame(MATRIX, MATRIX.transpose(0, 1));
        assertSame(MATRIX, MATRIX.moveAxis(1, 1));
        assertSame(MATRIX, MATRIX.broadcastTo(2, 3));
        assertSame(MATRIX, MATRIX.slice(1, 0, 3));
        assertSame(MATRIX, MATRIX.toDType(DType.FLOAT64));
    }

    @Test
    void aShapeHasOneUnknownThatTheOthersDetermine() {
        assertEquals(Tensor.range(6).reshape(3, 2), MATRIX.reshape(-1, 2));
        refused(() -> MATRIX.reshape(-1, 0));
        refused(() -> MATRIX.reshape(7));
        refused(() -> Tensor.scalar(1).reshape(-1, -1));
        refused(() -> MATRIX.reshape(-2, -3));
    }

    @Test
    void nothingBroadcastsToFewer() {
        refused(() -> MATRIX.broadcastTo(3));
        refused(() -> MATRIX.broadcastTo(1, 3));
        refused(() -> Tensor.of(1, 2, 3).broadcastTo(1));
    }

    @Test
    void theMessageOfABroadcastNamesEveryShapeAndTheAxisFromTheEnd() {
        Tensor condition = Tensor.ones(5, 2);
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> Tensor.select(condition, Tensor.ones(2), Tensor.ones(3)));
        assertEquals(
                "shapes (5, 2), (2) and (3) do not broadcast: axis -1 has 2 and 3; dimensions must be equal or 1"
                        + " (use reshape or expandDims)",
                thrown.getMessage());
    }

    @Test
    void aShapeHoldsWhatBroadcastsToIt() {
        Tensor p = Tensor.full(0.5, 2, 1);
        for (int[] shape : new int[][] {{2, 1}, {2, 3}, {4, 2, 3}, {4, 2, 1}}) {
            Nearly.shape(shape, coins(p, shape), "draws");
        }
        for (int[] shape : new int[][] {{2}, {1, 3}, {3, 3}, {2, 4, 3}}) {
            refused(() -> coins(p, shape));
        }
    }

    private static Tensor coins(Tensor p, int... shape) {
        return Soft.hard().random(new Random(1)).bernoulli(p, shape).asTensor();
    }

    @Test
    void placesAlongAnAxisAgreeWithTheOtherAxes() {
        refused(() -> MATRIX.takeAlongAxis(Tensor.of(0, 1), 1));
        refused(() -> MATRIX.takeAlongAxis(Tensor.of(0, 1), 0));
        refused(() -> MATRIX.takeAlongAxis(Tensor.zeros(3, 1), 1));
    }

    @Test
    void theMessageOfAProductNamesBothLengths() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> MATRIX.matmul(Tensor.ones(4, 5)));
        assertTrue(
                thrown.getMessage().contains("the last axis of the first has 3 entries, the rows of the second 4"),
                thrown.getMessage());
    }

    @Test
    void nothingKeepsItsFormat() {
        Tensor nothing = Tensor.zeros(2, 0).toDType(DType.FLOAT32);
        assertEquals(DType.FLOAT32, nothing.product(1).dtype());
        assertEquals(Tensor.ones(2).toDType(DType.FLOAT32), nothing.product(1));
        assertEquals(Tensor.zeros(2), Tensor.zeros(2, 0).sum(1));
        assertEquals(Tensor.zeros(0), Tensor.zeros(2, 0).sum(0));
        assertEquals(DType.FLOAT32, Autodiff.jacobian(x -> x, nothing).dtype());
    }

    @Test
    void aDerivativeHasTheFormatOfItsArgument() {
        Tensor single = Tensor.ofFloats(1, 2);
        assertEquals(
                DType.FLOAT32,
                Autodiff.grad(x -> x.times(Tensor.of(3, 4)).sum(), single).dtype());
        assertEquals(
                DType.FLOAT32,
                Autodiff.grad(x -> x.plus(MATRIX.slice(1, 0, 2)).sum(), single).dtype());
    }

    /// Long enough to be cut into parts, with operands that advance, stand still and advance by whole rows.
    @Test
    void aLongLoopComputesEveryElement() {
        int n = 150_000;
        Tensor x = Tensor.range(n);
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) {
            expected[i] = i * 2.0 + 1;
        }
        assertArrayEquals(expected, x.times(2).plus(1).toDoubles());
        double[] rows = new double[3 * n];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % n + i / n * 10;
        }
        Tensor column = Tensor.of(0, 10, 20).reshape(3, 1);
        assertArrayEquals(rows, x.plus(column).toDoubles());
        assertArrayEquals(
                rows,
                x.toDType(DType.FLOAT32).plus(column.toDType(DType.FLOAT32)).toDoubles());
    }

    /// Enough short blocks to be cut between them, in the middle of an outer axis.
    @Test
    void manyShortLoopsComputeEveryElement() {
        int n = 300;
        double[] expected = new double[n * n * 2];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = 1000 * (i / (2 * n)) + i % 2 + 0.5 * (i / 2 % n);
        }
        Tensor pairs = Tensor.range(n).times(1000).reshape(n, 1, 1).plus(Tensor.of(0, 1));
        Tensor column = Tensor.range(n).times(0.5).reshape(n, 1);
        assertArrayEquals(expected, pairs.plus(column).toDoubles());
    }
}
