package io.github.softgrad.elementwise;

/// One float32 argument of an elementwise call, as [Operand].
///
/// @param data where the numbers are
/// @param offset index of the first one
/// @param step 1 for consecutive numbers, 0 for one number that is broadcast
public record FloatOperand(float[] data, int offset, int step) {

    /// Checks the step; the length is checked by the call that uses the operand.
    public FloatOperand {
        Operands.requireStep(step);
    }

    /// The operand that is one number everywhere.
    public static FloatOperand of(float number) {
        return new FloatOperand(new float[] {number}, 0, 0);
    }

    /// The operand whose elements are the whole array, from its start.
    public static FloatOperand of(float... numbers) {
        return new FloatOperand(numbers, 0, 1);
    }

    float at(int index) {
        return data[offset + index * step];
    }
}
