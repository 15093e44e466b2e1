package io.github.softgrad.trust.properties;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.properties.Operator.Result;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What becomes of the result where entries are permuted, shifted, scaled or negated.
class SymmetryTest {

    /// Kinds whose lines have entries of about one size, which can be made whole numbers.
    private static final Set<Inputs> PLAIN =
            Set.of(Inputs.RANDOM, Inputs.TIED, Inputs.SORTED, Inputs.REVERSED, Inputs.OF_SINGLE_PRECISION);

    /// Kinds that may have equal entries, if only by rounding.
    private static final Set<Inputs> WITH_TIES =
            Set.of(Inputs.TIED, Inputs.NEARLY_TIED, Inputs.CONSTANT, Inputs.FAR_FROM_ZERO, Inputs.OF_SINGLE_PRECISION);

    // --- permutations ---------------------------------------------------------------------------------------------

    /// In a network the places of the entries matter, and so they do for SmoothSort where entries are equal.
    @Test
    void permutedEntriesHaveThePermutedResult() {
        Cases.of("permutation equivariance", each -> !each.isNetwork() && !isRankOfSmoothSort(each))
                .check(3500, SymmetryTest::checkPermuted);
    }

    @Test
    void permutedEntriesHaveThePermutedRanksOfSmoothSort() {
        Cases.of("permutation equivariance of the ranks of SmoothSort", SymmetryTest::isRankOfSmoothSort)
                .on(kind -> !WITH_TIES.contains(kind))
                .check(250, SymmetryTest::checkPermuted);
    }

    private static boolean isRankOfSmoothSort(Combination each) {
        return each.isSmoothSort() && each.result() == Result.RANKS;
    }

    private static void checkPermuted(Case each) {
        int[] order = permutation(each.n(), each.index());
        Tensor result = each.apply();
        Tensor expected = switch (each.combination().result()) {
            case VALUE, VALUES -> result;
            case RANKS, MASK, INDEX -> result.take(order, 1);
            case INDICES -> result.take(order, 2);
        };
        each.same(expected, each.apply(each.x().take(order, 1)), "result for permuted entries");
    }

