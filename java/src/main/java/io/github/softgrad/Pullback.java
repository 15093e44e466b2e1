package io.github.softgrad;

import java.util.function.Function;

/// The value of a function and its vector-Jacobian product at one place.
///
/// @param value the function's value
/// @param function from a cotangent of the value's shape to the cotangent of the parameters; may be called
///     often
/// @param <P> the parameters: a tensor, a record or a list
public record Pullback<P>(Tensor value, Function<Tensor, P> function) {
    /// *Throws* [NullPointerException] without a value or a function.
    public Pullback {
        Arguments.tensor(value, "value");
        Arguments.given(function, "function", "a function");
    }

    /// The cotangent of the parameters for a cotangent of the value, which must have the value's shape.
    public P pull(Tensor cotangent) {
        return function.apply(Arguments.tensor(cotangent, "cotangent"));
    }
}
