package io.github.softgrad.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.examples.FeatureSelection;
import io.github.softgrad.examples.MedianRegression;
import io.github.softgrad.examples.RuleClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs on real data do what they claim, with room to spare.
class ExamplesTest {

    @Test
    void softMedianIgnoresCorruptedLabelsThatRuinLeastSquares() {
        var right = MedianRegression.run(0);
        var wrong = MedianRegression.run(0.4);

        atMost(50, right.softMedian().mean(), "soft median, labels right");
        atMost(50, wrong.softMedian().mean(), "soft median, labels corrupted");
        atMost(46, wrong.softMedian().median(), "soft median, labels corrupted, median error");
        atMost(wrong.hardMedian().mean(), wrong.softMedian().mean(), "soft median beside the hard one");
        atMost(wrong.leastSquares().mean() / 5, wrong.softMedian().mean(), "soft median beside least squares");
        atMost(wrong.leastSquares().median() / 5, wrong.softMedian().median(), "median error beside least squares");
    }

    @Test
    void softTopKChoosesBetterFeaturesThanCorrelationOrChance() {
        var accuracy = FeatureSelection.run(10);

        atMost(accuracy.learned(), accuracy.correlation() + 0.01, "correlation beside soft top-k");
        atMost(accuracy.learned(), accuracy.random() + 0.01, "chance beside soft top-k");
        atMost(
                accuracy.learnedTogether(),
                accuracy.correlation() + 0.005,
                "correlation beside soft top-k, not refitted");
        atMost(accuracy.learned(), accuracy.all() - 0.02, "all features, 2 points lower, beside soft top-k");
        assertEquals(5, accuracy.first().chosen().size());
    }

    @Test
    void learnedRuleIsBetterThanTheBestThresholdAndThanItsStart() {
        var accuracy = RuleClassifier.run(5);

        atMost(accuracy.learned(), accuracy.stump() + 0.03, "best threshold beside the learned rule");
        atMost(accuracy.learned(), accuracy.initial() + 0.2, "initial rule beside the learned one");
        assertTrue(
                accuracy.first().text().contains("worst_area < "),
                accuracy.first().text());
    }

    @Test
    void mainJobWritesItsPlotsWhereItIsTold(@TempDir Path directory) throws IOException {
        MedianRegression.main(directory.toString());

        for (String plot : List.of("median-regression.png", "soft-functions.png", "soft-sort.png")) {
            assertTrue(Files.size(directory.resolve(plot)) > 10_000, plot);
        }
    }

    private static void atMost(double bound, double value, String what) {
        assertTrue(value <= bound, what + ": " + value + " should be at most " + bound);
    }
}
