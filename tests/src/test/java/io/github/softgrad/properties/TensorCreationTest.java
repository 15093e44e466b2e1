package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How tensors come into being, what they tell about themselves, and that nobody can change them.
class TensorCreationTest {

    @Test
    void aVectorHasTheNumbersGiven() {
        Tensor x = Tensor.of(1, 2, 3);
        assertArrayEquals(new int[] {3}, x.shape());
        assertArrayEquals(new double[] {1, 2, 3}, x.toDoubles());
        assertEquals(DType.FLOAT64, x.dtype());
        assertEquals(1, x.rank());
        assertEquals(3, x.size());
        assertEquals(3, x.dim(-1));
    }

    @Test
    void aMatrixIsStoredRowByRow() {
        Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        assertArrayEquals(new int[] {2, 3}, x.shape());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, x.toDoubles());
        assertArrayEquals(new int[] {0, 0}, Tensor.of(new double[0][]).shape());
        assertArrayEquals(new int[] {2, 0}, Tensor.of(new double[2][0]).shape());
    }

    @Test
    void constantsFillTheShape() {
        assertEquals(Tensor.of(new int[] {2, 2}, 7, 7, 7, 7), Tensor.full(7, 2, 2));
        assertEquals(Tensor.of(0, 0), Tensor.zeros(2));
        assertEquals(Tensor.of(1, 1), Tensor.ones(2));
        assertEquals(Tensor.of(new double[][] {{1, 0}, {0, 1}}), Tensor.identity(2));
        assertEquals(Tensor.of(0, 1, 2), Tensor.range(3));
        assertEquals(0, Tensor.zeros(3, 0).size());
        assertEquals(1, Tensor.zeros().size());
        assertEquals(0, Tensor.scalar(5).rank());
        assertEquals(5, Tensor.scalar(5).item());
    }

    @Test
    void linspaceHasBothEndsExactly() {
        Nearly.same(new double[] {-1, -0.5, 0, 0.5, 1}, Tensor.linspace(-1, 1, 5), 1e-15, "linspace");
        double[] thirds = Tensor.linspace(0.1, 0.7, 7).toDoubles();
        assertEquals(0.1, thirds[0]);
        assertEquals(0.7, thirds[6]);
        assertArrayEquals(new double[] {3}, Tensor.linspace(3, 9, 1).toDoubles());
        assertEquals(0, Tensor.linspace(3, 9, 0).size());
    }

    @Test
    void randomTensorsAreRepeatableFromTheirGenerator() {
        assertEquals(Tensor.normal(new Random(1), 3, 4), Tensor.normal(new Random(1), 3, 4));
        assertNotEquals(Tensor.normal(new Random(1), 3), Tensor.normal(new Random(2), 3));
        double[] uniform = Tensor.uniform(new Random(1), 1000).toDoubles();
        assertEquals(
                0.5,
                IntStream.range(0, 1000).mapToDouble(i -> uniform[i]).average().orElseThrow(),
                0.05);
    }

    @Test
    void zerosAndOnesLikeKeepShapeAndFormat() {
        Tensor x = Tensor.ofFloats(new int[] {1, 2}, 3, 4);
        assertEquals(Tensor.ofFloats(new int[] {1, 2}, 0, 0), x.zerosLike());
        assertEquals(Tensor.ofFloats(new int[] {1, 2}, 1, 1), x.onesLike());
    }

    @Test
    void changingAnArrayThatWasGivenDoesNotChangeTheTensor() {
        double[] numbers = {1, 2};
        int[] shape = {1, 2};
        double[][] rows = {{1, 2}};
        float[] floats = {1, 2};
        Tensor vector = Tensor.of(numbers);
        Tensor shaped = Tensor.of(shape, numbers);
        Tensor matrix = Tensor.of(rows);
        Tensor single = Tensor.ofFloats(floats);
        Tensor reshaped = vector.reshape(shape);
        Tensor repeated = vector.broadcastTo(shape);
        Tensor full = Tensor.full(3, shape);
        numbers[0] = shape[1] = 9;
        rows[0][0] = floats[0] = 9;
        assertEquals(Tensor.of(1, 2), vector);
        assertEquals(Tensor.of(new int[] {1, 2}, 1, 2), shaped);
        assertEquals(Tensor.of(new int[] {1, 2}, 1, 2), matrix);
        assertEquals(Tensor.ofFloats(1, 2), single);
        assertEquals(Tensor.of(new int[] {1, 2}, 1, 2), reshaped);
        assertEquals(Tensor.of(new int[] {1, 2}, 1, 2), repeated);
        assertEquals(Tensor.of(new int[] {1, 2}, 3, 3), full);
    }

    @Test
    void changingAnArrayThatWasTakenDoesNotChangeTheTensor() {
        Tensor x = Tensor.of(1, 2);
        Tensor single = Tensor.ofFloats(1, 2);
        x.toDoubles()[0] = x.toFloats()[0] = x.shape()[0] = 9;
        single.toDoubles()[0] = single.toFloats()[0] = single.shape()[0] = 9;
        assertEquals(Tensor.of(1, 2), x);
        assertEquals(Tensor.ofFloats(1, 2), single);
    }

    @Test
    void equalTensorsHaveEqualShapeFormatAndNumbers() {
        assertEquals(Tensor.of(1, Double.NaN), Tensor.of(1, Double.NaN));
        assertEquals(Tensor.of(1, 2).hashCode(), Tensor.of(1, 2).hashCode());
        assertNotEquals(Tensor.of(1, 2), Tensor.of(new int[] {1, 2}, 1, 2));
        assertNotEquals(Tensor.of(1, 2), Tensor.ofFloats(1, 2));
    }

    @Test
    void theTextShowsBracketsAndShortensLongAxes() {
        assertEquals(
                "[[1.0, 2.0], [3.0, 4.0]]",
                Tensor.of(new double[][] {{1, 2}, {3, 4}}).toString());
        assertEquals(
                "[0.0, 1.0, 2.0, 3.0, ..., 96.0, 97.0, 98.0, 99.0]",
                Tensor.range(100).toString());
        assertEquals("2.5", Tensor.scalar(2.5).toString());
        assertEquals("[0.1] float32", Tensor.ofFloats(0.1f).toString());
        assertEquals("[]", Tensor.zeros(0).toString());
    }
}
