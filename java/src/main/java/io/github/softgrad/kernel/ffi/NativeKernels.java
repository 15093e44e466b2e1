package io.github.softgrad.kernel.ffi;

import static io.github.softgrad.kernel.KernelArguments.elements;
import static io.github.softgrad.kernel.KernelArguments.requireDistinct;
import static io.github.softgrad.kernel.KernelArguments.requireLength;
import static io.github.softgrad.kernel.KernelArguments.requireSoftness;
import static java.lang.foreign.MemorySegment.ofArray;

import io.github.softgrad.kernel.IsotonicKernels;
import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.LaplaceKernels;
import io.github.softgrad.kernel.MajorizationKernels;
import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.OrderKernels;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.TransportKernels;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The kernels in C. This is the one class that calls them, and [RowSlices] decides how.
///
/// To be used only after [NativeLibrary] has opened the library.
public final class NativeKernels implements Kernels {

    private static final MethodHandle SIMPLEX_F64 =
            critical(SoftgradHeader.softgrad_simplex_f64$address(), SoftgradHeader.softgrad_simplex_f64$descriptor());
    private static final MethodHandle SIMPLEX_F32 =
            critical(SoftgradHeader.softgrad_simplex_f32$address(), SoftgradHeader.softgrad_simplex_f32$descriptor());
    private static final MethodHandle SIMPLEX_VJP_F64 = critical(
            SoftgradHeader.softgrad_simplex_vjp_f64$address(), SoftgradHeader.softgrad_simplex_vjp_f64$descriptor());
    private static final MethodHandle SIMPLEX_VJP_F32 = critical(
            SoftgradHeader.softgrad_simplex_vjp_f32$address(), SoftgradHeader.softgrad_simplex_vjp_f32$descriptor());

    private static final Optional<OrderKernels> ORDER = Optional.of(new NativeOrder());

    @Override
    public String description() {
        return "native, " + InstructionSet.inUse();
    }

    @Override
    public IsotonicKernels isotonic() {
        return new NativeIsotonic();
    }

    @Override
    public TransportKernels transport() {
        return new NativeTransport();
    }

    @Override
    public MajorizationKernels majorization() {
        return new NativeMajorization();
    }

    @Override
    public NetworkKernels network() {
        return new NativeNetwork();
    }

    @Override
    public LaplaceKernels laplace() {
        return new NativeLaplace();
    }

    @Override
    public Optional<OrderKernels> order() {
        return ORDER;
    }

    @Override
    public void simplex(Regularizer regularizer, int rows, int n, double[] x, double softness, double[] y) {
        checkSimplex(elements(rows, n), x.length, softness, y.length);
        requireDistinct("y", y, x);
        int code = code(regularizer);
        new RowSlices(rows, n, Double.BYTES)
                .run(
                        (count, out, in, unused) -> simplexF64(code, count, n, in, softness, out),
                        (count, out, in, unused) ->
                                SoftgradHeader.softgrad_simplex_f64(code, count, n, in, softness, out),
                        ofArray(y),
                        ofArray(x),
                        MemorySegment.NULL);
    }

    @Override
    public void simplex(Regularizer regularizer, int rows, int n, float[] x, float softness, float[] y) {
        checkSimplex(elements(rows, n), x.length, softness, y.length);
        requireDistinct("y", y, x);
        int code = code(regularizer);
        new RowSlices(rows, n, Float.BYTES)
                .run(
                        (count, out, in, unused) -> simplexF32(code, count, n, in, softness, out),
                        (count, out, in, unused) ->
                                SoftgradHeader.softgrad_simplex_f32(code, count, n, in, softness, out),
                        ofArray(y),
                        ofArray(x),
                        MemorySegment.NULL);
    }

    @Override
    public void simplexVjp(
            Regularizer regularizer, int rows, int n, double[] y, double softness, double[] g, double[] dx) {
        checkSimplexVjp(elements(rows, n), y.length, softness, g.length, dx.length);
        requireDistinct("dx", dx, y, g);
        int code = code(regularizer);
        new RowSlices(rows, n, Double.BYTES)
                .run(
                        (count, out, in, cotangent) -> simplexVjpF64(code, count, n, in, softness, cotangent, out),
                        (count, out, in, cotangent) ->
                                SoftgradHeader.softgrad_simplex_vjp_f64(code, count, n, in, softness, cotangent, out),
                        ofArray(dx),
                        ofArray(y),
                        ofArray(g));
    }

    @Override
    public void simplexVjp(Regularizer regularizer, int rows, int n, float[] y, float softness, float[] g, float[] dx) {
        checkSimplexVjp(elements(rows, n), y.length, softness, g.length, dx.length);
        requireDistinct("dx", dx, y, g);
        int code = code(regularizer);
        new RowSlices(rows, n, Float.BYTES)
                .run(
                        (count, out, in, cotangent) -> simplexVjpF32(code, count, n, in, softness, cotangent, out),
                        (count, out, in, cotangent) ->
                                SoftgradHeader.softgrad_simplex_vjp_f32(code, count, n, in, softness, cotangent, out),
                        ofArray(dx),
                        ofArray(y),
                        ofArray(g));
    }

    private static void checkSimplex(int elements, int x, double softness, int y) {
        requireSoftness(softness);
        requireLength("x", x, elements);
        requireLength("y", y, elements);
    }

    private static void checkSimplexVjp(int elements, int y, double softness, int g, int dx) {
        requireSoftness(softness);
        requireLength("y", y, elements);
        requireLength("g", g, elements);
        requireLength("dx", dx, elements);
    }

    static int code(Regularizer regularizer) {
        return switch (regularizer) {
            case ENTROPY -> SoftgradHeader.SOFTGRAD_ENTROPY();
            case SQUARED_EUCLIDEAN -> SoftgradHeader.SOFTGRAD_SQUARED_EUCLIDEAN();
            case NORM_3_2 -> SoftgradHeader.SOFTGRAD_NORM_3_2();
            case NORM_4_3 -> SoftgradHeader.SOFTGRAD_NORM_4_3();
        };
    }

    @SuppressWarnings("restricted")
    static MethodHandle critical(MemorySegment address, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(address, descriptor, Linker.Option.critical(true));
    }

    private static int simplexF64(int code, long rows, long n, MemorySegment x, double softness, MemorySegment y) {
        try {
            return (int) SIMPLEX_F64.invokeExact(code, rows, n, x, softness, y);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static int simplexF32(int code, long rows, long n, MemorySegment x, float softness, MemorySegment y) {
        try {
            return (int) SIMPLEX_F32.invokeExact(code, rows, n, x, softness, y);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static int simplexVjpF64(
            int code, long rows, long n, MemorySegment y, double softness, MemorySegment g, MemorySegment dx) {
        try {
            return (int) SIMPLEX_VJP_F64.invokeExact(code, rows, n, y, softness, g, dx);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static int simplexVjpF32(
            int code, long rows, long n, MemorySegment y, float softness, MemorySegment g, MemorySegment dx) {
        try {
            return (int) SIMPLEX_VJP_F32.invokeExact(code, rows, n, y, softness, g, dx);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /// Only errors of the virtual machine itself come out of a downcall.
    static Error unexpected(Throwable failure) {
        return failure instanceof Error error ? error : new AssertionError(failure);
    }
}
