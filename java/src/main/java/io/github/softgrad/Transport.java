package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.TransportKernels;
import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;
import io.github.softgrad.kernel.TransportProducts;
import io.github.softgrad.kernel.TransportProducts.Line;

/// Regularized optimal transport as a differentiable operation: plans for any costs, and plans from points to
/// anchors on a line.
///
/// The derivative is that of the exact optimum. A plan depends on `cost / s` only, so by Euler's theorem the
/// cotangent of the softness is `-<dcost, cost> / s`; on a line, where costs change by a function of i plus one
/// of j when all points move, it is `-<dx, x> / s` with x from any origin.
///
/// *Reference*: arXiv 2603.08824, section 3.2.
final class Transport {
    private final Regularizer regularizer;
    private final Method.Transport method;
    private Report report;

    Transport(Regularizer regularizer, Method.Transport method) {
        this.regularizer = regularizer;
        this.method = method;
    }

    /// What the solver said about the last plans, one entry for each matrix.
    Report report() {
        return report;
    }

    // --- points to anchors ----------------------------------------------------------------------------------------

    /// Anchors on a line and how many points' mass each of them gets.
    record Anchors(double[] places, double[] shares) {}

    /// Rows (..., m, n) from points (..., n): how much each anchor gets of each point, where a point has mass
    /// 1.
    Tensor line(Tensor x, Anchors anchors, Tensor softness) {
        return new Primitive(
                        "transport to anchors",
                        at -> solveLine(at[0], anchors, at[1].item(), false),
                        (at, plan, g, wanted) -> pullLine(at, anchors, plan, g, false, wanted))
                .apply(x, softness);
    }

    /// The logarithms of [#line], which do not underflow; for the entropy.
    Tensor logLine(Tensor x, Anchors anchors, Tensor softness) {
        return new Primitive(
                        "logarithm of transport to anchors",
                        at -> solveLine(at[0], anchors, at[1].item(), true),
                        (at, logPlan, g, wanted) -> pullLine(at, anchors, logPlan.exp(), g, true, wanted))
                .apply(x, softness);
    }

    /// The sums (..., m) of the numbers v (..., n) of the points, weighted with the rows of [#line].
    Tensor valuesAt(Tensor x, Tensor v, Anchors anchors, Tensor softness) {
        TransportProducts products = kernels().products().orElse(null);
        return products == null
                ? line(x, anchors, softness).matmul(v.expandDims(-1)).squeeze(-1)
                : new Product(products, anchors, null).apply(x, v, softness);
    }

    /// The sums (..., n) of the numbers v of the anchors, weighted with the columns of [#line].
    Tensor sumsAt(Tensor x, double[] v, Anchors anchors, Tensor softness) {
        TransportProducts products = kernels().products().orElse(null);
        return products == null
                ? Tensor.of(v).matmul(line(x, anchors, softness))
                : new Product(products, anchors, v).apply(x, softness);
    }

    /// One product with a plan and what it leaves for its derivative.
    private final class Product {
        private final TransportProducts products;
        private final Anchors anchors;

        /// The numbers of the anchors, null where the points have numbers.
        private final double[] ofAnchors;

        private double[] state;

        Product(TransportProducts products, Anchors anchors, double[] ofAnchors) {
            this.products = products;
            this.anchors = anchors;
            this.ofAnchors = ofAnchors;
        }

        /// Of points, numbers of the points if they have them, and softness.
        Tensor apply(Tensor... arguments) {
            return new Primitive("product with a transport plan", this::forward, this::pull).apply(arguments);
        }

        private Line lineOf(Tensor points) {
            double[] x = ((DenseTensor) points).doubles();
            int n = points.dim(-1);
            return new Line(
                    x.length / n, n, anchors.places.length, x, anchors.places, anchors.shares, ofAnchors != null);
        }

        private double[] numbers(Tensor[] at) {
            return ofAnchors != null ? ofAnchors : ((DenseTensor) at[1]).doubles();
        }

