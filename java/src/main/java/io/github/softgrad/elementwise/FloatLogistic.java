package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.FloatExponential.*;
import static io.github.softgrad.elementwise.FloatPasses.NEAREST;
import static io.github.softgrad.elementwise.FloatPasses.WHOLE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The logistic curve of float32 at one softness; see [FloatExponential] for the method and [Logistic] for the
/// formulas.
///
/// The range is reduced in units of `s ln 2`, before the division by `s`: so an exponential has no more than
/// its own error however small it is. Beyond [#TAIL] it stays there, which is as good as 0 beside 1; where it
/// is not beside 1, the tail is done again.
final class FloatLogistic implements FloatCurve {

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final float TAIL = -80;

    /// An argument whose power of two is 0.
    private static final float VANISHING = -88;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final float NOTHING = 256;

    private static final float LARGEST = Float.MAX_VALUE;

    private final float softness;

    /// `1 / s` and what it lacks.
    private final float inverse;

    private final float inverseError;

    /// `s ln 2`, ending in zero bits, so that its products with the exponents of two are exact, and what it
    /// lacks.
    private final float unit;

    private final float unitError;

    /// What only rounding needs, with so many terms as the softness has, null before.
    private float[] decays;

    FloatLogistic(float softness) {
        this.softness = softness;
        inverse = 1 / softness;
        inverseError = Math.fma(-inverse, softness, 1) * inverse;
        float product = softness * LN2;
        float spread = product * SPLIT;
        unit = spread - (spread - product);
        unitError = softness * LN2_REST + Math.fma(softness, LN2, -unit);
    }

    @Override
    public int reach() {
        return 40;
    }

    @Override
    public float tail() {
        return -TAIL;
    }

    @Override
    public void evaluate(CurveForm form, float[] hi, int from, float[] lo, float[] out, int to, int length) {
        boolean far = powers(form, hi, from, lo, out, to, length);
        if (far && form != CurveForm.SIGN && form != CurveForm.ABS) {
            tail(form, hi, from, lo, out, to, length);
        }
    }

