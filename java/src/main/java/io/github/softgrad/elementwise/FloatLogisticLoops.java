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
/// The range is reduced in units of `s ln 2`, by [Units], before the division by `s`: so an exponential has no
/// more than its own error however small it is. Beyond [#TAIL] it stays there, which is as good as 0, and the
/// loop says so.
final class FloatLogisticLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final float TAIL = -80;

    /// An argument whose power of two is 0.
    private static final float VANISHING = -88;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final float NOTHING = 256;

    private FloatLogisticLoops() {}

    /// What the loops need of a softness `s`.
    ///
    /// @param scale `-1 / (s ln 2)`
    /// @param unit `s ln 2`, ending in zero bits, so that its products with the exponents of two are exact
    /// @param unitRest what the unit lacks
    /// @param inverse `-1 / s`
    /// @param limit the argument at [#TAIL]
    record Units(float[] scale, float[] unit, float[] unitRest, float[] inverse, float[] limit) {
        Units(int size) {
            this(new float[size], new float[size], new float[size], new float[size], new float[size]);
        }

        void prepare(float[] softness, int from, int length) {
            for (int i = 0; i < length; i += SPECIES.length()) {
                FloatVector s = FloatVector.fromArray(SPECIES, softness, from + i);
                FloatVector negative = FloatVector.broadcast(SPECIES, -1f).div(s);
                FloatVector product = s.mul(LN2);
                FloatVector spread = product.mul(SPLIT);
                FloatVector high = spread.sub(spread.sub(product));
                negative.intoArray(inverse, i);
                negative.mul(LOG2_E).intoArray(scale, i);
                high.intoArray(unit, i);
                s.mul(LN2_REST)
                        .add(s.fma(FloatVector.broadcast(SPECIES, LN2), high.neg()))
                        .intoArray(unitRest, i);
                s.mul(-TAIL).intoArray(limit, i);
            }
        }
    }

    /// `S`, or `x S`.
    static boolean step(boolean timesArgument, float[] x, int from, Units units, float[] out, int to, int length) {
        VectorMask<Float> times = SPECIES.maskAll(timesArgument);
        float[] scale = units.scale;
        float[] unit = units.unit;
        float[] unitRest = units.unitRest;
        float[] inverse = units.inverse;
        float[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector largest = FloatVector.fromArray(SPECIES, limit, i);
            VectorMask<Float> far = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, far);
            FloatVector shifted =
                    FloatVector.fromArray(SPECIES, scale, i).fma(size, FloatVector.broadcast(SPECIES, BIAS));
            FloatVector k = shifted.sub(BIAS);
            FloatVector sum = k.fma(
                    FloatVector.fromArray(SPECIES, unitRest, i), k.fma(FloatVector.fromArray(SPECIES, unit, i), size));
            FloatVector r = sum.mul(FloatVector.fromArray(SPECIES, inverse, i));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector value = t.fma(p, t).blend(1, at.compare(GT, 0)).div(t.fma(p, t.add(1)));
            value.mul(FloatVector.broadcast(SPECIES, 1f).blend(at, times)).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `2 S - 1`, or `x (2 S - 1)`. With `e = t + t p` nothing cancels in `1 - e = (1 - t) - t p`.
    static void sign(boolean timesArgument, float[] x, int from, Units units, float[] out, int to, int length) {
        VectorMask<Float> times = SPECIES.maskAll(timesArgument);
        float[] scale = units.scale;
        float[] unit = units.unit;
        float[] unitRest = units.unitRest;
        float[] inverse = units.inverse;
        float[] limit = units.limit;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector largest = FloatVector.fromArray(SPECIES, limit, i);
            VectorMask<Float> far = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, far);
            FloatVector shifted =
                    FloatVector.fromArray(SPECIES, scale, i).fma(size, FloatVector.broadcast(SPECIES, BIAS));
            FloatVector k = shifted.sub(BIAS);
            FloatVector sum = k.fma(
                    FloatVector.fromArray(SPECIES, unitRest, i), k.fma(FloatVector.fromArray(SPECIES, unit, i), size));
            FloatVector r = sum.mul(FloatVector.fromArray(SPECIES, inverse, i));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            FloatVector value = t.fma(p, t.sub(1)).div(t.fma(p, t.add(1)));
            FloatVector factor = FloatVector.broadcast(SPECIES, -1f).blend(1, at.compare(LT, 0));
            value.mul(factor.blend(at.abs().neg(), times)).intoArray(out, to + i);
        }
    }

    /// `S` at `hi + lo`.
    static boolean step(float[] hi, int from, float[] lo, Units units, float[] out, int to, int length) {
        float[] scale = units.scale;
        float[] unit = units.unit;
        float[] unitRest = units.unitRest;
        float[] inverse = units.inverse;
        float[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector largest = FloatVector.fromArray(SPECIES, limit, i);
            VectorMask<Float> far = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, far);
            FloatVector shifted =
                    FloatVector.fromArray(SPECIES, scale, i).fma(size, FloatVector.broadcast(SPECIES, BIAS));
            FloatVector k = shifted.sub(BIAS);
            FloatVector rest = FloatVector.fromArray(SPECIES, lo, i);
            FloatVector outward = rest.neg().blend(rest, at.compare(GT, 0));
            FloatVector sum = k.fma(
                            FloatVector.fromArray(SPECIES, unitRest, i),
                            k.fma(FloatVector.fromArray(SPECIES, unit, i), size))
                    .add(outward);
            FloatVector r = sum.mul(FloatVector.fromArray(SPECIES, inverse, i));
            FloatVector r2 = r.mul(r);
            FloatVector upper = r2.fma(FloatVector.broadcast(SPECIES, G4), r.fma(G3, G2));
            FloatVector p = r2.fma(upper.fma(r2, r.fma(G1, G0)), r);
            FloatVector t = shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA).reinterpretAsFloats();
            t.fma(p, t).blend(1, at.compare(GT, 0)).div(t.fma(p, t.add(1))).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `R` by `log(1 + e) = 2 artanh f`, `f = e / (2 + e)`.
    static boolean area(
            float[] x, int from, Units units, float[] softness, int softnessAt, float[] out, int to, int length) {
        float[] scale = units.scale;
        float[] unit = units.unit;
        float[] unitRest = units.unitRest;
        float[] inverse = units.inverse;
        float[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, x, from + i);
            FloatVector largest = FloatVector.fromArray(SPECIES, limit, i);
            VectorMask<Float> far = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, far);
            FloatVector shifted =
                    FloatVector.fromArray(SPECIES, scale, i).fma(size, FloatVector.broadcast(SPECIES, BIAS));
            FloatVector k = shifted.sub(BIAS);
            FloatVector sum = k.fma(
                    FloatVector.fromArray(SPECIES, unitRest, i), k.fma(FloatVector.fromArray(SPECIES, unit, i), size));
            FloatVector r = sum.mul(FloatVector.fromArray(SPECIES, inverse, i));
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
    static boolean exponentials(float[] hi, int from, float[] lo, Units units, float[] out, int length) {
        float[] scale = units.scale;
        float[] unit = units.unit;
        float[] unitRest = units.unitRest;
        float[] inverse = units.inverse;
        float[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector at = FloatVector.fromArray(SPECIES, hi, from + i);
            FloatVector largest = FloatVector.fromArray(SPECIES, limit, i);
            VectorMask<Float> far = at.abs().compare(GT, largest);
            FloatVector size = at.abs().blend(largest, far);
            FloatVector shifted =
                    FloatVector.fromArray(SPECIES, scale, i).fma(size, FloatVector.broadcast(SPECIES, BIAS));
            FloatVector k = shifted.sub(BIAS);
            FloatVector rest = FloatVector.fromArray(SPECIES, lo, i);
            FloatVector outward = rest.neg().blend(rest, at.compare(GT, 0));
            FloatVector sum = k.fma(
                            FloatVector.fromArray(SPECIES, unitRest, i),
                            k.fma(FloatVector.fromArray(SPECIES, unit, i), size))
                    .add(outward);
            FloatVector r = sum.mul(FloatVector.fromArray(SPECIES, inverse, i));
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
