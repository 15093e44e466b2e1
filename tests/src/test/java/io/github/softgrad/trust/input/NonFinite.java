package io.github.softgrad.trust.input;

import static io.github.softgrad.Autodiff.vjp;

import io.github.softgrad.DType;
import io.github.softgrad.Pullback;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/// One operator on three lines of which the middle one has a NaN or an infinity: what that line becomes, and
/// whether the others stay as they are, in values and derivatives.
///
/// @param name as the document calls it
/// @param operator from a recipe and lines (3, n) to results of which each line has a third
/// @param lines three lines, the entry in the middle of the second being the given number
/// @param symbol how the document writes a number
record NonFinite(
        String name,
        BiFunction<Soft, Tensor, Tensor> operator,
        DoubleFunction<Tensor> lines,
        DoubleFunction<String> symbol) {

    /// The numbers in question.
    static final List<Double> NUMBERS = List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    private static final double ORDINARY = 0.9;

    /// Comparisons move by 1e-10.
    private static final double EPSILON = 1e-9;

    static NonFinite alongAxis(String name, BiFunction<Soft, Tensor, Tensor> operator) {
        return new NonFinite(name, operator, NonFinite::rows, NonFinite::kind);
    }

    static NonFinite elementwise(String name, BiFunction<Soft, Tensor, Tensor> operator) {
        return new NonFinite(
                name, operator, number -> Tensor.of(0.3, number, -1.2).expandDims(1), NonFinite::number);
    }

    private static Tensor rows(double number) {
        return Tensor.of(new double[][] {{0.3, -1.2, 2.2, 0.7}, {0.5, number, -0.4, 1.1}, {-0.8, 0.1, 1.9, 0.4}});
    }

    private static String kind(double x) {
        return Double.isFinite(x) ? "finite" : number(x);
    }

    /// Whole numbers and halves as they are, so that limits can be seen.
    private static String number(double x) {
        if (Double.isInfinite(x)) {
            return x > 0 ? "inf" : "-inf";
        }
        double half = Math.rint(2 * x) / 2;
        return Double.isNaN(x) ? "NaN" : Math.abs(x - half) > EPSILON ? "finite" : Double.toString(half + 0.0);
    }

    /// What the line with the number becomes; throws an [AssertionError] where another line changes.
    String outcome(Soft soft, double number, DType format) {
        Pullback<Tensor> bad =
                vjp(x -> operator.apply(soft, x), lines.apply(number).toDType(format));
        Pullback<Tensor> good =
                vjp(x -> operator.apply(soft, x), lines.apply(ORDINARY).toDType(format));
        Tensor badSlopes = bad.pull(bad.value().onesLike().times(0.7));
        Tensor goodSlopes = good.pull(good.value().onesLike().times(0.7));
        for (int other : new int[] {0, 2}) {
            requireSame("value", other, bad.value(), good.value());
            requireSame("derivative", other, badSlopes, goodSlopes);
        }
        String value = text(third(bad.value(), 1));
        String slope = text(third(badSlopes.div(0.7), 1));
        return value.equals(slope) ? value : value + "; derivative " + slope;
    }

    private void requireSame(String what, int line, Tensor bad, Tensor good) {
        double[] found = third(bad, line);
        double[] expected = third(good, line);
        if (!Arrays.equals(found, expected)) {
            throw new AssertionError(name + ": the " + what + " of line " + line + " is " + Arrays.toString(found)
                    + ", without a NaN or an infinity in line 1 it is " + Arrays.toString(expected));
        }
    }

    private static double[] third(Tensor results, int line) {
        double[] all = results.toDoubles();
        int length = all.length / 3;
        return Arrays.copyOfRange(all, line * length, (line + 1) * length);
    }

    private String text(double... numbers) {
        List<String> symbols = Arrays.stream(numbers).mapToObj(symbol).toList();
        return symbols.stream().distinct().count() == 1
                ? symbols.getFirst()
                : symbols.stream().collect(Collectors.joining(", ", "(", ")"));
    }
}
