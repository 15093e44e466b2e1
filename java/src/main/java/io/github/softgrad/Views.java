package io.github.softgrad;

/// Rearrangements that read an array through strides: transposition, slices, flips, broadcasts, and their
/// adjoint.
final class Views {
    private Views() {}

    /// Strides that read an array of shape `from` as if it had shape `to`; 0 where it is repeated.
    static int[] broadcastStrides(int[] from, int[] to) {
        int[] own = Shapes.strides(from);
        int[] strides = new int[to.length];
        int shift = to.length - from.length;
        for (int axis = 0; axis < from.length; axis++) {
            strides[axis + shift] = from[axis] == 1 ? 0 : own[axis];
        }
        return strides;
    }

    /// Moves to the next position of the first `outer` axes and updates each operand's offset.
    static void advance(int[] position, int[] shape, int outer, int[][] strides, int[] offsets) {
        for (int axis = outer - 1; axis >= 0; axis--) {
            position[axis]++;
            boolean wraps = position[axis] == shape[axis];
            for (int i = 0; i < strides.length; i++) {
                offsets[i] += wraps ? -strides[i][axis] * (shape[axis] - 1) : strides[i][axis];
            }
            if (!wraps) {
                return;
            }
            position[axis] = 0;
        }
    }

    /// The view `out[i, j, ...] = x[offset + i*strides[0] + j*strides[1] + ...]` as a differentiable operation.
    static Tensor view(String name, Tensor x, int[] shape, int offset, int[] strides) {
        int[] from = x.shape();
        return new Primitive(
                        name,
                        arguments -> {
                            double[] in = arguments[0].doubles();
                            double[] out = MemoryLimit.doubles(shape);
                            copy(in, offset, strides, shape, out, false);
                            return DenseTensor.rounding(arguments[0].dtype(), shape, out);
                        },
                        (arguments, result, g, wanted) -> new Tensor[] {scatter(name, g, from, offset, strides)})
                .apply(x);
    }

    /// The adjoint of a view: adds every entry of `x` at its place in an array of zeros of shape `to`.
    private static Tensor scatter(String name, Tensor x, int[] to, int offset, int[] strides) {
        int[] shape = x.shape();
        return new Primitive(
                        "adjoint of " + name,
                        arguments -> {
                            double[] out = MemoryLimit.doubles(to);
                            copy(out, offset, strides, shape, arguments[0].doubles(), true);
                            return DenseTensor.rounding(arguments[0].dtype(), to, out);
                        },
                        (arguments, result, g, wanted) -> new Tensor[] {view(name, g, shape, offset, strides)})
                .apply(x);
    }

    /// Copies the strided side to the packed side, or adds the packed side into the strided one. No view is a
    /// scalar.
    private static void copy(
            double[] strided, int offset, int[] strides, int[] shape, double[] packed, boolean addBack) {
        int outer = shape.length - 1;
        int inner = shape[outer];
        int step = strides[outer];
        int[] position = new int[outer];
        int[] offsets = {offset};
        int[][] all = {strides};
        for (int start = 0; start < packed.length; start += inner) {
            int at = offsets[0];
            if (addBack) {
                for (int i = 0; i < inner; i++, at += step) {
                    strided[at] += packed[start + i];
                }
            } else if (step == 1) {
                System.arraycopy(strided, at, packed, start, inner);
            } else {
                for (int i = 0; i < inner; i++, at += step) {
                    packed[start + i] = strided[at];
                }
            }
            advance(position, shape, outer, all, offsets);
        }
    }
}
