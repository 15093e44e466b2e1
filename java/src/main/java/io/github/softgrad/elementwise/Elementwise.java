package io.github.softgrad.elementwise;

/// Applies a function element by element.
///
/// An implementation has no state and may be used by any number of threads.
public interface Elementwise {

    /// A name for reports, such as `scalar` or `vector, 8 lanes`.
    String description();

    /// What applies one function, part by part, with scratch that it keeps from one call to the next.
    Worker worker(Function function);

    /// Applies one function; for one thread at a time.
    interface Worker {

        /// Sets `out[outOffset + i]` to the value of the function at element `i` of each operand, times element
        /// `i` of the factor, for `i` below `length`. A factor that is null is 1.
        ///
        /// *Aliasing*: `out` may be the array of an operand if element `i` is at the same index in both, or if
        /// that operand is broadcast. *Throws* [IllegalArgumentException] if the number of operands is not the
        /// arity, and [IndexOutOfBoundsException] if an operand or `out` is too short, in both cases before any
        /// work.
        void apply(Operand[] operands, Operand factor, double[] out, int outOffset, int length);

        /// The same in float32. *Accuracy*: the soft functions may be computed in float32 and are within as
        /// many ulps of float32 as [Function] says, where differences of operands that are closer to a knot of
        /// a compact curve than one ulp have the unit of `S` one ulp inside. The plain functions are computed
        /// in float64 and rounded once, or as if they were.
        void apply(FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length);
    }

    /// One call of a worker.
    default void apply(Function function, Operand[] operands, Operand factor, double[] out, int outOffset, int length) {
        worker(function).apply(operands, factor, out, outOffset, length);
    }

    /// The same without a factor.
    default void apply(Function function, Operand[] operands, double[] out, int outOffset, int length) {
        apply(function, operands, null, out, outOffset, length);
    }

    /// One call of a worker in float32.
    default void apply(
            Function function, FloatOperand[] operands, FloatOperand factor, float[] out, int outOffset, int length) {
        worker(function).apply(operands, factor, out, outOffset, length);
    }

    /// The same without a factor.
    default void apply(Function function, FloatOperand[] operands, float[] out, int outOffset, int length) {
        apply(function, operands, null, out, outOffset, length);
    }
}
