package io.github.softgrad;

/// A hand-written vector-Jacobian product for [Autodiff#customVjp(java.util.function.Function, VjpRule)].
///
/// @param <P> the parameters: a tensor, a record or a list
@FunctionalInterface
public interface VjpRule<P> {
    /// The cotangent of the parameters, of their structure and shapes, written in tensor operations so that it
    /// can be differentiated again.
    P cotangent(P parameters, Tensor value, Tensor cotangent);
}
