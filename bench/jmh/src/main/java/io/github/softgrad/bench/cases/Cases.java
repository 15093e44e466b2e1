package io.github.softgrad.bench.cases;

import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// From the names of a [Case] to the call that is measured: the only place that knows both.
public final class Cases {
    /// The methods of the axis-wise operators that have an index.
    public static final List<String> INDEX_METHODS = List.of("ot", "softsort", "neuralsort", "sorting_network");

    /// All methods of the axis-wise operators that the Python libraries have.
    public static final List<String> METHODS =
            List.of("ot", "softsort", "neuralsort", "fast_soft_sort", "smooth_sort", "sorting_network");

    /// All soft modes.
    public static final List<String> MODES = List.of("smooth", "c0", "c1", "c2");

    /// The transport plans of the benchmarks are solved at least to this: the default of the library.
    public static final double TRANSPORT_TOLERANCE = new Method.Transport().tolerance();

    private static final double QUANTILE = 0.25;

    private Cases() {}

    /// A call that is measured, of the tensors that [Inputs] draws for the case.
    @FunctionalInterface
    public interface Call {
        /// The value.
        Tensor apply(List<Tensor> arguments);
    }

    /// The call of a case; throws [UnsupportedOperationException] for names that the library does not have.
    /// What it does not have in this combination, it refuses itself when it is called.
    public static Call call(Case what) {
        Soft soft = soft(what);
        return switch (what.operator()) {
            case "sort" -> axisWise(x -> soft.sort(x, 1, Order.ASCENDING));
            case "rank" -> axisWise(x -> soft.rank(x, 1, Order.DESCENDING));
            case "argsort" -> axisWise(x -> soft.argsort(x, 1, Order.ASCENDING).probabilities());
            case "max" -> axisWise(x -> soft.max(x, 1));
            case "argmax" -> axisWise(x -> soft.argmax(x, 1).probabilities());
            case "top_k" -> axisWise(x -> soft.topK(x, what.options().k(), 1).values());
            case "quantile" -> axisWise(x -> soft.quantile(x, QUANTILE, 1));
            case "median" -> axisWise(x -> soft.median(x, 1));
            case "perm_proj" -> permutahedron(soft, what.method());
            case "simplex_proj" -> axisWise(x -> soft.projectSimplex(x, 1));
            case "transport" -> transport(soft, what.n());
            default -> elementwise(soft, what);
        };
    }

    private interface Unary {
        Tensor apply(Tensor x);
    }

    private static Call axisWise(Unary function) {
        return arguments -> function.apply(arguments.getFirst());
    }

    private static Call elementwise(Soft soft, Case what) {
        Tensor zero = Tensor.scalar(0, what.dtype());
        return switch (what.operator()) {
            case "abs" -> axisWise(soft::abs);
            case "relu" -> axisWise(soft::relu);
            case "sign" -> axisWise(soft::sign);
            case "round" -> axisWise(soft::round);
            case "heaviside" -> axisWise(soft::heaviside);
            case "clip" -> axisWise(x -> soft.clip(x, -1, 1));
            case "greater" -> axisWise(x -> soft.greater(x, zero).asTensor());
            case "equal" -> axisWise(x -> soft.equal(x, zero).asTensor());
            case "logical_and" ->
                arguments -> SoftBool.of(arguments.get(0))
                        .and(SoftBool.of(arguments.get(1)))
                        .asTensor();
            case "any" -> axisWise(x -> SoftBool.of(x).any(-1).asTensor());
            default -> throw new UnsupportedOperationException("there is no operator \"" + what.operator() + "\"");
        };
    }

    private static Call permutahedron(Soft soft, String method) {
        return method.equals("smooth_sort")
                ? arguments -> soft.projectPermutahedronSmooth(arguments.get(0), arguments.get(1), 1)
                : arguments -> soft.projectPermutahedron(arguments.get(0), arguments.get(1));
    }

    private static Call transport(Soft soft, int n) {
        double[] equal = new double[n];
        Arrays.fill(equal, 1.0 / n);
        Tensor masses = Tensor.of(equal);
        return arguments -> soft.projectTransport(arguments.getFirst(), masses, masses);
    }

    private static Soft soft(Case what) {
        Soft soft = Soft.smooth().mode(mode(what.mode())).softness(what.softness());
        return switch (what.operator()) {
            case "transport" -> soft.method(transportMethod(what.options()));
            case "perm_proj" -> {
                requireOneOf(what.method(), "", "fast_soft_sort", "smooth_sort");
                yield soft;
            }
            default -> what.method().isEmpty() ? soft : soft.method(method(what.method()));
        };
    }

    /// As exact as the harness wants it, and never less exact than the library is by itself: Newton's method
    /// gains little time from a looser tolerance.
    private static Method transportMethod(Case.Options options) {
        return new Method.Transport(
                Math.min(options.tolerance(), TRANSPORT_TOLERANCE), Math.max(1, options.maxIterations()));
    }

    private static Mode mode(String name) {
        if (!name.equals("hard") && !MODES.contains(name)) {
            throw new UnsupportedOperationException("there is no mode \"" + name + "\"");
        }
        return Mode.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Method method(String name) {
        return switch (name) {
            case "ot" -> new Method.Transport();
            case "softsort" -> new Method.SoftSort();
            case "neuralsort" -> new Method.NeuralSort();
            case "fast_soft_sort" -> new Method.FastSoftSort();
            case "smooth_sort" -> new Method.SmoothSort();
            case "sorting_network" -> new Method.SortingNetwork();
            case "lap_sum" -> new Method.LapSum();
            default -> throw new UnsupportedOperationException("there is no method \"" + name + "\"");
        };
    }

    private static void requireOneOf(String method, String... known) {
        if (!List.of(known).contains(method)) {
            throw new UnsupportedOperationException("there is no method \"" + method + "\" for this operator");
        }
    }
}
