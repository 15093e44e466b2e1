package io.github.softgrad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Lists of different lengths that lie one after another in a vector, for example the results of several
/// queries.
///
/// ```java
/// Segments queries = Segments.ofOffsets(0, 3, 7, 12);          // lengths 3, 4 and 5
/// Tensor ranks = queries.map(scores, rows -> soft.rank(rows, -1, Order.DESCENDING));
/// ```
public final class Segments {
    private final int[] offsets;

    private Segments(int[] offsets) {
        this.offsets = offsets;
    }

    /// Segments from the start of each and the end of the last: segment i is the entries `offsets[i]`
    /// (included) to `offsets[i + 1]` (excluded).
    ///
    /// @param offsets starting with 0, increasing: empty segments are refused
    public static Segments ofOffsets(int... offsets) {
        boolean valid = Arguments.given(offsets, "offsets", "an array").length > 0 && offsets[0] == 0;
        for (int i = 1; valid && i < offsets.length; i++) {
            valid = offsets[i] > offsets[i - 1];
        }
        if (!valid) {
            throw new IllegalArgumentException("offsets must start with 0 and increase, were "
                    + Arrays.toString(offsets) + "; leave empty segments out");
        }
        return new Segments(offsets.clone());
    }

    /// Segments from their lengths, all at least 1.
    public static Segments ofLengths(int... lengths) {
        int[] offsets = new int[Arguments.given(lengths, "lengths", "an array").length + 1];
        long end = 0;
        for (int i = 0; i < lengths.length; i++) {
            end += Arguments.atLeast("lengths[" + i + "]", 1, lengths[i], "leave empty segments out");
            offsets[i + 1] = (int) end;
        }
        if (end > MemoryLimit.LARGEST_ARRAY) {
            throw new IllegalArgumentException("lengths have the sum " + end + ", more entries than an axis can have ("
                    + MemoryLimit.LARGEST_ARRAY + "); use fewer segments at once");
        }
        return new Segments(offsets);
    }

    /// The number of segments.
    public int count() {
        return offsets.length - 1;
    }

    /// Applies a function to every segment and puts the results one after another, in the order of the
    /// segments.
    ///
    /// Segments of equal length are stacked, so the function is called once for each length with rows (m,
    /// length) and returns (m) or (m, r): one result, or r, for each row. Everything is differentiable.
    ///
    /// *Cost*: that of the function, and two gathers.
    ///
    /// @param x a vector of all segments
    /// @param function works along the last axis, row by row
    public Tensor map(Tensor x, UnaryOperator<Tensor> function) {
        Arguments.given(function, "function", "a function");
        if (Arguments.tensor(x, "x").rank() != 1 || x.size() != offsets[count()]) {
            throw new IllegalArgumentException("segments end at " + offsets[count()] + ", but x has shape "
                    + Shapes.text(x.shape()) + "; give a vector of exactly that length");
        }
        if (count() == 0) {
            return x;
        }
        List<Tensor> results = new ArrayList<>();
        int[][] placesOfSegment = new int[count()][];
        int filled = 0;
        for (Map.Entry<Integer, List<Integer>> group : segmentsByLength().entrySet()) {
            Tensor result = function.apply(stacked(x, group.getValue(), group.getKey()));
            int width = requireRows(result, group.getValue().size());
            for (int segment : group.getValue()) {
                placesOfSegment[segment] = placesFrom(filled, width);
                filled += width;
            }
            results.add(result.flatten());
        }
        int[] order =
                Arrays.stream(placesOfSegment).flatMapToInt(Arrays::stream).toArray();
        return Tensor.concatenate(0, results.toArray(Tensor[]::new)).take(order, 0);
    }

    private Map<Integer, List<Integer>> segmentsByLength() {
        Map<Integer, List<Integer>> groups = new TreeMap<>();
        for (int segment = 0; segment < count(); segment++) {
            int length = offsets[segment + 1] - offsets[segment];
            groups.computeIfAbsent(length, unused -> new ArrayList<>()).add(segment);
        }
        return groups;
    }

    private Tensor stacked(Tensor x, List<Integer> segments, int length) {
        int[] places = segments.stream()
                .flatMapToInt(segment -> Arrays.stream(placesFrom(offsets[segment], length)))
                .toArray();
        return x.take(places, 0).reshape(segments.size(), length);
    }

    private static int[] placesFrom(int start, int count) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> start + i);
        return places;
    }

    private static int requireRows(Tensor result, int rows) {
        if (Arguments.tensor(result, "the result of the function of segments").rank() < 1
                || result.rank() > 2
                || result.dim(0) != rows) {
            throw new IllegalArgumentException("the function of segments returned shape " + Shapes.text(result.shape())
                    + " for " + rows + " rows; it must return (" + rows + ") or (" + rows + ", r)");
        }
        return result.rank() == 1 ? 1 : result.dim(1);
    }
}
