package io.github.softgrad.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The four examples of the SoftJAX README, written for Softgrad, give the numbers that it prints.
///
/// *Reference*: Paulus et al., SoftJAX and SoftTorch, arXiv 2603.08824, and the README of its repository.
class SoftJaxReadmeTest {
    private static final Soft SOFT = Soft.smooth();

    private static <P> P descend(Function<P, Tensor> loss, P start, double rate, int steps) {
        Optimizer optimizer = Optimizer.sgd(rate);
        P parameters = start;
        for (int i = 0; i < steps; i++) {
            parameters = optimizer.step(parameters, Autodiff.grad(loss, parameters));
        }
        return parameters;
    }

    // --- a threshold that lets numbers with the sum 2 pass ----------------------------------------------------------

    private static Tensor filterLoss(Soft soft, Tensor threshold) {
        Tensor x = Tensor.of(0.2, 0.8, 0.5, 1.2, 0.1);
        Tensor mask = soft.greater(x, threshold).asTensor();
        return mask.times(x).sum().minus(2).square();
    }

    @Test
    void thresholdFilterHasAGradientWhereTheHardOneHasNone() {
        Tensor start = Tensor.scalar(0);

        double hard = Autodiff.grad(t -> filterLoss(Soft.hard(), t), start).item();
        double soft = Autodiff.grad(t -> filterLoss(SOFT, t), start).item();

        assertEquals(0, hard);
        assertEquals(-0.6600359275215457, soft, 1e-15);
    }

    @Test
    void thresholdFilterIsLearned() {
        Tensor learned = descend(t -> filterLoss(SOFT, t), Tensor.scalar(0), 0.1, 20);

        assertEquals(0.6211048323197621, learned.item(), 1e-15);
    }

    // --- a rule: some feature lies between two bounds ---------------------------------------------------------------

    record Rule(Tensor lo, Tensor hi) {}

    private static final Tensor FEATURES = Tensor.of(new double[][] {
        {0.2, 0.8}, {0.5, 0.3}, {0.9, 0.1}, {0.4, 0.7}, {0.1, 0.4}, {0.2, 0.7}, {0.4, 0.1}, {0.4, 0.7},
        {0.7, 0.29}, {0.3, 0.3}, {0.61, 0.25}, {0.4, 0.6}, {0.0, 0.1}, {0.5, 0.3}, {0.4, 0.9}, {0.1, 0.57}
    });
    private static final Tensor LABELS = Tensor.of(0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1);
    private static final Rule WIDEST = new Rule(Tensor.scalar(0), Tensor.scalar(1));

    private static Tensor ruleLoss(Soft soft, Rule rule) {
        SoftBool inside = soft.greater(FEATURES, rule.lo()).and(soft.less(FEATURES, rule.hi()));
        return inside.any(-1).asTensor().minus(LABELS).square().sum();
    }

    @Test
    void ruleHasTheValueOfTheHardOneAndTheGradientOfTheSoftOne() {
        Function<Rule, Tensor> loss = SOFT.straightThrough(SoftJaxReadmeTest::ruleLoss);

        Rule hard = Autodiff.grad(rule -> ruleLoss(Soft.hard(), rule), WIDEST);
        Rule soft = Autodiff.grad(loss, WIDEST);

        assertEquals(ruleLoss(Soft.hard(), WIDEST).item(), loss.apply(WIDEST).item());
        assertEquals(0, hard.lo().item());
        assertEquals(0, hard.hi().item());
        assertEquals(-4.2777, soft.lo().item(), 5e-5);
        assertEquals(1.4152, soft.hi().item(), 5e-5);
    }

    @Test
    void ruleIsLearned() {
        Rule learned = descend(SOFT.straightThrough(SoftJaxReadmeTest::ruleLoss), WIDEST, 0.01, 20);

        assertEquals(0.2925, learned.lo().item(), 5e-5);
        assertEquals(0.5999, learned.hi().item(), 5e-5);
    }

    // --- a regression that one wild label does not disturb ----------------------------------------------------------

    /// The wild label makes the others equal in standardized units, so that the loss is the mean soft absolute
    /// residual of these, near its minimum a parabola with the curvature `10 XᵀX / 19`. Descent by 0.1
    /// converges where no eigenvalue of that reaches 20, quickly where none is small: true of most samples, and
    /// of this one.
    @Test
    void medianRegressionFindsTheWeightsInSpiteOfAWildLabel() {
        Tensor x = Tensor.normal(new Random(4), 20, 3);
        double[] weights = {1, -2, 0.5};
        double[] labels = x.matmul(Tensor.of(weights)).toDoubles();
        labels[0] = 1e6;
        Tensor y = Tensor.of(labels);

        Tensor learned = descend(w -> SOFT.median(SOFT.abs(y.minus(x.matmul(w)))), Tensor.zeros(3), 0.1, 50);

        assertArrayEquals(weights, learned.toDoubles(), 5e-5);
    }

    // --- the features that matter -----------------------------------------------------------------------------------

    private static final Tensor MODEL = Tensor.of(0, 2, 0, -1.5, 0, 0, 0, 5, 0, 0);
    private static final Tensor SAMPLES = Tensor.normal(new Random(0), 20, 10);

    private static Tensor selectionLoss(Soft soft, Tensor scores) {
        Tensor mask = soft.topK(scores, 3).index().mask();
        Tensor labels = SAMPLES.matmul(MODEL);
        return SAMPLES.times(mask).matmul(MODEL).minus(labels).abs().mean();
    }

    @Test
    void topKSelectionFindsTheFeaturesThatMatter() {
        Soft soft = SOFT.gatedGradient(false);
        Tensor start = Tensor.zeros(10);

        Tensor hard = Autodiff.grad(scores -> selectionLoss(Soft.hard(), scores), start);
        Tensor learned = descend(scores -> selectionLoss(soft, scores), start, 0.001, 5);

        assertArrayEquals(new double[10], hard.toDoubles());
        assertEquals(Set.of(7, 1, 3), selected(learned, 3));
    }

    private static Set<Integer> selected(Tensor scores, int k) {
        Tensor chosen = Soft.hard().topK(scores, k).index().probabilities().matmul(Tensor.range(10));
        return Arrays.stream(chosen.toDoubles()).mapToObj(place -> (int) place).collect(Collectors.toSet());
    }
}
