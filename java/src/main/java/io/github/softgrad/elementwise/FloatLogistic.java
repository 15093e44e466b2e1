package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.EXPM1;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LOG1P;
import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the logistic curve of float32; see [Logistic] for the formulas.
///
/// `x / s` is the product with the reciprocal of `s`, which is kept to twice the precision: the divisions are
/// made once for each softness. The exponential functions are fast where the JDK has a vector mathematics
/// library for the processor (SVML on x86-64), and slower than scalar code where it has none.
final class FloatLogistic implements FloatCurve {

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    private static final float TAIL = -80;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final float NOTHING = 256;

    private final float[] reciprocal;
    private final float[] reciprocalError;
    private final float[] exponential;
    private final float[] one;

    /// What only rounding needs, null before.
    private float[] left;

    private float[] right;
    private float[] decay;

    FloatLogistic(int size) {
        reciprocal = new float[size];
        reciprocalError = new float[size];
        exponential = new float[size];
        one = new float[size];
        Arrays.fill(one, 1);
    }

    @Override
    public void prepare(float[] softness, int from, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector s = FloatVector.fromArray(SPECIES, softness, from + i);
            FloatVector inverse = FloatVector.broadcast(SPECIES, 1.0f).div(s);
            inverse.intoArray(reciprocal, i);
            inverse.neg()
                    .fma(s, FloatVector.broadcast(SPECIES, 1.0f))
                    .mul(inverse)
                    .intoArray(reciprocalError, i);
        }
    }

    @Override
    public void step(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishStep(exponential, hi, from, out, to, length);
        if (tail) {
            tail(one, 0, one, 0, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void area(float[] hi, int from, float[] lo, float[] softness, int at, float[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishArea(exponential, hi, from, softness, at, out, to, length);
        if (tail) {
            tail(softness, at, hi, from, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void slope(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishSlope(exponential, reciprocal, reciprocalError, out, to, length);
        if (tail) {
            tail(reciprocal, 0, one, 0, Float.POSITIVE_INFINITY, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void gated(float[] hi, int from, float[] lo, float[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishGated(exponential, hi, from, out, to, length);
        if (tail) {
            tail(hi, from, hi, from, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void sign(float[] x, int from, float[] out, int to, int length) {
        decays(x, from, reciprocal, reciprocalError, exponential, length);
        finishSign(exponential, x, from, out, to, length);
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

    private boolean exponentials(float[] hi, int from, float[] lo, int length) {
        return lo == null
                ? exponentials(hi, from, reciprocal, reciprocalError, exponential, length)
                : exponentials(hi, from, lo, reciprocal, reciprocalError, exponential, length);
    }

    /// The exponentials of the nearest edges; those of all others are their products with powers of one number.
    private void edges(float[] below, float[] above, int length) {
        if (decay == null) {
            left = new float[one.length];
            right = new float[one.length];
            decay = new float[one.length];
        }
        exponentials(below, 0, reciprocal, reciprocalError, left, length);
        exponentials(above, 0, reciprocal, reciprocalError, right, length);
        exponentials(one, 0, reciprocal, reciprocalError, decay, length);
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

    /// Sets `out` to `exp(-|hi + lo| / s)`; returns whether any is in the tail.
    private static boolean exponentials(
            float[] hi, int from, float[] lo, float[] inverse, float[] inverseError, float[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = x.mul(r);
            FloatVector rest = x.fma(FloatVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            FloatVector error = FloatVector.fromArray(SPECIES, lo, i).fma(r, rest);
            FloatVector size = quotient.abs();
            FloatVector outward = error.blend(error.neg(), x.compare(LE, 0));
            FloatVector rough = size.neg().lanewise(EXP);
            FloatVector corrected = rough.neg().fma(outward, rough);
            rough.blend(corrected, size.compare(LT, NOTHING)).intoArray(out, i);
            tail |= size.compare(GT, -TAIL).anyTrue();
        }
        return tail;
    }

    /// The same without `lo`.
    private static boolean exponentials(
            float[] hi, int from, float[] inverse, float[] inverseError, float[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector size = FloatVector.fromArray(SPECIES, hi, from + i).abs();
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(r);
            FloatVector error = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(r, quotient.neg()));
            FloatVector rough = quotient.neg().lanewise(EXP);
            FloatVector corrected = rough.neg().fma(error, rough);
            rough.blend(corrected, quotient.compare(LT, NOTHING)).intoArray(out, i);
            tail |= quotient.compare(GT, -TAIL).anyTrue();
        }
        return tail;
    }

    /// Sets `out` to `exp(-|x| / s) - 1`.
    private static void decays(float[] x, int from, float[] inverse, float[] inverseError, float[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector size = FloatVector.fromArray(SPECIES, x, from + i).abs();
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(r);
            FloatVector error = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(r, quotient.neg()));
            FloatVector rough = quotient.neg().lanewise(EXPM1);
            FloatVector corrected = rough.add(1).neg().fma(error, rough);
            rough.blend(corrected, quotient.compare(LT, NOTHING)).intoArray(out, i);
        }
    }

    private static void finishStep(float[] exponential, float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector e = FloatVector.fromArray(SPECIES, exponential, i);
            VectorMask<Float> right =
                    FloatVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            e.blend(1, right).div(e.add(1)).intoArray(out, to + i);
        }
    }

    private static void finishArea(
            float[] exponential, float[] hi, int from, float[] softness, int at, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector logarithm =
                    FloatVector.fromArray(SPECIES, exponential, i).lanewise(LOG1P);
            FloatVector base = FloatVector.fromArray(SPECIES, hi, from + i).max(0);
            FloatVector.fromArray(SPECIES, softness, at + i)
                    .fma(logarithm, base)
                    .intoArray(out, to + i);
        }
    }

    /// One division, whose remainder corrects the rounding of the denominator as well.
    private static void finishSlope(
            float[] exponential, float[] inverse, float[] inverseError, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector e = FloatVector.fromArray(SPECIES, exponential, i);
            FloatVector denominator = e.add(1);
            FloatVector square = denominator.mul(denominator);
            FloatVector denominatorError = denominator.neg().add(1).add(e);
            FloatVector squareError = denominator.fma(denominator, square.neg());
            FloatVector lost = denominatorError.mul(2).fma(denominator, squareError);
            FloatVector inverseSquare = FloatVector.broadcast(SPECIES, 1.0f).div(square);
            FloatVector quotient = e.mul(inverseSquare);
            FloatVector remainder = quotient.neg().fma(lost, quotient.neg().fma(square, e));
            FloatVector product = remainder.fma(inverseSquare, quotient);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            product.fma(r, product.mul(FloatVector.fromArray(SPECIES, inverseError, i)))
                    .intoArray(out, to + i);
        }
    }

    /// Infinity times zero at minus infinity is the tail's concern.
    private static void finishGated(float[] exponential, float[] hi, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector e = FloatVector.fromArray(SPECIES, exponential, i);
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            x.mul(e.blend(1, x.compare(GT, 0)).div(e.add(1))).intoArray(out, to + i);
        }
    }

    private static void finishSign(float[] decays, float[] x, int from, float[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector decay = FloatVector.fromArray(SPECIES, decays, i);
            FloatVector size = decay.neg().div(decay.add(2));
            VectorMask<Float> left = FloatVector.fromArray(SPECIES, x, from + i).compare(LT, 0);
            size.blend(size.neg(), left).intoArray(out, to + i);
        }
    }

    /// Does the elements of the tail again, as `factor exp(u)`, or `base` right of the limit. The exponential
    /// is applied in halves, which are far from underflow.
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
        float[] rests = lo == null ? new float[length] : lo;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector r = FloatVector.fromArray(SPECIES, reciprocal, i);
            FloatVector quotient = x.mul(r);
            FloatVector rest = x.fma(FloatVector.fromArray(SPECIES, reciprocalError, i), x.fma(r, quotient.neg()));
            FloatVector error = FloatVector.fromArray(SPECIES, rests, i).fma(r, rest);
            FloatVector size = quotient.abs();
            FloatVector inward = error.blend(error.neg(), x.compare(GT, 0))
                    .blend(0, size.compare(LT, NOTHING).not());
            FloatVector half = size.mul(-0.5f).lanewise(EXP);
            FloatVector scaled =
                    FloatVector.fromArray(SPECIES, factor, factorAt + i).mul(half);
            FloatVector small = scaled.fma(inward, scaled).mul(half).blend(0, half.compare(LE, 0));
            FloatVector value = small.blend(FloatVector.fromArray(SPECIES, base, baseAt + i), x.compare(GT, limit));
            FloatVector.fromArray(SPECIES, out, to + i)
                    .blend(value, size.compare(GT, -TAIL))
                    .intoArray(out, to + i);
        }
    }
}
