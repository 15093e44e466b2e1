package io.github.softgrad.kernel.ffi;

import static java.lang.foreign.MemorySegment.NULL;

import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Large indices, some places of one row at a time: each call takes a few milliseconds at most though it is
/// critical and copies nothing, and the blocks of one row go over the cores.
///
/// Every block sorts its row again, which costs little beside writing its entries.
record IndexBlocks(OrderTask task) {

    /// Entries of one call.
    private static final int LARGEST = 1 << 20;

    static boolean areWorthwhile(OrderTask task) {
        return task.result() == OrderTask.Result.INDEX && task.resultsPerRow() > LARGEST && OrderSlice.isCritical(task);
    }

    private int places() {
        return Math.max(LARGEST / task.n(), 1);
    }

    private int blocks() {
        return (task.count() + places() - 1) / places();
    }

    /// One call on the places `from` to `from + part.count()` of a row.
    @FunctionalInterface
    private interface Call {
        void on(OrderTask part, int block, OrderSlice slice, MemorySegment x, long firstEntry);
    }

    private void run(MemorySegment x, Call call) {
        int blocks = blocks();
        long scratch = SoftgradHeader.softgrad_order_scratch(OrderSlice.method(task), 0, task.n());
        Parallel.ranges((long) task.rows() * blocks, 1, (at, next) -> {
            int row = (int) (at / blocks);
            int block = (int) (at % blocks);
            int from = block * places();
            OrderTask part = task.part(from, Math.min(places(), task.count() - from));
            try (Scratch memory = Scratch.ofDoubles(scratch, 1)) {
                OrderSlice slice = OrderSlice.ofRow(row, memory.doubles(scratch));
                long firstEntry = ((long) row * task.count() + from) * task.n();
                call.on(part, block, slice, slice.part(x, (long) task.elementSize() * task.n()), firstEntry);
            }
        });
    }

    /// The residuals of a row are those of any of its blocks: the first one keeps them.
    void apply(MemorySegment x, MemorySegment p, NativeOrder.Kept kept) {
        run(x, (part, block, slice, row, firstEntry) -> {
            MemorySegment entries = entries(p, part, firstEntry);
            MemorySegment order = block == 0 ? slice.part(kept.order(), kept.orderBytes()) : NULL;
            MemorySegment state = block == 0 ? slice.part(kept.state(), kept.stateBytes()) : NULL;
            RowSlices.check(OrderCalls.apply(part, slice, row, entries, order, state));
        });
    }

    /// The product is linear in the cotangent: those of the blocks are added, in their order.
    void vjp(
            MemorySegment x,
            MemorySegment p,
            NativeOrder.Kept kept,
            MemorySegment g,
            MemorySegment dx,
            double[] dsoftness) {
        int n = task.n();
        int blocks = blocks();
        boolean isFloat = task.elementSize() == Float.BYTES;
        MemorySegment[] parts = new MemorySegment[task.rows() * blocks];
        double[] softnesses = new double[parts.length];
        run(x, (part, block, slice, row, firstEntry) -> {
            int at = slice.row() * blocks + block;
            parts[at] = isFloat ? MemorySegment.ofArray(new float[n]) : MemorySegment.ofArray(new double[n]);
            RowSlices.check(OrderCalls.vjp(
                    part,
                    slice,
                    row,
                    entries(p, part, firstEntry),
                    slice.part(kept.order(), kept.orderBytes()),
                    slice.part(kept.state(), kept.stateBytes()),
                    entries(g, part, firstEntry),
                    parts[at],
                    MemorySegment.ofArray(softnesses).asSlice(Double.BYTES * (long) at, Double.BYTES)));
        });
        double[] sum = new double[n];
        for (int row = 0; row < task.rows(); row++) {
            Arrays.fill(sum, 0);
            dsoftness[row] = 0;
            for (int block = row * blocks; block < (row + 1) * blocks; block++) {
                for (int i = 0; i < n; i++) {
                    sum[i] += isFloat
                            ? parts[block].getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            : parts[block].getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                }
                dsoftness[row] += softnesses[block];
            }
            write(sum, dx, (long) row * n);
        }
    }

    private void write(double[] numbers, MemorySegment to, long at) {
        for (int i = 0; i < numbers.length; i++) {
            if (task.elementSize() == Float.BYTES) {
                to.setAtIndex(ValueLayout.JAVA_FLOAT, at + i, (float) numbers[i]);
            } else {
                to.setAtIndex(ValueLayout.JAVA_DOUBLE, at + i, numbers[i]);
            }
        }
    }

    private MemorySegment entries(MemorySegment index, OrderTask part, long firstEntry) {
        return index.asSlice(task.elementSize() * firstEntry, task.elementSize() * part.resultsPerRow());
    }
}
