package io.github.softgrad;

import java.util.random.RandomGenerator;

/// Draws that are true where noise stays below a level, which it does with probability p.
///
/// The noise is U and the level p, or both are taken through the logit; so hard draws do not depend on the
/// [Noise]. The logit of U is the difference of two independent Gumbel numbers (the logistic law).
final class Threshold {
    private final Tensor noise;
    private final Tensor level;
    private final DType dtype;

    private Threshold(Tensor noise, Tensor level, DType dtype) {
        this.noise = noise;
        this.level = level;
        this.dtype = dtype;
    }

    static Threshold of(Tensor p, Noise kind, int[] shape, RandomGenerator generator) {
        for (double probability : p.toDoubles()) {
            Arguments.fraction("p", probability, 1, "a logit goes through 1 / (1 + exp(-x))");
        }
        Tensor uniform = Noise.UNIFORM.draw(generator, shape);
        Tensor wide = p.toDType(DType.FLOAT64);
        return switch (kind) {
            case UNIFORM -> new Threshold(uniform, wide, p.dtype());
            case GUMBEL -> new Threshold(logit(uniform), logit(wide), p.dtype());
        };
    }

    /// `log(p / (1 - p))`; infinite with derivative 0 for p = 0 and 1.
    private static Tensor logit(Tensor p) {
        Tensor logit = SafeMath.log(p).minus(SafeMath.log(p.unaryMinus().plus(1)));
        Tensor certain = Autodiff.stopGradient(p).minus(0.5).div(0);
        Tensor inside = p.greater(0).times(p.less(1));
        return Tensor.select(inside, logit, certain);
    }

    /// How far noise lies below the level, softly; 0 or 1 in hard mode.
    Tensor exceeded(Settings settings) {
        return settings.isHard()
                ? noise.less(level).toDType(dtype)
                : softly(settings).toDType(dtype);
    }

    private Tensor softly(Settings settings) {
        Tensor softness = settings.softnessFor(noise);
        if (!Shapes.broadcastsTo(softness.shape(), noise.shape())) {
            throw new IllegalArgumentException("softness of shape " + Shapes.text(softness.shape())
                    + " does not broadcast to samples of shape " + Shapes.text(noise.shape())
                    + "; give the samples a shape that holds it");
        }
        return SoftPointwise.comparison(
                settings.mode.curve(settings.transition), -settings.epsilon, level, noise, softness);
    }
}
