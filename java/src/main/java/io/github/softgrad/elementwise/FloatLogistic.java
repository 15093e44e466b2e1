package io.github.softgrad.elementwise;

import io.github.softgrad.elementwise.FloatLogisticLoops.Units;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The logistic curve over blocks of float32: the passes of [FloatLogisticLoops], and their scratch.
///
/// The divisions by `s` are made once for each softness.
final class FloatLogistic implements FloatCurve {

    private final Units units;
    private final int size;

    private float[] softness;
    private int softnessAt;
    private int softnessLength;

    /// What slopes and tails need, null before: `1 / s` to twice the precision, for the softness of the call.
    private float[] reciprocal;

    private float[] reciprocalError;
    private float[] exponential;
    private float[] one;
    private float[] zero;
    private boolean prepared;

    /// What only rounding needs, null before.
    private float[] left;

    private float[] right;
    private float[] decay;

    FloatLogistic(int size) {
        units = new Units(size);
        this.size = size;
    }

    @Override
    public void prepare(float[] softness, int from, int length) {
        units.prepare(softness, from, length);
        this.softness = softness;
        softnessAt = from;
        softnessLength = length;
        prepared = false;
    }

    private void prepareReciprocals() {
        if (reciprocal == null) {
            reciprocal = new float[size];
            reciprocalError = new float[size];
            exponential = new float[size];
            zero = new float[size];
            one = new float[size];
            Arrays.fill(one, 1);
        }
        if (!prepared) {
            reciprocals(softness, softnessAt, reciprocal, reciprocalError, softnessLength);
            prepared = true;
        }
    }

    private static void reciprocals(float[] softness, int from, float[] inverse, float[] inverseError, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector s = FloatVector.fromArray(SPECIES, softness, from + i);
            FloatVector quotient = FloatVector.broadcast(SPECIES, 1.0f).div(s);
            quotient.intoArray(inverse, i);
            quotient.neg()
                    .fma(s, FloatVector.broadcast(SPECIES, 1.0f))
                    .mul(quotient)
                    .intoArray(inverseError, i);
        }
    }

    @Override
    public void step(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        boolean tail = lo == null
                ? FloatLogisticLoops.step(false, hi, from, units, out, to, length)
                : FloatLogisticLoops.step(hi, from, lo, units, out, to, length);
        if (tail) {
            prepareReciprocals();
            tail(one, 0, one, 0, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void area(float[] x, int from, float[] softness, int at, float[] out, int to, int length) {
        if (FloatLogisticLoops.area(x, from, units, softness, at, out, to, length)) {
            prepareReciprocals();
            tail(softness, at, x, from, 0, x, from, null, out, to, length);
        }
    }

    @Override
    public void slope(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        prepareReciprocals();
        boolean tail = exponentials(hi, from, lo, exponential, length);
        FloatLogisticLoops.slope(exponential, reciprocal, reciprocalError, out, to, length);
        if (tail) {
            tail(reciprocal, 0, one, 0, Float.POSITIVE_INFINITY, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void gated(float[] x, int from, float[] out, int to, int length) {
        if (FloatLogisticLoops.step(true, x, from, units, out, to, length)) {
            prepareReciprocals();
            tail(x, from, x, from, 0, x, from, null, out, to, length);
        }
    }

    @Override
    public void sign(float[] x, int from, float[] out, int to, int length) {
        FloatLogisticLoops.sign(false, x, from, units, out, to, length);
    }

    @Override
    public void abs(float[] x, int from, float[] out, int to, int length) {
        FloatLogisticLoops.sign(true, x, from, units, out, to, length);
    }

    private boolean exponentials(float[] hi, int from, float[] lo, float[] out, int length) {
        float[] rest = lo == null ? zero : lo;
        return FloatLogisticLoops.exponentials(hi, from, rest, units, out, length);
    }

    private void tail(
            float[] factor,
            int factorAt,
            float[] base,
            int baseAt,
            float limit,
            float[] hi,
            int from,
            float[] lo,
            float[] out,
            int to,
            int length) {
        FloatLogisticLoops.tail(
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
        return 20;
    }

    @Override
    public void addRises(float[] below, float[] above, int terms, float[] out, int to, int length) {
        edges(below, above, length);
        for (int k = 0; k < terms; k++) {
            addRise(left, right, decay, out, to, length);
        }
    }

    @Override
    public void slopes(float[] below, float[] above, int terms, float[] out, int to, int length) {
        edges(below, above, length);
        Arrays.fill(out, to, to + length, 0);
        for (int k = 0; k < terms; k++) {
            addSlopes(left, right, decay, reciprocal, out, to, length);
        }
    }

    /// The exponentials of the nearest edges; those of all others are their products with powers of one number.
    private void edges(float[] below, float[] above, int length) {
        prepareReciprocals();
        if (decay == null) {
            left = new float[size];
            right = new float[size];
            decay = new float[size];
        }
        exponentials(below, 0, null, left, length);
        exponentials(above, 0, null, right, length);
        exponentials(one, 0, null, decay, length);
    }

    /// With `a` and `b` the exponentials, `S(above) - S(below)` is `(b - a) / ((1 + a) (1 + b))`. Moves them
    /// on.
    private static void addRise(float[] left, float[] right, float[] decay, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, left, i);
            FloatVector b = FloatVector.fromArray(SPECIES, right, i);
            FloatVector factor = FloatVector.fromArray(SPECIES, decay, i);
            b.sub(a)
                    .div(a.add(1).mul(b.add(1)))
                    .add(FloatVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
            a.mul(factor).intoArray(left, i);
            b.mul(factor).intoArray(right, i);
        }
    }

    /// `S'` is `e / (1 + e)^2` over the softness, here with one division for both edges.
    private static void addSlopes(
            float[] left, float[] right, float[] decay, float[] inverse, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(SPECIES, left, i);
            FloatVector b = FloatVector.fromArray(SPECIES, right, i);
            FloatVector factor = FloatVector.fromArray(SPECIES, decay, i);
            FloatVector first = a.add(1);
            FloatVector second = b.add(1);
            FloatVector product = first.mul(second);
            FloatVector numerator = a.mul(second).mul(second).add(b.mul(first).mul(first));
            numerator
                    .div(product.mul(product))
                    .fma(FloatVector.fromArray(SPECIES, inverse, i), FloatVector.fromArray(SPECIES, out, to + i))
                    .intoArray(out, to + i);
            a.mul(factor).intoArray(left, i);
            b.mul(factor).intoArray(right, i);
        }
    }
}
