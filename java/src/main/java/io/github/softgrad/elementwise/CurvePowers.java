package io.github.softgrad.elementwise;

/// A function of a polynomial curve left of 0, as `w^contact (q0 + q1 v + q2 v^2)` of `v = |x| / (5 s)` and `w
/// = 1
/// - v`, in which nothing cancels. So one vector loop serves all curves.
///
/// @param contact how many derivatives vanish at the knot, and one more
record CurvePowers(int contact, double q0, double q1, double q2) {

    /// `S`.
    static CurvePowers step(Curve curve) {
        return switch (curve) {
            case LINEAR -> new CurvePowers(1, 1 / 2.0, 0, 0);
            case CUBIC -> new CurvePowers(2, 2 / 4.0, 1 / 4.0, 0);
            default -> new CurvePowers(3, 8 / 16.0, 9 / 16.0, 3 / 16.0);
        };
    }

    /// `R / s`.
    static CurvePowers area(Curve curve) {
        return switch (curve) {
            case LINEAR -> new CurvePowers(2, 5 / 4.0, 0, 0);
            case CUBIC -> new CurvePowers(3, 15 / 16.0, 5 / 16.0, 0);
            default -> new CurvePowers(4, 25 / 32.0, 20 / 32.0, 5 / 32.0);
        };
    }

    /// The derivative of `S`, times `5 s`.
    static CurvePowers slope(Curve curve) {
        return switch (curve) {
            case LINEAR -> new CurvePowers(0, 1 / 2.0, 0, 0);
            case CUBIC -> new CurvePowers(1, 3 / 4.0, 3 / 4.0, 0);
            default -> new CurvePowers(2, 15 / 16.0, 30 / 16.0, 15 / 16.0);
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
