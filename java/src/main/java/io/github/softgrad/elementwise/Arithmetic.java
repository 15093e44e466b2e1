package io.github.softgrad.elementwise;

/// The plain functions, hard ones among them.
///
/// Comparisons return 1 for true and 0 for false, and follow IEEE 754 at NaN: every comparison with NaN is 0
/// but [#NOT_EQUAL], which is 1. All other functions pass NaN on; [#POWER] is `Math.pow`, where anything to the
/// power 0 is 1. The `SAFE_` functions have the value 0, or the nearest value of their range, outside their
/// domain, so that gradients through them stay finite; unlike the Python libraries they pass NaN on too.
public enum Arithmetic implements Function {
    /// `-a`.
    NEGATE(1, (a, b, c) -> -a),
    /// `|a|`.
    ABS(1, (a, b, c) -> Math.abs(a)),
    /// -1, 0 or 1; a zero keeps its sign.
    SIGN(1, (a, b, c) -> Math.signum(a)),
    /// `a * a`.
    SQUARE(1, (a, b, c) -> a * a),
    /// `1 / a`.
    RECIPROCAL(1, (a, b, c) -> 1 / a),
    /// Square root.
    SQRT(1, (a, b, c) -> Math.sqrt(a)),
    /// Cube root.
    CBRT(1, (a, b, c) -> Math.cbrt(a)),
    /// Exponential.
    EXP(1, (a, b, c) -> Math.exp(a)),
    /// `exp(a) - 1` without cancellation.
    EXPM1(1, (a, b, c) -> Math.expm1(a)),
    /// Natural logarithm.
    LOG(1, (a, b, c) -> Math.log(a)),
    /// `log(1 + a)` without cancellation.
    LOG1P(1, (a, b, c) -> Math.log1p(a)),
    /// Sine.
    SIN(1, (a, b, c) -> Math.sin(a)),
    /// Cosine.
    COS(1, (a, b, c) -> Math.cos(a)),
    /// Tangent.
    TAN(1, (a, b, c) -> Math.tan(a)),
    /// Arc sine.
    ASIN(1, (a, b, c) -> Math.asin(a)),
    /// Arc cosine.
    ACOS(1, (a, b, c) -> Math.acos(a)),
    /// Arc tangent.
    ATAN(1, (a, b, c) -> Math.atan(a)),
    /// Hyperbolic sine.
    SINH(1, (a, b, c) -> Math.sinh(a)),
    /// Hyperbolic cosine.
    COSH(1, (a, b, c) -> Math.cosh(a)),
    /// Hyperbolic tangent.
    TANH(1, (a, b, c) -> Math.tanh(a)),
    /// Largest integer that is not above `a`.
    FLOOR(1, (a, b, c) -> Math.floor(a)),
    /// Smallest integer that is not below `a`.
    CEIL(1, (a, b, c) -> Math.ceil(a)),
    /// Nearest integer, the even one at ties.
    ROUND_HALF_EVEN(1, (a, b, c) -> Math.rint(a)),
    /// 0 below zero, 1/2 at zero, 1 above.
    HEAVISIDE(1, (a, b, c) -> a < 0 ? 0 : a > 0 ? 1 : a + 0.5),
    /// 1 at NaN, 0 elsewhere.
    IS_NAN(1, (a, b, c) -> truth(Double.isNaN(a))),
    /// Square root, 0 at and below zero.
    SAFE_SQRT(1, (a, b, c) -> a <= 0 ? 0 : Math.sqrt(a)),
    /// Natural logarithm, 0 at and below zero.
    SAFE_LOG(1, (a, b, c) -> a <= 0 ? 0 : Math.log(a)),
    /// Arc sine of `a` clamped to [-1, 1].
    SAFE_ARCSIN(1, (a, b, c) -> Math.asin(Math.clamp(a, -1.0, 1.0))),
    /// Arc cosine of `a` clamped to [-1, 1].
    SAFE_ARCCOS(1, (a, b, c) -> Math.acos(Math.clamp(a, -1.0, 1.0))),

    /// `a + b`.
    PLUS(2, (a, b, c) -> a + b),
    /// `a - b`.
    MINUS(2, (a, b, c) -> a - b),
    /// `a * b`.
    TIMES(2, (a, b, c) -> a * b),
    /// `a / b`.
    DIVIDE(2, (a, b, c) -> a / b),
    /// `a` to the power `b`, as [Math#pow].
    POWER(2, (a, b, c) -> Math.pow(a, b)),
    /// The smaller one; NaN if either is.
    MINIMUM(2, (a, b, c) -> Math.min(a, b)),
    /// The larger one; NaN if either is.
    MAXIMUM(2, (a, b, c) -> Math.max(a, b)),
    /// The angle of the point with ordinate `a` and abscissa `b`, as [Math#atan2].
    ARCTAN2(2, (a, b, c) -> Math.atan2(a, b)),
    /// `a / b`, 0 where `b` is zero; NaN if either is.
    SAFE_DIVIDE(2, (a, b, c) -> b == 0 && !Double.isNaN(a) ? 0 : a / b),
    /// Whether `a < b`.
    LESS(2, (a, b, c) -> truth(a < b)),
    /// Whether `a <= b`.
    LESS_EQUAL(2, (a, b, c) -> truth(a <= b)),
    /// Whether `a > b`.
    GREATER(2, (a, b, c) -> truth(a > b)),
    /// Whether `a >= b`.
    GREATER_EQUAL(2, (a, b, c) -> truth(a >= b)),
    /// Whether `a == b`.
    EQUAL(2, (a, b, c) -> truth(a == b)),
    /// Whether `a != b`.
    NOT_EQUAL(2, (a, b, c) -> truth(a != b)),

    /// `b` where `a` is not zero, `c` where it is, and NaN where `a` is NaN: a condition that is unknown
    /// decides nothing. A NaN in the branch that is not selected does no harm.
    SELECT(3, (a, b, c) -> a == 0 ? c : Double.isNaN(a) ? a : b);

    @FunctionalInterface
    private interface Formula {
        double at(double a, double b, double c);
    }

    private final int arity;
    private final Formula formula;

    Arithmetic(int arity, Formula formula) {
        this.arity = arity;
        this.formula = formula;
    }

    private static double truth(boolean condition) {
        return condition ? 1 : 0;
    }

    @Override
    public int arity() {
        return arity;
    }

    @Override
    public double at(double a, double b, double c, double d) {
        return formula.at(a, b, c);
    }
}
