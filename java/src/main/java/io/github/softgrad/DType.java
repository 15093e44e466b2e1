package io.github.softgrad;

/// The number format of a [Tensor].
///
/// Operations on tensors of different formats give [#FLOAT64]; a plain Java number takes the format of the
/// tensor it meets. Every operation on `FLOAT32` tensors is computed in float64 and rounded once, unless its
/// documentation says otherwise.
public enum DType {
    /// IEEE 754 single precision, stored as `float`.
    FLOAT32,
    /// IEEE 754 double precision, stored as `double`.
    FLOAT64;

    static DType common(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.dtype() == FLOAT64) {
                return FLOAT64;
            }
        }
        return FLOAT32;
    }
}
