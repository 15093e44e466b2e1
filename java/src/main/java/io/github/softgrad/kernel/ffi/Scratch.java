package io.github.softgrad.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Memory outside the heap for one call of a native kernel: arguments are copied in, results out, and the
/// kernel works in between. Iterative and long kernels are called so, because an ordinary call on such memory
/// holds up no other thread.
///
/// New memory costs page faults and zeroing, often more than the work on a short row. So a few blocks of
/// moderate size are kept for later calls, whichever thread they come from. What is in them is undefined.
final class Scratch implements AutoCloseable {

    private static final long ALIGNMENT = 64;
    private static final long LARGEST_KEPT = 1 << 26;
    private static final AtomicReferenceArray<MemorySegment> KEPT =
            new AtomicReferenceArray<>(4 * Runtime.getRuntime().availableProcessors());

    private final MemorySegment block;
    private long used;

    private Scratch(MemorySegment block) {
        this.block = block;
    }

    /// Memory for so many doubles in at most so many parts.
    static Scratch ofDoubles(long count, int parts) {
        long bytes = Math.addExact(Math.multiplyExact(count, Double.BYTES), parts * ALIGNMENT);
        MemorySegment kept = takeKept(bytes);
        // Freed by the garbage collector: a block passes from thread to thread.
        return new Scratch(kept != null ? kept : Arena.ofAuto().allocate(bytes, ALIGNMENT));
    }

    private static MemorySegment takeKept(long bytes) {
        for (int i = 0; i < KEPT.length(); i++) {
            MemorySegment block = KEPT.getAcquire(i);
            if (block != null && block.byteSize() >= bytes && KEPT.compareAndSet(i, block, null)) {
                return block;
            }
        }
        return null;
    }

    /// Where all places are taken, a block takes that of a smaller one.
    private static void keep(MemorySegment block) {
        for (int i = 0; i < KEPT.length(); i++) {
            if (KEPT.getAcquire(i) == null && KEPT.compareAndSet(i, null, block)) {
                return;
            }
        }
        for (int i = 0; i < KEPT.length(); i++) {
            MemorySegment other = KEPT.get(i);
            if (other != null && other.byteSize() < block.byteSize() && KEPT.compareAndSet(i, other, block)) {
                return;
            }
        }
    }

    /// The next part, with undefined contents.
    MemorySegment doubles(long count) {
        return bytes(count * Double.BYTES);
    }

    /// The same, measured in bytes.
    MemorySegment bytes(long count) {
        MemorySegment part = block.asSlice(used, count);
        used += (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
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
            keep(block);
        }
    }
}
