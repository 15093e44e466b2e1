package io.github.softgrad.properties;

import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// The soft recipes that properties range over, and the axis-wise operators with the axis as an argument.
final class Recipes {
    static final List<Mode> SOFT_MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);
    static final List<Method> METHODS = List.of(new Method.SoftSort(), new Method.NeuralSort());

    private Recipes() {}

    interface AlongAxis {
        Tensor apply(Soft soft, Tensor x, int axis);
    }

    /// Every mode with both methods.
    static Stream<Named<Soft>> all() {
        return SOFT_MODES.stream()
                .flatMap(mode -> METHODS.stream()
                        .map(method -> Named.of(
                                mode + " " + method, Soft.smooth().mode(mode).method(method))));
    }

    /// Operators whose result has values of the input's kind.
    static Map<String, AlongAxis> values() {
        Map<String, AlongAxis> table = new LinkedHashMap<>();
        table.put("max", (soft, x, axis) -> soft.max(x, axis));
        table.put("min", (soft, x, axis) -> soft.min(x, axis));
        table.put("median", (soft, x, axis) -> soft.median(x, axis));
        table.put("quantile", (soft, x, axis) -> soft.quantile(x, 0.3, axis));
        table.put("sort", (soft, x, axis) -> soft.sort(x, axis, Order.ASCENDING));
        table.put("topK", (soft, x, axis) -> soft.topK(x, 1, axis).values());
        return table;
    }

    /// All operators as a tensor, the axis of the result that is not a distribution where the input's was.
    static Map<String, AlongAxis> everything() {
        Map<String, AlongAxis> table = new LinkedHashMap<>(values());
        table.put("rank", (soft, x, axis) -> soft.rank(x, axis, Order.DESCENDING));
        table.put("argmax", (soft, x, axis) -> soft.argmax(x, axis).probabilities());
        table.put("argmin", (soft, x, axis) -> soft.argmin(x, axis).probabilities());
        table.put("argmedian", (soft, x, axis) -> soft.argmedian(x, axis).probabilities());
        table.put(
                "argsort mask",
                (soft, x, axis) -> soft.argsort(x, axis, Order.ASCENDING).mask());
        table.put("topK mask", (soft, x, axis) -> soft.topK(x, 1, axis).index().mask());
        table.put("projectSimplex", (soft, x, axis) -> soft.projectSimplex(x, axis));
        return table;
    }
}
