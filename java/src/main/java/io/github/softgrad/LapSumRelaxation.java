package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;

/// LapSum: every entry is a Laplace distribution around itself; thresholds cut the sum of their distribution
/// functions at 1, 2, ..., n-1, and the j-th row is what lies between two neighbouring thresholds.
///
/// Rows and columns sum to 1. Values and ranks are computed in linear time after sorting, without the matrix.
///
/// *Reference*: Struski et al., LapSum, arXiv 2503.06242, sections 3 and 4.
final class LapSumRelaxation implements Relaxation, ValueRelaxation {
    /// So many softnesses away a distribution function is 0 or 1 exactly; stands for infinity where that would
    /// make NaN.
    private static final double FAR = 800;

    /// Two entries this many softnesses apart share less than 1e-40 of their mass.
    private static final double CLOSE = 100;

    private final Settings settings;

    LapSumRelaxation(Settings settings) {
        settings.requireSmooth("LapSum");
        this.settings = settings;
    }

    /// Prepared rows in ascending order with their permutation.
    private record Ascending(Tensor points, DenseTensor permutation) {}

    private Ascending ascending(Tensor prepared) {
        DenseTensor permutation = HardOrder.argsort(prepared, Order.ASCENDING);
        Tensor sorted = prepared.takeAlongAxis(permutation, -1);
        Tensor constant = Autodiff.stopGradient(sorted);
        return new Ascending(sorted.minus(constant).plus(compacted(constant)), permutation);
    }

    /// The sorted rows from 0 on, with gaps of more than [#CLOSE] softnesses cut to that. What is so far apart
    /// does not feel each other, and without large numbers a threshold keeps its digits however small the
    /// softness is.
    private Tensor compacted(Tensor sorted) {
        double[] x = sorted.toDoubles();
        double[] places = new double[x.length];
        double longest = CLOSE * settings.scalarSoftness().item();
        int n = sorted.dim(-1);
        for (int i = 0; i < x.length; i++) {
            double gap = i % n == 0 ? x[i] - x[i] : x[i] - x[i - 1];
            places[i] = i % n == 0 ? gap : places[i - 1] + (gap > longest ? longest : gap);
        }
        return Tensor.of(sorted.shape(), places);
    }

    private Tensor prepared(Tensor rows) {
        return Standardization.prepare(rows, settings);
    }

    // --- values in linear time --------------------------------------------------------------------------------------

    @Override
    public Tensor sort(Tensor rows, Order order) {
        if (rows.dim(-1) == 1) {
            return rows;
        }
        Tensor x = prepared(rows);
        Ascending sorted = ascending(settings.gatedGradient ? x : Autodiff.stopGradient(x));
        Tensor softness =
                settings.gatedGradient ? settings.scalarSoftness() : Autodiff.stopGradient(settings.scalarSoftness());
        Tensor values = rows.takeAlongAxis(sorted.permutation(), -1);
        Tensor middle = Reduction.middle(values);
        Tensor centered = values.minus(middle);
        Tensor thresholds = LaplaceSums.thresholds(sorted.points(), softness);
        Tensor below = LaplaceSums.weighted(sorted.points(), centered, thresholds, softness);
        Tensor upTo = Tensor.concatenate(-1, below, centered.sum(-1, true));
        Tensor from = Tensor.concatenate(-1, below.slice(-1, 0, 1).zerosLike(), below);
        Tensor ascending = upTo.minus(from).plus(middle);
        return order == Order.ASCENDING ? ascending : ascending.flip(-1);
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        int n = rows.dim(-1);
        if (n == 1) {
            return rows.onesLike();
        }
        Ascending sorted = ascending(prepared(rows));
        Tensor thresholds = LaplaceSums.thresholds(sorted.points(), settings.scalarSoftness());
        Tensor passed =
                LaplaceSums.weighted(thresholds, thresholds.onesLike(), sorted.points(), settings.scalarSoftness());
        Tensor ascending = passed.plus(1).takeAlongAxis(HardOrder.inverse(sorted.permutation()), -1);
        return order == Order.ASCENDING ? ascending : ascending.unaryMinus().plus(n + 1);
    }

    // --- the index --------------------------------------------------------------------------------------------------

    /// The distributions (..., k, n) of the entries at the given places of the ascending order.
    private Distribution at(Tensor rows, int[] places) {
        MemoryLimit.requireRows(rows, places.length);
        return Distribution.of(rowsAt(prepared(rows), places));
    }

    private Tensor rowsAt(Tensor x, int[] places) {
        int n = x.dim(-1);
        if (n == 1) {
            return Tensor.ones(Shapes.insert(x.shape(), x.rank() - 1, places.length));
        }
        Tensor softness = settings.scalarSoftness();
        Ascending sorted = ascending(x);
        Tensor points = sorted.points();
        Tensor unsorted = points.takeAlongAxis(HardOrder.inverse(sorted.permutation()), -1);
        Tensor far = Autodiff.stopGradient(softness).times(FAR);
        Tensor first = Autodiff.stopGradient(points.slice(-1, 0, 1)).minus(far);
        Tensor last = Autodiff.stopGradient(points.slice(-1, n - 1, n)).plus(far);
        Tensor cuts = Tensor.concatenate(-1, first, LaplaceSums.thresholds(points, softness), last);
        int[] next = Arrays.stream(places).map(place -> place + 1).toArray();
        return between(
                distances(cuts.take(places, -1), unsorted, softness),
                distances(cuts.take(next, -1), unsorted, softness));
    }

    private static Tensor distances(Tensor cuts, Tensor x, Tensor softness) {
        return cuts.expandDims(-1).minus(x.expandDims(-2)).div(softness);
    }

    /// `F(high) - F(low)` from the tails on either side, so that nothing near 1 cancels.
    private static Tensor between(Tensor low, Tensor high) {
        Tensor lowTail = low.abs().unaryMinus().exp().times(0.5);
        Tensor highTail = high.abs().unaryMinus().exp().times(0.5);
        Tensor middle = lowTail.plus(highTail).unaryMinus().plus(1);
        Tensor outer = Tensor.select(low.greaterEqual(0), lowTail.minus(highTail), highTail.minus(lowTail));
        Tensor straddles = low.less(0).times(high.greater(0));
        return Tensor.select(straddles, middle, outer).maximum(0);
    }

    @Override
    public Distribution largest(Tensor rows) {
        return top(rows, 1).row(0);
    }

    @Override
    public Distribution order(Tensor rows, Order order) {
        int n = rows.dim(-1);
        return at(rows, ScoreRelaxation.places(n, n, order));
    }

    @Override
    public Distribution top(Tensor rows, int k) {
        return at(rows, ScoreRelaxation.places(rows.dim(-1), k, Order.DESCENDING));
    }

    @Override
    public Distribution[] quantiles(Tensor rows, Place... places) {
        return at(rows, Place.neighbours(places, rows.dim(-1))).mixtures(places);
    }
}
