package io.github.softgrad.trust.properties;

import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.properties.Operator.Result;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What holds for softly sorted values and soft ranks, whatever the lines.
class SortPropertiesTest {

    // --- order ----------------------------------------------------------------------------------------------------

    /// The rows of these methods move from entry to entry in likelihood-ratio order, so their means are in
    /// order; the others are projections onto a cone of sorted numbers. A sorting network and a sparse plan
    /// promise nothing.
    private static boolean sortsInOrder(Combination each) {
        boolean inOrder = each.isSoftSort()
                || each.isNeuralSort()
                || each.isFastSoftSort()
                || each.isSmoothSort()
                || each.isLapSum()
                || each.isTransport() && each.mode() == Mode.SMOOTH;
        return inOrder && each.result() == Result.VALUES;
    }

    @Test
    void sortedValuesAreInOrder() {
        Cases.of("sorted values are in order", SortPropertiesTest::sortsInOrder).check(2600, each -> {
            Tensor values = each.apply();
            int places = values.dim(1);
            Tensor steps = values.slice(1, 1, places).minus(values.slice(1, 0, places - 1));
            Tensor upwards = each.combination().operator() == Operator.SORT ? steps : steps.unaryMinus();
            for (int row = 0; row < each.rows(); row++) {
                Case.atLeast(0, upwards.get(row).toDoubles(), 2 * each.error(row), "step in row " + row);
            }
        });
    }

    /// NeuralSort divides by the sums of columns, some of which vanish or nearly do.
    private static boolean ranksInOrder(Combination each) {
        boolean inOrder = each.isSoftSort()
                || each.isFastSoftSort()
                || each.isSmoothSort()
                || each.isLapSum()
                || each.isTransport() && each.mode() == Mode.SMOOTH;
        return inOrder && each.result() == Result.RANKS;
    }

    @Test
    void largerEntriesHaveLaterRanks() {
        Cases.of("ranks are in the order of the entries", SortPropertiesTest::ranksInOrder)
                .check(2600, each -> {
                    Tensor ranks = each.apply();
                    double sign = each.combination().operator() == Operator.RANK ? 1 : -1;
                    for (int row = 0; row < each.rows(); row++) {
                        double[] entries = each.line(row);
                        double[] rank = ranks.get(row).toDoubles();
                        int[] order = ascending(entries);
                        double[] steps = new double[order.length - 1];
                        Arrays.setAll(
                                steps,
                                i -> entries[order[i]] == entries[order[i + 1]]
                                        ? 0
                                        : sign * (rank[order[i + 1]] - rank[order[i]]));
                        Case.atLeast(0, steps, 2 * each.error(row), "step between ranks of row " + row);
                    }
                });
    }

