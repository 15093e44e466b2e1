package io.github.softgrad.kernel.ffi;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.MemorySegment.ofArray;

import io.github.softgrad.kernel.KernelArguments;
import io.github.softgrad.kernel.OrderKernels;
import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Soft orders in C. [OrderSlice] says how a batch is cut and passed, [OrderCalls] calls.
final class NativeOrder implements OrderKernels {

    /// Residuals of more numbers stand outside the heap.
    private static final int LARGEST_ON_HEAP = 1 << 27;

    /// Entries of a critical call for the kernels below, some tens of microseconds of work.
    private static final int CRITICAL_ENTRIES = 1 << 12;

    /// The kernels that standardize stream through a row: some tens of microseconds up to here.
    private static final int LONGEST_STREAMED = 1 << 16;

    /// Permutations and state, with their bytes for each row.
    record Kept(MemorySegment order, long orderBytes, MemorySegment state, long stateBytes) implements Residuals {
        static final Kept NOTHING = new Kept(NULL, 0, NULL, 0);

        static Kept of(Residuals residuals) {
            return residuals == null ? NOTHING : (Kept) residuals;
        }
    }

    @Override
    public Residuals residuals(OrderTask task) {
        long perRow = OrderSlice.statePerRow(task);
        long numbers = task.rows() * perRow;
        long orderBytes = OrderSlice.isExtreme(task) ? 0 : (long) task.n() * Integer.BYTES;
        if (OrderSlice.isCritical(task) && numbers <= LARGEST_ON_HEAP) {
            MemorySegment order = ofArray(new int[(int) (task.rows() * orderBytes / Integer.BYTES)]);
            return new Kept(order, orderBytes, ofArray(new double[(int) numbers]), perRow * Double.BYTES);
        }
        // Freed by the garbage collector, with the tape that keeps it.
        Arena arena = Arena.ofAuto();
        return new Kept(
                arena.allocate(task.rows() * orderBytes, Double.BYTES),
                orderBytes,
                arena.allocate(numbers * Double.BYTES, Double.BYTES),
                perRow * Double.BYTES);
    }

    @Override
    public void apply(OrderTask task, MemorySegment x, MemorySegment result, Residuals residuals) {
        long ofX = (long) task.n() * task.elementSize();
        long ofResult = task.resultsPerRow() * task.elementSize();
        requireSize("x", x, task.rows() * ofX);
        requireSize("result", result, task.rows() * ofResult);
        Kept kept = Kept.of(residuals);
        if (IndexBlocks.areWorthwhile(task)) {
            new IndexBlocks(task).apply(x, result, kept);
            return;
        }
        boolean ofIndex = task.result() == OrderTask.Result.INDEX;
        OrderSlice.run(task, residuals != null && !ofIndex, task.n() + task.resultsPerRow(), slice -> {
            MemorySegment in = slice.input(x, ofX);
            MemorySegment out = slice.output(result, ofResult);
            MemorySegment order = slice.part(kept.order(), kept.orderBytes());
            MemorySegment state = slice.part(kept.state(), kept.stateBytes());
            RowSlices.check(OrderCalls.apply(task, slice, in, out, order, state));
            slice.finish(out, result, ofResult);
        });
    }

    @Override
    public void vjp(
            OrderTask task,
            MemorySegment x,
            MemorySegment result,
            Residuals residuals,
            MemorySegment g,
            MemorySegment dx,
            double[] dsoftness) {
        long ofX = (long) task.n() * task.elementSize();
        long ofResult = task.resultsPerRow() * task.elementSize();
        requireSize("x", x, task.rows() * ofX);
        requireSize("result", result, task.rows() * ofResult);
        requireSize("g", g, task.rows() * ofResult);
        requireSize("dx", dx, task.rows() * ofX);
        KernelArguments.requireLength("dsoftness", dsoftness.length, task.rows());
        Kept kept = Kept.of(residuals);
        if (IndexBlocks.areWorthwhile(task)) {
            new IndexBlocks(task).vjp(x, result, kept, g, dx, dsoftness);
            return;
        }
        MemorySegment softnesses = ofArray(dsoftness);
        boolean ofIndex = task.result() == OrderTask.Result.INDEX;
        OrderSlice.run(task, !ofIndex, 2L * task.n() + (ofIndex ? 2 : 1) * task.resultsPerRow() + 1, slice -> {
            MemorySegment in = slice.input(x, ofX);
            MemorySegment index = ofIndex ? slice.input(result, ofResult) : NULL;
            MemorySegment cotangent = slice.input(g, ofResult);
            MemorySegment order = slice.part(kept.order(), kept.orderBytes());
            MemorySegment state = slice.part(kept.state(), kept.stateBytes());
            MemorySegment out = slice.output(dx, ofX);
            MemorySegment ofSoftness = slice.output(softnesses, Double.BYTES);
            RowSlices.check(OrderCalls.vjp(task, slice, in, index, order, state, cotangent, out, ofSoftness));
            slice.finish(out, dx, ofX);
            slice.finish(ofSoftness, softnesses, Double.BYTES);
        });
    }

