package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.NetworkKernels.Vectors;
import io.github.softgrad.kernel.StepCurve;

/// The soft sorting network as differentiable operations: P x, P v and P^T v, P the soft permutation of a row
/// x.
///
/// Vectors are (..., k, n) with the leading axes of x, or (k, n) and shared by all rows. First derivatives are
/// kernels; theirs are those of [NetworkLayers], the same network in tensor operations.
record SoftNetwork(Curve curve) {

    /// The softly sorted rows (..., n), ascending.
    Tensor sort(Tensor x, Tensor softness) {
        return new Primitive(
                        "soft sorting network",
                        at -> sorted(at[0], at[1].item()),
                        (at, y, g, wanted) -> split(pullSort(at[0], at[1], g), null))
                .apply(x, softness);
    }

    /// P v for each vector: (..., k, n).
    Tensor apply(Tensor x, Tensor softness, Tensor vectors) {
        return new Primitive(
                        "soft permutation",
                        at -> product(false, at[0], at[1].item(), at[2]),
                        (at, y, g, wanted) -> split(
                                pullProduct(at[0], at[1], at[2], g),
                                wanted[2] ? likeVectors(applyTransposed(at[0], at[1], g), at[2]) : null))
                .apply(x, softness, vectors);
    }

    /// P^T v for each vector: (..., k, n). The k-th row of P is that of the k-th unit vector.
    Tensor applyTransposed(Tensor x, Tensor softness, Tensor vectors) {
        return new Primitive(
                        "transposed soft permutation",
                        at -> product(true, at[0], at[1].item(), at[2]),
                        (at, y, g, wanted) -> split(
                                pullProduct(at[0], at[1], g, at[2]),
                                wanted[2] ? likeVectors(apply(at[0], at[1], g), at[2]) : null))
                .apply(x, softness, vectors);
    }

    // --- derivatives ----------------------------------------------------------------------------------------------

    /// The cotangents of the rows, and of the softness of each row in one more column.
    private Tensor pullSort(Tensor x, Tensor softness, Tensor g) {
        return new Primitive(
                        "vjp of soft sorting network",
                        at -> sortCotangents(at[0], at[1].item(), at[2]),
                        Primitive.differentiating(at -> new NetworkLayers(curve).pullSort(at[0], at[1], at[2])))
                .apply(x, softness, g);
    }

    /// The same for the sum over the vectors of `<backward, P forward>`.
    private Tensor pullProduct(Tensor x, Tensor softness, Tensor forward, Tensor backward) {
        return new Primitive(
                        "vjp of soft permutation",
                        at -> productCotangents(at[0], at[1].item(), at[2], at[3]),
                        Primitive.differentiating(
                                at -> new NetworkLayers(curve).pullProduct(at[0], at[1], at[2], at[3])))
                .apply(x, softness, forward, backward);
    }

    private static Tensor[] split(Tensor cotangents, Tensor ofVectors) {
        int n = cotangents.dim(-1) - 1;
        Tensor ofSoftness = cotangents.slice(-1, n, n + 1).sum();
        Tensor ofRows = cotangents.slice(-1, 0, n);
        return new Tensor[] {ofRows, ofSoftness, ofVectors};
    }

    /// Cotangents of vectors that all rows share add up.
    private static Tensor likeVectors(Tensor cotangents, Tensor vectors) {
        return vectors.rank() == cotangents.rank()
                ? cotangents
                : cotangents.reshape(-1, vectors.dim(-2), vectors.dim(-1)).sum(0);
    }

    // --- kernels --------------------------------------------------------------------------------------------------

    private static NetworkKernels kernels() {
        return ActiveKernels.get().network();
    }

    private StepCurve step() {
        return switch (curve) {
            case LOGISTIC -> StepCurve.LOGISTIC;
            case LINEAR -> StepCurve.LINEAR;
            case CUBIC -> StepCurve.CUBIC;
            case QUINTIC -> StepCurve.QUINTIC;
            case NORM_3_2, NORM_4_3 -> throw new IllegalStateException("a network has no curve " + curve);
        };
    }

    private static int rowsOf(DenseTensor x) {
        return x.size() / x.dim(-1);
    }

    private static Vectors vectorsOf(DenseTensor vectors) {
        return new Vectors(vectors.dim(-2), vectors.rank() == 2, vectors.doubles());
    }

    private DenseTensor sorted(DenseTensor x, double softness) {
        double[] y = new double[x.size()];
        kernels().sort(step(), rowsOf(x), x.dim(-1), x.doubles(), softness, y);
        return DenseTensor.owning(x.shape(), y);
    }

    private DenseTensor product(boolean transposed, DenseTensor x, double softness, DenseTensor vectors) {
        int n = x.dim(-1);
        int[] shape = Shapes.insert(x.shape(), x.rank() - 1, vectors.dim(-2));
        double[] y = MemoryLimit.doubles(shape);
        Vectors v = vectorsOf(vectors);
        if (transposed) {
            kernels().applyTransposed(step(), rowsOf(x), n, x.doubles(), softness, v, y);
        } else {
            kernels().apply(step(), rowsOf(x), n, x.doubles(), softness, v, y);
        }
        return DenseTensor.owning(shape, y);
    }

    private DenseTensor sortCotangents(DenseTensor x, double softness, DenseTensor g) {
        double[] dx = new double[x.size()];
        double[] dsoftness = new double[rowsOf(x)];
        kernels().sortVjp(step(), rowsOf(x), x.dim(-1), x.doubles(), softness, g.doubles(), dx, dsoftness);
        return joined(x.shape(), dx, dsoftness);
    }

    private DenseTensor productCotangents(DenseTensor x, double softness, DenseTensor forward, DenseTensor backward) {
        double[] dx = new double[x.size()];
        double[] dsoftness = new double[rowsOf(x)];
        kernels()
                .applyVjp(
                        step(),
                        rowsOf(x),
                        x.dim(-1),
                        x.doubles(),
                        softness,
                        vectorsOf(forward),
                        vectorsOf(backward),
                        dx,
                        dsoftness);
        return joined(x.shape(), dx, dsoftness);
    }

    private static DenseTensor joined(int[] shape, double[] dx, double[] dsoftness) {
        int n = shape[shape.length - 1];
        double[] both = new double[dx.length + dsoftness.length];
        for (int row = 0; row < dsoftness.length; row++) {
            System.arraycopy(dx, row * n, both, row * (n + 1), n);
            both[row * (n + 1) + n] = dsoftness[row];
        }
        return DenseTensor.owning(Shapes.with(shape, shape.length - 1, n + 1), both);
    }
}
