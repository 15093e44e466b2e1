package io.github.softgrad;

import java.util.Arrays;
import java.util.List;

/// Reading from tensors at soft places: NumPy's and JAX's indexing functions with a [SoftIndex] for the index.
///
/// All are linear in the values and in the probabilities, so derivatives of every order exist. NaN and
/// infinities in the values spread to every result that they take part in, also with weight 0. Cost: one
/// multiplication for each pair of a place and an entry.
public final class Selection {
    private Selection() {}

    /// `sum_n lines[..., n] probabilities[..., n]`, broadcasting the leading axes.
    static Tensor average(Tensor lines, Tensor probabilities) {
        return lines.times(probabilities).sum(-1);
    }

    /// `out[..., k, ...] = sum_n x[..., n, ...] index[..., k, ..., n]`: places that differ from line to line.
    ///
    /// *Shape*: x (..., n, ...), index (..., k, ..., n) with one axis more than x; the other axes broadcast;
    /// the result is (..., k, ...).
    public static Tensor takeAlongAxis(Tensor x, SoftIndex index, int axis) {
        Arguments.tensor(x, "x");
        Tensor probabilities = given(index, "index").probabilities();
        if (probabilities.rank() != x.rank() + 1) {
            throw new IllegalArgumentException("takeAlongAxis: an index of shape " + Shapes.text(probabilities.shape())
                    + " for values of shape " + Shapes.text(x.shape()) + "; the index must have one axis more ("
                    + (x.rank() + 1) + "), the distribution last");
        }
        int at = Shapes.axis(axis, x.shape());
        requireEntries(x, at, probabilities);
        return average(x.moveAxis(at, -1).expandDims(at), probabilities);
    }

    /// [#takeAlongAxis(Tensor, SoftIndex, int)] on the flattened values; the index is (k, n), the result (k).
    public static Tensor takeAlongAxis(Tensor x, SoftIndex index) {
        return takeAlongAxis(Arguments.tensor(x, "x").flatten(), index, 0);
    }

    /// The entries of an axis at k soft places, the same for every line.
    ///
    /// *Shape*: index (k, n); in the result k stands in place of n.
    public static Tensor take(Tensor x, SoftIndex index, int axis) {
        Arguments.tensor(x, "x");
        Tensor probabilities = given(index, "index").probabilities();
        if (probabilities.rank() != 2) {
            throw new IllegalArgumentException("take: an index of shape " + Shapes.text(probabilities.shape())
                    + "; expected (k, n), one distribution for each place, shared by all lines");
        }
        requireEntries(x, axis, probabilities);
        return x.moveAxis(axis, -1).matmul(probabilities.transpose()).moveAxis(-1, axis);
    }

    /// [#take(Tensor, SoftIndex, int)] on the flattened values; the result is (k).
    public static Tensor take(Tensor x, SoftIndex index) {
        return take(Arguments.tensor(x, "x").flatten(), index, 0);
    }

    /// The soft choice between n tensors: `sum_n choices[n, ...] index[..., n]`.
    ///
    /// *Shape*: index (..., n) and choices (n, ...) with as many axes each; the other axes broadcast.
    public static Tensor choose(SoftIndex index, Tensor choices) {
        Arguments.tensor(choices, "choices");
        Tensor probabilities = given(index, "index").probabilities();
        if (probabilities.rank() != choices.rank() || choices.dim(0) != index.size()) {
            throw new IllegalArgumentException("choose: an index of shape " + Shapes.text(probabilities.shape())
                    + " and choices of shape " + Shapes.text(choices.shape())
                    + "; both must have as many axes,"
                    + " and the first of the choices as many entries as the index's last");
        }
        return average(choices.moveAxis(0, -1), probabilities);
    }

    /// The slice of an axis at one soft place; the axis disappears.
    ///
    /// *Shape*: index (n).
    public static Tensor dynamicIndex(Tensor x, SoftIndex index, int axis) {
        Arguments.tensor(x, "x");
        requireVector("dynamicIndex", given(index, "index"));
        return take(x, SoftIndex.of(index.probabilities().expandDims(0)), axis).squeeze(axis);
    }

    /// The `size` entries of an axis that start at a soft place, wrapping around at the end:
    /// `out[t] = sum_i index[i] x[(i + t) mod n]`.
    ///
    /// *Shape*: index (n), `0 < size <= n`; size stands in place of n.
    public static Tensor dynamicSlice(Tensor x, SoftIndex start, int size, int axis) {
        Arguments.tensor(x, "x");
        requireVector("dynamicSlice", given(start, "start"));
        requireEntries(x, Shapes.axis(axis, x.shape()), start.probabilities());
        int n = start.size();
        Arguments.places("size", size, n, "for one entry use dynamicIndex");
        MemoryLimit.requireNumbers(start.probabilities(), size, "shifted probabilities", "use a smaller size");
        int[] places = new int[size * n];
        Arrays.setAll(places, i -> Math.floorMod(i % n - i / n, n));
        Tensor shifted = start.probabilities().take(places, 0).reshape(size, n);
        return take(x, SoftIndex.of(shifted), axis);
    }

    /// [#dynamicSlice(Tensor, SoftIndex, int, int)] along every axis in turn, one start and one size for each.
    public static Tensor dynamicSlice(Tensor x, List<SoftIndex> starts, int... sizes) {
        Arguments.tensor(x, "x");
        Arguments.given(starts, "starts", "a list");
        Arguments.given(sizes, "sizes", "an array");
        if (starts.size() != x.rank() || sizes.length != x.rank()) {
            throw new IllegalArgumentException("dynamicSlice: " + starts.size() + " starts and " + sizes.length
                    + " sizes for values of shape " + Shapes.text(x.shape()) + "; give one of each for every axis");
        }
        Tensor result = x;
        for (int axis = 0; axis < sizes.length; axis++) {
            result = dynamicSlice(result, starts.get(axis), sizes[axis], axis);
        }
        return result;
    }

    private static SoftIndex given(SoftIndex index, String name) {
        return Arguments.given(index, name, "a SoftIndex");
    }

    private static void requireVector(String operation, SoftIndex index) {
        if (index.probabilities().rank() != 1) {
            throw new IllegalArgumentException(operation + ": an index of shape "
                    + Shapes.text(index.probabilities().shape())
                    + "; expected one distribution (n), take reads several places");
        }
    }

    private static void requireEntries(Tensor x, int axis, Tensor probabilities) {
        if (x.dim(axis) != probabilities.dim(-1)) {
            throw new IllegalArgumentException("an index over " + probabilities.dim(-1) + " entries for axis " + axis
                    + " of shape " + Shapes.text(x.shape()) + ", which has " + x.dim(axis)
                    + "; both must be equal, give the axis that was indexed");
        }
    }
}
