package io.github.softgrad;

import java.util.Arrays;

/// Ranking losses: hard measures of order made differentiable by soft ranks and soft comparisons.
///
/// Every loss takes lists on the last axis, averages over all lists, and is 0 (or close to it, by the softness)
/// for a perfect order. The recipe decides mode, method and softness; with [Soft#hard()] the loss is the plain
/// measure, and with [Soft#straightThrough()] its value is. Targets and weights are constants or tensors;
/// derivatives flow to the scores and to the softness.
///
/// - *Shape*: scores, targets and weights (..., n) of equal shape; the result is a scalar.
/// - *Ties and NaN*: tied targets have the mean of their ranks (Spearman) or no preference (Kendall, NDCG); a
///   NaN among the scores makes a soft loss NaN. Weights are finite and >= 0, and not all 0.
/// - *Cost*: that of [Soft#rank(Tensor, int, Order)], O(n²) for each list for Kendall.
public final class Losses {
    private static final String LEAVE_OUT = "leave out or weigh with 0 what should not count";
    private static final String SHORTER = "use shorter lists or ndcg";

    private Losses() {}

    /// One minus Spearman's rank correlation: Pearson's correlation between the soft ranks of the scores and
    /// the ranks of the target. *Bounds*: [0, 2].
    ///
    /// *Reference*: Blondel et al., Fast Differentiable Sorting and Ranking, ICML 2020, section 6.
    public static Tensor spearman(Soft soft, Tensor scores, Tensor target) {
        return spearman(soft, scores, target, ones(scores));
    }

    /// [#spearman(Soft, Tensor, Tensor)] with a weight >= 0 for each entry in the correlation.
    public static Tensor spearman(Soft soft, Tensor scores, Tensor target, Tensor weights) {
        requireLists(soft, scores, "target", target, weights);
        MemoryLimit.requireNumbers(scores, scores.dim(-1), "differences of targets", SHORTER);
        Tensor ranks = soft.rank(scores, -1, Order.DESCENDING);
        return correlation(ranks, centredRanks(target), weights)
                .unaryMinus()
                .plus(1)
                .mean();
    }

    /// The ranks with the mean rank for ties, doubled and counted from the middle, which no correlation sees.
    private static Tensor centredRanks(Tensor target) {
        return differences(target).sign().sum(-2);
    }

    private static Tensor correlation(Tensor a, Tensor b, Tensor weights) {
        Tensor w = weights.div(weights.sum(-1, true));
        Tensor da = a.minus(a.times(w).sum(-1, true));
        Tensor db = b.minus(b.times(w).sum(-1, true));
        Tensor covariance = da.times(db).times(w).sum(-1);
        Tensor variances =
                da.square().times(w).sum(-1).times(db.square().times(w).sum(-1));
        return SafeMath.div(covariance, SafeMath.sqrt(variances));
    }

    /// One minus Kendall's rank correlation (tau): over all pairs with different targets, the mean of the soft
    /// sign of the scores' difference times the target's. *Bounds*: [0, 2].
    public static Tensor kendall(Soft soft, Tensor scores, Tensor target) {
        return kendall(soft, scores, target, ones(scores));
    }

    /// [#kendall(Soft, Tensor, Tensor)] where a pair counts with the product of its entries' weights.
    public static Tensor kendall(Soft soft, Tensor scores, Tensor target, Tensor weights) {
        requireLists(soft, scores, "target", target, weights);
        MemoryLimit.requireNumbers(scores, scores.dim(-1), "pairs", SHORTER);
        Tensor agreement =
                soft.sign(differences(scores)).times(differences(target).sign());
        Tensor pairs =
                differences(target).sign().abs().times(weights.expandDims(-1)).times(weights.expandDims(-2));
        Tensor concordance = agreement.times(pairs).sum(-1).sum(-1);
        return SafeMath.div(concordance, pairs.sum(-1).sum(-1))
                .unaryMinus()
                .plus(1)
                .mean();
    }

    private static Tensor differences(Tensor x) {
        return x.expandDims(-1).minus(x.expandDims(-2));
    }

