package io.github.softgrad.elementwise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// One curve over blocks of numbers, with the scratch for it; the formulas are those of [Transition].
///
/// Lengths are multiples of the number of lanes. Arguments are pairs `hi + lo`; `hi` and `out` start at an
/// index, so that they may be the caller's own arrays, while `lo` is scratch and starts at 0, or is null for 0.
/// `out` must be another array than `hi`.
interface VectorCurve {

    VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /// The curve with scratch for blocks of the size, or null if it has no loops.
    static VectorCurve of(Curve curve, int size) {
        return switch (curve) {
            case LOGISTIC -> new VectorLogistic(size);
            case LINEAR, CUBIC, QUINTIC -> new VectorPolynomial(curve, size);
            case NORM_3_2, NORM_4_3 -> null;
        };
    }

    /// Takes the softness for the calls that follow, up to the next one.
    void prepare(double[] softness, int from, int length);

    /// `S`.
    void step(double[] hi, int from, double[] lo, double[] out, int to, int length);

    /// `R`, given the softness once more.
    void area(double[] x, int from, double[] softness, int at, double[] out, int to, int length);

    /// The derivative of `S`.
    void slope(double[] hi, int from, double[] lo, double[] out, int to, int length);

    /// `x S`, 0 at minus infinity.
    void gated(double[] x, int from, double[] out, int to, int length);

    /// `2 S - 1`.
    void sign(double[] x, int from, double[] out, int to, int length);

    /// `x (2 S - 1)`.
    void abs(double[] x, int from, double[] out, int to, int length);

    /// How many softnesses left of 0 nothing is left of `S`, beside numbers of the size of 1.
    int reach();

    /// Adds to `out` the sum of `S(above - k) - S(below - k)` for `k` from 0 to `terms - 1`; both are at most
    /// 0, and scratch that may be overwritten.
    void addRises(double[] below, double[] above, int terms, double[] out, int to, int length);

    /// Sets `out` to the sum of `S'(above - k) + S'(below - k)`, likewise.
    void slopes(double[] below, double[] above, int terms, double[] out, int to, int length);
}
