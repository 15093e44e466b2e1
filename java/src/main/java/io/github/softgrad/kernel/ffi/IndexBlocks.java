package io.github.softgrad.kernel.ffi;

import static java.lang.foreign.MemorySegment.NULL;

import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;

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
                call.on(part, block, slice, slice.part(x, 8L * task.n()), firstEntry);
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
        double[][] parts = new double[task.rows() * blocks()][n + 1];
        run(x, (part, block, slice, row, firstEntry) -> {
            double[] pulled = parts[slice.row() * blocks() + block];
            MemorySegment target = MemorySegment.ofArray(pulled);
            RowSlices.check(OrderCalls.vjp(
                    part,
                    slice,
                    row,
                    entries(p, part, firstEntry),
                    slice.part(kept.order(), kept.orderBytes()),
                    slice.part(kept.state(), kept.stateBytes()),
                    entries(g, part, firstEntry),
                    target.asSlice(0, 8L * n),
                    target.asSlice(8L * n)));
        });
        for (int row = 0; row < task.rows(); row++) {
            double[] sum = parts[row * blocks()];
            for (int block = 1; block < blocks(); block++) {
                double[] next = parts[row * blocks() + block];
                for (int i = 0; i <= n; i++) {
                    sum[i] += next[i];
                }
            }
            MemorySegment.copy(MemorySegment.ofArray(sum), 0, dx, 8L * row * n, 8L * n);
            dsoftness[row] = sum[n];
        }
    }

    private static MemorySegment entries(MemorySegment index, OrderTask part, long firstEntry) {
        return index.asSlice(8 * firstEntry, 8 * part.resultsPerRow());
    }
}
