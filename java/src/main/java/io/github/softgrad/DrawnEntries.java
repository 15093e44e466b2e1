package io.github.softgrad;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/// The entries of values at drawn places: the entries themselves under hard draws, means under soft ones.
final class DrawnEntries {
    private DrawnEntries() {}

    /// The entries (..., k, d) of values (..., n, d) at distributions (..., k, n).
    static Tensor under(Settings settings, Tensor values, Distribution drawn) {
        Tensor probabilities = drawn.probabilities();
        if (settings.isHard()) {
            return at(values, probabilities.matmul(Tensor.range(probabilities.dim(-1))));
        }
        return (settings.gatedGradient ? probabilities : Autodiff.stopGradient(probabilities)).matmul(values);
    }

    /// The entries of values (..., n, d) in the order of their scores (..., n), largest first.
    static Tensor ordered(Settings settings, Tensor values, Tensor scores) {
        return settings.isHard()
                ? at(values, HardOrder.argsort(scores, Order.DESCENDING))
                : under(settings, values, order(settings, scores));
    }

    /// The distributions (..., n, n) of the order of scores (..., n), largest first.
    static Distribution order(Settings settings, Tensor scores) {
        return scores.size() == 0
                ? Distribution.of(Tensor.zeros(Shapes.insert(scores.shape(), scores.rank(), scores.dim(-1))))
                : Relaxations.index(settings, new Method.NeuralSort()).order(scores, Order.DESCENDING);
    }

    /// The entries of values (..., n, d) at whole-number places (..., k).
    private static Tensor at(Tensor values, Tensor places) {
        int[] shape = values.shape();
        int[] wanted = Shapes.with(shape, shape.length - 2, places.dim(-1));
        return values.takeAlongAxis(places.expandDims(-1).broadcastTo(wanted), -2);
    }

    /// Reads an axis at places that are the same for every line; the axes of the draws stand in its place.
    ///
    /// @param draws the shape of the draws
    /// @param reading from a table (n, d), one column for each line, to (k, d) with k draws
    static Tensor alongAxis(Tensor values, int axis, int[] draws, UnaryOperator<Tensor> reading) {
        int[] shape = values.shape();
        int at = Shapes.axis(axis, shape);
        int[] lines = Shapes.without(shape, at);
        Tensor table = values.moveAxis(at, 0).reshape(shape[at], Shapes.size(lines));
        int[] full = Arrays.copyOf(draws, draws.length + lines.length);
        System.arraycopy(lines, 0, full, draws.length, lines.length);
        return reading.apply(table.toDType(DType.FLOAT64))
                .reshape(full)
                .transpose(drawsBehind(at, draws.length, full.length))
                .toDType(values.dtype());
    }

    /// The order of axes that moves the first `count` of them behind the `before` next ones.
    private static int[] drawsBehind(int before, int count, int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> i < before ? count + i : i < before + count ? i - before : i);
        return axes;
    }
}
