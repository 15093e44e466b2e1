package io.github.softgrad.elementwise;

/// One argument of an elementwise call: element `i` is `data[offset + i * step]`.
///
/// @param data where the numbers are
/// @param offset index of the first one
/// @param step 1 for consecutive numbers, 0 for one number that is broadcast
public record Operand(double[] data, int offset, int step) {

    /// Checks the step; the length is checked by the call that uses the operand.
    public Operand {
        Operands.requireStep(step);
    }

    /// The operand that is one number everywhere.
    public static Operand of(double number) {
        return new Operand(new double[] {number}, 0, 0);
    }

    /// The operand whose elements are the whole array, from its start.
    public static Operand of(double... numbers) {
        return new Operand(numbers, 0, 1);
    }

    double at(int index) {
        return data[offset + index * step];
    }
}
