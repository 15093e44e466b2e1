/// Soft differentiable programming: tensors, reverse-mode autodiff and soft stand-ins for the hard operators.
///
/// The Vector API is an incubator module. It is used where it was added to the boot layer, and not required
/// here.
module io.github.softgrad {
    exports io.github.softgrad;
}
