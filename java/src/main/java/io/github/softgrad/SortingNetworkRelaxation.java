package io.github.softgrad;

import io.github.softgrad.Method.SortingNetwork.Padding;
import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;
import java.util.function.Supplier;

/// The soft sorting network: values go through it themselves, and only an index asks for rows of the soft
/// permutation.
///
/// Rows of the permutation are unit vectors through the transposed network, so that a few of them need no n x n
/// matrix; ranks are two vectors. Padded places are dropped, and what mass a row keeps is normalised.
///
/// *Reference*: Petersen et al., Differentiable sorting networks, ICML 2021; arXiv 2603.08824, section 4.
final class SortingNetworkRelaxation implements Relaxation, ValueRelaxation {
    /// Rows and columns of the soft permutation are divided by at least this sum.
    private static final double SMALLEST_SUM = 1e-10;

    private final Settings settings;
    private final Padding padding;
    private final SoftNetwork network;

    SortingNetworkRelaxation(Settings settings, Padding padding) {
        this.settings = settings;
        this.padding = padding;
        network = new SoftNetwork(settings.mode.curve(Transition.SMOOTHSTEP));
    }

    // --- values ---------------------------------------------------------------------------------------------------

    @Override
    public Tensor sort(Tensor rows, Order order) {
        if (!settings.standardize) {
            return inOrder(sorted(rows), order);
        }
        Standardization.Squashed squashed = Standardization.squashed(rows);
        return inOrder(squashed.restore(sorted(squashed.values())), order);
    }

    private Tensor sorted(Tensor x) {
        return network.sort(padded(x), settings.scalarSoftness()).slice(-1, 0, x.dim(-1));
    }

    private static Tensor inOrder(Tensor ascending, Order order) {
        return order == Order.ASCENDING ? ascending : ascending.flip(-1);
    }

    /// `rank_i = sum_j j P_ji / sum_j P_ji`, the rows j of P normalised: both sums are vectors through the
    /// transposed network, and the masses of the rows are one through the network.
    @Override
    public Tensor rank(Tensor rows, Order order) {
        Tensor x = Standardization.prepare(rows, settings);
        Tensor keys = padded(x);
        int n = x.dim(-1);
        int pads = keys.dim(-1) - n;
        Tensor isEntry =
                Tensor.concatenate(0, Tensor.ones(n), Tensor.zeros(pads)).expandDims(0);
        Tensor masses = network.apply(keys, settings.scalarSoftness(), isEntry)
                .squeeze(-2)
                .slice(-1, 0, n);
        Tensor shares = masses.maximum(SMALLEST_SUM).reciprocal();
        Tensor places = inOrder(Relaxation.ranks(n), order);
        Tensor sums = Tensor.stack(-2, places.times(shares), shares);
        Tensor padding = Tensor.zeros(Shapes.with(sums.shape(), sums.rank() - 1, pads));
        Tensor ofColumns =
                network.applyTransposed(keys, settings.scalarSoftness(), Tensor.concatenate(-1, sums, padding));
        Tensor entries = ofColumns.slice(-1, 0, n);
        return row(entries, 0).div(row(entries, 1).maximum(SMALLEST_SUM));
    }

    private static Tensor row(Tensor rows, int place) {
        return rows.slice(-2, place, place + 1).squeeze(-2);
    }

    // --- index ----------------------------------------------------------------------------------------------------

    @Override
    public Distribution largest(Tensor rows) {
        return at(rows, rows.dim(-1) - 1).row(0);
    }

    @Override
    public Distribution top(Tensor rows, int k) {
        return at(rows, ScoreRelaxation.places(rows.dim(-1), k, Order.DESCENDING));
    }

    @Override
    public Distribution[] quantiles(Tensor rows, Place... places) {
        return at(rows, Place.neighbours(places, rows.dim(-1))).mixtures(places);
    }

    /// Unit vectors through the network are columns, which costs less than as many rows: they are zero at
    /// first.
    @Override
    public Distribution order(Tensor rows, Order order) {
        return whenAsked(() -> {
            MemoryLimit.requireRows(rows, rows.dim(-1));
            Tensor keys = padded(Standardization.prepare(rows, settings));
            int n = rows.dim(-1);
            Tensor entries = HardOrder.oneHot(Tensor.range(n), keys.dim(-1));
            Tensor columns = network.apply(keys, settings.scalarSoftness(), entries);
            Tensor ascending = normalised(columns.slice(-1, 0, n).swapAxes(-1, -2));
            return order == Order.ASCENDING ? ascending : ascending.flip(-2);
        });
    }

    /// The rows (..., k, n) of the soft permutation at the given places.
    private Distribution at(Tensor rows, int... places) {
        return whenAsked(() -> {
            MemoryLimit.requireRows(rows, places.length);
            Tensor keys = padded(Standardization.prepare(rows, settings));
            Tensor chosen = Tensor.of(Arrays.stream(places).asDoubleStream().toArray());
            Tensor all =
                    network.applyTransposed(keys, settings.scalarSoftness(), HardOrder.oneHot(chosen, keys.dim(-1)));
            return normalised(all.slice(-1, 0, rows.dim(-1)));
        });
    }

    private static Tensor normalised(Tensor rows) {
        return rows.div(rows.sum(-1, true).maximum(SMALLEST_SUM));
    }

    /// Values need no index, so an index that nobody reads is not computed.
    private static Distribution whenAsked(Supplier<Tensor> probabilities) {
        return new Distribution(probabilities, null);
    }

    // --- padding --------------------------------------------------------------------------------------------------

    /// Rows as long as the network is wide; kernels treat any length as if padded with infinity.
    private Tensor padded(Tensor x) {
        int n = x.dim(-1);
        int width = n <= 2 ? 2 : Integer.highestOneBit(n - 1) * 2;
        if (padding == Padding.INFINITE || width == n) {
            return x;
        }
        Tensor pad = settings.standardize ? Tensor.ones(1) : x.max(-1, true).plus(1);
        return Tensor.concatenate(-1, x, pad.broadcastTo(Shapes.with(x.shape(), x.rank() - 1, width - n)));
    }
}
