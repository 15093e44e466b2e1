package io.github.softgrad.trust.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Backend;
import io.github.softgrad.DType;
import io.github.softgrad.Mode;
import io.github.softgrad.Tensor;
import org.junit.jupiter.api.Test;

/// Float32 lines give what the same numbers in float64 give: rounded once, or to 1e-5 where a kernel works in
/// float32.
class FormatTest {

    /// Roundings of a float32 projection of scores that are 12 and more apart from the largest.
    private static final double PROJECTION_ERROR = 3e-7;

    private static final int LONGEST_IN_LANES = 128;
    private static final int FEWEST_IN_LANES = 4;

    @Test
    void float32AgreesWithFloat64() {
        Cases.of("float32 agrees with float64", each -> true)
                .on(kind -> kind != Inputs.OF_ANY_SIZE && kind != Inputs.OF_ALL_SIZES)
                .upTo(12, 200)
                .check(2600, each -> {
                    Tensor single = each.x().toDType(DType.FLOAT32);
                    Case wide = each.with(single.toDType(DType.FLOAT64));
                    Tensor expected = wide.apply();
                    Tensor actual = each.apply(single);
                    assertEquals(DType.FLOAT32, actual.dtype());
                    compare(wide, expected, actual);
                });
    }

    private static void compare(Case each, Tensor expected, Tensor actual) {
        Combination combination = each.combination();
        if (combination.operator() == Operator.SIMPLEX) {
            Case.near(expected.toDoubles(), actual.toDoubles(), PROJECTION_ERROR, "projection in float32");
        } else if (isInFloat(each)) {
            double largest = combination.result().isValue()
                    ? Line.of(each.x().toDoubles()).size()
                    : 1;
            Case.near(expected.toDoubles(), actual.toDoubles(), 1e-5 * largest, "extreme in float32");
        } else if (isInLanes(each)) {
            Case.near(expected.toDoubles(), actual.toDoubles(), lanesError(each), "result in lanes");
        } else {
            Case.identical(expected.toDType(DType.FLOAT32), actual, "result rounded once");
        }
    }

    /// Whether the smooth weights of the largest or the smallest entry alone decide.
    private static boolean isInFloat(Case each) {
        Combination combination = each.combination();
        boolean isExtreme = switch (combination.operator()) {
            case MAX, MIN, ARGMAX, ARGMIN -> true;
            case TOP, ARGTOP -> Operator.places(each.n(), each.share()) == 1;
            case QUANTILE -> each.share() == 0 || each.share() == 1;
            default -> false;
        };
        return isExtreme
                && combination.isSoftSort()
                && combination.mode() == Mode.SMOOTH
                && Backend.kernels().startsWith("native");
    }

    private static boolean isInLanes(Case each) {
        Combination combination = each.combination();
        boolean hasLanes = combination.isSoftSort() || combination.isNeuralSort() || combination.isFastSoftSort();
        boolean hasResult = combination.result().isValue() || combination.result() == Operator.Result.RANKS;
        boolean isBatch = each.rows() >= FEWEST_IN_LANES && each.n() <= LONGEST_IN_LANES;
        return hasLanes && hasResult && isBatch && Backend.kernels().startsWith("native");
    }

    /// What [io.github.softgrad.Soft] promises: 1e-5 of the largest value, and below a softness of 0.02, of
    /// standardized or plain lines alike, so many roundings of the entries divided by it. On the way back from
    /// (0, 1) a rounding is divided by the slope of the logistic function.
    private static double lanesError(Case each) {
        Line line = Line.of(each.x().toDoubles());
        boolean isStandardized = each.combination().isStandardized();
        double softness = isStandardized ? each.softness() : each.softness() / line.size();
        double largest = each.combination().result() == Operator.Result.RANKS ? each.n() : line.size();
        return 1e-5 * Math.max(1, 0.02 / softness) * largest
                + (each.combination().isRestored() ? wayBack(each) : 0);
    }

    private static double wayBack(Case each) {
        double error = 0;
        for (int row = 0; row < each.rows(); row++) {
            Line line = Line.of(each.line(row));
            error = Math.max(error, 0x1p-22 * line.deviation() * Math.exp(line.spread() / line.deviation()));
        }
        return error;
    }
}
