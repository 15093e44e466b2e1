package io.github.softgrad.examples;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
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
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A rule that a physician can read: a tumour is benign if each of a few measurements lies between two bounds.
///
/// The rule is hard, so its accuracy has no slope to follow. Around the whole loss, straight-through takes the
/// value of the hard rule and the derivative of the soft one: what is reported is what the rule really does.
public final class RuleClassifier {
    private static final List<String> FEATURES = List.of("worst_area", "worst_concave_points", "worst_texture");
    private static final int SPLITS = 10;
    private static final int STEPS = 400;

    /// Where the bounds start, in deviations from the mean: almost every tumour is inside.
    private static final double START = 3;

    private RuleClassifier() {}

    /// Learns, compares and plots; the argument is a directory for the plots.
    public static void main(String... arguments) throws IOException {
        System.out.println(Backend.report());
        System.out.println();
        Results results = run(SPLITS);
        System.out.println();
        System.out.printf("Breast cancer, accuracy of hard rules on held-out tumours, averages of %d splits%n", SPLITS);
        print("the rule before learning", results.initial());
        print("best threshold of a single feature", results.stump());
        print("the rule as learned", results.learned());
        System.out.println();
        System.out.println(
                "learned in the first split: benign if " + results.first().text());
        plotRule(Plots.directory(arguments), results.first());
    }

    /// Bounds for each feature, in the units of the features.
    public record Rule(Tensor lo, Tensor hi) {

        /// How true it is that all features of a tumour are inside their bounds.
        Tensor benign(Soft soft, Tensor features) {
            return soft.greater(features, lo)
                    .and(soft.less(features, hi))
                    .all(-1)
                    .asTensor();
        }

        double accuracy(Table tumours) {
            return benign(Soft.hard(), tumours.features())
                    .equal(tumours.target())
                    .mean()
                    .item();
        }
    }

    /// A rule in the original units beside the tumours that it was learned from.
    public record Learned(Rule rule, Tensor features, Tensor benign) {

        /// The bounds that exclude a tumour at all.
        public String text() {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < FEATURES.size(); i++) {
                double lo = rule.lo().get(i).item();
                double hi = rule.hi().get(i).item();
                boolean bounded = column(features, i).min().item() <= lo;
                String upper = String.format(Locale.ROOT, "%s < %.4g", FEATURES.get(i), hi);
                parts.add(bounded ? String.format(Locale.ROOT, "%.4g < %s", lo, upper) : upper);
            }
            return String.join(" and ", parts);
        }
    }

    /// Accuracies on held-out tumours, as averages over the splits.
    ///
    /// @param initial of the rule that learning starts from
    /// @param stump of the best threshold of a single feature of all 30
    /// @param learned of the learned rule
    /// @param first the rule of the first split
    public record Results(double initial, double stump, double learned, Learned first) {}

    /// Learns a rule and finds the best threshold in several random splits of the data.
    public static Results run(int splits) {
        Table tumours = Table.read("breast_cancer_wisconsin.csv");
        int[] columns = FEATURES.stream().mapToInt(tumours.names()::indexOf).toArray();
        double initial = 0;
        double stump = 0;
        double learned = 0;
        Learned first = null;
        try (Progress progress = new Progress("rule", (long) splits * STEPS)) {
            for (int seed = 1; seed <= splits; seed++) {
                Table.Split split = tumours.split(0.7, new Random(seed));
                stump += Stump.best(split.train()).accuracy(split.test());

                Table train = split.train().select(columns);
                Scaling scaling = Scaling.of(train.features());
                Rule start = new Rule(Tensor.full(-START, columns.length), Tensor.full(START, columns.length));
                Rule rule = learn(scaling.apply(train), start, progress);
                Table test = scaling.apply(split.test().select(columns));
                initial += start.accuracy(test);
                learned += rule.accuracy(test);
                if (seed == 1) {
                    Rule original = new Rule(scaling.undo(rule.lo()), scaling.undo(rule.hi()));
                    first = new Learned(original, train.features(), train.target());
                }
            }
        }
        return new Results(initial / splits, stump / splits, learned / splits, first);
    }

    private static Rule learn(Table train, Rule start, Progress progress) {
        Function<Rule, Tensor> loss = Soft.smooth()
                .softness(0.1)
                .straightThrough((soft, rule) -> rule.benign(soft, train.features())
                        .minus(train.target())
                        .square()
                        .mean());
        Optimizer optimizer = Optimizer.adam(0.02);
        Rule rule = start;
        for (int step = 0; step < STEPS; step++) {
            var at = Autodiff.valueAndGrad(loss, rule);
            rule = optimizer.step(rule, at.grad());
            progress.step(at.value().item());
        }
        return rule;
    }

    /// The classical baseline: benign where one feature is at most (or at least) a threshold.
    private record Stump(int feature, double threshold, int direction) {

        /// The best on these tumours of all features, thresholds and directions, by trying every one.
        static Stump best(Table train) {
            Stump best = null;
            double highest = -1;
            for (int feature = 0; feature < train.columns(); feature++) {
                for (double threshold : column(train.features(), feature).toDoubles()) {
                    for (int direction = -1; direction <= 1; direction += 2) {
                        Stump stump = new Stump(feature, threshold, direction);
                        double accuracy = stump.accuracy(train);
                        if (accuracy > highest) {
                            highest = accuracy;
                            best = stump;
                        }
                    }
                }
            }
            return best;
        }

        double accuracy(Table tumours) {
            Tensor below = column(tumours.features(), feature).minus(threshold).times(direction);
            return below.lessEqual(Tensor.scalar(0))
                    .equal(tumours.target())
                    .mean()
                    .item();
        }
    }

    private static Tensor column(Tensor features, int place) {
        return features.take(new int[] {place}, 1).squeeze(1);
    }

    private static void print(String rule, double accuracy) {
        System.out.printf(Locale.ROOT, "%-40s %5.1f %%%n", rule, 100 * accuracy);
    }

    private static void plotRule(Path directory, Learned learned) throws IOException {
        XYChart chart = Plots.chart(
                "Two features of the learned rule, and the tumours it was learned from",
                FEATURES.get(0).replace('_', ' '),
                FEATURES.get(1).replace('_', ' '));
        double right = learned.rule().hi().get(0).item();
        double top = learned.rule().hi().get(1).item();
        double left = Math.max(0, learned.rule().lo().get(0).item());
        double bottom = Math.max(0, learned.rule().lo().get(1).item());
        double[] x = {left, right, right, left, left};
        double[] y = {bottom, bottom, top, top, bottom};
        Plots.line(chart, "the rule's bounds", x, y, Plots.BLACK);
        plotTumours(chart, "malignant", learned, 0);
        plotTumours(chart, "benign", learned, 1);
        Plots.save(directory, "rule-classifier", 1, chart);
    }

    private static void plotTumours(XYChart chart, String name, Learned learned, int label) {
        double[] labels = learned.benign().toDoubles();
        int[] rows = IntStream.range(0, labels.length)
                .filter(i -> labels[i] == label)
                .toArray();
        Tensor features = learned.features().take(rows, 0);
        Plots.points(
                chart,
                name,
                column(features, 0).toDoubles(),
                column(features, 1).toDoubles(),
                label == 0 ? Plots.RED : Plots.BLUE,
                label == 0 ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE);
    }
}
