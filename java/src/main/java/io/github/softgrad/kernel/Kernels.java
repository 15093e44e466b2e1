package io.github.softgrad.kernel;

import java.util.Optional;

/// Work along the rows of dense row-major matrices, done in one call for a batch of rows.
///
/// Everywhere, row `i` of a matrix is at `[i * n, (i + 1) * n)` of its array; arrays may be longer than `rows *
/// n`. The output array is none of the inputs. A NaN stays in its row. Implementations keep no state: calls may
/// run at the same time, and a row's result does not depend on its neighbours.
///
/// *Throws*: every method throws [IllegalArgumentException] before any work if a size is negative, an array is
/// shorter than `rows * n`, the output is also an input, or the softness is not a finite number above zero.
public interface Kernels {

    /// Names the backend and, where there is a choice, its instruction set: "native, avx512" or "reference".
    String description();

    /// Projects each row of `x` onto the probability simplex: `y` = argmax of `<x, y> - softness R(y)`.
    ///
    /// *Ties and NaN*: ties get equal mass; -infinity gets none; a row with a NaN, with +infinity, or with
    /// nothing but
    /// -infinity becomes NaN.
    ///
    /// *Cost*: O(n) per row.
    ///
    /// *Reference*: Blondel, Martins and Niculae, "Learning with Fenchel-Young losses", JMLR 21 (2020).
    void simplex(Regularizer regularizer, int rows, int n, double[] x, double softness, double[] y);

    /// The same in single precision. What is computed is computed in double and rounded once or twice at the
    /// end.
    void simplex(Regularizer regularizer, int rows, int n, float[] x, float softness, float[] y);

    /// The cotangent of `x` from the result `y` of [#simplex] and its cotangent `g`:
    /// `dx = w (g - <w, g> / <w, 1>) / softness`, with w the derivative of the projection's outer function.
    ///
    /// *Ties and NaN*: on the border of the support the squared Euclidean projection has a kink, and this is a
    /// one-sided derivative there; a NaN in a row of `y` or `g` makes that row of `dx` NaN.
    ///
    /// *Cost*: O(n) per row.
    void simplexVjp(Regularizer regularizer, int rows, int n, double[] y, double softness, double[] g, double[] dx);

    /// The same in single precision.
    void simplexVjp(Regularizer regularizer, int rows, int n, float[] y, float softness, float[] g, float[] dx);

    /// Isotonic regression, which projects sorted rows onto permutahedra.
    IsotonicKernels isotonic();

    /// Regularized optimal transport.
    TransportKernels transport();

    /// Smooth majorization sort.
    MajorizationKernels majorization();

    /// The soft sorting network.
    NetworkKernels network();

    /// Sums of Laplace distribution functions.
    LaplaceKernels laplace();

    /// Soft orders in one kernel, where a backend has them; the definition in tensor operations serves
    /// otherwise.
    default Optional<OrderKernels> order() {
        return Optional.empty();
    }
}
