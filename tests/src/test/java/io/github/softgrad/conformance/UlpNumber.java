package io.github.softgrad.conformance;

import java.math.BigDecimal;
import java.math.BigInteger;

/// A binary floating-point number of 420 bits, 126 digits, whose exponent does not overflow.
///
/// Results are truncated, so each operation is off by at most 2^-419 of its result. Written for speed: the
/// exponential takes two tables and a short Taylor series, the logarithm one exponential.
record UlpNumber(BigInteger mantissa, int exponent) {

    static final UlpNumber ZERO = new UlpNumber(BigInteger.ZERO, 0);
    static final UlpNumber ONE = of(1);

    private static final int BITS = 420;
    private static final int TABLE_BITS = 8;
    private static final UlpNumber LOG_2 = logarithmOf2();
    private static final UlpNumber[] COARSE = exponentials(TABLE_BITS);
    private static final UlpNumber[] FINE = exponentials(2 * TABLE_BITS);

    UlpNumber {
        int excess = mantissa.bitLength() - BITS;
        if (excess > 0) {
            mantissa = mantissa.shiftRight(excess);
            exponent += excess;
        }
    }

    static UlpNumber of(double value) {
        if (value == 0) {
            return ZERO;
        }
        int shift = Math.getExponent(value) < Double.MIN_EXPONENT ? -1074 : Math.getExponent(value) - 52;
        long bits = (long) Math.scalb(Math.scalb(value, -shift / 2), -shift - -shift / 2);
        return new UlpNumber(BigInteger.valueOf(bits), shift);
    }

    int signum() {
        return mantissa.signum();
    }

    UlpNumber negate() {
        return new UlpNumber(mantissa.negate(), exponent);
    }

    UlpNumber abs() {
        return new UlpNumber(mantissa.abs(), exponent);
    }

    UlpNumber plus(UlpNumber other) {
        if (signum() == 0 || other.magnitude() > magnitude() + 3 * BITS) {
            return other;
        }
        if (other.signum() == 0 || magnitude() > other.magnitude() + 3 * BITS) {
            return this;
        }
        int common = Math.min(exponent, other.exponent);
        return new UlpNumber(
                mantissa.shiftLeft(exponent - common).add(other.mantissa.shiftLeft(other.exponent - common)), common);
    }

    UlpNumber minus(UlpNumber other) {
        return plus(other.negate());
    }

    UlpNumber times(UlpNumber other) {
        return new UlpNumber(mantissa.multiply(other.mantissa), exponent + other.exponent);
    }

    UlpNumber times(long factor) {
        return new UlpNumber(mantissa.multiply(BigInteger.valueOf(factor)), exponent);
    }

    UlpNumber over(UlpNumber divisor) {
        int shift = Math.max(0, BITS + 1 + divisor.mantissa.bitLength() - mantissa.bitLength());
        return new UlpNumber(mantissa.shiftLeft(shift).divide(divisor.mantissa), exponent - shift - divisor.exponent);
    }

    UlpNumber over(long divisor) {
        return over(new UlpNumber(BigInteger.valueOf(divisor), 0));
    }

    UlpNumber power(int power) {
        UlpNumber result = ONE;
        for (int k = 0; k < Math.abs(power); k++) {
            result = result.times(this);
        }
        return power < 0 ? ONE.over(result) : result;
    }

    UlpNumber sqrt() {
        int shift = Math.max(0, 2 * BITS + 2 - mantissa.bitLength());
        shift += (exponent - shift) & 1;
        return new UlpNumber(mantissa.shiftLeft(shift).sqrt(), (exponent - shift) / 2);
    }

