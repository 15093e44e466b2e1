package io.github.softgrad.elementwise;

/// What the vector loops of float32 have of their own; [DoubleFormat] says what it is.
///
/// The polynomials have five terms where those of float64 have ten. That is the one difference of the loops
/// which is not in this class: `java/pom.xml` has it beside the other rules by which the build writes them.
final class FloatFormat {

    static final int BLOCK = 1024;
    static final float HUGE = 0x1p100f;
    static final float NEAREST = 0x1.8p23f;
    static final float WHOLE = 0x1p22f;
    static final float SMALLEST_PLAIN = 0x1p-16f;
    static final float LARGEST_PLAIN = 0x1p16f;
    static final float TAIL = -80;
    static final float VANISHING = -88;
    static final float NOTHING = 256;
    static final float LOG2_E = 0x1.715476p+0f;

    /// Ends in nine zero bits, so its products with `k` are exact.
    static final float LN2_HIGH = 0x1.62e4p-1f;

    static final float LN2_LOW = 0x1.7f7d1cp-20f;

    /// The logarithm of 2 once more, rounded to nearest, and the rest.
    static final float LN2 = 0x1.62e430p-1f;

    static final float LN2_REST = -0x1.05c610p-29f;

    /// A product with it gives the upper 16 bits of a number (Dekker).
    static final float SPLIT = 0x1p8f + 1;

    static final int MANTISSA = 23;

    /// Added to a number of units it leaves, rounded, its biased exponent in the low bits.
    static final float BIAS = 0x1.8p+23f + 127;

    /// Truncation: 0.09 ulp of the exponential.
    static final float G0 = 0x1.000000p-1f;

    static final float G1 = 0x1.5554dep-3f;
    static final float G2 = 0x1.55551ap-5f;
    static final float G3 = 0x1.120b62p-7f;
    static final float G4 = 0x1.6d10fcp-10f;

    /// For `f` up to 1/3; truncation: 0.004 ulp of the logarithm.
    static final float L0 = 0x1.555556p-1f;

    static final float L1 = 0x1.9998d4p-2f;
    static final float L2 = 0x1.24c926p-2f;
    static final float L3 = 0x1.bc8cf8p-3f;
    static final float L4 = 0x1.dba260p-3f;

    private FloatFormat() {}

    static float rounded(double number) {
        return (float) number;
    }

    static float lost(double number) {
        return (float) (number - (float) number);
    }
}