        private DenseTensor forward(DenseTensor[] at) {
            Line line = lineOf(at[0]);
            double[] y = new double[line.rows() * line.resultsPerRow()];
            state = new double[line.rows() * (line.m() + 1)];
            report = Report.of(line.rows());
            products.apply(problem(at[at.length - 1].item(), false), line, numbers(at), y, state, report);
            requireConvergence();
            int[] shape = at[0].shape();
            return DenseTensor.owning(Shapes.with(shape, shape.length - 1, line.resultsPerRow()), y);
        }

        private Tensor[] pull(Tensor[] at, Tensor y, Tensor g, boolean[] wanted) {
            if (!DenseTensor.are(at) || !DenseTensor.are(g)) {
                return refuse(at, y, g, wanted);
            }
            Line line = lineOf(at[0]);
            Tensor softness = at[at.length - 1];
            DenseTensor dx = DenseTensor.unset(DType.FLOAT64, at[0].shape());
            DenseTensor dv = DenseTensor.unset(DType.FLOAT64, ofAnchors != null ? new int[] {0} : at[0].shape());
            double[] cotangent = ((DenseTensor) g).doubles();
            Problem problem = problem(softness.item(), false);
            products.vjp(problem, line, numbers(at), state, cotangent, dx.doubles(), dv.doubles());
            Tensor ofSoftness = wanted[at.length - 1] ? euler(dx, at[0].minus(origins(at[0], dx)), softness) : null;
            return ofAnchors != null ? new Tensor[] {dx, ofSoftness} : new Tensor[] {dx, dv, ofSoftness};
        }
    }

    private DenseTensor solveLine(DenseTensor x, Anchors anchors, double softness, boolean logarithms) {
        int n = x.dim(-1);
        int m = anchors.places.length;
        int rows = x.size() / n;
        double[] plan = new double[rows * m * n];
        report = Report.of(rows);
        Problem problem = problem(softness, logarithms);
        kernels().line(problem, rows, n, m, x.doubles(), anchors.places, anchors.shares, plan, report);
        requireConvergence();
        int[] shape = Shapes.insert(x.shape(), x.rank() - 1, m);
        return DenseTensor.owning(shape, plan);
    }

    private Tensor[] pullLine(
            Tensor[] at, Anchors anchors, Tensor plan, Tensor g, boolean logarithms, boolean[] wanted) {
        Tensor x = at[0];
        Tensor softness = at[1];
        Tensor dx = new Primitive(
                        "vjp of transport to anchors",
                        inner -> {
                            int[] shape = inner[0].shape();
                            int n = shape[shape.length - 1];
                            int m = anchors.places.length;
                            int rows = inner[0].size() / (n * m);
                            double[] pulled = new double[rows * n];
                            Problem problem = problem(inner[2].item(), logarithms);
                            double[] given = inner[0].doubles();
                            kernels().lineVjp(problem, rows, n, m, anchors.places, given, inner[1].doubles(), pulled);
                            return DenseTensor.owning(x.shape(), pulled);
                        },
                        Transport::refuse)
                .apply(plan, g, softness);
        return new Tensor[] {dx, wanted[1] ? euler(dx, x.minus(origins(x, dx)), softness) : null};
    }

    /// For each line the point with the largest cotangent, so that the others are multiplied with short
    /// distances.
    private static Tensor origins(Tensor x, Tensor dx) {
        double[] points = x.toDoubles();
        double[] cotangents = dx.toDoubles();
        int n = x.dim(-1);
        double[] origins = new double[points.length / n];
        for (int row = 0; row < origins.length; row++) {
            int largest = row * n;
            for (int i = row * n; i < (row + 1) * n; i++) {
                largest = Math.abs(cotangents[i]) > Math.abs(cotangents[largest]) ? i : largest;
            }
            origins[row] = points[largest];
        }
        return Tensor.of(Shapes.with(x.shape(), x.rank() - 1, 1), origins);
    }

    // --- any costs ------------------------------------------------------------------------------------------------

