package io.github.softgrad;

import java.util.Arrays;

/// Arithmetic on shapes, and the checks whose messages name the shapes and the axis.
final class Shapes {
    private Shapes() {}

    /// The number of elements, checked against the largest array.
    static int size(int... shape) {
        double size = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "shape " + text(shape) + " has a negative dimension; every dimension must be >= 0");
            }
            size *= dimension;
        }
        if (size > MemoryLimit.ELEMENTS) {
            throw MemoryLimit.tooLarge(shape, size);
        }
        return (int) size;
    }

    static int[] strides(int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// The axis counted from the front; negative axes count from the end.
    static int axis(int axis, int... shape) {
        int rank = shape.length;
        if (axis < -rank || axis >= rank) {
            String range =
                    rank == 0 ? "a scalar has no axis; leave the axis out" : "expected " + -rank + " to " + (rank - 1);
            throw new IllegalArgumentException(
                    "axis " + axis + " is out of range for shape " + text(shape) + ": " + range);
        }
        return axis < 0 ? axis + rank : axis;
    }

    /// The place of a new axis, counted from the front; negative places count in the result.
    static int newAxis(int axis, int... shape) {
        int rank = shape.length;
        if (axis < -rank - 1 || axis > rank) {
            throw new IllegalArgumentException("axis " + axis + " is out of range for a new axis of shape "
                    + text(shape) + ": expected " + (-rank - 1) + " to " + rank);
        }
        return axis < 0 ? axis + rank + 1 : axis;
    }

    /// That an axis, or all axes together where it is null, has entries to reduce.
    static void requireEntries(String operation, Integer axis, int... shape) {
        if ((axis == null ? size(shape) : shape[axis]) == 0) {
            throw new IllegalArgumentException(operation + (axis == null ? "" : " along axis " + axis) + " of shape "
                    + text(shape) + ": there are no entries, and " + operation
                    + " of nothing is undefined; check for an empty axis first");
        }
    }

    /// The shape that NumPy's broadcasting gives.
    static int[] broadcast(int[]... shapes) {
        int rank = 0;
        for (int[] shape : shapes) {
            rank = Math.max(rank, shape.length);
        }
        int[] result = new int[rank];
        Arrays.fill(result, 1);
        for (int[] shape : shapes) {
            int shift = rank - shape.length;
            for (int axis = 0; axis < shape.length; axis++) {
                int have = result[axis + shift];
                if (have == 1) {
                    result[axis + shift] = shape[axis];
                } else if (shape[axis] != 1 && shape[axis] != have) {
                    throw cannotBroadcast(axis + shift - rank, have, shape[axis], shapes);
                }
            }
        }
        return result;
    }

    /// Whether NumPy's broadcasting takes two shapes to one.
    static boolean broadcastTogether(int[] first, int[] second) {
        boolean fit = true;
        for (int back = 1; fit && back <= Math.min(first.length, second.length); back++) {
            int one = first[first.length - back];
            int other = second[second.length - back];
            fit = one == other || one == 1 || other == 1;
        }
        return fit;
    }

    /// Whether NumPy's broadcasting takes a shape to another one.
    static boolean broadcastsTo(int[] from, int... to) {
        int shift = to.length - from.length;
        boolean fits = shift >= 0;
        for (int axis = 0; fits && axis < from.length; axis++) {
            fits = from[axis] == 1 || from[axis] == to[axis + shift];
        }
        return fits;
    }

    private static IllegalArgumentException cannotBroadcast(int axis, int have, int other, int[][] shapes) {
        StringBuilder message = new StringBuilder("shapes");
        for (int i = 0; i < shapes.length; i++) {
            message.append(i == 0 ? " " : i == shapes.length - 1 ? " and " : ", ")
                    .append(text(shapes[i]));
        }
        return new IllegalArgumentException(message + " do not broadcast: axis " + axis + " has " + have + " and "
                + other + "; dimensions must be equal or 1 (use reshape or expandDims)");
    }

    static int[] without(int[] shape, int axis) {
        int[] result = new int[shape.length - 1];
        System.arraycopy(shape, 0, result, 0, axis);
        System.arraycopy(shape, axis + 1, result, axis, result.length - axis);
        return result;
    }

    static int[] with(int[] shape, int axis, int dimension) {
        int[] result = shape.clone();
        result[axis] = dimension;
        return result;
    }

    static int[] insert(int[] shape, int axis, int dimension) {
        int[] result = new int[shape.length + 1];
        System.arraycopy(shape, 0, result, 0, axis);
        result[axis] = dimension;
        System.arraycopy(shape, axis, result, axis + 1, shape.length - axis);
        return result;
    }

    static String text(int... shape) {
        return Arrays.toString(shape).replace("[", "(").replace("]", ")");
    }
}
