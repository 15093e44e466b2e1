package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Sharpness;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Sorted;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What the axis-wise operators have in common: where their results lie, what they refuse, and what they call
/// it.
class OrderingEdgesTest {
    private static final Tensor X = Tensor.normal(new Random(7), 4, 3);
    private static final Soft SOFT = Soft.smooth();
    private static final List<Soft> RECIPES = List.of(
            Soft.hard(),
            SOFT,
            SOFT.method(new Method.SoftSort()),
            SOFT.method(new Method.Transport()),
            SOFT.method(new Method.LapSum()));
    private static final Soft WITHOUT_INDEX = SOFT.method(new Method.FastSoftSort());

    private static final Map<String, BiFunction<Soft, Tensor, Tensor>> ALONG_THE_FIRST_AXIS = Map.of(
            "sort", (soft, x) -> soft.sort(x, 0, Order.DESCENDING),
            "rank", (soft, x) -> soft.rank(x, 0, Order.ASCENDING),
            "top-k", (soft, x) -> soft.topK(x, 2, 0).values(),
            "top-k mask", (soft, x) -> soft.topKMask(x, 2, 0),
            "max", (soft, x) -> soft.max(x, 0),
            "min", (soft, x) -> soft.min(x, 0),
            "quantile", (soft, x) -> soft.quantile(x, 0.3, 0));

