package io.github.softgrad.elementwise;

/// A function of one to four numbers that is applied element by element.
///
/// This is the one table of operators that both backends serve: `at` is the definition, the scalar backend
/// calls it in a loop, and the vector backend has loops of its own only for the functions that matter.
///
/// *Accuracy*: the soft functions are within 4 ULP of the exact value at the given doubles, those of the norm
/// curves within 8, unless they name a wider unit. *NaN*: a NaN argument gives NaN, unless the function says
/// otherwise.
public sealed interface Function permits Arithmetic, SoftFunction {

    /// How many of the four arguments are used, from 1 to 4.
    int arity();

    /// The value at the given arguments; those beyond the arity are ignored.
    double at(double a, double b, double c, double d);
}
