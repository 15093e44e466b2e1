package io.github.softgrad.elementwise;

import java.util.Objects;

/// The checks that every backend makes before it writes anything.
final class Operands {

    private Operands() {}

    static void check(Function function, Operand[] operands, double[] out, int outOffset, int length) {
        if (operands.length != function.arity()) {
            throw new IllegalArgumentException(
                    function + " takes " + function.arity() + " operands, but was given " + operands.length);
        }
        Objects.checkFromIndexSize(outOffset, length, out.length);
        for (Operand operand : operands) {
            int size = operand.step() == 0 ? Math.min(length, 1) : length;
            Objects.checkFromIndexSize(operand.offset(), size, operand.data().length);
        }
    }

    /// The operands with broadcast numbers moved out of `out`, where the first result would overwrite them.
    static Operand[] apartFrom(double[] out, Operand[] operands, int length) {
        Operand[] apart = operands.clone();
        for (int k = 0; k < apart.length; k++) {
            if (length > 0 && apart[k].step() == 0 && apart[k].data() == out) {
                apart[k] = Operand.of(apart[k].at(0));
            }
        }
        return apart;
    }
}
