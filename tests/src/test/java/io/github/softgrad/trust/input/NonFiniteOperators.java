package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.NonFinite.alongAxis;
import static io.github.softgrad.trust.input.NonFinite.elementwise;

import io.github.softgrad.Order;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/// The operators whose NaN and infinities are documented.
final class NonFiniteOperators {
    private static final Tensor FOUR = Tensor.of(1, 2, 3, 4);

    private NonFiniteOperators() {}

    /// Those that a method chooses the relaxation of.
    static List<NonFinite> withMethods() {
        return List.of(
                alongAxis("argmax", (soft, x) -> soft.argmax(x, 1).probabilities()),
                alongAxis("argmin", (soft, x) -> soft.argmin(x, 1).probabilities()),
                alongAxis("max", (soft, x) -> soft.max(x, 1)),
                alongAxis("min", (soft, x) -> soft.min(x, 1)),
                alongAxis(
                        "argsort",
                        (soft, x) -> soft.argsort(x, 1, Order.ASCENDING).probabilities()),
                alongAxis("sort", (soft, x) -> soft.sort(x, 1, Order.ASCENDING)),
                alongAxis("rank", (soft, x) -> soft.rank(x, 1, Order.DESCENDING)),
                alongAxis("topK values", (soft, x) -> soft.topK(x, 2, 1).values()),
                alongAxis("topK index", (soft, x) -> soft.topK(x, 2, 1).index().probabilities()),
                alongAxis("topKMask", (soft, x) -> soft.topKMask(x, 2, 1)),
                alongAxis("quantile, q = 0.3", (soft, x) -> soft.quantile(x, 0.3, 1)),
                alongAxis(
                        "argquantile, q = 0.3",
                        (soft, x) -> soft.argquantile(x, 0.3, 1).probabilities()),
                alongAxis("median", (soft, x) -> soft.median(x, 1)));
    }

    /// Those that depend on the mode alone, along an axis.
    static List<NonFinite> alongAnAxis() {
        return List.of(
                alongAxis("projectSimplex", (soft, x) -> soft.projectSimplex(x, 1)),
                alongAxis("logProjectSimplex", (soft, x) -> soft.logProjectSimplex(x, 1)),
                alongAxis("projectPermutahedron, z", (soft, x) -> soft.projectPermutahedron(x, FOUR)),
                alongAxis("projectPermutahedron, w", (soft, x) -> soft.projectPermutahedron(FOUR, x)),
                alongAxis("projectPermutahedronSmooth", (soft, x) -> soft.projectPermutahedronSmooth(x, x, 1)),
                alongAxis(
                        "projectTransport",
                        (soft, x) -> soft.projectTransport(x.reshape(3, 2, 2), Tensor.ones(2), Tensor.ones(2))));
    }

    static List<NonFinite> elementwiseOnes() {
        Tensor half = Tensor.scalar(0.5);
        return List.of(
                elementwise("heaviside(x)", Soft::heaviside),
                elementwise("sign(x)", Soft::sign),
                elementwise("abs(x)", Soft::abs),
                elementwise("relu(x)", Soft::relu),
                elementwise("gated relu(x)", (soft, x) -> soft.gated(true).relu(x)),
                elementwise("clip(x, -1, 1)", (soft, x) -> soft.clip(x, -1, 1)),
                elementwise(
                        "gated clip(x, -1, 1)", (soft, x) -> soft.gated(true).clip(x, -1, 1)),
                elementwise("clip(0, x, 1)", (soft, x) -> soft.clip(x.zerosLike(), x, x.onesLike())),
                elementwise("round(x)", Soft::round),
                truth("greater(x, 0.5)", (soft, x) -> soft.greater(x, half)),
                truth("greaterEqual(x, 0.5)", (soft, x) -> soft.greaterEqual(x, half)),
                truth("less(x, 0.5)", (soft, x) -> soft.less(x, half)),
                truth("lessEqual(x, 0.5)", (soft, x) -> soft.lessEqual(x, half)),
                truth("greater(x, x)", (soft, x) -> soft.greater(x, x)),
                truth("equal(x, 0.5)", (soft, x) -> soft.equal(x, half)),
                truth("equal(x, x)", (soft, x) -> soft.equal(x, x)),
                truth("notEqual(x, 0.5)", (soft, x) -> soft.notEqual(x, half)),
                truth("isClose(x, 0.5)", (soft, x) -> soft.isClose(x, half)),
                truth("isClose(x, x)", (soft, x) -> soft.isClose(x, x)));
    }

    private static NonFinite truth(String name, BiFunction<Soft, Tensor, SoftBool> comparison) {
        return elementwise(name, comparison.andThen(SoftBool::asTensor)::apply);
    }

    /// Those that do not depend on the recipe.
    static List<NonFinite> withoutRecipe() {
        Tensor half = Tensor.scalar(0.5);
        return List.of(
                elementwise("SafeMath.sqrt(x)", (soft, x) -> SafeMath.sqrt(x)),
                elementwise("SafeMath.log(x)", (soft, x) -> SafeMath.log(x)),
                elementwise("SafeMath.arcsin(x)", (soft, x) -> SafeMath.arcsin(x)),
                elementwise("SafeMath.arccos(x)", (soft, x) -> SafeMath.arccos(x)),
                elementwise("SafeMath.div(x, 0.5)", (soft, x) -> SafeMath.div(x, half)),
                elementwise("SafeMath.div(0.5, x)", (soft, x) -> SafeMath.div(half, x)),
                elementwise("SafeMath.div(x, 0)", (soft, x) -> SafeMath.div(x, Tensor.scalar(0))),
                alongAxis("SafeMath.norm(x, 1)", (soft, x) -> SafeMath.norm(x, 1, false)),
                elementwise("x.max of x and 0", (soft, x) -> x.maximum(0)),
                alongAxis("x.sum(1)", (soft, x) -> x.sum(1)),
                alongAxis("x.max(1)", (soft, x) -> x.max(1)),
                alongAxis("x.min(1)", (soft, x) -> x.min(1)),
                alongAxis("x.product(1)", (soft, x) -> x.product(1)),
                elementwise("select(1, 0.5, x)", (soft, x) -> Tensor.select(x.onesLike(), half, x)),
                truth("SoftBool.of(x).and(0.5)", (soft, x) -> SoftBool.of(x).and(SoftBool.of(half))),
                truth("SoftBool.of(x).or(0.5)", (soft, x) -> SoftBool.of(x).or(SoftBool.of(half))),
                elementwise(
                        "where of 1, 0.5 and x",
                        (soft, x) -> SoftBool.of(x.onesLike()).where(half, x)),
                alongAxis(
                        "SoftIndex.of(x).entropy()",
                        (soft, x) -> SoftIndex.of(x).entropy()));
    }
}
