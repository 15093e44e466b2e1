package io.github.softgrad;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The random numbers that a [SoftRandom] adds to scores or compares with probabilities.
///
/// | sampler | `GUMBEL` | `UNIFORM` |
/// |---|---|---|
/// | categorical, choice, multinomial | standard: logits plus noise, the soft largest | none: the law would be wrong |
/// | bernoulli, rademacher, binomial | logit(p) > logit(U), the binary concrete law | standard: p > U |
/// | permutation | standard: scores, softly sorted | scores, softly sorted |
///
/// Hard draws have the same law under every noise of a row; soft ones differ in what their softness is relative
/// to.
///
/// *Reference*: Maddison, Mnih and Teh, The Concrete Distribution, ICLR 2017, arXiv 1611.00712; Jang, Gu and
/// Poole, Categorical Reparameterization with Gumbel-Softmax, ICLR 2017, arXiv 1611.01144.
public enum Noise {
    /// `-log(-log U)`: the largest of logits with independent Gumbel noise has the softmax of the logits as its
    /// law.
    GUMBEL,
    /// Uniform on (0, 1).
    UNIFORM;

    /// Takes the place of 0, which [RandomGenerator#nextDouble()] returns once in 2^53 numbers.
    private static final double SMALLEST_UNIFORM = 0x1p-54;

    /// Independent float64 numbers, all finite.
    Tensor draw(RandomGenerator generator, int... shape) {
        double[] values = MemoryLimit.doubles(shape);
        Arrays.setAll(values, i -> draw(generator));
        return DenseTensor.owning(shape.clone(), values);
    }

    private double draw(RandomGenerator generator) {
        double uniform = Math.max(generator.nextDouble(), SMALLEST_UNIFORM);
        return switch (this) {
            case GUMBEL -> -Math.log(-Math.log(uniform));
            case UNIFORM -> uniform;
        };
    }
}
