package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.Regularizer;

/// The projection of rows onto the probability simplex as a differentiable operation.
///
/// *Reference*: arXiv 2603.08824, section 3.1; Martins and Astudillo, From softmax to sparsemax, ICML 2016, for
/// the squared Euclidean regulariser.
final class Simplex {
    private Simplex() {}

    /// Projects the last axis: argmax over the simplex of `<x, y> - s R(y)`.
    static Tensor project(Tensor x, Tensor softness, Regularizer regularizer) {
        return new Primitive(
                        "simplex projection",
                        arguments -> forward(regularizer, arguments[0], arguments[1].item()),
                        (arguments, y, g, wanted) -> {
                            Tensor scores = arguments[0];
                            Tensor s = arguments[1];
                            Tensor dx = pull(y, s, g, regularizer);
                            return new Tensor[] {dx, wanted[1] ? softnessCotangent(scores, s, dx) : null};
                        })
                .apply(x, softness);
    }

    /// `-<dx, x> / s`; the projection does not see shifts of a row, so the row's maximum is taken off first.
    /// Entries of minus infinity have the derivative 0.
    private static Tensor softnessCotangent(Tensor x, Tensor softness, Tensor dx) {
        Tensor below = x.minus(Autodiff.stopGradient(x.max(-1, true)));
        Tensor reached = Tensor.select(below.equal(Double.NEGATIVE_INFINITY), below.zerosLike(), below);
        return dx.times(reached).sum().div(softness).unaryMinus();
    }

    /// The vector-Jacobian product `(1/s) W (g - <W, g> / <W, 1>)`, from the projection y alone.
    private static Tensor pull(Tensor y, Tensor softness, Tensor g, Regularizer regularizer) {
        return new Primitive(
                        "vjp of simplex projection",
                        arguments -> backward(regularizer, arguments[0], arguments[1].item(), arguments[2]),
                        Primitive.differentiating(at -> pullFormula(at[0], at[1], at[2], regularizer)))
                .apply(y, softness, g);
    }

    private static Tensor pullFormula(Tensor y, Tensor softness, Tensor g, Regularizer regularizer) {
        Tensor active = y.greater(0);
        Tensor weights = switch (regularizer) {
            case ENTROPY -> y;
            case SQUARED_EUCLIDEAN -> active;
            case NORM_3_2 -> SafeMath.sqrt(y).times(2);
            case NORM_4_3 -> {
                Tensor root = Tensor.select(active, y, y.onesLike()).cbrt();
                yield root.square().times(active).times(3);
            }
        };
        Tensor mean = weights.times(g).sum(-1, true).div(weights.sum(-1, true));
        return weights.times(g.minus(mean)).div(softness);
    }

    private static DenseTensor forward(Regularizer regularizer, DenseTensor x, double softness) {
        int[] shape = x.shape();
        int n = shape[shape.length - 1];
        int rows = x.size() / n;
        Kernels kernels = ActiveKernels.get();
        if (x.dtype() == DType.FLOAT32) {
            float[] y = new float[x.size()];
            kernels.simplex(regularizer, rows, n, x.floats(), (float) softness, y);
            return DenseTensor.owning(shape, y);
        }
        double[] y = new double[x.size()];
        kernels.simplex(regularizer, rows, n, x.doubles(), softness, y);
        return DenseTensor.owning(shape, y);
    }

    private static DenseTensor backward(Regularizer regularizer, DenseTensor y, double softness, DenseTensor g) {
        int[] shape = y.shape();
        int n = shape[shape.length - 1];
        int rows = y.size() / n;
        Kernels kernels = ActiveKernels.get();
        if (y.dtype() == DType.FLOAT32 && g.dtype() == DType.FLOAT32) {
            float[] dx = new float[y.size()];
            kernels.simplexVjp(regularizer, rows, n, y.floats(), (float) softness, g.floats(), dx);
            return DenseTensor.owning(shape, dx);
        }
        double[] dx = new double[y.size()];
        kernels.simplexVjp(regularizer, rows, n, y.doubles(), softness, g.doubles(), dx);
        return DenseTensor.owning(shape, dx);
    }
}
