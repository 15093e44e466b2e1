package io.github.softgrad.elementwise;

/// The numbers of the exponential and logarithm of float32; see [Exponential].
final class FloatExponential {

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

    private FloatExponential() {}
}
