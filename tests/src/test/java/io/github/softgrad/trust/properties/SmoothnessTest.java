package io.github.softgrad.trust.properties;

import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.Transition;
import io.github.softgrad.trust.Tally;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/// How smooth each mode is, measured: derivatives from either side agree below the order that theorem 1 of
/// arXiv 2603.08824 names, and that one jumps by what follows from it.
class SmoothnessTest {
    private static final List<Mode> SPARSE = List.of(Mode.C0, Mode.C1, Mode.C2);
    private static final int NO_JUMP = Integer.MAX_VALUE;

    /// The highest order that is looked at where there is no jump.
    private static final int HIGHEST = 4;

    /// A boundary with the recipe whose projection has it.
    private record Crossing(SupportBoundary boundary, Mode mode, double softness, SplittableRandom random) {
        Soft soft() {
            return Soft.smooth()
                    .mode(mode)
                    .softness(softness)
                    .standardize(false)
                    .method(new Method.SoftSort());
        }

        /// The line at a time, its scores in units of the softness.
        Tensor line(double time, double shift) {
            return Tensor.of(Arrays.stream(boundary.at(time))
                    .map(score -> softness * (score + shift))
                    .toArray());
        }
    }

    private interface Check {
        void of(Crossing crossing);
    }

    private static void check(String property, Check check) {
        try (Tally tally = new Tally(property)) {
            for (int index = 0; index < Tally.inputs(300, 1500); index++) {
                SplittableRandom random = new SplittableRandom(Tally.seed() * 31 + index);
                Mode mode = SPARSE.get(index % SPARSE.size());
                SupportBoundary boundary = SupportBoundary.random(SupportBoundary.exponent(mode), random);
                Crossing crossing = new Crossing(boundary, mode, Math.pow(10, random.nextDouble(-3, 3)), random);
                tally.tried();
                try {
                    check.of(crossing);
                } catch (AssertionError fault) {
                    tally.fault();
                    throw new AssertionError(
                            property + ", seed " + Tally.seed() + " index " + index + ", " + mode + " softness "
                                    + crossing.softness() + ", scores " + Arrays.toString(boundary.scores()) + " + t "
                                    + Arrays.toString(boundary.direction()) + ": " + fault.getMessage(),
                            fault);
                }
            }
        }
    }

    /// The derivative of this order jumps at 0, and those below it agree. `size` is that of the values; they
    /// change the faster the larger the jump is.
    private static void assertJump(
            DoubleFunction<double[]> function, int order, double[] jump, double width, double size) {
        int highest = Math.min(order, HIGHEST);
        double scale = size + Arrays.stream(jump).map(Math::abs).max().orElseThrow();
        double[][] after = OneSided.derivatives(function, width, highest);
        double[][] before = OneSided.derivatives(function, -width, highest);
        for (int k = 0; k <= highest; k++) {
            double[] difference = new double[jump.length];
            for (int j = 0; j < jump.length; j++) {
                difference[j] = after[k][j] - before[k][j];
            }
            double[] expected = k == order ? jump : new double[jump.length];
            Case.near(expected, difference, scale * OneSided.error(k, width), "jump of derivative " + k);
        }
    }

    // --- the projection -------------------------------------------------------------------------------------------

    @Test
    void theProjectionOntoTheSimplexIsAsSmoothAsItsModeAndNoMore() {
        check("theorem 1: smoothness of the simplex projection", each -> {
            double shift = each.random().nextDouble(-4, 4);
            DoubleFunction<double[]> shares = time ->
                    each.soft().projectSimplex(each.line(time, shift), 0).toDoubles();
            SupportBoundary boundary = each.boundary();
            assertJump(shares, boundary.exponent(), boundary.jump(), SupportBoundary.WIDTH, 1);
        });
    }

    @Test
    void theSmoothProjectionHasNoJump() {
        check("theorem 1: no jump in the smooth mode", each -> {
            Soft soft = each.soft().mode(Mode.SMOOTH);
            DoubleFunction<double[]> shares =
                    time -> soft.projectSimplex(each.line(time, 0), 0).toDoubles();
            assertJump(shares, NO_JUMP, new double[each.boundary().scores().length], 3 * SupportBoundary.WIDTH, 1);
        });
    }

    // --- operators that are made of it ----------------------------------------------------------------------------

    /// The mean of the entries under the projection: entries are smooth in time, so only the shares jump.
    @Test
    void theLargestBySoftSortIsAsSmoothAsItsMode() {
        check("theorem 1: smoothness of max by SoftSort", each -> {
            SupportBoundary boundary = each.boundary();
            double[] ofShares = boundary.jump();
            double jump = 0;
            for (int j = 0; j < ofShares.length; j++) {
                jump += ofShares[j] * boundary.scores()[j];
            }
            DoubleFunction<double[]> largest =
                    time -> new double[] {each.soft().max(each.line(time, 0), 0).item() / each.softness()};
            assertJump(largest, boundary.exponent(), new double[] {jump}, SupportBoundary.WIDTH, 4);
        });
    }

