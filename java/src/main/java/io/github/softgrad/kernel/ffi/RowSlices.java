package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Passes a batch of rows to a native kernel in calls of a bearable length.
///
/// Rows of ordinary length are passed as they lie on the heap. Such a *critical* call copies nothing and costs
/// a few nanoseconds, but for its whole length no thread of the process can reach a safepoint, whatever the
/// collector. So a batch is cut into slices of whole rows that take tens of microseconds. A row too long for
/// one slice goes through memory outside the heap by an ordinary call, where the copy is small beside the work
/// and holds up nobody.
record RowSlices(int rows, int n, int elementSize) {

    /// Elements per critical call: 5 to 10 microseconds with AVX-512, up to 50 with SSE2.
    private static final int SLICE = 1 << 14;

    /// One kernel call on `rows` rows of each segment; kernels with one input ignore the second.
    @FunctionalInterface
    interface Downcall {
        int call(int rows, MemorySegment output, MemorySegment first, MemorySegment second);
    }

    /// Runs the whole batch. Both calls are of the same kernel; [MemorySegment#NULL] stands for a missing
    /// input.
    void run(Downcall critical, Downcall ordinary, MemorySegment output, MemorySegment first, MemorySegment second) {
        if (rows == 0 || n == 0) {
            return;
        }
        if (n > SLICE) {
            runOffHeap(ordinary, output, first, second);
            return;
        }
        int step = SLICE / n;
        if (rows <= step) {
            check(critical.call(rows, output, first, second));
            return;
        }
        Parallel.ranges(rows, step, (from, to) -> {
            int row = (int) from;
            int count = (int) (to - from);
            check(critical.call(count, part(output, row, count), part(first, row, count), part(second, row, count)));
        });
    }

    private void runOffHeap(Downcall ordinary, MemorySegment output, MemorySegment first, MemorySegment second) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(rowBytes(), Double.BYTES);
            MemorySegment firstOutside = arena.allocate(rowBytes(), Double.BYTES);
            MemorySegment secondOutside = isMissing(second) ? second : arena.allocate(rowBytes(), Double.BYTES);
            for (int row = 0; row < rows; row++) {
                Scratch.copy(part(first, row, 1), firstOutside);
                if (!isMissing(second)) {
                    Scratch.copy(part(second, row, 1), secondOutside);
                }
                check(ordinary.call(1, outside, firstOutside, secondOutside));
                Scratch.copy(outside, part(output, row, 1));
            }
        }
    }

    private MemorySegment part(MemorySegment matrix, int row, int count) {
        return isMissing(matrix) ? matrix : matrix.asSlice(row * rowBytes(), count * rowBytes());
    }

    private static boolean isMissing(MemorySegment matrix) {
        return matrix == MemorySegment.NULL;
    }

    private long rowBytes() {
        return (long) n * elementSize;
    }

    /// The arguments were checked before, so anything but success means that library and bindings disagree.
    static void check(int status) {
        if (status != SoftgradHeader.SOFTGRAD_OK()) {
            throw new IllegalStateException("a native kernel refused its arguments with status " + status);
        }
    }
}
