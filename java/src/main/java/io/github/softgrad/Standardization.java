package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;

/// Brings each line to mean 0 and deviation 1 and squashes it into (0, 1), so that one softness fits all scales.
///
/// *Reference*: arXiv 2603.08824, section 3.4: `z = sigma((x - mean) / sqrt(variance + 1e-6))`.
final class Standardization {
    private static final double VARIANCE_FLOOR = 1e-6;

    /// Far below the rounding of a mean of numbers near 1, squared, yet its powers in derivatives stay finite.
    private static final double SCALED_VARIANCE_FLOOR = 1e-60;

    private Standardization() {}

    /// The rows as relaxations want them: standardized if the settings say so.
    static Tensor prepare(Tensor rows, Settings settings) {
        return settings.standardize ? squash(rows) : rows;
    }

    /// Standardizes the last axis.
    ///
    /// Lines with entries above 1 are first divided by a power of two, which is exact and keeps the squares finite.
    static Tensor squash(Tensor x) {
        Tensor unit = powerOfTwoAbove(x);
        Tensor scaled = x.div(unit);
        Tensor centered = scaled.minus(scaled.mean(-1, true));
        Tensor floor = unit.reciprocal().square().times(VARIANCE_FLOOR).maximum(SCALED_VARIANCE_FLOOR);
        Tensor variance = centered.square().mean(-1, true).plus(floor);
        Tensor deviations = centered.div(variance.sqrt());
        return SoftPointwise.sigmoidal(Curve.LOGISTIC, 0, deviations, Tensor.scalar(1, x.dtype()));
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
