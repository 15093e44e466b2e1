package io.github.softgrad.gradients;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Values and derivatives up to the third of elementary and composite functions are those of Hipparchus.
class ElementaryDerivativesTest {

    private static Arguments function(
            String name, UnaryOperator<Tensor> ours, UnaryOperator<DerivativeStructure> theirs, double... at) {
        return Arguments.of(name, ours, theirs, at);
    }

    static Stream<Arguments> functions() {
        return Stream.of(
                function("unaryMinus", Tensor::unaryMinus, DerivativeStructure::negate, -1.3, 0.7),
                function("abs", Tensor::abs, DerivativeStructure::abs, -1.3, 0.7),
                function("square", Tensor::square, DerivativeStructure::square, -1.3, 0, 0.7),
                function("reciprocal", Tensor::reciprocal, DerivativeStructure::reciprocal, -1.3, 0.7),
                function("sqrt", Tensor::sqrt, DerivativeStructure::sqrt, 0.3, 2.7),
                function("cbrt", Tensor::cbrt, x -> x.cbrt(), 0.3, 2.7),
                function("exp", Tensor::exp, DerivativeStructure::exp, -1.3, 0, 0.7),
                function("expm1", Tensor::expm1, DerivativeStructure::expm1, -1.3, 0, 1e-9),
                function("log", Tensor::log, DerivativeStructure::log, 0.3, 2.7),
                function("log1p", Tensor::log1p, DerivativeStructure::log1p, -0.3, 0, 1e-9, 2.7),
                function("sin", Tensor::sin, DerivativeStructure::sin, -1.3, 0, 0.7),
                function("cos", Tensor::cos, DerivativeStructure::cos, -1.3, 0, 0.7),
                function("tan", Tensor::tan, DerivativeStructure::tan, -1.3, 0, 0.7),
                function("arcsin", Tensor::arcsin, DerivativeStructure::asin, -0.9, 0, 0.7),
                function("arccos", Tensor::arccos, DerivativeStructure::acos, -0.9, 0, 0.7),
                function("arctan", Tensor::arctan, DerivativeStructure::atan, -1.3, 0, 0.7),
                function("sinh", Tensor::sinh, DerivativeStructure::sinh, -1.3, 0, 0.7),
                function("cosh", Tensor::cosh, DerivativeStructure::cosh, -1.3, 0, 0.7),
                function("tanh", Tensor::tanh, DerivativeStructure::tanh, -1.3, 0, 0.7),
                function("pow 3", x -> x.pow(3), x -> x.pow(3), -1.3, 0.7),
                function("pow 2.5", x -> x.pow(2.5), x -> x.pow(2.5), 0.3, 1.7),
                function("pow -1.5", x -> x.pow(-1.5), x -> x.pow(-1.5), 0.3, 1.7),
                function(
                        "2 pow x",
                        x -> Tensor.scalar(2).pow(x),
                        x -> x.multiply(Math.log(2)).exp(),
                        -1.3,
                        0,
                        0.7),
                function("x pow x", x -> x.pow(x), x -> x.pow(x), 0.3, 1.7),
                function("floor(x) x", x -> x.floor().times(x), x -> x.floor().multiply(x), -1.3, 0.7, 2.2));
    }

