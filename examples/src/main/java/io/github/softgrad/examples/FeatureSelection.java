package io.github.softgrad.examples;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/// Which five of thirty measurements tell malignant from benign tumours?
///
/// There are 142506 ways to choose. Here every feature has a score, the features are multiplied by the soft
/// membership of their scores in the top five, and scores and weights learn together from the loss of one
/// logistic regression. The softness falls while they learn: at first every feature takes part, later they
/// compete. What counts in the end is the hard choice.
///
/// The classical answer, the five features that correlate most with the diagnosis, measures each feature alone,
/// and so takes five that say the same.
public final class FeatureSelection {
    private static final int CHOSEN = 5;
    private static final int SPLITS = 10;
    private static final int SELECTION_STEPS = 400;
    private static final int FIT_STEPS = 300;
    private static final double FIRST_SOFTNESS = 2;
    private static final double LAST_SOFTNESS = 0.1;

    private FeatureSelection() {}

    /// Selects, compares and plots; the argument is a directory for the plots.
    public static void main(String... arguments) throws IOException {
        System.out.println(Backend.report());
        System.out.println();
        Results results = run(SPLITS);
        System.out.println();
        System.out.printf("Breast cancer, accuracy on held-out tumours, averages of %d splits%n", SPLITS);
        print("all 30 features", results.all());
        print("5 learned by soft top-k, fitted again", results.learned());
        print("5 learned by soft top-k, as learned", results.learnedTogether());
        print("5 of largest correlation", results.correlation());
        print("5 at random", results.random());
        System.out.println();
        System.out.println("learned in the first split: "
                + String.join(", ", results.first().chosen()));
        plotMemberships(Plots.directory(arguments), results.first());
    }

    /// Accuracies on held-out tumours, all with hard choices, as averages over the splits.
    ///
    /// @param all of a logistic regression on all features
    /// @param learned of one fitted to the features that soft top-k chose
    /// @param learnedTogether of the weights that were learned with the choice, with nothing fitted again
    /// @param correlation of one fitted to the features of largest correlation with the diagnosis
    /// @param random of one fitted to features chosen at random
    /// @param first how the choice was made in the first split
    public record Results(
            double all, double learned, double learnedTogether, double correlation, double random, Selection first) {}

    /// How a choice was made.
    ///
    /// @param names of all features
    /// @param chosen the names of the chosen ones
    /// @param memberships steps x features: how much each feature belonged to the top five; above 1 where two
    ///     soft places go to one feature
    public record Selection(List<String> names, List<String> chosen, Tensor memberships) {}

    /// Chooses features by four ways in several random splits of the data.
    public static Results run(int splits) {
        Table tumours = Table.read("breast_cancer_wisconsin.csv");
        double[] sums = new double[5];
        Selection first = null;
        try (Progress progress = new Progress("feature selection", (long) splits * SELECTION_STEPS)) {
            for (int seed = 1; seed <= splits; seed++) {
                Random random = new Random(seed);
                Table.Split split = Scaling.standardize(tumours.split(0.7, random));
                List<Tensor> memberships = new ArrayList<>();
                Model model = select(split.train(), memberships, progress);
                int[] chosen = top(model.scores());
                Tensor mask = Soft.hard().topK(model.scores(), CHOSEN).index().mask();
                sums[0] += fittedAccuracy(
                        split, IntStream.range(0, tumours.columns()).toArray());
                sums[1] += fittedAccuracy(split, chosen);
                sums[2] += model.line()
                        .accuracy(
                                split.test().features().times(mask),
                                split.test().target());
                sums[3] += fittedAccuracy(split, top(correlations(split.train())));
                sums[4] += fittedAccuracy(split, top(Tensor.uniform(random, tumours.columns())));
                if (seed == 1) {
                    first = new Selection(
                            tumours.names(),
                            tumours.select(chosen).names(),
                            Tensor.stack(0, memberships.toArray(Tensor[]::new)));
                }
            }
        }
        double[] means = Tensor.of(sums).div(splits).toDoubles();
        return new Results(means[0], means[1], means[2], means[3], means[4], first);
    }

    /// A logistic regression: benign where the weighted sum of the features is positive.
    private record Line(Tensor weights, Tensor offset) {

