package io.github.softgrad.gradients;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A gradient is one fused pass where nothing differentiates it once more, and a formula of tensor operations
/// elsewhere: both are the same.
class FusedRulesTest {
    private static final Tensor X = Tensor.normal(new Random(1), 3, 41);
    private static final Tensor Y = Tensor.normal(new Random(2), 41);
    private static final Tensor COTANGENT = Tensor.normal(new Random(3), 3, 41);

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> operators() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", Soft::heaviside);
        table.put("sign", Soft::sign);
        table.put("abs", Soft::abs);
        table.put("relu", Soft::relu);
        table.put("gated relu", (soft, x) -> soft.gated(true).relu(x));
        table.put("clip", (soft, x) -> soft.clip(x, -0.3, 0.7));
        table.put("gated clip", (soft, x) -> soft.gated(true).clip(x, -0.3, 0.7));
        table.put("narrow clip", (soft, x) -> soft.clip(x, 0.1, 0.15));
        table.put("round", (soft, x) -> soft.round(x));
        table.put("greater", (soft, x) -> soft.greater(x, Y).asTensor());
        table.put("less", (soft, x) -> soft.less(x, Y).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, Y).asTensor());
        table.put("notEqual", (soft, x) -> soft.notEqual(Y, x).asTensor());
        table.put("isClose", (soft, x) -> soft.isClose(Y, x, 0.1, 0.05).asTensor());
        return table;
    }

    static Stream<Arguments> cases() {
        return Stream.of(Soft.smooth(), Soft.c0(), Soft.c1(), Soft.c2())
                .flatMap(soft -> operators().entrySet().stream()
                        .map(each -> Arguments.of(each.getKey(), soft, each.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aGradientIsTheSameInsideAnotherOne(String name, Soft soft, BiFunction<Soft, Tensor, Tensor> operator) {
        for (DType dtype : DType.values()) {
            for (Tensor x : List.of(X, Y)) {
                Tensor at = x.toDType(dtype);
                Function<Tensor, Tensor> f = v ->
                        operator.apply(soft, v).times(COTANGENT.toDType(dtype)).sum();
                Tensor fused = Autodiff.grad(f, at);
                Tensor formula = Autodiff.vjp(v -> Autodiff.grad(f, v), at).value();
                double scale = 1 + fused.abs().max().item();
                Nearly.same(formula, fused, (dtype == DType.FLOAT64 ? 1e-13 : 5e-5) * scale, name + " " + dtype);
            }
        }
    }
}
