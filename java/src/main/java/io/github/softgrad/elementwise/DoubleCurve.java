package io.github.softgrad.elementwise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// One curve at one softness over blocks of numbers; the formulas are those of [Transition].
///
/// Lengths are multiples of the number of lanes. Arguments are pairs `hi + lo`; `hi` and `out` start at an
/// index, so that they may be the caller's own arrays, while `lo` is scratch and starts at 0, or is null for 0.
/// `out` must be another array than `hi`.
interface DoubleCurve {

    VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /// Whether there are loops of the curve.
    static boolean exists(Curve curve) {
        return curve.hasDifferences();
    }

    /// A curve that has loops, at a softness whose reciprocal is accurate.
    static DoubleCurve of(Curve curve, double softness) {
        return curve == Curve.LOGISTIC ? new DoubleLogistic(softness) : new DoublePolynomial(curve, softness);
    }

    /// Sets `out` to the form of the curve at `hi + lo`.
    void evaluate(CurveForm form, double[] hi, int from, double[] lo, double[] out, int to, int length);

    /// Sets `out` to `S` at `x - y + shift + shiftError`, with scratch for a pair.
    void compare(
            double[] x,
            int from,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] hi,
            double[] lo,
            double[] out,
            int to,
            int length);

    /// How many softnesses left of 0 nothing is left of `S`, beside numbers of the size of 1.
    int reach();

    /// How many softnesses away from 0 values are so small that they lose digits when they are scaled.
    double tail();

    /// Sets `out` to the clipped value of [SoftFunction.Clip], for intervals of at least twice the softness.
    void clip(double[][] in, int[] at, double[] out, int to, int length);

    /// Sets `out` to the rounded value of [SoftFunction.Round], with so many edges on each side.
    void round(double[] x, int from, int terms, double[] out, int to, int length);
}
