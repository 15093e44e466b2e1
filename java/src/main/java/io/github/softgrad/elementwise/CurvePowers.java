package io.github.softgrad.elementwise;

/// The polynomial curves by powers, lowest first, for the vector loops: one loop serves all curves, with seven
/// coefficients.
///
/// The left half is given by powers of `w = 1 - |x| / (5 s)`. The lowest power is the order of contact at the
/// knot, and the sum of the others does not cancel.
final class CurvePowers {

    private CurvePowers() {}

    /// `S` left of 0.
    static double[] step(Curve curve) {
        return switch (curve) {
            case LINEAR -> new double[] {0, 1 / 2.0, 0, 0, 0, 0, 0};
            case CUBIC -> new double[] {0, 0, 3 / 4.0, -1 / 4.0, 0, 0, 0};
            default -> new double[] {0, 0, 0, 20 / 16.0, -15 / 16.0, 3 / 16.0, 0};
        };
    }

    /// `R / s` left of 0.
    static double[] area(Curve curve) {
        return switch (curve) {
            case LINEAR -> new double[] {0, 0, 5 / 4.0, 0, 0, 0, 0};
            case CUBIC -> new double[] {0, 0, 0, 20 / 16.0, -5 / 16.0, 0, 0};
            default -> new double[] {0, 0, 0, 0, 50 / 32.0, -30 / 32.0, 5 / 32.0};
        };
    }

    /// The derivative of `S` times `5 s`.
    static double[] slope(Curve curve) {
        return switch (curve) {
            case LINEAR -> new double[] {1 / 2.0, 0, 0, 0, 0, 0, 0};
            case CUBIC -> new double[] {0, 6 / 4.0, -3 / 4.0, 0, 0, 0, 0};
            default -> new double[] {0, 0, 60 / 16.0, -60 / 16.0, 15 / 16.0, 0, 0};
        };
    }

    /// `(2 S - 1) / v` by powers of the square of `v = x / (5 s)`.
    static double[] sign(Curve curve) {
        return switch (curve) {
            case LINEAR -> new double[] {1, 0, 0};
            case CUBIC -> new double[] {3 / 2.0, -1 / 2.0, 0};
            default -> new double[] {15 / 8.0, -10 / 8.0, 3 / 8.0};
        };
    }
}
