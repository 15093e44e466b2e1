package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Method.SortingNetwork.Padding;
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

    /// The derivative of a huge constant line is that of its floor: n entries share it as 1/n and 1 - 1/n.
    @Test
    void aHugeConstantLineHasTheDerivativeOfItsFloor() {
        double unit = Math.scalb(1.0, Math.getExponent(1e200) + 1);
        Soft soft = Soft.smooth().method(new Method.SoftSort());
        Tensor slopes =
                Autodiff.grad(x -> soft.argmax(x).probabilities().get(0).times(unit * 1e-30), Tensor.full(1e200, 4));
        double first = 0.25 * 0.75 / 0.1 * 0.25;
        Nearly.same(new double[] {first, -first / 3, -first / 3, -first / 3}, slopes, 1e-12, "slopes");
    }

    /// The way back ends there, in the Python libraries as well; beyond it nothing moves.
    @Test
    void whatIsBroughtBackStandsStillBeyond23Deviations() {
        double[] entries = new double[1000];
        for (double far : new double[] {1000, -1000}) {
            entries[17] = far;
            Tensor line = Tensor.of(entries);
            int end = far > 0 ? 999 : 0;
            for (Method method : List.of(new Method.FastSoftSort(), new Method.SortingNetwork(Padding.INFINITE))) {
                Soft soft = Soft.c0().method(method).softness(1e-3);
                assertEquals(0.72878 * far, soft.sort(line).get(end).item(), 0.01);
                Tensor slopes = Autodiff.grad(x -> soft.sort(x).get(end), line);
                assertEquals(0.72878, slopes.get(17).item(), 1e-3, "it moves with mean and deviation only");
            }
        }
    }

    @Test
    void everyLineHasDerivativesOfItsOwn() {
        Tensor batch = Tensor.stack(0, X, X.times(3).plus(1), X.square());
        for (Soft soft : RECIPES) {
            Tensor together =
                    Autodiff.grad(x -> soft.sort(x, 1, Order.ASCENDING).square().sum(), batch);
            for (int row = 0; row < 3; row++) {
                Tensor alone = Autodiff.grad(x -> soft.sort(x).square().sum(), batch.get(row));
                Nearly.same(alone, together.get(row), 1e-11, soft + ", line " + row);
            }
            Autodiff.checkGradients(x -> soft.sort(x, 1, Order.ASCENDING), batch, 1);
        }
    }

    private static void assertFinite(Tensor x) {
        assertTrue(Arrays.stream(x.toDoubles()).allMatch(Double::isFinite));
        assertEquals(3000, x.size());
    }
}
