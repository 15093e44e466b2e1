package io.github.softgrad;

/// Writes a tensor as nested brackets, long axes cut in the middle.
final class TensorText {
    private static final int EDGE = 4;
    private static final int LONGEST = 2 * EDGE + 2;

    private TensorText() {}

    static String of(DenseTensor tensor) {
        StringBuilder text = new StringBuilder();
        append(text, tensor, tensor.shape(), 0, 0);
        if (tensor.dtype() == DType.FLOAT32) {
            text.append(" float32");
        }
        return text.toString();
    }

    private static int append(StringBuilder text, DenseTensor tensor, int[] shape, int axis, int offset) {
        if (axis == shape.length) {
            text.append(tensor.dtype() == DType.FLOAT64 ? "" + tensor.doubles()[offset] : "" + tensor.floats()[offset]);
            return offset + 1;
        }
        int stride = 1;
        for (int later = axis + 1; later < shape.length; later++) {
            stride *= shape[later];
        }
        text.append('[');
        for (int i = 0; i < shape[axis]; i++) {
            if (shape[axis] > LONGEST && i == EDGE) {
                text.append(", ...");
                i = shape[axis] - EDGE;
            }
            text.append(i == 0 ? "" : ", ");
            append(text, tensor, shape, axis + 1, offset + i * stride);
        }
        text.append(']');
        return offset + shape[axis] * stride;
    }
}
