package io.github.softgrad.elementwise;

/// How one curve is evaluated. Arguments are pairs `hi + lo`, because the tail of a curve magnifies the
/// rounding error of its argument; `lo` is 0 if `hi` is not finite.
///
/// The functions are `F(-1) = R`, `F(0) = S` and, for `k >= 1`, the k-th derivative `F(k)` of `S(x / s)` in
/// `x`.
abstract class Transition {

    abstract int maximumOrder();

    abstract boolean hasDifferences();

    /// `F(order)` at `hi + lo`.
    abstract double at(int order, double hi, double lo, double softness);

    /// `2 S - 1` without cancellation at 0.
    abstract double sign(double hi, double lo, double softness);

    /// `x S(x)` at `hi + lo`, also where `S` underflows and the product does not; 0 at minus infinity.
    abstract double gated(double hi, double lo, double softness);

    /// `S(low + width) - S(low)` for a width that is below the softness, without cancellation.
    abstract double narrowRise(double low, double lowError, double width, double softness);

    /// `R(low + width) - R(low)`, without cancellation, for a width that is below twice the softness and an
    /// interval whose middle is not right of 0.
    abstract double narrowArea(double low, double lowError, double width, double softness);

    /// `S(low + width) - S(low)` for any width that is not negative.
    final double rise(double low, double lowError, double width, double softness) {
        if (width < softness) {
            return narrowRise(low, lowError, width, softness);
        }
        double high = low + width;
        double highError = Compensated.sumError(low, width) + lowError;
        double below = at(0, low, lowError, softness);
        if (high <= 0) {
            return at(0, high, highError, softness) - below;
        }
        double above = at(0, -high, -highError, softness);
        return low >= 0 ? at(0, -low, -lowError, softness) - above : 1 - (below + above);
    }

    /// `F(order)` at `hi + lo` from its value at `-|hi + lo|`.
    static double mirrored(int order, double hi, double lo, double value) {
        if (!(hi > 0)) {
            return value;
        }
        return switch (order) {
            case -1 -> hi + (lo + value);
            case 0 -> 1 - value;
            default -> order % 2 == 1 ? value : -value;
        };
    }
}
