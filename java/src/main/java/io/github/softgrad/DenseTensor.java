package io.github.softgrad;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Numbers on the heap in row-major order. Never written after construction.
final class DenseTensor implements Tensor {
    private final int[] shape;
    private final DType dtype;
    private final double[] float64;
    private final float[] float32;

    private DenseTensor(int[] shape, DType dtype, double[] float64, float[] float32) {
        this.shape = shape;
        this.dtype = dtype;
        this.float64 = float64;
        this.float32 = float32;
    }

    /// A tensor that owns the array: the caller must not write to it any more.
    static DenseTensor owning(int[] shape, double[] values) {
        return new DenseTensor(shape, DType.FLOAT64, values, null);
    }

    static DenseTensor owning(int[] shape, float[] values) {
        return new DenseTensor(shape, DType.FLOAT32, null, values);
    }

    /// A tensor in the given format; owns the array when the format is float64, rounds it otherwise.
    static DenseTensor rounding(DType dtype, int[] shape, double[] values) {
        return dtype == DType.FLOAT64 ? owning(shape, values) : owning(shape, narrow(values));
    }

    /// The numbers in float64: the tensor's own array (not to be written to) or a widened copy.
    double[] doubles() {
        return float64 != null ? float64 : widen(float32);
    }

    /// The tensor's own float32 array, not to be written to.
    float[] floats() {
        return float32;
    }

    /// A tensor whose numbers are zero until whoever asked for it has written them through [#segment()].
    static DenseTensor unset(DType dtype, int[] shape) {
        int size = Shapes.size(shape);
        return dtype == DType.FLOAT64 ? owning(shape, new double[size]) : owning(shape, new float[size]);
    }

    /// Whether all of them are dense: none is part of a derivative.
    static boolean are(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (!(tensor instanceof DenseTensor)) {
                return false;
            }
        }
        return true;
    }

    /// The tensor's own array, to be written to by nobody else than its maker.
    MemorySegment segment() {
        return float64 != null ? MemorySegment.ofArray(float64) : MemorySegment.ofArray(float32);
    }

    DenseTensor reshaped(int[] newShape) {
        return new DenseTensor(newShape, dtype, float64, float32);
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public int rank() {
        return shape.length;
    }

    @Override
    public int size() {
        return float64 != null ? float64.length : float32.length;
    }

    @Override
    public double[] toDoubles() {
        return float64 != null ? float64.clone() : widen(float32);
    }

    @Override
    public float[] toFloats() {
        return float32 != null ? float32.clone() : narrow(float64);
    }

    @Override
    public String toString() {
        return TensorText.of(this);
    }

    private static double[] widen(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private static float[] narrow(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenseTensor that
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(float64, that.float64)
                && Arrays.equals(float32, that.float32);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + (float64 != null ? Arrays.hashCode(float64) : Arrays.hashCode(float32));
    }
}
