package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.LaplaceKernels;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;

/// Sums of Laplace distribution functions in C, by ordinary calls on memory outside the heap, one row at a
/// time: the recurrences take longer than the copies.
final class NativeLaplace implements LaplaceKernels {
    /// So many points and places that a call takes some tens of microseconds.
    private static final int ENTRIES_PER_CALL = 1 << 12;

    /// What the kernels need beside their arguments, in rows of n numbers.
    private static final int SCRATCH_ROWS = 5;

    @Override
    public void thresholds(int rows, int n, double[] x, double softness, double[] b) {
        LaplaceKernels.checkThresholds(rows, n, x, softness, b);
        if (rows == 0 || n < 2) {
            return;
        }
        inCalls(rows, n, 0, (from, count, memory) -> {
            MemorySegment places = memory.doubles(count * (n - 1L));
            RowSlices.check(SoftgradHeader.softgrad_laplace_thresholds_f64(
                    count,
                    n,
                    memory.copyOf(x, from * n, count * n),
                    softness,
                    places,
                    memory.doubles((long) SCRATCH_ROWS * n)));
            Scratch.copy(places, b, from * (n - 1), count * (n - 1));
        });
    }

    @Override
    public void sums(
            int rows,
            int n,
            int m,
            double[] x,
            double[] v,
            double[] at,
            double softness,
            double[] below,
            double[] left,
            double[] right) {
        LaplaceKernels.checkSums(rows, n, m, x, v, at, softness, below, left, right);
        if (rows == 0 || n == 0 || m == 0) {
            return;
        }
        inCalls(rows, n, m, (from, count, memory) -> {
            int places = count * m;
            MemorySegment plain = memory.doubles(places);
            MemorySegment before = memory.doubles(places);
            MemorySegment after = memory.doubles(places);
            RowSlices.check(SoftgradHeader.softgrad_laplace_sums_f64(
                    count,
                    n,
                    m,
                    memory.copyOf(x, from * n, count * n),
                    memory.copyOf(v, from * n, count * n),
                    memory.copyOf(at, from * m, places),
                    softness,
                    plain,
                    before,
                    after,
                    memory.doubles((long) SCRATCH_ROWS * n)));
            Scratch.copy(plain, below, from * m, places);
            Scratch.copy(before, left, from * m, places);
            Scratch.copy(after, right, from * m, places);
        });
    }

    /// Works on `count` rows from `from` on.
    @FunctionalInterface
    private interface Call {
        void on(int from, int count, Scratch memory);
    }

    private static void inCalls(int rows, int n, int m, Call call) {
        int step = Math.clamp(ENTRIES_PER_CALL / (n + m), 1, rows);
        Parallel.ranges(rows, step, (from, to) -> {
            long numbers = (to - from) * (2L * n + 4L * m) + (long) SCRATCH_ROWS * n;
            try (Scratch memory = Scratch.ofDoubles(numbers, 7)) {
                call.on((int) from, (int) (to - from), memory);
            }
        });
    }
}
