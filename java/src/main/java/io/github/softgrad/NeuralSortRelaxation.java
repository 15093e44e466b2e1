package io.github.softgrad;

import io.github.softgrad.kernel.OrderMethod;
import java.util.Arrays;

/// NeuralSort: row j of the ascending order scores each `x_i` with `-(c_j x_i + A_i)`, where `c_j = n + 1 - 2
/// j` and `A_i` is the sum of the soft distances from `x_i` to all entries.
///
/// The softness acts twice, in the distances and in the projection.
///
/// *Reference*: Grover et al., NeuralSort, ICLR 2019, equation 5; arXiv 2603.08824, section 4.
final class NeuralSortRelaxation extends ScoreRelaxation {
    /// Columns of the soft permutation are divided by at least this sum.
    private static final double SMALLEST_COLUMN_SUM = 1e-10;

    NeuralSortRelaxation(Settings settings) {
        super(settings, OrderMethod.NEURAL_SORT);
    }

    @Override
    ScoreRelaxation with(Settings changed) {
        return new NeuralSortRelaxation(changed);
    }

    @Override
    Tensor placeScores(Tensor x, int... places) {
        int n = x.dim(-1);
        Tensor coefficients = Tensor.of(
                Arrays.stream(places).mapToDouble(place -> n - 1 - 2.0 * place).toArray());
        Tensor weighted = coefficients.expandDims(-1).times(centered(x).expandDims(-2));
        return weighted.plus(distanceSums(x).expandDims(-2)).unaryMinus();
    }

    /// Rows do not see a shift of x; taking a constant near its entries off avoids large products that cancel.
    private static Tensor centered(Tensor x) {
        return x.minus(Reduction.middle(x));
    }

    private Tensor distanceSums(Tensor x) {
        MemoryLimit.requireDistances(x);
        Tensor differences = x.expandDims(-1).minus(x.expandDims(-2));
        return SoftPointwise.abs(settings.mode.curve(Transition.SMOOTHSTEP), differences, settings.scalarSoftness())
                .sum(-1);
    }

    @Override
    Tensor preparedRank(Tensor x, Order order) {
        int n = x.dim(-1);
        Tensor rows = project(placeScores(x, places(n, n, order))).probabilities();
        return rankOf(rows);
    }

    /// The ranks that a soft permutation gives: the mean place of each column, its mass normalised.
    static Tensor rankOf(Tensor rows) {
        Tensor mass = rows.sum(-2).maximum(SMALLEST_COLUMN_SUM);
        return Relaxation.ranks(rows.dim(-2)).matmul(rows).div(mass);
    }
}
