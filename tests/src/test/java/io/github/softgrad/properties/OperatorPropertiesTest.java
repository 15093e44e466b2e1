package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.DType;
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
    private static final int[] LENGTHS = {1, 2, 5, 9};

    private static Tensor random(int seed, int... shape) {
        return Tensor.normal(new Random(seed), shape);
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void rowsOfAnIndexAreDistributions(Soft soft) {
        for (int n : LENGTHS) {
            Tensor x = random(n, 3, n);
            for (double softness : new double[] {0.01, 0.3, 10}) {
                Soft at = soft.softness(softness);
                for (SoftIndex index : List.of(
                        at.argmax(x, 1),
                        at.argmin(x, 1),
                        at.argsort(x, 1, Order.DESCENDING),
                        at.argmedian(x, 1),
                        at.argquantile(x, 0.7, 1),
                        at.argquantiles(x, new double[] {0, 0.4}, 1),
                        at.topK(x, 1, 1).index())) {
                    Tensor rows = index.probabilities();
                    assertTrue(rows.min().item() >= 0, () -> "negative in " + rows);
                    Tensor sums = rows.sum(-1);
                    Nearly.same(sums.onesLike(), sums, 1e-14, "row sums, n = " + n);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void towardsSoftnessZeroTheOperatorBecomesTheHardOne(Soft soft) {
        Tensor x = random(1, 4, 7);
        Recipes.everything()
                .forEach((name, operator) -> Nearly.same(
                        operator.apply(Soft.hard(), x, 1), operator.apply(soft.softness(1e-6), x, 1), 1e-12, name));
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void towardsInfiniteSoftnessTheIndexIsUniformAndTheValueTheMean(Soft soft) {
        Tensor x = random(2, 4, 7);
        Soft blunt = soft.softness(1e9);
        Tensor mean = x.mean(1, true);
        Nearly.same(x.zerosLike().plus(1.0 / 7), blunt.argmax(x, 1).probabilities(), 1e-6, "argmax");
        Nearly.same(mean.squeeze(1), blunt.median(x, 1), 1e-6, "median");
        Nearly.same(mean.squeeze(1), blunt.max(x, 1), 1e-6, "max");
        Nearly.same(mean.broadcastTo(4, 7), blunt.sort(x, 1, Order.ASCENDING), 1e-6, "sort");
        Nearly.same(x.zerosLike().plus(4), blunt.rank(x, 1, Order.ASCENDING), 1e-6, "rank");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void permutingTheEntriesPermutesTheirRanksAndKeepsTheSort(Soft soft) {
        Tensor x = random(3, 6);
        int[] order = {4, 0, 5, 2, 1, 3};
        Tensor moved = x.take(order, 0);
        Nearly.same(soft.sort(x), soft.sort(moved), 1e-12, "sort");
        Nearly.same(soft.max(x), soft.max(moved), 1e-13, "max");
        Nearly.same(soft.median(x), soft.median(moved), 1e-12, "median");
        Nearly.same(soft.rank(x).take(order, 0), soft.rank(moved), 1e-12, "rank");
        Nearly.same(
                soft.argmax(x).probabilities().take(order, 0),
                soft.argmax(moved).probabilities(),
                1e-13,
                "argmax");
        Nearly.same(
                soft.argsort(x).probabilities().take(order, 1),
                soft.argsort(moved).probabilities(),
                1e-12,
                "argsort");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void oppositeDirectionsMirrorEachOther(Soft soft) {
        Tensor x = random(4, 3, 6);
        Nearly.same(soft.sort(x, 1, Order.ASCENDING).flip(1), soft.sort(x, 1, Order.DESCENDING), 1e-13, "sort");
        Nearly.same(
                soft.argsort(x, 1, Order.ASCENDING).probabilities().flip(1),
                soft.argsort(x, 1, Order.DESCENDING).probabilities(),
                1e-13,
                "argsort");
        Tensor ranks = soft.rank(x, 1, Order.ASCENDING).plus(soft.rank(x, 1, Order.DESCENDING));
        Tensor sum = selected(soft, x).times(7);
        Nearly.same(sum, ranks, 1e-12, "the two ranks of an entry add up to n + 1");
        Nearly.same(soft.max(x.unaryMinus(), 1).unaryMinus(), soft.min(x, 1), 1e-13, "min(x) = -max(-x)");
    }

    /// 1 where any row selects the entry; the rank by NeuralSort of an entry that sparse rows pass over is 0.
    private static Tensor selected(Soft soft, Tensor x) {
        Tensor selected = soft.argsort(x, 1, Order.ASCENDING).mask().greater(0);
        return soft.rank(x, 1, Order.ASCENDING).greater(0).maximum(selected);
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void linesDoNotInfluenceEachOther(Soft soft) {
        Tensor x = random(5, 4, 6);
        Recipes.everything().forEach((name, operator) -> {
            Tensor together = operator.apply(soft, x, 1);
            for (int row = 0; row < 4; row++) {
                Nearly.same(operator.apply(soft, x.get(row), 0), together.get(row), 1e-14, name + " of row " + row);
            }
        });
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
    void anyAxisIsTheSameAsMovingItLast(Soft soft) {
        Tensor x = random(7, 2, 4, 3);
        for (int axis : new int[] {0, 1, -1}) {
            Tensor moved = x.moveAxis(axis, -1);
            Recipes.everything().forEach((name, operator) -> {
                Tensor actual = operator.apply(soft, x, axis);
                Tensor expected = operator.apply(soft, moved, -1);
                boolean keepsAxis = expected.rank() == 3 && !name.startsWith("arg") || name.equals("argsort mask");
                Nearly.same(keepsAxis ? expected.moveAxis(-1, axis) : expected, actual, 1e-14, name + " on " + axis);
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
    void float32AgreesWithFloat64(Soft soft) {
        Tensor single = random(10, 3, 6).toDType(DType.FLOAT32);
        Tensor wide = single.toDType(DType.FLOAT64);
        Recipes.everything().forEach((name, operator) -> {
            Tensor result = operator.apply(soft, single, 1);
            assertTrue(result.dtype() == DType.FLOAT32, name);
            Nearly.same(operator.apply(soft, wide, 1).toDoubles(), result, 1e-5, name);
        });
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
    void ranksAndValuesStayWithinTheirRange(Soft soft) {
        Tensor x = random(12, 50, 6);
        Tensor ranks = soft.rank(x, 1, Order.DESCENDING);
        Tensor least = ranks.minus(selected(soft, x)).min();
        assertTrue(least.item() >= -1e-12 && ranks.max().item() <= 6 + 1e-12, () -> "ranks " + ranks);
        Recipes.values().forEach((name, operator) -> {
            Tensor value = operator.apply(soft, x, 1).reshape(50, -1);
            Tensor slack = value.minus(x.min(1, true)).minimum(x.max(1, true).minus(value));
            assertTrue(slack.min().item() >= -1e-12, () -> name + " leaves the range of its line by " + slack.min());
        });
        Tensor ties = soft.rank(Tensor.of(2, 5, 2, 2, 7));
        Nearly.same(ties.get(0), ties.get(2), 1e-12, "tied ranks");
        Nearly.same(ties.get(0), ties.get(3), 1e-12, "tied ranks");
    }

    @ParameterizedTest
    @MethodSource(RECIPES)
    void standardizedOperatorsDoNotSeeScaleAndShift(Soft soft) {
        Tensor x = random(13, 3, 6).times(1e4);
        Tensor moved = x.times(37.5).plus(2.5e6);
        Recipes.everything().forEach((name, operator) -> {
            if (!name.equals("projectSimplex")) {
                Tensor result = operator.apply(soft, x, 1);
                Tensor expected =
                        Recipes.values().containsKey(name) ? result.times(37.5).plus(2.5e6) : result;
                Nearly.same(expected, operator.apply(soft, moved, 1), 1e-9, name);
            }
        });
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
