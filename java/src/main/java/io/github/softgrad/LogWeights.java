package io.github.softgrad;

/// Unnormalised log weights of categories on the last axis, checked and in float64: finite or minus infinity,
/// never minus infinity throughout a line.
final class LogWeights {
    private static final double IMPOSSIBLE = Double.NEGATIVE_INFINITY;

    private LogWeights() {}

    /// Lines without a possible category become uniform, with derivative 0.
    static Tensor ofLogits(Tensor logits) {
        requireLines("logits", Arguments.tensor(logits, "logits"));
        for (double logit : logits.toDoubles()) {
            if (!(logit < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("logits must be finite or minus infinity (impossible), one was "
                        + logit + "; shift each line so that its largest logit is 0");
            }
        }
        Tensor wide = logits.toDType(DType.FLOAT64);
        if (wide.size() == 0) {
            return wide;
        }
        Tensor anyPossible = Autodiff.stopGradient(wide).max(-1, true).greater(IMPOSSIBLE);
        return Tensor.select(anyPossible, wide, wide.zerosLike());
    }

    /// The logarithms of weights, which need not sum to 1; a weight of 0 is impossible and has the derivative
    /// 0.
    static Tensor ofWeights(Tensor weights) {
        requireLines("weights", Arguments.tensor(weights, "weights"));
        Arguments.weights(weights, "for logarithms of weights use categorical");
        Tensor wide = weights.toDType(DType.FLOAT64);
        if (wide.size() == 0) {
            return wide;
        }
        Tensor positive = Autodiff.stopGradient(wide).greater(0);
        if (positive.max(-1).min().item() == 0) {
            throw new IllegalArgumentException("weights " + weights + " of shape " + Shapes.text(weights.shape())
                    + " have a line of zeros; every line needs a weight > 0");
        }
        Tensor logarithms = Tensor.select(positive, wide, wide.onesLike()).log();
        return Tensor.select(positive, logarithms, Tensor.scalar(IMPOSSIBLE));
    }

    private static void requireLines(String name, Tensor values) {
        if (values.rank() == 0) {
            throw Arguments.bad(name, "at least a vector", "a scalar", "their last axis is the categories");
        }
    }
}
