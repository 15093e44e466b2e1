package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkGradients;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Logic;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import io.github.softgrad.Transition;
import io.github.softgrad.properties.Nearly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Derivatives of every soft operator in the argument and in the softness agree with central differences.
///
/// The last entry of the variable is the softness, so mixed second derivatives are checked as well.
class SoftRulesTest {
    private static final List<Mode> MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);
    private static final List<Method> METHODS = List.of(
            new Method.SoftSort(),
            new Method.NeuralSort(),
            new Method.SortingNetwork(),
            new Method.SortingNetwork(Method.SortingNetwork.Padding.INFINITE));
    private static final Tensor OTHER = Tensor.of(0.21, -0.35, 0.92, 0.55);
    private static final Tensor X = Tensor.of(0.43, -0.62, 0.87, 0.08);
    private static final double SOFTNESS = 0.39;

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> elementwise() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", Soft::heaviside);
        table.put("sign", Soft::sign);
        table.put("abs", Soft::abs);
        table.put("relu", Soft::relu);
        table.put("gated relu", (soft, x) -> soft.gated(true).relu(x));
        table.put("clip", (soft, x) -> soft.clip(x, -0.3, 0.7));
        table.put("gated clip", (soft, x) -> soft.gated(true).clip(x, -0.3, 0.7));
        table.put("clip between tensors", (soft, x) -> soft.clip(OTHER, x.minus(1), x.plus(0.5)));
        table.put("round", (soft, x) -> soft.softness(0.11).round(x));
        table.put("greater", (soft, x) -> soft.greater(x, OTHER).asTensor());
        table.put("greaterEqual", (soft, x) -> soft.greaterEqual(OTHER, x).asTensor());
        table.put("less", (soft, x) -> soft.less(x, x.flip(0)).asTensor());
        table.put("lessEqual", (soft, x) -> soft.lessEqual(x, OTHER).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, OTHER).asTensor());
        table.put("notEqual", (soft, x) -> soft.notEqual(x, x.square()).asTensor());
        table.put("isClose", (soft, x) -> soft.isClose(OTHER, x, 0.1, 0.05).asTensor());
        table.put("logic", (soft, x) -> logic(soft, x).asTensor());
        table.put(
                "mean logic",
                (soft, x) -> logic(soft.logic(Logic.GEOMETRIC_MEAN), x).asTensor());
        table.put("where", (soft, x) -> soft.greater(x, OTHER).where(x.square(), x.sin()));
        return table;
    }

    private static SoftBool logic(Soft soft, Tensor x) {
        SoftBool a = soft.greater(x, OTHER);
        SoftBool b = soft.less(x, Tensor.scalar(0.9));
        return a.xor(b.not()).or(a.and(b)).all().or(b.any());
    }

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> axisWise() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("argmax", (soft, x) -> soft.argmax(x).probabilities());
        table.put("argmin", (soft, x) -> soft.argmin(x).probabilities());
        table.put("max", (soft, x) -> soft.max(x));
        table.put("min", (soft, x) -> soft.min(x));
        table.put("argsort", (soft, x) -> soft.argsort(x, 0, Order.DESCENDING).probabilities());
        table.put("sort", (soft, x) -> soft.sort(x));
        table.put("sort descending", (soft, x) -> soft.sort(x, 0, Order.DESCENDING));
        table.put("rank", (soft, x) -> soft.rank(x));
        table.put("rank ascending", (soft, x) -> soft.rank(x, 0, Order.ASCENDING));
        table.put("topK", (soft, x) -> soft.topK(x, 2).values());
        table.put("topK mask", (soft, x) -> soft.topK(x, 2).index().mask());
        table.put("quantile", (soft, x) -> soft.quantile(x, 0.3));
        table.put("median", (soft, x) -> soft.median(x));
        table.put("quantiles", (soft, x) -> soft.quantiles(x, 0, 0.5, 0.9));
        table.put("argquantile", (soft, x) -> soft.argquantile(x, 0.4).probabilities());
        table.put("projectSimplex", (soft, x) -> soft.projectSimplex(x, 0));
        table.put("entropy", (soft, x) -> soft.argmax(x).entropy());
        table.put("log floor", (soft, x) -> soft.argmax(x).logProbabilities(0.01));
        table.put("take", (soft, x) -> soft.argmax(x).take(x.square()));
        table.put("slices", (soft, x) -> Selection.dynamicSlice(x.sin(), soft.argmax(x), 2, 0));
        return table;
    }

    static Stream<Arguments> elementwiseCases() {
        List<Arguments> cases = new ArrayList<>();
        for (Mode mode : MODES) {
            for (Transition transition : Transition.values()) {
                elementwise().forEach((name, operator) -> {
                    boolean differences = !name.contains("clip") && !name.equals("round");
                    boolean distinct = mode == Mode.C1 || mode == Mode.C2;
                    if (transition == Transition.SMOOTHSTEP || differences && distinct) {
                        Soft soft = Soft.smooth().mode(mode).transition(transition);
                        cases.add(Arguments.of(name + " " + mode + " " + transition, soft, operator, order(mode)));
                    }
                });
            }
        }
        return cases.stream();
    }

    static Stream<Arguments> axisWiseCases() {
        List<Arguments> cases = new ArrayList<>();
        for (Mode mode : MODES) {
            for (Method method : METHODS) {
                for (boolean standardize : new boolean[] {true, false}) {
                    axisWise().forEach((name, operator) -> {
                        Soft soft = Soft.smooth().mode(mode).method(method).standardize(standardize);
                        String title = name + " " + mode + " " + method + (standardize ? " standardized" : " plain");
                        cases.add(Arguments.of(title, soft, operator, order(mode)));
                    });
                }
            }
        }
        return cases.stream();
    }

    private static int order(Mode mode) {
        return mode == Mode.C0 ? 1 : 2;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"elementwiseCases", "axisWiseCases"})
    void derivativesAgreeWithCentralDifferences(
            String name, Soft soft, BiFunction<Soft, Tensor, Tensor> operator, int order) {
        checkGradients(
                v -> operator.apply(soft.softness(v.get(4)), v.slice(0, 0, 4)),
                Tensor.concatenate(0, X, Tensor.of(SOFTNESS)),
                order);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("elementwiseCases")
    void anArrayOfSoftnessHasADerivativeInEachEntry(
            String name, Soft soft, BiFunction<Soft, Tensor, Tensor> operator, int order) {
        checkGradients(s -> operator.apply(soft.softness(s), X), Tensor.of(0.31, 0.42, 0.53, 0.64), order);
        checkGradients(
                s -> operator.apply(soft.softness(s), X.reshape(1, 4)), Tensor.of(new double[][] {{0.33}, {0.58}}), 1);
    }

    /// By symmetry the cotangent of the middle score is exactly 0, but its derivatives are not.
    @Test
    void mixedDerivativesInTheSoftnessAreRightWhereTheFirstOneVanishes() {
        Tensor weights = Tensor.of(1, 0, -1);
        for (Mode mode : MODES) {
            Soft soft = Soft.smooth().mode(mode).standardize(false);
            Function<Tensor, Tensor> f = v ->
                    soft.softness(v.get(3)).projectSimplex(v.slice(0, 0, 3), 0).dot(weights);
            Tensor hessian = Autodiff.hessian(f, Tensor.of(0.7, 0.2, 0.7, 0.9));
            Nearly.same(hessian, hessian.transpose(), 1e-13, "hessian in " + mode);
        }
    }

    @Test
    void withoutTheGatedGradientTheIndexIsAConstant() {
        for (Method method : List.of(new Method.SoftSort(), new Method.NeuralSort())) {
            Soft soft = Soft.smooth().method(method);
            Soft ungated = soft.gatedGradient(false);
            Tensor jacobian = Autodiff.jacobian(x -> ungated.sort(x), X);
            Nearly.same(soft.argsort(X).probabilities(), jacobian, 1e-15, method);
            Nearly.same(soft.sort(X), ungated.sort(X), 0, method);
        }
    }
}