    /// The same operator on each column, put together again.
    private static Tensor byColumns(UnaryOperator<Tensor> operator, Tensor x) {
        Tensor[] columns = new Tensor[x.dim(1)];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = operator.apply(x.slice(1, i, i + 1).squeeze(1).expandDims(1));
        }
        return Tensor.concatenate(-1, columns);
    }

    @Test
    void anOperatorAlongTheFirstAxisDoesToEachColumnWhatItDoesAlone() {
        ALONG_THE_FIRST_AXIS.forEach((name, operator) -> {
            RECIPES.forEach(soft -> assertByColumns(soft, operator, name));
            if (!name.equals("top-k mask")) {
                assertByColumns(WITHOUT_INDEX, operator, name);
            }
        });
    }

    private static void assertByColumns(Soft soft, BiFunction<Soft, Tensor, Tensor> operator, String name) {
        for (DType dtype : DType.values()) {
            Tensor x = X.toDType(dtype);
            Tensor all = operator.apply(soft, x);
            assertEquals(dtype, all.dtype(), name);
            double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
            Nearly.same(byColumns(column -> operator.apply(soft, column), x), all, tolerance, name + " of " + soft);
        }
    }

    @Test
    void sortedValuesAreThoseOfSort() {
        for (Soft soft : RECIPES.subList(1, 4)) {
            for (DType dtype : DType.values()) {
                Tensor x = X.toDType(dtype);
                Sorted sorted = soft.sorted(x, 0, Order.ASCENDING);
                assertEquals(dtype, sorted.values().dtype());
                double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
                Nearly.same(soft.sort(x, 0, Order.ASCENDING), sorted.values(), tolerance, soft);
                assertArrayEquals(
                        soft.argsort(x, 0, Order.ASCENDING).places(),
                        sorted.index().places());
            }
        }
    }

    /// An empty axis is named together with the operator that was called.
    @Test
    void nothingHasNoLargestEntryAndNoQuantile() {
        Tensor nothing = Tensor.zeros(3, 0);
        Map<String, UnaryOperator<Tensor>> refused = Map.of(
                "argmax ", x -> SOFT.argmax(x, 1).probabilities(),
                "argmin ", x -> SOFT.argmin(x, 1).probabilities(),
                "max ", x -> SOFT.max(x, 1),
                "min ", x -> SOFT.min(x, 1),
                "sorted ", x -> SOFT.sorted(x, 1, Order.ASCENDING).values(),
                "quantile ", x -> SOFT.quantile(x, 0.5, 1),
                "argquantile ", x -> SOFT.argquantile(x, 0.5, 1).probabilities());
        refused.forEach((name, operator) -> {
            var thrown = assertThrows(IllegalArgumentException.class, () -> operator.apply(nothing), name);
            assertTrue(thrown.getMessage().startsWith(name.strip() + " along axis"), thrown.getMessage());
        });
        var thrown =
                assertThrows(IllegalArgumentException.class, () -> SOFT.argquantiles(nothing, new double[] {0.5}, 1));
        assertTrue(thrown.getMessage().startsWith("argquantile along axis"), thrown.getMessage());
    }

    @Test
    void moreOrFewerPlacesThanEntriesAreRefused() {
        for (int k : new int[] {0, 5}) {
            assertThrows(IllegalArgumentException.class, () -> SOFT.topK(X, k, 0));
            assertThrows(IllegalArgumentException.class, () -> SOFT.topKMask(X, k, 0));
        }
        Nearly.same(Tensor.full(4, 3), SOFT.topKMask(X, 4, 0).sum(0), 1e-12, "all of them");
    }

    @Test
    void anOrderThatIsMissingIsNamed() {
        for (Tensor x : List.of(X, Tensor.zeros(0, 3))) {
            for (UnaryOperator<Tensor> operator : List.<UnaryOperator<Tensor>>of(
                    v -> SOFT.sort(v, 0, null),
                    v -> SOFT.rank(v, 0, null),
                    v -> SOFT.argsort(v, 0, null).probabilities())) {
                var thrown = assertThrows(NullPointerException.class, () -> operator.apply(x));
                assertEquals("order must be an Order, was null", thrown.getMessage());
            }
        }
    }

    /// As for the extremes of a tensor.
    @Test
    void tiedHardExtremesShareTheDerivative() {
        Tensor ties = Tensor.of(3, 1, 3, 1);
        assertEquals(Tensor.of(0.5, 0, 0.5, 0), Autodiff.grad(x -> Soft.hard().max(x), ties));
        assertEquals(Tensor.of(0, 0.5, 0, 0.5), Autodiff.grad(x -> Soft.hard().min(x), ties));
    }

    @Test
    void aHardIndexOfTooManyRowsIsRefused() {
        Tensor large = Tensor.zeros(200_000);
        assertThrows(
                IllegalArgumentException.class,
                () -> Soft.hard().topK(large, 200_000).index().probabilities());
        assertThrows(
                IllegalArgumentException.class, () -> Soft.hard().argsort(large).probabilities());
    }

    @Test
    void aScalarIsALineOfOneEntryAndNothingIsNone() {
        for (Soft soft : RECIPES) {
            Nearly.same(Tensor.of(3), soft.sort(Tensor.scalar(3)), 1e-15, soft);
        }
        var thrown = assertThrows(NullPointerException.class, () -> SOFT.max(null));
        assertEquals("x must be a tensor, was null", thrown.getMessage());
    }

    /// All numbers are exact, so a common offset costs no digit.
    @Test
    void anOffsetDoesNotReachTheIndex() {
        Tensor x = Tensor.of(0.5, -1.25, 0.125, 2);
        for (Method method : List.of(new Method.NeuralSort(), new Method.SoftSort())) {
            Soft soft = SOFT.standardize(false).method(method);
            Tensor expected = soft.argsort(x).probabilities();
            Nearly.same(expected, soft.argsort(x.plus(1L << 40)).probabilities(), 1e-13, method);
            Nearly.same(soft.rank(x), soft.rank(x.plus(1L << 40)), 1e-13, method);
        }
    }

    @Test
    void withoutAnIndexThereIsNothingToHoldConstant() {
        Tensor gradient = Autodiff.grad(
                x -> WITHOUT_INDEX.sort(x, 0, Order.ASCENDING).square().sum(), X);
        Soft ungated = WITHOUT_INDEX.gatedGradient(false);
        assertEquals(
                gradient,
                Autodiff.grad(x -> ungated.sort(x, 0, Order.ASCENDING).square().sum(), X));
    }

    @Test
    void secondDerivativesHaveTheFormatOfTheLines() {
        Tensor single = X.toDType(DType.FLOAT32);
        Tensor wide = single.toDType(DType.FLOAT64);
        for (Soft soft : List.of(SOFT, SOFT.method(new Method.SoftSort()), WITHOUT_INDEX)) {
            Tensor precise =
                    Autodiff.hvp(x -> soft.sort(x, 0, Order.ASCENDING).square().sum(), wide, wide);
            Tensor found =
                    Autodiff.hvp(x -> soft.sort(x, 0, Order.ASCENDING).square().sum(), single, single);
            assertEquals(DType.FLOAT32, found.dtype());
            Nearly.same(precise, found, 1e-5, soft);
        }
    }

    /// No row of NeuralSort selects 0.75 here, so it has no mass to divide by.
    @Test
    void anEntryThatAllRowsPassOverHasTheRankZero() {
        Tensor x = Tensor.of(2.25, 0.25, -0.25, 0.75, 0.25, 0.25, 2.5, 0.5);
        Soft soft = Soft.c0().method(new Method.NeuralSort()).standardize(false).softness(0.1);
        assertEquals(0, soft.argsort(x).mask().get(3).item());
        Nearly.same(new double[] {2, 6.5, 8, 0, 6.5, 6.5, 1, 4}, soft.rank(x), 1e-14, "ranks");
    }

    @Test
    void sharpnessGoesFromZeroToOne() {
        assertEquals(0, Sharpness.normalizedEntropy(SoftIndex.of(Tensor.ones(3, 1))));
        assertEquals(0, Sharpness.normalizedEntropy(Soft.hard().argsort(Tensor.of(3, 1, 2))));
        assertEquals(1, Sharpness.normalizedEntropy(SoftIndex.of(Tensor.full(0.2, 3, 5))), 1e-15);
    }

    @Test
    void severalQuantilesInAnyOrderAreEachOneAlone() {
        double[] fractions = {0.9, 0.1, 0.5, 1, 0};
        for (Soft soft : RECIPES) {
            Tensor several = soft.quantiles(X, fractions, 0);
            for (int i = 0; i < fractions.length; i++) {
                Nearly.same(soft.quantile(X, fractions[i], 0), several.get(i), 1e-13, soft + " at " + fractions[i]);
            }
        }
    }

    @Test
    void aSoftnessOfAnyFormatAndRankIsOneNumber() {
        for (Soft soft : List.of(SOFT, SOFT.method(new Method.SoftSort()), SOFT.method(new Method.FastSoftSort()))) {
            Tensor expected = soft.softness(0.25).sort(X, 0, Order.ASCENDING);
            for (Tensor softness : List.of(
                    Tensor.of(0.25),
                    Tensor.full(0.25, 1, 1, 1, 1, 1),
                    Tensor.scalar(0.25).toDType(DType.FLOAT32))) {
                assertEquals(expected, soft.softness(softness).sort(X, 0, Order.ASCENDING));
                Tensor gradient = Autodiff.grad(
                        s -> soft.softness(s)
                                .sort(X, 0, Order.ASCENDING)
                                .square()
                                .sum(),
                        softness);
                assertEquals(softness.dtype(), gradient.dtype());
                Nearly.shape(softness.shape(), gradient, "gradient in the softness");
            }
        }
        Tensor single = X.toDType(DType.FLOAT32);
        assertEquals(
                DType.FLOAT32,
                SOFT.softness(Tensor.of(0.3, 0.4, 0.5)).relu(single).dtype());
        assertEquals(
                DType.FLOAT32,
                SOFT.softness(Tensor.of(0.3, 0.4, 0.5)).sign(single).dtype());
    }
}
