package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LOG;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.TANH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Arithmetic]. Exponential, logarithm and hyperbolic tangent are fast where the JDK has a vector
/// mathematics library for the processor (SVML on x86-64), and slower than scalar code where it has none.
final class VectorArithmetic {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);

    private VectorArithmetic() {}

    /// The loop of a function, or null if it has none.
    static VectorElementwise.Loop loop(Arithmetic function) {
        return switch (function) {
            case NEGATE -> VectorArithmetic::negate;
            case ABS -> VectorArithmetic::abs;
            case SQUARE -> (a, b, c, out, length) -> times(a, a, c, out, length);
            case SQRT -> VectorArithmetic::sqrt;
            case EXP -> VectorArithmetic::exp;
            case LOG -> VectorArithmetic::log;
            case TANH -> VectorArithmetic::tanh;
            case PLUS -> VectorArithmetic::plus;
            case MINUS -> VectorArithmetic::minus;
            case TIMES -> VectorArithmetic::times;
            case DIVIDE -> VectorArithmetic::divide;
            case MINIMUM -> VectorArithmetic::minimum;
            case MAXIMUM -> VectorArithmetic::maximum;
            case LESS -> VectorArithmetic::less;
            case LESS_EQUAL -> VectorArithmetic::lessEqual;
            case GREATER -> (a, b, c, out, length) -> less(b, a, c, out, length);
            case GREATER_EQUAL -> (a, b, c, out, length) -> lessEqual(b, a, c, out, length);
            case EQUAL -> VectorArithmetic::equal;
            case NOT_EQUAL -> VectorArithmetic::notEqual;
            case SELECT -> VectorArithmetic::select;
            default -> null;
        };
    }

    private static void negate(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).neg().intoArray(out, i);
        }
    }

    private static void abs(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).abs().intoArray(out, i);
        }
    }

    private static void sqrt(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).sqrt().intoArray(out, i);
        }
    }

    private static void exp(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).lanewise(EXP).intoArray(out, i);
        }
    }

    private static void log(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).lanewise(LOG).intoArray(out, i);
        }
    }

    private static void tanh(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, i).lanewise(TANH).intoArray(out, i);
        }
    }

    private static void plus(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.add(second).intoArray(out, i);
        }
    }

    private static void minus(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.sub(second).intoArray(out, i);
        }
    }

    static void times(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.mul(second).intoArray(out, i);
        }
    }

    private static void divide(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.div(second).intoArray(out, i);
        }
    }

    private static void minimum(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.min(second).intoArray(out, i);
        }
    }

    private static void maximum(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            first.max(second).intoArray(out, i);
        }
    }

    private static void less(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            ZERO.blend(1, first.compare(LT, second)).intoArray(out, i);
        }
    }

    private static void lessEqual(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            ZERO.blend(1, first.compare(LE, second)).intoArray(out, i);
        }
    }

    private static void equal(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            ZERO.blend(1, first.compare(EQ, second)).intoArray(out, i);
        }
    }

    private static void notEqual(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, i);
            ZERO.blend(1, first.compare(NE, second)).intoArray(out, i);
        }
    }

    private static void select(double[] a, double[] b, double[] c, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector condition = DoubleVector.fromArray(SPECIES, a, i);
            DoubleVector.fromArray(SPECIES, b, i)
                    .blend(DoubleVector.fromArray(SPECIES, c, i), condition.compare(EQ, 0))
                    .blend(condition, condition.compare(NE, condition))
                    .intoArray(out, i);
        }
    }
}
