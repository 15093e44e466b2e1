package io.github.softgrad;

import io.github.softgrad.QuantileMethod.Place;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Rows of probabilities over the last axis, with their logarithms where those are known better than `log(p)`.
///
/// Both are computed when first asked for.
final class Distribution {
    private final Supplier<Tensor> probabilities;
    private final Supplier<Tensor> logProbabilities;

    /// Probabilities with logarithms of their own, or null for those of the probabilities.
    Distribution(Supplier<Tensor> probabilities, Supplier<Tensor> logProbabilities) {
        this.probabilities = Once.of(probabilities);
        this.logProbabilities = Once.of(logProbabilities == null ? () -> logOf(probabilities()) : logProbabilities);
    }

    static Distribution of(Tensor probabilities) {
        return new Distribution(() -> probabilities, null);
    }

    /// A distribution that is found, or refused, when it is first asked for.
    static Distribution lazily(Supplier<Distribution> computation) {
        Supplier<Distribution> found = Once.of(computation);
        return new Distribution(
                () -> found.get().probabilities(), () -> found.get().logProbabilities());
    }

    /// The simplex projection of rows of scores; in the smooth mode the logarithms come from the scores.
    static Distribution project(Tensor scores, Settings settings) {
        Tensor softness = settings.scalarSoftness();
        return new Distribution(
                () -> Simplex.project(scores, softness, settings.mode.regularizer()),
                settings.mode == Mode.SMOOTH ? () -> logSoftmax(scores, softness) : null);
    }

    private static Tensor logSoftmax(Tensor scores, Tensor softness) {
        Tensor below = scores.minus(Autodiff.stopGradient(scores.max(-1, true))).div(softness);
        return below.minus(below.exp().sum(-1, true).log());
    }

    /// The logarithm, minus infinity at exact zeros, whose derivative is taken to be 0.
    private static Tensor logOf(Tensor p) {
        Tensor positive = p.notEqual(0);
        Tensor log = Tensor.select(positive, p, p.onesLike()).log();
        return Tensor.select(positive, log, Tensor.scalar(Double.NEGATIVE_INFINITY, p.dtype()));
    }

    /// `(1 - weight) this + weight other`, also in logarithms.
    Distribution mix(Distribution other, double weight) {
        if (weight == 0) {
            return this;
        }
        return new Distribution(
                () -> probabilities()
                        .times(1 - weight)
                        .plus(other.probabilities().times(weight)),
                () -> logSum(
                        logProbabilities().plus(Math.log(1 - weight)),
                        other.logProbabilities().plus(Math.log(weight))));
    }

    private static Tensor logSum(Tensor a, Tensor b) {
        Tensor largest = Autodiff.stopGradient(a.maximum(b));
        Tensor shift = Tensor.select(largest.greater(Double.NEGATIVE_INFINITY), largest, largest.zerosLike());
        Tensor sum = a.minus(shift).exp().plus(b.minus(shift).exp());
        return logOf(sum).plus(shift);
    }

    /// The same rows after a rearrangement of their tensor.
    Distribution map(UnaryOperator<Tensor> rearrangement) {
        return new Distribution(
                () -> rearrangement.apply(probabilities()), () -> rearrangement.apply(logProbabilities()));
    }

    /// One of the rows (..., k, n).
    Distribution row(int place) {
        return map(p -> p.slice(-2, place, place + 1).squeeze(-2));
    }

    /// From rows for the neighbours of each place ([Place#neighbours]) the mixture for each place.
    Distribution[] mixtures(Place... places) {
        Distribution[] mixtures = new Distribution[places.length];
        Arrays.setAll(mixtures, i -> row(2 * i).mix(row(2 * i + 1), places[i].weight()));
        return mixtures;
    }

    static Distribution stack(Distribution... parts) {
        return new Distribution(
                () -> stack(parts, Distribution::probabilities), () -> stack(parts, Distribution::logProbabilities));
    }

    private static Tensor stack(Distribution[] parts, Function<Distribution, Tensor> what) {
        Tensor[] tensors = new Tensor[parts.length];
        for (int i = 0; i < parts.length; i++) {
            tensors[i] = what.apply(parts[i]);
        }
        return Tensor.stack(0, tensors);
    }

    Tensor probabilities() {
        return probabilities.get();
    }

    Tensor logProbabilities() {
        return logProbabilities.get();
    }
}
