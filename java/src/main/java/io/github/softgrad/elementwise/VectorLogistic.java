package io.github.softgrad.elementwise;

import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.EXPM1;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LOG1P;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The loops of the logistic curve; see [Logistic] for the formulas. The far tail goes to it element by
/// element.
///
/// The exponential functions are fast where the JDK has a vector mathematics library for the processor (SVML on
/// x86-64), and slower than scalar code where it has none.
final class VectorLogistic implements VectorCurve {

    private static final double TAIL = -700;
    private static final double NOTHING = 2048;

    private final double[] distance;
    private final double[] error;
    private final double[] exponential;
    private final double[] zero;

    VectorLogistic(int size) {
        distance = new double[size];
        error = new double[size];
        exponential = new double[size];
        zero = new double[size];
    }

    @Override
    public void at(int order, double[] hi, double[] lo, double[] softness, double[] out, int length) {
        boolean tail = quotients(hi, lo, softness, distance, error, length);
        exponentials(distance, error, exponential, length);
        switch (order) {
            case -1 -> softplus(exponential, hi, softness, out, length);
            case 0 -> step(exponential, hi, out, length);
            default -> slope(exponential, softness, out, length);
        }
        for (int i = 0; tail && i < length; i++) {
            if (distance[i] < TAIL) {
                out[i] = Curve.LOGISTIC.transition.at(order, hi[i], lo[i], softness[i]);
            }
        }
    }

    @Override
    public void sign(double[] x, double[] softness, double[] out, int length) {
        quotients(x, zero, softness, distance, error, length);
        sign(distance, error, x, out, length);
    }

    /// Sets `distance + error` to `-|hi + lo| / s`; returns whether any is in the tail.
    private static boolean quotients(
            double[] hi, double[] lo, double[] softness, double[] distance, double[] error, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, i);
            DoubleVector s = DoubleVector.fromArray(SPECIES, softness, i);
            DoubleVector quotient = x.div(s);
            DoubleVector remainder = quotient.neg().fma(s, x);
            DoubleVector signed =
                    remainder.add(DoubleVector.fromArray(SPECIES, lo, i)).div(s);
            DoubleVector size = quotient.abs();
            DoubleVector mirrored = signed.blend(signed.neg(), x.compare(GT, 0));
            size.neg().intoArray(distance, i);
            mirrored.blend(0, size.compare(GE, NOTHING)).intoArray(error, i);
            tail |= size.compare(GT, -TAIL).anyTrue();
        }
        return tail;
    }

    /// The first pass of every order.
    private static void exponentials(double[] distance, double[] error, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector rough = DoubleVector.fromArray(SPECIES, distance, i).lanewise(EXP);
            rough.fma(DoubleVector.fromArray(SPECIES, error, i), rough).intoArray(out, i);
        }
    }

    private static void step(double[] exponential, double[] hi, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exponential, i);
            VectorMask<Double> right = DoubleVector.fromArray(SPECIES, hi, i).compare(GT, 0);
            e.blend(1, right).div(e.add(1)).intoArray(out, i);
        }
    }

    private static void softplus(double[] exponential, double[] hi, double[] softness, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector logarithm =
                    DoubleVector.fromArray(SPECIES, exponential, i).lanewise(LOG1P);
            DoubleVector base = DoubleVector.fromArray(SPECIES, hi, i).max(0);
            DoubleVector.fromArray(SPECIES, softness, i).fma(logarithm, base).intoArray(out, i);
        }
    }

    private static void slope(double[] exponential, double[] softness, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exponential, i);
            DoubleVector denominator = e.add(1);
            DoubleVector square = denominator.mul(denominator);
            DoubleVector denominatorError = denominator.neg().add(1).add(e);
            DoubleVector squareError = denominator.fma(denominator, square.neg());
            DoubleVector lost = denominatorError.mul(2).fma(denominator, squareError);
            DoubleVector quotient = e.div(square);
            DoubleVector product = lost.neg().div(square).fma(quotient, quotient);
            product.div(DoubleVector.fromArray(SPECIES, softness, i)).intoArray(out, i);
        }
    }

    private static void sign(double[] distance, double[] error, double[] x, double[] out, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector rough = DoubleVector.fromArray(SPECIES, distance, i).lanewise(EXPM1);
            DoubleVector decay = rough.add(1).fma(DoubleVector.fromArray(SPECIES, error, i), rough);
            DoubleVector size = decay.neg().div(decay.add(2));
            VectorMask<Double> left = DoubleVector.fromArray(SPECIES, x, i).compare(LT, 0);
            size.blend(size.neg(), left).intoArray(out, i);
        }
    }
}
