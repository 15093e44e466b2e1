package io.github.softgrad.elementwise;

/// A function of a polynomial curve left of 0, at one softness: `d^contact (c0 + c1 a + c2 a^2)` of `a = |x|`
/// and the distance `d = 5 s - a` to the knot. All coefficients are positive, so nothing cancels, and one
/// vector loop serves all curves.
///
/// @param contact how many derivatives vanish at the knot, and one more
record CurvePowers(int contact, double c0, double c1, double c2) {

    /// `S`.
    static CurvePowers step(Curve curve, double softness) {
        return switch (curve) {
            case LINEAR -> scaled(1, 1, softness, 1 / 2.0, 0, 0);
            case CUBIC -> scaled(2, 2, softness, 2 / 4.0, 1 / 4.0, 0);
            default -> scaled(3, 3, softness, 8 / 16.0, 9 / 16.0, 3 / 16.0);
        };
    }

    /// `R`.
    static CurvePowers area(Curve curve, double softness) {
        return switch (curve) {
            case LINEAR -> scaled(2, 1, softness, 1 / 4.0, 0, 0);
            case CUBIC -> scaled(3, 2, softness, 3 / 16.0, 1 / 16.0, 0);
            default -> scaled(4, 3, softness, 5 / 32.0, 4 / 32.0, 1 / 32.0);
        };
    }

    /// The derivative of `S`.
    static CurvePowers slope(Curve curve, double softness) {
        return switch (curve) {
            case LINEAR -> scaled(0, 1, softness, 1 / 2.0, 0, 0);
            case CUBIC -> scaled(1, 2, softness, 3 / 4.0, 3 / 4.0, 0);
            default -> scaled(2, 3, softness, 15 / 16.0, 30 / 16.0, 15 / 16.0);
        };
    }

    /// `(2 S - 1) / v` by powers of `a = v^2`, `v = x / (5 s)`, with no softness and no distance; the signs
    /// alternate.
    static CurvePowers sign(Curve curve) {
        return switch (curve) {
            case LINEAR -> new CurvePowers(0, 1, 0, 0);
            case CUBIC -> new CurvePowers(0, 3 / 2.0, -1 / 2.0, 0);
            default -> new CurvePowers(0, 15 / 8.0, -10 / 8.0, 3 / 8.0);
        };
    }

    /// The coefficients of `a / (5 s)` over `(5 s)^power`, each rounded once.
    private static CurvePowers scaled(int contact, int power, double softness, double... coefficients) {
        double reach = 5 * softness;
        double reachError = Math.fma(5, softness, -reach);
        double inverse = 1 / reach;
        double inverseError = (Math.fma(-inverse, reach, 1) - inverse * reachError) * inverse;
        double[] scaled = new double[coefficients.length];
        double hi = 1;
        double lo = 0;
        for (int k = 1; k < power + coefficients.length; k++) {
            double product = hi * inverse;
            lo = Math.fma(hi, inverse, -product) + Math.fma(hi, inverseError, lo * inverse);
            hi = product;
            if (k >= power) {
                scaled[k - power] = Math.fma(coefficients[k - power], hi, coefficients[k - power] * lo);
            }
        }
        return new CurvePowers(contact, scaled[0], scaled[1], scaled[2]);
    }
}
