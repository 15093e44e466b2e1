package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.KernelArguments;
import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;
import io.github.softgrad.kernel.TransportProducts;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Products with plans in C, passed row by row like the plans of [NativeTransport].
final class NativeTransportProducts implements TransportProducts {

    @Override
    public void apply(Problem problem, Line line, double[] v, double[] y, double[] state, Report report) {
        int n = line.n();
        int m = line.m();
        int results = line.resultsPerRow();
        KernelArguments.requireLength("v", v.length, line.given());
        KernelArguments.requireLength("y", y.length, line.rows() * results);
        KernelArguments.requireLength("state", state.length, line.rows() * (m + 1));
        NativeTransport.inCalls(
                line.rows(), 0, 2L * n + 3L * m + 2, results + m + 1L, n, m, (row, input, output, solver) -> {
                    MemorySegment product = output.doubles(results);
                    MemorySegment kept = output.doubles(m + 1L);
                    MemorySegment iterations = input.doubles(1);
                    MemorySegment residual = input.doubles(1);
                    RowSlices.check(SoftgradHeader.softgrad_transport_line_apply_f64(
                            NativeKernels.code(problem.regularizer()),
                            1,
                            n,
                            m,
                            input.copyOf(line.x(), row * n, n),
                            input.copyOf(line.anchors(), 0, m),
                            input.copyOf(line.shares(), 0, m),
                            problem.softness(),
                            problem.tolerance(),
                            problem.maxIterations(),
                            line.toPoints() ? 1 : 0,
                            vectorOf(input, line, v, row),
                            product,
                            kept,
                            iterations,
                            residual,
                            solver));
                    Scratch.copy(product, y, row * results, results);
                    Scratch.copy(kept, state, row * (m + 1), m + 1);
                    Scratch.copy(residual, report.residuals(), row, 1);
                    MemorySegment.copy(iterations, ValueLayout.JAVA_LONG, 0, report.iterations(), row, 1);
                });
    }

    @Override
    public void vjp(Problem problem, Line line, double[] v, double[] state, double[] g, double[] dx, double[] dv) {
        int n = line.n();
        int m = line.m();
        int results = line.resultsPerRow();
        KernelArguments.requireLength("v", v.length, line.given());
        KernelArguments.requireLength("state", state.length, line.rows() * (m + 1));
        KernelArguments.requireLength("g", g.length, line.rows() * results);
        KernelArguments.requireLength("dx", dx.length, line.rows() * n);
        KernelArguments.requireLength("dv", dv.length, line.toPoints() ? 0 : line.rows() * n);
        NativeTransport.inCalls(
                line.rows(), 0, 2L * n + 4L * m + 1 + results, 2L * n, n, m, (row, input, output, solver) -> {
                    MemorySegment ofPoints = output.doubles(n);
                    MemorySegment ofVector = output.doubles(n);
                    RowSlices.check(SoftgradHeader.softgrad_transport_line_apply_vjp_f64(
                            NativeKernels.code(problem.regularizer()),
                            1,
                            n,
                            m,
                            input.copyOf(line.x(), row * n, n),
                            input.copyOf(line.anchors(), 0, m),
                            input.copyOf(line.shares(), 0, m),
                            problem.softness(),
                            line.toPoints() ? 1 : 0,
                            vectorOf(input, line, v, row),
                            input.copyOf(state, row * (m + 1), m + 1),
                            input.copyOf(g, row * results, results),
                            ofPoints,
                            ofVector,
                            solver));
                    Scratch.copy(ofPoints, dx, row * n, n);
                    if (!line.toPoints()) {
                        Scratch.copy(ofVector, dv, row * n, n);
                    }
                });
    }

    private static MemorySegment vectorOf(Scratch input, Line line, double[] v, int row) {
        return line.toPoints() ? input.copyOf(v, 0, line.m()) : input.copyOf(v, row * line.n(), line.n());
    }
}
