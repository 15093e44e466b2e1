package io.github.softgrad.trust.properties;

import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.properties.Operator.Result;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a softness towards zero and towards infinity gives, and that there is no turning back between.
class LimitsTest {

    private static final Set<Inputs> PLAIN = Set.of(
            Inputs.RANDOM, Inputs.TIED, Inputs.CONSTANT, Inputs.SORTED, Inputs.REVERSED, Inputs.OF_SINGLE_PRECISION);

    private static final Set<Inputs> WITHOUT_TIES = Set.of(Inputs.RANDOM, Inputs.SORTED, Inputs.REVERSED);

    // --- towards zero ---------------------------------------------------------------------------------------------

    @Test
    void aSmallSoftnessGivesTheHardOperator() {
        Cases.of("softness to 0 gives the hard operator", each -> true)
                .on(WITHOUT_TIES::contains)
                .check(1250, LimitsTest::checkHard);
    }

    /// Tied entries share places softly, so that only values are those of the hard operator there.
    @Test
    void aSmallSoftnessGivesTheHardValuesOfTies() {
        Cases.of(
                        "softness to 0 gives the hard values of ties",
                        each -> each.result().isValue())
                .on(kind -> kind == Inputs.TIED || kind == Inputs.CONSTANT)
                .check(600, LimitsTest::checkHard);
    }

    private static void checkHard(Case each) {
        double softness = Double.POSITIVE_INFINITY;
        for (int row = 0; row < each.rows(); row++) {
            softness = Math.min(softness, hardSoftness(each, row));
        }
        Tensor expected = each.apply(Soft.hard());
        Tensor actual = each.with(softness).apply();
        for (int row = 0; row < each.rows(); row++) {
            double tolerance = hardError(each.with(softness), Line.of(each.line(row)));
            String name = "row " + row + " at softness " + softness;
            Case.near(expected.get(row).toDoubles(), actual.get(row).toDoubles(), tolerance, name);
        }
    }

    /// So small that what another place would cost is many softnesses: at least the gap of two entries over n,
    /// for FastSoftSort the gap 1 / (n - 1) of its places, which has to outweigh all entries.
    private static double hardSoftness(Case each, int row) {
        double[] entries = each.line(row);
        Line line = Line.of(entries);
        double gap = each.combination().isStandardized() ? standardizedGap(entries, line) : Line.gap(entries);
        return Math.min(gap, 1 / (1 + line.spread())) / (100 * each.n());
    }

    private static double standardizedGap(double[] entries, Line line) {
        double mean = Arrays.stream(entries).average().orElseThrow();
        return Line.gap(Arrays.stream(entries)
                .map(entry -> 1 / (1 + Math.exp((mean - entry) / line.deviation())))
                .toArray());
    }

    /// Nothing but the roundings of a mean of which one weight is 1, and those of the way back; and how far
    /// SmoothSort exceeds ties and a finite pad, one off, shows.
    private static double hardError(Case each, Line line) {
        double size = line.size() + (each.combination().hasFinitePads() ? 1 : 0);
        double weights = (each.sumError() + 0x1p-50) * each.n();
        double wayBack = each.combination().isRestored()
                ? 0x1p-48 * line.deviation() * Math.exp(line.spread() / line.deviation())
                : 0;
        return each.combination().result().isValue()
                ? weights * size + wayBack + each.majorization()
                : weights * each.n();
    }

    // --- towards infinity -----------------------------------------------------------------------------------------

    /// Projections of SmoothSort leave the range of the entries, and a network mixes all with all only where
    /// there are as many as a power of two.
    private static boolean averages(Combination each) {
        return !each.isSmoothSort() && !each.isNetwork() && !each.isFastSoftSort();
    }

    @Test
    void aLargeSoftnessGivesTheMeanAndTheUniformIndex() {
        Cases.of("softness to infinity gives the mean and the uniform index", LimitsTest::averages)
                .on(PLAIN::contains)
                .check(1250, each -> {
                    double size = Line.of(each.x().toDoubles()).size();
                    Case blunt = each.with(1e9 * (1 + size) * (1 + size));
                    Tensor actual = blunt.apply();
                    Tensor expected = uniform(each, actual);
                    for (int row = 0; row < each.rows(); row++) {
                        double[] entries = expected.get(row).toDoubles();
                        Case.near(entries, actual.get(row).toDoubles(), bluntError(each, row), "row " + row);
                    }
                });
    }

