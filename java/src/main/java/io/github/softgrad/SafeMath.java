package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;

/// Elementary functions whose values and derivatives stay finite at the edge of their domain.
///
/// Outside the domain, and at the edge, they return the limit value with derivative 0 instead of NaN or an
/// infinity. NaN propagates (the Python libraries swallow it, see ARCHITECTURE.md). All work elementwise unless
/// stated.
public final class SafeMath {
    private SafeMath() {}

    /// The square root; 0 with derivative 0 where `x <= 0`.
    public static Tensor sqrt(Tensor x) {
        return Pointwise.apply(Arithmetic.SAFE_SQRT, Arguments.tensor(x, "x"));
    }

    /// The natural logarithm; 0 with derivative 0 where `x <= 0`.
    public static Tensor log(Tensor x) {
        return Pointwise.apply(Arithmetic.SAFE_LOG, Arguments.tensor(x, "x"));
    }

    /// The arc sine in radians; clamped to -pi/2 and pi/2 with derivative 0 where `|x| >= 1`.
    public static Tensor arcsin(Tensor x) {
        return Pointwise.apply(Arithmetic.SAFE_ARCSIN, Arguments.tensor(x, "x"));
    }

    /// The arc cosine in radians; clamped to 0 and pi with derivative 0 where `|x| >= 1`.
    public static Tensor arccos(Tensor x) {
        return Pointwise.apply(Arithmetic.SAFE_ARCCOS, Arguments.tensor(x, "x"));
    }

    /// The quotient; 0 with derivative 0 where the denominator is 0. Broadcasts.
    public static Tensor div(Tensor x, Tensor y) {
        return Pointwise.apply(Arithmetic.SAFE_DIVIDE, Arguments.tensor(x, "x"), Arguments.tensor(y, "y"));
    }

    /// The Euclidean norm of all entries; 0 with derivative 0 where all are 0.
    public static Tensor norm(Tensor x) {
        return norm(Arguments.tensor(x, "x").flatten(), 0, false);
    }

    /// The Euclidean norm along an axis, which stays with length 1 if asked; 0 with derivative 0 where all are
    /// 0.
    ///
    /// Scaled by the largest entry, so neither overflows nor underflows before its result does.
    public static Tensor norm(Tensor x, int axis, boolean keepDims) {
        if (Arguments.tensor(x, "x").dim(axis) == 0) {
            return x.sum(axis, keepDims);
        }
        Tensor wide = x.toDType(DType.FLOAT64);
        Tensor largest = Autodiff.stopGradient(wide).abs().max(axis, true);
        Tensor usable = largest.greater(0).times(largest.less(Double.POSITIVE_INFINITY));
        Tensor scale = Tensor.select(usable, largest, largest.onesLike());
        Tensor norm =
                sqrt(wide.div(scale).square().sum(axis, true)).times(scale).toDType(x.dtype());
        return keepDims ? norm : norm.squeeze(axis);
    }
}
