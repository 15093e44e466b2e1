package io.github.softgrad.conformance;

import io.github.softgrad.Logic;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.QuantileMethod;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import io.github.softgrad.TopK;
import io.github.softgrad.Transition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Calls the operator that a golden case names.
final class GoldenOperators {
    /// An operator with all parameters fixed, from named arrays to its results.
    interface Operator {
        List<Tensor> apply(Map<String, Tensor> inputs);
    }

    private static final Set<String> METHODS =
            Set.of("softsort", "neuralsort", "fast_soft_sort", "smooth_sort", "sorting_network", "ot");
    private static final Set<String> UNSUPPORTED = Set.of("proj_transport_polytope");

    private final GoldenCase golden;
    private final String name;
    private final boolean straightThrough;

    private GoldenOperators(GoldenCase golden) {
        this.golden = golden;
        straightThrough = golden.function().endsWith("_st");
        name = straightThrough ? golden.function().replaceAll("_st$", "") : golden.function();
    }

    /// The operator, or nothing if this version does not have it.
    static Optional<Operator> of(GoldenCase golden) {
        if (!METHODS.contains(golden.string("method", "softsort"))) {
            return Optional.empty();
        }
        return Optional.of(new GoldenOperators(golden)::apply);
    }

    private List<Tensor> apply(Map<String, Tensor> inputs) {
        return switch (name) {
            case "top_k" -> topK(inputs.get("x"), soft(inputs));
            case "sqrt", "arcsin", "arccos", "log", "div", "norm" -> List.of(safeMath(inputs));
            case "where",
                    "take_along_axis",
                    "take",
                    "choose",
                    "dynamic_index_in_dim",
                    "dynamic_slice_in_dim",
                    "dynamic_slice" -> List.of(selection(inputs));
            case "logical_not", "logical_and", "logical_or", "logical_xor", "all", "any" -> List.of(logic(inputs));
            case "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "isclose" ->
                List.of(comparison(inputs.get("x"), inputs.get("y"), soft(inputs))
                        .asTensor());
            case "sigmoidal", "softrelu", "heaviside", "round", "sign", "abs", "relu", "clip" ->
                List.of(elementwise(inputs, soft(inputs)));
            case "proj_permutahedron_smooth_sort" ->
                List.of(soft(inputs).projectPermutahedronSmooth(inputs.get("z"), inputs.get("w"), axis()));
            case "proj_permutahedron" -> List.of(soft(inputs).projectPermutahedron(inputs.get("z"), inputs.get("w")));
            case "proj_transport_polytope" ->
                List.of(soft(inputs).projectTransport(inputs.get("cost"), inputs.get("mu"), inputs.get("nu")));
            case "proj_simplex" ->
                List.of(
                        golden.flag("return_log_probs", false)
                                ? soft(inputs).logProjectSimplex(inputs.get("x"), axis())
                                : soft(inputs).projectSimplex(inputs.get("x"), axis()));
            default ->
                List.of(
                        name.startsWith("arg")
                                ? logOf(index(inputs.get("x"), soft(inputs)))
                                : value(inputs.get("x"), soft(inputs)));
        };
    }

    private Soft soft(Map<String, Tensor> inputs) {
        String mode = golden.string("mode", "smooth");
        Soft soft = Soft.smooth()
                .mode(
                        switch (mode) {
                            case "hard" -> Mode.HARD;
                            case "c0" -> Mode.C0;
                            case "c1", "_c1_pnorm" -> Mode.C1;
                            case "c2", "_c2_pnorm" -> Mode.C2;
                            default -> Mode.SMOOTH;
                        })
                .transition(mode.endsWith("_pnorm") ? Transition.P_NORM : Transition.SMOOTHSTEP)
                .standardize(golden.flag("standardize", true))
                .gatedGradient(golden.flag("gated_grad", true))
                .gated(golden.flag("gated", false))
                .epsilon(golden.number("epsilon", 1e-10))
                .roundingRadius(golden.integer("neighbor_radius", 5))
                .keepDims(golden.flag("keepdims", false))
                .quantileMethod(QuantileMethod.valueOf(
                        golden.string("quantile_method", "linear").toUpperCase(java.util.Locale.ROOT)));
        if (golden.has("method")) {
            soft = soft.method(method());
        }
        if (inputs.containsKey("softness")) {
            soft = soft.softness(inputs.get("softness"));
        }
        return straightThrough ? soft.straightThrough() : soft;
    }

