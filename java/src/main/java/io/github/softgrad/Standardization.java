package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.OrderKernels;
import java.util.function.UnaryOperator;

/// Brings each line to mean 0 and deviation 1 and squashes it into (0, 1), so that one softness fits all
/// scales.
///
/// *Reference*: arXiv 2603.08824, section 3.4: `z = sigma((x - mean) / sqrt(variance + 1e-6))`.
final class Standardization {
    private static final double VARIANCE_FLOOR = 1e-6;

    /// Far below the rounding of a mean of numbers near 1, squared, yet its powers in derivatives stay finite.
    static final double SCALED_VARIANCE_FLOOR = 1e-60;

    /// What the rounding of a mean leaves of the variance of a constant line, amply.
    private static final double ROUNDING_VARIANCE = 1e-30;

    /// Squashed values are kept this far from 0 and 1 on their way back, as in the Python libraries: 23
    /// deviations.
    static final double RESTORED_MARGIN = 1e-10;

    /// Longer rows would hold up other threads in one kernel call; loops over tensors stream through them as
    /// well.
    private static final int LONGEST_FUSED = 1 << 16;

    /// Standardized lines, with what brings values of their kind back to the scale of the original ones.
    ///
    /// @param values the standardized lines, in (0, 1)
    /// @param wayBack see [#restore]
    record Squashed(Tensor values, UnaryOperator<Tensor> wayBack) {
        /// The way back: `mean + deviation logit(y)`. Beyond the margin the result and its derivative stand
        /// still.
        Tensor restore(Tensor y) {
            return wayBack.apply(y);
        }
    }

    private Standardization() {}

    /// The rows as relaxations want them: standardized if the settings say so.
    static Tensor prepare(Tensor rows, Settings settings) {
        return settings.standardize ? squash(rows) : rows;
    }

    /// Standardizes the last axis.
    static Tensor squash(Tensor x) {
        return squashed(x).values();
    }

    /// Standardizes the last axis, and keeps the way back.
    static Squashed squashed(Tensor x) {
        OrderKernels kernels = ActiveKernels.get().order().orElse(null);
        if (kernels == null || x.dtype() != DType.FLOAT64 || x.dim(-1) > LONGEST_FUSED) {
            return byDefinition(x);
        }
        FusedStandardization fused = new FusedStandardization(kernels, x);
        return new Squashed(fused.values(), fused::restore);
    }

    /// The same in tensor operations.
    ///
    /// Lines with entries above 1 are first divided by a power of two, which is exact and keeps the squares
    /// finite.
    static Squashed byDefinition(Tensor x) {
        Tensor unit = powerOfTwoAbove(x);
        Tensor scaled = x.div(unit);
        Tensor mean = scaled.mean(-1, true);
        Tensor centered = scaled.minus(mean);
        Tensor floor = unit.reciprocal().square().times(VARIANCE_FLOOR).maximum(SCALED_VARIANCE_FLOOR);
        Tensor deviation = deviation(centered.square().mean(-1, true), floor);
        Tensor one = Tensor.scalar(1, x.dtype());
        Tensor values = SoftPointwise.sigmoidal(Curve.LOGISTIC, 0, centered.div(deviation), one);
        return new Squashed(
                values, y -> deviations(y).times(deviation).plus(mean).times(unit));
    }

    /// The logit, of numbers kept away from 0 and 1.
    private static Tensor deviations(Tensor y) {
        Tensor inside = y.maximum(RESTORED_MARGIN).minimum(1 - RESTORED_MARGIN);
        return inside.log().minus(inside.unaryMinus().log1p());
    }

    /// The root of variance and floor. A huge constant line has the floor as a constant: the derivative is 0
    /// there, and its factors, which are beyond the range of doubles, never meet.
    private static Tensor deviation(Tensor variance, Tensor floor) {
        Tensor constant = variance.lessEqual(ROUNDING_VARIANCE).times(floor.equal(SCALED_VARIANCE_FLOOR));
        return Tensor.select(constant, floor.sqrt(), variance.plus(floor).sqrt());
    }

    private static Tensor powerOfTwoAbove(Tensor x) {
        Tensor largest = Autodiff.stopGradient(x).abs().max(-1, true);
        double[] units = largest.toDoubles();
        for (int i = 0; i < units.length; i++) {
            boolean scales = units[i] > 1 && units[i] < Double.POSITIVE_INFINITY;
            units[i] = scales ? Math.scalb(1.0, Math.min(Math.getExponent(units[i]) + 1, Double.MAX_EXPONENT)) : 1;
        }
        return DenseTensor.rounding(x.dtype(), largest.shape(), units);
    }
}
