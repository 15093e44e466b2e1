package io.github.softgrad;

import io.github.softgrad.kernel.OrderKernels;

/// [Standardization] in one pass forward and one backward, where the backend has a kernel for it.
///
/// Derivatives of second order and more differentiate the definition.
final class FusedStandardization {
    /// The deviation that a huge constant row is given; it has the derivative 0.
    private static final double CONSTANT_DEVIATION = Math.sqrt(Standardization.SCALED_VARIANCE_FLOOR);

    private final OrderKernels kernels;
    private final Tensor x;
    private final int n;
    private final int rows;

    /// For each row a power of two and, in units of it, mean and deviation; known once the values are.
    private final double[] scale;

    FusedStandardization(OrderKernels kernels, Tensor x) {
        this.kernels = kernels;
        this.x = x;
        n = x.dim(-1);
        rows = x.size() / n;
        scale = new double[3 * rows];
    }

    Tensor values() {
        Primitive.Rule higher = Primitive.differentiating(
                at -> Standardization.byDefinition(at[0]).values());
        return new Primitive(
                        "standardization",
                        at -> squash(at[0]),
                        (at, s, g, wanted) -> DenseTensor.are(at[0], g)
                                ? new Tensor[] {squashVjp(dense(at[0]), dense(s), dense(g))}
                                : higher.cotangents(at, s, g, wanted))
                .apply(x);
    }

    private DenseTensor squash(DenseTensor from) {
        double[] s = new double[rows * n];
        kernels.squash(rows, n, from.doubles(), s, scale);
        return DenseTensor.owning(from.shape(), s);
    }

    private DenseTensor squashVjp(DenseTensor from, DenseTensor s, DenseTensor g) {
        double[] dx = new double[rows * n];
        kernels.squashVjp(rows, n, from.doubles(), scale, s.doubles(), g.doubles(), dx);
        return DenseTensor.owning(from.shape(), dx);
    }

    /// The way back of numbers of the rows' shape, to be asked for after [#values()].
    Tensor restore(Tensor y) {
        Primitive.Rule higher = Primitive.differentiating(
                at -> Standardization.byDefinition(at[0]).restore(at[1]));
        return new Primitive(
                        "way back from standardization",
                        at -> restored(at[1]),
                        (at, result, g, wanted) -> DenseTensor.are(at[0], at[1], g)
                                ? restoredVjp(dense(at[0]), dense(at[1]), dense(g))
                                : higher.cotangents(at, result, g, wanted))
                .apply(x, y);
    }

    private DenseTensor restored(DenseTensor squashed) {
        double[] y = squashed.doubles();
        double[] out = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            int row = 3 * (i / n);
            out[i] = (deviations(y[i]) * scale[row + 2] + scale[row + 1]) * scale[row];
        }
        return DenseTensor.owning(squashed.shape(), out);
    }

    private static double deviations(double y) {
        double inside = Math.min(Math.max(y, Standardization.RESTORED_MARGIN), 1 - Standardization.RESTORED_MARGIN);
        return Math.log(inside) - Math.log1p(-inside);
    }

    private Tensor[] restoredVjp(DenseTensor from, DenseTensor squashed, DenseTensor cotangent) {
        double[] values = from.doubles();
        double[] y = squashed.doubles();
        double[] g = cotangent.doubles();
        double[] dx = new double[y.length];
        double[] dy = new double[y.length];
        for (int row = 0; row < rows; row++) {
            double unit = scale[3 * row];
            double deviation = scale[3 * row + 2];
            double ofMean = 0;
            double ofDeviation = 0;
            for (int i = row * n; i < (row + 1) * n; i++) {
                boolean inside = y[i] >= Standardization.RESTORED_MARGIN && y[i] <= 1 - Standardization.RESTORED_MARGIN;
                dy[i] = inside ? g[i] * unit * (deviation / (y[i] * (1 - y[i]))) : y[i] - y[i];
                ofMean += g[i];
                ofDeviation += g[i] * deviations(y[i]);
            }
            double slope = deviation == CONSTANT_DEVIATION ? 0 : ofDeviation / (n * deviation);
            for (int i = row * n; i < (row + 1) * n; i++) {
                dx[i] = ofMean / n + slope * (values[i] / unit - scale[3 * row + 1]);
            }
        }
        return new Tensor[] {DenseTensor.owning(from.shape(), dx), DenseTensor.owning(squashed.shape(), dy)};
    }

    private static DenseTensor dense(Tensor tensor) {
        return (DenseTensor) tensor;
    }
}
