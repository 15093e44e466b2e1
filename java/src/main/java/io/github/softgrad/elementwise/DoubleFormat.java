package io.github.softgrad.elementwise;

/// What the vector loops of float64 have of their own; [FloatFormat] is the same for float32, whose loops the
/// build writes from these.
///
/// The loops use additions, products, fused multiply-adds and shifts alone. Every one of those gives the same
/// bits in the interpreter and when it is compiled, and with any number of lanes, so results do not depend on
/// when and where a loop runs; the transcendental operations of the Vector API do not promise that.
///
/// `exp(u) = t + t p`, where `t = 2^k`, `u = k ln 2 + r` with `|r| <= (ln 2) / 2`, and `p = exp(r) - 1 = r +
/// r^2 g(r)`; so sums such as `1 + exp(u)` and `1 - exp(u)` are rounded once. `log((1 + f) / (1 - f)) = 2 f +
/// f^3 l(f^2)`. The polynomials interpolate at the Chebyshev nodes.
///
/// *Reference*: J.-M. Muller, Elementary Functions, 3rd ed., chapters 3 (polynomials) and 11 (Cody and Waite's
/// range reduction).
final class DoubleFormat {

    /// How many numbers a block has, which with all scratch stays in the first-level cache.
    static final int BLOCK = 512;

    /// Above it differences of operands may overflow.
    static final double HUGE = 0x1p1000;

    /// Added and taken away again it leaves the nearest integer, of numbers below the other one.
    static final double NEAREST = 0x1.8p52;

    static final double WHOLE = 0x1p51;

    /// Within these the powers of a softness are numbers with all digits.
    static final double SMALLEST_PLAIN = 0x1p-100;

    static final double LARGEST_PLAIN = 0x1p100;

    /// Below this `u`, `exp(u)` loses digits or will when it is scaled.
    static final double TAIL = -700;

    /// An argument whose power of two is 0.
    static final double VANISHING = -709;

    /// Beyond this `|u|` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    static final double NOTHING = 2048;

    static final double LOG2_E = 0x1.71547652b82fep+0;

    /// Ends in eleven zero bits, so its products with `k` are exact.
    static final double LN2_HIGH = 0x1.62e42fefa3800p-1;

    static final double LN2_LOW = 0x1.ef35793c76730p-45;

    /// The logarithm of 2 once more, rounded to nearest, and the rest.
    static final double LN2 = 0x1.62e42fefa39efp-1;

    static final double LN2_REST = 0x1.abc9e3b39803fp-56;

    /// A product with it gives the upper 42 bits of a number (Dekker).
    static final double SPLIT = 0x1p11 + 1;

    static final int MANTISSA = 52;

    /// Added to a number of units it leaves, rounded, its biased exponent in the low bits.
    static final double BIAS = 0x1.8p+52 + 1023;

    /// Truncation: 0.08 ulp of the exponential.
    static final double G0 = 0x1.0000000000001p-1;

    static final double G1 = 0x1.5555555555556p-3;
    static final double G2 = 0x1.5555555553d68p-5;
    static final double G3 = 0x1.11111111109b5p-7;
    static final double G4 = 0x1.6c16c17889ef1p-10;
    static final double G5 = 0x1.a01a01a7c2efep-13;
    static final double G6 = 0x1.a019b9149a41cp-16;
    static final double G7 = 0x1.71de0db2f6b19p-19;
    static final double G8 = 0x1.28917c89a43a7p-22;
    static final double G9 = 0x1.af389ecfc4b9cp-26;

    /// For `f` up to 1/3; truncation: 0.02 ulp of the logarithm.
    static final double L0 = 0x1.5555555555555p-1;

    static final double L1 = 0x1.999999999a3ddp-2;
    static final double L2 = 0x1.24924923d44c6p-2;
    static final double L3 = 0x1.c71c727143318p-3;
    static final double L4 = 0x1.745cf0b0e03bdp-3;
    static final double L5 = 0x1.3b18b294bebf9p-3;
    static final double L6 = 0x1.10ac75dc602b1p-3;
    static final double L7 = 0x1.eb905e8575054p-4;
    static final double L8 = 0x1.687a6e7c95176p-4;
    static final double L9 = 0x1.4b0a26c5f2aefp-3;

    private DoubleFormat() {}

    /// The number of the format that is nearest.
    static double rounded(double number) {
        return number;
    }

    /// What [#rounded] takes from a number.
    static double lost(double number) {
        return 0;
    }
}
