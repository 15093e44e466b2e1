package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// LapSum: doubly stochastic, linear and matrix forms agree, derivatives, limits, ties, edges.
class LapSumTest {
    private static final Soft SOFT = Soft.smooth().method(new Method.LapSum());
    private static final Tensor X = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1, -0.4, 0.9);

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 0.1, 1, 30})
    void valuesAndRanksInLinearTimeAreThoseOfTheMatrix(double softness) {
        for (boolean standardize : new boolean[] {true, false}) {
            for (Order order : Order.values()) {
                Soft soft = SOFT.softness(softness).standardize(standardize);
                Tensor p = soft.argsort(X, 0, order).probabilities();
                Tensor ranks = Tensor.range(7).plus(1).matmul(p);
                assertArrayEquals(
                        p.matmul(X).toDoubles(), soft.sort(X, 0, order).toDoubles(), 1e-12, "sort " + order);
                assertArrayEquals(ranks.toDoubles(), soft.rank(X, 0, order).toDoubles(), 1e-12, "rank " + order);
            }
        }
    }

    @Test
    void derivativesAreThoseOfTheValuesAlsoInTheSoftness() {
        Tensor batch = Tensor.normal(new Random(1), 2, 6);
        for (boolean standardize : new boolean[] {true, false}) {
            Soft soft = SOFT.softness(0.4).standardize(standardize);
            Autodiff.checkGradients(x -> soft.sort(x, 1, Order.DESCENDING), batch, 1);
            Autodiff.checkGradients(x -> soft.rank(x, 1, Order.ASCENDING), batch, 1);
            Autodiff.checkGradients(x -> soft.argsort(x, 1, Order.ASCENDING).probabilities(), batch, 1);
            Autodiff.checkGradients(x -> soft.topKMask(x, 2, 1), batch, 1);
            Autodiff.checkGradients(x -> soft.quantile(x, 0.3, 1), batch, 1);
            Function<Tensor, Tensor> ofSoftness = s -> soft.softness(s)
                    .sort(batch, 1, Order.ASCENDING)
                    .plus(soft.softness(s).rank(batch, 1, Order.ASCENDING));
            Autodiff.checkGradients(ofSoftness, Tensor.scalar(0.4), 1);
        }
    }

    @Test
    void secondDerivativesExistAwayFromTheCorners() {
        Autodiff.checkGradients(x -> SOFT.softness(0.7).sort(x), X, 2);
    }

    @Test
    void smallSoftnessSortsAndLargeSoftnessAverages() {
        Tensor sharp = SOFT.softness(1e-5).sort(X);
        assertArrayEquals(Soft.hard().sort(X).toDoubles(), sharp.toDoubles(), 1e-9);
        Tensor flat = SOFT.softness(1e5).sort(X);
        assertArrayEquals(Tensor.full(X.mean().item(), 7).toDoubles(), flat.toDoubles(), 1e-3);
    }

    /// Both cuts may lie on an entry.
    @Test
    void tiedEntriesShareAnIndex() {
        for (double[] line : new double[][] {{1, 1}, {2, 2, 2, 2}, {3, 0, 3}}) {
            Tensor p = SOFT.softness(0.1).argsort(Tensor.of(line)).probabilities();
            assertArrayEquals(Tensor.ones(line.length).toDoubles(), p.sum(1).toDoubles(), 1e-14, "rows");
        }
    }

    @Test
    void oneEntryIsItselfAndANaNSpoilsOnlyItsRow() {
        assertEquals(3.0, SOFT.sort(Tensor.of(3)).item());
        assertEquals(1.0, SOFT.rank(Tensor.of(3)).item());
        assertEquals(1.0, SOFT.argmax(Tensor.of(3)).probabilities().item());
        Tensor sorted = SOFT.sort(Tensor.of(new double[][] {{1, Double.NaN, 2}, {3, 1, 2}}), 1, Order.ASCENDING);
        assertTrue(Double.isNaN(sorted.get(0).sum().item()));
        assertTrue(Double.isFinite(sorted.get(1).sum().item()));
    }

    @Test
    void sparseModesAreRefusedWithTheMethodsThatHaveThem() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> SOFT.mode(io.github.softgrad.Mode.C1).sort(X));
        assertTrue(
                error.getMessage().contains("SMOOTH") && error.getMessage().contains("SoftSort"), error.getMessage());
    }
}
