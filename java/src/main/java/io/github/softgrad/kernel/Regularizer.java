package io.github.softgrad.kernel;

/// The function R that a projection onto the simplex is regularized with. It decides how smooth the projection
/// is and whether small entries become exactly zero.
///
/// The norms are R(y) = (1/p) sum y^p; their projection is `[x / softness - t]+^exponent` with 1/exponent = p -
/// 1.
public enum Regularizer {

    /// R(y) = sum y log y: softmax. Infinitely smooth, never zero.
    ENTROPY(0),

    /// p = 2: sparsemax. Sparse, continuous.
    SQUARED_EUCLIDEAN(1),

    /// p = 3/2. Sparse, once continuously differentiable.
    NORM_3_2(2),

    /// p = 4/3. Sparse, twice continuously differentiable.
    NORM_4_3(3);

    private final int exponent;

    Regularizer(int exponent) {
        this.exponent = exponent;
    }

    /// The power in the projection of a norm; 0 for the entropy, which has none.
    public int exponent() {
        return exponent;
    }
}
