package io.github.softgrad.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

/// Memory outside the heap for one call of a native kernel: arguments are copied in, results out, and the
/// kernel works in between. Iterative and long kernels are called so, because an ordinary call on such memory
/// holds up no other thread.
///
/// New memory costs page faults and zeroing, often more than the work on a short row. So a few blocks of
/// moderate size are kept for later calls, whichever thread they come from. What is in them is undefined.
final class Scratch implements AutoCloseable {

    private static final long ALIGNMENT = 64;
    private static final long LARGEST_KEPT = 1 << 26;
    private static final ArrayBlockingQueue<MemorySegment> KEPT =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    private final MemorySegment block;
    private long used;

    private Scratch(MemorySegment block) {
        this.block = block;
    }

    /// Memory for so many doubles in at most so many parts.
    static Scratch ofDoubles(long count, int parts) {
        long bytes = Math.addExact(Math.multiplyExact(count, Double.BYTES), parts * ALIGNMENT);
        MemorySegment kept = KEPT.poll();
        boolean fits = kept != null && kept.byteSize() >= bytes;
        // Freed by the garbage collector: a block passes from thread to thread.
        return new Scratch(fits ? kept : Arena.ofAuto().allocate(bytes, ALIGNMENT));
    }

    /// The next part, with undefined contents.
    MemorySegment doubles(long count) {
        MemorySegment part = block.asSlice(used, count * Double.BYTES);
        used += (count * Double.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return part;
    }

    /// The next part, with a copy of numbers from the array.
    MemorySegment copyOf(double[] data, int offset, int count) {
        MemorySegment part = doubles(count);
        MemorySegment.copy(data, offset, part, ValueLayout.JAVA_DOUBLE, 0, count);
        return part;
    }

    /// Copies the first numbers of a part into the array.
    static void copy(MemorySegment part, double[] target, int offset, int count) {
        MemorySegment.copy(part, ValueLayout.JAVA_DOUBLE, 0, target, offset, count);
    }

    /// Makes all parts free to be given out again.
    void reset() {
        used = 0;
    }

    @Override
    public void close() {
        if (block.byteSize() <= LARGEST_KEPT) {
            KEPT.offer(block);
        }
    }
}
