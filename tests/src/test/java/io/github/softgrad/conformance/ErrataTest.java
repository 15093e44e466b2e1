package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import io.github.softgrad.Transition;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes wrong in the Python libraries goes right here, one test an erratum; those that are kept, with the
/// reason, are lines of ARCHITECTURE.md ("Where we differ from the reference").
class ErrataTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final Soft SMOOTH = Soft.smooth();

    private static Soft with(Method method) {
        return SMOOTH.method(method);
    }

    private static double gradient(java.util.function.Function<Tensor, Tensor> function, Tensor at) {
        return Autodiff.grad(function, at).item();
    }

    @Test
    void number2ClipDoesNotCancelForLargeArguments() {
        assertEquals(1.0, SMOOTH.clip(Tensor.scalar(1e17), -1, 1).item());
        assertEquals(1.0, SMOOTH.clip(Tensor.scalar(1e6), -1, 1).item(), 1e-15);
    }

    @Test
    void number4TheMedianOfManyEntriesTakesBothMiddleOnes() {
        int n = 100_002;
        int half = n / 2;
        Tensor p = Soft.hard().argmedian(Tensor.range(n)).probabilities();
        assertEquals(0.5, p.get(half - 1).item());
        assertEquals(0.5, p.get(half).item());
    }

    @Test
    void number5ANetworkWithInfinitePaddingLeaksNothing() {
        Soft exact = with(new Method.SortingNetwork(Method.SortingNetwork.Padding.INFINITE))
                .softness(10);
        assertEquals(3.0, exact.standardize(false).sort(Tensor.of(3)).item());
        assertArrayEquals(
                new double[] {1, 1, 1},
                exact.standardize(false).sort(Tensor.of(1, 1, 1)).toDoubles(),
                1e-14);
        Tensor p = exact.argsort(Tensor.of(0.3, -1, 2)).probabilities();
        assertArrayEquals(new double[] {1, 1, 1}, p.sum(0).toDoubles(), 1e-14, "columns");
    }

    @Test
    void number6RowsOfANetworkDoNotInfluenceEachOther() {
        Soft network = with(new Method.SortingNetwork()).softness(1).standardize(false);
        Tensor alone = network.sort(Tensor.of(1, 2, 3));
        Tensor beside = network.sort(Tensor.of(new double[][] {{1, 2, 3}, {9, 8, 7}}), 1, Order.ASCENDING);
        assertEquals(alone, beside.get(0));
    }

    @Test
    void number8SoftSortHasTheDerivativeAtTies() {
        Soft soft = with(new Method.SoftSort()).softness(1).standardize(false);
        Tensor jacobian = Autodiff.jacobian(soft::rank, Tensor.of(0.7, 0.7));
        assertArrayEquals(new double[] {-0.25, 0.25, 0.25, -0.25}, jacobian.toDoubles(), 1e-14);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"SMOOTH", "C0", "C1", "C2"})
    void number9GradientsAreFiniteForHugeArguments(Mode mode) {
        Soft soft = SMOOTH.mode(mode);
        for (double x : new double[] {1e10, -1e13, 1e30}) {
            assertEquals(x > 0 ? 1 : 0, gradient(soft::relu, Tensor.scalar(x, DType.FLOAT32)), "relu at " + x);
            assertEquals(0, gradient(soft::heaviside, Tensor.scalar(x, DType.FLOAT32)), "heaviside at " + x);
        }
        assertEquals(1, gradient(soft::relu, Tensor.scalar(1e200)));
        assertEquals(0, gradient(soft::heaviside, Tensor.scalar(-1e300)));
    }

    @Test
    void number10InfinitiesHaveTheirLimits() {
        Tensor inf = Tensor.scalar(INFINITY);
        assertEquals(0.0, SMOOTH.gated(true).relu(inf.unaryMinus()).item());
        assertEquals(2.0, SMOOTH.clip(inf, -1, 2).item());
        assertEquals(1.0, SMOOTH.equal(inf, inf).asTensor().item());
        assertEquals(INFINITY, SMOOTH.round(inf).item());
        assertEquals(
                4.0, SoftBool.of(Tensor.scalar(0)).where(inf, Tensor.scalar(4)).item());
        Tensor spoilt = with(new Method.FastSoftSort()).standardize(false).sort(Tensor.of(1, -INFINITY, 2));
        assertTrue(Double.isNaN(spoilt.sum().item()), "a wrong finite number would be worse: " + spoilt);
    }

    @Test
    void number11SafeFunctionsPassNaNOnAndTheNormIsScaled() {
        Tensor nan = Tensor.scalar(Double.NaN);
        for (Tensor value : List.of(
                SafeMath.sqrt(nan),
                SafeMath.log(nan),
                SafeMath.arcsin(nan),
                SafeMath.arccos(nan),
                SafeMath.div(nan, Tensor.scalar(0)),
                SafeMath.norm(Tensor.of(Double.NaN, 1)))) {
            assertTrue(Double.isNaN(value.item()));
        }
        assertEquals(
                Math.sqrt(2) * 1e200, SafeMath.norm(Tensor.of(1e200, 1e200)).item(), 1e185);
        assertEquals(
                Math.sqrt(2) * 1e-200, SafeMath.norm(Tensor.of(1e-200, 1e-200)).item(), 1e-215);
        assertTrue(
                Autodiff.grad(SafeMath::norm, Tensor.of(1e-200, 1e-200)).min().item() > 0.7);
    }

    @Test
    void number12AQuantileOutsideItsRangeIsRefusedByEveryMethod() {
        for (Method method : List.of(new Method.SoftSort(), new Method.FastSoftSort(), new Method.SortingNetwork())) {
            assertThrows(IllegalArgumentException.class, () -> with(method).quantile(Tensor.of(1, 2, 3), -0.1));
        }
    }

    @Test
    void number13InfiniteAndUndefinedLogitsAreRefusedAndImpossibleOnesHaveNoWeight() {
        var random = SMOOTH.softness(1000).random(new Random(1));
        assertThrows(IllegalArgumentException.class, () -> random.categorical(Tensor.of(0, INFINITY, 1)));
        assertThrows(IllegalArgumentException.class, () -> random.categorical(Tensor.of(0, Double.NaN, 1)));
        assertEquals(
                0.0,
                random.categorical(Tensor.of(0, -INFINITY, 1))
                        .probabilities()
                        .get(1)
                        .item());
    }

    @Test
    void number14RoundKeepsWholeNumbersAndTakesASoftnessForEachEntry() {
        assertEquals(1e300, SMOOTH.round(Tensor.scalar(1e300)).item());
        Tensor rounded = SMOOTH.softness(Tensor.of(0.01, 0.1)).round(Tensor.of(1.2, 1.2));
        assertEquals(
                SMOOTH.softness(0.1).round(Tensor.scalar(1.2)).item(),
                rounded.get(1).item());
    }

    @Test
    void number19HugeValuesDoNotBecomeUniform() {
        Tensor p = SMOOTH.argmax(Tensor.of(0, 1e200, 2e200)).probabilities();
        Tensor unit = SMOOTH.argmax(Tensor.of(0, 1e3, 2e3)).probabilities();
        assertArrayEquals(unit.toDoubles(), p.toDoubles(), 1e-6);
    }

    @Test
    void number26IsotonicSortingKeepsItsDigitsWhereInputsAreLargeAgainstTheSoftness() {
        Tensor x = Tensor.of(1e8, 5e7, -7e7, 2e7);
        for (Mode mode : List.of(Mode.C1, Mode.C2)) {
            Soft soft =
                    with(new Method.FastSoftSort()).mode(mode).softness(0.01).standardize(false);
            assertArrayEquals(new double[] {1, 2, 4, 3}, soft.rank(x).toDoubles(), 1e-12, "" + mode);
            assertArrayEquals(
                    new double[] {1, 2, 4, 3}, soft.rank(x.times(1e-6)).toDoubles(), 1e-12, mode + ", unit scale");
        }
    }

    @Test
    void number27TheNormCurveIsSmoothAtZero() {
        Soft soft = Soft.c2().transition(Transition.P_NORM).softness(0.01);
        double left = gradient(soft::heaviside, Tensor.scalar(-1e-9));
        double middle = gradient(soft::heaviside, Tensor.scalar(0));
        double right = gradient(soft::heaviside, Tensor.scalar(1e-9));
        assertEquals(middle, left, 1e-11 * middle);
        assertEquals(middle, right, 1e-11 * middle);
    }

    @Test
    void number29StraightThroughReturnsTheHardValueItself() {
        assertEquals(
                1e-20,
                SMOOTH.softness(1e10)
                        .straightThrough()
                        .relu(Tensor.scalar(1e-20))
                        .item());
    }

    @Test
    void number30LogarithmsOfSparseRowsHaveFiniteGradients() {
        Tensor x = Tensor.of(0, 5, 1);
        Tensor logs = Soft.c0().argmax(x).logProbabilities();
        assertEquals(-INFINITY, logs.get(0).item());
        Tensor gradient =
                Autodiff.grad(v -> Soft.c0().argmax(v).logProbabilities(1e-3).sum(), x);
        assertTrue(Double.isFinite(gradient.abs().sum().item()));
    }

    @Test
    void number31AxisWiseOperatorsComputeInDoubleAndKeepTheFormat() {
        Tensor x = Tensor.normal(new Random(2), 6).toDType(DType.FLOAT32);
        for (Method method : List.of(new Method.NeuralSort(), new Method.SortingNetwork())) {
            Tensor p = with(method).argsort(x).probabilities();
            assertEquals(DType.FLOAT32, p.dtype());
            Tensor wide = with(method).argsort(x.toDType(DType.FLOAT64)).probabilities();
            assertEquals(wide.toDType(DType.FLOAT32), p, "rounded once");
        }
    }
}
