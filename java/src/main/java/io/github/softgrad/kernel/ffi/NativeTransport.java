package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.kernel.TransportKernels;
import io.github.softgrad.kernel.TransportProducts;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Optimal transport in C.
///
/// Solving takes far longer than copying, so matrices go through memory outside the heap, one at a time, by
/// ordinary calls, which hold up no other thread. The solver's memory and the matrices are separate blocks, so
/// that each is small enough to be kept for the next call.
final class NativeTransport implements TransportKernels {

    private static final TransportProducts PRODUCTS = new NativeTransportProducts();

    @Override
    public void plan(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] cost,
            double[] mu,
            double[] nu,
            double[] plan,
            Report report) {
        int size = TransportKernels.checkPlan(rows, n, m, cost, mu, nu, plan, report) / Math.max(rows, 1);
        inCalls(rows, size, n + m + 2L, size, n, m, (row, input, output, solver) -> {
            MemorySegment plans = output.doubles(size);
            MemorySegment iterations = input.doubles(1);
            MemorySegment residual = input.doubles(1);
            RowSlices.check(SoftgradHeader.softgrad_transport_f64(
                    NativeKernels.code(problem.regularizer()),
                    1,
                    n,
                    m,
                    input.copyOf(cost, row * size, size),
                    input.copyOf(mu, 0, n),
                    input.copyOf(nu, 0, m),
                    problem.softness(),
                    problem.tolerance(),
                    problem.maxIterations(),
                    problem.logarithms() ? 1 : 0,
                    plans,
                    iterations,
                    residual,
                    solver));
            write(plans, plan, row * size, size, iterations, residual, report, row);
        });
    }

    @Override
    public void planVjp(Problem problem, int rows, int n, int m, double[] plan, double[] g, double[] dcost) {
        int size = TransportKernels.checkPlanVjp(rows, n, m, plan, g, dcost) / Math.max(rows, 1);
        inCalls(rows, 2L * size, 0, size, n, m, (row, input, output, solver) -> {
            MemorySegment pulled = output.doubles(size);
            RowSlices.check(SoftgradHeader.softgrad_transport_vjp_f64(
                    NativeKernels.code(problem.regularizer()),
                    1,
                    n,
                    m,
                    input.copyOf(plan, row * size, size),
                    problem.softness(),
                    input.copyOf(g, row * size, size),
                    problem.logarithms() ? 1 : 0,
                    pulled,
                    solver));
            Scratch.copy(pulled, dcost, row * size, size);
        });
    }

    @Override
    public void line(
            Problem problem,
            int rows,
            int n,
            int m,
            double[] x,
            double[] anchors,
            double[] shares,
            double[] plan,
            Report report) {
        int size = TransportKernels.checkLine(rows, n, m, x, anchors, shares, plan, report) / Math.max(rows, 1);
        inCalls(rows, 0, n + 2L * m + 2, size, n, m, (row, input, output, solver) -> {
            MemorySegment plans = output.doubles(size);
            MemorySegment iterations = input.doubles(1);
            MemorySegment residual = input.doubles(1);
            RowSlices.check(SoftgradHeader.softgrad_transport_line_f64(
                    NativeKernels.code(problem.regularizer()),
                    1,
                    n,
                    m,
                    input.copyOf(x, row * n, n),
                    input.copyOf(anchors, 0, m),
                    input.copyOf(shares, 0, m),
                    problem.softness(),
                    problem.tolerance(),
                    problem.maxIterations(),
                    problem.logarithms() ? 1 : 0,
                    plans,
                    iterations,
                    residual,
                    solver));
            write(plans, plan, row * size, size, iterations, residual, report, row);
        });
    }

    @Override
    public void lineVjp(
            Problem problem, int rows, int n, int m, double[] anchors, double[] plan, double[] g, double[] dx) {
        int size = TransportKernels.checkLineVjp(rows, n, m, anchors, plan, g, dx) / Math.max(rows, 1);
        inCalls(rows, 2L * size, m, n, n, m, (row, input, output, solver) -> {
            MemorySegment pulled = output.doubles(n);
            RowSlices.check(SoftgradHeader.softgrad_transport_line_vjp_f64(
                    NativeKernels.code(problem.regularizer()),
                    1,
                    n,
                    m,
                    input.copyOf(anchors, 0, m),
                    input.copyOf(plan, row * size, size),
                    problem.softness(),
                    input.copyOf(g, row * size, size),
                    problem.logarithms() ? 1 : 0,
                    pulled,
                    solver));
            Scratch.copy(pulled, dx, row * n, n);
        });
    }

    @Override
    public Optional<TransportProducts> products() {
        return Optional.of(PRODUCTS);
    }

    private static void write(
            MemorySegment from,
            double[] plan,
            int at,
            int size,
            MemorySegment iterations,
            MemorySegment residual,
            Report report,
            int row) {
        Scratch.copy(from, plan, at, size);
        Scratch.copy(residual, report.residuals(), row, 1);
        MemorySegment.copy(iterations, ValueLayout.JAVA_LONG, 0, report.iterations(), row, 1);
    }

    /// One call on one matrix.
    @FunctionalInterface
    interface Call {
        void on(int row, Scratch input, Scratch output, MemorySegment solver);
    }

    static void inCalls(int rows, long matrices, long vectors, long results, long n, long m, Call call) {
        if (rows == 0 || n == 0 || m == 0) {
            return;
        }
        int parts = 8;
        Parallel.ranges(rows, 1, (row, next) -> {
            try (Scratch input = Scratch.ofDoubles(matrices + vectors, parts);
                    Scratch output = Scratch.ofDoubles(results, 2);
                    Scratch solver = Scratch.ofDoubles(2 * n * m + 40 * (n + m), 1)) {
                call.on((int) row, input, output, solver.doubles(2 * n * m + 40 * (n + m)));
            }
        });
    }
}
