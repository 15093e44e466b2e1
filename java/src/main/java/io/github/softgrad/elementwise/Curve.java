package io.github.softgrad.elementwise;

/// The sigmoidal curves `S(x / s)` that soften a step at 0.
///
/// `S` rises from 0 to 1 and `S(-x) = 1 - S(x)`. Its integral `R` that vanishes at minus infinity softens
/// `max(x, 0)`. All curves but the logistic one reach 0 and 1, at `|x| = 5 s`; the factor 5 makes their
/// transition about as wide as the logistic one. Below, `u = x / s` and `v = u / 5`, clamped to [-1, 1].
///
/// *Reference*: arXiv 2603.08824.
public enum Curve {
    /// `1 / (1 + exp(-u))`; smooth.
    LOGISTIC(new Logistic()),
    /// `(1 + v) / 2`; continuous (mode c0).
    LINEAR(new Polynomials.Linear()),
    /// `(2 + 3 v - v^3) / 4`, a Hermite smoothstep; once differentiable (mode c1).
    CUBIC(new Polynomials.Cubic()),
    /// `(8 + 15 v - 10 v^3 + 3 v^5) / 16`, a Hermite smoothstep; twice differentiable (mode c2).
    QUINTIC(new Polynomials.Quintic()),
    /// The second entry of the projection of `(0, u / 5)` onto the simplex with the 3/2-norm; once
    /// differentiable. The functions of the norm curves are within 8 ULP.
    NORM_3_2(new Norms.ThreeHalves()),
    /// The same with the 4/3-norm; twice differentiable.
    NORM_4_3(new Norms.FourThirds());

    final Transition transition;

    Curve(Transition transition) {
        this.transition = transition;
    }

    /// The highest derivative of `S` that [SoftFunction.Sigmoidal] can give.
    public int maximumOrder() {
        return transition.maximumOrder();
    }

    /// Whether differences of `R` are known without cancellation, as [SoftFunction.Clip] and
    /// [SoftFunction.Round] need.
    boolean hasDifferences() {
        return transition.hasDifferences();
    }
}
