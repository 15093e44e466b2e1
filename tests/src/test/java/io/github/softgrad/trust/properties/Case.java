package io.github.softgrad.trust.properties;

import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// One combination at one softness on one batch of lines, with what a failure has to name.
///
/// @param share which quantile, and how many of the top
/// @param x the lines (rows, n)
record Case(long index, Combination combination, double softness, double share, Inputs kind, Tensor x) {

    /// Beyond this a comparison says nothing.
    private static final double LOOSEST = 1e-3;

    static final double ROUNDING = 0x1p-52;

    /// In softnesses; what is farther apart does not feel each other in LapSum.
    private static final double CUT_GAP = 100;

    int rows() {
        return x.dim(0);
    }

    int n() {
        return x.dim(1);
    }

    Soft soft() {
        return combination.soft().softness(softness);
    }

    /// The operator's result for each of the lines.
    Tensor apply() {
        return apply(x);
    }

    /// The same for other lines of the same kind.
    Tensor apply(Tensor lines) {
        return combination.operator().apply(soft(), lines, 1, share);
    }

    /// The same operator by another recipe.
    Tensor apply(Soft soft) {
        return combination.operator().apply(soft, x, 1, share);
    }

    /// The same operator, softness and share on other lines.
    Case with(Tensor lines) {
        return new Case(index, combination, softness, share, kind, lines);
    }

    /// The same operator on the same lines at another softness.
    Case with(double otherSoftness) {
        return new Case(index, combination, otherSoftness, share, kind, x);
    }

    double[] line(int row) {
        return x.get(row).toDoubles();
    }

    // --- how exact a result can be --------------------------------------------------------------------------------

    /// What a rounding of the entries makes of a probability.
    ///
    /// Standardizing divides it by the deviation, the softness divides what the relaxation reads, NeuralSort
    /// multiplies by n and every sum has n terms; a projection is Lipschitz with a constant of at most 3. Most
    /// methods read differences of entries; those of a network are rounded at the size of the entries, and a
    /// plan has costs of its square.
    private double probabilityError(Line line) {
        double size = combination.isNetwork() || combination.isTransport() ? line.size() : line.spread();
        double read = combination.isTransport() ? (1 + size) * (1 + size) : size;
        double amplification = combination.isStandardized()
                ? (1 + line.size() / line.deviation()) * (1 + 1 / softness)
                : 1 + read / softness;
        return amplification * 16 * n() * ROUNDING + sumError();
    }

    /// What values are means of: the entries, and a finite pad of a network, one above the largest.
    private double[] mixed(int row) {
        double[] entries = line(row);
        if (!combination.hasFinitePads() || combination.isStandardized()) {
            return entries;
        }
        double[] padded = Arrays.copyOf(entries, entries.length + 1);
        padded[entries.length] = Arrays.stream(entries).max().orElseThrow() + 1;
        return padded;
    }

    /// What it makes of a number of this operator's result, whose scale it has. FastSoftSort pools one entry
    /// after the other, a rounding for each.
    double error(int row) {
        Line line = Line.of(mixed(row));
        double probability = probabilityError(line);
        int roundings = combination.isFastSoftSort() ? 8 + n() : 8;
        return switch (combination.result()) {
            case VALUE, VALUES -> probability * restored(line) + roundings * ROUNDING * (line.size() + majorization());
            case RANKS -> probability * n();
            case INDEX, INDICES, MASK -> probability;
        };
    }

    /// What the weights of a mean may differ from 1 in sum.
    ///
    /// A sum of n positive numbers is right to n / 2 roundings of 1, and each of them to some; a plan is solved
    /// until its sums are wrong by half of 1e-12 at most. The cuts of LapSum are rounded at their distance from
    /// the origin, and each of n entries is compared with them.
    double sumError() {
        double longest =
                combination.isStandardized() ? 1 : Line.of(x.toDoubles()).spread();
        double cuts = combination.isLapSum() ? 4 * (1 + Math.min(CUT_GAP * n(), longest / softness)) : 1;
        return combination.isTransport() ? 1e-12 : (8 + n() * cuts) * ROUNDING;
    }

    /// Means are wrong by a share of the spread. The way back multiplies by the deviation and divides by the
    /// slope of the logistic function, which is 1e-10 at the least.
    private double restored(Line line) {
        return combination.isRestored()
                ? line.deviation() * Math.min(1e10, 4 * Math.exp(line.spread() / line.deviation()))
                : line.spread();
    }

    /// The bounds of SmoothSort exceed the entries by the temperature times the logarithm of a binomial
    /// coefficient.
    double majorization() {
        return combination.isSmoothSort() ? n() * Math.min(1, softness) : 0;
    }

    /// Whether roundings leave something of the result.
    boolean isWellConditioned(int row) {
        return error(row) <= LOOSEST * scale(row);
    }

    /// The scale of a number of the result: the spread of the entries, the number of places, or 1.
    private double scale(int row) {
        return switch (combination.result()) {
            case VALUE, VALUES -> Line.of(line(row)).size();
            case RANKS -> n();
            case INDEX, INDICES, MASK -> 1;
        };
    }

    // --- assertions -----------------------------------------------------------------------------------------------

    /// Both results are the same but for what roundings of the entries make of them.
    void same(Tensor expected, Tensor actual, String what) {
        Assertions.assertArrayEquals(expected.shape(), actual.shape(), what + ": shape");
        boolean saysSomething = false;
        for (int row = 0; row < rows(); row++) {
            if (isWellConditioned(row)) {
                saysSomething = true;
                near(expected.get(row).toDoubles(), actual.get(row).toDoubles(), error(row), what + " of row " + row);
            }
        }
        Assumptions.assumeTrue(saysSomething, "ill-conditioned");
    }

    /// Every bit is the same.
    static void identical(Tensor expected, Tensor actual, String what) {
        Assertions.assertArrayEquals(expected.shape(), actual.shape(), what + ": shape");
        Assertions.assertArrayEquals(expected.toDoubles(), actual.toDoubles(), what);
    }

    static void near(double[] expected, double[] actual, double tolerance, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= tolerance)) {
                throw new AssertionError(what + ": entry " + i + " is " + actual[i] + ", expected " + expected[i]
                        + ", off by " + Math.abs(expected[i] - actual[i]) + " where " + tolerance + " is allowed");
            }
        }
    }

    static void atLeast(double bound, double[] actual, double slack, String what) {
        for (int i = 0; i < actual.length; i++) {
            if (!(actual[i] >= bound - slack)) {
                throw new AssertionError(what + ": entry " + i + " is " + actual[i] + ", below " + bound + " by "
                        + (bound - actual[i]) + " where " + slack + " is allowed");
            }
        }
    }

    @Override
    public String toString() {
        String lines = Arrays.stream(x.toDoubles())
                .limit(24)
                .mapToObj(Double::toString)
                .collect(Collectors.joining(", ", "[", x.size() > 24 ? ", ...]" : "]"));
        return combination + ", softness " + softness + ", share " + share + ", index " + index + ", " + kind + " "
                + rows() + " x " + n() + " " + lines;
    }
}
