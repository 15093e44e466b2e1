package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.Elementwise;
import io.github.softgrad.elementwise.FloatOperand;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.Operand;
import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Closeness;
import io.github.softgrad.elementwise.SoftFunction.Comparison;
import io.github.softgrad.elementwise.SoftFunction.GatedRelu;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.SoftAbs;
import io.github.softgrad.elementwise.SoftFunction.SoftSign;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/// The soft functions of one element at NaN, infinities, overflow and ties, in both backends.
class UlpEdgeTest {

    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double S = 0.1;

    @ParameterizedTest
    @MethodSource("functions")
    void anyArgumentThatIsNaNGivesNaN(Function function) {
        for (int k = 0; k < function.arity(); k++) {
            for (double other : new double[] {0.5, 1e300}) {
                double[] arguments = new double[function.arity()];
                Arrays.fill(arguments, other);
                arguments[k] = Double.NaN;
                same(Double.NaN, function, arguments);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void finiteArgumentsGiveFiniteValues(Function function) {
        double[] values = {0, -0.0, 1, -0.5, 1e-320, -1e-300, 1e300, -1e300, Double.MAX_VALUE, -Double.MAX_VALUE};
        for (double x : values) {
            for (double y : values) {
                for (double s : new double[] {1e-6, S, 1e6}) {
                    double[] all = {x, y, y, s};
                    double[] arguments = Arrays.copyOfRange(all, 0, function.arity());
                    arguments[function.arity() - 1] = s;
                    UlpTest.BACKENDS.forEach((name, backend) -> assertTrue(
                            Double.isFinite(at(backend, function, arguments)),
                            () -> name + " " + function + " at " + Arrays.toString(arguments)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void infinitiesAndOverflowSaturate(Curve curve) {
        for (double[] big : new double[][] {{INFINITY, S}, {1e300, 1e-10}}) {
            double x = big[0];
            double s = big[1];
            same(1, new Sigmoidal(curve, 0), x, s);
            same(0, new Sigmoidal(curve, 0), -x, s);
            same(x, new Sigmoidal(curve, -1), x, s);
            same(0, new Sigmoidal(curve, -1), -x, s);
            same(0, new Sigmoidal(curve, 1), x, s);
            same(0, new Sigmoidal(curve, 1), -x, s);
            same(1, new SoftSign(curve), x, s);
            same(-1, new SoftSign(curve), -x, s);
            same(x, new SoftAbs(curve), -x, s);
            same(x, new GatedRelu(curve), x, s);
            same(0, new GatedRelu(curve), -x, s);
            same(0, new Closeness(curve, 1e-5, 1e-8, 0, false), x, 1, s);
            same(1, new Closeness(curve, 0, 0, 0, true), -x, x, s);
            same(1, new Closeness(curve, 0, 0, 0, false), x, x, s);
        }
        same(0.5, new Comparison(curve, 0), INFINITY, INFINITY, S);
        same(1, new Comparison(curve, 0), Double.MAX_VALUE, -Double.MAX_VALUE, S);
        same(0, new Comparison(curve, 0), -INFINITY, 3, S);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NORM_3_2", "NORM_4_3"})
    void clippingAndRoundingAreExactFarAway(Curve curve) {
        for (boolean gated : new boolean[] {false, true}) {
            Clip clip = new Clip(curve, gated);
            for (double x : new double[] {INFINITY, 1e300, 1e17}) {
                same(1, clip, x, -1, 1, S);
                same(-1, clip, -x, -1, 1, S);
                same(x, clip, x, -1, INFINITY, S);
                same(-1, clip, -x, -1, INFINITY, S);
                same(-x, clip, -x, -INFINITY, 1, S);
            }
        }
        for (double x : new double[] {INFINITY, 1e300, 0x1p52, 0x1p60 + 512}) {
            same(x, new Round(curve, 5), x, S);
            same(-x, new Round(curve, 5), -x, S);
        }
    }

    /// Powers of two change no digit, so those of a huge or tiny softness are the ones of a softness near 1.
    @ParameterizedTest
    @EnumSource
    void theCurvesHaveNoScale(Curve curve) {
        for (double x : new double[] {-1.7, -1.499, -0.3, 0, 1e-9, 0.4, 1.5, 3}) {
            for (int exponent : new int[] {-900, -300, 300, 900}) {
                hasNoScale(new Sigmoidal(curve, -1), 1, x, exponent);
                hasNoScale(new Sigmoidal(curve, 0), 0, x, exponent);
                hasNoScale(new Sigmoidal(curve, 1), -1, x, exponent);
                hasNoScale(new SoftSign(curve), 0, x, exponent);
                hasNoScale(new SoftAbs(curve), 1, x, exponent);
                hasNoScale(new GatedRelu(curve), 1, x, exponent);
            }
        }
    }

    /// Distances next to the knot, with operands whose difference is not a number.
    @ParameterizedTest
    @EnumSource
    void comparisonsHaveNoScale(Curve curve) {
        for (double x : new double[] {-1.7, -1.5 - 0x1p-50, -1.499, -0.3, 0, 0.4, 1.5}) {
            for (double y : new double[] {0, 0x1.123456789abcdp-30, 0x1.fedcba9876543p-48}) {
                for (int exponent : new int[] {-900, -300, 300, 900}) {
                    hasNoScale(new Comparison(curve, 0), x, y, exponent);
                    hasNoScale(new Closeness(curve, 0, 0, 0, false), x, y, exponent);
                    hasNoScale(new Closeness(curve, 0.1, 0, 0, false), x, y, exponent);
                }
            }
        }
    }

    private static void hasNoScale(Function function, double x, double y, int exponent) {
        UlpTest.BACKENDS.forEach((name, backend) -> assertEquals(
                at(backend, function, x, y, 0.3),
                at(backend, function, Math.scalb(x, exponent), Math.scalb(y, exponent), Math.scalb(0.3, exponent)),
                () -> name + " " + function + " at " + x + ", " + y + ", 2^" + exponent));
    }

    private static void hasNoScale(Function function, int degree, double x, int exponent) {
        UlpTest.BACKENDS.forEach((name, backend) -> {
            double expected = Math.scalb(at(backend, function, x, 0.3), degree * exponent);
            double scaled = at(backend, function, Math.scalb(x, exponent), Math.scalb(0.3, exponent));
            assertEquals(expected, scaled, Math.ulp(expected), () -> name + " " + function + " at " + x);
            float narrow = at(backend, function, (float) x, 0.3f);
            int narrowExponent = exponent / 10;
            float expectedFloat = Math.scalb(narrow, degree * narrowExponent);
            float scaledFloat =
                    at(backend, function, Math.scalb((float) x, narrowExponent), Math.scalb(0.3f, narrowExponent));
            assertEquals(
                    expectedFloat,
                    scaledFloat,
                    Math.ulp(expectedFloat),
                    () -> name + " float32 " + function + " at " + x + ", 2^" + narrowExponent);
        });
    }

    @Test
    void aNaNConditionSelectsNaN() {
        same(2, Arithmetic.SELECT, 1, 2, Double.NaN);
        same(3, Arithmetic.SELECT, -0.0, Double.NaN, 3);
        same(Double.NaN, Arithmetic.SELECT, Double.NaN, 2, 3);
    }

    @Test
    void safeFunctionsPassNaNOn() {
        for (Arithmetic safe : new Arithmetic[] {
            Arithmetic.SAFE_SQRT, Arithmetic.SAFE_LOG, Arithmetic.SAFE_ARCSIN, Arithmetic.SAFE_ARCCOS
        }) {
            same(Double.NaN, safe, Double.NaN);
        }
        same(Double.NaN, Arithmetic.SAFE_DIVIDE, Double.NaN, 0);
        same(Double.NaN, Arithmetic.SAFE_DIVIDE, 1, Double.NaN);
        same(0, Arithmetic.SAFE_DIVIDE, 1, 0);
        same(0, Arithmetic.SAFE_SQRT, -1);
        same(Math.PI, Arithmetic.SAFE_ARCCOS, -2);
    }

    @ParameterizedTest
    @EnumSource
    void plainFunctionsAgreeInBothBackends(Arithmetic function) {
        double[] values = {0, -0.0, 1, -1, 0.5, -2.5, 3, 1e-310, 1e300, INFINITY, -INFINITY, Double.NaN};
        for (double a : values) {
            for (double b : values) {
                double expected = function.at(a, b, 7, 0);
                double tolerance = Double.isFinite(expected) ? 2 * Math.ulp(expected) : 0;
                UlpTest.BACKENDS.forEach((name, backend) -> assertEquals(
                        expected,
                        at(backend, function, a, b, 7),
                        tolerance,
                        () -> name + " " + function + " at " + a + ", " + b));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aValueDoesNotDependOnItsPlaceNorOnBroadcasting(Function function) {
        double[] arguments = Arrays.copyOfRange(new double[] {0.3, 0.7, 0.9, 0.2}, 0, function.arity());
        UlpTest.BACKENDS.forEach((name, backend) -> {
            double expected = at(backend, function, arguments);
            for (int length : new int[] {1, 7, 8, 9, 511, 512, 513, 1300}) {
                double[] data = new double[length + 3];
                Arrays.fill(data, arguments[0]);
                Operand[] operands =
                        Arrays.stream(arguments).mapToObj(Operand::of).toArray(Operand[]::new);
                operands[0] = new Operand(data, 3, 1);
                backend.apply(function, operands, data, 3, length);
                for (int i = 3; i < data.length; i++) {
                    assertEquals(expected, data[i], name + " " + function + " of length " + length + " at " + (i - 3));
                }
                assertEquals(arguments[0], data[2], name + " " + function + " writes outside");
            }
        });
    }

    @Test
    void aBroadcastOperandMayLieInTheOutput() {
        UlpTest.BACKENDS.forEach((name, backend) -> {
            double[] data = {2, 3, 4};
            backend.apply(
                    Arithmetic.TIMES, new Operand[] {new Operand(data, 0, 1), new Operand(data, 0, 0)}, data, 0, 3);
            assertEquals("[4.0, 6.0, 8.0]", Arrays.toString(data), name);
        });
    }

    @Test
    void badArgumentsAreNamedBeforeAnyWork() {
        UlpTest.BACKENDS.forEach((name, backend) -> {
            double[] out = {5, 5};
            Operand[] one = {Operand.of(1.0)};
            assertThrows(IllegalArgumentException.class, () -> backend.apply(Arithmetic.PLUS, one, out, 0, 2), name);
            Operand[] few = {new Operand(new double[1], 0, 1)};
            assertThrows(IndexOutOfBoundsException.class, () -> backend.apply(Arithmetic.ABS, few, out, 0, 2), name);
            assertEquals("[5.0, 5.0]", Arrays.toString(out), name);
        });
        String order = assertThrows(IllegalArgumentException.class, () -> new Sigmoidal(Curve.NORM_4_3, 3))
                .getMessage();
        assertTrue(order.contains("LOGISTIC, LINEAR, CUBIC, QUINTIC"), order);
        String curve = assertThrows(IllegalArgumentException.class, () -> new Clip(Curve.NORM_3_2, false))
                .getMessage();
        assertTrue(curve.contains("LOGISTIC, LINEAR, CUBIC, QUINTIC"), curve);
    }

    static Stream<Function> functions() {
        return UlpOperator.all().stream().map(UlpOperator::function);
    }

    private static void same(double expected, Function function, double... arguments) {
        UlpTest.BACKENDS.forEach((name, backend) -> assertEquals(
                expected + 0.0,
                at(backend, function, arguments) + 0.0,
                () -> name + " " + function + " at " + Arrays.toString(arguments)));
    }

    private static double at(Elementwise backend, Function function, double... arguments) {
        Operand[] operands = Arrays.stream(arguments)
                .limit(function.arity())
                .mapToObj(Operand::of)
                .toArray(Operand[]::new);
        double[] out = new double[1];
        backend.apply(function, operands, out, 0, 1);
        return out[0];
    }

    private static float at(Elementwise backend, Function function, float x, float softness) {
        FloatOperand[] operands = {FloatOperand.of(x), FloatOperand.of(softness)};
        float[] out = new float[1];
        backend.apply(function, operands, out, 0, 1);
        return out[0];
    }
}