    /// The row of a sorted entry a has the scores -|a - x|: here those of the boundary, on random sides of a,
    /// which is the entry with the highest score. Other rows may meet boundaries of their own.
    @Test
    void aRowOfSoftSortIsAsSmoothAsItsMode() {
        check("theorem 1: smoothness of a row of SoftSort", each -> {
            SupportBoundary boundary = each.boundary();
            double[] sides = each.random()
                    .doubles(boundary.scores().length)
                    .map(u -> u < 0.5 ? -1 : 1)
                    .toArray();
            int anchor = highest(boundary.scores());
            int place = (int) place(entries(boundary, sides, anchor, 0), anchor);
            DoubleFunction<double[]> row = time -> {
                Tensor x = Tensor.of(entries(boundary, sides, anchor, time)).times(each.softness());
                return each.soft()
                        .argsort(x, 0, Order.ASCENDING)
                        .probabilities()
                        .get(place)
                        .toDoubles();
            };
            assertJump(row, boundary.exponent(), boundary.jump(), width(boundary, anchor), 1);
        });
    }

    /// Entries whose distances from the anchor, which stands still at 0, are those of the scores from its own.
    private static double[] entries(SupportBoundary boundary, double[] sides, int anchor, double time) {
        double[] scores = boundary.at(time);
        double[] entries = new double[scores.length];
        Arrays.setAll(entries, j -> j == anchor ? 0 : sides[j] * (scores[anchor] - scores[j]));
        return entries;
    }

    private static int highest(double[] scores) {
        int highest = 0;
        for (int j = 1; j < scores.length; j++) {
            highest = scores[j] > scores[highest] ? j : highest;
        }
        return highest;
    }

    private static long place(double[] entries, int anchor) {
        return Arrays.stream(entries).filter(entry -> entry < entries[anchor]).count();
    }

    /// No entry meets the anchor within this time.
    private static double width(SupportBoundary boundary, int anchor) {
        double width = SupportBoundary.WIDTH;
        for (int j = 0; j < boundary.scores().length; j++) {
            double distance = boundary.scores()[anchor] - boundary.scores()[j];
            width = j == anchor ? width : Math.min(width, distance / 2.5);
        }
        return width;
    }

    // --- elementwise ----------------------------------------------------------------------------------------------

    /// A curve and the derivative of its first jump, at -5 softness and in units of 5 softness: 0 before it,
    /// then the polynomial of the mode, or the projection of (0, x).
    private record Curve(Mode mode, Transition transition, double jump) {}

    private static final List<Curve> CURVES = List.of(
            new Curve(Mode.C0, Transition.SMOOTHSTEP, 1.0 / 2),
            new Curve(Mode.C1, Transition.SMOOTHSTEP, 6.0 / 4),
            new Curve(Mode.C2, Transition.SMOOTHSTEP, 120.0 / 16),
            new Curve(Mode.C1, Transition.P_NORM, 2),
            new Curve(Mode.C2, Transition.P_NORM, 6));

    private static final double CURVE_WIDTH = 0.1;

    /// The step jumps in the derivative of the order of its mode plus 1, its integral one order later. At the
    /// other end S(x) = 1 - S(-x) says how.
    @Test
    void elementwiseTransitionsAreAsSmoothAsTheirMode() {
        try (Tally tally = new Tally("smoothness of elementwise transitions")) {
            SplittableRandom random = new SplittableRandom(Tally.seed());
            for (int index = 0; index < Tally.inputs(30, 250); index++) {
                for (Curve curve : CURVES) {
                    for (int end : new int[] {-1, 1}) {
                        tally.tried();
                        checkEnd(curve, end, Math.pow(10, random.nextDouble(-6, 6)), tally);
                    }
                }
            }
        }
    }

    private static void checkEnd(Curve curve, int end, double softness, Tally tally) {
        Soft soft =
                Soft.smooth().mode(curve.mode()).transition(curve.transition()).softness(softness);
        int order = SupportBoundary.exponent(curve.mode());
        double reach = 5 * softness;
        double[] jump = {curve.jump() * (end < 0 || order % 2 == 0 ? 1 : -1)};
        DoubleFunction<Tensor> x = time -> Tensor.scalar(reach * (end + time));
        DoubleFunction<double[]> step =
                time -> new double[] {soft.heaviside(x.apply(time)).item()};
        DoubleFunction<double[]> integral =
                time -> new double[] {soft.relu(x.apply(time)).item() / reach};
        try {
            assertJump(step, order, jump, CURVE_WIDTH, 1);
            assertJump(integral, order + 1, jump, CURVE_WIDTH, 2);
        } catch (AssertionError fault) {
            tally.fault();
            throw new AssertionError(
                    curve + " at end " + end + ", softness " + softness + ": " + fault.getMessage(), fault);
        }
    }
}
