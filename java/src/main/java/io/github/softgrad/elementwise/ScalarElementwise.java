package io.github.softgrad.elementwise;

/// The backend that needs nothing but the language: a loop over [Function#at].
public final class ScalarElementwise implements Elementwise {

    /// Makes the backend; there is nothing to configure.
    public ScalarElementwise() {}

    @Override
    public String description() {
        return "scalar";
    }

    @Override
    public void apply(Function function, Operand[] operands, double[] out, int outOffset, int length) {
        Operands.check(function, operands, out, outOffset, length);
        Operand[] apart = Operands.apartFrom(out, operands, length);
        switch (apart.length) {
            case 1 -> unary(function, apart[0], out, outOffset, length);
            case 2 -> binary(function, apart[0], apart[1], out, outOffset, length);
            case 3 -> ternary(function, apart, out, outOffset, length);
            default -> quaternary(function, apart, out, outOffset, length);
        }
    }

    private static void unary(Function function, Operand a, double[] out, int outOffset, int length) {
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = function.at(a.at(i), 0, 0, 0);
        }
    }

    private static void binary(Function function, Operand a, Operand b, double[] out, int outOffset, int length) {
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = function.at(a.at(i), b.at(i), 0, 0);
        }
    }

    private static void ternary(Function function, Operand[] operands, double[] out, int outOffset, int length) {
        Operand a = operands[0];
        Operand b = operands[1];
        Operand c = operands[2];
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = function.at(a.at(i), b.at(i), c.at(i), 0);
        }
    }

    private static void quaternary(Function function, Operand[] operands, double[] out, int outOffset, int length) {
        Operand a = operands[0];
        Operand b = operands[1];
        Operand c = operands[2];
        Operand d = operands[3];
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = function.at(a.at(i), b.at(i), c.at(i), d.at(i));
        }
    }
}
