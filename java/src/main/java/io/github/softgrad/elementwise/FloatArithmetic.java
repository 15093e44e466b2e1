package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Arithmetic] in float32. Sums, products, quotients and square roots of float32 numbers are what
/// float64 rounded once gives; the other functions are computed that way.
final class FloatArithmetic {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    private FloatArithmetic() {}

    /// The loop of a function, or null if it has none.
    static FloatBlocks.Loop loop(Arithmetic function, int size) {
        return switch (function) {
            case NEGATE -> FloatArithmetic::negate;
            case ABS -> FloatArithmetic::abs;
            case SQUARE -> FloatArithmetic::square;
            case RECIPROCAL -> FloatArithmetic::reciprocal;
            case SQRT -> FloatArithmetic::sqrt;
            case EXP, LOG, TANH -> widened(VectorArithmetic.loop(function), size);
            case PLUS -> FloatArithmetic::plus;
            case MINUS -> FloatArithmetic::minus;
            case TIMES -> FloatArithmetic::times;
            case DIVIDE -> FloatArithmetic::divide;
            case MINIMUM -> FloatArithmetic::minimum;
            case MAXIMUM -> FloatArithmetic::maximum;
            case LESS -> FloatArithmetic::less;
            case LESS_EQUAL -> FloatArithmetic::lessEqual;
            case GREATER -> FloatArithmetic::greater;
            case GREATER_EQUAL -> FloatArithmetic::greaterEqual;
            case EQUAL -> FloatArithmetic::equal;
            case NOT_EQUAL -> FloatArithmetic::notEqual;
            case SELECT -> FloatArithmetic::select;
            default -> null;
        };
    }

    /// The loop of float64 on the numbers of one block.
    private static FloatBlocks.Loop widened(VectorBlocks.Loop loop, int size) {
        double[][] wide = {new double[size]};
        double[] results = new double[size];
        int[] start = {0};
        return (in, at, out, to, length) -> {
            for (int i = 0; i < length; i++) {
                wide[0][i] = in[0][at[0] + i];
            }
            loop.run(wide, start, results, 0, length);
            for (int i = 0; i < length; i++) {
                out[to + i] = (float) results[i];
            }
        };
    }

    private static void negate(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, a, atA + i).neg().intoArray(out, to + i);
        }
    }

    private static void abs(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, a, atA + i).abs().intoArray(out, to + i);
        }
    }

    private static void square(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            first.mul(first).intoArray(out, to + i);
        }
    }

    private static void reciprocal(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.broadcast(SPECIES, 1.0f)
                    .div(FloatVector.fromArray(SPECIES, a, atA + i))
                    .intoArray(out, to + i);
        }
    }

    private static void sqrt(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, a, atA + i).sqrt().intoArray(out, to + i);
        }
    }

    private static void plus(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.add(second).intoArray(out, to + i);
        }
    }

    private static void minus(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.sub(second).intoArray(out, to + i);
        }
    }

    private static void times(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.mul(second).intoArray(out, to + i);
        }
    }

    private static void divide(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.div(second).intoArray(out, to + i);
        }
    }

    private static void minimum(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.min(second).intoArray(out, to + i);
        }
    }

    private static void maximum(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            first.max(second).intoArray(out, to + i);
        }
    }

    private static void less(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(LT, second)).intoArray(out, to + i);
        }
    }

    private static void lessEqual(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(LE, second)).intoArray(out, to + i);
        }
    }

    private static void greater(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(GT, second)).intoArray(out, to + i);
        }
    }

    private static void greaterEqual(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(GE, second)).intoArray(out, to + i);
        }
    }

    private static void equal(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(EQ, second)).intoArray(out, to + i);
        }
    }

    private static void notEqual(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector second = FloatVector.fromArray(SPECIES, b, atB + i);
            ZERO.blend(1, first.compare(NE, second)).intoArray(out, to + i);
        }
    }

    private static void select(float[][] in, int[] at, float[] out, int to, int length) {
        float[] a = in[0];
        int atA = at[0];
        float[] b = in[1];
        int atB = at[1];
        float[] c = in[2];
        int atC = at[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector condition = FloatVector.fromArray(SPECIES, a, atA + i);
            FloatVector.fromArray(SPECIES, b, atB + i)
                    .blend(FloatVector.fromArray(SPECIES, c, atC + i), condition.compare(EQ, 0))
                    .blend(condition, condition.compare(NE, condition))
                    .intoArray(out, to + i);
        }
    }
}
