package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.EXPM1;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LOG1P;
import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the logistic curve; see [Logistic] for the formulas.
///
/// `x / s` is the product with the reciprocal of `s`, which is kept to twice the precision: the divisions are
/// made once for each softness. The exponential functions are fast where the JDK has a vector mathematics
/// library for the processor (SVML on x86-64), and slower than scalar code where it has none.
final class VectorLogistic implements VectorCurve {

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    private static final double TAIL = -700;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final double NOTHING = 2048;

    private final double[] reciprocal;
    private final double[] reciprocalError;
    private final double[] exponential;
    private final double[] one;

    /// What only rounding needs, null before.
    private double[] left;

    private double[] right;
    private double[] decay;

    VectorLogistic(int size) {
        reciprocal = new double[size];
        reciprocalError = new double[size];
        exponential = new double[size];
        one = new double[size];
        Arrays.fill(one, 1);
    }

    @Override
    public void prepare(double[] softness, int from, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, from + i);
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1.0).div(s);
            inverse.intoArray(reciprocal, i);
            inverse.neg()
                    .fma(s, DoubleVector.broadcast(SPECIES, 1.0))
                    .mul(inverse)
                    .intoArray(reciprocalError, i);
        }
    }

    @Override
    public void step(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishStep(exponential, hi, from, out, to, length);
        if (tail) {
            tail(one, 0, one, 0, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void area(double[] hi, int from, double[] lo, double[] softness, int at, double[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishArea(exponential, hi, from, softness, at, out, to, length);
        if (tail) {
            tail(softness, at, hi, from, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void slope(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishSlope(exponential, reciprocal, reciprocalError, out, to, length);
        if (tail) {
            tail(reciprocal, 0, one, 0, Double.POSITIVE_INFINITY, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void gated(double[] hi, int from, double[] lo, double[] out, int to, int length) {
        boolean tail = exponentials(hi, from, lo, length);
        finishGated(exponential, hi, from, out, to, length);
        if (tail) {
            tail(hi, from, hi, from, 0, hi, from, lo, out, to, length);
        }
    }

    @Override
    public void sign(double[] x, int from, double[] out, int to, int length) {
        decays(x, from, reciprocal, reciprocalError, exponential, length);
        finishSign(exponential, x, from, out, to, length);
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

    private boolean exponentials(double[] hi, int from, double[] lo, int length) {
        return lo == null
                ? exponentials(hi, from, reciprocal, reciprocalError, exponential, length)
                : exponentials(hi, from, lo, reciprocal, reciprocalError, exponential, length);
    }

    /// The exponentials of the nearest edges; those of all others are their products with powers of one number.
    private void edges(double[] below, double[] above, int length) {
        if (decay == null) {
            left = new double[one.length];
            right = new double[one.length];
            decay = new double[one.length];
        }
        exponentials(below, 0, reciprocal, reciprocalError, left, length);
        exponentials(above, 0, reciprocal, reciprocalError, right, length);
        exponentials(one, 0, reciprocal, reciprocalError, decay, length);
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

    /// Sets `out` to `exp(-|hi + lo| / s)`; returns whether any is in the tail.
    private static boolean exponentials(
            double[] hi, int from, double[] lo, double[] inverse, double[] inverseError, double[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = x.mul(r);
            DoubleVector rest = x.fma(DoubleVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            DoubleVector error = DoubleVector.fromArray(SPECIES, lo, i).fma(r, rest);
            DoubleVector size = quotient.abs();
            DoubleVector outward = error.blend(error.neg(), x.compare(LE, 0));
            DoubleVector rough = size.neg().lanewise(EXP);
            DoubleVector corrected = rough.neg().fma(outward, rough);
            rough.blend(corrected, size.compare(LT, NOTHING)).intoArray(out, i);
            tail |= size.compare(GT, -TAIL).anyTrue();
        }
        return tail;
    }

    /// The same without `lo`.
    private static boolean exponentials(
            double[] hi, int from, double[] inverse, double[] inverseError, double[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector size = DoubleVector.fromArray(SPECIES, hi, from + i).abs();
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(r);
            DoubleVector error =
                    size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(r, quotient.neg()));
            DoubleVector rough = quotient.neg().lanewise(EXP);
            DoubleVector corrected = rough.neg().fma(error, rough);
            rough.blend(corrected, quotient.compare(LT, NOTHING)).intoArray(out, i);
            tail |= quotient.compare(GT, -TAIL).anyTrue();
        }
        return tail;
    }

    /// Sets `out` to `exp(-|x| / s) - 1`.
    private static void decays(
            double[] x, int from, double[] inverse, double[] inverseError, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector size = DoubleVector.fromArray(SPECIES, x, from + i).abs();
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(r);
            DoubleVector error =
                    size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(r, quotient.neg()));
            DoubleVector rough = quotient.neg().lanewise(EXPM1);
            DoubleVector corrected = rough.add(1).neg().fma(error, rough);
            rough.blend(corrected, quotient.compare(LT, NOTHING)).intoArray(out, i);
        }
    }

    private static void finishStep(double[] exponential, double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exponential, i);
            VectorMask<Double> right =
                    DoubleVector.fromArray(SPECIES, hi, from + i).compare(GT, 0);
            e.blend(1, right).div(e.add(1)).intoArray(out, to + i);
        }
    }

    private static void finishArea(
            double[] exponential, double[] hi, int from, double[] softness, int at, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector logarithm =
                    DoubleVector.fromArray(SPECIES, exponential, i).lanewise(LOG1P);
            DoubleVector base = DoubleVector.fromArray(SPECIES, hi, from + i).max(0);
            DoubleVector.fromArray(SPECIES, softness, at + i)
                    .fma(logarithm, base)
                    .intoArray(out, to + i);
        }
    }

    /// One division, whose remainder corrects the rounding of the denominator as well.
    private static void finishSlope(
            double[] exponential, double[] inverse, double[] inverseError, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exponential, i);
            DoubleVector denominator = e.add(1);
            DoubleVector square = denominator.mul(denominator);
            DoubleVector denominatorError = denominator.neg().add(1).add(e);
            DoubleVector squareError = denominator.fma(denominator, square.neg());
            DoubleVector lost = denominatorError.mul(2).fma(denominator, squareError);
            DoubleVector inverseSquare = DoubleVector.broadcast(SPECIES, 1.0).div(square);
            DoubleVector quotient = e.mul(inverseSquare);
            DoubleVector remainder = quotient.neg().fma(lost, quotient.neg().fma(square, e));
            DoubleVector product = remainder.fma(inverseSquare, quotient);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            product.fma(r, product.mul(DoubleVector.fromArray(SPECIES, inverseError, i)))
                    .intoArray(out, to + i);
        }
    }

    /// Infinity times zero at minus infinity is the tail's concern.
    private static void finishGated(double[] exponential, double[] hi, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exponential, i);
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            x.mul(e.blend(1, x.compare(GT, 0)).div(e.add(1))).intoArray(out, to + i);
        }
    }

    private static void finishSign(double[] decays, double[] x, int from, double[] out, int to, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector decay = DoubleVector.fromArray(SPECIES, decays, i);
            DoubleVector size = decay.neg().div(decay.add(2));
            VectorMask<Double> left =
                    DoubleVector.fromArray(SPECIES, x, from + i).compare(LT, 0);
            size.blend(size.neg(), left).intoArray(out, to + i);
        }
    }

    /// Does the elements of the tail again, as `factor exp(u)`, or `base` right of the limit. The exponential
    /// is applied in halves, which are far from underflow.
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
        double[] rests = lo == null ? new double[length] : lo;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, reciprocal, i);
            DoubleVector quotient = x.mul(r);
            DoubleVector rest = x.fma(DoubleVector.fromArray(SPECIES, reciprocalError, i), x.fma(r, quotient.neg()));
            DoubleVector error = DoubleVector.fromArray(SPECIES, rests, i).fma(r, rest);
            DoubleVector size = quotient.abs();
            DoubleVector inward = error.blend(error.neg(), x.compare(GT, 0))
                    .blend(0, size.compare(LT, NOTHING).not());
            DoubleVector half = size.mul(-0.5).lanewise(EXP);
            DoubleVector scaled =
                    DoubleVector.fromArray(SPECIES, factor, factorAt + i).mul(half);
            DoubleVector small = scaled.fma(inward, scaled).mul(half).blend(0, half.compare(LE, 0));
            DoubleVector value = small.blend(DoubleVector.fromArray(SPECIES, base, baseAt + i), x.compare(GT, limit));
            DoubleVector.fromArray(SPECIES, out, to + i)
                    .blend(value, size.compare(GT, -TAIL))
                    .intoArray(out, to + i);
        }
    }
}
