package io.github.softgrad.kernel;

import static io.github.softgrad.kernel.KernelArguments.elements;
import static io.github.softgrad.kernel.KernelArguments.requireDistinct;
import static io.github.softgrad.kernel.KernelArguments.requireLength;
import static io.github.softgrad.kernel.KernelArguments.requireSoftness;

import io.github.softgrad.kernel.NetworkKernels.Vectors;

/// The checks of [NetworkKernels] that every backend makes before it works.
public final class NetworkArguments {

    private NetworkArguments() {}

    /// The arguments of [NetworkKernels#sort].
    public static void checkSort(int rows, int n, double[] x, double softness, double[] y) {
        requireRows(rows, n, x, softness);
        requireLength("y", y.length, elements(rows, n));
        requireDistinct("y", y, x);
    }

    /// The arguments of [NetworkKernels#sortVjp].
    public static void checkSortVjp(
            int rows, int n, double[] x, double softness, double[] g, double[] dx, double[] dsoftness) {
        requireRows(rows, n, x, softness);
        requireLength("g", g.length, elements(rows, n));
        requireCotangents(rows, n, dx, dsoftness, x, g);
    }

    /// The arguments of [NetworkKernels#apply] and [NetworkKernels#applyTransposed].
    public static void checkApply(int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        requireRows(rows, n, x, softness);
        requireLength("v", v.data().length, v.elements(rows, n));
        requireLength("y", y.length, v.elementsOfResult(rows, n));
        requireDistinct("y", y, x, v.data());
    }

    /// The arguments of [NetworkKernels#applyVjp].
    public static void checkApplyVjp(
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors forward,
            Vectors backward,
            double[] dx,
            double[] dsoftness) {
        requireRows(rows, n, x, softness);
        requireLength("forward", forward.data().length, forward.elements(rows, n));
        requireLength("backward", backward.data().length, backward.elements(rows, n));
        if (forward.count() != backward.count()) {
            throw new IllegalArgumentException("forward and backward must have equally many vectors, had "
                    + forward.count() + " and " + backward.count());
        }
        requireCotangents(rows, n, dx, dsoftness, x, forward.data(), backward.data());
    }

    private static void requireRows(int rows, int n, double[] x, double softness) {
        requireSoftness(softness);
        requireLength("x", x.length, elements(rows, n));
    }

    private static void requireCotangents(int rows, int n, double[] dx, double[] dsoftness, Object... inputs) {
        requireLength("dx", dx.length, elements(rows, n));
        requireLength("dsoftness", dsoftness.length, elements(rows, 1));
        requireDistinct("dx", dx, inputs);
        requireDistinct("dsoftness", dsoftness, inputs);
        requireDistinct("dsoftness", dsoftness, dx);
    }
}
