package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// One curve over blocks of numbers, with the scratch for it; the formulas are those of [Transition]. The
/// lengths are multiples of the number of lanes.
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

    /// `F(order)` at `hi + lo`, for the orders -1, 0 and 1.
    void at(int order, double[] hi, double[] lo, double[] softness, double[] out, int length);

    /// `2 S - 1`.
    void sign(double[] x, double[] softness, double[] out, int length);

    /// Sets `hi + lo` to `x - y + shift`, exactly but for the last bits of `lo`; equal infinities differ by 0.
    static void difference(double[] x, double[] y, double shift, double[] hi, double[] lo, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, y, i);
            VectorMask<Double> equal = a.compare(EQ, b);
            DoubleVector first = a.sub(b).blend(0, equal);
            DoubleVector change = first.sub(a);
            DoubleVector firstError =
                    a.sub(first.sub(change)).sub(b.add(change)).blend(0, equal);
            DoubleVector second = first.add(shift);
            DoubleVector added = second.sub(first);
            DoubleVector secondError =
                    first.sub(second.sub(added)).add(added.neg().add(shift));
            DoubleVector rest = firstError.add(secondError);
            DoubleVector sum = second.add(rest);
            DoubleVector lost = rest.sub(sum.sub(second));
            VectorMask<Double> finite = second.lanewise(ABS).compare(LT, Double.POSITIVE_INFINITY);
            second.blend(sum, finite).intoArray(hi, i);
            DoubleVector.zero(SPECIES).blend(lost, finite).intoArray(lo, i);
        }
    }
}
