package io.github.softgrad.elementwise;

/// The soft functions, one record each; the last argument is always the softness `s`, which is positive and
/// finite.
///
/// `S` and `R` are those of the [Curve]. *Bounds*: what is finite goes to what is finite. *Infinity*: the
/// limit, where there is one; an overflowing `x / s` saturates. *NaN*: any NaN argument gives NaN. *Reference*:
/// arXiv 2603.08824.
public sealed interface SoftFunction extends Function {

    /// The curve that softens.
    Curve curve();

    /// Softened step at 0, its integral or its derivatives: `F(order)` at `(x, s)`, where `F(0) = S`, `F(-1) =
    /// R` (soft `max(x, 0)`) and `F(k)` is the k-th derivative of `S(x / s)` in `x`.
    ///
    /// *Accuracy*: 4 ULP to order 1, 8 beyond, where the unit of the logistic curve from order 3 on, a sum of
    /// terms of both signs, is the ulp of the sum of their sizes. *Ties*: derivatives that jump at `|x| = 5 s`
    /// are 0 there.
    ///
    /// @param curve the curve
    /// @param order -1 or more, and at most [Curve#maximumOrder()]
    record Sigmoidal(Curve curve, int order) implements SoftFunction {
        /// Checks the order.
        public Sigmoidal {
            if (order < -1 || order > curve.maximumOrder()) {
                throw new IllegalArgumentException("order of " + curve + " must be from -1 to " + curve.maximumOrder()
                        + ", was " + order + "; higher orders: "
                        + Curves.those(other -> other.maximumOrder() > curve.maximumOrder()));
            }
        }

        @Override
        public int arity() {
            return 2;
        }

        @Override
        public double at(double x, double s, double c, double d) {
            return curve.transition.at(order, x, 0, s);
        }
    }

    /// Soft sign: `2 S - 1` at `(x, s)`, without cancellation at 0. From -1 to 1, odd; `sign(0) = 0`.
    ///
    /// @param curve the curve
    record SoftSign(Curve curve) implements SoftFunction {
        @Override
        public int arity() {
            return 2;
        }

        @Override
        public double at(double x, double s, double c, double d) {
            return curve.transition.sign(x, 0, s);
        }
    }

    /// Soft absolute value: `x (2 S - 1)` at `(x, s)`. From 0 to `|x|`, even; infinite at both infinities.
    ///
    /// @param curve the curve
    record SoftAbs(Curve curve) implements SoftFunction {
        @Override
        public int arity() {
            return 2;
        }

        @Override
        public double at(double x, double s, double c, double d) {
            return x * curve.transition.sign(x, 0, s);
        }
    }

    /// Gated soft rectifier: `x S` at `(x, s)`. Negative left of 0, not monotone; 0 at minus infinity.
    ///
    /// @param curve the curve
    record GatedRelu(Curve curve) implements SoftFunction {
        @Override
        public int arity() {
            return 2;
        }

        @Override
        public double at(double x, double s, double c, double d) {
            return curve.transition.gated(x, 0, s);
        }
    }

    /// Soft comparison: `S(x - y + shift)` at `(x, y, s)`, the probability that `x` is the larger one.
    ///
    /// `greater` has the shift `-epsilon` and `greaterEqual` `+epsilon`; `less(x, y)` is `greater(y, x)`.
    /// *Accuracy*: the difference is taken exactly. *Infinity*: equal infinities differ by 0.
    ///
    /// @param curve the curve
    /// @param shift added to the difference
    record Comparison(Curve curve, double shift) implements SoftFunction {
        @Override
        public int arity() {
            return 3;
        }

        @Override
        public double at(double x, double y, double s, double d) {
            double difference = x == y ? 0 : x - y;
            double sum = difference + shift;
            double rest = Compensated.sumError(x, -y) + Compensated.sumError(difference, shift);
            return curve.transition.at(0, sum + rest, Compensated.sumError(sum, rest), s);
        }
    }

