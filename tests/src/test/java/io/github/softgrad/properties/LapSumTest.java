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

    /// The last entry is the softness.
    @Test
    void secondDerivativesExistAwayFromTheCorners() {
        Autodiff.checkGradients(x -> SOFT.softness(0.7).sort(x), X, 2);
        Tensor at = Tensor.concatenate(0, X.slice(0, 0, 6), Tensor.of(0.7));
        Function<Tensor, Tensor> both = v -> {
            Soft soft = SOFT.softness(v.get(6));
            Tensor rows = v.slice(0, 0, 6).reshape(2, 3);
            return soft.sort(rows, 1, Order.ASCENDING).plus(soft.rank(rows, 1, Order.ASCENDING));
        };
        Autodiff.checkGradients(both, at, 2);
    }

    @Test
    void withoutTheGatedGradientTheIndexIsAConstant() {
        Soft ungated = SOFT.softness(0.4).gatedGradient(false);
        Nearly.same(ungated.argsort(X).probabilities(), Autodiff.jacobian(x -> ungated.sort(x), X), 1e-14, "values");
        Tensor slope = Autodiff.grad(s -> ungated.softness(s).sort(X).dot(X), Tensor.scalar(0.4));
        assertEquals(0, slope.item(), "softness");
    }

    @Test
    void aStandardizedLineIsSortedLikeItsMultiples() {
        Nearly.same(SOFT.sort(X), SOFT.sort(X.times(1e6)).div(1e6), 1e-5, "sort");
        Nearly.same(SOFT.rank(X), SOFT.rank(X.times(1e6)), 1e-5, "rank");
    }

    /// All numbers are exact; what is far away is not felt, and costs no digit of what is near.
    @Test
    void farAwayEntriesCostNoDigits() {
        double softness = 0x1p-10;
        Soft soft = SOFT.softness(softness).standardize(false);
        Tensor near = Tensor.of(0, 1, 3).times(softness);
        Tensor far = near.plus(0x1p30);
        Tensor ranks = soft.rank(near, 0, Order.ASCENDING);
        Tensor all = soft.rank(Tensor.concatenate(0, near, far), 0, Order.ASCENDING);
        Nearly.same(Tensor.concatenate(0, ranks, ranks.plus(3)), all, 1e-14, "ranks");
        Nearly.same(ranks, soft.rank(far, 0, Order.ASCENDING), 1e-14, "ranks of an offset");
    }

    @Test
    void entriesFarApartHaveAHardIndex() {
        Tensor x = Tensor.of(3, 11, 0, 7, 1, 10, 2, 9, 4, 8, 5, 6).times(1000);
        Soft soft = SOFT.softness(0.1).standardize(false);
        Nearly.same(Soft.hard().argsort(x).probabilities(), soft.argsort(x).probabilities(), 1e-14, "index");
    }

    @Test
    void placesAskedForAloneAreThoseOfTheWholeIndex() {
        for (double q : new double[] {0, 0.3, 0.5, 1}) {
            assertEquals(
                    SOFT.quantile(X, q).item(), SOFT.argquantile(X, q).take(X).item(), 1e-13, "quantile " + q);
        }
        Nearly.same(
                SOFT.argsort(X, 0, Order.DESCENDING).probabilities().slice(0, 0, 3),
                SOFT.topK(X, 3).index().probabilities(),
                1e-14,
                "the top three");
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
        Function<Tensor, Tensor> all = s -> {
            Soft soft = SOFT.softness(s);
            Tensor three = Tensor.of(3);
            return soft.sort(three)
                    .plus(soft.rank(three))
                    .plus(soft.argsort(three).mask());
        };
        assertEquals(
                0, Autodiff.grad(s -> all.apply(s).sum(), Tensor.scalar(0.1)).item(), "in the softness");
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
