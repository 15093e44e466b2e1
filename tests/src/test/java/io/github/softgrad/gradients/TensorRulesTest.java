package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkGradients;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// First and second derivatives of every tensor operation agree with central differences.
class TensorRulesTest {
    /// No two entries are equal, none is a whole number or half of one.
    private static final Tensor MATRIX = Tensor.of(new double[][] {{0.42, -1.31, 0.77}, {1.85, 0.13, -0.64}});

    private static final Tensor OTHER = Tensor.of(new double[][] {{1.1, 0.3, -0.9}, {0.8, 2.2, 1.4}});

    private static Arguments rule(String name, Function<Tensor, Tensor> function) {
        return Arguments.of(name, function);
    }

    private static Tensor row(Tensor x) {
        return x.get(0);
    }

    static Stream<Arguments> elementwise() {
        return Stream.of(
                rule("plus", x -> x.plus(row(x))),
                rule("minus", x -> row(x).minus(x)),
                rule("times", x -> x.times(row(x))),
                rule("div", x -> x.div(row(x))),
                rule(
                        "column broadcast",
                        x -> x.slice(1, 0, 1)
                                .times(x)
                                .div(x.slice(1, 1, 2).square().plus(1))),
                rule("scalar broadcast", x -> x.times(x.get(0, 1))),
                rule("pow number", x -> x.pow(3)),
                rule("pow tensor", x -> x.abs().plus(0.5).pow(row(x))),
                rule("minimum", x -> x.minimum(OTHER).square()),
                rule("maximum", x -> x.maximum(OTHER).square()),
                rule("maximum of a number", x -> x.maximum(0.1).square()),
                rule("arctan2", x -> x.arctan2(row(x).plus(2))),
                rule("abs", x -> x.abs().times(x)),
                rule(
                        "sign, floor, ceil, round",
                        x -> x.sign()
                                .plus(x.floor())
                                .plus(x.ceil())
                                .plus(x.round())
                                .times(x)),
                rule(
                        "comparisons",
                        x -> x.less(OTHER).plus(x.greaterEqual(OTHER)).times(x.square())),
                rule("select", x -> Tensor.select(OTHER.greater(1), x.square(), x.exp())),
                rule("select by the variable", x -> Tensor.select(x.greater(0), x.square(), x.sin())));
    }

    static Stream<Arguments> reductions() {
        return Stream.of(
                rule("sum", x -> x.square().sum().sin()),
                rule("sum 0", x -> x.square().sum(0).sin()),
                rule("sum -1", x -> x.square().sum(-1).sin()),
                rule("mean 0 kept", x -> x.square().mean(0, true).times(x)),
                rule("max", x -> x.max().square()),
                rule("max 1", x -> x.max(1).square()),
                rule("min 0", x -> x.min(0).square()),
                rule("product", Tensor::product),
                rule("product 0", x -> x.product(0)),
                rule("product with a zero", x -> x.times(Tensor.of(1, 0, 2)).product(1)),
                rule(
                        "product with zeros",
                        x -> x.minus(MATRIX).plus(Tensor.of(0, 0, 3)).product(1)),
                rule("dot", x -> x.dot(x.sin())));
    }

    static Stream<Arguments> structure() {
        return Stream.of(
                rule(
                        "reshape",
                        x -> x.square().reshape(3, -1).times(Tensor.range(6).reshape(3, 2))),
                rule("transpose", x -> x.transpose().times(x.reshape(3, 2))),
                rule("moveAxis", x -> x.reshape(1, 2, 3).moveAxis(0, -1).square()),
                rule("swapAxes", x -> x.swapAxes(0, 1).square()),
                rule("expandDims and squeeze", x -> x.expandDims(1).square().squeeze(1)),
                rule(
                        "broadcastTo",
                        x -> x.broadcastTo(4, 2, 3)
                                .times(Tensor.range(24).reshape(4, 2, 3))
                                .square()),
                rule("slice", x -> x.slice(1, 1, 3).square()),
                rule("slice by 2", x -> x.slice(1, 0, 3, 2).square()),
                rule("flip", x -> x.flip(1).times(x)),
                rule("get", x -> x.get(1, -1).square()),
                rule(
                        "take with repetition",
                        x -> x.take(new int[] {2, 0, 2, 2}, 1).square()),
                rule(
                        "takeAlongAxis",
                        x -> x.takeAlongAxis(Tensor.of(new double[][] {{0, 2}, {-1, 2}}), 1)
                                .square()),
                rule(
                        "concatenate",
                        x -> Tensor.concatenate(1, x, x.square(), x.slice(1, 0, 1))
                                .sin()),
                rule("stack", x -> Tensor.stack(1, x, x.square()).sin()),
                rule("nothing", x -> Tensor.concatenate(0, x.slice(0, 0, 0), x).square()),
                rule("toDType", x -> x.square().toDType(DType.FLOAT64).exp()));
    }

