package io.github.softgrad;

/// The value of a function and its Jacobian-vector product.
///
/// @param value the function's value
/// @param tangent the derivative of the value along the direction, of the value's shape
public record Pushforward(Tensor value, Tensor tangent) {}
