package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.Elementwise;
import io.github.softgrad.elementwise.FloatOperand;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.Operand;
import io.github.softgrad.elementwise.SoftFunction;
import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.Slope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The derivatives that are functions of the backends, and what blocks of one softness take: factors, rounding
/// and both formats.
class SlopeTest {
    private static final int POINTS = 2000;
    private static final double[] SOFTNESS = {0.02, 0.1, 0.3, 2};

    static Stream<Slope> slopes() {
        List<Slope> slopes = new ArrayList<>();
        for (UlpOperator operator : UlpOperator.all()) {
            SoftFunction function = (SoftFunction) operator.function();
            for (int k = 0; k < function.arity(); k++) {
                if (Slope.exists(function, k)) {
                    slopes.add(new Slope(function, k));
                }
            }
        }
        return slopes.stream();
    }

    static Stream<SoftFunction> functions() {
        return Stream.concat(UlpOperator.all().stream().map(operator -> (SoftFunction) operator.function()), slopes());
    }

    @ParameterizedTest
    @MethodSource("slopes")
    void aSlopeIsTheCentralDifferenceOfItsFunction(Slope slope) {
        Function of = slope.of();
        for (double s : SOFTNESS) {
            double[][] columns = columns(of.arity(), s);
            for (int i = 0; i < 200; i++) {
                double[] point = point(columns, i);
                double step = 1e-4 * s;
                double exact = at(slope, point);
                double rough = difference(of, point, slope.argument(), step);
                double fine = difference(of, point, slope.argument(), step / 2);
                double tolerance = 1e-6 * (1 + Math.abs(exact)) + 4 * Math.abs(rough - fine);
                assertEquals(fine, exact, tolerance, slope + " at " + Arrays.toString(point));
            }
        }
    }

    private static double difference(Function of, double[] point, int k, double step) {
        double[] above = point.clone();
        double[] below = point.clone();
        above[k] += step;
        below[k] -= step;
        return (at(of, above) - at(of, below)) / (above[k] - below[k]);
    }

    private static double at(Function function, double... point) {
        double[] all = Arrays.copyOf(point, 4);
        return function.at(all[0], all[1], all[2], all[3]);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void theBackendsAgreeOnBlocksOfOneSoftness(SoftFunction function) {
        for (double s : SOFTNESS) {
            double[][] columns = columns(function.arity(), s);
            double[] factor = new SplittableRandom(7).doubles(POINTS, -2, 2).toArray();
            UlpTest.BACKENDS.forEach((name, backend) -> {
                double[] results = apply(backend, function, columns, factor);
                float[] floats = applyFloats(backend, function, columns, factor);
                for (int i = 0; i < POINTS; i++) {
                    double[] point = point(columns, i);
                    double expected = at(function, point) * factor[i];
                    double size = Math.max(Math.abs(expected), Math.abs(at(function, point)));
                    double scale = Math.max(size, 1 / Math.min(1, s));
                    int place = i;
                    assertEquals(
                            expected,
                            results[i],
                            1e-14 * scale,
                            () -> name + " " + function + " at " + Arrays.toString(point) + ", place " + place);
                    assertEquals(
                            expected,
                            floats[i],
                            4e-6 * scale,
                            () -> name + " float32 " + function + " at " + Arrays.toString(point) + ", place " + place);
                }
            });
        }
    }

    private static double[] apply(Elementwise backend, SoftFunction function, double[][] columns, double[] factor) {
        Operand[] operands = new Operand[columns.length];
        for (int k = 0; k < operands.length; k++) {
            operands[k] = k == operands.length - 1 ? Operand.of(columns[k][0]) : Operand.of(columns[k]);
        }
        double[] results = new double[POINTS];
        backend.apply(function, operands, Operand.of(factor), results, 0, POINTS);
        return results;
    }

    private static float[] applyFloats(
            Elementwise backend, SoftFunction function, double[][] columns, double[] factor) {
        FloatOperand[] operands = new FloatOperand[columns.length];
        for (int k = 0; k < operands.length; k++) {
            float[] column = floats(columns[k]);
            operands[k] = k == operands.length - 1 ? FloatOperand.of(column[0]) : FloatOperand.of(column);
        }
        float[] results = new float[POINTS];
        backend.apply(function, operands, FloatOperand.of(floats(factor)), results, 0, POINTS);
        return results;
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /// Arguments that float32 holds exactly, the softness in the last column.
    private static double[][] columns(int arity, double s) {
        SplittableRandom random = new SplittableRandom(arity);
        double[][] columns = new double[arity][POINTS];
        for (int i = 0; i < POINTS; i++) {
            columns[0][i] = (float) random.nextDouble(-4, 4);
            if (arity > 2) {
                columns[1][i] = (float) random.nextDouble(-2, 1);
            }
            if (arity > 3) {
                columns[2][i] = (float) (columns[1][i] + random.nextDouble(0.01, 2));
            }
            columns[arity - 1][i] = (float) s;
        }
        return columns;
    }

    private static double[] point(double[][] columns, int i) {
        return Arrays.stream(columns).mapToDouble(column -> column[i]).toArray();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NORM_3_2", "NORM_4_3"})
    void roundingWithOneSoftnessIsWithinFourUnits(Curve curve) {
        UlpOperator round = UlpOperator.all().stream()
                .filter(operator -> operator.curve() == curve && operator.function() instanceof Round)
                .findFirst()
                .orElseThrow();
        for (double s : new double[] {1e-3, 0.03, 0.1, 0.11, 0.7}) {
            SplittableRandom random = new SplittableRandom(1);
            double[] x = Stream.generate(() -> UlpPoints.rounding(random)[0])
                    .limit(500)
                    .mapToDouble(each -> each)
                    .toArray();
            UlpTest.BACKENDS.forEach((name, backend) -> {
                double[] results = new double[x.length];
                backend.apply(round.function(), new Operand[] {Operand.of(x), Operand.of(s)}, results, 0, x.length);
                for (int i = 0; i < x.length; i++) {
                    UlpNumber[] arguments = {UlpNumber.of(x[i]), UlpNumber.of(s)};
                    UlpNumber exact = round.exact().at(arguments);
                    UlpNumber unit = round.size().at(exact, arguments).ulp();
                    double error = UlpNumber.of(results[i])
                            .minus(exact)
                            .abs()
                            .over(unit)
                            .doubleValue();
                    assertTrue(error <= round.limit(), name + " round at " + x[i] + ", " + s + ": " + error + " ulp");
                }
            });
        }
    }

    @Test
    void slopesThatDoNotExistAreRefused() {
        assertFalse(Slope.exists(new Sigmoidal(Curve.NORM_3_2, 2), 0));
        assertFalse(Slope.exists(new Clip(Curve.LINEAR, false), 1));
        assertThrows(IllegalArgumentException.class, () -> new Slope(new Sigmoidal(Curve.LINEAR, 0), 1));
    }
}
