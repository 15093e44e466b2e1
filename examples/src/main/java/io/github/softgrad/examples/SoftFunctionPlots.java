package io.github.softgrad.examples;

import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiFunction;
import org.knowm.xchart.XYChart;

/// Pictures of the soft functions in every mode beside the hard ones.
final class SoftFunctionPlots {
    private static final int POINTS = 1001;

    private SoftFunctionPlots() {}

    private interface Operator extends BiFunction<Soft, Tensor, Tensor> {}

    static void write(Path directory) throws IOException {
        Plots.save(
                directory,
                "soft-functions",
                3,
                modes("relu", 0.2, 1.5, Soft::relu),
                modes("abs", 0.2, 1.5, Soft::abs),
                modes("clip to [-1, 1]", 0.2, 2.5, (soft, x) -> soft.clip(x, -1, 1)),
                modes("heaviside", 0.2, 1.5, Soft::heaviside),
                modes("sign", 0.2, 1.5, Soft::sign),
                modes("round", 0.07, 2.5, Soft::round));
        Plots.save(
                directory,
                "soft-sort",
                2,
                sortedNumbers(Soft.smooth().softness(0.1)),
                modes("rank of x in (-1, x, 1)", 0.1, 3, SoftFunctionPlots::rankOfMiddle));
    }

    /// One function in all modes.
    private static XYChart modes(String name, double softness, double reach, Operator operator) {
        String title = String.format(Locale.ROOT, "%s, softness %s", name, softness);
        XYChart chart = Plots.chart(title, "x", "");
        Tensor x = points(reach);
        for (Mode mode : Mode.values()) {
            Soft soft = Soft.smooth().softness(softness).mode(mode);
            double[] y = operator.apply(soft, x).toDoubles();
            Plots.line(chart, mode.name().toLowerCase(Locale.ROOT), x.toDoubles(), y, color(mode));
        }
        return chart;
    }

    /// Numbers from -reach to reach, twice as dense in the middle as on average. Equally spaced ones would
    /// become the ticks of the axis, however odd.
    private static Tensor points(double reach) {
        Tensor u = Tensor.linspace(-1, 1, POINTS);
        return u.plus(u.pow(3)).times(reach / 2);
    }

    private static Color color(Mode mode) {
        return switch (mode) {
            case HARD -> Plots.GREY;
            case SMOOTH -> Plots.BLUE;
            case C0 -> Plots.RED;
            case C1 -> Plots.ORANGE;
            case C2 -> Plots.GREEN;
        };
    }

    /// Three numbers, softly sorted while one of them moves past the others.
    private static XYChart sortedNumbers(Soft soft) {
        XYChart chart = Plots.chart("sort of (-1, x, 1), softness 0.1", "x", "");
        Tensor x = points(3);
        Tensor smooth = soft.sort(triples(x), -1, Order.ASCENDING);
        Tensor corners = Tensor.of(-3, -1, 1, 3);
        Tensor hard = Soft.hard().sort(triples(corners), -1, Order.ASCENDING);
        String[] names = {"smallest", "middle", "largest"};
        Color[] colors = {Plots.BLUE, Plots.GREEN, Plots.RED};
        for (int i = 0; i < names.length; i++) {
            Plots.line(chart, names[i], x.toDoubles(), column(smooth, i), colors[i]);
        }
        for (int i = 0; i < names.length; i++) {
            Plots.dashed(chart, i == 0 ? "hard" : "hard " + names[i], corners.toDoubles(), column(hard, i), Plots.BLACK)
                    .setShowInLegend(i == 0);
        }
        return chart;
    }

    private static Tensor rankOfMiddle(Soft soft, Tensor x) {
        return soft.rank(triples(x), -1, Order.ASCENDING).take(new int[] {1}, -1);
    }

    /// One row (-1, x, 1) for each x.
    private static Tensor triples(Tensor x) {
        return Tensor.stack(1, x.onesLike().unaryMinus(), x, x.onesLike());
    }

    private static double[] column(Tensor rows, int place) {
        return rows.take(new int[] {place}, 1).toDoubles();
    }
}
