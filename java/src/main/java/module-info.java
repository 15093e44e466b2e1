/// Soft differentiable programming: tensors, reverse-mode autodiff and soft stand-ins for the hard operators.
///
/// The Vector API is an incubator module. It is used where it was added to the boot layer, and not required
/// here. The annotations of JSpecify are for compilers; nothing of them is needed to run.
module io.github.softgrad {
    requires static org.jspecify;

    exports io.github.softgrad;
}
