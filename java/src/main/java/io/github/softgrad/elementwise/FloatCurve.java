package io.github.softgrad.elementwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One curve over blocks of numbers of float32, with the scratch for it; the formulas are those of
/// [Transition].
///
/// Lengths are multiples of the number of lanes. Arguments are pairs `hi + lo`; `hi` and `out` start at an
/// index, so that they may be the caller's own arrays, while `lo` is scratch and starts at 0, or is null for 0.
/// `out` must be another array than `hi`.
interface FloatCurve {

    VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /// The curve with scratch for blocks of the size, or null if it has no loops.
    static FloatCurve of(Curve curve, int size) {
        return switch (curve) {
            case LOGISTIC -> new FloatLogistic(size);
            case LINEAR, CUBIC, QUINTIC -> new FloatPolynomial(curve, size);
            case NORM_3_2, NORM_4_3 -> null;
        };
    }

    /// Takes the softness for the calls that follow, up to the next one.
    void prepare(float[] softness, int from, int length);

    /// `S`.
    void step(float[] hi, int from, float[] lo, float[] out, int to, int length);

    /// `R`, given the softness once more.
    void area(float[] x, int from, float[] softness, int at, float[] out, int to, int length);

    /// The derivative of `S`.
    void slope(float[] hi, int from, float[] lo, float[] out, int to, int length);

    /// `x S`, 0 at minus infinity.
    void gated(float[] x, int from, float[] out, int to, int length);

    /// `2 S - 1`.
    void sign(float[] x, int from, float[] out, int to, int length);

    /// `x (2 S - 1)`.
    void abs(float[] x, int from, float[] out, int to, int length);

    /// How many softnesses left of 0 nothing is left of `S`, beside numbers of the size of 1.
    int reach();

    /// Adds to `out` the sum of `S(above - k) - S(below - k)` for `k` from 0 to `terms - 1`; both are at most
    /// 0, and scratch that may be overwritten.
    void addRises(float[] below, float[] above, int terms, float[] out, int to, int length);

    /// Sets `out` to the sum of `S'(above - k) + S'(below - k)`, likewise.
    void slopes(float[] below, float[] above, int terms, float[] out, int to, int length);
}
