package io.github.softgrad;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Applies a relaxation to the entries of each row above minus infinity and gives the others the probability 0.
///
/// So the zeros are exact and the derivatives finite whatever a relaxation makes of infinities, and
/// standardization sees the possible entries alone. Rows with equally many possible entries are done together.
final class PossibleEntries {
    private final Tensor rows;
    private final List<int[]> groups;
    private final DenseTensor possibleFirst;
    private final DenseTensor slots;

    private PossibleEntries(Tensor rows, Tensor possible) {
        double[] counts = possible.sum(-1).toDoubles();
        this.rows = rows;
        this.groups = Arrays.stream(counts)
                .sorted()
                .distinct()
                .mapToObj(count -> IntStream.range(0, counts.length)
                        .filter(row -> counts[row] == count)
                        .toArray())
                .toList();
        this.possibleFirst = HardOrder.argsort(possible, Order.DESCENDING);
        this.slots = HardOrder.inverse(possibleFirst);
    }

    /// The distributions (m, n) or (m, k, n) that a relaxation gives rows (m, n), each with a possible entry.
    static Distribution distribute(Tensor rows, Function<Tensor, Distribution> relaxation) {
        Tensor possible = Autodiff.stopGradient(rows).greater(Double.NEGATIVE_INFINITY);
        return possible.equal(0).sum().item() == 0
                ? relaxation.apply(rows)
                : new PossibleEntries(rows, possible).distribute(relaxation);
    }

    private Distribution distribute(Function<Tensor, Distribution> relaxation) {
        List<Distribution> parts = groups.stream()
                .map(group -> relaxation.apply(compressed(group)))
                .toList();
        return new Distribution(
                () -> joined(parts, Distribution::probabilities, 0),
                () -> joined(parts, Distribution::logProbabilities, Double.NEGATIVE_INFINITY));
    }

    /// The possible entries of rows that have equally many, in their order.
    private Tensor compressed(int[] group) {
        Tensor members = rows.take(group, 0);
        int count = (int) members.get(0).greater(Double.NEGATIVE_INFINITY).sum().item();
        return members.takeAlongAxis(possibleFirst.take(group, 0).slice(-1, 0, count), -1);
    }

    /// The results of all groups as rows in their first order, with `nothing` in the impossible entries.
    private Tensor joined(List<Distribution> parts, Function<Distribution, Tensor> what, double nothing) {
        Tensor[] expanded = new Tensor[groups.size()];
        Arrays.setAll(expanded, i -> expanded(what.apply(parts.get(i)), slots.take(groups.get(i), 0), nothing));
        Tensor order = Tensor.of(
                groups.stream().flatMapToInt(Arrays::stream).asDoubleStream().toArray());
        int[] back = Arrays.stream(HardOrder.argsort(order, Order.ASCENDING).toDoubles())
                .mapToInt(place -> (int) place)
                .toArray();
        return Tensor.concatenate(0, expanded).take(back, 0);
    }

    private static Tensor expanded(Tensor part, Tensor slots, double nothing) {
        int[] shape = part.shape();
        int last = shape.length - 1;
        int n = slots.dim(-1);
        Tensor padding = Tensor.full(nothing, Shapes.with(shape, last, n - shape[last]));
        Tensor places = last == 1 ? slots : slots.expandDims(1).broadcastTo(Shapes.with(shape, last, n));
        return Tensor.concatenate(last, part, padding).takeAlongAxis(places, last);
    }
}