    private static int[] permutation(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    // --- shift and scale ------------------------------------------------------------------------------------------

    /// Entries become whole numbers up to 2^30, so that shift and scale are exact and the variance dwarfs the
    /// 1e-6 that standardization adds to it. Without a variance that is all there is, and the finite pad of a
    /// network shows it.
    @Test
    void standardizedLinesDoNotSeeShiftAndScale() {
        Cases.of("shift and scale of standardized lines", Combination::isStandardized)
                .on(PLAIN::contains)
                .check(3500, each -> {
                    assumeTrue(hasVariance(each.x()) || !each.combination().hasFinitePads());
                    SplittableRandom random = new SplittableRandom(each.index());
                    double scale = 1 + random.nextInt(1000);
                    double shift = random.nextInt();
                    Tensor whole = wholeNumbers(each.x(), 0x1p30);
                    Tensor moved = whole.times(scale).plus(shift);
                    Tensor result = each.apply(whole);
                    Tensor expected = each.combination().result().isValue()
                            ? result.times(scale).plus(shift)
                            : result;
                    each.with(moved).same(expected, each.apply(moved), "result times " + scale + " plus " + shift);
                });
    }

    private static boolean hasVariance(Tensor x) {
        return x.max(1).minus(x.min(1)).min().item() > 0;
    }

    private static Tensor wholeNumbers(Tensor x, double size) {
        Tensor spread = x.max(1, true).minus(x.min(1, true)).maximum(0x1p-20);
        return x.div(spread).times(size).round().maximum(-0x1p50).minimum(0x1p50);
    }

    /// Projections of norms other than the Euclidean one do see where 0 is, so that FastSoftSort sorts
    /// differently there.
    private static boolean isShiftEquivariant(Combination each) {
        boolean normOfValues = each.isFastSoftSort() && (each.mode() == Mode.C1 || each.mode() == Mode.C2);
        return !each.isStandardized() && !(normOfValues && each.result().isValue());
    }

    @Test
    void plainLinesDoNotSeeAShift() {
        Cases.of("shift of plain lines", SymmetryTest::isShiftEquivariant)
                .on(PLAIN::contains)
                .check(1750, each -> {
                    double shift = new SplittableRandom(each.index()).nextInt(1 << 12);
                    Tensor dyadic = wholeNumbers(each.x(), 0x1p20).times(0x1p-20);
                    Tensor moved = dyadic.plus(shift);
                    Tensor result = each.apply(dyadic);
                    Tensor expected = each.combination().result().isValue() ? result.plus(shift) : result;
                    each.with(moved).same(expected, each.apply(moved), "result plus " + shift);
                });
    }

    /// What reads x / softness alone. The anchors of transport, the places that FastSoftSort sorts into, the
    /// finite pad of a network and the entropies of SmoothSort have a scale of their own.
    private static boolean isScaleEquivariant(Combination each) {
        boolean scaleFree = each.isSoftSort()
                || each.isNeuralSort()
                || each.isLapSum()
                || each.isNetwork() && !each.hasFinitePads()
                || each.isFastSoftSort() && each.result() == Result.RANKS;
        return scaleFree && !each.isStandardized();
    }

    @Test
    void plainLinesScaledWithTheSoftnessGiveScaledValues() {
        Cases.of("entries and softness scaled together", SymmetryTest::isScaleEquivariant)
                .on(PLAIN::contains)
                .check(1750, each -> {
                    double scale = Math.scalb(1.0, new SplittableRandom(each.index()).nextInt(-40, 40));
                    Tensor result = each.apply();
                    Case scaled = each.with(each.x().times(scale)).with(each.softness() * scale);
                    Tensor expected = each.combination().result().isValue() ? result.times(scale) : result;
                    scaled.same(expected, scaled.apply(), "result times " + scale);
                });
    }

    // --- directions -----------------------------------------------------------------------------------------------

    @Test
    void descendingIsAscendingReversed() {
        Cases.of(
                        "descending is ascending reversed",
                        each -> each.operator() == Operator.SORT || each.operator() == Operator.ARGSORT)
                .check(1750, each -> {
                    Tensor descending = each.combination().operator() == Operator.SORT
                            ? each.soft().sort(each.x(), 1, Order.DESCENDING)
                            : each.soft().argsort(each.x(), 1, Order.DESCENDING).probabilities();
                    each.same(each.apply().flip(1), descending, "descending");
                });
    }

    /// Exponentials and norms weigh large places more than small ones, so that FastSoftSort mirrors in C0 only.
    private static boolean hasMirroredRanks(Combination each) {
        return each.operator() == Operator.RANK && !(each.isFastSoftSort() && each.mode() != Mode.C0);
    }

    @Test
    void bothRanksOfAnEntryAddUpToOneMoreThanTheLength() {
        Cases.of("ascending and descending ranks sum to n + 1", SymmetryTest::hasMirroredRanks)
                .on(kind -> !WITH_TIES.contains(kind))
                .check(1750, each -> {
                    Tensor ascending = each.apply();
                    Tensor sums = ascending.plus(each.soft().rank(each.x(), 1, Order.DESCENDING));
                    each.same(expectedSums(each, sums), sums, "sums of ranks");
                });
    }

    /// n + 1, but for entries that NeuralSort passes over.
    private static Tensor expectedSums(Case each, Tensor sums) {
        Tensor expected = sums.onesLike().times(each.n() + 1);
        if (!each.combination().isNeuralSort()) {
            return expected;
        }
        Tensor mass = each.soft().argsort(each.x(), 1, Order.ASCENDING).mask();
        return Tensor.select(mass.greater(1e-9), expected, sums);
    }

    /// The order of a network's exchanges is not symmetric.
    @Test
    void negatedEntriesHaveTheOppositeRanks() {
        Cases.of("ranks of negated entries", each -> each.operator() == Operator.RANK && !each.isNetwork())
                .check(1750, each -> {
                    Tensor opposite = each.soft().rank(each.x().unaryMinus(), 1, Order.DESCENDING);
                    each.same(each.apply(), opposite, "descending ranks of the negated entries");
                });
    }

    @Test
    void theLeastIsTheNegatedLargestOfTheNegated() {
        Cases.of("min(x) is -max(-x)", each -> each.operator() == Operator.MIN || each.operator() == Operator.ARGMIN)
                .check(900, each -> {
                    Soft soft = each.soft();
                    Tensor negated = each.x().unaryMinus();
                    Tensor expected = each.combination().operator() == Operator.MIN
                            ? soft.max(negated, 1).unaryMinus()
                            : soft.argmax(negated, 1).probabilities();
                    each.same(expected, each.apply(), "the least");
                });
    }
}
