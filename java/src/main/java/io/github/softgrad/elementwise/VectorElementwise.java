package io.github.softgrad.elementwise;

import jdk.incubator.vector.DoubleVector;

/// The backend that uses the Vector API, for the functions that matter; the others go to [ScalarElementwise].
///
/// Float32 has loops of its own, with twice the lanes. The Vector API has no vectors of either type, so the
/// build writes the classes named `Float` from those named `Double` (`java/pom.xml`), but for [FloatFormat],
/// which has the numbers that depend on the type, and [FloatExponentials], which is done in float64. Results
/// are within the same bounds as the scalar ones, but need not be equal to them to the last bit.
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
    public Worker worker(Function function) {
        return new VectorWorker(function, scalar.worker(function));
    }

    /// The blocks of both formats, made for the longest call so far.
    private static final class VectorWorker implements Worker {
        private final Function function;
        private final Worker scalar;
        private DoubleBlocks blocks;
        private FloatBlocks floatBlocks;

        VectorWorker(Function function, Worker scalar) {
            this.function = function;
            this.scalar = scalar;
        }

        @Override
        public void apply(Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
            Operands.check(function, operands, factor, out, outOffset, length);
            if (length > 0 && (blocks == null || !blocks.serves(length))) {
                int size = DoubleBlocks.size(length);
                DoubleBlocks.Loop loop = loop(function, size);
                blocks = loop == null ? null : new DoubleBlocks(loop, size, function.arity() + 1);
            }
            if (blocks == null || length == 0) {
                scalar.apply(operands, factor, out, outOffset, length);
            } else {
                blocks.run(operands, factor, out, outOffset, length);
            }
        }

        @Override
        public void apply(FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length) {
            Operands.check(function, operands, factor, out, outOffset, length);
            if (length > 0 && (floatBlocks == null || !floatBlocks.serves(length))) {
                int size = FloatBlocks.size(length);
                FloatBlocks.Loop loop = floatLoop(function, size);
                floatBlocks = loop == null ? null : new FloatBlocks(loop, size, function.arity() + 1);
            }
            if (floatBlocks == null || length == 0) {
                scalar.apply(operands, factor, out, outOffset, length);
            } else {
                floatBlocks.run(operands, factor, out, outOffset, length);
            }
        }
    }

    /// The loop of a function with scratch of its own, or null if it has none.
    private static DoubleBlocks.Loop loop(Function function, int size) {
        return switch (function) {
            case Arithmetic arithmetic -> DoubleArithmetic.loop(arithmetic, size);
            case SoftFunction soft -> DoubleSoft.of(soft, size);
        };
    }

    private static FloatBlocks.Loop floatLoop(Function function, int size) {
        return switch (function) {
            case Arithmetic arithmetic -> FloatArithmetic.loop(arithmetic, size);
            case SoftFunction soft -> FloatSoft.of(soft, size);
        };
    }
}
