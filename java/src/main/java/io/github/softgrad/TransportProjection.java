package io.github.softgrad;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The public projection onto the transport polytope: checks its arguments, leaves out what has no mass, and
/// gives the solver the rest.
final class TransportProjection {
    private final Settings settings;
    private final Tensor cost;
    private final double[] mu;
    private final double[] nu;
    private final int[] rows;
    private final int[] columns;
    private final Transport transport;

    TransportProjection(Settings settings, Tensor cost, Tensor mu, Tensor nu) {
        Arguments.tensor(cost, "cost");
        Arguments.tensor(mu, "mu");
        Arguments.tensor(nu, "nu");
        if (settings.isHard()) {
            throw new IllegalArgumentException("mode HARD has no transport plan, as the optimum is not unique;"
                    + " use another mode with a small softness");
        }
        if (cost.rank() < 2
                || !Arrays.equals(mu.shape(), new int[] {cost.dim(-2)})
                || !Arrays.equals(nu.shape(), new int[] {cost.dim(-1)})) {
            throw new IllegalArgumentException("cost of shape " + Shapes.text(cost.shape()) + " with mu of shape "
                    + Shapes.text(mu.shape()) + " and nu of shape " + Shapes.text(nu.shape())
                    + "; expected (..., n, m), (n) and (m)");
        }
        settings.scalarSoftness();
        Shapes.requireEntries("projectTransport", cost.rank() - 2, cost.shape());
        Shapes.requireEntries("projectTransport", cost.rank() - 1, cost.shape());
        this.settings = settings;
        this.cost = cost;
        this.mu = shares("mu", mu);
        this.nu = shares("nu", nu);
        rows = filled(this.mu);
        columns = filled(this.nu);
        Method.Transport method = settings.method instanceof Method.Transport chosen ? chosen : new Method.Transport();
        transport = new Transport(settings.mode.regularizer(), method);
    }

    private static double[] shares(String name, Tensor masses) {
        double[] values = masses.toDoubles();
        for (double value : values) {
            Arguments.notNegative("each entry of " + name, value, "entries of 0 have no part in the plan");
        }
        double total = Arguments.positive(
                "the sum of " + name, Arrays.stream(values).sum(), "give one entry at least some mass");
        return Arrays.stream(values).map(value -> value / total).toArray();
    }

    private static int[] filled(double[] masses) {
        return IntStream.range(0, masses.length).filter(i -> masses[i] > 0).toArray();
    }

    private static double[] at(int[] places, double[] masses) {
        return Arrays.stream(places).mapToDouble(place -> masses[place]).toArray();
    }

    private Tensor filledCost() {
        Tensor wide = cost.toDType(DType.FLOAT64);
        Tensor some = rows.length < mu.length ? wide.take(rows, -2) : wide;
        return columns.length < nu.length ? some.take(columns, -1) : some;
    }

    /// The plan times n; zero where there is no mass.
    TransportPlan plan() {
        Tensor solved = transport.plan(filledCost(), at(rows, mu), at(columns, nu), settings.scalarSoftness());
        Tensor plan = spread(solved).times(mu.length).toDType(cost.dtype());
        var report = transport.report();
        return new TransportPlan(
                plan,
                LongStream.of(report.iterations()).max().orElse(0),
                Arrays.stream(report.residuals()).max().orElse(0));
    }

    /// The logarithm of the plan times n; minus infinity where there is none.
    Tensor logPlan() {
        if (settings.mode != Mode.SMOOTH) {
            return Distribution.of(plan().plan()).logProbabilities();
        }
        Tensor solved = transport.logPlan(filledCost(), at(rows, mu), at(columns, nu), settings.scalarSoftness());
        Tensor logarithms = spread(solved).plus(Math.log(mu.length));
        Tensor present =
                Tensor.of(mu).greater(0).expandDims(-1).times(Tensor.of(nu).greater(0));
        return Tensor.select(present, logarithms, Tensor.scalar(Double.NEGATIVE_INFINITY))
                .toDType(cost.dtype());
    }

    /// Rows and columns back at their places, zero in between.
    private Tensor spread(Tensor solved) {
        Tensor tall =
                rows.length < mu.length ? places(rows, mu.length).transpose().matmul(solved) : solved;
        return columns.length < nu.length ? tall.matmul(places(columns, nu.length)) : tall;
    }

    /// The one-hot rows of some places.
    private static Tensor places(int[] places, int n) {
        double[] entries = new double[places.length * n];
        for (int i = 0; i < places.length; i++) {
            entries[i * n + places[i]] = 1;
        }
        return Tensor.of(new int[] {places.length, n}, entries);
    }
}
