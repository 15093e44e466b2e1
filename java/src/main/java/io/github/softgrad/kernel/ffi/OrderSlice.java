package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Consecutive rows of a batch that one call works on, and how their numbers get there.
///
/// Short rows pass as they lie on the heap, by *critical* calls: nothing is copied, but no thread of the
/// process reaches a safepoint for the whole of a call, so calls are kept to some tens of microseconds. Long
/// rows go one by one through memory outside the heap, by ordinary calls.
///
/// Where a batch is cut depends on its task alone, and cuts are at multiples of the rows that the kernels
/// compute together: results do not depend on the number of threads.
final class OrderSlice {

    /// Work of a critical call, in entries of a sorted row: 20 to 80 microseconds with AVX-512.
    private static final long CRITICAL_WORK = 1 << 11;

    /// The same for a single row: what it keeps for its product is best kept on the heap.
    private static final long CRITICAL_WORK_OF_ROW = 1 << 13;

    /// An entry of an index costs so much less than sorting and projecting an entry.
    private static final long ENTRIES_PER_WORK = 32;

    /// Sorting a row of an index takes less than a millisecond up to here. A whole index of longer rows does
    /// not fit into an array, so that what is copied is small beside the rest.
    private static final int LONGEST_CRITICAL_INDEX = 1 << 16;

    private static final int GROUP = SoftgradHeader.SOFTGRAD_LANES_GROUP();
    private static final int BUFFERS = 8;

    private final int row;
    private final int rows;
    private final boolean critical;
    private final Scratch memory;
    private final MemorySegment scratch;

    private OrderSlice(int row, int rows, boolean critical, Scratch memory, MemorySegment scratch) {
        this.row = row;
        this.rows = rows;
        this.critical = critical;
        this.memory = memory;
        this.scratch = scratch;
    }

    /// Runs `work` for all slices of a task, on several threads where there are several slices.
    ///
    /// @param perRow numbers of a row that are copied where the call is not critical
    /// @param keeps whether the residuals of the rows are kept, which need no scratch memory then
    static void run(OrderTask task, boolean keeps, long perRow, Consumer<OrderSlice> work) {
        boolean critical = isCritical(task);
        long scratch = SoftgradHeader.softgrad_order_scratch(method(task), keeps ? 1 : 0, task.n());
        Parallel.ranges(task.rows(), rowsPerCall(task), (from, to) -> {
            int rows = (int) (to - from);
            try (Scratch memory = Scratch.ofDoubles(scratch + (critical ? 0 : rows * perRow), BUFFERS)) {
                work.accept(new OrderSlice((int) from, rows, critical, memory, memory.doubles(scratch)));
            }
        });
    }

    static boolean isCritical(OrderTask task) {
        return task.result() == OrderTask.Result.INDEX
                ? task.n() <= LONGEST_CRITICAL_INDEX
                : workPerRow(task) <= CRITICAL_WORK_OF_ROW;
    }

    /// A single row, to be computed where it lies.
    static OrderSlice ofRow(int row, MemorySegment scratch) {
        return new OrderSlice(row, 1, true, null, scratch);
    }

    private static int rowsPerCall(OrderTask task) {
        long fitting = Math.max(CRITICAL_WORK / workPerRow(task), 1);
        boolean inGroups = task.n() <= SoftgradHeader.SOFTGRAD_LANES_LENGTH();
        return (int) (inGroups ? Math.max(fitting / GROUP, 1) * GROUP : fitting);
    }

    /// In entries of a sorted row. NeuralSort of short rows costs their square, some 2.5 nanoseconds for each
    /// pair.
    private static long workPerRow(OrderTask task) {
        long n = task.n();
        if (isExtreme(task)) {
            return n / (isInFloat(task) ? 8 : 4) + 1;
        }
        long sorting = task.method() == OrderMethod.NEURAL_SORT ? n * n / 8 + 1 : n;
        return sorting + (task.result() == OrderTask.Result.INDEX ? task.resultsPerRow() / ENTRIES_PER_WORK : 0);
    }

    /// Numbers of state that a row keeps. A last slice of few rows does not go through lanes, and then all rows
    /// get the room that its rows need.
    static long statePerRow(OrderTask task) {
        if (isExtreme(task)) {
            int isIndex = task.result() == OrderTask.Result.INDEX ? 1 : 0;
            return SoftgradHeader.softgrad_order_extreme_state(
                    isIndex, NativeKernels.code(task.regularizer()), task.elementSize(), task.n());
        }
        int last = task.rows() % rowsPerCall(task);
        boolean inLanes = task.result() != OrderTask.Result.INDEX
                && task.rows() >= SoftgradHeader.SOFTGRAD_LANES_ROWS()
                && (last == 0 || last >= SoftgradHeader.SOFTGRAD_LANES_ROWS());
        return inLanes
                ? SoftgradHeader.softgrad_order_lanes_state(
                        method(task),
                        NativeKernels.code(task.regularizer()),
                        OrderCalls.options(task),
                        task.elementSize(),
                        task.n())
                : SoftgradHeader.softgrad_order_state(method(task), task.n());
    }

    /// Whether only the first or the last place is wanted, which needs no order: the kernels keep less then.
    static boolean isExtreme(OrderTask task) {
        boolean atAnEnd = task.first() == 0 || task.first() == task.n() - 1;
        return task.method() == OrderMethod.SOFT_SORT
                && task.result() != OrderTask.Result.RANKS
                && task.count() == 1
                && atAnEnd;
    }

    private static boolean isInFloat(OrderTask task) {
        return task.regularizer() == Regularizer.ENTROPY && task.elementSize() == Float.BYTES;
    }

    static int method(OrderTask task) {
        return switch (task.method()) {
            case SOFT_SORT -> SoftgradHeader.SOFTGRAD_SOFT_SORT();
            case NEURAL_SORT -> SoftgradHeader.SOFTGRAD_NEURAL_SORT();
            case FAST_SOFT_SORT -> SoftgradHeader.SOFTGRAD_FAST_SOFT_SORT();
        };
    }

    int row() {
        return row;
    }

    int rows() {
        return rows;
    }

    boolean critical() {
        return critical;
    }

    /// The kernel's work memory.
    MemorySegment scratch() {
        return scratch;
    }

    /// The slice's part of a segment, where it lies; a missing one stays missing.
    MemorySegment part(MemorySegment whole, long bytesPerRow) {
        return whole == MemorySegment.NULL ? whole : whole.asSlice(row * bytesPerRow, rows * bytesPerRow);
    }

    /// The slice's part of an input on the heap, or a copy of it.
    MemorySegment input(MemorySegment whole, long bytesPerRow) {
        MemorySegment part = part(whole, bytesPerRow);
        return critical ? part : memory.copyOf(part);
    }

    /// The slice's part of an output on the heap, or memory for it; [#finish] brings the results home.
    MemorySegment output(MemorySegment whole, long bytesPerRow) {
        return critical ? part(whole, bytesPerRow) : memory.bytes(rows * bytesPerRow);
    }

    /// To be called after the kernel, with what [#output] gave.
    void finish(MemorySegment output, MemorySegment whole, long bytesPerRow) {
        if (!critical) {
            Scratch.copy(output, part(whole, bytesPerRow));
        }
    }
}
