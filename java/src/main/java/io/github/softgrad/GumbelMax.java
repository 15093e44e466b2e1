package io.github.softgrad;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Draws of categories as the largest of scores, which are logits plus independent Gumbel noise.
///
/// The place of the largest score has exactly the softmax of the logits as its law, and the places of the k
/// largest are k draws without replacement, first to last (the Plackett-Luce law).
///
/// *Reference*: Maddison, Tarlow and Minka, A* Sampling, NeurIPS 2014; Kool, van Hoof and Welling, Stochastic
/// Beams and Where to Find Them, ICML 2019, arXiv 1903.06059.
///
/// @param scores (m, n), one row of noise each
/// @param shape the shape of the draws
/// @param distinct whether the draws are the `draws / m` largest of each row, or the largest of each
record GumbelMax(Tensor scores, int[] shape, boolean distinct) {

    /// Independent draws of the given shape, to which the lines of the logits broadcast.
    static GumbelMax withReplacement(Tensor logits, int[] shape, RandomGenerator generator) {
        return new GumbelMax(perturbed(logits, shape, generator), shape, false);
    }

    /// Draws in which those along the axes in front of the lines' own are different categories.
    static GumbelMax withoutReplacement(Tensor logits, int[] shape, RandomGenerator generator) {
        int leading = shape.length - (logits.rank() - 1);
        requirePossible(logits, Shapes.size(Arrays.copyOf(shape, leading)));
        int[] lines = Arrays.copyOfRange(shape, leading, shape.length);
        return new GumbelMax(perturbed(logits, lines, generator), shape, true);
    }

    private static void requirePossible(Tensor logits, int draws) {
        Tensor possible = Autodiff.stopGradient(logits).greater(Double.NEGATIVE_INFINITY);
        for (double count : possible.sum(-1).toDoubles()) {
            if (draws > count) {
                throw new IllegalArgumentException(draws + " draws without replacement from " + (int) count
                        + " possible categories; draw at most as many, or with replacement");
            }
        }
    }

    private static Tensor perturbed(Tensor logits, int[] lines, RandomGenerator generator) {
        int n = logits.dim(-1);
        Tensor noise = Noise.GUMBEL.draw(generator, Shapes.insert(lines, lines.length, n));
        return logits.plus(noise).reshape(Shapes.size(lines), n);
    }

    /// The distributions, shape + (n), that a recipe makes of the draws.
    Distribution distributions(Settings settings) {
        return rows(settings).map(p -> p.reshape(Shapes.insert(shape, shape.length, scores.dim(-1))));
    }

    /// The distributions as rows (draws, n).
    Distribution rows(Settings settings) {
        int draws = Shapes.size(shape);
        int n = scores.dim(-1);
        if (draws == 0 || n == 0) {
            return Distribution.of(Tensor.zeros(draws, n));
        }
        Relaxation relaxation = Relaxations.index(settings, new Method.SoftSort());
        if (!distinct) {
            return PossibleEntries.distribute(scores, relaxation::largest);
        }
        int places = draws / scores.dim(0);
        return PossibleEntries.distribute(scores, possible -> relaxation.top(possible, places))
                .map(p -> p.moveAxis(1, 0).reshape(draws, n));
    }
}
