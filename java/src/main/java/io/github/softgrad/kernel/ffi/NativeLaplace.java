package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.LaplaceKernels;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;

/// Sums of Laplace distribution functions in C, by ordinary calls on memory outside the heap, one row at a
/// time: the recurrences take longer than the copies.
final class NativeLaplace implements LaplaceKernels {

    /// What the kernels need beside their arguments, in rows of n numbers.
    private static final int SCRATCH_ROWS = 5;

    @Override
    public void thresholds(int rows, int n, double[] x, double softness, double[] b) {
        LaplaceKernels.checkThresholds(rows, n, x, softness, b);
        if (rows == 0 || n < 2) {
            return;
        }
        try (Scratch memory = Scratch.ofDoubles((2L + SCRATCH_ROWS) * n, 3)) {
            for (int row = 0; row < rows; row++) {
                memory.reset();
                MemorySegment places = memory.doubles(n - 1);
                RowSlices.check(SoftgradHeader.softgrad_laplace_thresholds_f64(
                        1, n, memory.copyOf(x, row * n, n), softness, places, memory.doubles((long) SCRATCH_ROWS * n)));
                Scratch.copy(places, b, row * (n - 1), n - 1);
            }
        }
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
        try (Scratch memory = Scratch.ofDoubles((2L + SCRATCH_ROWS) * n + 4L * m, 7)) {
            for (int row = 0; row < rows; row++) {
                memory.reset();
                MemorySegment plain = memory.doubles(m);
                MemorySegment before = memory.doubles(m);
                MemorySegment after = memory.doubles(m);
                RowSlices.check(SoftgradHeader.softgrad_laplace_sums_f64(
                        1,
                        n,
                        m,
                        memory.copyOf(x, row * n, n),
                        memory.copyOf(v, row * n, n),
                        memory.copyOf(at, row * m, m),
                        softness,
                        plain,
                        before,
                        after,
                        memory.doubles((long) SCRATCH_ROWS * n)));
                Scratch.copy(plain, below, row * m, m);
                Scratch.copy(before, left, row * m, m);
                Scratch.copy(after, right, row * m, m);
            }
        }
    }
}
