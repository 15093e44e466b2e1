package io.github.softgrad.elementwise;

/// What the vector loops make of a curve.
enum CurveForm {
    /// `R`.
    AREA,
    /// `S`.
    STEP,
    /// `S` left of 0, at `-|x|`.
    BEHIND,
    /// The derivative of `S`.
    SLOPE,
    /// `x S`, 0 at minus infinity.
    GATED,
    /// `2 S - 1`.
    SIGN,
    /// `x (2 S - 1)`.
    ABS
}
