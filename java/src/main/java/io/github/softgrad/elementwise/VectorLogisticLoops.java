package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.Exponential.*;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The passes of the logistic curve: each is one flat method, with the exponential written out in it; see
/// [Exponential] for the method and [Logistic] for the formulas.
///
/// Arguments come with the reciprocal of the softness as a pair of arrays. The product and the reduction are
/// kept to twice the precision, so an exponential has no more than its own error however small it is. Up to
/// [#TAIL] it is exact, beyond it is 0 and the loop says so.
final class VectorLogisticLoops {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final double TAIL = -700;

    /// What takes the place of such `u`; its power of two is 0.
    private static final double VANISHING = -709;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final double NOTHING = 2048;

    private VectorLogisticLoops() {}

    /// A quotient `(constant + factor e) / (1 + e)` of `e = exp(-|x| / s)`, on each side of 0.
    ///
    /// @param timesArgument whether it is multiplied by `x`
    record Ratio(double constant, double factor, double rightConstant, double rightFactor, boolean timesArgument) {
        static final Ratio STEP = new Ratio(0, 1, 1, 0, false);
        static final Ratio GATED = new Ratio(0, 1, 1, 0, true);
        static final Ratio SIGN = new Ratio(-1, 1, 1, -1, false);
        static final Ratio ABS = new Ratio(-1, 1, 1, -1, true);
    }

    /// The quotient; with `e = t + t p` nothing cancels in `1 - e = (1 - t) - t p`.
    static boolean ratio(
            Ratio ratio,
            double[] x,
            int from,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        VectorMask<Double> times = SPECIES.maskAll(ratio.timesArgument);
        double constant = ratio.constant;
        double factor = ratio.factor;
        double rightConstant = ratio.rightConstant;
        double rightFactor = ratio.rightFactor;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs().neg();
            DoubleVector s = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(s);
            VectorMask<Double> far = quotient.compare(LT, TAIL);
            DoubleVector low = size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()))
                    .blend(0, far);
            DoubleVector u = quotient.blend(VANISHING, far);
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), low));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            VectorMask<Double> right = at.compare(GT, 0);
            DoubleVector scaled = t.mul(DoubleVector.broadcast(SPECIES, factor).blend(rightFactor, right));
            DoubleVector first =
                    scaled.add(DoubleVector.broadcast(SPECIES, constant).blend(rightConstant, right));
            DoubleVector value = scaled.fma(p, first).div(t.fma(p, t.add(1)));
            value.mul(DoubleVector.broadcast(SPECIES, 1.0).blend(at, times)).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `S` at `hi + lo`.
    static boolean step(
            double[] hi,
            int from,
            double[] lo,
            double[] inverse,
            double[] inverseError,
            double[] out,
            int to,
            int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lo, i);
            VectorMask<Double> right = at.compare(GT, 0);
            DoubleVector size = at.abs().neg();
            DoubleVector s = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(s);
            VectorMask<Double> far = quotient.compare(LT, TAIL);
            DoubleVector lost = size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()));
            DoubleVector low = rest.blend(rest.neg(), right).fma(s, lost).blend(0, far);
            DoubleVector u = quotient.blend(VANISHING, far);
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), low));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            t.fma(p, t).blend(1, right).div(t.fma(p, t.add(1))).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `R` by `log(1 + e) = 2 artanh f`, `f = e / (2 + e)`.
    static boolean area(
            double[] x,
            int from,
            double[] inverse,
            double[] inverseError,
            double[] softness,
            int softnessAt,
            double[] out,
            int to,
            int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector size = at.abs().neg();
            DoubleVector s = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(s);
            VectorMask<Double> far = quotient.compare(LT, TAIL);
            DoubleVector low = size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()))
                    .blend(0, far);
            DoubleVector u = quotient.blend(VANISHING, far);
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), low));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector f = t.fma(p, t).div(t.fma(p, t.add(2)));
            DoubleVector z = f.mul(f);
            DoubleVector z2 = z.mul(z);
            DoubleVector z4 = z2.mul(z2);
            DoubleVector upper2 = z4.fma(z.fma(L9, L8), z2.fma(z.fma(L7, L6), z.fma(L5, L4)));
            DoubleVector series = upper2.fma(z4, z2.fma(z.fma(L3, L2), z.fma(L1, L0)));
            DoubleVector logarithm = z.mul(series).fma(f, f.add(f));
            DoubleVector base = DoubleVector.zero(SPECIES).blend(at, at.compare(GT, 0));
            DoubleVector.fromArray(SPECIES, softness, softnessAt + i)
                    .fma(logarithm, base)
                    .intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// Sets `out` to `e`.
    static boolean exponentials(
            double[] hi, int from, double[] lo, double[] inverse, double[] inverseError, double[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector size = at.abs().neg();
            DoubleVector s = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = size.mul(s);
            VectorMask<Double> far = quotient.compare(LT, TAIL);
            DoubleVector lost = size.fma(DoubleVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()));
            DoubleVector low =
                    rest.blend(rest.neg(), at.compare(GT, 0)).fma(s, lost).blend(0, far);
            DoubleVector u = quotient.blend(VANISHING, far);
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), low));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            t.fma(p, t).intoArray(out, i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `e / (1 + e)^2` over the softness. One division, whose remainder corrects the rounding of the
    /// denominator as well.
    static void slope(double[] exponential, double[] inverse, double[] inverseError, double[] out, int to, int length) {
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

    /// Sets `half` to `exp(u / 2)` for `u = -|x| / s`, 0 where it vanishes, without the error of `u`.
    private static void halves(double[] x, int from, double[] inverse, double[] half, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector product = DoubleVector.fromArray(SPECIES, x, from + i)
                    .abs()
                    .mul(DoubleVector.fromArray(SPECIES, inverse, i))
                    .mul(-0.5);
            DoubleVector u = product.blend(VANISHING, product.compare(LT, VANISHING + 1));
            DoubleVector low = DoubleVector.zero(SPECIES);
            DoubleVector shifted = u.fma(LOG2_E, BIAS);
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), low));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            t.fma(p, t).intoArray(half, i);
        }
    }

    /// Does the elements of the tail again, as `factor exp(u)`, or `base` right of the limit. The exponential
    /// is applied in halves, which are far from underflow.
    static void tail(
            double[] factor,
            int factorAt,
            double[] base,
            int baseAt,
            double limit,
            double[] hi,
            int from,
            double[] lo,
            double[] inverse,
            double[] inverseError,
            double[] halves,
            double[] out,
            int to,
            int length) {
        halves(hi, from, inverse, halves, length);
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector r = DoubleVector.fromArray(SPECIES, inverse, i);
            DoubleVector quotient = x.mul(r);
            DoubleVector rest = x.fma(DoubleVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            DoubleVector error = DoubleVector.fromArray(SPECIES, lo, i).fma(r, rest);
            DoubleVector size = quotient.abs();
            DoubleVector inward = error.blend(error.neg(), x.compare(GT, 0))
                    .blend(0, size.compare(LT, NOTHING).not());
            DoubleVector half = DoubleVector.fromArray(SPECIES, halves, i);
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
