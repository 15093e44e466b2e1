package io.github.softgrad.elementwise;

import static io.github.softgrad.elementwise.DoubleFormat.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The exponential, logarithm and hyperbolic tangent of any number, within 2, 3 and 4 ulp; see [DoubleFormat].
final class DoubleExponentials {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /// Beyond these the exponential is infinite and 0.
    private static final double OVERFLOW = 710;

    private static final double UNDERFLOW = -746;

    /// The bits of the square root of 1/2, and their distance to those of 1.
    private static final long ROOT_OF_HALF = 0x3fe6a09e667f3bcdL;

    private static final long TO_ONE = 0x3ff0000000000000L - ROOT_OF_HALF;
    private static final long FRACTION = 0x000fffffffffffffL;
    private static final double TWO_52 = 0x1p52;
    private static final double SUBNORMAL_SCALE = 0x1p54;

    private DoubleExponentials() {}

    /// The loop of one of the three; it needs no scratch.
    static DoubleBlocks.Loop loop(Arithmetic function, int size) {
        return switch (function) {
            case EXP -> DoubleExponentials::exp;
            case LOG -> DoubleExponentials::log;
            case TANH -> tanh();
            default -> throw new IllegalArgumentException(function.toString());
        };
    }

    /// The power of two is applied in halves, so that the first product neither overflows nor underflows.
    private static void exp(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, atA + i);
            DoubleVector u = x.blend(OVERFLOW, x.compare(GT, OVERFLOW)).blend(UNDERFLOW, x.compare(LT, UNDERFLOW));
            DoubleVector k = u.fma(LOG2_E, BIAS).sub(BIAS);
            DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), u);
            r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), r);
            DoubleVector r2 = r.mul(r);
            DoubleVector r4 = r2.mul(r2);
            DoubleVector upper = r4.fma(r.fma(G9, G8), r2.fma(r.fma(G7, G6), r.fma(G5, G4)));
            DoubleVector p = r2.fma(upper.fma(r4, r2.fma(r.fma(G3, G2), r.fma(G1, G0))), r);
            DoubleVector half = k.fma(0.5, BIAS);
            DoubleVector otherHalf = k.sub(half.sub(BIAS)).add(BIAS);
            DoubleVector t = half.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            DoubleVector s =
                    otherHalf.reinterpretAsLongs().lanewise(LSHL, MANTISSA).reinterpretAsDoubles();
            t.fma(p, t).mul(s).intoArray(out, to + i);
        }
    }

    /// `a = 2^k m` with `m` within a factor of the square root of 2 of 1, and `f = (m - 1) / (m + 1)`.
    private static void log(double[][] in, int[] at, double[] out, int to, int length) {
        double[] a = in[0];
        int atA = at[0];
        for (int i = 0; i < length; i += SPECIES.length()) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, atA + i);
            VectorMask<Double> subnormal = x.compare(LT, Double.MIN_NORMAL);
            LongVector bits = x.blend(x.mul(SUBNORMAL_SCALE), subnormal)
                    .reinterpretAsLongs()
                    .add(TO_ONE);
            DoubleVector exponent = bits.lanewise(LSHR, MANTISSA)
                    .or(DoubleVector.broadcast(SPECIES, TWO_52).reinterpretAsLongs())
                    .reinterpretAsDoubles();
            DoubleVector biased = exponent.sub(TWO_52 + 1023);
            DoubleVector k = biased.blend(biased.sub(54), subnormal);
            DoubleVector m = bits.and(FRACTION).add(ROOT_OF_HALF).reinterpretAsDoubles();
            DoubleVector f = m.sub(1).div(m.add(1));
            DoubleVector z = f.mul(f);
            DoubleVector z2 = z.mul(z);
            DoubleVector upper = z2.mul(z2).fma(z.fma(L9, L8), z2.fma(z.fma(L7, L6), z.fma(L5, L4)));
            DoubleVector series = upper.fma(z2.mul(z2), z2.fma(z.fma(L3, L2), z.fma(L1, L0)));
            DoubleVector low =
                    k.fma(DoubleVector.broadcast(SPECIES, LN2_LOW), z.mul(f).mul(series));
            DoubleVector value =
                    k.fma(DoubleVector.broadcast(SPECIES, LN2_HIGH), f.add(f).add(low));
            value.blend(x, x.compare(EQ, Double.POSITIVE_INFINITY).or(x.compare(NE, x)))
                    .blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0))
                    .blend(Double.NaN, x.compare(LT, 0))
                    .intoArray(out, to + i);
        }
    }

    /// The soft sign of the logistic curve with softness 1/2.
    private static DoubleBlocks.Loop tanh() {
        DoubleCurve curve = new DoubleLogistic(0.5);
        return (in, at, out, to, length) -> curve.evaluate(CurveForm.SIGN, in[0], at[0], null, out, to, length);
    }
}
