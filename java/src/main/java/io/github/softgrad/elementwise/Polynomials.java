package io.github.softgrad.elementwise;

/// The polynomial curves: `S` has the derivative `c (1 - v^2)^m` in `v`, with m = 0, 1, 2.
final class Polynomials {

    private Polynomials() {}

    private abstract static class Polynomial extends Compact {
        @Override
        final int maximumOrder() {
            return Integer.MAX_VALUE;
        }

        @Override
        final boolean hasDifferences() {
            return true;
        }
    }

    /// `S = w / 2`.
    static final class Linear extends Polynomial {
        @Override
        double area(double w) {
            return 1.25 * w * w;
        }

        @Override
        double height(double w) {
            return w / 2;
        }

        @Override
        double slope(double w) {
            return 0.5;
        }

        @Override
        double derivative(int order, double w, double v, double vError) {
            return 0;
        }

        @Override
        double shortfall(double w, double v) {
            return -v;
        }
    }

    /// `S = w^2 (3 - w) / 4`.
    static final class Cubic extends Polynomial {
        @Override
        double area(double w) {
            double square = w * w;
            double factor = w * Math.fma(-5, w, 20);
            return Math.fma(square, factor, Compensated.productError(w, w) * factor) / 16;
        }

        @Override
        double height(double w) {
            return w * w * (3 - w) / 4;
        }

        @Override
        double slope(double w) {
            return 0.75 * Math.fma(-w, w, 2 * w);
        }

        @Override
        double derivative(int order, double w, double v, double vError) {
            return switch (order) {
                case 2 -> -1.5 * v;
                case 3 -> -1.5;
                default -> 0;
            };
        }

        @Override
        double shortfall(double w, double v) {
            return -v * Math.fma(-v, v, 3) / 2;
        }
    }

    /// `S = w^3 (20 - 15 w + 3 w^2) / 16`, where the bracket is `8 - 9 v + 3 v^2` without cancellation.
    static final class Quintic extends Polynomial {
        @Override
        double area(double w) {
            double square = w * w;
            double fourth = square * square;
            double error = Compensated.productError(square, square) + 2 * square * Compensated.productError(w, w);
            double minusV = 1 - w;
            double bracket = Math.fma(minusV, Math.fma(5, minusV, 20), 25);
            return Math.fma(fourth, bracket, error * bracket) / 32;
        }

        @Override
        double height(double w) {
            double minusV = 1 - w;
            double factor = w * Math.fma(minusV, Math.fma(3, minusV, 9), 8);
            return Math.fma(w * w, factor, Compensated.productError(w, w) * factor) / 16;
        }

        @Override
        double slope(double w) {
            double square = w * w;
            double product = 2 * w - square;
            double error = ((2 * w - product) - square) - Compensated.productError(w, w);
            return Math.fma(0.9375 * product, product, 1.875 * product * error);
        }

        @Override
        double derivative(int order, double w, double v, double vError) {
            return switch (order) {
                case 2 -> -3.75 * v * w * (2 - w);
                case 3 -> -3.75 * oneLessThreeSquares(v, vError);
                case 4 -> 22.5 * v;
                case 5 -> 22.5;
                default -> 0;
            };
        }

        /// `1 - 3 v^2`, which cancels at its zero.
        private static double oneLessThreeSquares(double v, double vError) {
            double square = v * v;
            double squareError = Math.fma(2 * v, vError, Compensated.productError(v, v));
            return Math.fma(-3, square, 1) - 3 * squareError;
        }

        @Override
        double shortfall(double w, double v) {
            double square = v * v;
            return -v * Math.fma(square, Math.fma(3, square, -10), 15) / 8;
        }
    }
}
