package io.github.softgrad;

import java.util.Arrays;

/// Rearrangements of tensors: everything that moves numbers and computes none.
final class Structure {
    private Structure() {}

    static Tensor reshape(Tensor x, int... wanted) {
        int[] from = x.shape();
        Arguments.given(wanted, "shape", "an array");
        int[] shape = resolve(from, wanted);
        if (Arrays.equals(from, shape)) {
            return x;
        }
        return new Primitive("reshape", arguments -> arguments[0].reshaped(shape), (arguments, result, g, needed) ->
                        new Tensor[] {reshape(g, from)})
                .apply(x);
    }

    /// Fills in one dimension given as -1.
    private static int[] resolve(int[] from, int[] wanted) {
        int[] shape = wanted.clone();
        int unknown = -1;
        long known = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == -1) {
                unknown = axis;
            } else {
                known *= shape[axis];
            }
        }
        int size = Shapes.size(from);
        if (unknown >= 0 && known > 0 && size % known == 0) {
            shape[unknown] = (int) (size / known);
        }
        boolean valid = Arrays.stream(shape).allMatch(dimension -> dimension >= 0);
        if (!valid || Shapes.size(shape) != size) {
            throw new IllegalArgumentException("cannot reshape " + Shapes.text(from) + " (" + size + " elements) to "
                    + Shapes.text(wanted) + "; the number of elements must stay the same, one dimension may be -1");
        }
        return shape;
    }

    static Tensor transpose(Tensor x, int... axes) {
        int[] from = x.shape();
        int[] strides = Shapes.strides(from);
        int[] shape = new int[from.length];
        int[] moved = new int[from.length];
        boolean[] seen = new boolean[from.length];
        if (Arguments.given(axes, "axes", "an array").length != from.length) {
            throw new IllegalArgumentException("transpose of shape " + Shapes.text(from) + " needs " + from.length
                    + " axes, got " + Arrays.toString(axes) + "; name every axis once");
        }
        for (int i = 0; i < axes.length; i++) {
            int axis = Shapes.axis(axes[i], from);
            if (seen[axis]) {
                throw new IllegalArgumentException("transpose axes " + Arrays.toString(axes) + " name axis " + axis
                        + " twice; name every axis once");
            }
            seen[axis] = true;
            shape[i] = from[axis];
            moved[i] = strides[axis];
        }
        return isIdentity(axes) ? x : Views.view("transpose", x, shape, 0, moved);
    }

    private static boolean isIdentity(int[] axes) {
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] != i) {
                return false;
            }
        }
        return true;
    }

    static Tensor moveAxis(Tensor x, int from, int to) {
        int rank = x.rank();
        int source = Shapes.axis(from, x.shape());
        int target = Shapes.axis(to, x.shape());
        int[] axes = new int[rank];
        for (int i = 0, next = 0; i < rank; i++) {
            if (i == target) {
                axes[i] = source;
                continue;
            }
            next += next == source ? 1 : 0;
            axes[i] = next++;
        }
        return transpose(x, axes);
    }

    static Tensor broadcast(Tensor x, int... shape) {
        int[] from = x.shape();
        if (Arrays.equals(from, Arguments.shape(shape))) {
            return x;
        }
        if (!Shapes.broadcastsTo(from, shape)) {
            throw new IllegalArgumentException("shape " + Shapes.text(from) + " does not broadcast to "
                    + Shapes.text(shape) + "; dimensions must be equal or 1");
        }
        return Views.view("broadcastTo", x, shape.clone(), 0, Views.broadcastStrides(from, shape));
    }

    static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        int[] shape = x.shape();
        int at = Shapes.axis(axis, shape);
        int length = shape[at];
        if (step < 1 || from < 0 || to < from || to > length) {
            throw new IllegalArgumentException("slice " + from + " to " + to + " by " + step + " of axis " + axis
                    + " of shape " + Shapes.text(shape) + "; expected 0 <= from <= to <= " + length + " and step >= 1");
        }
        if (from == 0 && to == length && step == 1) {
            return x;
        }
        int[] strides = Shapes.strides(shape);
        int offset = from * strides[at];
        strides[at] *= step;
        return Views.view("slice", x, Shapes.with(shape, at, Math.ceilDiv(to - from, step)), offset, strides);
    }

    static Tensor flip(Tensor x, int axis) {
        int[] shape = x.shape();
        int at = Shapes.axis(axis, shape);
        int[] strides = Shapes.strides(shape);
        int offset = Math.max(shape[at] - 1, 0) * strides[at];
        strides[at] = -strides[at];
        return Views.view("flip", x, shape, offset, strides);
    }

    static Tensor concatenate(int axis, Tensor... parts) {
        if (Arguments.elements(parts, "parts", "a tensor").length == 0) {
            throw Arguments.bad("parts", "at least one tensor", "empty", "Tensor.zeros makes an empty tensor");
        }
        int[] shape = parts[0].shape();
        int at = Shapes.axis(axis, shape);
        int[] ends = new int[parts.length];
        long total = 0;
        for (int i = 0; i < parts.length; i++) {
            int[] other = parts[i].shape();
            if (other.length != shape.length || !Arrays.equals(Shapes.with(other, at, shape[at]), shape)) {
                throw new IllegalArgumentException("concatenate along axis " + axis + ": shapes " + Shapes.text(shape)
                        + " and " + Shapes.text(other) + " must agree in every other axis; reshape or slice one");
            }
            total += other[at];
            ends[i] = (int) total;
        }
        if (total > MemoryLimit.LARGEST_ARRAY) {
            throw new IllegalArgumentException("concatenate along axis " + axis + " gives it " + total
                    + " entries, more than an axis can have (" + MemoryLimit.LARGEST_ARRAY + "); join fewer tensors");
        }
        int[] joined = Shapes.with(shape, at, (int) total);
        return new Primitive(
                        "concatenate", arguments -> join(arguments, joined, at), (arguments, result, g, wanted) -> {
                            Tensor[] pieces = new Tensor[ends.length];
                            for (int i = 0; i < ends.length; i++) {
                                pieces[i] = wanted[i] ? slice(g, at, i == 0 ? 0 : ends[i - 1], ends[i], 1) : null;
                            }
                            return pieces;
                        })
                .apply(parts);
    }

    static Tensor stack(int axis, Tensor... parts) {
        Tensor[] expanded = new Tensor[Arguments.elements(parts, "parts", "a tensor").length];
        for (int i = 0; i < expanded.length; i++) {
            if (!Arrays.equals(parts[0].shape(), parts[i].shape())) {
                throw new IllegalArgumentException("stack: shapes " + Shapes.text(parts[0].shape()) + " and "
                        + Shapes.text(parts[i].shape()) + " must be equal; concatenate joins different lengths");
            }
            expanded[i] = parts[i].expandDims(axis);
        }
        return concatenate(axis, expanded);
    }

    private static DenseTensor join(DenseTensor[] parts, int[] shape, int axis) {
        int inner = Shapes.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int row = shape[axis] * inner;
        double[] out = MemoryLimit.doubles(shape);
        int start = 0;
        for (DenseTensor part : parts) {
            double[] in = part.doubles();
            int block = part.dim(axis) * inner;
            for (int from = 0, to = start; from < in.length; from += block, to += row) {
                System.arraycopy(in, from, out, to, block);
            }
            start += block;
        }
        return DenseTensor.rounding(DType.common(parts), shape, out);
    }

    /// `out[i] = x[index[i]]` over the flattened arrays; the adjoint adds back, so repeated indices accumulate.
    static Tensor gather(Tensor x, int[] index, int[] shape) {
        int[] from = x.shape();
        return new Primitive(
                        "gather",
                        arguments -> {
                            double[] in = arguments[0].doubles();
                            double[] out = new double[index.length];
                            for (int i = 0; i < out.length; i++) {
                                out[i] = in[index[i]];
                            }
                            return DenseTensor.rounding(arguments[0].dtype(), shape, out);
                        },
                        (arguments, result, g, wanted) -> new Tensor[] {scatter(g, index, from)})
                .apply(x);
    }

    /// `out[index[i]] += x[i]` over the flattened arrays, from zeros.
    static Tensor scatter(Tensor x, int[] index, int[] to) {
        int[] shape = x.shape();
        return new Primitive(
                        "scatter",
                        arguments -> {
                            double[] in = arguments[0].doubles();
                            double[] out = MemoryLimit.doubles(to);
                            for (int i = 0; i < in.length; i++) {
                                out[index[i]] += in[i];
                            }
                            return DenseTensor.rounding(arguments[0].dtype(), to, out);
                        },
                        (arguments, result, g, wanted) -> new Tensor[] {gather(g, index, shape)})
                .apply(x);
    }

    /// The entries of one axis at the given places, the same for every line.
    static Tensor take(Tensor x, int[] indices, int axis) {
        int[] from = x.shape();
        int at = Shapes.axis(axis, from);
        int inner = Shapes.strides(from)[at];
        int[] shape = Shapes.with(from, at, Arguments.given(indices, "places", "an array").length);
        int[] index = new int[Shapes.size(shape)];
        for (int i = 0; i < index.length; i++) {
            int place = checkedIndex(indices[i / inner % indices.length], from, at);
            index[i] = (i / inner / indices.length * from[at] + place) * inner + i % inner;
        }
        return gather(x, index, shape);
    }

    /// The entries of one axis at places that differ from line to line; the other axes of `indices` are those
    /// of x.
    static Tensor takeAlongAxis(Tensor x, Tensor indices, int axis) {
        int[] from = x.shape();
        int at = Shapes.axis(axis, from);
        int[] shape = Arguments.tensor(indices, "places").shape();
        if (shape.length != from.length || !Arrays.equals(Shapes.with(shape, at, from[at]), from)) {
            throw new IllegalArgumentException("takeAlongAxis: places of shape " + Shapes.text(shape)
                    + " must agree with the tensor of shape " + Shapes.text(from) + " in every axis but axis " + axis
                    + "; broadcastTo gives them the lengths of the others");
        }
        double[] places = indices.toDoubles();
        int inner = Shapes.strides(from)[at];
        int[] index = new int[places.length];
        for (int i = 0; i < index.length; i++) {
            if (!(Math.abs(places[i]) < Long.MAX_VALUE) || places[i] != Math.rint(places[i])) {
                throw new IllegalArgumentException("takeAlongAxis: the place " + places[i]
                        + " is not a whole number; round() the places, or read at soft places with Selection");
            }
            int place = checkedIndex((long) places[i], from, at);
            index[i] = (i / inner / shape[at] * from[at] + place) * inner + i % inner;
        }
        return gather(x, index, shape);
    }

    private static int checkedIndex(long index, int[] shape, int axis) {
        int length = shape[axis];
        if (index < -length || index >= length) {
            throw new IllegalArgumentException("place " + index + " is out of range for axis " + axis + " of shape "
                    + Shapes.text(shape) + ": "
                    + (length == 0
                            ? "the axis has no entries; check for an empty axis first"
                            : "expected " + -length + " to " + (length - 1)));
        }
        return (int) (index < 0 ? index + length : index);
    }

    static Tensor cast(Tensor x, DType dtype) {
        DType from = x.dtype();
        if (from == Arguments.given(dtype, "dtype", "a DType")) {
            return x;
        }
        return new Primitive(
                        "toDType",
                        arguments -> DenseTensor.rounding(dtype, arguments[0].shape(), arguments[0].toDoubles()),
                        (arguments, result, g, wanted) -> new Tensor[] {cast(g, from)})
                .apply(x);
    }
}
