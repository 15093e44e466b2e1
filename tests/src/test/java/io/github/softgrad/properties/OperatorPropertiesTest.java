package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Order;
import io.github.softgrad.QuantileMethod;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every axis-wise operator, mode and method, on random lines.
class OperatorPropertiesTest {
    private static final String RECIPES = "io.github.softgrad.properties.Recipes#all";

    private static Tensor random(int seed, int... shape) {
        return Tensor.normal(new Random(seed), shape);
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void aNaNOrAnInfinitySpoilsItsOwnLineOnly(Soft soft) {
        Tensor x = random(6, 3, 5);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] numbers = x.toDoubles();
            numbers[7] = bad;
            Tensor spoilt = Tensor.of(new int[] {3, 5}, numbers);
            Recipes.everything().forEach((name, operator) -> {
                Tensor result = operator.apply(soft, spoilt, 1);
                Tensor clean = operator.apply(soft, x, 1);
                Nearly.same(clean.get(0), result.get(0), 0, name + " before " + bad);
                Nearly.same(clean.get(2), result.get(2), 0, name + " after " + bad);
                Tensor own = result.get(1);
                Nearly.same(own.zerosLike().times(Double.NaN), own, 0, name + " with " + bad);
            });
        }
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void withoutAnAxisAllEntriesAreOneLineAndKeptAxesHaveLengthOne(Soft soft) {
        Tensor x = random(8, 2, 3);
        Tensor flat = x.flatten();
        Soft keeping = soft.keepDims(true);
        Nearly.same(soft.max(flat), soft.max(x), 0, "max");
        Nearly.same(soft.median(flat).reshape(1, 1), keeping.median(x), 0, "kept median");
        Nearly.same(
                soft.argmin(flat).probabilities().reshape(1, 1, 6),
                keeping.argmin(x).probabilities(),
                0,
                "kept argmin");
        Nearly.same(soft.max(x, 0).reshape(1, 3), keeping.max(x, 0), 0, "kept max");
        Nearly.same(
                soft.argmax(x, 0).probabilities().reshape(1, 3, 2),
                keeping.argmax(x, 0).probabilities(),
                0,
                "kept argmax");
        Nearly.shape(new int[] {2, 1, 1}, keeping.quantiles(x, 0.1, 0.9), "kept quantiles");
        Nearly.shape(new int[] {2, 2, 1}, keeping.quantiles(x, new double[] {0.1, 0.9}, 1), "kept quantiles on 1");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void anIndexTakesTheValuesOfItsOperator(Soft soft) {
        Tensor x = random(9, 2, 4, 3);
        for (Soft each : List.of(soft, soft.keepDims(true))) {
            Nearly.same(each.max(x, 1), each.argmax(x, 1).take(x), 1e-14, "max");
            Nearly.same(each.max(x), each.argmax(x).take(x), 1e-14, "max of all");
            Nearly.same(each.median(x, -1), each.argmedian(x, -1).take(x), 1e-14, "median");
        }
        Nearly.same(
                soft.sort(x, 0, Order.DESCENDING),
                soft.argsort(x, 0, Order.DESCENDING).take(x),
                1e-14,
                "sort");
        var top = soft.topK(x, 2, 1);
        Nearly.same(top.values(), top.index().take(x), 1e-14, "topK");
        Tensor mass = top.index().mask().sum(1);
        Nearly.same(mass.zerosLike().plus(2), mass, 1e-14, "the mask of topK sums to k");
        Nearly.shape(x.shape(), top.index().mask(), "mask");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void ordersAgreeWithEachOther(Soft soft) {
        Tensor x = random(11, 3, 6);
        Tensor sorted = soft.sort(x, 1, Order.ASCENDING);
        Nearly.same(
                soft.quantileMethod(QuantileMethod.MIDPOINT).quantile(x, 0.5, 1), soft.median(x, 1), 1e-14, "median");
        Nearly.same(sorted.slice(1, 2, 4).mean(1), soft.median(x, 1), 1e-13, "the median is between the middle two");
        Nearly.same(soft.quantile(x, 0.25, 1), soft.percentile(x, 25, 1), 1e-14, "percentile");
        Nearly.same(sorted.slice(1, 0, 1).squeeze(1), soft.quantile(x, 0, 1), 1e-14, "quantile 0");
        Nearly.same(sorted.slice(1, 5, 6).squeeze(1), soft.quantile(x, 1, 1), 1e-14, "quantile 1");
        Nearly.same(
                soft.argsort(x, 1, Order.DESCENDING).probabilities().slice(1, 0, 3),
                soft.topK(x, 3, 1).index().probabilities(),
                1e-14,
                "topK");
        Nearly.same(
                Tensor.stack(0, soft.quantile(x, 0.1, 1), soft.quantile(x, 0.8, 1)),
                soft.quantiles(x, new double[] {0.1, 0.8}, 1),
                1e-14,
                "quantiles");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void logarithmsAreThoseOfTheProbabilities(Soft soft) {
        Tensor x = random(14, 3, 6);
        for (SoftIndex index :
                List.of(soft.argmax(x, 1), soft.argsort(x, 1, Order.ASCENDING), soft.argquantile(x, 0.33, 1))) {
            Nearly.same(index.probabilities(), index.logProbabilities().exp(), 1e-13, "logProbabilities");
            Tensor floored = index.logProbabilities(1e-3);
            assertTrue(floored.min().item() > Math.log(0.9e-3), "the floor holds");
            Nearly.same(floored.exp().sum(-1).onesLike(), floored.exp().sum(-1), 1e-13, "floored rows sum to 1");
        }
    }
}
