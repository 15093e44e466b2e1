package io.github.softgrad.elementwise;

/// Applies a function element by element.
///
/// An implementation has no state and may be used by any number of threads.
public interface Elementwise {

    /// A name for reports, such as `scalar` or `vector, 8 lanes`.
    String description();

    /// Sets `out[outOffset + i]` to the value of `function` at element `i` of each operand, for `i` below
    /// `length`.
    ///
    /// *Aliasing*: `out` may be the array of an operand if element `i` is at the same index in both, or if that
    /// operand is broadcast. *Throws* [IllegalArgumentException] if the number of operands is not the arity,
    /// and [IndexOutOfBoundsException] if an operand or `out` is too short, in both cases before any work.
    void apply(Function function, Operand[] operands, double[] out, int outOffset, int length);
}
