package io.github.softgrad.examples;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Method;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.knowm.xchart.XYChart;

/// A regression that does not mind that two labels in five are ten times too large.
///
/// Least squares minimises the mean of the squared residuals, and a mean follows a single wild number anywhere.
/// The median of the absolute residuals does not, as long as most labels are right, but its hard form tells
/// gradient descent about one or two patients at a time. The soft median tells it about all that are near.
///
/// *Reference*: Rousseeuw, Least Median of Squares Regression, Journal of the American Statistical Association
/// 79 (1984).
public final class MedianRegression {
    /// Without the gated gradient a step lessens the residuals near the median and does not care which these
    /// are.
    private static final Soft SOFT =
            Soft.smooth().softness(0.1).method(new Method.SoftSort()).gatedGradient(false);

    private static final int SPLITS = 5;
    private static final int STEPS = 500;
    private static final double CORRUPTED = 0.4;

    private MedianRegression() {}

    /// Trains, compares and plots; the argument is a directory for the plots.
    public static void main(String... arguments) throws IOException {
        System.out.println(Backend.report());
        System.out.println();
        Results right = run(0);
        Results wrong = run(CORRUPTED);
        System.out.println();
        System.out.printf("Diabetes progression, absolute error on held-out patients, averages of %d splits%n", SPLITS);
        System.out.printf("%-28s %18s   %24s%n", "", "labels right", "2 in 5 labels times ten");
        System.out.printf("%-28s %9s %8s   %15s %8s%n", "", "mean", "median", "mean", "median");
        print("least squares", right.leastSquares(), wrong.leastSquares());
        print("hard median, by descent", right.hardMedian(), wrong.hardMedian());
        print("soft median, by descent", right.softMedian(), wrong.softMedian());
        System.out.println();
        Path directory = Plots.directory(arguments);
        plotTraining(directory, right.curves().leastSquares(), wrong.curves());
        SoftFunctionPlots.write(directory);
    }

    /// Absolute errors on the held-out patients, whose labels are right.
    public record Errors(double mean, double median) {}

    /// The mean held-out error in the first split: of least squares, and after each step of descent.
    public record Curves(double leastSquares, double[] hard, double[] soft) {}

    /// What the three methods reach, as averages over the splits.
    public record Results(Errors leastSquares, Errors hardMedian, Errors softMedian, Curves curves) {}

    /// Learns from labels of which a share is ten times too large.
    public static Results run(double corrupted) {
        List<Errors> leastSquares = new ArrayList<>();
        List<Errors> hardMedian = new ArrayList<>();
        List<Errors> softMedian = new ArrayList<>();
        Curves curves = null;
        Table patients = Table.read("diabetes.csv");
        String task = String.format(Locale.ROOT, "%.0f %% corrupted", 100 * corrupted);
        try (Progress progress = new Progress(task, 2L * SPLITS * STEPS)) {
            for (int seed = 1; seed <= SPLITS; seed++) {
                Task split = Task.of(patients, corrupted, new Random(seed));
                leastSquares.add(split.errors(LeastSquares.solve(split.x(), split.y())));
                List<Tensor> hard = descend(w -> loss(Soft.hard(), split, w), split.columns(), progress);
                List<Tensor> soft = descend(w -> loss(SOFT, split, w), split.columns(), progress);
                hardMedian.add(split.errors(hard.getLast()));
                softMedian.add(split.errors(soft.getLast()));
                if (seed == 1) {
                    curves = new Curves(leastSquares.getFirst().mean(), split.curve(hard), split.curve(soft));
                }
            }
        }
        return new Results(average(leastSquares), average(hardMedian), average(softMedian), curves);
    }

    /// The same program for both medians: only the recipe differs.
    private static Tensor loss(Soft soft, Task task, Tensor weights) {
        return soft.median(soft.abs(task.y().minus(task.x().matmul(weights))));
    }

    /// The weights after each step.
    private static List<Tensor> descend(Function<Tensor, Tensor> loss, int columns, Progress progress) {
        Optimizer optimizer = Optimizer.adam(0.02);
        Tensor weights = Tensor.zeros(columns);
        List<Tensor> path = new ArrayList<>(STEPS);
        for (int step = 0; step < STEPS; step++) {
            var at = Autodiff.valueAndGrad(loss, weights);
            weights = optimizer.step(weights, at.grad());
            path.add(weights);
            progress.step(at.value().item());
        }
        return path;
    }

    /// Features with a column of ones, and labels in units of their spread: then one rate and one softness fit
    /// all.
    ///
    /// The centre and the spread are medians too, since wild labels would move a mean.
    private record Task(Tensor x, Tensor y, Tensor testX, Tensor testY, Tensor centre, Tensor spread) {

        static Task of(Table patients, double corrupted, Random random) {
            Table.Split split = Scaling.standardize(patients.split(0.75, random));
            Tensor labels = corrupt(split.train().target(), corrupted, random);
            Tensor centre = Soft.hard().median(labels);
            Tensor spread = Soft.hard().median(labels.minus(centre).abs());
            return new Task(
                    withOnes(split.train().features()),
                    labels.minus(centre).div(spread),
                    withOnes(split.test().features()),
                    split.test().target(),
                    centre,
                    spread);
        }

        private static Tensor corrupt(Tensor labels, double share, Random random) {
            double[] values = labels.toDoubles();
            int[] order = Table.permutation(values.length, random);
            for (int i = 0; i < Math.round(share * values.length); i++) {
                values[order[i]] *= 10;
            }
            return Tensor.of(values);
        }

        private static Tensor withOnes(Tensor features) {
            return Tensor.concatenate(1, features, Tensor.ones(features.dim(0), 1));
        }

        int columns() {
            return x.dim(1);
        }

        Errors errors(Tensor weights) {
            Tensor predicted = testX.matmul(weights).times(spread).plus(centre);
            Tensor error = predicted.minus(testY).abs();
            return new Errors(error.mean().item(), Soft.hard().median(error).item());
        }

        double[] curve(List<Tensor> path) {
            return path.stream().mapToDouble(weights -> errors(weights).mean()).toArray();
        }
    }

    private static Errors average(List<Errors> errors) {
        return new Errors(
                errors.stream().mapToDouble(Errors::mean).average().orElseThrow(),
                errors.stream().mapToDouble(Errors::median).average().orElseThrow());
    }

    private static void print(String method, Errors right, Errors wrong) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %9.1f %8.1f   %15.1f %8.1f%n",
                method,
                right.mean(),
                right.median(),
                wrong.mean(),
                wrong.median());
    }

    private static void plotTraining(Path directory, double clean, Curves curves) throws IOException {
        double[] steps = Tensor.linspace(1, STEPS, STEPS).toDoubles();
        double[] ends = {1, STEPS};
        XYChart chart = Plots.chart(
                "Learning from labels of which 2 in 5 are ten times too large",
                "step",
                "mean absolute error on held-out patients");
        chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(false);
        Plots.dashed(chart, "least squares", ends, level(curves.leastSquares()), Plots.RED);
        Plots.line(chart, "hard median", steps, curves.hard(), Plots.ORANGE);
        Plots.line(chart, "soft median", steps, curves.soft(), Plots.BLUE);
        Plots.dashed(chart, "least squares, labels right", ends, level(clean), Plots.BLACK);
        Plots.save(directory, "median-regression", 1, chart);
    }

    private static double[] level(double height) {
        return new double[] {height, height};
    }
}
