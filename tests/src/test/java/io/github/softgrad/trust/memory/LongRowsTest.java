package io.github.softgrad.trust.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.OrderKernels;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Tally;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Rows on both sides of the length from which the standardizing kernels are called on memory outside the heap,
/// so that they hold up nobody.
class LongRowsTest {
    private static final int[] LENGTHS = {1 << 16, (1 << 16) + 1, 300_000};
    private static final int ROWS = 3;

    private static OrderKernels kernels() {
        assumeTrue(Catalogue.isNative(), "the reference has no such kernels");
        return ActiveKernels.get().order().orElseThrow();
    }

    private static double[] uniform(int seed, int n) {
        return new Random(Tally.seed() + seed).doubles(ROWS * n, -1, 1).toArray();
    }

    /// A squashed row is the logistic function of a line, the same for all its entries.
    @Test
    void longRowsAreSquashedLikeShortOnes() {
        OrderKernels kernels = kernels();
        try (Tally tally = new Tally("long rows that are standardized")) {
            for (int n : LENGTHS) {
                double[] x = uniform(1, n);
                for (int row = 0; row < ROWS; row++) {
                    x[row * n] = -1;
                    x[row * n + 1] = 1;
                }
                double[] s = new double[x.length];
                kernels.squash(ROWS, n, x, s, new double[3 * ROWS]);
                for (int row = 0; row < ROWS; row++) {
                    int first = row * n;
                    double slope = (logit(s[first]) - logit(s[first + 1])) / (x[first] - x[first + 1]);
                    for (int i = first; i < first + n; i++) {
                        double expected = logit(s[first]) + slope * (x[i] - x[first]);
                        assertEquals(expected, logit(s[i]), 1e-9, "entry " + i + " of rows of " + n);
                    }
                    tally.tried();
                }
            }
        }
    }

    private static double logit(double p) {
        return Math.log(p / (1 - p));
    }

    /// The product is what small steps to both sides say.
    @Test
    void theirProductsAreTheDerivatives() {
        OrderKernels kernels = kernels();
        double step = 1e-5;
        try (Tally tally = new Tally("products of long rows that are standardized")) {
            for (int n : LENGTHS) {
                double[] x = uniform(1, n);
                double[] direction = uniform(2, n);
                double[] g = uniform(3, n);
                double[] s = new double[x.length];
                double[] scale = new double[3 * ROWS];
                double[] dx = new double[x.length];
                kernels.squash(ROWS, n, x, s, scale);
                kernels.squashVjp(ROWS, n, x, scale, s, g, dx);
                double difference =
                        (squashed(x, direction, step, n, g) - squashed(x, direction, -step, n, g)) / 2 / step;
                assertEquals(difference, inner(dx, direction), 1e-9 * inner(g, g), "rows of " + n);
                tally.tried(ROWS);
            }
        }
    }

    private static double squashed(double[] x, double[] direction, double step, int n, double[] g) {
        double[] moved = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + step * direction[i];
        }
        double[] s = new double[x.length];
        kernels().squash(ROWS, n, moved, s, new double[3 * ROWS]);
        return inner(s, g);
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
