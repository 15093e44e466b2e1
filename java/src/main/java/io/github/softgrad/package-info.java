/// Soft differentiable programming: tensors, reverse-mode autodiff and soft stand-ins for the hard operators.
///
/// [Soft][io.github.softgrad.Soft] has the operators, [Autodiff][io.github.softgrad.Autodiff] the derivatives,
/// [Tensor][io.github.softgrad.Tensor] the numbers. Nothing takes or returns null unless it says so.
@NullMarked
package io.github.softgrad;

import org.jspecify.annotations.NullMarked;
