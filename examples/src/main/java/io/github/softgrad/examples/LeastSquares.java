package io.github.softgrad.examples;

import io.github.softgrad.Tensor;

/// Ordinary least squares in closed form: the classical answer to compare with.
final class LeastSquares {
    private LeastSquares() {}

    /// The w that minimises |X w - y|², from the normal equations `XᵀX w = Xᵀy` by Cholesky's decomposition.
    ///
    /// *Reference*: Golub and Van Loan, Matrix Computations, 4th edition, algorithms 5.3.1 and 4.2.1.
    static Tensor solve(Tensor x, Tensor y) {
        int n = x.dim(1);
        double[] matrix = x.transpose().matmul(x).toDoubles();
        double[] solution = y.matmul(x).toDoubles();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i * n + j];
                for (int k = 0; k < j; k++) {
                    rest -= matrix[i * n + k] * matrix[j * n + k];
                }
                matrix[i * n + j] = i == j ? Math.sqrt(rest) : rest / matrix[j * n + j];
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                solution[i] -= matrix[i * n + k] * solution[k];
            }
            solution[i] /= matrix[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                solution[i] -= matrix[k * n + i] * solution[k];
            }
            solution[i] /= matrix[i * n + i];
        }
        return Tensor.of(solution);
    }
}
