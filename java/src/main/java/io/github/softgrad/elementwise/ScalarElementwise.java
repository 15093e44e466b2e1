package io.github.softgrad.elementwise;

/// The backend that needs nothing but the language: a loop over [Function#at].
public final class ScalarElementwise implements Elementwise {

    private static final Operand NONE = Operand.of(0.0);
    private static final Operand ONE = Operand.of(1.0);
    private static final FloatOperand NO_FLOAT = FloatOperand.of(0.0f);
    private static final FloatOperand ONE_FLOAT = FloatOperand.of(1.0f);

    /// Makes the backend; there is nothing to configure.
    public ScalarElementwise() {}

    @Override
    public String description() {
        return "scalar";
    }

    @Override
    public Worker worker(Function function) {
        return new ScalarWorker(function);
    }

    private record ScalarWorker(Function function) implements Worker {

        @Override
        public void apply(Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
            Operands.check(function, operands, factor, out, outOffset, length);
            Operand a = operand(operands, 0, out);
            Operand b = operand(operands, 1, out);
            Operand c = operand(operands, 2, out);
            Operand d = operand(operands, 3, out);
            Operand times = factor == null ? ONE : Operands.apart(factor, out);
            for (int i = 0; i < length; i++) {
                out[outOffset + i] = function.at(a.at(i), b.at(i), c.at(i), d.at(i)) * times.at(i);
            }
        }

        private static Operand operand(Operand[] operands, int k, double[] out) {
            return k < operands.length ? Operands.apart(operands[k], out) : NONE;
        }

        @Override
        public void apply(FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length) {
            Operands.check(function, operands, factor, out, outOffset, length);
            FloatOperand a = operand(operands, 0, out);
            FloatOperand b = operand(operands, 1, out);
            FloatOperand c = operand(operands, 2, out);
            FloatOperand d = operand(operands, 3, out);
            FloatOperand times = factor == null ? ONE_FLOAT : Operands.apart(factor, out);
            for (int i = 0; i < length; i++) {
                out[outOffset + i] = (float) (function.at(a.at(i), b.at(i), c.at(i), d.at(i)) * times.at(i));
            }
        }

        private static FloatOperand operand(FloatOperand[] operands, int k, float[] out) {
            return k < operands.length ? Operands.apart(operands[k], out) : NO_FLOAT;
        }
    }
}
