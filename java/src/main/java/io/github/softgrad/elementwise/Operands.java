package io.github.softgrad.elementwise;

import java.util.Objects;

/// The checks that every backend makes before it writes anything.
final class Operands {

    private Operands() {}

    static void requireStep(int step) {
        if (step != 0 && step != 1) {
            throw new IllegalArgumentException("step must be 0 (broadcast) or 1 (consecutive), was " + step);
        }
    }

    static void check(Function function, Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
        requireArity(function, operands.length);
        Objects.checkFromIndexSize(outOffset, length, out.length);
        for (Operand operand : operands) {
            requireRange(operand.offset(), operand.step(), operand.data().length, length);
        }
        if (factor != null) {
            requireRange(factor.offset(), factor.step(), factor.data().length, length);
        }
    }

    static void check(
            Function function, FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length) {
        requireArity(function, operands.length);
        Objects.checkFromIndexSize(outOffset, length, out.length);
        for (FloatOperand operand : operands) {
            requireRange(operand.offset(), operand.step(), operand.data().length, length);
        }
        if (factor != null) {
            requireRange(factor.offset(), factor.step(), factor.data().length, length);
        }
    }

    private static void requireArity(Function function, int given) {
        if (given != function.arity()) {
            throw new IllegalArgumentException(
                    function + " takes " + function.arity() + " operands, but was given " + given);
        }
    }

    private static void requireRange(int offset, int step, int available, int length) {
        Objects.checkFromIndexSize(offset, step == 0 ? Math.min(length, 1) : length, available);
    }

    /// The operand, moved out of `out` if it is a broadcast number that the first result would overwrite.
    static Operand apart(Operand operand, double[] out) {
        boolean endangered = operand.step() == 0 && operand.data() == out && out.length > 0;
        return endangered ? Operand.of(operand.at(0)) : operand;
    }

    /// The operand, moved out of `out` if it is a broadcast number that the first result would overwrite.
    static FloatOperand apart(FloatOperand operand, float[] out) {
        boolean endangered = operand.step() == 0 && operand.data() == out && out.length > 0;
        return endangered ? FloatOperand.of(operand.at(0)) : operand;
    }
}