        static Line zero(int features) {
            return new Line(Tensor.zeros(features), Tensor.scalar(0));
        }

        Tensor score(Tensor features) {
            return features.matmul(weights).plus(offset);
        }

        /// The mean logistic loss. It is a soft relu: `log(1 + exp z)`, the integral of the logistic step.
        Tensor loss(Tensor features, Tensor benign) {
            Tensor margin = score(features).times(benign.times(2).minus(1));
            return Soft.smooth().softness(1).relu(margin.unaryMinus()).mean();
        }

        double accuracy(Tensor features, Tensor benign) {
            return score(features).greater(0).equal(benign).mean().item();
        }
    }

    /// What is learned together.
    private record Model(Tensor scores, Line line) {}

    private static Model select(Table train, List<Tensor> memberships, Progress progress) {
        Optimizer optimizer = Optimizer.adam(0.05);
        Model model = new Model(Tensor.zeros(train.columns()), Line.zero(train.columns()));
        for (int step = 0; step < SELECTION_STEPS; step++) {
            Soft soft = Soft.smooth().softness(softness(step));
            Function<Model, Tensor> loss = at -> {
                Tensor membership = soft.topK(at.scores(), CHOSEN).index().mask();
                return at.line().loss(train.features().times(membership), train.target());
            };
            memberships.add(soft.topK(model.scores(), CHOSEN).index().mask());
            var at = Autodiff.valueAndGrad(loss, model);
            model = optimizer.step(model, at.grad());
            progress.step(at.value().item());
        }
        return model;
    }

    /// From the first to the last by equal factors.
    private static double softness(int step) {
        return FIRST_SOFTNESS * Math.pow(LAST_SOFTNESS / FIRST_SOFTNESS, (double) step / SELECTION_STEPS);
    }

    private static double fittedAccuracy(Table.Split split, int... features) {
        Table train = split.train().select(features);
        Table test = split.test().select(features);
        Optimizer optimizer = Optimizer.adam(0.05);
        Line line = Line.zero(features.length);
        for (int step = 0; step < FIT_STEPS; step++) {
            line = optimizer.step(line, Autodiff.grad(at -> at.loss(train.features(), train.target()), line));
        }
        return line.accuracy(test.features(), test.target());
    }

    /// The sizes of the correlations with the target, up to a common factor: the features are standardized.
    private static Tensor correlations(Table train) {
        return train.target()
                .minus(train.target().mean())
                .matmul(train.features())
                .abs();
    }

    /// The places of the five largest scores.
    private static int[] top(Tensor scores) {
        return Soft.hard().topK(scores, CHOSEN).index().places();
    }

    private static void print(String choice, double accuracy) {
        System.out.printf(Locale.ROOT, "%-40s %5.1f %%%n", choice, 100 * accuracy);
    }

    private static void plotMemberships(Path directory, Selection selection) throws IOException {
        XYChart chart = Plots.chart(
                "Choosing 5 of 30 features while the softness falls from 2 to 0.1",
                "step",
                "soft membership in the top 5");
        double[] ends = {0, SELECTION_STEPS};
        Plots.dashed(chart, "a whole place", ends, new double[] {1, 1}, Plots.BLACK)
                .setShowInLegend(false);
        double[] steps = Tensor.range(SELECTION_STEPS).toDoubles();
        Color[] colors = {Plots.BLUE, Plots.RED, Plots.GREEN, Plots.ORANGE, Plots.PURPLE};
        for (int i = 0; i < selection.names().size(); i++) {
            String name = selection.names().get(i);
            if (!selection.chosen().contains(name)) {
                Plots.line(chart, name, steps, membership(selection, i), Plots.GREY)
                        .setShowInLegend(false);
            }
        }
        for (int i = 0; i < CHOSEN; i++) {
            String name = selection.chosen().get(i);
            double[] membership = membership(selection, selection.names().indexOf(name));
            Plots.line(chart, name.replace('_', ' '), steps, membership, colors[i]);
        }
        Plots.save(directory, "feature-selection", 1, chart);
    }

    private static double[] membership(Selection selection, int feature) {
        return selection.memberships().take(new int[] {feature}, 1).toDoubles();
    }
}
