package io.github.softgrad.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Memory outside the heap for one call of a native kernel: arguments are copied in, results out, and the
/// kernel works in between. Iterative and long kernels are called so, because an ordinary call on such memory
/// holds up no other thread.
///
/// New memory costs page faults and zeroing, often more than the work on a short row. So a few blocks of
/// moderate size are kept for later calls, whichever thread they come from. What is in them is undefined. All
/// of them together are at most a quarter as large as the heap may become.
final class Scratch implements AutoCloseable {

    private static final long ALIGNMENT = 64;
    private static final AtomicReferenceArray<MemorySegment> KEPT =
            new AtomicReferenceArray<>(4 * Runtime.getRuntime().availableProcessors());
    private static final long LARGEST_KEPT =
            Math.min(1 << 26, Runtime.getRuntime().maxMemory() / 4 / KEPT.length());

    /// What is copied in one go, in bytes: for its length the thread cannot stop for the garbage collector.
    private static final long PIECE = 1 << 20;

    private final Arena own;
    private final MemorySegment block;
    private long used;

    /// Blocks that may be kept pass from thread to thread and are freed by the garbage collector, which does
    /// not see how large they are; so larger ones are freed at once.
    private Scratch(long bytes) {
        boolean mayBeKept = bytes <= LARGEST_KEPT;
        MemorySegment kept = mayBeKept ? takeKept(bytes) : null;
        own = mayBeKept ? null : Arena.ofConfined();
        block = kept != null ? kept : allocate(mayBeKept ? Arena.ofAuto() : own, bytes);
    }

    /// What is kept must not stand in the way of what is needed.
    private static MemorySegment allocate(Arena arena, long bytes) {
        try {
            return arena.allocate(bytes, ALIGNMENT);
        } catch (OutOfMemoryError full) {
            for (int i = 0; i < KEPT.length(); i++) {
                KEPT.set(i, null);
            }
            return arena.allocate(bytes, ALIGNMENT);
        }
    }

    /// Memory for so many doubles in at most so many parts.
    static Scratch ofDoubles(long count, int parts) {
        long bytes = Math.addExact(Math.multiplyExact(count, Double.BYTES), parts * ALIGNMENT);
        return new Scratch(bytes);
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
        return copyOf(MemorySegment.ofArray(data).asSlice((long) offset * Double.BYTES, (long) count * Double.BYTES));
    }

    /// The next part, with a copy of the segment.
    MemorySegment copyOf(MemorySegment data) {
        MemorySegment part = bytes(data.byteSize());
        copy(data, part);
        return part;
    }

    /// Copies the first numbers of a part into the array.
    static void copy(MemorySegment part, double[] target, int offset, int count) {
        long bytes = (long) count * Double.BYTES;
        copy(part.asSlice(0, bytes), MemorySegment.ofArray(target).asSlice((long) offset * Double.BYTES, bytes));
    }

    /// Copies all of a segment into another one, in pieces.
    static void copy(MemorySegment from, MemorySegment to) {
        long size = from.byteSize();
        for (long at = 0; at < size; at += PIECE) {
            MemorySegment.copy(from, at, to, at, Math.min(PIECE, size - at));
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        } else {
            keep(block);
        }
    }
}
