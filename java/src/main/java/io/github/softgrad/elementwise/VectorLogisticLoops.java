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
/// The range is reduced in units of `s ln 2`, by [Units], before the division by `s`: so an exponential has no
/// more than its own error however small it is. Beyond [#TAIL] it stays there, which is as good as 0, and the
/// loop says so.
final class VectorLogisticLoops {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final double TAIL = -700;

    /// An argument whose power of two is 0.
    private static final double VANISHING = -709;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final double NOTHING = 2048;

    private VectorLogisticLoops() {}

    /// What the loops need of a softness `s`.
    ///
    /// @param scale `-1 / (s ln 2)`
    /// @param unit `s ln 2`, ending in zero bits, so that its products with the exponents of two are exact
    /// @param unitRest what the unit lacks
    /// @param inverse `-1 / s`
    /// @param limit the argument at [#TAIL]
    record Units(double[] scale, double[] unit, double[] unitRest, double[] inverse, double[] limit) {
        Units(int size) {
            this(new double[size], new double[size], new double[size], new double[size], new double[size]);
        }

        void prepare(double[] softness, int from, int length) {
            for (int i = 0; i < length; i += SPECIES.length()) {
                DoubleVector s = DoubleVector.fromArray(SPECIES, softness, from + i);
                DoubleVector negative = DoubleVector.broadcast(SPECIES, -1.0).div(s);
                DoubleVector product = s.mul(LN2);
                DoubleVector spread = product.mul(SPLIT);
                DoubleVector high = spread.sub(spread.sub(product));
                negative.intoArray(inverse, i);
                negative.mul(LOG2_E).intoArray(scale, i);
                high.intoArray(unit, i);
                s.mul(LN2_REST)
                        .add(s.fma(DoubleVector.broadcast(SPECIES, LN2), high.neg()))
                        .intoArray(unitRest, i);
                s.mul(-TAIL).intoArray(limit, i);
            }
        }
    }

