package io.github.softgrad.gradients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Pullback;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Every elementwise rule multiplies its derivative by the cotangent that reaches it, in each of its arguments.
///
/// A function that is differentiated alone does not show it: there every cotangent is 1.
class CotangentTest {

    private static final Tensor X = Tensor.of(0.3, 0.6, 0.9);
    private static final Tensor Y = Tensor.of(0.5, 0.6, 0.2);
    private static final Tensor COTANGENT = Tensor.of(2, -3, 5);

    private static Map<String, UnaryOperator<Tensor>> unary() {
        Map<String, UnaryOperator<Tensor>> table = new LinkedHashMap<>();
        table.put("unaryMinus", Tensor::unaryMinus);
        table.put("abs", Tensor::abs);
        table.put("square", Tensor::square);
        table.put("reciprocal", Tensor::reciprocal);
        table.put("sqrt", Tensor::sqrt);
        table.put("cbrt", Tensor::cbrt);
        table.put("exp", Tensor::exp);
        table.put("expm1", Tensor::expm1);
        table.put("log", Tensor::log);
        table.put("log1p", Tensor::log1p);
        table.put("sin", Tensor::sin);
        table.put("cos", Tensor::cos);
        table.put("tan", Tensor::tan);
        table.put("arcsin", Tensor::arcsin);
        table.put("arccos", Tensor::arccos);
        table.put("arctan", Tensor::arctan);
        table.put("sinh", Tensor::sinh);
        table.put("cosh", Tensor::cosh);
        table.put("tanh", Tensor::tanh);
        table.put("safe sqrt", SafeMath::sqrt);
        table.put("safe log", SafeMath::log);
        table.put("safe arcsin", SafeMath::arcsin);
        table.put("safe arccos", SafeMath::arccos);
        return table;
    }

    private static Map<String, BinaryOperator<Tensor>> binary() {
        Map<String, BinaryOperator<Tensor>> table = new LinkedHashMap<>();
        table.put("plus", Tensor::plus);
        table.put("minus", Tensor::minus);
        table.put("times", Tensor::times);
        table.put("div", Tensor::div);
        table.put("pow", Tensor::pow);
        table.put("minimum", Tensor::minimum);
        table.put("maximum", Tensor::maximum);
        table.put("arctan2", Tensor::arctan2);
        table.put("safe div", SafeMath::div);
        table.put("select where true", (a, b) -> Tensor.select(X.greater(0), a, b));
        table.put("select where false", (a, b) -> Tensor.select(X.less(0), a, b));
        return table;
    }

    @Test
    void aRuleOfOneArgumentMultipliesByTheCotangent() {
        unary().forEach((name, function) -> {
            Pullback<Tensor> pullback = Autodiff.vjp(function::apply, X);
            Tensor derivative = pullback.pull(X.onesLike());
            Nearly.same(derivative.times(COTANGENT), pullback.pull(COTANGENT), 1e-15, name);
        });
    }

    @Test
    void aRuleOfTwoArgumentsMultipliesByTheCotangentInBoth() {
        binary().forEach((name, function) -> {
            Pullback<List<Tensor>> pullback = Autodiff.vjp(x -> function.apply(x.get(0), x.get(1)), List.of(X, Y));
            List<Tensor> derivatives = pullback.pull(X.onesLike());
            List<Tensor> pulled = pullback.pull(COTANGENT);
            for (int i = 0; i < 2; i++) {
                Nearly.same(derivatives.get(i).times(COTANGENT), pulled.get(i), 1e-14, name + ", argument " + i);
            }
        });
    }

    @Test
    void theSmallerOrLargerOfTwoHasTheDerivative() {
        Pullback<List<Tensor>> minimum = Autodiff.vjp(x -> x.get(0).minimum(x.get(1)), List.of(X, Y));
        Pullback<List<Tensor>> maximum = Autodiff.vjp(x -> x.get(0).maximum(x.get(1)), List.of(X, Y));
        Tensor falling = Tensor.of(1, 0.5, 0);
        Tensor rising = Tensor.of(0, 0.5, 1);
        assertEquals(List.of(falling, rising), minimum.pull(X.onesLike()));
        assertEquals(List.of(rising, falling), maximum.pull(X.onesLike()));
    }
}
