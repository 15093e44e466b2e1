package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;

/// Sums of Laplace distribution functions over the points of sorted rows as differentiable operations, in
/// linear time forward and backward.
///
/// The density of the Laplace distribution has a corner, so second derivatives exist almost everywhere; they
/// are those of the plain formulas and cost O(n²).
///
/// *Reference*: Struski et al., LapSum, arXiv 2503.06242.
final class LaplaceSums {
    private LaplaceSums() {}

    /// What is summed over the points, as a function of the signed distance d = (t - x) / s.
    private enum Term {
        /// The distribution function F of d: exp(d) / 2 below 0, 1 - exp(-d) / 2 above.
        DISTRIBUTION,
        /// `exp(-|d|)`.
        DECAY,
        /// `(t - x) exp(-|d|)`.
        MOMENT
    }

    /// For k = 1 to n-1 the places (..., n-1) at which the distribution functions of the points (..., n) sum to
    /// k.
    static Tensor thresholds(Tensor x, Tensor softness) {
        return new Primitive(
                        "laplace thresholds",
                        arguments -> {
                            int n = arguments[0].dim(-1);
                            int rows = arguments[0].size() / n;
                            double[] b = new double[rows * (n - 1)];
                            ActiveKernels.get()
                                    .laplace()
                                    .thresholds(rows, n, arguments[0].doubles(), arguments[1].item(), b);
                            int[] shape = arguments[0].shape();
                            return DenseTensor.owning(Shapes.with(shape, shape.length - 1, n - 1), b);
                        },
                        (arguments, b, g, wanted) -> {
                            Tensor points = arguments[0];
                            Tensor s = arguments[1];
                            Tensor mass = sums(Term.DECAY, points, points.onesLike(), b, s);
                            Tensor share = g.div(mass);
                            Tensor moments = sums(Term.MOMENT, points, points.onesLike(), b, s);
                            return new Tensor[] {
                                sums(Term.DECAY, b, share, points, s),
                                wanted[1] ? share.times(moments).sum().div(s) : null
                            };
                        })
                .apply(x, softness);
    }

    /// `sum_i v_i F((t_k - x_i) / s)` for places t (..., m), points x (..., n) with weights v, all sorted along
    /// the rows.
    static Tensor weighted(Tensor x, Tensor v, Tensor t, Tensor softness) {
        return new Primitive(
                        "laplace sums",
                        arguments -> forward(Term.DISTRIBUTION, arguments),
                        (arguments, result, g, wanted) -> {
                            Tensor points = arguments[0];
                            Tensor weights = arguments[1];
                            Tensor places = arguments[2];
                            Tensor s = arguments[3];
                            Tensor half = s.times(2).reciprocal();
                            Tensor toPoints =
                                    sums(Term.DECAY, places, g, points, s).times(half);
                            return new Tensor[] {
                                toPoints.times(weights).unaryMinus(),
                                wanted[1] ? g.sum(-1, true).minus(weighted(places, g, points, s)) : null,
                                sums(Term.DECAY, points, weights, places, s)
                                        .times(g)
                                        .times(half),
                                wanted[3]
                                        ? inSoftness(points, weights, places, s, g)
                                                .times(half)
                                        : null
                            };
                        })
                .apply(x, v, t, softness);
    }

    private static Tensor inSoftness(Tensor x, Tensor v, Tensor t, Tensor s, Tensor g) {
        return sums(Term.MOMENT, x, v, t, s).times(g).sum().div(s).unaryMinus();
    }

    private static Tensor sums(Term term, Tensor x, Tensor v, Tensor t, Tensor softness) {
        return new Primitive(
                        "laplace " + term,
                        arguments -> forward(term, arguments),
                        Primitive.differentiating(at -> formula(term, at[0], at[1], at[2], at[3])))
                .apply(x, v, t, softness);
    }

    /// The decay or the moment, of which derivatives are taken.
    private static Tensor formula(Term term, Tensor x, Tensor v, Tensor t, Tensor softness) {
        Tensor distance = t.expandDims(-1).minus(x.expandDims(-2));
        Tensor d = distance.div(softness);
        Tensor decay = d.abs().unaryMinus().exp();
        Tensor terms = term == Term.MOMENT ? decay.times(distance) : decay;
        return terms.times(v.expandDims(-2)).sum(-1);
    }

    private static DenseTensor forward(Term term, DenseTensor[] arguments) {
        int n = arguments[0].dim(-1);
        int m = arguments[2].dim(-1);
        int rows = arguments[2].size() / m;
        double[] x = arguments[0].doubles();
        double[] v = arguments[1].doubles();
        double[] t = arguments[2].doubles();
        double[] below = new double[rows * m];
        double[] left = new double[rows * m];
        double[] right = new double[rows * m];
        double softness = arguments[3].item();
        if (term != Term.MOMENT) {
            ActiveKernels.get().laplace().sums(rows, n, m, x, v, t, softness, below, left, right);
            for (int k = 0; k < left.length; k++) {
                left[k] = term == Term.DECAY ? left[k] + right[k] : below[k] - 0.5 * left[k] + 0.5 * right[k];
            }
            return DenseTensor.owning(arguments[2].shape(), left);
        }
        return DenseTensor.owning(arguments[2].shape(), moments(rows, n, m, x, v, t, softness));
    }

    /// `t sum v exp(-|d|) - sum v x exp(-|d|)`, both taken from the middle of the points so that little
    /// cancels.
    private static double[] moments(int rows, int n, int m, double[] x, double[] v, double[] t, double softness) {
        double[] below = new double[rows * m];
        double[] left = new double[rows * m];
        double[] right = new double[rows * m];
        double[] weighted = new double[rows * n];
        double[] middle = new double[rows];
        for (int row = 0; row < rows; row++) {
            middle[row] = x[row * n] / 2 + x[row * n + n - 1] / 2;
        }
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = v[i] * (x[i] - middle[i / n]);
        }
        double[] moments = new double[rows * m];
        ActiveKernels.get().laplace().sums(rows, n, m, x, v, t, softness, below, left, right);
        for (int k = 0; k < moments.length; k++) {
            moments[k] = (t[k] - middle[k / m]) * (left[k] + right[k]);
        }
        ActiveKernels.get().laplace().sums(rows, n, m, x, weighted, t, softness, below, left, right);
        for (int k = 0; k < moments.length; k++) {
            moments[k] -= left[k] + right[k];
        }
        return moments;
    }
}
