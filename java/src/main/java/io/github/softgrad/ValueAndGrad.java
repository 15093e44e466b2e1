package io.github.softgrad;

/// A value and its gradient.
///
/// @param value the scalar value of the function
/// @param grad the gradient, of the same structure and shapes as the parameters
/// @param <P> the parameters: a tensor, a record or a list
public record ValueAndGrad<P>(Tensor value, P grad) {}
