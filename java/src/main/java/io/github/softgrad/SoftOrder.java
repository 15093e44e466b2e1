package io.github.softgrad;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.OrderKernels;
import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.OrderTask.Result;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BiFunction;

/// Soft orders of rows as differentiable operations: one kernel forward and one backward, from the rows as
/// given to the result.
///
/// Each comes with its definition in tensor operations, a function of settings and rows. A backend without
/// these kernels computes the definition, and derivatives of second order and more differentiate it.
final class SoftOrder {
    private final Settings settings;
    private final OrderMethod method;
    private final Result result;
    private final Order order;
    private final int first;
    private final int count;

    /// The places `first` to `first + count - 1` of an order, for ranks and whole orders all of them.
    SoftOrder(Settings settings, OrderMethod method, Result result, Order order, int first, int count) {
        this.settings = settings;
        this.method = method;
        this.result = result;
        this.order = order;
        this.first = first;
        this.count = count;
    }

    /// Whether the backend has kernels for soft orders.
    static boolean isFused() {
        return ActiveKernels.get().order().isPresent();
    }

    /// The result (..., count), for an index (..., count, n), of rows (..., n).
    Tensor apply(Tensor rows, BiFunction<Settings, Tensor, Tensor> definition) {
        OrderKernels kernels = ActiveKernels.get().order().orElse(null);
        if (kernels == null) {
            return definition.apply(settings, rows);
        }
        Tensor softness = settings.scalarSoftness();
        boolean recorded = rows instanceof TracedTensor || softness instanceof TracedTensor;
        Run run = new Run(kernels, recorded);
        Primitive.Rule higher = Primitive.differentiating(at -> definition
                .apply(settings.with(changed -> changed.softness = at[1]), at[0].toDType(DType.FLOAT64))
                .toDType(rows.dtype()));
        return new Primitive(
                        "soft order",
                        run::forward,
                        (arguments, y, g, wanted) -> DenseTensor.are(arguments[0], arguments[1], y, g)
                                ? run.pull((DenseTensor) arguments[0], (DenseTensor) y, (DenseTensor) g, wanted)
                                : higher.cotangents(arguments, y, g, wanted))
                .apply(rows, softness);
    }

    /// One forward computation and what it leaves for its products.
    private final class Run {
        private final OrderKernels kernels;
        private final boolean recorded;
        private OrderTask task;
        private OrderKernels.Residuals residuals;

        Run(OrderKernels kernels, boolean recorded) {
            this.kernels = kernels;
            this.recorded = recorded;
        }

        DenseTensor forward(DenseTensor[] arguments) {
            DenseTensor x = arguments[0];
            int[] shape = x.shape();
            int n = shape[shape.length - 1];
            task = task(Shapes.size(shape) / n, n, arguments[1].item(), x.dtype());
            residuals = recorded ? kernels.residuals(task) : null;
            int[] shapeOfResult = Shapes.with(shape, shape.length - 1, count);
            if (result == Result.INDEX) {
                shapeOfResult = Shapes.insert(shapeOfResult, shape.length, n);
            }
            DenseTensor y = DenseTensor.unset(x.dtype(), shapeOfResult);
            kernels.apply(task, x.segment(), y.segment(), residuals);
            return y;
        }

        private OrderTask task(int rows, int n, double softness, DType dtype) {
            return new OrderTask(
                    method,
                    settings.mode.regularizer(),
                    result,
                    settings.standardize,
                    order == Order.DESCENDING,
                    settings.gatedGradient || method == OrderMethod.FAST_SOFT_SORT,
                    rows,
                    n,
                    first,
                    count,
                    softness,
                    dtype == DType.FLOAT32 ? Float.BYTES : Double.BYTES);
        }

        Tensor[] pull(DenseTensor x, DenseTensor y, DenseTensor g, boolean[] wanted) {
            DenseTensor dx = DenseTensor.unset(x.dtype(), x.shape());
            double[] dsoftness = new double[task.rows()];
            MemorySegment segment = y.segment();
            kernels.vjp(task, x.segment(), segment, residuals, g.segment(), dx.segment(), dsoftness);
            return new Tensor[] {
                dx, wanted[1] ? Tensor.scalar(Arrays.stream(dsoftness).sum()) : null
            };
        }
    }
}
