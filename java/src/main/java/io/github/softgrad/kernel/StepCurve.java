package io.github.softgrad.kernel;

/// The curve `S` from 0 to 1, with `S(-u) = 1 - S(u)`, by which a sorting network decides which of two numbers
/// is larger.
///
/// All but the logistic one are polynomials in `v = u / 5` that reach 0 and 1 at `|v| = 1`.
public enum StepCurve {

    /// `1 / (1 + exp(-u))`: infinitely smooth, never 0 or 1.
    LOGISTIC,

    /// `(1 + v) / 2`: continuous.
    LINEAR,

    /// `(2 + 3 v - v^3) / 4`: once continuously differentiable.
    CUBIC,

    /// `(8 + 15 v - 10 v^3 + 3 v^5) / 16`: twice continuously differentiable.
    QUINTIC
}