    static Stream<Arguments> composites() {
        return Stream.of(
                function(
                        "sin(x^2) e^-x",
                        x -> x.square().sin().times(x.unaryMinus().exp()),
                        x -> x.multiply(x).sin().multiply(x.negate().exp()),
                        -1.3,
                        0.4),
                function("log(1 + e^x)", x -> x.exp().log1p(), x -> x.exp().log1p(), -2, 0, 3),
                function(
                        "x / (1 + x^2)",
                        x -> x.div(x.square().plus(1)),
                        x -> x.divide(x.multiply(x).add(1)),
                        -1.3,
                        0,
                        0.4),
                function(
                        "atan(tanh(x) cosh(x))",
                        x -> x.tanh().times(x.cosh()).arctan(),
                        x -> x.tanh().multiply(x.cosh()).atan(),
                        -1.3,
                        0.4),
                function(
                        "x shared by many",
                        x -> x.times(x).minus(x).times(x.plus(x)).div(x.exp().plus(x)),
                        x -> x.multiply(x)
                                .subtract(x)
                                .multiply(x.add(x))
                                .divide(x.exp().add(x)),
                        0.4,
                        2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"functions", "composites"})
    void derivativesUpToTheThirdAreThoseOfHipparchus(
            String name, UnaryOperator<Tensor> ours, UnaryOperator<DerivativeStructure> theirs, double[] places) {
        for (double at : places) {
            double[] expected = Oracle.derivatives(theirs, at, 3);
            Nearly.same(expected, Tensor.of(Oracle.nested(ours, at, 3)), 1e-12, name + " at " + at);
        }
    }

    private static Arguments pair(
            String name, BinaryOperator<Tensor> ours, BinaryOperator<DerivativeStructure> theirs) {
        return Arguments.of(name, ours, theirs);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                pair("plus", Tensor::plus, DerivativeStructure::add),
                pair("minus", Tensor::minus, DerivativeStructure::subtract),
                pair("times", Tensor::times, DerivativeStructure::multiply),
                pair("div", Tensor::div, DerivativeStructure::divide),
                pair("pow", Tensor::pow, DerivativeStructure::pow),
                pair("arctan2", Tensor::arctan2, (a, b) -> a.atan2(b)),
                pair("maximum", Tensor::maximum, (a, b) -> a.getValue() > b.getValue() ? a : b),
                pair("minimum", Tensor::minimum, (a, b) -> a.getValue() < b.getValue() ? a : b),
                pair(
                        "sin(a b) / (a + e^b)",
                        (a, b) -> a.times(b).sin().div(a.plus(b.exp())),
                        (a, b) -> a.multiply(b).sin().divide(a.add(b.exp()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void gradientsAndHessiansOfTwoVariablesAreThoseOfHipparchus(
            String name, BiFunction<Tensor, Tensor, Tensor> ours, BinaryOperator<DerivativeStructure> theirs) {
        for (double a : new double[] {0.4, 1.7}) {
            for (double b : new double[] {0.9, 2.3}) {
                Tensor at = Tensor.of(a, b);
                double[] expected = Oracle.hessian(v -> theirs.apply(v[0], v[1]), a, b);
                Tensor hessian = Autodiff.hessian(x -> ours.apply(x.get(0), x.get(1)), at);
                Nearly.same(expected, hessian, 1e-12, name + " at " + at);
            }
        }
    }

    static DoubleStream exponents() {
        return DoubleStream.of(0, 1, 2, 3);
    }

    /// The mixed second derivative of b^e is `b^(e-1) (1 + e log b)`, for the exponent 0 as well.
    @ParameterizedTest
    @MethodSource("exponents")
    void theHessianOfAPowerIsSymmetricAtWholeExponents(double exponent) {
        double base = 1.6;
        double log = Math.log(base);
        double power = Math.pow(base, exponent);
        double mixed = power / base * (1 + exponent * log);
        double[] expected = {exponent * (exponent - 1) * power / base / base, mixed, mixed, power * log * log};
        Tensor hessian = Autodiff.hessian(x -> x.get(0).pow(x.get(1)), Tensor.of(base, exponent));
        Nearly.same(expected, hessian, 1e-14, "exponent " + exponent);
    }

    @ParameterizedTest
    @MethodSource("exponents")
    void powersOfZeroHaveFiniteDerivativesAtWholeExponents(double exponent) {
        double[] derivatives = Oracle.nested(x -> x.pow(exponent), 0, 3);
        double[] expected = new double[4];
        expected[(int) exponent] = new double[] {1, 1, 2, 6}[(int) exponent];
        Nearly.same(expected, Tensor.of(derivatives), 1e-14, "0 to the power " + exponent);
    }
}