    /// `S`, or `x S`.
    static boolean step(boolean timesArgument, double[] x, int from, Units units, double[] out, int to, int length) {
        VectorMask<Double> times = SPECIES.maskAll(timesArgument);
        double[] scale = units.scale;
        double[] unit = units.unit;
        double[] unitRest = units.unitRest;
        double[] inverse = units.inverse;
        double[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector largest = DoubleVector.fromArray(SPECIES, limit, i);
            VectorMask<Double> far = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, far);
            DoubleVector shifted =
                    DoubleVector.fromArray(SPECIES, scale, i).fma(size, DoubleVector.broadcast(SPECIES, BIAS));
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector sum = k.fma(
                    DoubleVector.fromArray(SPECIES, unitRest, i),
                    k.fma(DoubleVector.fromArray(SPECIES, unit, i), size));
            DoubleVector r = sum.mul(DoubleVector.fromArray(SPECIES, inverse, i));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector value = t.fma(p, t).blend(1, at.compare(GT, 0)).div(t.fma(p, t.add(1)));
            value.mul(DoubleVector.broadcast(SPECIES, 1.0).blend(at, times)).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `2 S - 1`, or `x (2 S - 1)`. With `e = t + t p` nothing cancels in `1 - e = (1 - t) - t p`.
    static void sign(boolean timesArgument, double[] x, int from, Units units, double[] out, int to, int length) {
        VectorMask<Double> times = SPECIES.maskAll(timesArgument);
        double[] scale = units.scale;
        double[] unit = units.unit;
        double[] unitRest = units.unitRest;
        double[] inverse = units.inverse;
        double[] limit = units.limit;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector largest = DoubleVector.fromArray(SPECIES, limit, i);
            VectorMask<Double> far = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, far);
            DoubleVector shifted =
                    DoubleVector.fromArray(SPECIES, scale, i).fma(size, DoubleVector.broadcast(SPECIES, BIAS));
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector sum = k.fma(
                    DoubleVector.fromArray(SPECIES, unitRest, i),
                    k.fma(DoubleVector.fromArray(SPECIES, unit, i), size));
            DoubleVector r = sum.mul(DoubleVector.fromArray(SPECIES, inverse, i));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector value = t.fma(p, t.sub(1)).div(t.fma(p, t.add(1)));
            DoubleVector factor = DoubleVector.broadcast(SPECIES, -1.0).blend(1, at.compare(LT, 0));
            value.mul(factor.blend(at.abs().neg(), times)).intoArray(out, to + i);
        }
    }

    /// `S` at `hi + lo`.
    static boolean step(double[] hi, int from, double[] lo, Units units, double[] out, int to, int length) {
        double[] scale = units.scale;
        double[] unit = units.unit;
        double[] unitRest = units.unitRest;
        double[] inverse = units.inverse;
        double[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector largest = DoubleVector.fromArray(SPECIES, limit, i);
            VectorMask<Double> far = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, far);
            DoubleVector shifted =
                    DoubleVector.fromArray(SPECIES, scale, i).fma(size, DoubleVector.broadcast(SPECIES, BIAS));
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector outward = rest.neg().blend(rest, at.compare(GT, 0));
            DoubleVector sum = k.fma(
                            DoubleVector.fromArray(SPECIES, unitRest, i),
                            k.fma(DoubleVector.fromArray(SPECIES, unit, i), size))
                    .add(outward);
            DoubleVector r = sum.mul(DoubleVector.fromArray(SPECIES, inverse, i));
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector t =
                    shifted.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            t.fma(p, t).blend(1, at.compare(GT, 0)).div(t.fma(p, t.add(1))).intoArray(out, to + i);
            tail |= far.anyTrue();
        }
        return tail;
    }

    /// `R` by `log(1 + e) = 2 artanh f`, `f = e / (2 + e)`.
    static boolean area(
            double[] x, int from, Units units, double[] softness, int softnessAt, double[] out, int to, int length) {
        double[] scale = units.scale;
        double[] unit = units.unit;
        double[] unitRest = units.unitRest;
        double[] inverse = units.inverse;
        double[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
            DoubleVector largest = DoubleVector.fromArray(SPECIES, limit, i);
            VectorMask<Double> far = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, far);
            DoubleVector shifted =
                    DoubleVector.fromArray(SPECIES, scale, i).fma(size, DoubleVector.broadcast(SPECIES, BIAS));
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector sum = k.fma(
                    DoubleVector.fromArray(SPECIES, unitRest, i),
                    k.fma(DoubleVector.fromArray(SPECIES, unit, i), size));
            DoubleVector r = sum.mul(DoubleVector.fromArray(SPECIES, inverse, i));
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
    static boolean exponentials(double[] hi, int from, double[] lo, Units units, double[] out, int length) {
        double[] scale = units.scale;
        double[] unit = units.unit;
        double[] unitRest = units.unitRest;
        double[] inverse = units.inverse;
        double[] limit = units.limit;
        boolean tail = false;
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector at = DoubleVector.fromArray(SPECIES, hi, from + i);
            DoubleVector largest = DoubleVector.fromArray(SPECIES, limit, i);
            VectorMask<Double> far = at.abs().compare(GT, largest);
            DoubleVector size = at.abs().blend(largest, far);
            DoubleVector shifted =
                    DoubleVector.fromArray(SPECIES, scale, i).fma(size, DoubleVector.broadcast(SPECIES, BIAS));
            DoubleVector k = shifted.sub(BIAS);
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lo, i);
            DoubleVector outward = rest.neg().blend(rest, at.compare(GT, 0));
            DoubleVector sum = k.fma(
                            DoubleVector.fromArray(SPECIES, unitRest, i),
                            k.fma(DoubleVector.fromArray(SPECIES, unit, i), size))
                    .add(outward);
            DoubleVector r = sum.mul(DoubleVector.fromArray(SPECIES, inverse, i));
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