    private static int[] ascending(double[] entries) {
        return IntStream.range(0, entries.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> entries[i]))
                .mapToInt(i -> i)
                .toArray();
    }

    /// In a network places meet in an order of their own, and SmoothSort gives the first of equals the larger
    /// rank.
    @Test
    void equalEntriesHaveEqualRanks() {
        Cases.of(
                        "equal entries have equal ranks",
                        each -> each.result() == Result.RANKS && !each.isNetwork() && !each.isSmoothSort())
                .on(kind -> kind == Inputs.TIED || kind == Inputs.CONSTANT || kind == Inputs.NEARLY_TIED)
                .check(1750, each -> {
                    Tensor ranks = each.apply();
                    for (int row = 0; row < each.rows(); row++) {
                        double[] entries = each.line(row);
                        double[] rank = ranks.get(row).toDoubles();
                        double[] ofFirstEqual = rank.clone();
                        for (int i = 0; i < entries.length; i++) {
                            int first = 0;
                            while (entries[first] != entries[i]) {
                                first++;
                            }
                            ofFirstEqual[i] = rank[first];
                        }
                        Case.near(ofFirstEqual, rank, each.error(row), "ranks of row " + row);
                    }
                });
    }

    // --- bounds ---------------------------------------------------------------------------------------------------

    /// Means stay within what they are means of; SmoothSort and finite pads promise nothing.
    @Test
    void valuesStayWithinTheRangeOfTheirLine() {
        Cases.of(
                        "values stay within the range of their line",
                        each -> each.result().isValue() && !each.isSmoothSort() && !each.hasFinitePads())
                .check(2600, each -> {
                    Tensor values = each.apply();
                    for (int row = 0; row < each.rows(); row++) {
                        Line line = Line.of(each.line(row));
                        double[] value = values.get(row).toDoubles();
                        double slack = slack(each, row);
                        Case.atLeast(line.least(), value, slack, "row " + row + " from below");
                        Tensor negated = values.get(row).unaryMinus();
                        Case.atLeast(-line.largest(), negated.toDoubles(), slack, "row " + row + " from above");
                    }
                });
    }

    /// A mean of n entries whose weights sum to 1 but for their roundings, those of a plan but for its
    /// tolerance; what is brought back from (0, 1) is wrong by a rounding over the slope there. Norms of
    /// SoftSort add moments about one entry of a group, and where it is far from the others, its roundings stay.
    private static double slack(Case each, int row) {
        double restored = each.combination().isRestored() ? each.error(row) : 0;
        boolean moments = each.combination().isSoftSort() && each.combination().mode() != Mode.SMOOTH;
        double sums = each.sumError() + (moments ? 16 * each.n() * Case.ROUNDING : 0);
        return sums * Line.of(each.line(row)).size() + restored;
    }

    /// SmoothSort promises nothing.
    @Test
    void ranksAreFromOneToTheLength() {
        Cases.of("ranks are from 1 to n", each -> each.result() == Result.RANKS && !each.isSmoothSort())
                .check(1750, each -> {
                    double[] ranks = each.apply().toDoubles();
                    double slack = each.n() * each.sumError();
                    Case.atLeast(1, each.combination().isNeuralSort() ? selected(each, ranks) : ranks, slack, "ranks");
                    double[] negated = Arrays.stream(ranks).map(rank -> -rank).toArray();
                    Case.atLeast(-each.n(), negated, slack, "negated ranks");
                });
    }

    /// NeuralSort divides by column sums of at least 1e-10: an entry that its rows pass over has a smaller
    /// rank.
    private static double[] selected(Case each, double[] ranks) {
        double[] sums = each.soft().argsort(each.x(), 1, Order.ASCENDING).mask().toDoubles();
        return IntStream.range(0, ranks.length)
                .filter(i -> sums[i] > 1e-10 && each.isWellConditioned(i / each.n()))
                .mapToDouble(i -> ranks[i])
                .toArray();
    }

    // --- sums -----------------------------------------------------------------------------------------------------

    /// Doubly stochastic permutations keep the sum of the ranks, and projections by a norm and SmoothSort do.
    private static boolean keepsSumOfRanks(Combination each) {
        return each.result() == Result.RANKS
                && (each.isTransport()
                        || each.isLapSum()
                        || each.isSmoothSort()
                        || each.isFastSoftSort() && each.mode() != Mode.SMOOTH
                        || each.isNetwork() && !each.hasFinitePads());
    }

    @Test
    void ranksKeepTheirSum() {
        Cases.of("ranks sum to n (n + 1) / 2", SortPropertiesTest::keepsSumOfRanks)
                .check(1750, each -> {
                    double[] sums = each.apply().sum(1).toDoubles();
                    double[] expected = new double[each.rows()];
                    Arrays.fill(expected, each.n() * (each.n() + 1) / 2.0);
                    Case.near(expected, sums, 1e-12 * each.n() * each.n(), "sums of ranks");
                });
    }

    /// What is sorted without being standardized keeps the sum of its entries.
    private static boolean keepsSumOfEntries(Combination each) {
        boolean whole = each.operator() == Operator.SORT || each.operator() == Operator.SORT_DESCENDING;
        boolean doublyStochastic = each.isTransport() || each.isLapSum() || each.isSmoothSort();
        boolean plain =
                each.isFastSoftSort() && each.mode() != Mode.SMOOTH || each.isNetwork() && !each.hasFinitePads();
        return whole && (doublyStochastic || plain && !each.standardize());
    }

    @Test
    void sortedValuesKeepTheirSum() {
        Cases.of("sorted values keep the sum of their line", SortPropertiesTest::keepsSumOfEntries)
                .check(1750, each -> {
                    Tensor values = each.apply();
                    for (int row = 0; row < each.rows(); row++) {
                        double size = Line.of(each.line(row)).size() + each.majorization() + Double.MIN_NORMAL;
                        double[] scaled = Arrays.stream(each.line(row))
                                .map(entry -> entry / size)
                                .toArray();
                        double[] sorted = Arrays.stream(values.get(row).toDoubles())
                                .map(entry -> entry / size)
                                .toArray();
                        double[] sum = {Arrays.stream(sorted).sum()};
                        Case.near(new double[] {Arrays.stream(scaled).sum()}, sum, 1e-12 * each.n(), "row " + row);
                    }
                });
    }
}
