package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Finite input gives finite output and finite gradients, in the argument and in the softness.
class FiniteTest {
    private static final double[] SOFTNESS = {1e-6, 1e-3, 0.1, 1, 1e3, 1e6};

    private static final Map<String, Tensor> INPUTS = inputs();

    private static Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("one entry", Tensor.of(0.3));
        inputs.put("one zero", Tensor.of(0));
        inputs.put("plain", Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1));
        inputs.put("ties", Tensor.of(1, 2, 1, 2, 2));
        inputs.put("zeros", Tensor.zeros(5));
        inputs.put("constant", Tensor.full(-7.3, 5));
        inputs.put("nearly constant", Tensor.of(1, 1 + 1e-15, 1, 1 - 1e-15, 1));
        inputs.put("tiny", Tensor.of(1e-300, -1e-300, 3e-300, 0, 2e-300));
        inputs.put("subnormal", Tensor.of(5e-324, 0, -5e-324, 1e-320, 0));
        inputs.put("large", Tensor.of(1e10, -3e10, 2e10, 1e10, 0));
        inputs.put("huge", Tensor.of(1e200, -1e200, 3e200, 0, 2e200));
        inputs.put("huge constant", Tensor.full(1e200, 5));
        inputs.put("gigantic", Tensor.of(1e300, -1e300, 3e300, 0, 2e300));
        inputs.put("gigantic constant", Tensor.full(-1e300, 3));
        inputs.put("an outlier", Tensor.of(0, 0, 1e300, 0, 1e-300));
        return inputs;
    }

    private static void assertFinite(
            Soft soft, BiFunction<Soft, Tensor, Tensor> operator, List<String> wrong, String name) {
        INPUTS.forEach((title, x) -> {
            for (double softness : SOFTNESS) {
                var both = Autodiff.valueAndGrad(
                        v -> operator.apply(soft.softness(v.get(1).get(0)), v.get(0))
                                .sum(),
                        Tensor.stack(0, x, Tensor.full(softness, x.size())));
                String where = name + " of " + title + " at softness " + softness;
                if (!finite(operator.apply(soft.softness(softness), x))) {
                    wrong.add("value of " + where + ": " + operator.apply(soft.softness(softness), x));
                } else if (!finite(both.grad())) {
                    wrong.add("gradient of " + where + ": " + both.grad());
                }
            }
        });
    }

    private static boolean finite(Tensor x) {
        return Arrays.stream(x.toDoubles()).allMatch(Double::isFinite);
    }

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> elementwise() {
        Tensor one = Tensor.scalar(1);
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", Soft::heaviside);
        table.put("sign", Soft::sign);
        table.put("abs", (soft, x) -> soft.abs(x).times(1e-5));
        table.put("relu", (soft, x) -> soft.relu(x).times(1e-5));
        table.put("gated relu", (soft, x) -> soft.gated(true).relu(x).times(1e-5));
        table.put("clip", (soft, x) -> soft.clip(x, -1, 2));
        table.put("gated clip", (soft, x) -> soft.gated(true).clip(x, -1, 2));
        table.put("round", (soft, x) -> soft.round(x).times(1e-5));
        table.put("greater", (soft, x) -> soft.greater(x, one).asTensor());
        table.put("lessEqual", (soft, x) -> soft.lessEqual(x, x.flip(0)).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, one).asTensor());
        table.put("isClose", (soft, x) -> soft.isClose(x, x.flip(0), 0.1, 0.1).asTensor());
        return table;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HARD")
    void elementwiseOperatorsAreFinite(Mode mode) {
        List<String> wrong = new ArrayList<>();
        elementwise().forEach((name, operator) -> assertFinite(Soft.smooth().mode(mode), operator, wrong, name));
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @ParameterizedTest
    @MethodSource("io.github.softgrad.properties.Recipes#all")
    void axisWiseOperatorsAreFinite(Soft recipe) {
        List<String> wrong = new ArrayList<>();
        for (Soft soft : List.of(recipe, recipe.standardize(false))) {
            String kind = soft == recipe ? " standardized" : " plain";
            Recipes.everything()
                    .forEach((name, operator) ->
                            assertFinite(soft, (s, x) -> operator.apply(s, x, 0), wrong, name + kind));
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " not finite:\n" + String.join("\n", wrong));
    }
}
