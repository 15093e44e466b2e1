package io.github.softgrad.properties;

import static io.github.softgrad.Autodiff.grad;
import static io.github.softgrad.Autodiff.hessian;
import static io.github.softgrad.Autodiff.jacobian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.DType;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Sorted;
import io.github.softgrad.Tensor;
import io.github.softgrad.TopK;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hard values, exactly, with soft derivatives: by single operators and around whole programs.
class StraightThroughTest {
    private static final Soft SOFT = Soft.smooth().softness(0.3);
    private static final Tensor X = Tensor.of(0.43, -0.62, 0.87, 1e-20, 0.5);

    private record Interval(Tensor low, Tensor high, String name) {}

    private record Report(Tensor sum, List<Tensor> parts, double plain) {}

    static Stream<Named<BiFunction<Soft, Tensor, Tensor>>> operators() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", Soft::heaviside);
        table.put("sign", Soft::sign);
        table.put("abs", Soft::abs);
        table.put("relu", Soft::relu);
        table.put("clip", (soft, x) -> soft.clip(x, 0, 0.5));
        table.put("round", Soft::round);
        table.put("greater", (soft, x) -> soft.greater(x, Tensor.scalar(0.1)).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, Tensor.scalar(0.4)).asTensor());
        table.put("argmax", (soft, x) -> soft.argmax(x).probabilities());
        table.put("argmax logarithms", (soft, x) -> soft.argmax(x).logProbabilities(1e-3));
        table.put("argsort", (soft, x) -> soft.argsort(x, 0, Order.DESCENDING).probabilities());
        table.put("max", (soft, x) -> soft.max(x));
        table.put("min", (soft, x) -> soft.min(x));
        table.put("sort", (soft, x) -> soft.sort(x));
        table.put("rank", (soft, x) -> soft.rank(x));
        table.put("topK values", (soft, x) -> soft.topK(x, 2).values());
        table.put("topK mask", (soft, x) -> soft.topK(x, 2).index().mask());
        table.put("median", (soft, x) -> soft.median(x));
        table.put("quantiles", (soft, x) -> soft.quantiles(x, 0.2, 0.9));
        table.put("projectSimplex", (soft, x) -> soft.projectSimplex(x, 0));
        return table.entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void theValueIsExactlyHard(BiFunction<Soft, Tensor, Tensor> operator) {
        for (Soft soft : List.of(SOFT, Soft.c1(), SOFT.softness(1e10))) {
            Tensor hard = operator.apply(Soft.hard(), X);
            assertEquals(hard, operator.apply(soft.straightThrough(), X));
            assertEquals(hard, soft.straightThrough(operator).apply(X));
        }
    }

    @ParameterizedTest
    @MethodSource("operators")
    void theDerivativesAreSoft(BiFunction<Soft, Tensor, Tensor> operator) {
        Function<Tensor, Tensor> single = x -> operator.apply(SOFT.straightThrough(), x);
        Function<Tensor, Tensor> around = SOFT.straightThrough(operator);
        Function<Tensor, Tensor> soft = x -> operator.apply(SOFT, x);
        if (!operator.apply(SOFT, X).equals(operator.apply(Soft.hard(), X))) {
            assertNotEquals(Tensor.zeros(5), grad(x -> single.apply(x).square().sum(), X));
        }
        Nearly.same(jacobian(soft, X), jacobian(around, X), 1e-15, "around a program");
        Nearly.same(
                hessian(x -> soft.apply(x).sum(), X),
                hessian(x -> around.apply(x).sum(), X),
                1e-14,
                "second derivatives");
    }

    @Test
    void theDerivativeInTheSoftnessIsSoftAsWell() {
        Tensor softness = Tensor.scalar(0.3);
        Nearly.same(
                grad(s -> Soft.smooth().softness(s).max(X), softness),
                grad(s -> Soft.smooth().softness(s).straightThrough().max(X), softness),
                1e-15,
                "softness");
    }

    /// Figure 3 of arXiv 2603.08824: left of 0 both factors have the hard value 0, which multiplies the
    /// derivative of the other.
    @ParameterizedTest
    @ValueSource(doubles = {-1, -0.2, -1e-3})
    void aProductOfStraightThroughFactorsLosesTheGradientThatAStraightThroughProductHas(double place) {
        BiFunction<Soft, Tensor, Tensor> product = (soft, x) -> soft.relu(x).times(soft.relu(x));
        Tensor at = Tensor.scalar(place);
        assertEquals(0, grad(x -> product.apply(SOFT.straightThrough(), x), at).item());
        Tensor around = grad(SOFT.straightThrough(product), at);
        assertEquals(grad(x -> product.apply(SOFT, x), at), around);
        assertNotEquals(0, around.item());
        assertEquals(0, SOFT.straightThrough(product).apply(at).item());
    }

    @Test
    void indicesTruthsAndTopKHaveHardValuesAndSoftDerivatives() {
        Soft through = SOFT.straightThrough();
        SoftIndex index = through.argsort(X);
        assertEquals(Soft.hard().sort(X), index.take(X));
        assertEquals(Soft.hard().argsort(X).mask(), index.mask());
        SoftBool truth = through.greater(X, Tensor.scalar(0)).and(through.less(X, Tensor.scalar(0.6)));
        assertEquals(Tensor.of(1, 0, 0, 1, 1), truth.asTensor());
        TopK top = through.topK(X, 2);
        assertEquals(Tensor.of(0.87, 0.5), top.values());
        assertEquals(Tensor.of(0, 0, 1, 0, 1), top.index().mask());
        Sorted sorted = through.sorted(X, 0, Order.DESCENDING);
        assertEquals(Soft.hard().sort(X, 0, Order.DESCENDING), sorted.values());
        assertEquals(sorted.values(), sorted.index().take(X));
        Nearly.same(
                jacobian(x -> SOFT.sorted(x, 0, Order.DESCENDING).values(), X),
                jacobian(x -> through.sorted(x, 0, Order.DESCENDING).values(), X),
                1e-15,
                "sorted values");
        Nearly.same(
                jacobian(x -> SOFT.topK(x, 2).index().mask(), X),
                jacobian(x -> SOFT.straightThrough().topK(x, 2).index().mask(), X),
                1e-15,
                "mask");
    }

    @Test
    void programsMayReturnIndicesTruthsTopKRecordsAndLists() {
        assertEquals(
                Soft.hard().argmax(X).probabilities(),
                SOFT.straightThroughResult((soft, x) -> soft.argmax(x), X).probabilities());
        assertEquals(
                Tensor.of(1, 0, 1, 1, 1),
                SOFT.straightThroughResult((soft, x) -> soft.greater(x, Tensor.scalar(0)), X)
                        .asTensor());
        assertEquals(
                Tensor.of(0.87, 0.5),
                SOFT.straightThroughResult((soft, x) -> soft.topK(x, 2), X).values());
        BiFunction<Soft, Tensor, Report> program = (soft, x) -> new Report(
                soft.relu(x).sum(),
                List.of(soft.sort(x), soft.max(x)),
                soft.sign(x).get(0).item());
        Report report = SOFT.straightThroughResult(program, X);
        assertEquals(Soft.hard().relu(X).sum(), report.sum());
        assertEquals(List.of(Soft.hard().sort(X), Soft.hard().max(X)), report.parts());
        assertEquals(1, report.plain(), "plain values are the hard ones");
        Nearly.same(
                grad(x -> SOFT.relu(x).sum().times(SOFT.max(X)), X).div(SOFT.max(X)),
                grad(x -> SOFT.straightThroughResult(program, x).sum(), X),
                1e-14,
                "derivative of a component");
    }

    @Test
    void programsMayTakeRecords() {
        BiFunction<Soft, Interval, Tensor> program = (soft, interval) -> soft.greater(X, interval.low())
                .and(soft.less(X, interval.high()))
                .asTensor()
                .sum();
        Interval at = new Interval(Tensor.scalar(0), Tensor.scalar(0.6), "inner");
        var through = SOFT.straightThrough(program);
        assertEquals(3, through.apply(at).item());
        Interval gradient = grad(through, at);
        Interval soft = grad(interval -> program.apply(SOFT, interval), at);
        assertEquals(soft, gradient);
        assertNotEquals(0, gradient.low().item());
    }

    /// A program is run with soft operators, also where they would be straight-through by themselves.
    @Test
    void aProgramAroundStraightThroughOperatorsHasTheirSoftValues() {
        BiFunction<Soft, Tensor, Tensor> product = (soft, x) -> soft.relu(x).times(soft.relu(x));
        Tensor at = Tensor.scalar(-0.2);
        assertEquals(
                grad(SOFT.straightThrough(product), at),
                grad(SOFT.straightThrough().straightThrough(product), at));
    }

    /// Just above 0 the hard step is 1 and the soft one is not.
    @Test
    void whatDependsOnValuesKeepsTheFormatAndTheKindOfItsSoftRun() {
        Tensor at = Tensor.of(0.01);
        Tensor single = SOFT.straightThroughResult(
                (soft, x) -> soft.heaviside(x).item() == 1 ? x.toDType(DType.FLOAT32) : x.times(2), at);
        assertEquals(Tensor.of((double) 0.01f), single);
        List<Tensor> list = SOFT.straightThroughResult(
                (soft, x) -> soft.heaviside(x).item() == 1 ? new ArrayList<>(List.of(x)) : List.of(x.times(2)), at);
        assertEquals(List.of(at), list);
        for (boolean whereHard : new boolean[] {true, false}) {
            var thrown = assertThrows(
                    NullPointerException.class,
                    () -> SOFT.straightThroughResult(
                            (soft, x) -> soft.heaviside(x).item() == 1 == whereHard ? null : x, at));
            assertTrue(thrown.getMessage().startsWith("the result of a straight-through program must be"));
        }
    }

    @Test
    void hardRecipesAreNotChanged() {
        assertEquals(
                Tensor.zeros(5),
                grad(x -> Soft.hard().straightThrough().round(x).sum(), X));
        assertEquals(
                Soft.hard().sort(X),
                Soft.hard().straightThrough((soft, x) -> soft.sort((Tensor) x)).apply(X));
    }

    @ParameterizedTest
    @EnumSource
    void theFormatIsThatOfTheArgument(DType dtype) {
        Tensor x = X.toDType(dtype);
        Tensor value = SOFT.straightThrough().max(x);
        assertEquals(dtype, value.dtype());
        assertEquals(x.max(), value);
        assertEquals(dtype, grad(y -> SOFT.straightThrough().max(y), x).dtype());
    }

    @Test
    void infiniteValuesStayInfinite() {
        Tensor infinite = Tensor.of(Double.POSITIVE_INFINITY, 1);
        assertEquals(infinite, SOFT.straightThrough().relu(infinite));
    }
}
