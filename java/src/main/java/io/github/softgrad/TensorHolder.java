package io.github.softgrad;

/// A type that holds tensors but is no tree of them: as a component of parameters it would hide them.
interface TensorHolder {}