    private Method method() {
        return switch (golden.string("method", "")) {
            case "softsort" -> new Method.SoftSort();
            case "fast_soft_sort" -> new Method.FastSoftSort();
            case "smooth_sort" -> new Method.SmoothSort();
            case "ot" -> new Method.Transport();
            case "sorting_network" -> new Method.SortingNetwork();
            default -> new Method.NeuralSort();
        };
    }

    private int axis() {
        return golden.integer("axis", -1);
    }

    /// The reference flattens where the axis is null.
    private boolean flattens() {
        return !golden.has("axis");
    }

    private Order order(String name, boolean standard) {
        return golden.flag(name, standard) ? Order.DESCENDING : Order.ASCENDING;
    }

    private Tensor elementwise(Map<String, Tensor> inputs, Soft soft) {
        Tensor x = inputs.get("x");
        return switch (name) {
            case "sigmoidal" -> soft.sigmoidal(x);
            case "softrelu", "relu" -> soft.relu(x);
            case "heaviside" -> soft.heaviside(x);
            case "round" -> soft.round(x);
            case "sign" -> soft.sign(x);
            case "abs" -> soft.abs(x);
            default -> soft.clip(x, inputs.get("a"), inputs.get("b"));
        };
    }

    private SoftBool comparison(Tensor x, Tensor y, Soft soft) {
        return switch (name) {
            case "greater" -> soft.greater(x, y);
            case "greater_equal" -> soft.greaterEqual(x, y);
            case "less" -> soft.less(x, y);
            case "less_equal" -> soft.lessEqual(x, y);
            case "equal" -> soft.equal(x, y);
            case "not_equal" -> soft.notEqual(x, y);
            default -> soft.isClose(x, y, golden.number("rtol", 1e-5), golden.number("atol", 1e-8));
        };
    }

    private Tensor logic(Map<String, Tensor> inputs) {
        Logic kind = golden.flag("use_geometric_mean", false) ? Logic.GEOMETRIC_MEAN : Logic.PRODUCT;
        SoftBool x = SoftBool.of(inputs.get("x"), kind);
        SoftBool y = inputs.containsKey("y") ? SoftBool.of(inputs.get("y"), kind) : x;
        SoftBool result = switch (name) {
            case "logical_not" -> x.not();
            case "logical_and" -> x.and(y);
            case "logical_or" -> x.or(y);
            case "logical_xor" -> x.xor(y);
            case "all" -> x.all(axis(), golden.number("epsilon", 1e-10));
            default -> x.any(axis());
        };
        return result.asTensor();
    }

    private Tensor safeMath(Map<String, Tensor> inputs) {
        Tensor x = inputs.get("x");
        return switch (name) {
            case "sqrt" -> SafeMath.sqrt(x);
            case "arcsin" -> SafeMath.arcsin(x);
            case "arccos" -> SafeMath.arccos(x);
            case "log" -> SafeMath.log(x);
            case "div" -> SafeMath.div(x, inputs.get("y"));
            default -> norm(x);
        };
    }

    private Tensor norm(Tensor x) {
        boolean keepDims = golden.flag("keepdims", false);
        if (!flattens()) {
            return SafeMath.norm(x, axis(), keepDims);
        }
        int[] ones = IntStream.range(0, x.rank()).map(i -> 1).toArray();
        return keepDims ? SafeMath.norm(x).reshape(ones) : SafeMath.norm(x);
    }

