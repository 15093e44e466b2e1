package io.github.softgrad;

/// A soft index: for each place of a hard index, a distribution over the entries of an axis.
///
/// Where a hard operator returns whole numbers of shape S, the soft one returns probabilities of shape S + (n),
/// the distribution always on the last axis; rows are non-negative and sum to 1.
public final class SoftIndex implements TensorHolder {
    private final Distribution distribution;
    private final Origin origin;

    /// Where an index comes from.
    ///
    /// @param axis the indexed axis of the values
    /// @param leading how many axes the index has before those of the values, one for several quantiles
    /// @param reduced whether the axis is gone from the index, as in argmax; else it counts places, as in
    ///     argsort
    /// @param flat whether the values were flattened first
    record Origin(int axis, int leading, boolean reduced, boolean flat) {}

    private SoftIndex(Distribution distribution, Origin origin) {
        this.distribution = distribution;
        this.origin = origin;
    }

    static SoftIndex of(Distribution distribution, Origin origin) {
        return new SoftIndex(distribution, origin);
    }

    /// An index from given probabilities over their last axis, one for each line of the values that it will
    /// meet.
    ///
    /// [#take(Tensor)] then reads the last axis of its argument. Whether rows are distributions is not checked.
    public static SoftIndex of(Tensor probabilities) {
        if (Arguments.tensor(probabilities, "probabilities").rank() == 0) {
            throw Arguments.bad(
                    "probabilities", "at least a vector", "a scalar", "their last axis is the distribution");
        }
        return new SoftIndex(Distribution.of(probabilities), new Origin(-1, 0, true, false));
    }

    /// The probabilities, the distribution on the last axis.
    public Tensor probabilities() {
        return distribution.probabilities();
    }

    /// The logarithms of the probabilities; an exact zero is minus infinity with derivative 0.
    ///
    /// In the mode `SMOOTH` with [Method.SoftSort], [Method.NeuralSort] and [Method.Transport] they are
    /// computed in log space and do not underflow. For finite logarithms in sparse modes see
    /// [#logProbabilities(double)].
    public Tensor logProbabilities() {
        return distribution.logProbabilities();
    }

    /// The logarithms after raising every probability to at least `epsilon` and normalising the rows again.
    ///
    /// Entries at the floor have derivative 0 except through the normalisation.
    ///
    /// @param epsilon the floor, in (0, 1]
    public Tensor logProbabilities(double epsilon) {
        Arguments.floor("epsilon", epsilon, "for exact logarithms call logProbabilities() without it");
        Tensor floored = probabilities().maximum(epsilon);
        return floored.div(floored.sum(-1, true)).log();
    }

    /// The values at the index: the mean of the entries of the axis that the index came from, weighted by it.
    ///
    /// *Shape*: `values` has the shape of the operator's argument, or broadcasts with it; the result has the
    /// shape of the hard index.
    public Tensor take(Tensor values) {
        Arguments.tensor(values, "values");
        int axis = origin.axis();
        Tensor from = origin.flat() ? values.flatten() : values;
        if (from.rank() == 0 || from.rank() <= axis || from.dim(axis) != size()) {
            throw new IllegalArgumentException("values of shape " + Shapes.text(values.shape())
                    + " for an index over " + size() + " entries of axis " + axis
                    + "; the values must have the shape of the tensor that was indexed");
        }
        Tensor lines = from.moveAxis(axis, -1);
        return Selection.average(origin.reduced() ? lines : lines.expandDims(axis), probabilities());
    }

    /// The most likely entry of each distribution as a whole number, the first of equals: the hard index that
    /// this one comes closest to, in row-major order; 0 for a distribution of NaN.
    public int[] places() {
        double[] p = probabilities().toDoubles();
        int n = size();
        int[] places = new int[n == 0 ? 0 : p.length / n];
        for (int i = 0; i < p.length; i++) {
            int row = i / n;
            places[row] = p[i] > p[row * n + places[row]] ? i % n : places[row];
        }
        return places;
    }

    /// How much each entry of the indexed axis is selected: the sum of the rows; for [Soft#topK(Tensor, int,
    /// int)] the soft membership in the top k.
    ///
    /// *Shape*: that of the indexed tensor, a vector if it was flattened; several quantiles keep their first
    /// axis.
    /// *Bounds*: non-negative, the sum over the axis is the number of places. Only
    /// rows are normalised, so where entries crowd one of them can count more than once.
    public Tensor mask() {
        Tensor p = probabilities();
        if (origin.flat()) {
            return origin.leading() == 0 ? p.flatten() : p.reshape(p.dim(0), size());
        }
        int axis = origin.leading() + origin.axis();
        return (origin.reduced() ? p : p.sum(axis)).moveAxis(-1, axis);
    }

    /// The Shannon entropy of each distribution in nats: 0 for a hard index, `log n` for a uniform one.
    public Tensor entropy() {
        Tensor p = probabilities();
        return p.times(SafeMath.log(p)).sum(-1).unaryMinus();
    }

    /// The number of entries that the distributions range over.
    public int size() {
        return probabilities().dim(-1);
    }

    /// The soft index of one operator with the values of another; see [Soft#straightThrough()].
    static SoftIndex straightThrough(SoftIndex hard, SoftIndex soft) {
        Distribution replaced = Distribution.lazily(
                () -> Distribution.of(StraightThrough.replace(hard.probabilities(), soft.probabilities())));
        return new SoftIndex(replaced, soft.origin);
    }

    /// The probabilities, or why there are none: a result of [Soft#topK(Tensor, int)] can be printed with any
    /// method.
    @Override
    public String toString() {
        try {
            return "SoftIndex " + probabilities();
        } catch (IllegalArgumentException unavailable) {
            return "SoftIndex (" + unavailable.getMessage() + ")";
        }
    }
}
