package io.github.softgrad.gradients;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every axis-wise operator by every method in every mode that exists, standardized or not: the gradient in the
/// argument and in the softness agrees with central differences.
class MethodGradientsTest {
    private static final List<Method> METHODS = List.of(
            new Method.SoftSort(),
            new Method.NeuralSort(),
            new Method.FastSoftSort(),
            new Method.SmoothSort(),
            new Method.Transport(),
            new Method.SortingNetwork(),
            new Method.LapSum());
    private static final List<Mode> MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);

    /// Four entries, then the softness, away from the kinks of C0.
    private static final Tensor AT = Tensor.of(0.43, -0.62, 0.87, 0.08, 0.36);

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> operators() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("argmax", (soft, x) -> rows(soft.argmax(x)));
        table.put("argmin", (soft, x) -> rows(soft.argmin(x)));
        table.put("argsort", (soft, x) -> rows(soft.argsort(x)));
        table.put("argquantile", (soft, x) -> rows(soft.argquantile(x, 0.3)));
        table.put("argmedian", (soft, x) -> rows(soft.argmedian(x)));
        table.put("top-k index", (soft, x) -> rows(soft.topK(x, 2).index()));
        table.put("max", (soft, x) -> soft.max(x));
        table.put("min", (soft, x) -> soft.min(x));
        table.put("sort", (soft, x) -> soft.sort(x));
        table.put("sort descending", (soft, x) -> soft.sort(x, 0, Order.DESCENDING));
        table.put("rank", (soft, x) -> soft.rank(x));
        table.put("rank ascending", (soft, x) -> soft.rank(x, 0, Order.ASCENDING));
        table.put("quantile", (soft, x) -> soft.quantile(x, 0.3));
        table.put("median", (soft, x) -> soft.median(x));
        table.put("top-k values", (soft, x) -> soft.topK(x, 2).values());
        return table;
    }

    private static Tensor rows(SoftIndex index) {
        return index.probabilities();
    }

    @TestFactory
    Stream<DynamicTest> gradientsAgreeWithCentralDifferences() {
        List<DynamicTest> tests = new ArrayList<>();
        int refused = 0;
        for (Method method : METHODS) {
            for (Mode mode : MODES) {
                for (boolean standardize : new boolean[] {true, false}) {
                    Soft soft = Soft.smooth().mode(mode).method(method).standardize(standardize);
                    for (var operator : operators().entrySet()) {
                        if (!exists(() -> operator.getValue().apply(soft, AT.slice(0, 0, 4)))) {
                            refused++;
                            continue;
                        }
                        tests.add(dynamicTest(
                                operator.getKey() + " " + method + " " + mode + (standardize ? " standardized" : ""),
                                () -> Autodiff.checkGradients(
                                        v -> operator.getValue().apply(soft.softness(v.get(4)), v.slice(0, 0, 4)),
                                        AT,
                                        1)));
                    }
                }
            }
        }
        System.out.printf(
                "gradients: %d operators x methods x modes checked, %d pairs do not exist%n", tests.size(), refused);
        assertFalse(tests.isEmpty());
        return tests.stream();
    }

    private static boolean exists(Supplier<Tensor> operator) {
        try {
            operator.get();
            return true;
        } catch (IllegalArgumentException noSuchPair) {
            return false;
        }
    }
}
