package io.github.softgrad;

/// The shape of the transition of elementwise operators in the modes `C1` and `C2`; the others have one shape
/// only.
public enum Transition {
    /// The cubic and quintic smoothstep polynomials, as in the Python libraries.
    SMOOTHSTEP,
    /// The second entry of the simplex projection of `(0, x)` with softness `5 s`, so that `heaviside(x)` and
    /// `argmax((0, x))` are the same curve. Derivatives up to the second.
    P_NORM
}
