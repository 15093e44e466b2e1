package io.github.softgrad.trust;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.DType;
import io.github.softgrad.Losses;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Pullback;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Every operator with every method in every mode that the library has, as functions of one matrix, for what
/// must hold of all of them.
///
/// Asked of the library itself: a combination that it refuses with [IllegalArgumentException] does not exist,
/// and is counted. The properties have axis-wise operators of their own, `Operator`: for them it must be known
/// what a result means, and a quantile is drawn for each case.
public final class Catalogue {

    /// A function of a matrix.
    public record Entry(String name, Function<Tensor, Tensor> function) {

        /// Value and gradient, for a cotangent that tells the entries apart.
        public Outcome at(Tensor x) {
            Pullback<Tensor> pullback = Autodiff.vjp(function, x);
            Tensor value = pullback.value();
            Tensor cotangent = Tensor.linspace(-1, 2, value.size()).reshape(value.shape());
            return new Outcome(value, pullback.pull(cotangent.toDType(value.dtype())));
        }
    }

    /// What a function gives; equal where all bits are.
    public record Outcome(Tensor value, Tensor gradient) {}

    /// The functions that exist, and how many combinations do not.
    public record Existing(List<Entry> entries, int absent) {}

    /// Every method, the network with each kind of padding.
    public static final List<Method> METHODS = List.of(
            new Method.SoftSort(),
            new Method.NeuralSort(),
            new Method.FastSoftSort(),
            new Method.SmoothSort(),
            new Method.Transport(),
            new Method.SortingNetwork(),
            new Method.SortingNetwork(Method.SortingNetwork.Padding.INFINITE),
            new Method.LapSum());

    private static final int LAST = 1;

    private Catalogue() {}

    /// A matrix of rows that are no ties, and whose places differ from row to row.
    public static Tensor matrix(int seed, int rows, int n) {
        return Tensor.normal(new Random(Tally.seed() + seed), rows, n);
    }

    /// Whether the kernels are the fast ones. The others are given less to do.
    public static boolean isNative() {
        return Backend.kernels().contains("native");
    }

    public static Existing existing() {
        List<Entry> entries = new ArrayList<>();
        int absent = 0;
        Tensor probe = matrix(0, 2, 4);
        for (Entry entry : everything()) {
            try {
                entry.at(probe);
                entries.add(entry);
            } catch (IllegalArgumentException noSuchCombination) {
                absent++;
            }
        }
        return new Existing(entries, absent);
    }

    private static List<Entry> everything() {
        List<Entry> entries = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            Soft soft = Soft.smooth().mode(mode);
            elementwise().forEach((name, operator) -> entries.add(entry(name + ", " + mode, operator, soft)));
            for (Method method : METHODS) {
                String recipe = ", " + mode + ", " + method;
                axiswise()
                        .forEach((name, operator) -> entries.add(entry(name + recipe, operator, soft.method(method))));
            }
        }
        return entries;
    }

    private static Entry entry(String name, BiFunction<Soft, Tensor, Tensor> operator, Soft soft) {
        return new Entry(name, x -> operator.apply(soft, x));
    }

    /// Operators that no method changes.
    private static Map<String, BiFunction<Soft, Tensor, Tensor>> elementwise() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("heaviside", (soft, x) -> soft.heaviside(x));
        table.put("sigmoidal", (soft, x) -> soft.sigmoidal(x));
        table.put("sign", (soft, x) -> soft.sign(x));
        table.put("abs", (soft, x) -> soft.abs(x));
        table.put("relu", (soft, x) -> soft.relu(x));
        table.put("clip", (soft, x) -> soft.clip(x, -0.5, 0.5));
        table.put("round", (soft, x) -> soft.round(x));
        table.put("greater", (soft, x) -> soft.greater(x, x.flip(LAST)).asTensor());
        table.put("lessEqual", (soft, x) -> soft.lessEqual(x, x.flip(LAST)).asTensor());
        table.put("equal", (soft, x) -> soft.equal(x, x.square()).asTensor());
        table.put("isClose", (soft, x) -> soft.isClose(x, x.square()).asTensor());
        table.put("all", (soft, x) -> soft.greater(x, x.flip(LAST)).all(LAST).asTensor());
        table.put("any", (soft, x) -> soft.less(x, x.square()).any(LAST).asTensor());
        table.put("where", (soft, x) -> soft.less(x, x.square()).where(x, x.flip(LAST)));
        table.put("projectSimplex", (soft, x) -> soft.projectSimplex(x, LAST));
        table.put("logProjectSimplex", (soft, x) -> soft.logProjectSimplex(x, LAST));
        table.put("projectPermutahedron", (soft, x) -> soft.projectPermutahedron(x, x.square()));
        table.put("projectPermutahedronSmooth", (soft, x) -> soft.projectPermutahedronSmooth(x, x.square(), LAST));
        table.put("projectTransport", (soft, x) -> soft.projectTransport(x.square(), shares(x, 0), shares(x, 1)));
        table.put("logProjectTransport", (soft, x) -> soft.logProjectTransport(x.square(), shares(x, 0), shares(x, 1)));
        table.put(
                "bernoulli",
                (soft, x) -> soft.random(new Random(1))
                        .bernoulli(Soft.smooth().sigmoidal(x), x.shape())
                        .asTensor());
        table.put("straightThrough", (soft, x) -> soft.straightThrough().relu(x));
        table.put("float32", (soft, x) -> soft.abs(x.toDType(DType.FLOAT32)));
        return table;
    }

    private static Tensor shares(Tensor x, int axis) {
        return Tensor.full(1.0 / x.dim(axis), x.dim(axis));
    }

    /// Operators along the last axis, which the method decides.
    private static Map<String, BiFunction<Soft, Tensor, Tensor>> axiswise() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("argmax", (soft, x) -> soft.argmax(x, LAST).probabilities());
        table.put("argmin, logarithms", (soft, x) -> soft.argmin(x, LAST).logProbabilities(1e-9));
        table.put("argsort", (soft, x) -> soft.argsort(x, LAST, Order.ASCENDING).probabilities());
        table.put(
                "argsort, mask",
                (soft, x) -> soft.argsort(x, LAST, Order.DESCENDING).mask());
        table.put(
                "argquantiles",
                (soft, x) -> soft.argquantiles(x, new double[] {0.3, 0.9}, LAST).probabilities());
        table.put("max", (soft, x) -> soft.max(x, LAST));
        table.put("min", (soft, x) -> soft.min(x, LAST));
        table.put("sort", (soft, x) -> soft.sort(x, LAST, Order.DESCENDING));
        table.put("sort, unscaled", (soft, x) -> soft.standardize(false).sort(x, LAST, Order.ASCENDING));
        table.put("rank", (soft, x) -> soft.rank(x, LAST, Order.ASCENDING));
        table.put("median", (soft, x) -> soft.median(x, LAST));
        table.put("quantiles", (soft, x) -> soft.quantiles(x, new double[] {0.1, 0.6}, LAST));
        table.put("topK", (soft, x) -> soft.topK(x, 2, LAST).values());
        table.put("topKMask", (soft, x) -> soft.topKMask(x, 2, LAST));
        table.put("takeAlongAxis", (soft, x) -> Selection.takeAlongAxis(x, soft.argmax(x, LAST), LAST));
        table.put("spearman", (soft, x) -> Losses.spearman(soft, x, x.square()));
        table.put("permutation", (soft, x) -> soft.random(new Random(2)).permutation(x, LAST));
        table.put("choice", (soft, x) -> soft.random(new Random(3)).choice(x, new int[] {3}, LAST));
        return table;
    }
}
