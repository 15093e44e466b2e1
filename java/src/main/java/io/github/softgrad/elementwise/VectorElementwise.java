package io.github.softgrad.elementwise;

import jdk.incubator.vector.DoubleVector;

/// The backend that uses the Vector API, for the functions that matter; the others go to [ScalarElementwise].
///
/// Float32 has loops of its own, with twice the lanes: the classes named `Float` are the twins of those named
/// `Vector`, and differ in the type and in the thresholds that depend on it. Results are within the same bounds
/// as the scalar ones, but need not be equal to them to the last bit.
///
/// Load by name only, as [ActiveElementwise] does: the class does not link without the module
/// `jdk.incubator.vector`.
public final class VectorElementwise implements Elementwise {

    private final Elementwise scalar = new ScalarElementwise();

    /// Makes the backend; there is nothing to configure.
    public VectorElementwise() {}

    @Override
    public String description() {
        return "vector, " + DoubleVector.SPECIES_PREFERRED.length() + " lanes";
    }

    @Override
    public void apply(Function function, Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
        Operands.check(function, operands, factor, out, outOffset, length);
        VectorBlocks.Loop loop = length == 0 ? null : loop(function, VectorBlocks.size(length));
        if (loop == null) {
            scalar.apply(function, operands, factor, out, outOffset, length);
        } else {
            VectorBlocks.run(loop, operands, factor, out, outOffset, length);
        }
    }

    @Override
    public void apply(
            Function function, FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length) {
        Operands.check(function, operands, factor, out, outOffset, length);
        FloatBlocks.Loop loop = length == 0 ? null : floatLoop(function, FloatBlocks.size(length));
        if (loop == null) {
            scalar.apply(function, operands, factor, out, outOffset, length);
        } else {
            FloatBlocks.run(loop, operands, factor, out, outOffset, length);
        }
    }

    /// The loop of a function with scratch of its own, or null if it has none.
    private static VectorBlocks.Loop loop(Function function, int size) {
        return switch (function) {
            case Arithmetic arithmetic -> VectorArithmetic.loop(arithmetic, size);
            case SoftFunction soft -> VectorSoft.of(soft, size);
        };
    }

    private static FloatBlocks.Loop floatLoop(Function function, int size) {
        return switch (function) {
            case Arithmetic arithmetic -> FloatArithmetic.loop(arithmetic, size);
            case SoftFunction soft -> FloatSoft.of(soft, size);
        };
    }
}
