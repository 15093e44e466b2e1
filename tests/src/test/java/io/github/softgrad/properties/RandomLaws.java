package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Tensor;
import java.util.Arrays;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.inference.ChiSquareTest;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;

/// Tests of laws on samples with fixed seeds.
///
/// A right sampler fails for one seed in a thousand; a seed that passes does so for ever.
final class RandomLaws {
    private static final double SIGNIFICANCE = 1e-3;

    private RandomLaws() {}

    /// Whole numbers from 0 occur in proportion to the probabilities (Pearson's chi-square test).
    static void chiSquare(String name, double[] probabilities, double[] outcomes) {
        long[] counts = new long[probabilities.length];
        for (double outcome : outcomes) {
            counts[(int) outcome]++;
        }
        double[] expected =
                Arrays.stream(probabilities).map(p -> p * outcomes.length).toArray();
        double significance = new ChiSquareTest().chiSquareTest(expected, counts);
        require(name + ": counts " + Arrays.toString(counts) + ", expected " + Arrays.toString(expected), significance);
    }

    /// The numbers have the distribution (Kolmogorov and Smirnov's test).
    static void kolmogorovSmirnov(String name, RealDistribution distribution, double[] numbers) {
        require(name, new KolmogorovSmirnovTest().kolmogorovSmirnovTest(distribution, numbers, false));
    }

    private static void require(String name, double significance) {
        assertTrue(significance > SIGNIFICANCE, () -> name + ": significance " + significance);
    }

    /// The mean of independent numbers is within four standard errors.
    static void mean(String name, double expected, double[] numbers) {
        double error = Math.sqrt(StatUtils.variance(numbers) / numbers.length);
        double found = StatUtils.mean(numbers);
        assertTrue(
                Math.abs(found - expected) <= 4 * error,
                () -> name + ": mean " + found + ", expected " + expected + " with standard error " + error);
    }

    /// The place of the largest entry of each row.
    static double[] largest(Tensor rows) {
        int n = rows.dim(-1);
        double[] values = rows.toDoubles();
        double[] places = new double[values.length / n];
        for (int i = 0; i < values.length; i++) {
            int row = i / n;
            if (values[i] > values[row * n + (int) places[row]]) {
                places[row] = i % n;
            }
        }
        return places;
    }

    /// One column of a matrix.
    static double[] column(Tensor rows, int column) {
        return rows.take(new int[] {column}, -1).toDoubles();
    }
}
