package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.DType;
import io.github.softgrad.Logic;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An operator with fewer arguments, or with a percentage, is the one with all of them.
class OverloadsTest {
    private static final Tensor MATRIX = Tensor.normal(new Random(3), 4, 3);
    private static final Tensor VECTOR = MATRIX.flatten();

    static Stream<Soft> recipes() {
        return Stream.of(
                Soft.hard(),
                Soft.smooth(),
                Soft.c1().method(new Method.SoftSort()),
                Soft.smooth().method(new Method.LapSum()).straightThrough());
    }

    private static void same(Tensor expected, Tensor actual, String name) {
        Nearly.same(expected, actual, 0, name);
    }

    private static void same(SoftIndex expected, SoftIndex actual, String name) {
        same(expected.probabilities(), actual.probabilities(), name);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void withoutAnAxisAllEntriesAreOneLine(Soft soft) {
        same(soft.argmax(VECTOR, 0), soft.argmax(MATRIX), "argmax");
        same(soft.argmin(VECTOR, 0), soft.argmin(MATRIX), "argmin");
        same(soft.max(VECTOR, 0), soft.max(MATRIX), "max");
        same(soft.min(VECTOR, 0), soft.min(MATRIX), "min");
        same(soft.median(VECTOR, 0), soft.median(MATRIX), "median");
        same(soft.argmedian(VECTOR, 0), soft.argmedian(MATRIX), "argmedian");
        same(soft.quantile(VECTOR, 0.3, 0), soft.quantile(MATRIX, 0.3), "quantile");
        same(soft.argquantile(VECTOR, 0.3, 0), soft.argquantile(MATRIX, 0.3), "argquantile");
        double[] several = {0.8, 0.1};
        same(soft.quantiles(VECTOR, several, 0), soft.quantiles(MATRIX, several), "quantiles");
        same(soft.argquantiles(VECTOR, several, 0), soft.argquantiles(MATRIX, several), "argquantiles");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aVectorHasOneAxis(Soft soft) {
        same(soft.sort(VECTOR, 0, Order.ASCENDING), soft.sort(VECTOR), "sort");
        same(soft.argsort(VECTOR, 0, Order.ASCENDING), soft.argsort(VECTOR), "argsort");
        same(soft.rank(VECTOR, 0, Order.DESCENDING), soft.rank(VECTOR), "rank");
        same(soft.topK(VECTOR, 3, 0).values(), soft.topK(VECTOR, 3).values(), "values of topK");
        same(soft.topK(VECTOR, 3, 0).index(), soft.topK(VECTOR, 3).index(), "index of topK");
        same(soft.topKMask(VECTOR, 3, 0), soft.topKMask(VECTOR, 3), "topKMask");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aPercentileIsTheQuantileOfAHundredth(Soft soft) {
        same(soft.quantile(MATRIX, 0.3), soft.percentile(MATRIX, 30), "percentile");
        same(soft.quantile(MATRIX, 0.3, 1), soft.percentile(MATRIX, 30, 1), "percentile along an axis");
        same(soft.argquantile(MATRIX, 0.3), soft.argpercentile(MATRIX, 30), "argpercentile");
        same(soft.argquantile(MATRIX, 0.3, 1), soft.argpercentile(MATRIX, 30, 1), "argpercentile along an axis");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void theSmallestEntryIsTheLargestOfTheOpposites(Soft soft) {
        Tensor opposite = MATRIX.unaryMinus();
        same(soft.argmax(opposite, 1), soft.argmin(MATRIX, 1), "argmin");
        same(soft.max(opposite, 1).unaryMinus(), soft.min(MATRIX, 1), "min");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void theMiddleOfAnAxisIsItsMedian(Soft soft) {
        Tensor sorted = soft.sort(MATRIX, 1, Order.ASCENDING);
        Nearly.same(sorted.slice(1, 1, 2).squeeze(1), soft.median(MATRIX, 1), 1e-13, "median of three");
        Tensor four = soft.sort(MATRIX, 0, Order.ASCENDING).slice(0, 1, 3).mean(0);
        Nearly.same(four, soft.median(MATRIX, 0), 1e-13, "median of four");
        Nearly.same(four, soft.argmedian(MATRIX, 0).take(MATRIX), 1e-13, "argmedian of four");
    }

    /// A margin moves strict comparisons down and the others up.
    @Test
    void comparisonsAreThoseOfMovedNumbers() {
        Tensor y = MATRIX.flip(0);
        for (Soft each : List.of(Soft.smooth(), Soft.c1())) {
            Soft exact = each.epsilon(0);
            Soft soft = each.epsilon(0.3);
            Tensor up = exact.heaviside(MATRIX.minus(y).plus(0.3));
            Tensor down = exact.heaviside(MATRIX.minus(y).minus(0.3));
            Nearly.same(down, soft.greater(MATRIX, y).asTensor(), 1e-14, "greater");
            Nearly.same(up, soft.greaterEqual(MATRIX, y).asTensor(), 1e-14, "greaterEqual");
            Nearly.same(up.unaryMinus().plus(1), soft.less(MATRIX, y).asTensor(), 1e-14, "less");
            Nearly.same(down.unaryMinus().plus(1), soft.lessEqual(MATRIX, y).asTensor(), 1e-14, "lessEqual");
            same(
                    soft.isClose(MATRIX, y, 1e-5, 1e-8).asTensor(),
                    soft.isClose(MATRIX, y).asTensor(),
                    "tolerances unless set");
        }
    }

    @Test
    void comparisonsCombineByTheLogicOfTheirRecipe() {
        Tensor y = MATRIX.flip(0);
        Tensor x = Soft.smooth().greater(MATRIX, y).asTensor();
        for (Logic logic : Logic.values()) {
            Soft soft = Soft.smooth().logic(logic);
            same(
                    SoftBool.of(x, logic).and(SoftBool.of(x.square())).asTensor(),
                    soft.greater(MATRIX, y).and(SoftBool.of(x.square())).asTensor(),
                    logic.toString());
        }
    }

    @Test
    void aRadiusIsFromOneToAThousand() {
        Soft soft = Soft.smooth().softness(1);
        Tensor one = soft.roundingRadius(1).round(MATRIX);
        Tensor all = soft.roundingRadius(1000).round(MATRIX);
        Nearly.same(MATRIX, all, 1e-3, "soft rounding of a large softness");
        assertTrue(one.minus(all).abs().max().item() > 0.1, "one neighbour is not all of them");
    }

    @Test
    void theStepHasTwoNames() {
        for (Soft soft : recipes().toList()) {
            same(soft.heaviside(MATRIX), soft.sigmoidal(MATRIX), "sigmoidal");
        }
    }

    @Test
    void numbersClipAsTensorsOfTheFormatDo() {
        for (DType dtype : DType.values()) {
            Tensor x = MATRIX.toDType(dtype);
            for (Soft soft : recipes().toList()) {
                Tensor clipped = soft.clip(x, -0.1, 0.3);
                assertEquals(dtype, clipped.dtype());
                same(soft.clip(x, Tensor.scalar(-0.1, dtype), Tensor.scalar(0.3, dtype)), clipped, "clip");
            }
        }
    }

    /// Whatever is computed in float64 is rounded once: all but batches of four lines and more.
    @Test
    void whatIsReadOffALineHasItsFormat() {
        List<BiFunction<Soft, Tensor, Tensor>> operators = List.of(
                (soft, x) -> soft.argmax(x, 1).probabilities(),
                (soft, x) -> soft.argsort(x, 1, Order.ASCENDING).probabilities(),
                (soft, x) -> soft.argquantile(x, 0.3, 1).probabilities(),
                (soft, x) -> soft.topKMask(x, 2, 1),
                (soft, x) -> soft.sort(x, 1, Order.ASCENDING),
                (soft, x) -> soft.rank(x, 1, Order.ASCENDING),
                (soft, x) -> soft.topK(x, 2, 1).values(),
                (soft, x) -> soft.sorted(x, 1, Order.DESCENDING).values(),
                (soft, x) -> soft.quantiles(x, new double[] {0.2, 0.7}, 1),
                (soft, x) -> soft.min(x, 1),
                (soft, x) -> soft.logProjectSimplex(x, 1),
                (soft, x) -> soft.projectPermutahedron(x, x.square()));
        Tensor single = MATRIX.slice(0, 0, 3).toDType(DType.FLOAT32);
        for (Soft soft : recipes().toList()) {
            for (BiFunction<Soft, Tensor, Tensor> operator : operators) {
                Tensor expected = operator.apply(soft, single.toDType(DType.FLOAT64));
                Tensor actual = operator.apply(soft, single);
                assertEquals(DType.FLOAT32, actual.dtype(), () -> soft.toString());
                Nearly.same(expected, actual, 1e-6, soft);
            }
        }
    }

    @Test
    void aRowOfSeveralQuantilesIsThatQuantile() {
        for (Soft soft : recipes().toList()) {
            SoftIndex several = soft.argquantiles(MATRIX, 0.9, 0.2);
            assertArrayEquals(new int[] {2, 12}, several.mask().shape(), "mask");
            Nearly.same(soft.argquantile(MATRIX, 0.2).mask(), several.mask().get(1), 1e-14, "second mask");
            Nearly.same(soft.quantiles(MATRIX, 0.9, 0.2), several.take(MATRIX), 1e-13, "values");
        }
    }
}