    /// One minus the normalised discounted cumulative gain: gains `2^relevance - 1`, discounts `1 / log2(1 +
    /// rank)` with soft ranks, divided by the same for the ideal order. *Bounds*: [0, 1).
    ///
    /// A list without any relevant entry counts as 1.
    ///
    /// *Reference*: Qin, Liu and Li, A general approximation framework for direct optimization of information
    /// retrieval measures, Information Retrieval 13 (2010).
    public static Tensor ndcg(Soft soft, Tensor scores, Tensor relevance) {
        return ndcg(soft, scores, relevance, ones(scores));
    }

    /// [#ndcg(Soft, Tensor, Tensor)] with a weight >= 0 for each entry's gain.
    public static Tensor ndcg(Soft soft, Tensor scores, Tensor relevance, Tensor weights) {
        requireLists(soft, scores, "relevance", relevance, weights);
        Tensor gains = relevance.times(Math.log(2)).expm1().times(weights);
        Tensor reached = discounted(gains, soft.rank(scores, -1, Order.DESCENDING));
        Tensor best = discounted(gains, Soft.hard().rank(gains, -1, Order.DESCENDING));
        return SafeMath.div(reached, best).unaryMinus().plus(1).mean();
    }

    /// The factor log 2 of all discounts is left out: it cancels in the quotient.
    private static Tensor discounted(Tensor gains, Tensor ranks) {
        return gains.div(ranks.log1p()).sum(-1);
    }

    /// The cross-entropy of the event that the labelled class is among the k largest scores.
    ///
    /// *Reference*: Petersen et al., Differentiable Top-k Classification Learning, ICML 2022, equation 2, for
    /// one k.
    ///
    /// @param labels one class for each row of scores (..., n), in row-major order
    public static Tensor topKCrossEntropy(Soft soft, Tensor scores, int[] labels, int k) {
        Tensor equal = Tensor.ones(Arguments.given(labels, "labels", "an array").length);
        return topKCrossEntropy(soft, scores, labels, k, equal);
    }

    /// [#topKCrossEntropy(Soft, Tensor, int\[\], int)] with a weight >= 0 for each row; the weights are
    /// normalised.
    public static Tensor topKCrossEntropy(Soft soft, Tensor scores, int[] labels, int k, Tensor weights) {
        Arguments.given(soft, "soft", "a Soft");
        Arguments.given(labels, "labels", "an array");
        int n = Arguments.tensor(scores, "scores").dim(-1);
        int rows = n == 0 ? 0 : scores.size() / n;
        if (labels.length != rows || Arguments.tensor(weights, "weights").size() != rows) {
            throw new IllegalArgumentException("scores of shape " + Shapes.text(scores.shape()) + " have " + rows
                    + " rows, but there are " + labels.length + " labels and " + weights.size()
                    + " weights; give one of each for every row");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= n) {
                throw Arguments.bad("labels[" + i + "]", "a class from 0 to " + (n - 1), labels[i], LEAVE_OUT);
            }
        }
        Arguments.weights(weights, LEAVE_OUT);
        Tensor mask = soft.topKMask(scores.reshape(rows, n), k, -1);
        double[] places = Arrays.stream(labels).asDoubleStream().toArray();
        Tensor chosen =
                mask.takeAlongAxis(Tensor.of(new int[] {rows, 1}, places), -1).flatten();
        Tensor normalised = weights.flatten().div(weights.sum());
        return chosen.maximum(Double.MIN_NORMAL).log().times(normalised).sum().unaryMinus();
    }

    private static Tensor ones(Tensor scores) {
        return Arguments.tensor(scores, "scores").onesLike();
    }

    private static void requireLists(Soft soft, Tensor scores, String name, Tensor target, Tensor weights) {
        Arguments.given(soft, "soft", "a Soft");
        Arguments.tensor(scores, "scores");
        Arguments.tensor(target, name);
        Arguments.weights(weights, LEAVE_OUT);
        boolean same = Arrays.equals(scores.shape(), target.shape()) && Arrays.equals(scores.shape(), weights.shape());
        if (!same || scores.rank() == 0) {
            throw new IllegalArgumentException("scores of shape " + Shapes.text(scores.shape()) + ", " + name
                    + " of shape " + Shapes.text(target.shape()) + " and weights of shape "
                    + Shapes.text(weights.shape()) + " must have one shape (..., n); the lists are on the last axis");
        }
    }
}