    /// With `e = exp(-|x| / s) = t + t p` nothing cancels in `1 - e = (1 - t) - t p`, and `log(1 + e) = 2
    /// artanh f`, `f = e / (2 + e)`.
    private boolean powers(CurveForm form, float[] x, int from, float[] lo, float[] out, int to, int length) {
        boolean slope = form == CurveForm.SLOPE;
        boolean behind = form == CurveForm.BEHIND;
        boolean area = form == CurveForm.AREA;
        boolean sign = form == CurveForm.SIGN || form == CurveForm.ABS;
        boolean timesArgument = form == CurveForm.GATED || form == CurveForm.ABS;
        float s = softness;
        float r1 = inverse;
        float r1Error = inverseError;
        float scale = -r1 * LOG2_E;
        float high = unit;
        float rest = unitError;
        float largest = -TAIL * s;
        boolean far = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            VectorMask<Float> beyond = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, beyond);
            FloatVector shifted = size.fma(scale, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector sum =
                    k.fma(FloatVector.broadcast(SPECIES, rest), k.fma(FloatVector.broadcast(SPECIES, high), size));
            if (lo != null) {
                FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
                sum = sum.add(low.blend(low.neg(), at.compare(LT, 0)).blend(0, beyond));
            }
            FloatVector r = sum.mul(-r1);
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector e = t.fma(p, t);
            FloatVector value;
            if (area) {
                FloatVector f = e.div(t.fma(p, t.add(2)));
                FloatVector z = f.mul(f);
                FloatVector z2 = z.mul(z);
                FloatVector upper2 = z2.fma(FloatVector.broadcast(SPECIES, L4), z.fma(L3, L2));
                FloatVector series = upper2.fma(z2, z.fma(L1, L0));
                FloatVector logarithm = z.mul(series).fma(f, f.add(f));
                FloatVector base = FloatVector.zero(SPECIES).blend(at, at.compare(GT, 0));
                value = logarithm.fma(FloatVector.broadcast(SPECIES, s), base);
            } else if (slope) {
                FloatVector denominator = e.add(1);
                FloatVector square = denominator.mul(denominator);
                FloatVector denominatorError = denominator.neg().add(1).add(e);
                FloatVector squareError = denominator.fma(denominator, square.neg());
                FloatVector lost = denominatorError.mul(2).fma(denominator, squareError);
                FloatVector inverseSquare = FloatVector.broadcast(SPECIES, 1.0f).div(square);
                FloatVector quotient = e.mul(inverseSquare);
                FloatVector remainder = quotient.neg().fma(lost, quotient.neg().fma(square, e));
                FloatVector product = remainder.fma(inverseSquare, quotient);
                value = product.fma(FloatVector.broadcast(SPECIES, r1), product.mul(r1Error));
            } else if (sign) {
                value = t.fma(p, t.sub(1)).div(t.fma(p, t.add(1)));
                value = value.blend(value.neg(), at.compare(GT, 0));
            } else {
                value = (behind ? e : e.blend(1, at.compare(GT, 0))).div(t.fma(p, t.add(1)));
            }
            if (timesArgument) {
                value = value.mul(sign ? at : at.max(-LARGEST));
            }
            value.intoArray(out, to + i);
            far |= beyond.anyTrue();
        }
        return far;
    }

    /// Does the elements of the tail again where they are a factor times `exp(u)`, `u = -|x| / s`. The
    /// exponential is applied in halves, which are far from underflow.
    private void tail(CurveForm form, float[] x, int from, float[] lo, float[] out, int to, int length) {
        boolean slope = form == CurveForm.SLOPE;
        boolean both = slope || form == CurveForm.BEHIND;
        boolean timesArgument = form == CurveForm.GATED;
        float factor = form == CurveForm.AREA ? softness : slope ? inverse : 1;
        float limit = both ? Float.POSITIVE_INFINITY : 0;
        float r1 = inverse;
        float r1Error = inverseError;
        float largest = -TAIL * softness;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector size = at.abs();
            FloatVector quotient = size.mul(r1);
            FloatVector error = size.fma(
                    FloatVector.broadcast(SPECIES, r1Error),
                    size.fma(FloatVector.broadcast(SPECIES, r1), quotient.neg()));
            if (lo != null) {
                FloatVector low = FloatVector.fromArray(SPECIES, lo, i);
                error = low.blend(low.neg(), at.compare(LT, 0)).fma(FloatVector.broadcast(SPECIES, r1), error);
            }
            error = FloatVector.zero(SPECIES).blend(error, quotient.compare(LT, NOTHING));
            FloatVector u = quotient.mul(-0.5f);
            u = u.blend(VANISHING, u.compare(LT, VANISHING + 1));
            FloatVector shifted = u.fma(LOG2_E, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(
                    FloatVector.broadcast(SPECIES, -LN2_LOW), k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), u));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector half = t.fma(p, t);
            FloatVector scaled = timesArgument ? half.mul(at) : half.mul(factor);
            FloatVector value = scaled.fma(error.neg(), scaled).mul(half).blend(0, half.compare(LE, 0));
            VectorMask<Float> mended = size.compare(GT, largest).and(at.compare(LE, limit));
            FloatVector.fromArray(SPECIES, out, to + i).blend(value, mended).intoArray(out, to + i);
        }
    }

    /// Sets `out` to `x` clamped to the bounds plus `R(-|x - lower|) - R(-|x - upper|)`, which is `s log((1 +
    /// e) / (1 + g))` of the exponentials `e` and `g` of both distances, for intervals that are not narrow.
    /// Where nothing is left beside the bounds, nothing need be accurate.
    @Override
    public void clip(float[][] in, int[] at, float[] out, int to, int length) {
        float s = softness;
        float r1 = -inverse;
        float scale = r1 * LOG2_E;
        float high = unit;
        float rest = unitError;
        float largest = -TAIL * s;
        float[] points = in[0];
        float[] lowers = in[1];
        float[] uppers = in[2];
        int atX = at[0];
        int atLower = at[1];
        int atUpper = at[2];
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, points, atX + i);
            FloatVector lower = FloatVector.fromArray(SPECIES, lowers, atLower + i);
            FloatVector upper = FloatVector.fromArray(SPECIES, uppers, atUpper + i);
            FloatVector limit = FloatVector.broadcast(SPECIES, largest);
            FloatVector distance = x.sub(lower).abs();
            FloatVector size = limit.blend(distance, distance.compare(LT, limit));
            FloatVector shifted = size.fma(scale, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(
                            FloatVector.broadcast(SPECIES, rest), k.fma(FloatVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            FloatVector r2 = r.mul(r);
            FloatVector top = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(top.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector e = t.fma(p, t);
            distance = x.sub(upper).abs();
            size = limit.blend(distance, distance.compare(LT, limit));
            shifted = size.fma(scale, BIAS);
            k = shifted.sub(BIAS);
            r = k.fma(FloatVector.broadcast(SPECIES, rest), k.fma(FloatVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            r2 = r.mul(r);
            top = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            p = r2.fma(top.fma(r2, r.fma(G1, G0)), r);
            t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector g = t.fma(p, t);
            FloatVector f = e.sub(g).div(e.add(g).add(2));
            FloatVector z = f.mul(f);
            FloatVector z2 = z.mul(z);
            top = z2.fma(FloatVector.broadcast(SPECIES, L4), z.fma(L3, L2));
            FloatVector series = top.fma(z2, z.fma(L1, L0));
            FloatVector logarithm = z.mul(series).fma(f, f.add(f));
            FloatVector clamped = x.blend(lower, x.compare(LT, lower)).blend(upper, x.compare(GT, upper));
            logarithm.fma(FloatVector.broadcast(SPECIES, s), clamped).intoArray(out, to + i);
        }
    }

    /// With `b = exp(-(1/2 - |f|) / s)` for the distance `f` to the nearest integer and `q = exp(-1 / s)`, the
    /// edges `k` units beyond the nearest ones add `q^k (b^2 - q) / ((b + q^(k + 1)) (1 + b q^k))`. All but
    /// the first are so small that they may share a division.
    @Override
    public void round(float[] x, int from, int terms, float[] out, int to, int length) {
        float r1 = -inverse;
        float scale = r1 * LOG2_E;
        float high = unit;
        float rest = unitError;
        float[] powers = decays(terms);
        float decay = powers[1];
        float largest = -TAIL * softness;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            VectorMask<Float> fractional = at.abs().compare(LT, WHOLE);
            FloatVector whole = at.blend(at.add(NEAREST).sub(NEAREST), fractional);
            FloatVector fraction = FloatVector.zero(SPECIES).blend(at.sub(whole), fractional);
            FloatVector distance = FloatVector.broadcast(SPECIES, 0.5f).sub(fraction.abs());
            FloatVector size = distance.blend(largest, distance.compare(GT, largest));
            FloatVector shifted = size.fma(scale, BIAS);
            FloatVector k = shifted.sub(BIAS);
            FloatVector r = k.fma(
                            FloatVector.broadcast(SPECIES, rest), k.fma(FloatVector.broadcast(SPECIES, high), size))
                    .mul(r1);
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector b = t.fma(p, t);
            FloatVector numerator = b.mul(b).sub(decay);
            FloatVector rise = numerator.div(b.add(decay).mul(b.add(1)));
            if (terms > 1) {
                FloatVector sum = FloatVector.broadcast(SPECIES, decay);
                FloatVector denominator = b.add(powers[2]).mul(b.fma(decay, 1));
                for (int j = 2; j < terms; j++) {
                    FloatVector next = b.add(powers[j + 1]).mul(b.fma(powers[j], 1));
                    sum = sum.mul(next).add(denominator.mul(powers[j]));
                    denominator = denominator.mul(next);
                }
                rise = rise.add(numerator.mul(sum).div(denominator));
            }
            rise.blend(rise.neg(), fraction.compare(LT, 0)).add(whole).intoArray(out, to + i);
        }
    }

    /// Powers of `exp(-1 / s)`.
    private float[] decays(int terms) {
        if (decays == null) {
            decays = new float[terms + 1];
            for (int k = 0; k <= terms; k++) {
                decays[k] = (float) Math.exp(k * -inverse);
            }
        }
        return decays;
    }
}