    private Tensor selection(Map<String, Tensor> inputs) {
        Tensor x = inputs.get("x");
        SoftIndex index = inputs.containsKey("soft_index") ? SoftIndex.of(inputs.get("soft_index")) : null;
        return switch (name) {
            case "where" -> SoftBool.of(inputs.get("condition")).where(x, inputs.get("y"));
            case "take_along_axis" ->
                flattens() ? Selection.takeAlongAxis(x, index) : Selection.takeAlongAxis(x, index, axis());
            case "take" -> flattens() ? Selection.take(x, index) : Selection.take(x, index, axis());
            case "choose" -> Selection.choose(index, inputs.get("choices"));
            case "dynamic_index_in_dim" -> {
                int axis = golden.integer("axis", 0);
                Tensor slice = Selection.dynamicIndex(x, index, axis);
                yield golden.flag("keepdims", true) ? slice.expandDims(axis < 0 ? axis + x.rank() : axis) : slice;
            }
            case "dynamic_slice_in_dim" ->
                Selection.dynamicSlice(
                        x,
                        SoftIndex.of(inputs.get("soft_start_index")),
                        golden.integer("slice_size", 1),
                        golden.integer("axis", 0));
            default ->
                Selection.dynamicSlice(
                        x,
                        IntStream.range(0, x.rank())
                                .mapToObj(i -> SoftIndex.of(inputs.get("soft_start_index_" + i)))
                                .toList(),
                        golden.integers("slice_sizes"));
        };
    }

    private SoftIndex index(Tensor x, Soft soft) {
        return switch (name) {
            case "argmax" -> flattens() ? soft.argmax(x) : soft.argmax(x, axis());
            case "argmin" -> flattens() ? soft.argmin(x) : soft.argmin(x, axis());
            case "argsort" ->
                soft.argsort(flattens() ? x.flatten() : x, flattens() ? 0 : axis(), order("descending", false));
            case "argmedian" -> flattens() ? soft.argmedian(x) : soft.argmedian(x, axis());
            default -> {
                if (golden.isList(quantileParameter())) {
                    yield flattens() ? soft.argquantiles(x, quantiles()) : soft.argquantiles(x, quantiles(), axis());
                }
                yield flattens() ? soft.argquantile(x, quantiles()[0]) : soft.argquantile(x, quantiles()[0], axis());
            }
        };
    }

    private Tensor value(Tensor x, Soft soft) {
        return switch (name) {
            case "max" -> flattens() ? soft.max(x) : soft.max(x, axis());
            case "min" -> flattens() ? soft.min(x) : soft.min(x, axis());
            case "sort" -> soft.sort(flattens() ? x.flatten() : x, flattens() ? 0 : axis(), order("descending", false));
            case "rank" -> soft.rank(flattens() ? x.flatten() : x, flattens() ? 0 : axis(), order("descending", true));
            case "median" -> flattens() ? soft.median(x) : soft.median(x, axis());
            case "quantile", "percentile" -> {
                if (golden.isList(quantileParameter())) {
                    yield flattens() ? soft.quantiles(x, quantiles()) : soft.quantiles(x, quantiles(), axis());
                }
                yield flattens() ? soft.quantile(x, quantiles()[0]) : soft.quantile(x, quantiles()[0], axis());
            }
            default -> throw new AssertionError("golden case " + golden.id() + ": unknown operator " + name);
        };
    }

    private List<Tensor> topK(Tensor x, Soft soft) {
        TopK top = flattens()
                ? soft.topK(x.flatten(), golden.integer("k", 1))
                : soft.topK(x, golden.integer("k", 1), axis());
        boolean valuesOnly = golden.outputs().size() == 1; // methods without an index in the reference
        return valuesOnly ? List.of(top.values()) : List.of(top.values(), logOf(top.index()));
    }

    private Tensor logOf(SoftIndex index) {
        if (!golden.flag("return_log_probs", false)) {
            return index.probabilities();
        }
        return golden.has("log_prob_eps")
                ? index.logProbabilities(golden.number("log_prob_eps", 0))
                : index.logProbabilities();
    }

    private String quantileParameter() {
        return name.endsWith("percentile") ? "p" : "q";
    }

    private double[] quantiles() {
        String parameter = quantileParameter();
        double[] values =
                golden.isList(parameter) ? golden.numbers(parameter) : new double[] {golden.number(parameter, 0)};
        for (int i = 0; parameter.equals("p") && i < values.length; i++) {
            values[i] /= 100;
        }
        return values;
    }
}