    static Stream<Arguments> products() {
        return Stream.of(
                rule("matrix by matrix", x -> x.matmul(x.transpose())),
                rule("matrix by vector", x -> x.matmul(row(x))),
                rule("vector by matrix", x -> row(x).matmul(x.transpose())),
                rule("vector by vector", x -> row(x).matmul(x.get(1))),
                rule(
                        "batches broadcast on the left",
                        x -> x.matmul(x.reshape(1, 3, 2).broadcastTo(4, 3, 2))),
                rule("batches broadcast on the right", x -> x.expandDims(1).matmul(x.transpose())),
                rule("batches by a vector", x -> Tensor.stack(0, x, x.sin()).matmul(row(x))));
    }

    static Stream<Arguments> safe() {
        return Stream.of(
                rule("sqrt", x -> SafeMath.sqrt(x)),
                rule("log", x -> SafeMath.log(x)),
                rule("arcsin", x -> SafeMath.arcsin(x)),
                rule("arccos", x -> SafeMath.arccos(x)),
                rule("div", x -> SafeMath.div(x, row(x))),
                rule("div by some zeros", x -> SafeMath.div(x, row(x).times(Tensor.of(1, 0, 2)))),
                rule("norm", x -> SafeMath.norm(x)),
                rule("norm of huge entries", x -> SafeMath.norm(x.times(1e200)).times(1e-200)),
                rule("norm 0", x -> SafeMath.norm(x, 0, true).times(x)),
                rule("norm -1", x -> SafeMath.norm(x, -1, false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"elementwise", "reductions", "structure", "products", "safe"})
    void derivativesAgreeWithCentralDifferences(String name, Function<Tensor, Tensor> function) {
        checkGradients(function, MATRIX, 2);
    }

    @Test
    void tiedEntriesShareTheDerivative() {
        Tensor ties = Tensor.of(3, 1, 3);
        Nearly.same(new double[] {0.5, 0, 0.5}, Autodiff.grad(Tensor::max, ties), 0, "max");
        Nearly.same(new double[] {0, 1, 0}, Autodiff.grad(Tensor::min, ties), 0, "min");
        Nearly.same(new double[] {0.5, 0, 0.5}, Autodiff.grad(x -> x.maximum(3).sum(), ties), 0, "maximum");
        Nearly.same(new double[] {0.5, 1, 0.5}, Autodiff.grad(x -> x.minimum(3).sum(), ties), 0, "minimum");
        Nearly.same(new double[] {1, 1, 1}, Autodiff.grad(x -> x.maximum(x).sum(), ties), 0, "maximum of itself");
        Nearly.same(new double[] {0}, Autodiff.grad(x -> x.abs().sum(), Tensor.of(0)), 0, "abs at 0");
    }

    @Test
    void guardedBranchesThatAreNotSelectedDoNotSpoilTheDerivative() {
        Tensor gradient = gradient(
                x -> {
                    Tensor inside = x.greater(0);
                    Tensor root = Tensor.select(inside, x, x.onesLike()).sqrt();
                    return Tensor.select(inside, root, Tensor.scalar(Double.NaN).times(0));
                },
                Tensor.of(4, 16));
        Nearly.same(new double[] {0.25, 0.125}, gradient, 0, "a constant NaN that is not selected");
        Tensor edge = gradient(
                x -> Tensor.select(
                        x.greater(0),
                        Tensor.select(x.greater(0), x, x.onesLike()).sqrt(),
                        x.zerosLike()),
                Tensor.of(-1, 4));
        Nearly.same(new double[] {0, 0.25}, edge, 0, "a guarded root");
    }

    @Test
    void safeFunctionsHaveDerivativeZeroAtAndBeyondTheEdge() {
        Tensor edge = Tensor.of(-2, -1, 0, 1, 2);
        double[] zeros = new double[5];
        Nearly.same(new double[] {0, 0, 0, 0.5, Math.sqrt(0.125)}, gradient(SafeMath::sqrt, edge), 1e-15, "sqrt");
        Nearly.same(new double[] {0, 0, 0, 1, 0.5}, gradient(SafeMath::log, edge), 1e-15, "log");
        Nearly.same(new double[] {0, 0, 1, 0, 0}, gradient(SafeMath::arcsin, edge), 1e-15, "arcsin");
        Nearly.same(new double[] {0, 0, -1, 0, 0}, gradient(SafeMath::arccos, edge), 1e-15, "arccos");
        Nearly.same(zeros, gradient(x -> SafeMath.div(x, x.zerosLike()), edge), 0, "div");
        Nearly.same(zeros, gradient(x -> SafeMath.div(Tensor.scalar(1), x.times(0)), edge), 0, "div by x");
        Nearly.same(zeros, gradient(x -> SafeMath.norm(x), Tensor.zeros(5)), 0, "norm");
        for (Function<Tensor, Tensor> f : Stream.<Function<Tensor, Tensor>>of(
                        SafeMath::sqrt,
                        SafeMath::log,
                        SafeMath::arcsin,
                        SafeMath::arccos,
                        x -> SafeMath.norm(x.times(0)))
                .toList()) {
            for (double entry :
                    gradient(x -> Autodiff.grad(y -> f.apply(y).sum(), x), edge).toDoubles()) {
                assertTrue(Double.isFinite(entry), "second derivative");
            }
        }
    }

    private static Tensor gradient(Function<Tensor, Tensor> function, Tensor at) {
        return Autodiff.grad(x -> function.apply(x).sum(), at);
    }
}
