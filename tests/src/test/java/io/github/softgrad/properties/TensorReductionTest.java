package io.github.softgrad.properties;

import static io.github.softgrad.properties.NestedLoops.offset;
import static io.github.softgrad.properties.NestedLoops.over;
import static io.github.softgrad.properties.NestedLoops.size;
import static io.github.softgrad.properties.NestedLoops.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.DType;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Sums, means, extremes, products and matrix products equal plain loops.
class TensorReductionTest {

    private interface AlongAxis {
        Tensor apply(Tensor x, int axis);
    }

    private record Reduction(AlongAxis tensors, ToDoubleFunction<double[]> numbers) {}

    private static Map<String, Reduction> reductions() {
        Map<String, Reduction> table = new LinkedHashMap<>();
        table.put("sum", new Reduction(Tensor::sum, line -> Arrays.stream(line).sum()));
        table.put(
                "mean",
                new Reduction(
                        Tensor::mean, line -> Arrays.stream(line).average().orElseThrow()));
        table.put(
                "max",
                new Reduction(Tensor::max, line -> Arrays.stream(line).max().orElseThrow()));
        table.put(
                "min",
                new Reduction(Tensor::min, line -> Arrays.stream(line).min().orElseThrow()));
        table.put(
                "product",
                new Reduction(Tensor::product, line -> Arrays.stream(line).reduce(1, (a, b) -> a * b)));
        return table;
    }

