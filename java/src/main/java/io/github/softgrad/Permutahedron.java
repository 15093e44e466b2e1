package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.Regularizer;

/// The projection of rows onto permutahedra as a differentiable operation.
///
/// The projection of z onto the permutahedron of w has y = phi(z / s - gamma) with one level gamma for each
/// pool of neighbours in the order of z. Which entries are in a pool is read off the values, like their order;
/// with both held fixed the projection is differentiable as often as phi, and as continuous at the borders in
/// between as a projection is (C0, in every mode).
///
/// *Reference*: Blondel, Teboul, Berthet and Djolonga, Fast Differentiable Sorting and Ranking, ICML 2020.
final class Permutahedron {
    private Permutahedron() {}

    /// Projects each row (..., n) of z onto the permutahedron of the row of w.
    static Tensor project(Tensor z, Tensor w, Tensor softness, Regularizer regularizer) {
        return projectOntoSorted(z, descending(w), softness, regularizer);
    }

    /// The same where the rows of w are in descending order already.
    static Tensor projectOntoSorted(Tensor z, Tensor w, Tensor softness, Regularizer regularizer) {
        DenseTensor order = HardOrder.argsort(z, Order.DESCENDING);
        Tensor sorted = projectSorted(z.takeAlongAxis(order, -1), w, softness, regularizer);
        return sorted.takeAlongAxis(HardOrder.inverse(order), -1);
    }

    /// The vertex that the projection becomes as the softness goes to 0: each row of w in the order of that of
    /// z.
    static Tensor vertex(Tensor z, Tensor w) {
        DenseTensor order = HardOrder.argsort(z, Order.DESCENDING);
        return descending(w).takeAlongAxis(HardOrder.inverse(order), -1);
    }

    static Tensor descending(Tensor rows) {
        return rows.takeAlongAxis(HardOrder.argsort(rows, Order.DESCENDING), -1);
    }

    /// Projects rows of z onto the permutahedra of the rows of w, all of them in descending order, as the
    /// result will be.
    static Tensor projectSorted(Tensor z, Tensor w, Tensor softness, Regularizer regularizer) {
        Pools pools = new Pools(regularizer, z.shape());
        return new Primitive(
                        "projection onto the permutahedron",
                        arguments -> pools.project(arguments[0], arguments[1], arguments[2].item()),
                        (arguments, y, g, wanted) -> {
                            Tensor pulled = pools.pull(arguments[1], arguments[2], y, g);
                            Tensor dz = pulled.slice(0, 0, 1).squeeze(0);
                            return new Tensor[] {
                                dz,
                                pulled.slice(0, 1, 2).squeeze(0),
                                wanted[2] ? pools.softnessCotangent(arguments[0], arguments[2], dz) : null
                            };
                        })
                .apply(z, w, softness);
    }

    /// The pools of one projection: `first[i]` is the first position of the row that is in one pool with i,
    /// known once the projection has been computed.
    private record Pools(Regularizer regularizer, int[] shape, long[] first) {

        Pools(Regularizer regularizer, int[] shape) {
            this(regularizer, shape, new long[Shapes.size(shape)]);
        }

        private int n() {
            return shape[shape.length - 1];
        }

        private int rows() {
            return n() == 0 ? 0 : first.length / n();
        }

        DenseTensor project(DenseTensor z, DenseTensor w, double softness) {
            double[] y = new double[first.length];
            ActiveKernels.get()
                    .isotonic()
                    .project(regularizer, rows(), n(), z.doubles(), softness, w.doubles(), y, first);
            return DenseTensor.owning(shape, y);
        }

        /// `-<dz, z> / s`: the projection depends on z / s only. In each pool dz sums to 0, so z is taken from
        /// its first.
        Tensor softnessCotangent(Tensor z, Tensor softness, Tensor dz) {
            Tensor below = z.minus(atFirst(Autodiff.stopGradient(z)));
            return dz.times(below).sum().div(softness).unaryMinus();
        }

        /// The cotangents of z and of w, one after the other on a new first axis.
        Tensor pull(Tensor w, Tensor softness, Tensor y, Tensor g) {
            return new Primitive(
                            "vjp of projection onto the permutahedron",
                            at -> backward(at[0], at[1].item(), at[2], at[3]),
                            Primitive.differentiating(at -> Tensor.stack(0, pullFormula(at[0], at[1], at[2], at[3]))))
                    .apply(w, softness, y, g);
        }

        private DenseTensor backward(DenseTensor w, double softness, DenseTensor y, DenseTensor g) {
            int size = first.length;
            double[] dz = new double[size];
            double[] dw = new double[size];
            ActiveKernels.get()
                    .isotonic()
                    .vjp(regularizer, rows(), n(), w.doubles(), softness, y.doubles(), first, g.doubles(), dz, dw);
            double[] both = new double[2 * size];
            System.arraycopy(dz, 0, both, 0, size);
            System.arraycopy(dw, 0, both, size, size);
            return DenseTensor.owning(Shapes.insert(shape, 0, 2), both);
        }

        /// What the kernel computes, in tensor operations. g is taken from that of the pool's first entry, so
        /// that the pools of one entry, where nothing is left, have exactly the derivatives 0.
        private Tensor[] pullFormula(Tensor w, Tensor softness, Tensor y, Tensor g) {
            if (regularizer == Regularizer.ENTROPY) {
                Tensor sum = poolSum(g);
                return new Tensor[] {
                    g.minus(shares(y).times(sum)).div(softness), shares(w).times(sum)
                };
            }
            Tensor reference = atFirst(g);
            Tensor centred = g.minus(reference);
            Tensor weights = weights(y);
            Tensor usable = Tensor.select(poolSum(weights).equal(0), weights.onesLike(), weights);
            Tensor mean = poolSum(usable.times(centred)).div(poolSum(usable));
            Tensor dz = weights.times(centred.minus(mean)).times(regularizer.exponent());
            return new Tensor[] {dz.div(softness), reference.plus(mean)};
        }

        /// The softmax within each pool.
        private Tensor shares(Tensor x) {
            Tensor masses = x.minus(atFirst(Autodiff.stopGradient(x))).exp();
            return masses.div(poolSum(masses));
        }

        /// `|phi^-1(y)|^(a - 1)` for the exponent a.
        private Tensor weights(Tensor y) {
            return switch (regularizer.exponent()) {
                case 1 -> y.onesLike();
                case 2 -> SafeMath.sqrt(y.abs());
                default -> {
                    Tensor some = y.notEqual(0);
                    yield Tensor.select(some, y, y.onesLike()).cbrt().square().times(some);
                }
            };
        }

        /// For each position the entry at the first position of its pool.
        private Tensor atFirst(Tensor x) {
            return Structure.gather(x, places(), shape);
        }

        /// For each position the sum over its pool.
        private Tensor poolSum(Tensor x) {
            return Structure.gather(Structure.scatter(x, places(), shape), places(), shape);
        }

        /// For each position the place of the first position of its pool among all numbers.
        private int[] places() {
            int[] places = new int[first.length];
            for (int i = 0; i < places.length; i++) {
                places[i] = i / n() * n() + (int) first[i];
            }
            return places;
        }
    }
}
