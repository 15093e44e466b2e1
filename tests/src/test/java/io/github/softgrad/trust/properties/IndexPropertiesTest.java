package io.github.softgrad.trust.properties;

import io.github.softgrad.Mode;
import io.github.softgrad.Tensor;
import org.junit.jupiter.api.Test;

/// What holds for every soft index, whatever the lines.
class IndexPropertiesTest {

    @Test
    void rowsOfAnIndexAreDistributions() {
        Cases.of(
                        "rows of an index are distributions",
                        each -> each.result().isIndex() || each.operator() == Operator.SIMPLEX)
                .check(2600, each -> {
                    Tensor rows = each.apply();
                    Case.atLeast(0, rows.toDoubles(), 0, "probabilities");
                    Tensor sums = rows.sum(-1);
                    Case.near(sums.onesLike().toDoubles(), sums.toDoubles(), each.sumError(), "sums of rows");
                });
    }

    private static boolean isDoublyStochastic(Combination each) {
        boolean whole = each.operator() == Operator.ARGSORT || each.operator() == Operator.ARGSORT_DESCENDING;
        return whole && (each.isTransport() || each.isLapSum() || each.isNetwork() && !each.hasFinitePads());
    }

    @Test
    void softPermutationsAreDoublyStochastic() {
        Cases.of("soft permutations are doubly stochastic", IndexPropertiesTest::isDoublyStochastic)
                .check(1250, each -> {
                    Tensor columns = each.apply().sum(1);
                    Case.near(columns.onesLike().toDoubles(), columns.toDoubles(), each.sumError(), "sums of columns");
                });
    }

    @Test
    void theMaskOfTheTopSumsToItsSize() {
        Cases.of("the mask of the top k sums to k", each -> each.operator() == Operator.TOP_MASK)
                .check(1250, each -> {
                    Tensor mask = each.apply();
                    int k = Operator.places(each.n(), each.share());
                    Tensor sums = mask.sum(1);
                    Case.atLeast(0, mask.toDoubles(), 0, "mask");
                    Case.near(sums.onesLike().times(k).toDoubles(), sums.toDoubles(), k * each.sumError(), "sums");
                });
    }

    /// Where columns of the whole permutation sum to 1, some of its rows give at most 1.
    @Test
    void theMaskOfTheTopIsAtMostOneWherePermutationsAreDoublyStochastic() {
        Cases.of(
                        "the mask of the top k is at most 1",
                        each -> each.operator() == Operator.TOP_MASK
                                && (each.isTransport() || each.isLapSum() || each.isNetwork() && !each.hasFinitePads()))
                .check(
                        1250,
                        each -> Case.atLeast(
                                -1, each.apply().unaryMinus().toDoubles(), each.sumError(), "negated mask"));
    }

    /// The projection of the entries themselves keeps their order; equal ones may differ by the rounding of the
    /// lane or the remainder that they fall in. Standardized entries are between 0 and 1 and rounded there,
    /// which the softness magnifies, so that close ones may change places.
    @Test
    void largerEntriesHaveLargerShares() {
        Cases.of(
                        "larger entries have larger shares",
                        each -> each.operator() == Operator.SIMPLEX
                                || each.operator() == Operator.ARGMAX && each.isSoftSort())
                .check(1750, each -> {
                    Tensor shares = each.apply();
                    for (int row = 0; row < each.rows(); row++) {
                        checkOrder(each, each.line(row), shares.get(row).toDoubles());
                    }
                });
    }

    private static void checkOrder(Case each, double[] entries, double[] shares) {
        Mode mode = each.combination().mode();
        double score = each.combination().isStandardized() ? 1 / each.softness() : 0;
        for (int i = 1; i < entries.length; i++) {
            double step = (shares[i] - shares[i - 1]) * (entries[i] < entries[i - 1] ? -1 : 1);
            boolean wrong = entries[i] == entries[i - 1] ? step != 0 : step < 0;
            double allowed = 0x1p-50 * (shares[i] + score * slope(mode, shares[i]));
            if (wrong && Math.abs(step) > allowed) {
                throw new AssertionError("entries " + entries[i - 1] + " and " + entries[i] + " have the shares "
                        + shares[i - 1] + " and " + shares[i]);
            }
        }
    }

    /// How fast a share grows with its score, the level of its row standing still.
    private static double slope(Mode mode, double share) {
        return switch (mode) {
            case C0 -> 1;
            case C1 -> 2 * Math.sqrt(share);
            case C2 -> 3 * Math.pow(share, 2 / 3.0);
            default -> share;
        };
    }
}
