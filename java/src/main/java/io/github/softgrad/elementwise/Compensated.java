package io.github.softgrad.elementwise;

/// Error-free transformations: what a rounded operation lost, as a second number.
///
/// A pair `hi + lo` with `|lo|` at most about half an ulp of `hi` then carries twice the precision.
///
/// *Reference*: T. J. Dekker, A floating-point technique for extending the available precision, Numerische
/// Mathematik 18 (1971); D. E. Knuth, The Art of Computer Programming 2, section 4.2.2.
final class Compensated {

    private Compensated() {}

    /// The exact value of `a + b` less the rounded one; 0 if the sum is not finite.
    static double sumError(double a, double b) {
        double sum = a + b;
        if (!(Math.abs(sum) < Double.POSITIVE_INFINITY)) {
            return 0;
        }
        double addend = sum - a;
        return (a - (sum - addend)) + (b - addend);
    }

    /// The exact value of `a * b` less the rounded one; 0 if the product overflows.
    static double productError(double a, double b) {
        double product = a * b;
        return Math.abs(product) == Double.POSITIVE_INFINITY ? 0 : Math.fma(a, b, -product);
    }

    /// The value of `(hi + lo) / divisor` less `quotient`, which is `hi / divisor` rounded, and finite.
    static double quotientError(double quotient, double hi, double lo, double divisor) {
        return (Math.fma(-quotient, divisor, hi) + lo) / divisor;
    }
}
