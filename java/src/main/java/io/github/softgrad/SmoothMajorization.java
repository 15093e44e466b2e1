package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.MajorizationKernels.Solution;
import java.util.Arrays;

/// The projection of rows onto a permutahedron whose inequalities are made smooth, as a differentiable
/// operation.
///
/// With a = z / s in descending order and bounds `b_k = T log e_k(exp(w / T))`, T = min(s, 1), it maximises
/// `<a, y>` plus the entropies of the slacks `b_k - (y_1 + .. + y_k)` and of the distances `y_k - y_(k+1)`; y
/// then goes back to the order of z. One object is one application: it keeps the solution for the derivative,
/// which differentiates the optimality conditions.
///
/// *Reference*: arXiv 2603.08824, section 4.
final class SmoothMajorization {
    /// Largest residual of the optimality condition beside its largest term; a few roundings are usual.
    private static final double TOLERANCE = 1e-12;

    private int n;
    private int rows;
    private int[] zOrder;
    private int[] wOrder;
    private double[] zSorted;
    private double[] wSorted;
    private Solution solution;

    private SmoothMajorization() {}

    /// Projects the last axis of z, as z orders it, onto the permutahedron of w, which has the shape of z.
    ///
    /// *Throws* [ConvergenceException] if the residual stays above 1e-12.
    static Tensor project(Tensor z, Tensor w, Tensor softness) {
        SmoothMajorization majorization = new SmoothMajorization();
        return new Primitive("smooth majorization sort", majorization::forward, majorization::cotangents)
                .apply(z, w, softness);
    }

    private DenseTensor forward(DenseTensor... arguments) {
        DenseTensor z = arguments[0];
        DenseTensor w = arguments[1];
        int[] shape = z.shape();
        n = shape[shape.length - 1];
        rows = z.size() / n;
        zOrder = descending(z);
        wOrder = descending(w);
        zSorted = sorted(z.doubles(), zOrder);
        wSorted = sorted(w.doubles(), wOrder);
        solution = Solution.of(rows, n);
        double[] y = new double[z.size()];
        ActiveKernels.get().majorization().project(rows, n, zSorted, wSorted, arguments[2].item(), y, solution);
        requireConvergence();
        return DenseTensor.owning(shape, unsorted(y, zOrder));
    }

    private void requireConvergence() {
        for (int row = 0; row < rows; row++) {
            if (!(solution.residuals()[row] <= TOLERANCE)) {
                throw new ConvergenceException(
                        "the smooth majorization sort of row " + row,
                        solution.iterations()[row],
                        solution.residuals()[row],
                        "its entries span too many orders of magnitude, so scale them first, or use"
                                + " new Method.FastSoftSort(), which needs no iteration");
            }
        }
    }

    private Tensor[] cotangents(Tensor[] arguments, Tensor y, Tensor g, boolean[] wanted) {
        Tensor packed = new Primitive("vjp of smooth majorization sort", this::backward, SmoothMajorization::refuse)
                .apply(arguments[0], arguments[1], arguments[2], g);
        return new Tensor[] {
            packed.slice(-1, 0, n),
            packed.slice(-1, n, 2 * n),
            wanted[2] ? packed.slice(-1, 2 * n, 2 * n + 1).sum() : null
        };
    }

    /// Rows (..., 2 n + 1) of the cotangents of z, w and softness.
    private DenseTensor backward(DenseTensor... arguments) {
        double[] g = sorted(arguments[3].doubles(), zOrder);
        double[] dz = new double[rows * n];
        double[] dw = new double[rows * n];
        double[] dsoftness = new double[rows];
        ActiveKernels.get()
                .majorization()
                .vjp(rows, n, zSorted, wSorted, arguments[2].item(), solution, g, dz, dw, dsoftness);
        double[] ofZ = unsorted(dz, zOrder);
        double[] ofW = unsorted(dw, wOrder);
        int width = 2 * n + 1;
        double[] packed = new double[rows * width];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(ofZ, row * n, packed, row * width, n);
            System.arraycopy(ofW, row * n, packed, row * width + n, n);
            packed[row * width + 2 * n] = dsoftness[row];
        }
        int[] shape = arguments[0].shape();
        shape[shape.length - 1] = width;
        return DenseTensor.owning(shape, packed);
    }

    private static Tensor[] refuse(Tensor[] arguments, Tensor result, Tensor cotangent, boolean[] wanted) {
        throw new IllegalStateException("the smooth majorization sort has no second derivative (hvp, hessian and jvp"
                + " differentiate twice); use new Method.SoftSort() or new Method.NeuralSort(), which have them");
    }

    /// For each position of the descending order, the position that its entry has in the array; ties stay in
    /// order.
    private static int[] descending(DenseTensor x) {
        double[] places = HardOrder.argsort(x, Order.DESCENDING).doubles();
        int[] shape = x.shape();
        int n = shape[shape.length - 1];
        int[] order = new int[places.length];
        Arrays.setAll(order, i -> i - i % n + (int) places[i]);
        return order;
    }

    private static double[] sorted(double[] values, int[] order) {
        double[] sorted = new double[order.length];
        Arrays.setAll(sorted, i -> values[order[i]]);
        return sorted;
    }

    private static double[] unsorted(double[] sorted, int[] order) {
        double[] values = new double[order.length];
        for (int i = 0; i < order.length; i++) {
            values[order[i]] = sorted[i];
        }
        return values;
    }
}
