package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Float32 tensors: which format a result has, and that it is the exact number rounded once.
class Float32Test {
    private static final Tensor X = Tensor.ofFloats(0.1f, 0.7f, 3.3f);

    @Test
    void mixedFormatsGiveFloat64AndNumbersTakeTheTensorsFormat() {
        assertEquals(DType.FLOAT64, X.plus(Tensor.of(1)).dtype());
        assertEquals(DType.FLOAT64, Tensor.of(1).plus(X).dtype());
        assertEquals(DType.FLOAT64, X.matmul(Tensor.of(1, 2, 3)).dtype());
        assertEquals(DType.FLOAT64, Tensor.concatenate(0, X, Tensor.of(1)).dtype());
        assertEquals(DType.FLOAT32, X.plus(1).dtype());
        assertEquals(DType.FLOAT32, X.plus(X).dtype());
        assertEquals(DType.FLOAT32, X.sum().dtype());
        assertEquals(DType.FLOAT32, X.exp().flip(0).reshape(3, 1).dtype());
        assertEquals(DType.FLOAT32, Tensor.scalar(1, DType.FLOAT32).dtype());
    }

    @Test
    void roundsToNearestOnTheWayIn() {
        assertArrayEquals(new float[] {0.1f}, Tensor.of(0.1).toFloats());
        assertEquals(0.1f, Tensor.of(0.1).toDType(DType.FLOAT32).item());
        assertEquals(0.1, Tensor.of(0.1).toDType(DType.FLOAT64).item());
        assertEquals(
                Float.POSITIVE_INFINITY, Tensor.of(1e300).toDType(DType.FLOAT32).item());
    }

    @Test
    void eachOperationIsComputedInFloat64AndRoundedOnce() {
        Tensor wide = X.toDType(DType.FLOAT64);
        Tensor y = Tensor.ofFloats(1.7f, 0.3f, 2.9f);
        Tensor wideY = y.toDType(DType.FLOAT64);
        assertRounded(wide.div(wideY), X.div(y), "div");
        assertRounded(wide.exp(), X.exp(), "exp");
        assertRounded(wide.pow(wideY), X.pow(y), "pow");
        assertRounded(wide.matmul(wideY), X.matmul(y), "matmul");
        assertRounded(wide.sum(), X.sum(), "sum");
    }

    @Test
    void sumsMeansProductsAndDotsOfManyNumbersAreRoundedOnce() {
        Tensor x = Tensor.uniform(new Random(1), 1001).plus(0.5).toDType(DType.FLOAT32);
        Tensor wide = x.toDType(DType.FLOAT64);
        assertRounded(wide.sum(), x.sum(), "sum");
        assertRounded(wide.mean(), x.mean(), "mean");
        assertRounded(wide.slice(0, 0, 31).product(), x.slice(0, 0, 31).product(), "product");
        assertRounded(wide.dot(wide), x.dot(x), "dot");
        Tensor large = Tensor.ofFloats(3e38f, 3e38f);
        assertEquals(3e38f, large.mean().item(), "the mean does not overflow on the way");
    }

    private static void assertRounded(Tensor exact, Tensor actual, String name) {
        assertEquals(exact.toDType(DType.FLOAT32), actual, name);
    }
}
