package io.github.softgrad.properties;

import static io.github.softgrad.properties.NestedLoops.offset;
import static io.github.softgrad.properties.NestedLoops.over;
import static io.github.softgrad.properties.NestedLoops.size;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Elementwise arithmetic equals plain loops over every pair of shapes that broadcasts.
class TensorArithmeticTest {

    private record Binary(BinaryOperator<Tensor> tensors, DoubleBinaryOperator numbers) {}

    private record Unary(UnaryOperator<Tensor> tensors, DoubleUnaryOperator numbers) {}

    private static double truth(boolean condition) {
        return condition ? 1 : 0;
    }

    private static Map<String, Binary> binaries() {
        Map<String, Binary> table = new LinkedHashMap<>();
        table.put("plus", new Binary(Tensor::plus, Double::sum));
        table.put("minus", new Binary(Tensor::minus, (a, b) -> a - b));
        table.put("times", new Binary(Tensor::times, (a, b) -> a * b));
        table.put("div", new Binary(Tensor::div, (a, b) -> a / b));
        table.put("pow", new Binary(Tensor::pow, Math::pow));
        table.put("arctan2", new Binary(Tensor::arctan2, Math::atan2));
        table.put("minimum", new Binary(Tensor::minimum, Math::min));
        table.put("maximum", new Binary(Tensor::maximum, Math::max));
        table.put("less", new Binary(Tensor::less, (a, b) -> truth(a < b)));
        table.put("lessEqual", new Binary(Tensor::lessEqual, (a, b) -> truth(a <= b)));
        table.put("greater", new Binary(Tensor::greater, (a, b) -> truth(a > b)));
        table.put("greaterEqual", new Binary(Tensor::greaterEqual, (a, b) -> truth(a >= b)));
        table.put("equal", new Binary(Tensor::equal, (a, b) -> truth(a == b)));
        table.put("notEqual", new Binary(Tensor::notEqual, (a, b) -> truth(a != b)));
        return table;
    }

    private static Map<String, Unary> unaries() {
        Map<String, Unary> table = new LinkedHashMap<>();
        table.put("unaryMinus", new Unary(Tensor::unaryMinus, a -> -a));
        table.put("abs", new Unary(Tensor::abs, Math::abs));
        table.put("sign", new Unary(Tensor::sign, Math::signum));
        table.put("square", new Unary(Tensor::square, a -> a * a));
        table.put("reciprocal", new Unary(Tensor::reciprocal, a -> 1 / a));
        table.put("sqrt", new Unary(Tensor::sqrt, Math::sqrt));
        table.put("cbrt", new Unary(Tensor::cbrt, Math::cbrt));
        table.put("exp", new Unary(Tensor::exp, Math::exp));
        table.put("expm1", new Unary(Tensor::expm1, Math::expm1));
        table.put("log", new Unary(Tensor::log, Math::log));
        table.put("log1p", new Unary(Tensor::log1p, Math::log1p));
        table.put("sin", new Unary(Tensor::sin, Math::sin));
        table.put("cos", new Unary(Tensor::cos, Math::cos));
        table.put("tan", new Unary(Tensor::tan, Math::tan));
        table.put("arcsin", new Unary(Tensor::arcsin, Math::asin));
        table.put("arccos", new Unary(Tensor::arccos, Math::acos));
        table.put("arctan", new Unary(Tensor::arctan, Math::atan));
        table.put("sinh", new Unary(Tensor::sinh, Math::sinh));
        table.put("cosh", new Unary(Tensor::cosh, Math::cosh));
        table.put("tanh", new Unary(Tensor::tanh, Math::tanh));
        table.put("floor", new Unary(Tensor::floor, Math::floor));
        table.put("ceil", new Unary(Tensor::ceil, Math::ceil));
        table.put("round", new Unary(Tensor::round, Math::rint));
        return table;
    }

    private static final int[][] SHAPES = {
        {},
        {1},
        {3},
        {0},
        {1, 3},
        {2, 1},
        {2, 3},
        {2, 0},
        {1, 1, 1},
        {4, 1, 3},
        {1, 2, 1},
        {4, 2, 3},
        {4, 2, 1},
        {2, 1, 2, 3},
        {5, 1, 1, 1}
    };

    static Stream<Arguments> shapePairs() {
        return Stream.of(SHAPES)
                .flatMap(a -> Stream.of(SHAPES).filter(b -> broadcasts(a, b)).map(b -> Arguments.of(a, b)));
    }

