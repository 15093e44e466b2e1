package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.MajorizationKernels;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The smooth majorization sort in C.
///
/// Solving takes far longer than copying, so rows go through memory outside the heap by ordinary calls, which
/// hold up no other thread.
final class NativeMajorization implements MajorizationKernels {

    /// So many that their copies stay in the second-level cache.
    private static final int ELEMENTS_PER_CALL = 1 << 12;

    @Override
    public void project(int rows, int n, double[] z, double[] w, double softness, double[] y, Solution solution) {
        MajorizationKernels.checkProject(rows, n, z, w, softness, y, solution);
        inCalls(rows, n, 6, 2, (row, count, memory) -> {
            int at = row * n;
            int elements = count * n;
            MemorySegment values = memory.doubles(elements);
            MemorySegment duals = memory.doubles(3L * elements);
            MemorySegment iterations = memory.doubles(count);
            MemorySegment residuals = memory.doubles(count);
            RowSlices.check(SoftgradHeader.softgrad_majorization_f64(
                    count,
                    n,
                    memory.copyOf(z, at, elements),
                    memory.copyOf(w, at, elements),
                    softness,
                    values,
                    duals,
                    iterations,
                    residuals,
                    memory.doubles(scratch(n))));
            Scratch.copy(values, y, at, elements);
            Scratch.copy(duals, solution.duals(), 3 * at, 3 * elements);
            Scratch.copy(residuals, solution.residuals(), row, count);
            MemorySegment.copy(iterations, ValueLayout.JAVA_LONG, 0, solution.iterations(), row, count);
        });
    }

    @Override
    public void vjp(
            int rows,
            int n,
            double[] z,
            double[] w,
            double softness,
            Solution solution,
            double[] g,
            double[] dz,
            double[] dw,
            double[] dsoftness) {
        MajorizationKernels.checkVjp(rows, n, z, w, softness, solution, g, dz, dw, dsoftness);
        inCalls(rows, n, 8, 1, (row, count, memory) -> {
            int at = row * n;
            int elements = count * n;
            MemorySegment ofZ = memory.doubles(elements);
            MemorySegment ofW = memory.doubles(elements);
            MemorySegment ofSoftness = memory.doubles(count);
            RowSlices.check(SoftgradHeader.softgrad_majorization_vjp_f64(
                    count,
                    n,
                    memory.copyOf(z, at, elements),
                    memory.copyOf(w, at, elements),
                    softness,
                    memory.copyOf(solution.duals(), 3 * at, 3 * elements),
                    memory.copyOf(g, at, elements),
                    ofZ,
                    ofW,
                    ofSoftness,
                    memory.doubles(scratch(n))));
            Scratch.copy(ofZ, dz, at, elements);
            Scratch.copy(ofW, dw, at, elements);
            Scratch.copy(ofSoftness, dsoftness, row, count);
        });
    }

    private static long scratch(int n) {
        return 12L * (n + 2);
    }

    /// One call on `count` rows from `row` on.
    @FunctionalInterface
    private interface Call {
        void on(int row, int count, Scratch memory);
    }

    /// Runs the batch; a call needs so many matrices of its rows and so many vectors with one number for each
    /// row.
    private static void inCalls(int rows, int n, int matrices, int vectors, Call call) {
        if (rows == 0 || n == 0) {
            return;
        }
        int step = Math.clamp(ELEMENTS_PER_CALL / n, 1, rows);
        long count = (long) matrices * step * n + (long) vectors * step + scratch(n);
        Parallel.ranges(rows, step, (from, to) -> {
            try (Scratch memory = Scratch.ofDoubles(count, matrices + vectors + 1)) {
                call.on((int) from, (int) (to - from), memory);
            }
        });
    }
}
