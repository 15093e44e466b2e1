package io.github.softgrad.elementwise;

/// The curves that come from projecting `(0, x / (5 s))` onto the simplex with a p-norm.
///
/// With `q = p / (p - 1)` the projection is `(a^(q-1), b^(q-1))`, where `b - a = v` and the entries sum to 1
/// (arXiv 2603.08824; here q - 1 is 2 or 3). With `z = 1 - a = w - b` that reads `b^(q-1) = 1 - (1 - z)^(q-1)`,
/// and in this form its residual, and all of `R`, are free of cancellation on the left half, where `b` is
/// between `w / 2` and `w`.
final class Norms {

    private Norms() {}

    private abstract static class Norm extends Compact {
        @Override
        final int maximumOrder() {
            return 2;
        }

        @Override
        final boolean hasDifferences() {
            return false;
        }
    }

    /// p = 3/2: `a^2 + b^2 = 1`, `S = b^2`.
    static final class ThreeHalves extends Norm {

        /// `b = (v + sqrt(2 - v^2)) / 2`, rationalised.
        private static double root(double w) {
            double chord = Math.fma(-w, w, 2 * w);
            return chord / (Math.sqrt(1 + chord) + (1 - w));
        }

        /// What Newton's method subtracts from the root.
        private static double correction(double w, double b) {
            double z = w - b;
            return Math.fma(b, b, -z * (2 - z)) / (2 * (b + (1 - z)));
        }

        /// With the sine and cosine of one angle for `b` and `a`, `R = 5 s (b^3 + z^2 (3 - z)) / 3`.
        @Override
        double area(double w) {
            double b = root(w);
            double correction = correction(w, b);
            double square = Math.fma(-2 * b, correction, b * b);
            b -= correction;
            double z = square / (1 + (b + (1 - w)));
            return 5 * Math.fma(square, b, z * z * (3 - z)) / 3;
        }

        @Override
        double height(double w) {
            double b = root(w);
            return Math.fma(-2 * b, correction(w, b), b * b);
        }

        /// `2 a b / (a + b)`, where `2 a b = 1 - v^2` and `(a + b)^2 = 2 - v^2`.
        @Override
        double slope(double w) {
            double chord = Math.fma(-w, w, 2 * w);
            return chord / Math.sqrt(1 + chord);
        }

        @Override
        double derivative(int order, double w, double v, double vError) {
            double square = Math.fma(-v, v, 2);
            return -v * Math.fma(-v, v, 3) / (square * Math.sqrt(square));
        }

        @Override
        double shortfall(double w, double v) {
            return -v * Math.sqrt(Math.fma(-v, v, 2));
        }
    }

    /// p = 4/3: `a^3 + b^3 = 1`, `S = b^3`.
    static final class FourThirds extends Norm {

        /// Below this `w`, `b = w` to half the digits, which Newton's method then doubles.
        private static final double NEAR_KNOT = 0x1p-20;

        /// `m = a + b` solves `m^3 + 3 v^2 m = 4`, which Cardano's formula does.
        private static double root(double w) {
            if (w < NEAR_KNOT) {
                return w;
            }
            double square = (1 - w) * (1 - w);
            double cube = Math.cbrt(2 + Math.sqrt(4 + square * square * square));
            return (cube - square / cube - (1 - w)) / 2;
        }

        /// What Newton's method subtracts from the root.
        private static double correction(double w, double b) {
            double z = w - b;
            double a = 1 - z;
            return (b * b * b - z * Math.fma(z, z - 3, 3)) / (3 * Math.fma(a, a, b * b));
        }

        /// `R = 5 s (b^4 + b^3 z + z^2 (3 - z)) / 4`, from `a^3 = 1 - b^3` in the integral of `S`.
        @Override
        double area(double w) {
            double b = root(w);
            double correction = correction(w, b);
            double cube = Math.fma(-3 * b * b, correction, b * b * b);
            b -= correction;
            double a = b + (1 - w);
            double z = cube / (1 + a + a * a);
            return 1.25 * Math.fma(cube, b + z, z * z * (3 - z));
        }

        @Override
        double height(double w) {
            double b = root(w);
            return Math.fma(-3 * b * b, correction(w, b), b * b * b);
        }

        @Override
        double slope(double w) {
            double b = root(w);
            double correction = correction(w, b);
            double a = 1 - ((w - b) + correction);
            b -= correction;
            double product = a * b;
            return 3 * product * product / Math.fma(a, a, b * b);
        }

        /// By the quotient rule, with `a' = -b^2 / d` and `b' = a^2 / d`, `d = a^2 + b^2`.
        @Override
        double derivative(int order, double w, double v, double vError) {
            double b = root(w);
            double correction = correction(w, b);
            double a = 1 - ((w - b) + correction);
            b -= correction;
            double product = a * b;
            double squares = Math.fma(a, a, b * b);
            double ratio = product / squares;
            return -6 * v * ratio * (1 + ratio * (1 - ratio));
        }

        @Override
        double shortfall(double w, double v) {
            double b = root(w);
            double correction = correction(w, b);
            double a = 1 - ((w - b) + correction);
            b -= correction;
            return -v * Math.fma(a, a, b * (a + b));
        }
    }
}
