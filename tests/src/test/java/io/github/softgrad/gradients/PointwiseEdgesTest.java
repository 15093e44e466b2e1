package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkGradients;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The rules of the elementwise operators and of the projection beyond the second derivative, and at the ends
/// of the numbers.
class PointwiseEdgesTest {
    private static final Tensor X = Tensor.of(0.43, -0.62, 0.87, 0.08);
    private static final Tensor SOFTNESS = Tensor.of(0.39);
    private static final double HUGE = 1e300;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final Tensor ENDS = Tensor.of(-INFINITY, -HUGE, -1e10, 1e10, HUGE, INFINITY);
    private static final Tensor LARGE = Tensor.of(-1e10, 1e10);

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> operators() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", Soft::heaviside);
        table.put("sign", Soft::sign);
        table.put("abs", Soft::abs);
        table.put("relu", Soft::relu);
        table.put("gated relu", (soft, x) -> soft.gated(true).relu(x));
        table.put("clip", (soft, x) -> soft.clip(x, -0.3, 0.7));
        table.put("round", (soft, x) -> soft.round(x));
        table.put("greater", (soft, x) -> soft.greater(x, Tensor.scalar(0.3)).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, Tensor.scalar(0.3)).asTensor());
        return table;
    }

    /// The operator as a function of the argument and, in the last place, the softness.
    private static Function<Tensor, Tensor> both(Soft soft, BiFunction<Soft, Tensor, Tensor> operator) {
        return v -> operator.apply(soft.softness(v.get(-1)), v.slice(0, 0, v.size() - 1));
    }

    private static void assertDerivatives(Mode mode, int order) {
        Tensor at = Tensor.concatenate(0, X, SOFTNESS);
        operators()
                .forEach((name, operator) -> checkGradients(both(Soft.smooth().mode(mode), operator), at, order));
    }

    @Test
    void theSmoothModeHasThreeDerivatives() {
        assertDerivatives(Mode.SMOOTH, 3);
    }

    @Test
    void theOtherModesHaveAsManyAsTheirCurve() {
        assertDerivatives(Mode.C0, 1);
        assertDerivatives(Mode.C1, 2);
        assertDerivatives(Mode.C2, 2);
    }

    @Test
    void derivativesAreFiniteWhereTheArgumentIsNot() {
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            for (String name : List.of("heaviside", "sign", "abs", "relu", "gated relu", "greater")) {
                var function = both(Soft.smooth().mode(mode), operators().get(name));
                Tensor gradient = Autodiff.grad(x -> function.apply(x).sum(), Tensor.concatenate(0, ENDS, SOFTNESS));
                assertSlopesAtTheEnds(name, gradient);
                Tensor second = Autodiff.grad(
                        v -> Autodiff.grad(x -> function.apply(x).sum(), v).sum(),
                        Tensor.concatenate(0, LARGE, SOFTNESS));
                Nearly.same(second.zerosLike(), second, 1e-9, "second derivatives of " + name + " in " + mode);
            }
        }
    }

    /// Every one of them is straight at both ends, and does not depend on the softness there.
    private static void assertSlopesAtTheEnds(String name, Tensor gradient) {
        double left = name.equals("abs") ? -1 : 0;
        double right = name.equals("abs") || name.contains("relu") ? 1 : 0;
        Nearly.same(Tensor.of(left, left, left, right, right, right, 0), gradient, 1e-9, name);
    }

    /// Far out it is tiny, and written so that nothing cancels on either side.
    @Test
    void theFormulaOfARampIsEvenInTheDerivativeInTheSoftness() {
        for (double x : new double[] {5, 20, 30}) {
            double right = softnessOfARamp(x);
            assertEquals(right, softnessOfARamp(-x), 1e-12 * Math.abs(right));
        }
    }

    /// Inside another derivative, where the formula is taken and not the fused pass.
    private static double softnessOfARamp(double x) {
        Function<Tensor, Tensor> ramp = s -> Soft.smooth().softness(s).relu(Tensor.scalar(x));
        return Autodiff.vjp(s -> Autodiff.grad(ramp, s), Tensor.scalar(1))
                .value()
                .item();
    }

    private static Tensor projected(Mode mode, Tensor v) {
        return Soft.smooth().mode(mode).softness(v.get(-1)).projectSimplex(v.slice(0, 0, v.size() - 1), 0);
    }

    @Test
    void theProjectionHasTheDerivativesOfItsCurve() {
        Tensor dense = Tensor.of(0.4, 0.1, 0.3, 0.8);
        Tensor sparse = Tensor.of(0.4, -3, 0.3, 0.8);
        for (Tensor at : List.of(dense, sparse)) {
            checkGradients(v -> projected(Mode.C0, v), at, 1);
            for (Mode mode : List.of(Mode.SMOOTH, Mode.C1, Mode.C2)) {
                checkGradients(v -> projected(mode, v), at, 2);
            }
        }
    }

    @Test
    void anImpossibleEntryOfTheProjectionHasNoDerivative() {
        Tensor at = Tensor.of(0.4, -INFINITY, 0.3, 0.8);
        Tensor without = Tensor.of(0.4, 0.3, 0.8);
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            Tensor gradient = Autodiff.grad(v -> projected(mode, v).get(0), at);
            Tensor expected = Autodiff.grad(v -> projected(mode, v).get(0), without);
            assertEquals(0, gradient.get(1).item());
            Nearly.same(expected, gradient.take(new int[] {0, 2, 3}, 0), 1e-15, mode);
        }
    }

    @Test
    void theProjectionOfSingleNumbersIsThatOfDoublesRounded() {
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            Soft soft = Soft.smooth().mode(mode).softness(0.5);
            Function<Tensor, Tensor> function = x -> soft.projectSimplex(x, 0);
            Tensor single = X.toDType(DType.FLOAT32);
            Nearly.same(function.apply(X), function.apply(single).toDType(DType.FLOAT64), 1e-6, mode);
            Tensor gradient = Autodiff.grad(x -> function.apply(x).square().sum(), single);
            assertEquals(DType.FLOAT32, gradient.dtype());
            Nearly.same(
                    Autodiff.grad(x -> function.apply(x).square().sum(), X),
                    gradient.toDType(DType.FLOAT64),
                    1e-5,
                    mode);
        }
    }
}
