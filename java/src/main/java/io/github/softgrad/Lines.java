package io.github.softgrad;

import java.util.Arrays;

/// A tensor seen as lines along one axis, or as one line of all its entries, and the way back for results.
///
/// Axis-wise operators work on lines in float64, whatever the format of the tensor, and round their results
/// once.
record Lines(Tensor x, int axis, boolean flat, boolean keepDims) {
    static Lines along(Tensor x, int axis, Settings settings) {
        return along("x", x, axis, settings);
    }

    static Lines along(String name, Tensor x, int axis, Settings settings) {
        return new Lines(x, Shapes.axis(axis, Arguments.tensor(x, name).shape()), false, settings.keepDims);
    }

    static Lines flattened(Tensor x, Settings settings) {
        return new Lines(Arguments.tensor(x, "x"), 0, true, settings.keepDims);
    }

    /// A vector as its only line; tensors of higher rank must say their axis.
    static Lines ofVector(Tensor x, Settings settings, String operator) {
        if (Arguments.tensor(x, "x").rank() > 1) {
            throw new IllegalArgumentException(operator + " of shape " + Shapes.text(x.shape())
                    + " needs an axis; say which (-1 is the last), or flatten() first");
        }
        return new Lines(x.flatten(), 0, false, settings.keepDims);
    }

    int length() {
        return flat ? x.size() : x.dim(axis);
    }

    Lines requireEntries(String operator) {
        Shapes.requireEntries(operator, flat ? null : axis, x.shape());
        return this;
    }

    /// The lines on the last axis, in float64.
    Tensor rows() {
        return lines().toDType(DType.FLOAT64);
    }

    /// The lines on the last axis, in the tensor's own format where the relaxation takes it.
    Tensor rows(RowRelaxation relaxation) {
        return relaxation.takesFloat32() ? lines() : rows();
    }

    private Tensor lines() {
        return flat ? x.flatten() : x.moveAxis(axis, -1);
    }

    /// A result with one entry for each line, after `leading` axes of its own.
    Tensor reduce(Tensor perLine, int leading) {
        return keep(perLine, leading).toDType(x.dtype());
    }

    /// A result with a distribution for each line, after `leading` axes of its own.
    SoftIndex reduceIndex(Distribution perLine, int leading) {
        Distribution shaped = perLine.map(rows -> keep(rows, leading).toDType(x.dtype()));
        return SoftIndex.of(shaped, new SoftIndex.Origin(axis, leading, flat || !keepDims, flat));
    }

    private Tensor keep(Tensor result, int leading) {
        if (!keepDims) {
            return result;
        }
        if (!flat) {
            return result.expandDims(leading + axis);
        }
        int[] shape = result.shape();
        int[] kept = new int[shape.length + x.rank()];
        Arrays.fill(kept, 1);
        System.arraycopy(shape, 0, kept, 0, leading);
        System.arraycopy(shape, leading, kept, leading + x.rank(), shape.length - leading);
        return result.reshape(kept);
    }

    /// A result with several entries for each line, back at the axis.
    Tensor spread(Tensor lines) {
        return lines.moveAxis(-1, axis).toDType(x.dtype());
    }

    /// A result with several distributions for each line, back at the axis.
    SoftIndex spreadIndex(Distribution lines) {
        Distribution shaped = lines.map(rows -> rows.moveAxis(-2, axis).toDType(x.dtype()));
        return SoftIndex.of(shaped, new SoftIndex.Origin(axis, 0, false, flat));
    }
}