    static Stream<Arguments> shapesAndAxes() {
        List<Arguments> cases = new ArrayList<>();
        for (int[] shape : new int[][] {
            {1}, {5}, {7}, {200}, {3, 11}, {9, 2}, {2, 3}, {1, 4}, {4, 1}, {2, 3, 4}, {3, 1, 2}, {0, 3}, {2, 3, 0}
        }) {
            for (int axis = -shape.length; axis < shape.length; axis++) {
                if (shape[Math.floorMod(axis, shape.length)] > 0) {
                    cases.add(Arguments.of(shape, axis));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("shapesAndAxes")
    void reductionsEqualLoopsOnEveryAxis(int[] shape, int axis) {
        double[] x = new Random(3).doubles(size(shape), -2, 2).toArray();
        int at = Math.floorMod(axis, shape.length);
        int[] reduced = with(shape, at, 1);
        reductions().forEach((name, reduction) -> {
            double[] expected = new double[size(reduced)];
            over(reduced, position -> {
                double[] line = new double[shape[at]];
                for (int k = 0; k < line.length; k++) {
                    line[k] = x[offset(shape, with(position, at, k))];
                }
                expected[offset(reduced, position)] = reduction.numbers.applyAsDouble(line);
            });
            Tensor actual = reduction.tensors.apply(Tensor.of(shape, x), axis);
            Nearly.same(Tensor.of(reduced, expected).squeeze(at), actual, 1e-13, name + " along " + axis);
        });
    }

    @Test
    void withoutAnAxisEverythingIsReduced() {
        Tensor x = Tensor.of(new double[][] {{1, -2}, {3, 4}});
        assertEquals(6, x.sum().item());
        assertEquals(1.5, x.mean().item());
        assertEquals(4, x.max().item());
        assertEquals(-2, x.min().item());
        assertEquals(-24, x.product().item());
        assertEquals(0, x.sum().rank());
        assertEquals(7, Tensor.scalar(7).max().item());
    }

    @Test
    void keptAxesHaveLengthOne() {
        Tensor x = Tensor.of(new double[][] {{1, -2}, {3, 4}});
        assertEquals(Tensor.of(new double[][] {{-1}, {7}}), x.sum(1, true));
        assertEquals(Tensor.of(new double[][] {{2, 1}}), x.mean(-2, true));
        assertEquals(Tensor.of(new double[][] {{1}, {4}}), x.max(-1, true));
        assertEquals(Tensor.of(new double[][] {{1, -2}}), x.min(0, true));
    }

    @Test
    void sumsAndProductsOfNothingAreZeroAndOne() {
        assertEquals(0, Tensor.zeros(0).sum().item());
        assertEquals(1, Tensor.zeros(0).product().item());
        assertEquals(Tensor.of(0, 0), Tensor.zeros(2, 0).sum(1));
        assertEquals(Tensor.of(1, 1), Tensor.zeros(2, 0).product(1));
    }

    @Test
    void extremesOfNothingAreRefusedByTheirNames() {
        Tensor nothing = Tensor.zeros(2, 0);
        var largest = assertThrows(IllegalArgumentException.class, () -> nothing.max(1));
        var smallest = assertThrows(IllegalArgumentException.class, () -> nothing.min(1));
        assertTrue(largest.getMessage().startsWith("max along axis 1"), largest.getMessage());
        assertTrue(smallest.getMessage().startsWith("min along axis 1"), smallest.getMessage());
    }

    @Test
    void aNaNWinsMaxAndMinOfItsLineOnly() {
        Tensor x = Tensor.of(new double[][] {{1, Double.NaN, 3}, {1, 2, 3}});
        Nearly.same(new double[] {Double.NaN, 3}, x.max(1), 0, "max");
        Nearly.same(new double[] {Double.NaN, 1}, x.min(1), 0, "min");
    }

    @Test
    void anExtremeOfALineIsFoundWhereverItStands() {
        for (int length = 1; length <= 11; length++) {
            for (int place = 0; place < length; place++) {
                double[] line = new double[length];
                line[place] = 5;
                assertEquals(5, Tensor.of(line).max().item(), "largest at " + place + " of " + length);
                line[place] = -5;
                assertEquals(-5, Tensor.of(line).min().item(), "smallest at " + place + " of " + length);
                line[place] = Double.NaN;
                assertEquals(Double.NaN, Tensor.of(line).max().item(), "NaN at " + place + " of " + length);
                assertEquals(Double.NaN, Tensor.of(line).min().item(), "NaN at " + place + " of " + length);
            }
        }
        assertEquals(0.0, Tensor.of(-0.0, 0.0).max().item());
        assertEquals(-0.0, Tensor.of(0.0, -0.0).min().item());
    }

    @Test
    void longSumsKeepTheirDigits() {
        double[] tenths = new double[1_000_000];
        Arrays.fill(tenths, 0.1);
        assertEquals(100_000, Tensor.of(tenths).sum().item(), 1e-9);
    }

    /// Longer than what is multiplied at once, along the last axis and along one before it.
    @ParameterizedTest
    @EnumSource
    void longProductsAreThoseOfAllTheirEntries(DType dtype) {
        for (int inner : new int[] {1, 3}) {
            int length = 70_001;
            double[] logarithms =
                    new Random(7).doubles(2 * length * inner, -1e-3, 1e-3).toArray();
            Tensor factors =
                    Tensor.of(new int[] {2, length, inner}, logarithms).exp().toDType(dtype);
            double[] numbers = factors.toDoubles();
            double[] expected = new double[2 * inner];
            double[] ofComplements = new double[2 * inner];
            for (int i = 0; i < numbers.length; i++) {
                int column = i / (length * inner) * inner + i % inner;
                expected[column] += Math.log(numbers[i]);
                ofComplements[column] += Math.log(Math.abs(2 - numbers[i]));
            }
            Tensor product = factors.product(1).log();
            SoftBool none = SoftBool.of(factors.minus(1)).any(1).not();
            Nearly.same(expected, product.flatten(), 1e-6, "product of columns " + inner);
            Nearly.same(
                    ofComplements, none.asTensor().log().flatten(), 1e-6, "product of complements of columns " + inner);
        }
    }

    static Stream<Arguments> matrixShapes() {
        return Stream.of(
                Arguments.of(new int[] {2, 3}, new int[] {3, 4}),
                Arguments.of(new int[] {1, 1}, new int[] {1, 1}),
                Arguments.of(new int[] {3}, new int[] {3}),
                Arguments.of(new int[] {3}, new int[] {3, 2}),
                Arguments.of(new int[] {2, 3}, new int[] {3}),
                Arguments.of(new int[] {11}, new int[] {11}),
                Arguments.of(new int[] {2, 9}, new int[] {9}),
                Arguments.of(new int[] {5, 2, 8}, new int[] {5, 8, 1}),
                Arguments.of(new int[] {5, 2, 3}, new int[] {3, 4}),
                Arguments.of(new int[] {2, 3}, new int[] {5, 3, 4}),
                Arguments.of(new int[] {5, 2, 3}, new int[] {5, 3, 4}),
                Arguments.of(new int[] {5, 1, 2, 3}, new int[] {6, 3, 4}),
                Arguments.of(new int[] {5, 1, 2, 3}, new int[] {1, 6, 3, 1}),
                Arguments.of(new int[] {3}, new int[] {5, 3, 2}),
                Arguments.of(new int[] {5, 2, 3}, new int[] {3}),
                Arguments.of(new int[] {2, 0}, new int[] {0, 3}),
                Arguments.of(new int[] {0, 3}, new int[] {3, 2}),
                Arguments.of(new int[] {0, 2, 3}, new int[] {3, 2}));
    }

    @ParameterizedTest
    @MethodSource("matrixShapes")
    void matrixProductsEqualTripleLoops(int[] shapeA, int[] shapeB) {
        Random random = new Random(5);
        Tensor a = Tensor.normal(random, shapeA);
        Tensor b = Tensor.normal(random, shapeB);
        Tensor left = shapeA.length == 1 ? a.expandDims(0) : a;
        Tensor right = shapeB.length == 1 ? b.expandDims(1) : b;
        Tensor expected = left.expandDims(-1).times(right.expandDims(-3)).sum(-2);
        expected = shapeB.length == 1 ? expected.squeeze(-1) : expected;
        expected = shapeA.length == 1 ? expected.squeeze(shapeB.length == 1 ? -1 : -2) : expected;
        Nearly.same(expected, a.matmul(b), 1e-14, "matmul");
    }

    @Test
    void aMatrixProductOfKnownNumbers() {
        Tensor a = Tensor.of(new double[][] {{1, 2}, {3, 4}});
        Tensor b = Tensor.of(new double[][] {{5, 6}, {7, 8}});
        assertEquals(Tensor.of(new double[][] {{19, 22}, {43, 50}}), a.matmul(b));
        assertEquals(70, a.dot(b).item());
        assertEquals(Tensor.of(5, 11), a.matmul(Tensor.of(1, 2)));
        assertEquals(Tensor.of(7, 10), Tensor.of(1, 2).matmul(a));
        assertEquals(5, Tensor.of(1, 2).matmul(Tensor.of(1, 2)).item());
    }
}