    /// The plans (..., n, m) for costs (..., n, m), row sums mu (n) and column sums nu (m), all above zero.
    Tensor plan(Tensor cost, double[] mu, double[] nu, Tensor softness) {
        return new Primitive(
                        "transport plan",
                        at -> solve(at[0], mu, nu, at[1].item(), false),
                        (at, plan, g, wanted) -> pull(at, plan, g, false, wanted))
                .apply(cost, softness);
    }

    /// The logarithms of [#plan], which do not underflow; for the entropy.
    Tensor logPlan(Tensor cost, double[] mu, double[] nu, Tensor softness) {
        return new Primitive(
                        "logarithm of transport plan",
                        at -> solve(at[0], mu, nu, at[1].item(), true),
                        (at, logPlan, g, wanted) -> pull(at, logPlan.exp(), g, true, wanted))
                .apply(cost, softness);
    }

    private DenseTensor solve(DenseTensor cost, double[] mu, double[] nu, double softness, boolean logarithms) {
        int rows = cost.size() / (mu.length * nu.length);
        double[] plan = new double[cost.size()];
        report = Report.of(rows);
        kernels().plan(problem(softness, logarithms), rows, mu.length, nu.length, cost.doubles(), mu, nu, plan, report);
        requireConvergence();
        return DenseTensor.owning(cost.shape(), plan);
    }

    private Tensor[] pull(Tensor[] at, Tensor plan, Tensor g, boolean logarithms, boolean[] wanted) {
        Tensor cost = at[0];
        Tensor softness = at[1];
        Tensor dcost = new Primitive(
                        "vjp of transport plan",
                        inner -> {
                            int[] shape = inner[0].shape();
                            int n = shape[shape.length - 2];
                            int m = shape[shape.length - 1];
                            double[] pulled = new double[inner[0].size()];
                            Problem problem = problem(inner[2].item(), logarithms);
                            kernels()
                                    .planVjp(
                                            problem,
                                            inner[0].size() / (n * m),
                                            n,
                                            m,
                                            inner[0].doubles(),
                                            inner[1].doubles(),
                                            pulled);
                            return DenseTensor.owning(shape, pulled);
                        },
                        Transport::refuse)
                .apply(plan, g, softness);
        return new Tensor[] {dcost, wanted[1] ? euler(dcost, reduced(cost), softness) : null};
    }

    /// The costs above the least of each row, then of each column: plans do not see the difference.
    private static Tensor reduced(Tensor cost) {
        Tensor rows = cost.minus(Autodiff.stopGradient(cost.min(-1, true)));
        return rows.minus(Autodiff.stopGradient(rows.min(-2, true)));
    }

    // --- both -----------------------------------------------------------------------------------------------------

    /// `-<cotangent, from> / s`. Terms beyond what a double can hold, as raw entries of 1e150 and more make
    /// them, stand at its end, so that none of them meets its opposite.
    private static Tensor euler(Tensor cotangent, Tensor from, Tensor softness) {
        Tensor reached = Tensor.select(cotangent.notEqual(0), from, from.zerosLike());
        double largest = 1e300 / from.size();
        Tensor terms = cotangent.times(reached).maximum(-largest).minimum(largest);
        return terms.sum().div(softness).unaryMinus();
    }

    private Problem problem(double softness, boolean logarithms) {
        return new Problem(regularizer, softness, method.tolerance(), method.maxIterations(), logarithms);
    }

    private static TransportKernels kernels() {
        return ActiveKernels.get().transport();
    }

    private void requireConvergence() {
        for (int row = 0; row < report.residuals().length; row++) {
            if (!(report.residuals()[row] <= method.tolerance())) {
                throw new ConvergenceException(
                        "the transport plan of row " + row,
                        report.iterations()[row],
                        report.residuals()[row],
                        "use a larger softness, or new Method.Transport(tolerance, maxIterations) with a larger"
                                + " tolerance or more iterations");
            }
        }
    }

    private static Tensor[] refuse(Tensor[] arguments, Tensor result, Tensor cotangent, boolean[] wanted) {
        throw new IllegalStateException("optimal transport has no second derivative (hvp, hessian and jvp differentiate"
                + " twice); use new Method.SoftSort() or new Method.NeuralSort(), which have them");
    }
}
