package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.kernel.Regularizer;

/// How smooth a soft operator is.
///
/// | mode | elementwise transition | projection regulariser | differentiable |
/// |---|---|---|---|
/// | `HARD` | step | none | almost everywhere, derivative mostly 0 |
/// | `SMOOTH` | logistic, everywhere positive | entropy | infinitely often |
/// | `C0` | linear, exact outside 5 softness | squared Euclidean norm | continuous |
/// | `C1` | cubic, exact outside 5 softness | 3/2-norm | once, continuously |
/// | `C2` | quintic, exact outside 5 softness | 4/3-norm | twice, continuously |
///
/// *Reference*: Paulus et al., SoftJAX and SoftTorch, arXiv 2603.08824, section 3 and theorem 1.
public enum Mode {
    /// The plain operator; what is discrete has the derivative 0.
    HARD,
    /// Infinitely differentiable, every entry takes part.
    SMOOTH,
    /// Piecewise linear or quadratic; sparse.
    C0,
    /// Once continuously differentiable; sparse.
    C1,
    /// Twice continuously differentiable; sparse.
    C2;

    Curve curve(Transition transition) {
        boolean norm = transition == Transition.P_NORM;
        return switch (this) {
            case SMOOTH -> Curve.LOGISTIC;
            case C0 -> Curve.LINEAR;
            case C1 -> norm ? Curve.NORM_3_2 : Curve.CUBIC;
            case C2 -> norm ? Curve.NORM_4_3 : Curve.QUINTIC;
            case HARD -> throw new IllegalStateException("the hard mode has no curve");
        };
    }

    Regularizer regularizer() {
        return switch (this) {
            case SMOOTH -> Regularizer.ENTROPY;
            case C0 -> Regularizer.SQUARED_EUCLIDEAN;
            case C1 -> Regularizer.NORM_3_2;
            case C2 -> Regularizer.NORM_4_3;
            case HARD -> throw new IllegalStateException("the hard mode has no regulariser");
        };
    }
}