    @Override
    public void argsort(int rows, int n, double[] x, int[] order) {
        int entries = KernelArguments.elements(rows, n);
        KernelArguments.requireLength("x", x.length, entries);
        KernelArguments.requireLength("order", order.length, entries);
        if (n == 0) {
            return;
        }
        boolean critical = n <= CRITICAL_ENTRIES;
        int step = Math.max(CRITICAL_ENTRIES / n, 1);
        Parallel.ranges(rows, step, (from, to) -> {
            int at = (int) from * n;
            int size = (int) (to - from) * n;
            try (Scratch memory = Scratch.ofDoubles(4L * n + 1024 + 2L * size, 3)) {
                MemorySegment in = critical ? ofArray(x).asSlice(8L * at, 8L * size) : memory.copyOf(x, at, size);
                MemorySegment target = ofArray(order).asSlice(4L * at, 4L * size);
                MemorySegment out = critical ? target : memory.bytes(4L * size);
                RowSlices.check(
                        OrderCalls.argsort(critical, (int) (to - from), n, in, out, memory.doubles(4L * n + 1024)));
                if (!critical) {
                    target.copyFrom(out);
                }
            }
        });
    }

    @Override
    public void squash(int rows, int n, double[] x, double[] s, double[] scale) {
        int entries = KernelArguments.elements(rows, n);
        KernelArguments.requireLength("x", x.length, entries);
        KernelArguments.requireLength("s", s.length, entries);
        KernelArguments.requireLength("scale", scale.length, 3 * rows);
        if (n == 0) {
            return;
        }
        Parallel.ranges(rows, Math.max(CRITICAL_ENTRIES / n, 1), (from, to) -> {
            MemorySegment in = numbers(x, from * n, to * n);
            MemorySegment out = numbers(s, from * n, to * n);
            MemorySegment scales = numbers(scale, 3 * from, 3 * to);
            if (n <= LONGEST_STREAMED) {
                RowSlices.check(OrderCalls.squash(true, to - from, n, in, out, scales));
                return;
            }
            try (Scratch memory = Scratch.ofDoubles(2L * n + 3, 3)) {
                MemorySegment squashed = memory.doubles(n);
                MemorySegment squashedScale = memory.doubles(3);
                RowSlices.check(OrderCalls.squash(false, 1, n, memory.copyOf(in), squashed, squashedScale));
                Scratch.copy(squashed, out);
                Scratch.copy(squashedScale, scales);
            }
        });
    }

    @Override
    public void squashVjp(int rows, int n, double[] x, double[] scale, double[] s, double[] g, double[] dx) {
        int entries = KernelArguments.elements(rows, n);
        KernelArguments.requireLength("x", x.length, entries);
        KernelArguments.requireLength("scale", scale.length, 3 * rows);
        KernelArguments.requireLength("s", s.length, entries);
        KernelArguments.requireLength("g", g.length, entries);
        KernelArguments.requireLength("dx", dx.length, entries);
        if (n == 0) {
            return;
        }
        Parallel.ranges(rows, Math.max(CRITICAL_ENTRIES / n, 1), (from, to) -> {
            MemorySegment in = numbers(x, from * n, to * n);
            MemorySegment scales = numbers(scale, 3 * from, 3 * to);
            MemorySegment squashed = numbers(s, from * n, to * n);
            MemorySegment cotangent = numbers(g, from * n, to * n);
            MemorySegment out = numbers(dx, from * n, to * n);
            if (n <= LONGEST_STREAMED) {
                RowSlices.check(OrderCalls.squashVjp(true, to - from, n, in, scales, squashed, cotangent, out));
                return;
            }
            try (Scratch memory = Scratch.ofDoubles(4L * n + 3, 5)) {
                MemorySegment pulled = memory.doubles(n);
                RowSlices.check(OrderCalls.squashVjp(
                        false,
                        1,
                        n,
                        memory.copyOf(in),
                        memory.copyOf(scales),
                        memory.copyOf(squashed),
                        memory.copyOf(cotangent),
                        pulled));
                Scratch.copy(pulled, out);
            }
        });
    }

    /// Elements of an array from one index to another, where they lie.
    private static MemorySegment numbers(double[] array, long from, long to) {
        return ofArray(array).asSlice(Double.BYTES * from, Double.BYTES * (to - from));
    }

    private static void requireSize(String name, MemorySegment array, long bytes) {
        if (array.byteSize() < bytes) {
            throw new IllegalArgumentException(
                    name + " must hold the batch, " + bytes + " bytes, has " + array.byteSize());
        }
    }
}
