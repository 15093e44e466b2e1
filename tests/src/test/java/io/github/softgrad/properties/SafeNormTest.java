package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The Euclidean norm along any axis and at any size of the entries.
class SafeNormTest {
    private static final Tensor X = Tensor.of(new double[][] {{3, -4}, {-12, 5}});

    @Test
    void theNormRunsOverAllEntriesOrAlongAnAxis() {
        assertEquals(Math.sqrt(194), SafeMath.norm(X).item(), 1e-14);
        Nearly.same(Tensor.of(5, 13), SafeMath.norm(X, 1, false), 1e-15, "axis 1");
        Nearly.same(Tensor.of(5, 13), SafeMath.norm(X, -1, false), 1e-15, "axis -1");
        Nearly.same(Tensor.of(Math.sqrt(153), Math.sqrt(41)), SafeMath.norm(X, 0, false), 1e-15, "axis 0");
        Nearly.same(Tensor.of(new double[][] {{5}, {13}}), SafeMath.norm(X, 1, true), 1e-15, "axis kept");
        assertArrayEquals(new int[] {}, SafeMath.norm(X).shape());
    }

    @Test
    void theNormOverflowsAndUnderflowsOnlyWithItsResult() {
        for (double scale : new double[] {1e300, -1e300, 1e-300, -1e-300, Double.MIN_VALUE}) {
            Tensor entries = Tensor.of(3 * scale, 4 * scale);
            assertEquals(
                    5 * Math.abs(scale),
                    SafeMath.norm(entries).item(),
                    1e-15 * 5 * Math.abs(scale),
                    entries.toString());
        }
        Tensor gradient = Autodiff.grad(x -> SafeMath.norm(x), Tensor.of(-3e300, -4e300));
        Nearly.same(Tensor.of(-0.6, -0.8), gradient, 1e-15, "gradient of huge entries");
    }

    @Test
    void infinitiesAndNaNReachTheNorm() {
        double infinity = Double.POSITIVE_INFINITY;
        assertEquals(infinity, SafeMath.norm(Tensor.of(1, -infinity)).item());
        assertEquals(Double.NaN, SafeMath.norm(Tensor.of(1, Double.NaN)).item());
        assertEquals(0, SafeMath.norm(Tensor.of(0, -0.0)).item());
    }

    @Test
    void theNormKeepsTheFormat() {
        Tensor single = X.toDType(DType.FLOAT32);
        assertEquals(DType.FLOAT32, SafeMath.norm(single).dtype());
        assertEquals(DType.FLOAT32, SafeMath.norm(single, 0, true).dtype());
        assertEquals(
                (float) (3e30 * Math.sqrt(2)),
                SafeMath.norm(Tensor.of(3e30, 3e30).toDType(DType.FLOAT32)).item(),
                1e24);
    }

    @Test
    void theNormOfSingleNumbersIsRoundedOnce() {
        Tensor single = Tensor.normal(new Random(2), 20, 500).toDType(DType.FLOAT32);
        Tensor rounded = SafeMath.norm(single.toDType(DType.FLOAT64), 1, false).toDType(DType.FLOAT32);
        assertEquals(rounded, SafeMath.norm(single, 1, false));
    }

    @Test
    void theNormOfNothingIsZero() {
        assertEquals(Tensor.of(0, 0), SafeMath.norm(Tensor.zeros(2, 0), 1, false));
        assertEquals(Tensor.zeros(2, 1), SafeMath.norm(Tensor.zeros(2, 0), -1, true));
        assertEquals(0, SafeMath.norm(Tensor.zeros(0)).item());
    }
}
