package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.Elementwise;
import io.github.softgrad.elementwise.FloatOperand;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.Operand;
import io.github.softgrad.elementwise.SoftFunction;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A call gives the same bits however often it has been made: interpreted, compiled, and compiled again.
class SameBitsTest {
    private static final int CALLS = 20_000;
    private static final int LENGTH = 67;

    static Stream<Function> functions() {
        return Stream.of(
                Arithmetic.EXP,
                Arithmetic.LOG,
                Arithmetic.TANH,
                new SoftFunction.Sigmoidal(Curve.LOGISTIC, -1),
                new SoftFunction.Sigmoidal(Curve.LOGISTIC, 0),
                new SoftFunction.Sigmoidal(Curve.LOGISTIC, 1),
                new SoftFunction.SoftAbs(Curve.LOGISTIC));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void theFirstCallAndTheLastAgree(Function function) {
        SplittableRandom random = new SplittableRandom(1);
        double[] x = random.doubles(LENGTH, 0.01, 5).toArray();
        float[] narrow = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            narrow[i] = (float) x[i];
        }
        Operand[] operands = Arrays.copyOf(new Operand[] {Operand.of(x), Operand.of(0.3)}, function.arity());
        FloatOperand[] floats =
                Arrays.copyOf(new FloatOperand[] {FloatOperand.of(narrow), FloatOperand.of(0.3f)}, function.arity());
        UlpTest.BACKENDS.forEach((name, backend) -> repeat(backend, function, operands, floats, name));
    }

    private static void repeat(
            Elementwise backend, Function function, Operand[] operands, FloatOperand[] floats, String name) {
        double[] first = new double[LENGTH];
        double[] last = new double[LENGTH];
        float[] firstFloats = new float[LENGTH];
        float[] lastFloats = new float[LENGTH];
        backend.apply(function, operands, first, 0, LENGTH);
        backend.apply(function, floats, firstFloats, 0, LENGTH);
        for (int i = 0; i < CALLS; i++) {
            backend.apply(function, operands, last, 0, LENGTH);
            backend.apply(function, floats, lastFloats, 0, LENGTH);
        }
        assertArrayEquals(first, last, function + " " + name);
        assertArrayEquals(firstFloats, lastFloats, function + " " + name + " in float32");
    }
}
