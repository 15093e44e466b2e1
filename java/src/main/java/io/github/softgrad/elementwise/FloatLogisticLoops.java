package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.FloatExponential.*;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The passes of the logistic curve of float32: each is one flat method, with the exponential written out in
/// it; see [FloatExponential] for the method and [Logistic] for the formulas.
///
/// Arguments come with the reciprocal of the softness as a pair of arrays. The product and the reduction are
/// kept to twice the precision, so an exponential has no more than its own error however small it is. Up to
/// [#TAIL] it is exact, beyond it is 0 and the loop says so.
final class FloatLogisticLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final float TAIL = -80;

    /// What takes the place of such `u`; its power of two is 0.
    private static final float VANISHING = -88;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final float NOTHING = 256;

    private FloatLogisticLoops() {}

    /// A quotient `(constant + factor e) / (1 + e)` of `e = exp(-|x| / s)`, on each side of 0.
    ///
    /// @param timesArgument whether it is multiplied by `x`
    record Ratio(float constant, float factor, float rightConstant, float rightFactor, boolean timesArgument) {
        static final Ratio STEP = new Ratio(0, 1, 1, 0, false);
        static final Ratio GATED = new Ratio(0, 1, 1, 0, true);
        static final Ratio SIGN = new Ratio(-1, 1, 1, -1, false);
        static final Ratio ABS = new Ratio(-1, 1, 1, -1, true);
    }

    /// The quotient; with `e = t + t p` nothing cancels in `1 - e = (1 - t) - t p`.
    static boolean ratio(
            Ratio ratio, float[] x, int from, float[] inverse, float[] inverseError, float[] out, int to, int length) {
        VectorMask<Float> times = SPECIES.maskAll(ratio.timesArgument);
        float constant = ratio.constant;
        float factor = ratio.factor;
        float rightConstant = ratio.rightConstant;
        float rightFactor = ratio.rightFactor;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs().neg();
            FloatVector s = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(s);
            VectorMask<Float> far = quotient.compare(LT, TAIL);
            FloatVector low = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()))
                    .blend(0, far);
            FloatVector u = quotient.blend(VANISHING, far);
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), low));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            VectorMask<Float> right = at.compare(GT, 0);
            FloatVector scaled = t.mul(FloatVector.broadcast(SPECIES, factor).blend(rightFactor, right));
            FloatVector first =
                    scaled.add(FloatVector.broadcast(SPECIES, constant).blend(rightConstant, right));
            FloatVector value = scaled.fma(p, first).div(t.fma(p, t.add(1)));
            value.mul(FloatVector.broadcast(SPECIES, 1f).blend(at, times)).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `S` at `hi + lo`.
    static boolean step(
            float[] hi, int from, float[] lo, float[] inverse, float[] inverseError, float[] out, int to, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector rest = FloatVector.fromArray(SPECIES, lo, i);
            VectorMask<Float> right = at.compare(GT, 0);
            FloatVector size = at.abs().neg();
            FloatVector s = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(s);
            VectorMask<Float> far = quotient.compare(LT, TAIL);
            FloatVector lost = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()));
            FloatVector low = rest.blend(rest.neg(), right).fma(s, lost).blend(0, far);
            FloatVector u = quotient.blend(VANISHING, far);
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), low));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            t.fma(p, t).blend(1, right).div(t.fma(p, t.add(1))).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `R` by `log(1 + e) = 2 artanh f`, `f = e / (2 + e)`.
    static boolean area(
            float[] x,
            int from,
            float[] inverse,
            float[] inverseError,
            float[] softness,
            int softnessAt,
            float[] out,
            int to,
            int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs().neg();
            FloatVector s = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(s);
            VectorMask<Float> far = quotient.compare(LT, TAIL);
            FloatVector low = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()))
                    .blend(0, far);
            FloatVector u = quotient.blend(VANISHING, far);
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), low));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector f = t.fma(p, t).div(t.fma(p, t.add(2)));
            FloatVector z = f.mul(f);
            FloatVector z2 = z.mul(z);
            FloatVector upper2 = z2.fma(FloatVector.broadcast(SPECIES, L4), z.fma(L3, L2));
            FloatVector series = upper2.fma(z2, z.fma(L1, L0));
            FloatVector logarithm = z.mul(series).fma(f, f.add(f));
            FloatVector base = FloatVector.zero(SPECIES).blend(at, at.compare(GT, 0));
            FloatVector.fromArray(SPECIES, softness, softnessAt + i)
                    .fma(logarithm, base)
                    .intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// Sets `out` to `e`.
    static boolean exponentials(
            float[] hi, int from, float[] lo, float[] inverse, float[] inverseError, float[] out, int length) {
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector rest = FloatVector.fromArray(SPECIES, lo, i);
            FloatVector size = at.abs().neg();
            FloatVector s = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = size.mul(s);
            VectorMask<Float> far = quotient.compare(LT, TAIL);
            FloatVector lost = size.fma(FloatVector.fromArray(SPECIES, inverseError, i), size.fma(s, quotient.neg()));
            FloatVector low =
                    rest.blend(rest.neg(), at.compare(GT, 0)).fma(s, lost).blend(0, far);
            FloatVector u = quotient.blend(VANISHING, far);
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), low));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            t.fma(p, t).intoArray(out, i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `e / (1 + e)^2` over the softness. One division, whose remainder corrects the rounding of the
    /// denominator as well.
    static void slope(float[] exponential, float[] inverse, float[] inverseError, float[] out, int to, int length) {
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

    /// Sets `half` to `exp(u / 2)` for `u = -|x| / s`, 0 where it vanishes, without the error of `u`.
    private static void halves(float[] x, int from, float[] inverse, float[] half, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector product = FloatVector.fromArray(SPECIES, x, from + i)
                    .abs()
                    .mul(FloatVector.fromArray(SPECIES, inverse, i))
                    .mul(-0.5f);
            FloatVector u = product.blend(VANISHING, product.compare(LT, VANISHING + 1));
            FloatVector low = FloatVector.zero(SPECIES);
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u)
                    .add(k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), low));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            t.fma(p, t).intoArray(half, i);
        }
    }

    /// Does the elements of the tail again, as `factor exp(u)`, or `base` right of the limit. The exponential
    /// is applied in halves, which are far from underflow.
    static void tail(
            float[] factor,
            int factorAt,
            float[] base,
            int baseAt,
            float limit,
            float[] hi,
            int from,
            float[] lo,
            float[] inverse,
            float[] inverseError,
            float[] halves,
            float[] out,
            int to,
            int length) {
        halves(hi, from, inverse, halves, length);
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector r = FloatVector.fromArray(SPECIES, inverse, i);
            FloatVector quotient = x.mul(r);
            FloatVector rest = x.fma(FloatVector.fromArray(SPECIES, inverseError, i), x.fma(r, quotient.neg()));
            FloatVector error = FloatVector.fromArray(SPECIES, lo, i).fma(r, rest);
            FloatVector size = quotient.abs();
            FloatVector inward = error.blend(error.neg(), x.compare(GT, 0))
                    .blend(0, size.compare(LT, NOTHING).not());
            FloatVector half = FloatVector.fromArray(SPECIES, halves, i);
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
