package io.github.softgrad;

import io.github.softgrad.elementwise.ActiveElementwise;
import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.elementwise.Elementwise;
import io.github.softgrad.elementwise.FloatOperand;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.Operand;
import io.github.softgrad.kernel.Parallel;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Elementwise functions with broadcasting: the shapes are worked out here and spread over the cores, the loops
/// are the elementwise backend's.
final class Pointwise {

    /// The least number of elements that is worth a thread: some ten microseconds of the fastest functions.
    private static final int GRAIN = 1 << 16;

    private Pointwise() {}

    /// A differentiable elementwise function; the rule may ignore broadcasting, its results are summed to
    /// shape.
    static Primitive primitive(Function function, Primitive.ArgumentRule rule) {
        return Primitive.of(
                function.toString(), arguments -> forward(function, arguments), (i, arguments, result, g) -> {
                    Tensor cotangent = rule.cotangent(i, arguments, result, g);
                    return cotangent == null
                            ? null
                            : Reduction.sumTo(cotangent, arguments[i].shape(), arguments[i].dtype());
                });
    }

    /// Differentiable plain arithmetic; the table of derivatives is [ArithmeticRules].
    static Tensor apply(Arithmetic operation, Tensor... arguments) {
        return ArithmeticRules.primitive(operation).apply(arguments);
    }

    static DenseTensor forward(Function function, DenseTensor... arguments) {
        return run(function, arguments, arguments.length);
    }

    /// The value of the function times the factor, in one pass.
    static DenseTensor weighted(DenseTensor factor, Function function, DenseTensor... arguments) {
        DenseTensor[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = factor;
        return run(function, all, arguments.length);
    }

    /// Applies the function to the first `arity` tensors; one more is a factor.
    private static DenseTensor run(Function function, DenseTensor[] tensors, int arity) {
        int[][] shapes = new int[tensors.length][];
        for (int i = 0; i < tensors.length; i++) {
            shapes[i] = tensors[i].shape();
        }
        int[] shape = Shapes.broadcast(shapes);
        if (DType.common(tensors) == DType.FLOAT32) {
            float[] out = new float[Shapes.size(shape)];
            overBlocks(shape, shapes, new Workers(function, (worker, offsets, steps, start, length) -> {
                FloatOperand[] operands = new FloatOperand[arity];
                for (int i = 0; i < arity; i++) {
                    operands[i] = new FloatOperand(tensors[i].floats(), offsets[i], steps[i]);
                }
                FloatOperand factor = arity == tensors.length
                        ? null
                        : new FloatOperand(tensors[arity].floats(), offsets[arity], steps[arity]);
                worker.apply(operands, factor, out, start, length);
            }));
            return DenseTensor.owning(shape, out);
        }
        double[][] data = new double[tensors.length][];
        for (int i = 0; i < tensors.length; i++) {
            data[i] = tensors[i].doubles();
        }
        double[] out = MemoryLimit.doubles(shape);
        overBlocks(shape, shapes, new Workers(function, (worker, offsets, steps, start, length) -> {
            Operand[] operands = new Operand[arity];
            for (int i = 0; i < arity; i++) {
                operands[i] = new Operand(data[i], offsets[i], steps[i]);
            }
            Operand factor = arity == data.length ? null : new Operand(data[arity], offsets[arity], steps[arity]);
            worker.apply(operands, factor, out, start, length);
        }));
        return DenseTensor.owning(shape, out);
    }

    @FunctionalInterface
    private interface Block {
        /// Computes the results from `start` on; operand `i` begins at `offsets[i]` and advances by `steps[i]`.
        void run(Elementwise.Worker worker, int[] offsets, int[] steps, int start, int length);
    }

    /// The workers of one call, so that there are no more than threads however many ranges there are.
    private static final class Workers {
        private final Function function;
        private final Block block;
        private final Queue<Elementwise.Worker> idle = new ConcurrentLinkedQueue<>();

        Workers(Function function, Block block) {
            this.function = function;
            this.block = block;
        }

        void run(Consumer<Elementwise.Worker> range) {
            Elementwise.Worker worker = idle.poll();
            worker = worker == null ? ActiveElementwise.get().worker(function) : worker;
            range.accept(worker);
            idle.add(worker);
        }
    }

    /// Calls the loop for the longest trailing blocks in which each operand either advances or stands still.
    private static void overBlocks(int[] shape, int[][] shapes, Workers workers) {
        int[][] strides = new int[shapes.length][];
        for (int i = 0; i < shapes.length; i++) {
            strides[i] = Views.broadcastStrides(shapes[i], shape);
        }
        int[] steps = new int[shapes.length];
        int outer = shape.length;
        int length = 1;
        while (outer > 0 && extendsBlock(shape[outer - 1], outer - 1, length, strides, steps)) {
            outer--;
            length *= shape[outer];
        }
        int[] outerShape = Arrays.copyOf(shape, outer);
        int blocks = Shapes.size(outerShape);
        if (length > GRAIN) {
            for (int i = 0; i < blocks; i++) {
                spread(workers, offsets(i, outerShape, strides), steps, i * length, length);
            }
        } else {
            int each = length;
            long grain = Math.max(1, GRAIN / Math.max(1, length));
            Parallel.ranges(
                    blocks,
                    grain,
                    (from, to) -> workers.run(worker -> {
                        int[] position = position((int) from, outerShape);
                        int[] offsets = offsets((int) from, outerShape, strides);
                        for (int i = (int) from; i < to; i++) {
                            workers.block.run(worker, offsets, steps, i * each, each);
                            Views.advance(position, outerShape, outerShape.length, strides, offsets);
                        }
                    }));
        }
    }

    /// One long block in parts.
    private static void spread(Workers workers, int[] offsets, int[] steps, int start, int length) {
        Parallel.ranges(
                length,
                GRAIN,
                (from, to) -> workers.run(worker -> {
                    int[] moved = offsets.clone();
                    for (int i = 0; i < moved.length; i++) {
                        moved[i] += (int) from * steps[i];
                    }
                    workers.block.run(worker, moved, steps, start + (int) from, (int) (to - from));
                }));
    }

    private static int[] position(int index, int... shape) {
        int[] position = new int[shape.length];
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            position[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return position;
    }

    private static int[] offsets(int index, int[] shape, int[][] strides) {
        int[] position = position(index, shape);
        int[] offsets = new int[strides.length];
        for (int i = 0; i < offsets.length; i++) {
            for (int axis = 0; axis < shape.length; axis++) {
                offsets[i] += position[axis] * strides[i][axis];
            }
        }
        return offsets;
    }

    /// Whether a block of the given length may take in the next axis; fixes the steps with the first axis it
    /// takes in.
    private static boolean extendsBlock(int dimension, int axis, int length, int[][] strides, int[] steps) {
        if (dimension == 1) {
            return true;
        }
        for (int i = 0; i < strides.length; i++) {
            if (length > 1 && strides[i][axis] != steps[i] * length) {
                return false;
            }
        }
        for (int i = 0; length == 1 && i < strides.length; i++) {
            steps[i] = strides[i][axis];
        }
        return true;
    }
}
