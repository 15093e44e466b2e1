package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Values, ranks and index of one soft order belong together, however long the rows are and however many are
/// computed at once.
class SoftOrderTest {
    private static final double TOLERANCE = 1e-11;

    private record Case(String name, Soft soft) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Method method : List.of(new Method.SoftSort(), new Method.NeuralSort(), new Method.FastSoftSort())) {
            for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
                for (boolean standardize : new boolean[] {true, false}) {
                    Soft soft = Soft.smooth()
                            .method(method)
                            .mode(mode)
                            .standardize(standardize)
                            .softness(0.1);
                    cases.add(new Case(method + " " + mode + (standardize ? " standardized" : ""), soft));
                }
            }
        }
        return cases;
    }

    private static List<Case> casesWithIndex() {
        return cases().stream()
                .filter(c -> !c.name().startsWith(new Method.FastSoftSort().toString()))
                .toList();
    }

    private static Tensor normal(int... shape) {
        Random random = new Random(Arrays.hashCode(shape));
        return Tensor.of(
                shape,
                random.doubles(Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b), -1, 1)
                        .map(u -> 3 * u * Math.abs(u))
                        .toArray());
    }

    private static Tensor row(Tensor rows, int i) {
        return rows.slice(0, i, i + 1).squeeze(0);
    }

    private static Tensor gradient(Function<Tensor, Tensor> operator, Tensor x, Tensor cotangent) {
        return Autodiff.vjp(operator, x).pull(cotangent);
    }

    @Test
    void sortedValuesAreTheMeansUnderTheIndex() {
        for (Case c : casesWithIndex()) {
            for (int n : new int[] {1, 2, 7, 65, 300}) {
                for (Order order : Order.values()) {
                    Tensor x = normal(n);
                    Tensor index = c.soft().argsort(x, -1, order).probabilities();
                    Tensor sorted = c.soft().sort(x, -1, order);
                    Nearly.same(index.matmul(x), sorted, TOLERANCE, c.name() + ", n " + n + ", " + order);
                }
            }
        }
    }

    @Test
    void gradientsOfValuesAreThoseThroughTheIndex() {
        for (Case c : casesWithIndex()) {
            for (int n : new int[] {2, 7, 65, 300}) {
                Tensor x = normal(n);
                Tensor g = normal(n, 1).squeeze(-1);
                Tensor throughIndex = gradient(
                        z -> c.soft()
                                .argsort(z, -1, Order.ASCENDING)
                                .probabilities()
                                .matmul(z),
                        x,
                        g);
                Tensor direct = gradient(z -> c.soft().sort(z, -1, Order.ASCENDING), x, g);
                Nearly.same(throughIndex, direct, 1e-9, c.name() + ", n " + n);
            }
        }
    }

    @Test
    void aRowInABatchGivesWhatItGivesAlone() {
        for (Case c : cases()) {
            for (int[] shape : new int[][] {{37, 3}, {18, 33}, {5, 128}, {3, 129}, {2, 3000}}) {
                Tensor x = normal(shape);
                Tensor g = normal(shape).flip(0);
                for (boolean ranks : new boolean[] {false, true}) {
                    Function<Tensor, Tensor> operator = z -> ranks
                            ? c.soft().rank(z, -1, Order.DESCENDING)
                            : c.soft().sort(z, -1, Order.DESCENDING);
                    if (shape[1] > 1000 && isQuadratic()) {
                        continue;
                    }
                    Tensor values = operator.apply(x);
                    Tensor gradients = gradient(operator, x, g);
                    for (int i = 0; i < shape[0]; i += Math.max(1, shape[0] / 5)) {
                        String name = c.name() + ", ranks " + ranks + ", " + Arrays.toString(shape) + ", row " + i;
                        Nearly.same(operator.apply(row(x, i)), row(values, i), TOLERANCE, name);
                        Tensor alone = gradient(operator, row(x, i), row(g, i));
                        Nearly.same(alone, row(gradients, i), 1e-9, name + ", gradient");
                    }
                }
            }
        }
    }

    /// Without kernels the definitions take the square of the length.
    private static boolean isQuadratic() {
        return Backend.kernels().startsWith("reference");
    }

    @Test
    void float32IsFloat64Rounded() {
        for (Case c : cases()) {
            for (int[] shape : new int[][] {{9}, {200}, {20, 16}, {20, 64}}) {
                Tensor single = normal(shape).toDType(DType.FLOAT32);
                Tensor wide = single.toDType(DType.FLOAT64);
                Tensor sorted = c.soft().sort(single, -1, Order.ASCENDING);
                String name = c.name() + ", " + Arrays.toString(shape);
                Nearly.same(c.soft().sort(wide, -1, Order.ASCENDING), sorted, 1e-5, name);
                Tensor gradient = gradient(z -> c.soft().sort(z, -1, Order.ASCENDING), single, sorted);
                Tensor precise =
                        gradient(z -> c.soft().sort(z, -1, Order.ASCENDING), wide, sorted.toDType(DType.FLOAT64));
                Nearly.same(precise, gradient, 1e-4, name + ", gradient");
            }
        }
    }

    /// Beyond 2^20 entries an index is computed some places at a time, up to 900 places of 1100 all at once.
    @Test
    void aLargeIndexIsThatOfItsPlaces() {
        int n = 1100;
        int k = 900;
        for (Case c : casesWithIndex()) {
            if (isQuadratic() || !c.name().endsWith("standardized")) {
                continue;
            }
            for (DType dtype : DType.values()) {
                Tensor x = normal(n).toDType(dtype);
                Tensor g = normal(k, n).toDType(dtype);
                Tensor wide = Tensor.concatenate(0, g, Tensor.zeros(n - k, n).toDType(dtype));
                Function<Tensor, Tensor> whole =
                        z -> c.soft().argsort(z, -1, Order.DESCENDING).probabilities();
                Function<Tensor, Tensor> first =
                        z -> c.soft().topK(z, k, -1).index().probabilities();
                String name = c.name() + ", " + dtype;
                double tolerance = dtype == DType.FLOAT32 ? 1e-6 : TOLERANCE;
                Nearly.same(first.apply(x), whole.apply(x).slice(0, 0, k), tolerance, name);
                Nearly.same(gradient(first, x, g), gradient(whole, x, wide), tolerance, name + ", gradient");
            }
        }
    }

    @Test
    void aFloat32IndexIsTheFloat64OneRounded() {
        for (Case c : casesWithIndex()) {
            for (int[] shape : new int[][] {{1}, {7}, {5, 40}, {2, 133}}) {
                Tensor single = normal(shape).toDType(DType.FLOAT32);
                Tensor wide = single.toDType(DType.FLOAT64);
                List<Function<Tensor, Tensor>> operators = List.of(
                        z -> c.soft().argsort(z, -1, Order.ASCENDING).probabilities(),
                        z -> c.soft().argmax(z, -1).probabilities(),
                        z -> c.soft().argmin(z, -1).probabilities());
                for (Function<Tensor, Tensor> operator : operators) {
                    Tensor index = operator.apply(wide);
                    String name = c.name() + ", " + Arrays.toString(shape);
                    // The smooth weights of an extreme by SoftSort are computed in float32.
                    boolean isExtreme = operator != operators.getFirst();
                    double tolerance = isExtreme && c.name().contains("SoftSort[] SMOOTH") ? 1e-6 : 0;
                    Nearly.same(index.toDType(DType.FLOAT32), operator.apply(single), tolerance, name);
                    Tensor g = normal(index.shape()).toDType(DType.FLOAT32);
                    Tensor precise = gradient(operator, wide, g.toDType(DType.FLOAT64));
                    Nearly.same(precise, gradient(operator, single, g), 1e-5, name + ", gradient");
                }
            }
        }
    }

    @Test
    void logarithmsOfAFloat32IndexAreRoundedOnce() {
        for (Case c : casesWithIndex()) {
            Tensor single = normal(3, 40).toDType(DType.FLOAT32);
            Function<Tensor, Tensor> logarithms =
                    z -> c.soft().argsort(z, -1, Order.ASCENDING).logProbabilities();
            Tensor precise = logarithms.apply(single.toDType(DType.FLOAT64));
            if (c.name().contains("SMOOTH")) { // elsewhere they are those of the rounded probabilities
                Nearly.same(precise.toDType(DType.FLOAT32), logarithms.apply(single), 0, c.name());
            }
        }
    }

    @Test
    void aNaNStaysInItsRow() {
        for (Case c : cases()) {
            double[] numbers = normal(20, 6).toDoubles();
            numbers[3 * 6 + 2] = Double.NaN;
            Tensor x = Tensor.of(new int[] {20, 6}, numbers);
            double[] sorted = c.soft().sort(x, -1, Order.ASCENDING).toDoubles();
            double[] gradient =
                    gradient(z -> c.soft().sort(z, -1, Order.ASCENDING), x, x).toDoubles();
            for (int i = 0; i < numbers.length; i++) {
                String name = c.name() + ", entry " + i;
                boolean spoilt = i / 6 == 3;
                assertArrayEquals(
                        new boolean[] {spoilt, spoilt},
                        new boolean[] {Double.isNaN(sorted[i]), Double.isNaN(gradient[i])},
                        name);
            }
        }
    }

    @Test
    void firstPlacesAreThoseOfTheWholeOrder() {
        for (Case c : cases()) {
            Tensor x = normal(6, 50);
            Tensor descending = c.soft().sort(x, -1, Order.DESCENDING);
            Nearly.same(descending.slice(-1, 0, 4), c.soft().topK(x, 4, -1).values(), TOLERANCE, c.name() + ", top 4");
            Tensor median = c.soft().median(x, -1);
            Tensor middle = descending.slice(-1, 24, 26).mean(-1);
            Nearly.same(middle, median, TOLERANCE, c.name() + ", median");
        }
    }

    @Test
    void rowsOfAnIndexSumToOneHoweverSmallTheSoftness() {
        Tensor x = Tensor.of(1, 2, 1, 1, 2, 2, 1);
        for (Case c : casesWithIndex()) {
            for (double softness : new double[] {10, 1e-3, 1e-20, 1e-300}) {
                Soft soft = c.soft().softness(softness);
                String name = c.name() + ", softness " + softness;
                Tensor top = soft.topK(x, 2, -1).index().probabilities();
                Nearly.same(new double[] {1, 1}, top.sum(-1), 1e-13, name + ", top 2");
                Tensor all = soft.argsort(x, -1, Order.ASCENDING).probabilities();
                Nearly.same(Tensor.ones(7).toDoubles(), all.sum(-1), 1e-13, name);
            }
        }
    }

    /// Entries that differ by less than the rounding of the largest have costs whose order is noise.
    @Test
    void rowsOfAnIndexSumToOneWhereEntriesDrownInTheLargest() {
        Random random = new Random(5);
        for (Case c : casesWithIndex()) {
            for (int i = 0; i < 100; i++) {
                Tensor x = Tensor.of(random.doubles(40, -300, 300)
                        .map(exponent -> Math.copySign(Math.pow(10, exponent), random.nextGaussian()))
                        .toArray());
                Tensor sums = c.soft()
                        .softness(1e-6)
                        .argsort(x, -1, Order.ASCENDING)
                        .probabilities()
                        .sum(-1);
                Nearly.same(sums.onesLike(), sums, 1e-13, c.name() + " of " + x);
            }
        }
    }

    /// Weights of several rows together reach 1e83 before they are divided by their sum.
    @Test
    void hugeEntriesHaveFiniteValuesAndDerivatives() {
        double[] entries = new double[70];
        entries[0] = -1e297;
        entries[68] = 1e288;
        entries[69] = 1e300;
        Tensor x = Tensor.of(entries);
        for (Case c : cases()) {
            Soft soft = c.soft().softness(1e-4);
            Tensor sorted = soft.sort(x, -1, Order.ASCENDING);
            Tensor pulled = gradient(z -> soft.sort(z, -1, Order.ASCENDING), x, Tensor.full(1e-290, 70));
            Nearly.same(sorted.zerosLike(), sorted.times(0), 0, c.name());
            Nearly.same(pulled.zerosLike(), pulled.times(0), 0, c.name() + ", gradient");
        }
    }
}
