package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.OrderTask.Result;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The downcalls of [NativeOrder], each in its critical and its ordinary form.
///
/// Method handles are called fast only where they are constants, hence a method for each of them.
final class OrderCalls {
    private static final MethodHandle ORDER_F64 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_f64$address(), SoftgradHeader.softgrad_order_f64$descriptor());
    private static final MethodHandle ORDER_F32 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_f32$address(), SoftgradHeader.softgrad_order_f32$descriptor());
    private static final MethodHandle ORDER_VJP_F64 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_vjp_f64$address(), SoftgradHeader.softgrad_order_vjp_f64$descriptor());
    private static final MethodHandle ORDER_VJP_F32 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_vjp_f32$address(), SoftgradHeader.softgrad_order_vjp_f32$descriptor());
    private static final MethodHandle INDEX_F64 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_index_f64$address(), SoftgradHeader.softgrad_order_index_f64$descriptor());
    private static final MethodHandle INDEX_F32 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_index_f32$address(), SoftgradHeader.softgrad_order_index_f32$descriptor());
    private static final MethodHandle INDEX_VJP_F64 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_index_vjp_f64$address(),
            SoftgradHeader.softgrad_order_index_vjp_f64$descriptor());
    private static final MethodHandle INDEX_VJP_F32 = NativeKernels.critical(
            SoftgradHeader.softgrad_order_index_vjp_f32$address(),
            SoftgradHeader.softgrad_order_index_vjp_f32$descriptor());
    private static final MethodHandle ARGSORT = NativeKernels.critical(
            SoftgradHeader.softgrad_argsort_f64$address(), SoftgradHeader.softgrad_argsort_f64$descriptor());
    private static final MethodHandle SQUASH = NativeKernels.critical(
            SoftgradHeader.softgrad_squash_f64$address(), SoftgradHeader.softgrad_squash_f64$descriptor());
    private static final MethodHandle SQUASH_VJP = NativeKernels.critical(
            SoftgradHeader.softgrad_squash_vjp_f64$address(), SoftgradHeader.softgrad_squash_vjp_f64$descriptor());

    private OrderCalls() {}

    /// The status of the forward kernel.
    static int apply(
            OrderTask task,
            OrderSlice slice,
            MemorySegment x,
            MemorySegment result,
            MemorySegment order,
            MemorySegment state) {
        int method = OrderSlice.method(task);
        int mode = NativeKernels.code(task.regularizer());
        int options = options(task);
        long rows = slice.rows();
        long n = task.n();
        long first = task.first();
        long count = task.count();
        double softness = task.softness();
        MemorySegment scratch = slice.scratch();
        boolean critical = slice.critical();
        boolean isFloat = task.elementSize() == Float.BYTES;
        try {
            if (task.result() == Result.INDEX && isFloat) {
                return critical
                        ? (int) INDEX_F32.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch)
                        : SoftgradHeader.softgrad_order_index_f32(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch);
            }
            if (task.result() == Result.INDEX) {
                return critical
                        ? (int) INDEX_F64.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch)
                        : SoftgradHeader.softgrad_order_index_f64(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch);
            }
            if (isFloat) {
                return critical
                        ? (int) ORDER_F32.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch)
                        : SoftgradHeader.softgrad_order_f32(
                                method, mode, options, rows, n, first, count, x, softness, result, order, state,
                                scratch);
            }
            return critical
                    ? (int) ORDER_F64.invokeExact(
                            method, mode, options, rows, n, first, count, x, softness, result, order, state, scratch)
                    : SoftgradHeader.softgrad_order_f64(
                            method, mode, options, rows, n, first, count, x, softness, result, order, state, scratch);
        } catch (Throwable failure) {
            throw NativeKernels.unexpected(failure);
        }
    }

    /// The status of the vector-Jacobian product; `index` is not looked at for other results.
    static int vjp(
            OrderTask task,
            OrderSlice slice,
            MemorySegment x,
            MemorySegment index,
            MemorySegment order,
            MemorySegment state,
            MemorySegment g,
            MemorySegment dx,
            MemorySegment ds) {
        int method = OrderSlice.method(task);
        int mode = NativeKernels.code(task.regularizer());
        int options = options(task);
        long rows = slice.rows();
        long n = task.n();
        long first = task.first();
        long count = task.count();
        double softness = task.softness();
        MemorySegment scratch = slice.scratch();
        boolean critical = slice.critical();
        boolean isFloat = task.elementSize() == Float.BYTES;
        try {
            if (task.result() == Result.INDEX && isFloat) {
                return critical
                        ? (int) INDEX_VJP_F32.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, index, order, state, g, dx,
                                ds, scratch)
                        : SoftgradHeader.softgrad_order_index_vjp_f32(
                                method, mode, options, rows, n, first, count, x, softness, index, order, state, g, dx,
                                ds, scratch);
            }
            if (task.result() == Result.INDEX) {
                return critical
                        ? (int) INDEX_VJP_F64.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, index, order, state, g, dx,
                                ds, scratch)
                        : SoftgradHeader.softgrad_order_index_vjp_f64(
                                method, mode, options, rows, n, first, count, x, softness, index, order, state, g, dx,
                                ds, scratch);
            }
            if (isFloat) {
                return critical
                        ? (int) ORDER_VJP_F32.invokeExact(
                                method, mode, options, rows, n, first, count, x, softness, order, state, g, dx, ds,
                                scratch)
                        : SoftgradHeader.softgrad_order_vjp_f32(
                                method, mode, options, rows, n, first, count, x, softness, order, state, g, dx, ds,
                                scratch);
            }
            return critical
                    ? (int) ORDER_VJP_F64.invokeExact(
                            method, mode, options, rows, n, first, count, x, softness, order, state, g, dx, ds, scratch)
                    : SoftgradHeader.softgrad_order_vjp_f64(
                            method, mode, options, rows, n, first, count, x, softness, order, state, g, dx, ds,
                            scratch);
        } catch (Throwable failure) {
            throw NativeKernels.unexpected(failure);
        }
    }

    static int options(OrderTask task) {
        return (task.standardize() ? SoftgradHeader.SOFTGRAD_STANDARDIZE() : 0)
                + (task.result() == Result.RANKS ? SoftgradHeader.SOFTGRAD_RANK() : 0)
                + (task.descending() ? SoftgradHeader.SOFTGRAD_DESCENDING() : 0)
                + (task.gated() || task.result() != Result.VALUES ? 0 : SoftgradHeader.SOFTGRAD_UNGATED());
    }

    static int argsort(
            boolean critical, long rows, long n, MemorySegment x, MemorySegment order, MemorySegment scratch) {
        try {
            return critical
                    ? (int) ARGSORT.invokeExact(rows, n, x, order, scratch)
                    : SoftgradHeader.softgrad_argsort_f64(rows, n, x, order, scratch);
        } catch (Throwable failure) {
            throw NativeKernels.unexpected(failure);
        }
    }

    static int squash(boolean critical, long rows, long n, MemorySegment x, MemorySegment s, MemorySegment scale) {
        try {
            return critical
                    ? (int) SQUASH.invokeExact(rows, n, x, s, scale)
                    : SoftgradHeader.softgrad_squash_f64(rows, n, x, s, scale);
        } catch (Throwable failure) {
            throw NativeKernels.unexpected(failure);
        }
    }

    static int squashVjp(
            boolean critical,
            long rows,
            long n,
            MemorySegment x,
            MemorySegment scale,
            MemorySegment s,
            MemorySegment g,
            MemorySegment dx) {
        try {
            return critical
                    ? (int) SQUASH_VJP.invokeExact(rows, n, x, scale, s, g, dx)
                    : SoftgradHeader.softgrad_squash_vjp_f64(rows, n, x, scale, s, g, dx);
        } catch (Throwable failure) {
            throw NativeKernels.unexpected(failure);
        }
    }
}
