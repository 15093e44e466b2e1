package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Standardized lines at any scale, without spread, and with an entry far from all others.
class StandardizationEdgesTest {
    private static final Tensor X = Tensor.of(0.3, -1.2, 2.2, 0.7);
    private static final List<Soft> RECIPES = List.of(
            Soft.smooth(),
            Soft.smooth().method(new Method.SoftSort()),
            Soft.smooth().method(new Method.FastSoftSort()),
            Soft.smooth().method(new Method.LapSum()),
            Soft.smooth().method(new Method.SortingNetwork()));

    /// Powers of two change no digit.
    @Test
    void theResultFollowsTheScaleOfTheLine() {
        for (Soft soft : RECIPES) {
            Tensor expected = soft.sort(X.times(Math.scalb(1.0, 60)));
            for (int exponent : new int[] {100, 600, 1020}) {
                for (double sign : new double[] {1, -1}) {
                    double scale = sign * Math.scalb(1.0, exponent);
                    Tensor line = X.times(scale);
                    Order order = sign > 0 ? Order.ASCENDING : Order.DESCENDING;
                    Tensor sorted = soft.sort(line, 0, order).div(scale).times(Math.scalb(1.0, 60));
                    Nearly.same(expected, sorted, 1e-12, soft + " at 2^" + exponent);
                }
            }
        }
    }

    @Test
    void negativeLinesAreScaledLikePositiveOnes() {
        Tensor line = X.minus(5).times(Math.scalb(1.0, 1020));
        for (Soft soft : RECIPES) {
            Tensor mirrored = soft.sort(line.unaryMinus(), 0, Order.DESCENDING).unaryMinus();
            Nearly.same(mirrored, soft.sort(line), 1e-14, soft);
        }
    }

    @Test
    void aLineWithoutSpreadStaysAsItIs() {
        for (Soft soft : RECIPES) {
            for (double value : new double[] {0, 1, -3e7, 1e200, -1e300}) {
                Tensor line = Tensor.full(value, 4);
                Nearly.same(line, soft.sort(line), 1e-14, soft + " of " + value);
                Tensor gradient = Autodiff.grad(x -> soft.sort(x).mean(), line);
                Nearly.same(Tensor.full(0.25, 4), gradient, 1e-6, soft + " at " + value);
            }
        }
    }

    @Test
    void anEntryFarFromAllOthersLeavesEverythingFinite() {
        double[] entries = new double[3000];
        Arrays.setAll(entries, i -> 1e-6 * i);
        for (double far : new double[] {100, -100}) {
            entries[17] = far;
            Soft soft = Soft.smooth().method(new Method.FastSoftSort());
            assertFinite(soft.sort(Tensor.of(entries)));
            assertFinite(Autodiff.grad(x -> soft.sort(x).square().sum(), Tensor.of(entries)));
        }
    }

    private static void assertFinite(Tensor x) {
        assertTrue(Arrays.stream(x.toDoubles()).allMatch(Double::isFinite));
        assertEquals(3000, x.size());
    }
}
