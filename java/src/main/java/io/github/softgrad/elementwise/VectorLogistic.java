package io.github.softgrad.elementwise;

import io.github.softgrad.elementwise.VectorLogisticLoops.Units;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/// The logistic curve over blocks: the passes of [VectorLogisticLoops], and their scratch.
///
/// The divisions by `s` are made once for each softness.
final class VectorLogistic implements VectorCurve {

    private final Units units;
    private final int size;

    private double[] softness;
    private int softnessAt;
    private int softnessLength;

    /// What slopes and tails need, null before: `1 / s` to twice the precision, for the softness of the call.
    private double[] reciprocal;

    private double[] reciprocalError;
    private double[] exponential;
    private double[] one;
    private double[] zero;
    private boolean prepared;

    /// What only rounding needs, null before.
    private double[] left;

    private double[] right;
    private double[] decay;

    VectorLogistic(int size) {
        units = new Units(size);
        this.size = size;
    }

    @Override
    public void prepare(double[] softness, int from, int length) {
        units.prepare(softness, from, length);
        this.softness = softness;
        softnessAt = from;
        softnessLength = length;
        prepared = false;
    }

    private void prepareReciprocals() {
        if (reciprocal == null) {
            reciprocal = new double[size];
            reciprocalError = new double[size];
            exponential = new double[size];
            zero = new double[size];
            one = new double[size];
            Arrays.fill(one, 1);
        }
        if (!prepared) {
            reciprocals(softness, softnessAt, reciprocal, reciprocalError, softnessLength);
            prepared = true;
        }
    }

    private static void reciprocals(double[] softness, int from, double[] inverse, double[] inverseError, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, from + i);
            DoubleVector quotient = DoubleVector.broadcast(SPECIES, 1.0).div(s);
            quotient.intoArray(inverse, i);
            quotient.neg()
                    .fma(s, DoubleVector.broadcast(SPECIES, 1.0))
                    .mul(quotient)
                    .intoArray(inverseError, i);
        }
    }

    @Override
    public void step(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        boolean tail = lo == null
                ? VectorLogisticLoops.step(false, hi, from, units, out, to, length)
                : VectorLogisticLoops.step(hi, from, lo, units, out, to, length);
        if (tail) {
            prepareReciprocals();
            tail(one, 0, one, 0, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void area(double[] x, int from, double[] softness, int at, double[] out, int to, int length) {
        if (VectorLogisticLoops.area(x, from, units, softness, at, out, to, length)) {
            prepareReciprocals();
            tail(softness, at, x, from, 0, x, from, null, out, to, length);
        }
    }

    @Override
    public void slope(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        prepareReciprocals();
        boolean tail = exponentials(hi, from, lo, exponential, length);
        VectorLogisticLoops.slope(exponential, reciprocal, reciprocalError, out, to, length);
        if (tail) {
            tail(reciprocal, 0, one, 0, Double.POSITIVE_INFINITY, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void gated(double[] x, int from, double[] out, int to, int length) {
        if (VectorLogisticLoops.step(true, x, from, units, out, to, length)) {
            prepareReciprocals();
            tail(x, from, x, from, 0, x, from, null, out, to, length);
        }
    }

    @Override
    public void sign(double[] x, int from, double[] out, int to, int length) {
        VectorLogisticLoops.sign(false, x, from, units, out, to, length);
    }

    @Override
    public void abs(double[] x, int from, double[] out, int to, int length) {
        VectorLogisticLoops.sign(true, x, from, units, out, to, length);
    }

    private boolean exponentials(double[] hi, int from, double[] lo, double[] out, int length) {
        double[] rest = lo == null ? zero : lo;
        return VectorLogisticLoops.exponentials(hi, from, rest, units, out, length);
    }

    private void tail(
            double[] factor,
            int factorAt,
            double[] base,
            int baseAt,
            double limit,
            double[] hi,
            int from,
            double[] lo,
            double[] out,
            int to,
            int length) {
        VectorLogisticLoops.tail(
                factor,
                factorAt,
                base,
                baseAt,
                limit,
                hi,
                from,
                lo == null ? zero : lo,
                reciprocal,
                reciprocalError,
                exponential,
                out,
                to,
                length);
    }

    @Override
    public int reach() {
        return 40;
    }

    @Override
    public void addRises(double[] below, double[] above, int terms, double[] out, int to, int length) {
        edges(below, above, length);
        for (int k = 0; k < terms; k++) {
            addRise(left, right, decay, out, to, length);
        }
    }

    @Override
    public void slopes(double[] below, double[] above, int terms, double[] out, int to, int length) {
        edges(below, above, length);
        Arrays.fill(out, to, to + length, 0);
        for (int k = 0; k < terms; k++) {
            addSlopes(left, right, decay, reciprocal, out, to, length);
        }
    }

    /// The exponentials of the nearest edges; those of all others are their products with powers of one number.
    private void edges(double[] below, double[] above, int length) {
        prepareReciprocals();
        if (decay == null) {
            left = new double[size];
            right = new double[size];
            decay = new double[size];
        }
        exponentials(below, 0, null, left, length);
        exponentials(above, 0, null, right, length);
        exponentials(one, 0, null, decay, length);
    }

    /// With `a` and `b` the exponentials, `S(above) - S(below)` is `(b - a) / ((1 + a) (1 + b))`. Moves them
    /// on.
    private static void addRise(double[] left, double[] right, double[] decay, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, left, i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, right, i);
            DoubleVector factor = DoubleVector.fromArray(SPECIES, decay, i);
            b.sub(a)
                    .div(a.add(1).mul(b.add(1)))
                    .add(DoubleVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
            a.mul(factor).intoArray(left, i);
            b.mul(factor).intoArray(right, i);
        }
    }

    /// `S'` is `e / (1 + e)^2` over the softness, here with one division for both edges.
    private static void addSlopes(
            double[] left, double[] right, double[] decay, double[] inverse, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, left, i);
            DoubleVector b = DoubleVector.fromArray(SPECIES, right, i);
            DoubleVector factor = DoubleVector.fromArray(SPECIES, decay, i);
            DoubleVector first = a.add(1);
            DoubleVector second = b.add(1);
            DoubleVector product = first.mul(second);
            DoubleVector numerator = a.mul(second).mul(second).add(b.mul(first).mul(first));
            numerator
                    .div(product.mul(product))
                    .fma(DoubleVector.fromArray(SPECIES, inverse, i), DoubleVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
            a.mul(factor).intoArray(left, i);
            b.mul(factor).intoArray(right, i);
        }
    }
}
