package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.NetworkArguments;
import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.StepCurve;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;

/// The sorting network in C, by ordinary calls on memory outside the heap, a few rows at a time.
final class NativeNetwork implements NetworkKernels {

    /// Numbers that a call copies in and out, at most, unless one row has more.
    private static final int NUMBERS_PER_CALL = 1 << 13;

    /// Works on `count` rows from `first` on; the work memory is that of the kernel.
    @FunctionalInterface
    private interface Call {
        int on(int first, int count, Scratch memory);
    }

    @Override
    public void sort(StepCurve curve, int rows, int n, double[] x, double softness, double[] y) {
        NetworkArguments.checkSort(rows, n, x, softness, y);
        int code = code(curve);
        inCalls(rows, n, 2L * n, workspace(n, 0), (first, count, memory) -> {
            MemorySegment out = memory.doubles((long) count * n);
            int status = SoftgradHeader.softgrad_network_sort_f64(
                    code, count, n, rowsOf(memory, x, first, count, n), softness, out, memory.doubles(workspace(n, 0)));
            Scratch.copy(out, y, first * n, count * n);
            return status;
        });
    }

    @Override
    public void sortVjp(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            double[] g,
            double[] dx,
            double[] dsoftness) {
        NetworkArguments.checkSortVjp(rows, n, x, softness, g, dx, dsoftness);
        Vectors none = new Vectors(0, true, new double[0]);
        pull(curve, rows, n, x, softness, none, none, g, dx, dsoftness);
    }

    @Override
    public void apply(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        apply(SoftgradHeader::softgrad_network_apply_f64, curve, rows, n, x, softness, v, y);
    }

    @Override
    public void applyTransposed(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        apply(SoftgradHeader::softgrad_network_apply_transposed_f64, curve, rows, n, x, softness, v, y);
    }

    @Override
    public void applyVjp(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors forward,
            Vectors backward,
            double[] dx,
            double[] dsoftness) {
        NetworkArguments.checkApplyVjp(rows, n, x, softness, forward, backward, dx, dsoftness);
        pull(curve, rows, n, x, softness, forward, backward, null, dx, dsoftness);
    }

    /// Either direction: both kernels have the same parameters.
    @FunctionalInterface
    private interface Product {
        int call(
                int curve,
                long rows,
                long n,
                MemorySegment x,
                double softness,
                long vectors,
                long stride,
                MemorySegment v,
                MemorySegment y,
                MemorySegment scratch);
    }

    private static void apply(
            Product product, StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        NetworkArguments.checkApply(rows, n, x, softness, v, y);
        int code = code(curve);
        long perRow = n + (long) v.count() * n + numbersPerRow(v, n);
        long once = workspace(n, v.count()) + sharedNumbers(v, n);
        inCalls(rows, n, perRow, once, (first, count, memory) -> {
            MemorySegment in = rowsOf(memory, x, first, count, n);
            MemorySegment vectors = vectorsOf(memory, v, first, count, n);
            MemorySegment out = memory.doubles((long) count * v.count() * n);
            MemorySegment work = memory.doubles(workspace(n, v.count()));
            int status = product.call(code, count, n, in, softness, v.count(), numbersPerRow(v, n), vectors, out, work);
            Scratch.copy(out, y, first * v.count() * n, count * v.count() * n);
            return status;
        });
    }

    private static void pull(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors forward,
            Vectors backward,
            double[] g,
            double[] dx,
            double[] dsoftness) {
        int code = code(curve);
        int vectors = forward.count();
        long perRow = 3L * n + 1 + numbersPerRow(forward, n) + numbersPerRow(backward, n);
        long once = workspace(n, vectors) + sharedNumbers(forward, n) + sharedNumbers(backward, n);
        inCalls(rows, n, perRow, once, (first, count, memory) -> {
            MemorySegment out = memory.doubles((long) count * n);
            MemorySegment ofSoftness = memory.doubles(count);
            int status = SoftgradHeader.softgrad_network_vjp_f64(
                    code,
                    count,
                    n,
                    rowsOf(memory, x, first, count, n),
                    softness,
                    vectors,
                    numbersPerRow(forward, n),
                    vectorsOf(memory, forward, first, count, n),
                    numbersPerRow(backward, n),
                    vectorsOf(memory, backward, first, count, n),
                    g == null ? MemorySegment.NULL : rowsOf(memory, g, first, count, n),
                    out,
                    ofSoftness,
                    memory.doubles(workspace(n, vectors)));
            Scratch.copy(out, dx, first * n, count * n);
            Scratch.copy(ofSoftness, dsoftness, first, count);
            return status;
        });
    }

    private static void inCalls(int rows, int n, long numbersPerRow, long numbersOnce, Call call) {
        if (rows == 0 || n == 0) {
            return;
        }
        int step = Math.clamp(NUMBERS_PER_CALL / Math.max(numbersPerRow, 1), 1, rows);
        Parallel.ranges(rows, step, (from, to) -> {
            try (Scratch memory = Scratch.ofDoubles((to - from) * numbersPerRow + numbersOnce, 8)) {
                RowSlices.check(call.on((int) from, (int) (to - from), memory));
            }
        });
    }

    private static MemorySegment rowsOf(Scratch memory, double[] x, int first, int count, int n) {
        return memory.copyOf(x, first * n, count * n);
    }

    private static MemorySegment vectorsOf(Scratch memory, Vectors v, int first, int count, int n) {
        return memory.copyOf(v.data(), v.offset(first, n), v.elements(count, n));
    }

    private static long workspace(int n, int vectors) {
        return n == 0 ? 0 : SoftgradHeader.softgrad_network_scratch(n, vectors);
    }

    private static long sharedNumbers(Vectors v, int n) {
        return v.shared() ? (long) v.count() * n : 0;
    }

    private static long numbersPerRow(Vectors v, int n) {
        return v.shared() ? 0 : (long) v.count() * n;
    }

    private static int code(StepCurve curve) {
        return switch (curve) {
            case LOGISTIC -> SoftgradHeader.SOFTGRAD_LOGISTIC();
            case LINEAR -> SoftgradHeader.SOFTGRAD_LINEAR();
            case CUBIC -> SoftgradHeader.SOFTGRAD_CUBIC();
            case QUINTIC -> SoftgradHeader.SOFTGRAD_QUINTIC();
        };
    }
}
