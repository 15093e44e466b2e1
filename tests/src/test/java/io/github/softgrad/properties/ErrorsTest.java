package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A bad argument is refused with a message that names it, its value, what was expected and the remedy.
class ErrorsTest {
    private static final Soft SOFT = Soft.smooth();
    private static final Tensor VECTOR = Tensor.of(1, 2, 3);
    private static final Tensor MATRIX = Tensor.ones(2, 3);
    private static final Tensor EMPTY = Tensor.zeros(2, 0);

    private record Empty(String name) {}

    private record Pair(Tensor first, Tensor second) {}

    private static Arguments refused(String name, Executable action, String... parts) {
        return Arguments.of(name, action, List.of(parts));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                refused("broadcast", () -> MATRIX.plus(Tensor.ones(2, 4)), "(2, 3)", "(2, 4)", "axis -1", "equal or 1"),
                refused("soft broadcast", () -> SOFT.greater(VECTOR, Tensor.ones(4)), "(3)", "(4)", "equal or 1"),
                refused(
                        "softness broadcast",
                        () -> SOFT.softness(Tensor.ones(2)).relu(VECTOR),
                        "(3)",
                        "(2)",
                        "equal or 1"),
                refused("matmul", () -> MATRIX.matmul(MATRIX), "matmul", "(2, 3)", "must be equal"),
                refused("matmul scalar", () -> MATRIX.matmul(Tensor.scalar(1)), "()", "times"),
                refused("dot", () -> VECTOR.dot(MATRIX), "(3)", "(2, 3)", "matmul"),
                refused("reshape", () -> MATRIX.reshape(4, -1), "(2, 3)", "(4, -1)", "number of elements"),
                refused("reshape twice -1", () -> MATRIX.reshape(-1, -1), "one dimension may be -1"),
                refused(
                        "creation",
                        () -> Tensor.of(new int[] {2, 2}, 1, 2, 3),
                        "(2, 2)",
                        "4",
                        "3",
                        "one number for each"),
                refused("ragged rows", () -> Tensor.of(new double[][] {{1}, {1, 2}}), "row 1", "equally long"),
                refused("negative size", () -> Tensor.zeros(2, -1), "(2, -1)", ">= 0"),
                refused(
                        "concatenate",
                        () -> Tensor.concatenate(0, MATRIX, Tensor.ones(2, 4)),
                        "(2, 3)",
                        "(2, 4)",
                        "agree"),
                refused("concatenate nothing", () -> Tensor.concatenate(0), "at least one tensor"),
                refused("stack", () -> Tensor.stack(0, VECTOR, Tensor.ones(4)), "(1, 3)", "(1, 4)", "agree"),
                refused("take", () -> VECTOR.take(new int[] {3}, 0), "index 3", "axis 0", "(3)", "-3 to 2"),
                refused("get", () -> VECTOR.get(-4), "index -4", "-3 to 2"),
                refused("takeAlongAxis shape", () -> MATRIX.takeAlongAxis(VECTOR, 1), "(3)", "(2, 3)", "agree"),
                refused("takeAlongAxis fraction", () -> VECTOR.takeAlongAxis(Tensor.of(0.5), 0), "0.5", "whole"),
                refused("takeAlongAxis NaN", () -> VECTOR.takeAlongAxis(Tensor.of(Double.NaN), 0), "NaN", "whole"),
                refused("slice", () -> VECTOR.slice(0, 1, 4), "1 to 4", "(3)", "<= 3"),
                refused("squeeze", () -> MATRIX.squeeze(0), "axis 0", "length 2", "length 1"),
                refused("transpose", () -> MATRIX.transpose(0), "needs 2 axes", "[0]", "every axis once"),
                refused("transpose twice", () -> MATRIX.transpose(0, 0), "axis 0 twice", "every axis once"),
                refused("item", () -> VECTOR.item(), "(3)", "toDoubles()"),
                refused("soft take", () -> SOFT.argmax(VECTOR).take(Tensor.ones(4)), "(4)", "3 entries", "shape"),
                refused("Selection.take", () -> Selection.take(VECTOR, SoftIndex.of(VECTOR)), "(3)", "(k, n)"),
                refused(
                        "Selection.takeAlongAxis",
                        () -> Selection.takeAlongAxis(MATRIX, SoftIndex.of(VECTOR), 1),
                        "(3)",
                        "(2, 3)",
                        "one axis more"),
                refused(
                        "choose",
                        () -> Selection.choose(SoftIndex.of(VECTOR), MATRIX),
                        "(3)",
                        "(2, 3)",
                        "as many axes"),
                refused(
                        "dynamicSlice",
                        () -> Selection.dynamicSlice(VECTOR, SoftIndex.of(VECTOR), 4, 0),
                        "size",
                        "4",
                        "1 to 3"),
                refused(
                        "index of a scalar",
                        () -> SoftIndex.of(Tensor.scalar(1)),
                        "probabilities",
                        "scalar",
                        "last axis"));
    }

    static Stream<Arguments> axes() {
        return Stream.of(
                refused("sum", () -> MATRIX.sum(2), "axis 2", "(2, 3)", "-2 to 1"),
                refused("sum of a scalar", () -> Tensor.scalar(1).sum(0), "axis 0", "()", "leave the axis out"),
                refused("soft max", () -> SOFT.max(MATRIX, -3), "axis -3", "(2, 3)", "-2 to 1"),
                refused("soft sort", () -> SOFT.sort(MATRIX, 2, Order.ASCENDING), "axis 2", "-2 to 1"),
                refused("soft all", () -> SoftBool.of(VECTOR).all(1), "axis 1", "-1 to 0"),
                refused("sort needs an axis", () -> SOFT.sort(MATRIX), "sort", "(2, 3)", "axis", "flatten()"),
                refused("argsort needs an axis", () -> SOFT.argsort(MATRIX), "argsort", "flatten()"),
                refused("rank needs an axis", () -> Soft.hard().rank(MATRIX), "rank", "flatten()"),
                refused("topK needs an axis", () -> SOFT.topK(MATRIX, 1), "topK", "flatten()"),
                refused("max of nothing", () -> SOFT.max(EMPTY, 1), "max", "(2, 0)", "empty", "check"),
                refused("hard max of nothing", () -> EMPTY.max(1), "max", "(2, 0)", "empty", "check"),
                refused("argmin of nothing", () -> SOFT.argmin(EMPTY, 1), "argmin", "empty", "check"),
                refused("mean of nothing", () -> EMPTY.mean(1), "mean", "empty", "check"),
                refused("median of nothing", () -> SOFT.median(EMPTY), "(2, 0)", "empty", "check"),
                refused(
                        "projection of nothing",
                        () -> SOFT.projectSimplex(EMPTY, 1),
                        "projectSimplex",
                        "empty",
                        "check"));
    }

    static Stream<Arguments> options() {
        return Stream.of(
                refused("softness 0", () -> SOFT.softness(0), "softness", "> 0", "was 0.0", "Soft.hard()"),
                refused("softness -1", () -> SOFT.softness(-1), "softness", "was -1.0", "Soft.hard()"),
                refused("softness NaN", () -> SOFT.softness(Double.NaN), "softness", "was NaN", "Soft.hard()"),
                refused(
                        "softness infinite",
                        () -> SOFT.softness(Double.POSITIVE_INFINITY),
                        "softness",
                        "finite",
                        "Infinity"),
                refused("softness entry", () -> SOFT.softness(Tensor.of(1, -2)), "softness", "was -2.0"),
                refused("softness array", () -> SOFT.softness(VECTOR).sort(VECTOR), "softness", "(3)", "one number"),
                refused("epsilon", () -> SOFT.epsilon(-1), "epsilon", ">= 0", "was -1.0"),
                refused("epsilon NaN", () -> SOFT.epsilon(Double.NaN), "epsilon", "was NaN"),
                refused("logic epsilon", () -> SoftBool.of(VECTOR).all(0, 0), "epsilon", "> 0", "was 0.0", "default"),
                refused("log epsilon", () -> SOFT.argmax(VECTOR).logProbabilities(2), "epsilon", "(0, 1]", "was 2.0"),
                refused("radius", () -> SOFT.roundingRadius(0), "radius", "at least 1", "was 0"),
                refused("tolerance", () -> SOFT.isClose(VECTOR, VECTOR, -1, 0), "relativeTolerance", ">= 0", "-1.0"),
                refused("tolerance NaN", () -> SOFT.isClose(VECTOR, VECTOR, 0, Double.NaN), "absoluteTolerance", "NaN"),
                refused("q above 1", () -> SOFT.quantile(VECTOR, 1.5), "q", "[0, 1]", "was 1.5", "percentile"),
                refused("q negative", () -> SOFT.argquantile(VECTOR, -0.1), "q", "[0, 1]", "was -0.1"),
                refused("q NaN", () -> SOFT.quantiles(VECTOR, 0.5, Double.NaN), "q", "[0, 1]", "was NaN"),
                refused("hard q", () -> Soft.hard().quantile(VECTOR, 2), "q", "[0, 1]", "was 2.0"),
                refused("no q", () -> SOFT.quantiles(VECTOR), "q", "at least one"),
                refused("no q of an index", () -> SOFT.argquantiles(VECTOR), "q", "at least one"),
                refused("k 0", () -> SOFT.topK(VECTOR, 0), "k", "1 to 3", "was 0"),
                refused("k n+1", () -> Soft.hard().topK(VECTOR, 4), "k", "1 to 3", "was 4"),
                refused(
                        "transport in no steps",
                        () -> SOFT.method(new Method.Transport(1e-6, 0)).max(VECTOR),
                        "maxIterations",
                        "at least 1",
                        "was 0"),
                refused(
                        "fast soft sort",
                        () -> SOFT.method(new Method.FastSoftSort()).argsort(VECTOR),
                        "FastSoftSort",
                        "index",
                        "SoftSort",
                        "NeuralSort",
                        "SortingNetwork"),
                refused(
                        "smooth sort",
                        () -> SOFT.method(new Method.SmoothSort()).argsort(VECTOR),
                        "SmoothSort",
                        "index",
                        "SoftSort",
                        "NeuralSort",
                        "SortingNetwork"),
                refused(
                        "smooth sort in c1",
                        () -> Soft.c1().method(new Method.SmoothSort()).rank(VECTOR),
                        "SmoothSort",
                        "SMOOTH",
                        "C1",
                        "SoftSort",
                        "FastSoftSort"));
    }

    static Stream<Arguments> derivatives() {
        return Stream.of(
                refused("gradient of a vector", () -> Autodiff.grad(x -> x, VECTOR), "scalar", "(3)", "sum()"),
                refused(
                        "record without tensors",
                        () -> Autodiff.grad(x -> Tensor.scalar(1), new Empty("a")),
                        "Empty",
                        "no tensors",
                        "Tree.of"),
                refused("list without tensors", () -> Autodiff.grad(x -> Tensor.scalar(1), List.of()), "no tensors"),
                refused("number", () -> Autodiff.grad(x -> Tensor.scalar(1), 3.0), "java.lang.Double", "Tree.of"),
                refused("null parameters", () -> Autodiff.grad((Tensor x) -> x, null), "null", "no tensors"),
                refused(
                        "jvp direction",
                        () -> Autodiff.jvp((Tensor x) -> x, VECTOR, MATRIX),
                        "direction",
                        "(2, 3)",
                        "(3)"),
                refused("hvp direction", () -> Autodiff.hvp(Tensor::sum, VECTOR, MATRIX), "direction", "(2, 3)", "(3)"),
                refused(
                        "hvp of a record",
                        () -> Autodiff.hvp(p -> p.first().sum(), new Pair(VECTOR, VECTOR), new Pair(VECTOR, MATRIX)),
                        "direction",
                        "(2, 3)"),
                refused("null result", () -> Autodiff.vjp((Tensor x) -> null, VECTOR), "null", "must return"),
                refused(
                        "check in float32",
                        () -> Autodiff.checkGradients(x -> x, Tensor.ofFloats(1), 1),
                        "float64",
                        "toDType"),
                refused(
                        "check of order 0",
                        () -> Autodiff.checkGradients(x -> x, VECTOR, 0),
                        "order",
                        "at least 1",
                        "0"),
                refused(
                        "straight-through shapes",
                        () -> SOFT.straightThroughResult((soft, x) -> soft.sort(branching(soft, x)), VECTOR),
                        "straight-through",
                        "shape"));
    }

    /// A program whose hard branch has another shape than its soft one.
    private static Tensor branching(Soft soft, Tensor x) {
        return soft.heaviside(Tensor.of(0.01)).item() == 1 ? x.slice(0, 0, 2) : x;
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                refused("softness", () -> SOFT.softness(null), "softness"),
                refused("mode", () -> SOFT.mode(null), "mode"),
                refused("transition", () -> SOFT.transition(null), "transition"),
                refused("logic", () -> SOFT.logic(null), "logic"),
                refused("quantileMethod", () -> SOFT.quantileMethod(null), "method"),
                refused("elementwise", () -> SOFT.relu(null), "x"),
                refused("comparison x", () -> SOFT.greater(null, VECTOR), "x"),
                refused("comparison y", () -> SOFT.less(VECTOR, null), "y"),
                refused("clip", () -> SOFT.clip(VECTOR, null, VECTOR), "lower"),
                refused("axis-wise", () -> SOFT.sort(null), "x"),
                refused("axis-wise with axis", () -> SOFT.max(null, 0), "x"),
                refused("order", () -> SOFT.sort(VECTOR, 0, null), "order"),
                refused("quantiles", () -> SOFT.quantiles(VECTOR, (double[]) null), "q"),
                refused("program", () -> SOFT.straightThrough(null), "program"),
                refused("arithmetic", () -> VECTOR.plus((Tensor) null), "PLUS", "argument"),
                refused("matmul", () -> VECTOR.matmul(null), "other"),
                refused("function", () -> Autodiff.grad(null, VECTOR), "function"),
                refused("tree", () -> Autodiff.grad(x -> x, VECTOR, (Tree<Tensor>) null), "tree"),
                refused("truth", () -> SoftBool.of(null), "truth"),
                refused("probabilities", () -> SoftIndex.of(null), "probabilities"),
                refused("values", () -> SOFT.argmax(VECTOR).take(null), "values"),
                refused(
                        "program result",
                        () -> SOFT.straightThroughResult((soft, x) -> null, VECTOR),
                        "program",
                        "null"));
    }

    static Stream<Arguments> sizes() {
        Tensor large = Tensor.range(200_000);
        Stream<Arguments> everywhere = Stream.of(
                refused("argsort", () -> SOFT.argsort(large), "(200000)", "MiB", "topK", "-Xmx"),
                refused(
                        "softsort argsort",
                        () -> SOFT.method(new Method.SoftSort()).argsort(large),
                        "MiB",
                        "topK",
                        "-Xmx"),
                refused("hard argsort", () -> Soft.hard().argsort(large), "(200000)", "MiB", "-Xmx"),
                refused(
                        "too many elements",
                        () -> Tensor.zeros(100_000, 100_000),
                        "(100000, 100000)",
                        "2147483639",
                        "split"),
                refused("broadcast", () -> large.expandDims(0).plus(large.expandDims(1)), "(200000, 200000)", "split"));
        return Backend.kernels().startsWith("reference")
                ? Stream.concat(everywhere, withoutKernels(large))
                : everywhere;
    }

    /// Kernels need no matrix for these.
    private static Stream<Arguments> withoutKernels(Tensor large) {
        return Stream.of(
                refused(
                        "softsort sort",
                        () -> SOFT.method(new Method.SoftSort()).sort(large),
                        "MiB",
                        "topK",
                        "-Xmx"),
                refused("rank", () -> SOFT.rank(large), "MiB", "-Xmx"),
                refused("neuralsort median", () -> SOFT.median(large), "(200000)", "MiB", "SoftSort", "-Xmx"),
                refused(
                        "neuralsort max",
                        () -> SOFT.method(new Method.NeuralSort()).max(large),
                        "MiB",
                        "SoftSort"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"shapes", "axes", "options", "derivatives", "sizes"})
    void badArgumentsAreNamedWithTheirValueAndTheRemedy(String name, Executable action, List<String> parts) {
        assertMessage(assertThrows(IllegalArgumentException.class, action), parts);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nulls")
    void nullArgumentsAreNamed(String name, Executable action, List<String> parts) {
        RuntimeException thrown = assertThrows(RuntimeException.class, action);
        assertTrue(
                thrown instanceof NullPointerException || thrown instanceof IllegalArgumentException,
                () -> "unexpected " + thrown);
        String message = String.valueOf(thrown.getMessage());
        assertTrue(!message.startsWith("Cannot "), () -> "an obscure failure: " + message);
        assertMessage(thrown, parts);
    }

    private static void assertMessage(RuntimeException thrown, List<String> parts) {
        String message = String.valueOf(thrown.getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "\"" + part + "\" is not in: " + message);
        }
    }
}
