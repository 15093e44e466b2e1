package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.IsotonicKernels;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;

/// Isotonic regression in C, by ordinary calls on memory outside the heap, some rows at a time: pooling takes
/// far longer than copying.
final class NativeIsotonic implements IsotonicKernels {

    /// Elements of one call, unless one row has more: its matrices stay in the second-level cache.
    private static final int ELEMENTS_PER_CALL = 1 << 13;

    @Override
    public void project(
            Regularizer regularizer,
            int rows,
            int n,
            double[] z,
            double softness,
            double[] w,
            double[] y,
            long[] first) {
        IsotonicKernels.checkProject(rows, n, z, softness, w, y, first);
        int code = NativeKernels.code(regularizer);
        long work = (n + 1L) * SoftgradHeader.SOFTGRAD_ISOTONIC_SCRATCH() / Double.BYTES;
        inCalls(rows, n, 4, work, (at, count, memory) -> {
            int size = count * n;
            MemorySegment projected = memory.doubles(size);
            MemorySegment firsts = memory.doubles(size);
            int status = SoftgradHeader.softgrad_isotonic_f64(
                    code,
                    count,
                    n,
                    memory.copyOf(z, at, size),
                    softness,
                    memory.copyOf(w, at, size),
                    memory.doubles(work),
                    projected,
                    firsts);
            Scratch.copy(projected, y, at, size);
            Scratch.copy(firsts, MemorySegment.ofArray(first).asSlice(8L * at, 8L * size));
            return status;
        });
    }

    @Override
    public void vjp(
            Regularizer regularizer,
            int rows,
            int n,
            double[] w,
            double softness,
            double[] y,
            long[] first,
            double[] g,
            double[] dz,
            double[] dw) {
        IsotonicKernels.checkVjp(rows, n, w, softness, y, first, g, dz, dw);
        int code = NativeKernels.code(regularizer);
        inCalls(rows, n, 6, 0, (at, count, memory) -> {
            int size = count * n;
            MemorySegment firsts = memory.doubles(size);
            MemorySegment ofZ = memory.doubles(size);
            MemorySegment ofW = memory.doubles(size);
            Scratch.copy(MemorySegment.ofArray(first).asSlice(8L * at, 8L * size), firsts);
            int status = SoftgradHeader.softgrad_isotonic_vjp_f64(
                    code,
                    count,
                    n,
                    memory.copyOf(w, at, size),
                    softness,
                    memory.copyOf(y, at, size),
                    firsts,
                    memory.copyOf(g, at, size),
                    ofZ,
                    ofW);
            Scratch.copy(ofZ, dz, at, size);
            Scratch.copy(ofW, dw, at, size);
            return status;
        });
    }

    /// Works on `count` rows whose elements start at `at`; returns the status of the kernel.
    @FunctionalInterface
    private interface Call {
        int on(int at, int count, Scratch memory);
    }

    /// Runs the batch; a call needs so many matrices of its rows and `work` numbers beside them.
    private static void inCalls(int rows, int n, int matrices, long work, Call call) {
        if (rows == 0 || n == 0) {
            return;
        }
        int step = Math.clamp(ELEMENTS_PER_CALL / n, 1, rows);
        Parallel.ranges(rows, step, (from, to) -> {
            try (Scratch memory = Scratch.ofDoubles(matrices * (to - from) * n + work, matrices + 1)) {
                RowSlices.check(call.on((int) from * n, (int) (to - from), memory));
            }
        });
    }
}