    /// Soft equality within tolerances, at `(x, y, s)`.
    ///
    /// With `|.|` the soft absolute value it is `2 (1 - S(|x - y| - absoluteTolerance - relativeTolerance |y| -
    /// epsilon))`, or, negated, 1 less that. *Bounds*: the formula is not clamped, so with tolerances it is
    /// between 0 and 2 and is 1 only where the argument of `S` is 0; the caller clamps if it wants a
    /// probability. *Accuracy*: 4 ULP; with tolerances, the unit is the ulp of the larger of the value and what
    /// it owes to the tolerance (twice the slope of `S` times their sum); negated, it is the ulp of the larger
    /// of `2 S - 1` at the first and at the other terms of the argument, which cancel where they are equal.
    /// *Infinity*: equal infinities are equal (1), an infinity and anything else are not (0).
    ///
    /// @param curve the curve
    /// @param relativeTolerance times the soft absolute value of `y`
    /// @param absoluteTolerance a distance
    /// @param epsilon a distance
    /// @param negated whether the answer is inequality
    record Closeness(Curve curve, double relativeTolerance, double absoluteTolerance, double epsilon, boolean negated)
            implements SoftFunction {

        /// Above it, differences may overflow; the formula does not change when all its distances are scaled.
        private static final double HUGE = 0x1p1000;

        private static final double SCALE = 0x1p-100;

        /// Up to this soft sign the soft absolute value is a plain product, beyond it a difference.
        private static final double PLAIN = 0.6;

        @Override
        public int arity() {
            return 3;
        }

        @Override
        public double at(double x, double y, double s, double d) {
            if (Double.isInfinite(x) && !Double.isNaN(y + s) || Double.isInfinite(y) && !Double.isNaN(x + s)) {
                return (x == y) != negated ? 1 : 0;
            }
            boolean huge = Math.abs(x) > HUGE || Math.abs(y) > HUGE;
            return huge ? scaled(x * SCALE, y * SCALE, s * SCALE, SCALE) : scaled(x, y, s, 1);
        }

        private double scaled(double x, double y, double s, double scale) {
            double tolerance = absoluteTolerance * scale;
            double hi = epsilon * scale + tolerance;
            double lo = Compensated.sumError(epsilon * scale, tolerance);
            if (relativeTolerance != 0) {
                double size = Math.abs(y);
                double sign = curve.transition.sign(size, 0, s);
                double first = sign < PLAIN ? size * sign : size;
                double second = sign < PLAIN ? 0 : -relativeTolerance * excess(size, 0, s);
                double term = relativeTolerance * first;
                lo += Compensated.productError(relativeTolerance, first) + Compensated.sumError(hi, term);
                hi += term;
                lo += Compensated.sumError(hi, second);
                hi += second;
            }
            return decide(x - y, Compensated.sumError(x, -y), hi, lo, s);
        }

        /// Subtracts the soft absolute value of the difference from the tolerance `hi + lo`.
        private double decide(double difference, double error, double hi, double lo, double s) {
            double size = Math.abs(difference);
            double sizeError = difference < 0 ? -error : error;
            double sign = curve.transition.sign(size, sizeError, s);
            double first = -(sign < PLAIN ? size * sign : size);
            double second = sign < PLAIN ? -Math.fma(size, sign, first) : excess(size, sizeError, s) - sizeError;
            double partial = hi + first;
            double sum = partial + second;
            double rest = lo + Compensated.sumError(hi, first) + Compensated.sumError(partial, second);
            double margin = sum + rest;
            double marginError = Compensated.sumError(sum, rest);
            return negated
                    ? -curve.transition.sign(margin, marginError, s)
                    : 2 * curve.transition.at(0, margin, marginError, s);
        }

        /// What the soft absolute value lacks: `size - size (2 S - 1) = 2 size S(-size)`.
        private double excess(double size, double sizeError, double s) {
            return 2 * size * curve.transition.at(0, -size, -sizeError, s);
        }
    }

    /// Soft clipping: `lower + R(x - lower) - R(x - upper)` at `(x, lower, upper, s)`; gated, `R(t)` is `t
    /// S(t)`.
    ///
    /// *Bounds*: ungated and with `lower <= upper`, from `lower` to `upper`; the order is not checked.
    /// *Accuracy*: the unit is the ulp of the largest of `|lower|`, `|upper|` and the value, however large `x`
    /// and `s`. *Infinity*: `upper` at infinity and `lower` at minus infinity; an infinite bound does not
    /// bound.
    ///
    /// @param curve one of the logistic and polynomial curves
    /// @param gated whether `R` is gated
    record Clip(Curve curve, boolean gated) implements SoftFunction {
        /// Checks the curve.
        public Clip {
            Curves.requireDifferences(curve, "clip");
        }

        @Override
        public int arity() {
            return 4;
        }

        @Override
        public double at(double x, double lower, double upper, double s) {
            if (Double.isNaN(x) || Double.isNaN(lower) || Double.isNaN(upper) || Double.isNaN(s)) {
                return Double.NaN;
            }
            if (Double.isInfinite(x)) {
                return x > 0 ? upper : lower;
            }
            return lower <= upper ? ordered(x, lower, upper, s) : (lower - ordered(x, upper, lower, s)) + upper;
        }

        /// Right of the middle by symmetry: only negative arguments of `R` are small.
        private double ordered(double x, double lower, double upper, double s) {
            return x > lower / 2 + upper / 2 ? -left(-x, -upper, -lower, s) : left(x, lower, upper, s);
        }

