package io.github.softgrad.properties;

import java.util.Arrays;
import java.util.function.Consumer;

/// Positions and offsets in row-major arrays, the slow and obvious way.
final class NestedLoops {
    private NestedLoops() {}

    static int size(int... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /// Calls the action with every position of the shape in row-major order.
    static void over(int[] shape, Consumer<int[]> action) {
        int[] position = new int[shape.length];
        for (int count = size(shape); count > 0; count--) {
            action.accept(position.clone());
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                position[axis]++;
                if (position[axis] < shape[axis]) {
                    break;
                }
                position[axis] = 0;
            }
        }
    }

    /// Where the entry at a position is; dimensions of length 1 repeat, leading axes may be missing.
    static int offset(int[] shape, int... position) {
        int offset = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            int place = position[axis + position.length - shape.length];
            offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : place);
        }
        return offset;
    }

    /// The position with one place changed.
    static int[] with(int[] position, int axis, int place) {
        int[] result = position.clone();
        result[axis] = place;
        return result;
    }
}
