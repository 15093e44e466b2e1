package io.github.softgrad;

import io.github.softgrad.elementwise.ActiveElementwise;
import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.Operand;

/// Elementwise functions with broadcasting: the shapes are worked out here, the loops are the elementwise
/// backend's.
final class Pointwise {
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

    static DenseTensor forward(Function function, DenseTensor... arguments) {
        int[][] shapes = new int[arguments.length][];
        double[][] data = new double[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            shapes[i] = arguments[i].shape();
            data[i] = arguments[i].doubles();
        }
        int[] shape = shapes.length == 1 ? shapes[0] : Shapes.broadcast(shapes);
        double[] out = new double[Shapes.size(shape)];
        if (out.length > 0) {
            fill(function, shape, data, shapes, out);
        }
        return DenseTensor.rounding(DType.common(arguments), shape, out);
    }

    /// Runs the function over the longest trailing block in which each operand either advances or stands still.
    private static void fill(Function function, int[] shape, double[][] data, int[][] shapes, double[] out) {
        int[][] strides = new int[shapes.length][];
        for (int i = 0; i < shapes.length; i++) {
            strides[i] = Views.broadcastStrides(shapes[i], shape);
        }
        int[] steps = new int[data.length];
        int outer = shape.length;
        int length = 1;
        while (outer > 0 && extendsBlock(shape[outer - 1], outer - 1, length, strides, steps)) {
            outer--;
            length *= shape[outer];
        }
        int[] position = new int[outer];
        int[] offsets = new int[data.length];
        for (int start = 0; start < out.length; start += length) {
            Operand[] operands = new Operand[data.length];
            for (int i = 0; i < operands.length; i++) {
                operands[i] = new Operand(data[i], offsets[i], steps[i]);
            }
            ActiveElementwise.get().apply(function, operands, out, start, length);
            Views.advance(position, shape, outer, strides, offsets);
        }
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

    /// Differentiable plain arithmetic; the table of derivatives is [ArithmeticRules].
    static Tensor apply(Arithmetic operation, Tensor... arguments) {
        return ArithmeticRules.primitive(operation).apply(arguments);
    }
}