        private double left(double x, double lower, double upper, double s) {
            double width = upper - lower;
            if (width < 2 * s) {
                return lower + (gated ? narrowGated(x, lower, upper, s) : narrow(x, upper, width, s));
            }
            return x < lower
                    ? lower + (ramp(x, lower, s) - ramp(x, upper, s))
                    : x + (ramp(lower, x, s) - ramp(x, upper, s));
        }

        /// `R(x - y)`.
        private double ramp(double x, double y, double s) {
            double error = Compensated.sumError(x, -y);
            return gated ? curve.transition.gated(x - y, error, s) : curve.transition.at(-1, x - y, error, s);
        }

        private double narrow(double x, double upper, double width, double s) {
            return curve.transition.narrowArea(x - upper, Compensated.sumError(x, -upper), width, s);
        }

        /// `p S(p) - q S(q) = (p - q) S(p) + q (S(p) - S(q))` with `p = x - lower`, `q = x - upper`.
        private double narrowGated(double x, double lower, double upper, double s) {
            double width = upper - lower;
            double rise = curve.transition.rise(x - upper, Compensated.sumError(x, -upper), width, s);
            double weighted = rise == 0 ? 0 : (x - upper) * rise;
            double height = curve.transition.at(0, x - lower, Compensated.sumError(x, -lower), s);
            return Math.fma(width, height, weighted);
        }
    }

    /// Soft rounding at `(x, s)`: with `c = floor(x)`, the sum over `|k| <= radius` of `c + k` times `S(x - c -
    /// k + 1/2) - S(x - c - k - 1/2)`.
    ///
    /// *Bounds*: near `x` while `s` is below about a tenth of the radius (logistic) or a fifth (polynomial);
    /// beyond, the truncated sum falls short. *Accuracy*: the unit is the ulp of the larger of 1/2 and the
    /// value. *Infinity*: itself; so is every number from 2^52 on, where all are integers. *Smoothness*: the
    /// sum jumps at integers by the terms it leaves out. *Cost*: `2 radius + 1` differences of `S`.
    ///
    /// @param curve one of the logistic and polynomial curves
    /// @param radius how many neighbours on each side, not negative
    record Round(Curve curve, int radius) implements SoftFunction {
        private static final double ALL_INTEGERS = 0x1p52;

        /// Checks the curve and the radius.
        public Round {
            Curves.requireDifferences(curve, "round");
            if (radius < 0) {
                throw new IllegalArgumentException("radius must not be negative, was " + radius);
            }
        }

        @Override
        public int arity() {
            return 2;
        }

        @Override
        public double at(double x, double s, double c, double d) {
            if (Math.abs(x) >= ALL_INTEGERS || Double.isNaN(x) || Double.isNaN(s)) {
                return Double.isNaN(s) ? s : x;
            }
            double floor = Math.floor(x);
            double fraction = x - floor;
            double fractionError = Compensated.sumError(x, -floor);
            double sum = 0;
            double sumError = 0;
            for (int k = -radius; k <= radius; k++) {
                double edge = k + 0.5;
                double error = Compensated.sumError(fraction, -edge) + fractionError;
                double rise = curve.transition.rise(fraction - edge, error, 1, s);
                double term = (floor + k) * rise;
                sumError += Compensated.sumError(sum, term) + Math.fma(floor + k, rise, -term);
                sum += term;
            }
            return sum + sumError;
        }
    }

    /// The derivative of another soft function in one of its arguments, at the same arguments.
    ///
    /// *Accuracy*: that of the plain formula, where differences of arguments are rounded. *Infinity*: 0 where
    /// the function levels off.
    ///
    /// @param of the function, see [#exists]
    /// @param argument the index of the argument
    record Slope(SoftFunction of, int argument) implements SoftFunction {
        /// Checks that there is such a derivative.
        public Slope {
            if (!exists(of, argument)) {
                throw new IllegalArgumentException("there is no slope of " + of + " in argument " + argument);
            }
        }

        /// Whether a function has this derivative: in its first argument, and for comparisons in the second
        /// one, as far as the curve has derivatives.
        public static boolean exists(SoftFunction of, int argument) {
            return switch (of) {
                case Sigmoidal(Curve curve, int order) -> argument == 0 && order < curve.maximumOrder();
                case Comparison ignored -> argument <= 1;
                case Closeness ignored -> argument <= 1;
                case Slope ignored -> false;
                default -> argument == 0;
            };
        }

        @Override
        public Curve curve() {
            return of.curve();
        }

        @Override
        public int arity() {
            return of.arity();
        }

        @Override
        public double at(double a, double b, double c, double d) {
            return Slopes.at(of, argument, a, b, c, d);
        }
    }
}
