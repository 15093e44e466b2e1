package io.github.softgrad;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Applies a relaxation to the entries of each row above minus infinity and gives the others the probability 0.
///
/// So the zeros are exact and the derivatives finite whatever a relaxation makes of infinities, and standardization sees
/// the possible entries alone. Rows with equally many possible entries are done together.
final class PossibleEntries {
    private final Tensor rows;
    private final int[] counts;
    private final DenseTensor possibleFirst;

    private PossibleEntries(Tensor rows, Tensor possible) {
        this.rows = rows;
        this.counts = Arrays.stream(possible.sum(-1).toDoubles()).mapToInt(count -> (int) count).toArray();
        this.possibleFirst = HardOrder.argsort(possible, Order.DESCENDING);
    }

    /// The distributions (m, n) or (m, k, n) that a relaxation gives rows (m, n), each with a possible entry.
    static Distribution distribute(Tensor rows, Function<Tensor, Distribution> relaxation) {
        Tensor possible = Autodiff.stopGradient(rows).greater(Double.NEGATIVE_INFINITY);
        return possible.equal(0).sum().item() == 0
                ? relaxation.apply(rows)
                : new PossibleEntries(rows, possible).distribute(relaxation);
    }

    private Distribution distribute(Function<Tensor, Distribution> relaxation) {
        int[][] groups = Arrays.stream(counts)
                .sorted()
                .distinct()
                .mapToObj(count -> where(row -> counts[row] == count))
                .toArray(int[][]::new);
        Distribution[] parts = Arrays.stream(groups)
                .map(group -> distribute(group, relaxation))
                .toArray(Distribution[]::new);
        int[] order = Arrays.stream(groups).flatMapToInt(Arrays::stream).toArray();
        int[] back = new int[order.length];
        Arrays.setAll(back, i -> i);
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        return Distribution.concatenate(parts).map(all -> all.take(back, 0));
    }
}
