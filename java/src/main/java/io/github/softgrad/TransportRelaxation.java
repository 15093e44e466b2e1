package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import io.github.softgrad.Transport.Anchors;
import io.github.softgrad.kernel.ActiveKernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Optimal transport to sorted anchors in [0, 1]: row j of the order is what the j-th anchor gets of the
/// entries.
///
/// Each operator has anchors of its own, so that only the places it asks for are kept apart; an anchor that
/// would get nothing is left out.
///
/// *Reference*: Cuturi, Teboul and Vert, Differentiable ranking and sorting using optimal transport, NeurIPS
/// 2019; arXiv 2603.08824, section 3.2.
final class TransportRelaxation implements Relaxation, ValueRelaxation {
    private final Settings settings;
    private final Method.Transport method;

    TransportRelaxation(Settings settings, Method.Transport method) {
        this.settings = settings;
        this.method = method;
    }

    /// Whether values and ranks need no plan.
    static boolean hasProducts() {
        return ActiveKernels.get().transport().products().isPresent();
    }

    /// The sums of a plan are right but for its tolerance, so a constant taken off the entries comes back
    /// whole; without it a common offset would cost digits.
    @Override
    public Tensor sort(Tensor rows, Order order) {
        Tensor x = Standardization.prepare(rows, settings);
        Tensor softness = settings.scalarSoftness();
        Tensor middle = Reduction.middle(rows);
        boolean gated = settings.gatedGradient;
        return transport()
                .valuesAt(
                        gated ? x : Autodiff.stopGradient(x),
                        rows.minus(middle),
                        anchors(rows.dim(-1), order),
                        gated ? softness : Autodiff.stopGradient(softness))
                .plus(middle);
    }

    private Transport transport() {
        return new Transport(settings.mode.regularizer(), method);
    }

    /// The rows (..., m, n) of the plan to anchors that get some mass.
    private Distribution to(Tensor rows, double[] places, double[] shares) {
        int[] filled =
                IntStream.range(0, shares.length).filter(j -> shares[j] > 0).toArray();
        MemoryLimit.requireRows(rows, filled.length);
        Anchors anchors = new Anchors(
                Arrays.stream(filled).mapToDouble(j -> places[j]).toArray(),
                Arrays.stream(filled).mapToDouble(j -> shares[j]).toArray());
        Tensor x = Standardization.prepare(rows, settings);
        Tensor softness = settings.scalarSoftness();
        Transport transport = transport();
        return new Distribution(
                () -> transport.line(x, anchors, softness),
                settings.mode == Mode.SMOOTH ? () -> transport.logLine(x, anchors, softness) : null);
    }

    @Override
    public Distribution largest(Tensor rows) {
        int n = rows.dim(-1);
        return to(rows, new double[] {0, 1}, new double[] {n - 1, 1}).row(n == 1 ? 0 : 1);
    }

    @Override
    public Distribution order(Tensor rows, Order order) {
        Anchors anchors = anchors(rows.dim(-1), order);
        return to(rows, anchors.places(), anchors.shares());
    }

    /// One for each of n places, at equal distances in [0, 1].
    private static Anchors anchors(int n, Order order) {
        double[] places = new double[n];
        Arrays.setAll(places, j -> n == 1 ? 0 : (order == Order.ASCENDING ? j : n - 1.0 - j) / (n - 1));
        double[] shares = new double[n];
        Arrays.fill(shares, 1);
        return new Anchors(places, shares);
    }

    @Override
    public Distribution top(Tensor rows, int k) {
        int n = rows.dim(-1);
        if (k == n) {
            return order(rows, Order.DESCENDING);
        }
        double[] places = new double[k + 1];
        Arrays.setAll(places, j -> (k - (double) j) / k);
        double[] shares = new double[k + 1];
        Arrays.fill(shares, 1);
        shares[k] = n - k;
        return to(rows, places, shares).map(p -> p.slice(-2, 0, k));
    }

    @Override
    public Distribution[] quantiles(Tensor rows, Place... places) {
        Distribution[] mixtures = new Distribution[places.length];
        Arrays.setAll(mixtures, i -> places[i].single() ? entry(rows, places[i]) : pair(rows, places[i]));
        return mixtures;
    }

    private Distribution entry(Tensor rows, Place place) {
        int below = place.index();
        double[] shares = {below, 1, rows.dim(-1) - below - 1};
        return to(rows, new double[] {0, 0.5, 1}, shares).row(below == 0 ? 0 : 1);
    }

    private Distribution pair(Tensor rows, Place place) {
        int n = rows.dim(-1);
        int below = place.index();
        int next = place.next(n);
        double[] shares = {below, 1, next - below, n - next - 1};
        Distribution both = to(rows, new double[] {0, 1.0 / 3, 2.0 / 3, 1}, shares);
        int row = below == 0 ? 0 : 1;
        return place.weight() == 0 ? both.row(row) : both.row(row).mix(both.row(row + 1), place.weight());
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        if (!hasProducts()) {
            return NeuralSortRelaxation.rankOf(order(rows, order).probabilities());
        }
        // Columns of the plan sum to 1 to its tolerance; what is missing is missing from the ranks too.
        int n = rows.dim(-1);
        double[] places = new double[n];
        Arrays.setAll(places, j -> j + 1.0);
        return transport()
                .sumsAt(Standardization.prepare(rows, settings), places, anchors(n, order), settings.scalarSoftness());
    }
}