    /// The exponential, for arguments below 2^20 in size.
    UlpNumber exp() {
        if (magnitude() > 20) {
            throw new ArithmeticException("exponential of a number of 2^" + magnitude());
        }
        int twos = (int) Math.floor(doubleValue() / Math.log(2));
        UlpNumber rest = minus(LOG_2.times(twos));
        long steps = rest.floor(2 * TABLE_BITS);
        rest = rest.minus(new UlpNumber(BigInteger.valueOf(steps), -2 * TABLE_BITS));
        UlpNumber series = rest.shortSeries().plus(ONE);
        int mask = (1 << TABLE_BITS) - 1;
        UlpNumber table = COARSE[(int) (steps >> TABLE_BITS)].times(FINE[(int) (steps & mask)]);
        UlpNumber product = series.times(table);
        return new UlpNumber(product.mantissa, product.exponent + twos);
    }

    /// `exp(this) - 1`, to full relative precision.
    UlpNumber expm1() {
        return magnitude() < -2 * TABLE_BITS ? shortSeries() : exp().minus(ONE);
    }

    /// `log(1 + this)` for an argument that is not negative, to a relative precision of 2^-300 at least.
    UlpNumber log1p() {
        if (magnitude() < -60) {
            return alternatingSeries();
        }
        UlpNumber start = of(Math.log1p(doubleValue()));
        UlpNumber ratio = plus(ONE).times(start.negate().exp()).minus(ONE);
        return start.plus(ratio.alternatingSeries());
    }

    /// The logarithm series of a number below 2^-40.
    private UlpNumber alternatingSeries() {
        UlpNumber sum = ZERO;
        UlpNumber power = this;
        for (int k = 1; k <= 10; k++) {
            sum = sum.plus(power.over(k % 2 == 1 ? k : -k));
            power = power.times(this);
        }
        return sum;
    }

    /// The exponential series without its 1, in fixed point relative to the size of the number.
    private UlpNumber shortSeries() {
        if (signum() == 0) {
            return ZERO;
        }
        int point = BITS - magnitude();
        BigInteger number = fixed(point);
        BigInteger term = number;
        BigInteger sum = number;
        for (int k = 2; term.signum() != 0; k++) {
            term = term.multiply(number).shiftRight(point).divide(BigInteger.valueOf(k));
            sum = sum.add(term);
        }
        return new UlpNumber(sum, -point);
    }

    private BigInteger fixed(int point) {
        return mantissa.shiftLeft(exponent + point);
    }

    private long floor(int point) {
        return mantissa.shiftLeft(exponent + point).longValueExact();
    }

    /// The least `m` with `|this| < 2^m`.
    int magnitude() {
        return signum() == 0 ? Integer.MIN_VALUE / 2 : mantissa.abs().bitLength() + exponent;
    }

    /// The unit in the last place of a double at this number.
    UlpNumber ulp() {
        return new UlpNumber(BigInteger.ONE, Math.max(magnitude() - 53, -1074));
    }

    UlpNumber max(UlpNumber other) {
        return minus(other).signum() >= 0 ? this : other;
    }

    double doubleValue() {
        int excess = Math.max(0, mantissa.bitLength() - 62);
        return Math.scalb((double) mantissa.shiftRight(excess).longValue(), exponent + excess);
    }

    BigDecimal decimal() {
        BigDecimal value = new BigDecimal(mantissa);
        BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(exponent)));
        return exponent >= 0 ? value.multiply(power) : value.divide(power);
    }

    /// `log 2 = sum over k of 1 / (k 2^k)`.
    private static UlpNumber logarithmOf2() {
        UlpNumber sum = ZERO;
        for (int k = 1; k <= BITS + 10; k++) {
            sum = sum.plus(new UlpNumber(BigInteger.ONE, -k).over(k));
        }
        return sum;
    }

    /// `exp(j / 2^point)` for `j` below 2^8.
    private static UlpNumber[] exponentials(int point) {
        UlpNumber[] table = new UlpNumber[1 << TABLE_BITS];
        UlpNumber step = new UlpNumber(BigInteger.ONE, -point).shortSeries().plus(ONE);
        table[0] = ONE;
        for (int j = 1; j < table.length; j++) {
            table[j] = table[j - 1].times(step);
        }
        return table;
    }
}