    private static Tensor uniform(Case each, Tensor like) {
        double n = each.n();
        return switch (each.combination().result()) {
            case VALUE -> each.x().mean(1);
            case VALUES -> each.x().mean(1, true).broadcastTo(like.shape());
            case RANKS -> like.onesLike().times((n + 1) / 2);
            case INDEX, INDICES -> like.onesLike().times(1 / n);
            case MASK ->
                like.onesLike()
                        .times((each.combination().operator() == Operator.SIMPLEX
                                        ? 1
                                        : Operator.places((int) n, each.share()))
                                / n);
        };
    }

    /// A share differs from 1 / n by at most its slope, 3 times the range of the scores over the softness;
    /// those of NeuralSort reach over n times the range of the entries, twice.
    private static double bluntError(Case each, int row) {
        double share = 6e-9 * each.n() + each.sumError();
        Line line = Line.of(each.line(row));
        return switch (each.combination().result()) {
            case VALUE, VALUES -> each.n() * share * line.size();
            case RANKS -> each.n() * share * each.n();
            case INDEX, INDICES -> share;
            case MASK -> each.n() * share;
        };
    }

    /// Projections onto a permutahedron come down to its point of least norm: the mean of what they sort, in
    /// `SMOOTH` the logarithm of the mean exponential.
    @Test
    void aLargeSoftnessOfAPlainFastSoftSortGivesTheMean() {
        Cases.of(
                        "softness to infinity gives the mean of a plain FastSoftSort",
                        each -> each.isFastSoftSort() && !each.standardize() && each.mode() != Mode.SMOOTH)
                .on(PLAIN::contains)
                .check(250, each -> {
                    double size = Line.of(each.x().toDoubles()).size();
                    Tensor actual = each.with(1e30 * (1 + size)).apply();
                    double scale = each.combination().result() == Result.RANKS ? each.n() : size;
                    // The third power of the entries, in C2, has the mean of the third root: 1e-10 of z / s.
                    Case.near(
                            uniform(each, actual).toDoubles(),
                            actual.toDoubles(),
                            1e-9 * each.n() * (1 + scale),
                            "result at softness infinity");
                });
    }

    /// With as many entries as a power of two and exchanges that all mix half and half, every place gets the
    /// mean.
    @Test
    void aLargeSoftnessOfANetworkGivesTheMeanWhereNothingIsPadded() {
        Cases.of("softness to infinity gives the mean of a network", each -> each.isNetwork() && !each.standardize())
                .on(PLAIN::contains)
                .check(500, each -> {
                    int width = Integer.highestOneBit(each.n());
                    Case whole = each.with(each.x().slice(1, 0, width));
                    double size = Line.of(whole.x().toDoubles()).size();
                    Tensor actual = whole.with(1e12 * (1 + size)).apply();
                    double[] expected = uniform(whole, actual).toDoubles();
                    if (width > 1) {
                        Case.near(expected, actual.toDoubles(), 1e-10 * width * width * (1 + size), "result");
                    }
                });
    }

    // --- between --------------------------------------------------------------------------------------------------

    /// The derivative of `<v, y(z / s)>` in 1 / s is a covariance of v and z, which rise together.
    @Test
    void theLargestFallsWithTheSoftness() {
        Cases.of(
                        "the largest falls and the least rises with the softness",
                        each -> (each.operator() == Operator.MAX || each.operator() == Operator.MIN)
                                && each.isSoftSort())
                .check(1250, each -> {
                    double factor = 1 + 3 * new SplittableRandom(each.index()).nextDouble();
                    Case softer = each.with(each.softness() * factor);
                    double sign = each.combination().operator() == Operator.MAX ? 1 : -1;
                    double[] sharp = each.apply().times(sign).toDoubles();
                    double[] soft = softer.apply().times(sign).toDoubles();
                    for (int row = 0; row < each.rows(); row++) {
                        double[] fall = {sharp[row] - soft[row]};
                        Case.atLeast(
                                0,
                                fall,
                                2 * each.n() * 0x1p-52 * Line.of(each.line(row)).size(),
                                "row " + row);
                    }
                });
    }

    @Test
    void theLargestShareFallsWithTheSoftness() {
        Cases.of(
                        "the largest share falls with the softness",
                        each -> each.operator() == Operator.SIMPLEX
                                || each.operator() == Operator.ARGMAX && each.isSoftSort())
                .check(900, each -> {
                    double factor = 1 + 3 * new SplittableRandom(each.index()).nextDouble();
                    Tensor sharp = each.apply().max(1);
                    Tensor soft = each.with(each.softness() * factor).apply().max(1);
                    Case.atLeast(0, sharp.minus(soft).toDoubles(), each.sumError(), "fall of the largest share");
                });
    }
}