    private static boolean broadcasts(int[] a, int[] b) {
        for (int i = 1; i <= Math.min(a.length, b.length); i++) {
            int first = a[a.length - i];
            int second = b[b.length - i];
            if (first != second && first != 1 && second != 1) {
                return false;
            }
        }
        return true;
    }

    private static int[] broadcast(int[] a, int[] b) {
        int[] shape = a.length >= b.length ? a.clone() : b.clone();
        for (int i = 1; i <= Math.min(a.length, b.length); i++) {
            int first = a[a.length - i];
            shape[shape.length - i] = first == 1 ? b[b.length - i] : first;
        }
        return shape;
    }

    @ParameterizedTest
    @MethodSource("shapePairs")
    void binaryOperationsBroadcastLikeLoops(int[] shapeA, int[] shapeB) {
        Random random = new Random(7);
        double[] a = random.doubles(size(shapeA), 0.2, 3)
                .map(x -> Math.rint(4 * x) / 4)
                .toArray();
        double[] b = random.doubles(size(shapeB), 0.2, 3)
                .map(x -> Math.rint(4 * x) / 4)
                .toArray();
        int[] shape = broadcast(shapeA, shapeB);
        binaries().forEach((name, operation) -> {
            double[] expected = new double[size(shape)];
            over(
                    shape,
                    at -> expected[offset(shape, at)] =
                            operation.numbers.applyAsDouble(a[offset(shapeA, at)], b[offset(shapeB, at)]));
            Tensor actual = operation.tensors.apply(Tensor.of(shapeA, a), Tensor.of(shapeB, b));
            Nearly.shape(shape, actual, name);
            Nearly.same(expected, actual, 1e-15, name);
        });
    }

    @Test
    void elementaryFunctionsAreThoseOfMath() {
        double[] x = {
            -2.5,
            -1,
            -0.75,
            -0.0,
            0,
            1e-9,
            0.25,
            0.5,
            1,
            1.5,
            30,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        unaries()
                .forEach((name, operation) -> Nearly.same(
                        Arrays.stream(x).map(operation.numbers).toArray(),
                        operation.tensors.apply(Tensor.of(x)),
                        1e-15,
                        name));
    }

    @Test
    void aNumberActsLikeAScalar() {
        Tensor x = Tensor.of(1, 2, 4);
        assertEquals(Tensor.of(3, 4, 6), x.plus(2));
        assertEquals(Tensor.of(-1, 0, 2), x.minus(2));
        assertEquals(Tensor.of(2, 4, 8), x.times(2));
        assertEquals(Tensor.of(0.5, 1, 2), x.div(2));
        assertEquals(Tensor.of(1, 4, 16), x.pow(2));
        assertEquals(Tensor.of(1, 2, 2), x.minimum(2));
        assertEquals(Tensor.of(2, 2, 4), x.maximum(2));
        assertEquals(Tensor.of(1, 0, 0), x.less(2));
        assertEquals(Tensor.of(0, 0, 1), x.greater(2));
        assertEquals(Tensor.of(0, 1, 0), x.equal(2));
        assertEquals(Tensor.of(1, 0, 1), x.notEqual(2));
    }

    @Test
    void comparisonsWithNaNAreFalseExceptNotEqual() {
        Tensor nan = Tensor.of(Double.NaN);
        for (Tensor other : new Tensor[] {Tensor.of(1), nan}) {
            assertEquals(0, nan.less(other).item());
            assertEquals(0, nan.lessEqual(other).item());
            assertEquals(0, nan.greater(other).item());
            assertEquals(0, nan.greaterEqual(other).item());
            assertEquals(0, nan.equal(other).item());
            assertEquals(1, nan.notEqual(other).item());
        }
    }

    @Test
    void selectTakesTheChosenBranchAndIgnoresTheOther() {
        Tensor condition = Tensor.of(new int[] {2, 1}, 1, 0);
        Tensor chosen = Tensor.select(condition, Tensor.of(1, 2), Tensor.of(Double.NaN, 5));
        Nearly.same(new double[] {1, 2, Double.NaN, 5}, chosen, 0, "select");
        assertArrayEquals(new int[] {2, 2}, chosen.shape());
    }

    @Test
    void longVectorsAreComputedToTheLastElement() {
        for (int n : new int[] {63, 64, 65, 1023, 4097}) {
            Tensor x = Tensor.range(n);
            double[] sums = x.plus(x).minus(1).toDoubles();
            for (int i = 0; i < n; i++) {
                assertEquals(2.0 * i - 1, sums[i], "n = " + n + ", entry " + i);
            }
        }
    }
}
