package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.StepCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One row through the soft bitonic network, kept as the list of its exchanges.
///
/// An exchange finds the smaller and the larger of two numbers and leaves `smaller + w (larger - smaller)`
/// where the minimum belongs and `larger - w (larger - smaller)` where the maximum does, `w = S(-u)`, `u =
/// (larger - smaller) / softness`. A pad, infinite, moves as in a hard network: w = 0.
///
/// *Reference*: Batcher, "Sorting networks and their applications", AFIPS 1968 (the schedule); Petersen et al.,
/// ICML 2021 (the soft exchange).
final class NetworkFormula {

    /// Where the two numbers were, where they go, and how much they mix.
    private record Exchange(int smaller, int larger, int minimum, int maximum, double u, double weight, double slope) {}

    /// From here on every curve and its derivative are zero.
    private static final double UNMIXED = 800;

    private final List<Exchange> exchanges = new ArrayList<>();
    private final StepCurve curve;
    private final double softness;
    private final int n;
    private final double[] sorted;

    NetworkFormula(StepCurve curve, double[] x, double softness) {
        this.curve = curve;
        this.softness = softness;
        n = x.length;
        sorted = padded(x, Double.POSITIVE_INFINITY);
        for (int block = 2; block <= sorted.length; block *= 2) {
            for (int distance = block / 2; distance > 0; distance /= 2) {
                for (int i = 0; i < sorted.length; i++) {
                    if ((i & distance) == 0) {
                        boolean upwards = (i & block) == 0;
                        exchange(upwards ? i : i + distance, upwards ? i + distance : i);
                    }
                }
            }
        }
    }

    private void exchange(int minimum, int maximum) {
        boolean inOrder = sorted[minimum] <= sorted[maximum];
        int smaller = inOrder ? minimum : maximum;
        int larger = inOrder ? maximum : minimum;
        double low = sorted[smaller];
        double high = sorted[larger];
        boolean soft = high - low < Double.POSITIVE_INFINITY;
        double u = soft ? (high - low) / softness : Double.POSITIVE_INFINITY;
        double weight = weight(u);
        boolean mixes = u < UNMIXED;
        sorted[minimum] = soft ? low + weight * (high - low) : low;
        sorted[maximum] = soft ? high - weight * (high - low) : high;
        exchanges.add(new Exchange(smaller, larger, minimum, maximum, mixes ? u : 0, weight, mixes ? slope(u) : 0));
    }

    /// `S(-u)`, `u >= 0`; in `w = 1 - u / 5` where that is polynomial.
    private double weight(double u) {
        double w = Math.max(1 - u / 5, 0);
        return switch (curve) {
            case LOGISTIC -> 1 / (1 + Math.exp(u));
            case LINEAR -> w / 2;
            case CUBIC -> w * w * (3 - w) / 4;
            case QUINTIC -> w * w * w * (20 - 15 * w + 3 * w * w) / 16;
        };
    }

    /// `S'(u) = S'(-u)`; at its kink the linear curve has the derivative of the inside.
    private double slope(double u) {
        double w = Math.max(1 - u / 5, 0);
        return switch (curve) {
            case LOGISTIC -> weight(u) * (1 - weight(u));
            case LINEAR -> u <= 5 ? 0.1 : 0;
            case CUBIC -> 0.15 * w * (2 - w);
            case QUINTIC -> 0.1875 * w * (2 - w) * w * (2 - w);
        };
    }

    double[] sorted() {
        return Arrays.copyOf(sorted, n);
    }

    double[] apply(double[] v) {
        double[] result = padded(v, 0);
        exchanges.forEach(exchange -> mix(exchange, exchange.weight, result));
        return Arrays.copyOf(result, n);
    }

    double[] applyTransposed(double[] v) {
        double[] result = padded(v, 0);
        exchanges.reversed().forEach(exchange -> mixBack(exchange, exchange.weight, result));
        return Arrays.copyOf(result, n);
    }

    /// Adds the cotangents of `<g, sorted>` to dx and returns that of the softness.
    ///
    /// With d = larger - smaller, `d w(d / softness)` has the derivative `w - u S'` in d and `u² S'` in the
    /// softness.
    double pullSort(double[] g, double[] dx) {
        return pull(padded(g, 0), new double[exchanges.size()], dx);
    }

    /// Adds the cotangents of `<backward, P forward>` to dx and returns that of the softness.
    double pullApply(double[] forward, double[] backward, double[] dx) {
        double[] weightPulls = new double[exchanges.size()];
        double[] v = padded(forward, 0);
        for (int k = 0; k < weightPulls.length; k++) {
            Exchange exchange = exchanges.get(k);
            weightPulls[k] = v[exchange.larger] - v[exchange.smaller];
            mix(exchange, exchange.weight, v);
        }
        double[] g = padded(backward, 0);
        for (int k = weightPulls.length - 1; k >= 0; k--) {
            Exchange exchange = exchanges.get(k);
            weightPulls[k] *= g[exchange.minimum] - g[exchange.maximum];
            mixBack(exchange, exchange.weight, g);
        }
        return pull(new double[sorted.length], weightPulls, dx);
    }

    private double pull(double[] g, double[] weightPulls, double[] dx) {
        double softnessPull = 0;
        for (int k = weightPulls.length - 1; k >= 0; k--) {
            Exchange exchange = exchanges.get(k);
            double steep = exchange.u * exchange.slope;
            softnessPull += (g[exchange.minimum] - g[exchange.maximum]) * exchange.u * steep
                    + weightPulls[k] * steep / softness;
            mixBack(exchange, exchange.weight - steep, g);
            g[exchange.larger] -= weightPulls[k] * exchange.slope / softness;
            g[exchange.smaller] += weightPulls[k] * exchange.slope / softness;
        }
        for (int i = 0; i < n; i++) {
            dx[i] += g[i];
        }
        return softnessPull;
    }

    private static void mix(Exchange at, double weight, double[] v) {
        double smaller = v[at.smaller];
        double larger = v[at.larger];
        v[at.minimum] = smaller + weight * (larger - smaller);
        v[at.maximum] = larger - weight * (larger - smaller);
    }

    private static void mixBack(Exchange at, double weight, double[] v) {
        double minimum = v[at.minimum];
        double maximum = v[at.maximum];
        v[at.smaller] = minimum + weight * (maximum - minimum);
        v[at.larger] = maximum - weight * (maximum - minimum);
    }

    private static double[] padded(double[] row, double pad) {
        int ends = Math.max(1, Integer.highestOneBit(Math.max(row.length - 1, 0)) * 2);
        double[] result = Arrays.copyOf(row, ends);
        Arrays.fill(result, row.length, ends, pad);
        return result;
    }
}
