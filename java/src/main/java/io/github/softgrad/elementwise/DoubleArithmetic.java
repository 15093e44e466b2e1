package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Arithmetic]; those of the exponential and its like are in [DoubleExponentials].
final class DoubleArithmetic {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);

    private DoubleArithmetic() {}

    /// The loop of a function with scratch for blocks of the size, or null if it has none.
    static DoubleBlocks.Loop loop(Arithmetic function, int size) {
        return switch (function) {
            case NEGATE -> DoubleArithmetic::negate;
            case ABS -> DoubleArithmetic::abs;
            case SQUARE -> DoubleArithmetic::square;
            case RECIPROCAL -> DoubleArithmetic::reciprocal;
            case SQRT -> DoubleArithmetic::sqrt;
            case EXP, LOG, TANH -> DoubleExponentials.loop(function, size);
            case PLUS -> DoubleArithmetic::plus;
            case MINUS -> DoubleArithmetic::minus;
            case TIMES -> DoubleArithmetic::times;
            case DIVIDE -> DoubleArithmetic::divide;
            case MINIMUM -> DoubleArithmetic::minimum;
            case MAXIMUM -> DoubleArithmetic::maximum;
            case LESS -> DoubleArithmetic::less;
            case LESS_EQUAL -> DoubleArithmetic::lessEqual;
            case GREATER -> DoubleArithmetic::greater;
            case GREATER_EQUAL -> DoubleArithmetic::greaterEqual;
            case EQUAL -> DoubleArithmetic::equal;
            case NOT_EQUAL -> DoubleArithmetic::notEqual;
            case SELECT -> DoubleArithmetic::select;
            default -> null;
        };
    }

    private static void negate(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, atA + i).neg().intoArray(out, to + i);
        }
    }

    private static void abs(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, atA + i).abs().intoArray(out, to + i);
        }
    }

    private static void square(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            first.mul(first).intoArray(out, to + i);
        }
    }

    private static void reciprocal(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.broadcast(SPECIES, 1.0)
                    .div(DoubleVector.fromArray(SPECIES, a, atA + i))
                    .intoArray(out, to + i);
        }
    }

    private static void sqrt(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector.fromArray(SPECIES, a, atA + i).sqrt().intoArray(out, to + i);
        }
    }

    private static void plus(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.add(second).intoArray(out, to + i);
        }
    }

    private static void minus(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.sub(second).intoArray(out, to + i);
        }
    }

    private static void times(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.mul(second).intoArray(out, to + i);
        }
    }

    private static void divide(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.div(second).intoArray(out, to + i);
        }
    }

    private static void minimum(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.min(second).intoArray(out, to + i);
        }
    }

    private static void maximum(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            first.max(second).intoArray(out, to + i);
        }
    }

    private static void less(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(LT, second)).intoArray(out, to + i);
        }
    }

    private static void lessEqual(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(LE, second)).intoArray(out, to + i);
        }
    }

    private static void greater(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(GT, second)).intoArray(out, to + i);
        }
    }

    private static void greaterEqual(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(GE, second)).intoArray(out, to + i);
        }
    }

    private static void equal(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(EQ, second)).intoArray(out, to + i);
        }
    }

    private static void notEqual(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(NE, second)).intoArray(out, to + i);
        }
    }

    private static void select(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        double[] b = in[1];
        int atB = at[1];
        double[] c = in[2];
        int atC = at[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector condition = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector.fromArray(SPECIES, b, atB + i)
                    .blend(DoubleVector.fromArray(SPECIES, c, atC + i), condition.compare(EQ, 0))
                    .blend(condition, condition.compare(NE, condition))
                    .intoArray(out, to + i);
        }
    }
}
