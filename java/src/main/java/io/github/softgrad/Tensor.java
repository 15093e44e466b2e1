package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// An immutable array of numbers with a shape, in row-major order, float64 or float32.
///
/// Every operation returns a new tensor and is differentiable by [Autodiff] where the mathematics is;
/// operations that are constant almost everywhere (`sign`, `floor`, hard comparisons) have the derivative 0.
///
/// - *Shape*: elementwise operations broadcast as NumPy does; axes count from 0, or from the end when negative.
///   A shape that does not fit throws [IllegalArgumentException] naming both shapes and the axis.
/// - *Ties and NaN*: NaN propagates; `max` and `min` of equal entries share the derivative evenly.
/// - *Cost*: one pass over the elements and one new array, unless stated otherwise. `reshape` copies nothing.
/// - *Threads*: tensors may be shared freely between threads.
public sealed interface Tensor permits DenseTensor, TracedTensor {

    // --- creation ---------------------------------------------------------------------------------------------

    /// A float64 vector of the given numbers.
    static Tensor of(double... values) {
        Arguments.given(values, "values", "an array");
        return DenseTensor.owning(new int[] {values.length}, values.clone());
    }

    /// A float64 matrix of the given rows, which must have equal lengths.
    static Tensor of(double[][] rows) {
        int columns = Arguments.elements(rows, "rows", "an array").length == 0 ? 0 : rows[0].length;
        double[] values = MemoryLimit.doubles(rows.length, columns);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new IllegalArgumentException("row " + i + " has " + rows[i].length + " numbers, row 0 has "
                        + columns + "; all rows of a matrix must be equally long");
            }
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return DenseTensor.owning(new int[] {rows.length, columns}, values);
    }

    /// A float64 tensor of the given shape from numbers in row-major order.
    static Tensor of(int[] shape, double... values) {
        requireSize(shape, Arguments.given(values, "values", "an array").length);
        return DenseTensor.owning(shape.clone(), values.clone());
    }

    /// A float32 vector of the given numbers.
    static Tensor ofFloats(float... values) {
        Arguments.given(values, "values", "an array");
        return DenseTensor.owning(new int[] {values.length}, values.clone());
    }

    /// A float32 tensor of the given shape from numbers in row-major order.
    static Tensor ofFloats(int[] shape, float... values) {
        requireSize(shape, Arguments.given(values, "values", "an array").length);
        return DenseTensor.owning(shape.clone(), values.clone());
    }

    private static void requireSize(int[] shape, int length) {
        if (Shapes.size(Arguments.shape(shape)) != length) {
            throw Arguments.bad(
                    "values",
                    Shapes.size(shape) + " numbers for shape " + Shapes.text(shape),
                    length + " numbers",
                    "give one number for each element");
        }
    }

    /// A float64 tensor without axes.
    static Tensor scalar(double value) {
        return DenseTensor.owning(new int[0], new double[] {value});
    }

    /// A tensor without axes in the given format.
    static Tensor scalar(double value, DType dtype) {
        return DenseTensor.rounding(Arguments.given(dtype, "dtype", "a DType"), new int[0], new double[] {value});
    }

    /// A float64 tensor filled with one number.
    static Tensor full(double value, int... shape) {
        double[] values = MemoryLimit.doubles(Arguments.shape(shape));
        Arrays.fill(values, value);
        return DenseTensor.owning(shape.clone(), values);
    }

    /// A float64 tensor of zeros.
    static Tensor zeros(int... shape) {
        return full(0, shape);
    }

    /// A float64 tensor of ones.
    static Tensor ones(int... shape) {
        return full(1, shape);
    }

    /// The float64 identity matrix.
    static Tensor identity(int n) {
        double[] values = MemoryLimit.doubles(Arguments.atLeast("n", 0, n, "an empty tensor has n = 0"), n);
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return DenseTensor.owning(new int[] {n, n}, values);
    }

    /// The float64 vector `0, 1, ..., n-1`.
    static Tensor range(int n) {
        double[] values = MemoryLimit.doubles(Arguments.atLeast("n", 0, n, "an empty tensor has n = 0"));
        Arrays.setAll(values, i -> i);
        return DenseTensor.owning(new int[] {n}, values);
    }

    /// `count` equally spaced float64 numbers, both ends included.
    static Tensor linspace(double from, double to, int count) {
        double[] values = MemoryLimit.doubles(Arguments.atLeast("count", 0, count, "an empty tensor has count = 0"));
        for (int i = 0; i < count; i++) {
            double along = count == 1 ? 0 : (double) i / (count - 1);
            values[i] = from * (1 - along) + to * along;
        }
        return DenseTensor.owning(new int[] {count}, values);
    }

    /// Independent standard normal float64 numbers from the given generator.
    static Tensor normal(RandomGenerator random, int... shape) {
        Arguments.given(random, "random", "a generator");
        double[] values = MemoryLimit.doubles(Arguments.shape(shape));
        Arrays.setAll(values, i -> random.nextGaussian());
        return DenseTensor.owning(shape.clone(), values);
    }

    /// Independent float64 numbers uniform on [0, 1) from the given generator.
    static Tensor uniform(RandomGenerator random, int... shape) {
        Arguments.given(random, "random", "a generator");
        double[] values = MemoryLimit.doubles(Arguments.shape(shape));
        Arrays.setAll(values, i -> random.nextDouble());
        return DenseTensor.owning(shape.clone(), values);
    }

    /// Zeros of this tensor's shape and format.
    default Tensor zerosLike() {
        return DenseTensor.rounding(dtype(), shape(), new double[size()]);
    }

    /// Ones of this tensor's shape and format.
    default Tensor onesLike() {
        double[] values = new double[size()];
        Arrays.fill(values, 1);
        return DenseTensor.rounding(dtype(), shape(), values);
    }

    // --- reading ----------------------------------------------------------------------------------------------

    /// The number format.
    DType dtype();

    /// The length of each axis (a copy).
    int[] shape();

    /// The number of axes; 0 for a scalar.
    int rank();

    /// The number of elements.
    int size();

    /// The length of one axis.
    default int dim(int axis) {
        int[] shape = shape();
        return shape[Shapes.axis(axis, shape)];
    }

    /// The numbers in row-major order as a new array.
    double[] toDoubles();

    /// The numbers in row-major order as a new array, rounded to float32.
    float[] toFloats();

    /// The only number of a tensor with one element.
    default double item() {
        if (size() != 1) {
            throw new IllegalArgumentException("item() needs a tensor with one element, this one has shape "
                    + Shapes.text(shape()) + "; use toDoubles() or reduce it first");
        }
        return toDoubles()[0];
    }

    // --- arithmetic -------------------------------------------------------------------------------------------

    /// The sum, elementwise.
    default Tensor plus(Tensor other) {
        return Pointwise.apply(Arithmetic.PLUS, this, Arguments.tensor(other, "other"));
    }

    /// The sum with a number.
    default Tensor plus(double other) {
        return plus(Tensor.scalar(other, dtype()));
    }

    /// The difference, elementwise.
    default Tensor minus(Tensor other) {
        return Pointwise.apply(Arithmetic.MINUS, this, Arguments.tensor(other, "other"));
    }

    /// The difference with a number.
    default Tensor minus(double other) {
        return minus(Tensor.scalar(other, dtype()));
    }

    /// The product, elementwise; see [#matmul(Tensor)] for the matrix product.
    default Tensor times(Tensor other) {
        return Pointwise.apply(Arithmetic.TIMES, this, Arguments.tensor(other, "other"));
    }

    /// The product with a number.
    default Tensor times(double other) {
        return times(Tensor.scalar(other, dtype()));
    }

    /// The quotient, elementwise, with IEEE 754 division; see [SafeMath#div(Tensor, Tensor)] for zero
    /// denominators.
    default Tensor div(Tensor other) {
        return Pointwise.apply(Arithmetic.DIVIDE, this, Arguments.tensor(other, "other"));
    }

    /// The quotient by a number.
    default Tensor div(double other) {
        return div(Tensor.scalar(other, dtype()));
    }

    /// The negative.
    default Tensor unaryMinus() {
        return Pointwise.apply(Arithmetic.NEGATE, this);
    }

    /// This tensor to a power, elementwise, as [Math#pow(double, double)].
    default Tensor pow(Tensor exponent) {
        return Pointwise.apply(Arithmetic.POWER, this, Arguments.tensor(exponent, "exponent"));
    }

    /// This tensor to a power.
    default Tensor pow(double exponent) {
        return pow(Tensor.scalar(exponent, dtype()));
    }

    /// The smaller of the two, elementwise; equal entries share the derivative.
    default Tensor minimum(Tensor other) {
        return Pointwise.apply(Arithmetic.MINIMUM, this, Arguments.tensor(other, "other"));
    }

    /// The larger of the two, elementwise; equal entries share the derivative.
    default Tensor maximum(Tensor other) {
        return Pointwise.apply(Arithmetic.MAXIMUM, this, Arguments.tensor(other, "other"));
    }

    /// The smaller of each entry and a number.
    default Tensor minimum(double other) {
        return minimum(Tensor.scalar(other, dtype()));
    }

    /// The larger of each entry and a number.
    default Tensor maximum(double other) {
        return maximum(Tensor.scalar(other, dtype()));
    }

    // --- elementary functions ---------------------------------------------------------------------------------

    /// The absolute value; derivative 0 at 0. For a smooth one see [Soft#abs(Tensor)].
    default Tensor abs() {
        return Pointwise.apply(Arithmetic.ABS, this);
    }

    /// -1, 0 or 1; derivative 0. For a smooth one see [Soft#sign(Tensor)].
    default Tensor sign() {
        return Pointwise.apply(Arithmetic.SIGN, this);
    }

    /// The square.
    default Tensor square() {
        return Pointwise.apply(Arithmetic.SQUARE, this);
    }

    /// 1 divided by each entry.
    default Tensor reciprocal() {
        return Pointwise.apply(Arithmetic.RECIPROCAL, this);
    }

    /// The square root; see [SafeMath#sqrt(Tensor)] for a finite derivative at 0.
    default Tensor sqrt() {
        return Pointwise.apply(Arithmetic.SQRT, this);
    }

    /// The cube root.
    default Tensor cbrt() {
        return Pointwise.apply(Arithmetic.CBRT, this);
    }

    /// e to the power of each entry.
    default Tensor exp() {
        return Pointwise.apply(Arithmetic.EXP, this);
    }

    /// `exp(x) - 1`, accurate near 0.
    default Tensor expm1() {
        return Pointwise.apply(Arithmetic.EXPM1, this);
    }

    /// The natural logarithm; see [SafeMath#log(Tensor)] for a finite derivative at 0.
    default Tensor log() {
        return Pointwise.apply(Arithmetic.LOG, this);
    }

    /// `log(1 + x)`, accurate near 0.
    default Tensor log1p() {
        return Pointwise.apply(Arithmetic.LOG1P, this);
    }

    /// The sine of each entry in radians.
    default Tensor sin() {
        return Pointwise.apply(Arithmetic.SIN, this);
    }

    /// The cosine of each entry in radians.
    default Tensor cos() {
        return Pointwise.apply(Arithmetic.COS, this);
    }

    /// The tangent of each entry in radians.
    default Tensor tan() {
        return Pointwise.apply(Arithmetic.TAN, this);
    }

    /// The arc sine in radians; see [SafeMath#arcsin(Tensor)] for the ends.
    default Tensor arcsin() {
        return Pointwise.apply(Arithmetic.ASIN, this);
    }

    /// The arc cosine in radians; see [SafeMath#arccos(Tensor)] for the ends.
    default Tensor arccos() {
        return Pointwise.apply(Arithmetic.ACOS, this);
    }

    /// The arc tangent in radians.
    default Tensor arctan() {
        return Pointwise.apply(Arithmetic.ATAN, this);
    }

    /// The angle of the point (`x`, this) in radians, in (-pi, pi].
    default Tensor arctan2(Tensor x) {
        return Pointwise.apply(Arithmetic.ARCTAN2, this, Arguments.tensor(x, "x"));
    }

    /// The hyperbolic sine.
    default Tensor sinh() {
        return Pointwise.apply(Arithmetic.SINH, this);
    }

    /// The hyperbolic cosine.
    default Tensor cosh() {
        return Pointwise.apply(Arithmetic.COSH, this);
    }

    /// The hyperbolic tangent.
    default Tensor tanh() {
        return Pointwise.apply(Arithmetic.TANH, this);
    }

    /// The largest whole number not above each entry; derivative 0.
    default Tensor floor() {
        return Pointwise.apply(Arithmetic.FLOOR, this);
    }

    /// The smallest whole number not below each entry; derivative 0.
    default Tensor ceil() {
        return Pointwise.apply(Arithmetic.CEIL, this);
    }

    /// The nearest whole number, halves to even; derivative 0. For a smooth one see [Soft#round(Tensor)].
    default Tensor round() {
        return Pointwise.apply(Arithmetic.ROUND_HALF_EVEN, this);
    }

    // --- hard comparison and selection --------------------------------------------------------------------------

    /// 1 where this is less, else 0; derivative 0, and 0 for NaN. For a smooth one see [Soft#less(Tensor,
    /// Tensor)].
    default Tensor less(Tensor other) {
        return Pointwise.apply(Arithmetic.LESS, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this is less than the number, else 0.
    default Tensor less(double other) {
        return less(Tensor.scalar(other, dtype()));
    }

    /// 1 where this is greater, else 0; derivative 0, and 0 for NaN.
    default Tensor greater(Tensor other) {
        return Pointwise.apply(Arithmetic.GREATER, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this is greater than the number, else 0.
    default Tensor greater(double other) {
        return greater(Tensor.scalar(other, dtype()));
    }

    /// 1 where this is less or equal, else 0; derivative 0, and 0 for NaN.
    default Tensor lessEqual(Tensor other) {
        return Pointwise.apply(Arithmetic.LESS_EQUAL, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this is less or equal to the number, else 0.
    default Tensor lessEqual(double other) {
        return lessEqual(Tensor.scalar(other, dtype()));
    }

    /// 1 where this is greater or equal, else 0; derivative 0, and 0 for NaN.
    default Tensor greaterEqual(Tensor other) {
        return Pointwise.apply(Arithmetic.GREATER_EQUAL, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this is greater than or equal to the number, else 0.
    default Tensor greaterEqual(double other) {
        return greaterEqual(Tensor.scalar(other, dtype()));
    }

    /// 1 where both are equal, else 0; derivative 0, and 0 for NaN.
    default Tensor equal(Tensor other) {
        return Pointwise.apply(Arithmetic.EQUAL, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this equals the number, else 0.
    default Tensor equal(double other) {
        return equal(Tensor.scalar(other, dtype()));
    }

    /// 1 where both differ, else 0; derivative 0, and 1 for NaN.
    default Tensor notEqual(Tensor other) {
        return Pointwise.apply(Arithmetic.NOT_EQUAL, this, Arguments.tensor(other, "other"));
    }

    /// 1 where this differs from the number, else 0.
    default Tensor notEqual(double other) {
        return notEqual(Tensor.scalar(other, dtype()));
    }

    /// `a` where the condition is not 0 and `b` elsewhere; what is not selected has no influence, not even as
    /// NaN.
    ///
    /// Its cotangent is 0, which an infinite derivative still turns into NaN: guard the argument of what is
    /// computed in vain (`select(c, select(c, x, one).log(), zero)`), or use [SafeMath].
    static Tensor select(Tensor condition, Tensor a, Tensor b) {
        return Pointwise.apply(
                Arithmetic.SELECT,
                Arguments.tensor(condition, "condition"),
                Arguments.tensor(a, "a"),
                Arguments.tensor(b, "b"));
    }

    // --- reductions -------------------------------------------------------------------------------------------

    /// The sum of all entries.
    default Tensor sum() {
        return flatten().sum(0);
    }

    /// The sum along an axis, which disappears; pairwise summation along the last axis.
    default Tensor sum(int axis) {
        return Reduction.sum(this, Shapes.axis(axis, shape()));
    }

    /// The sum along an axis, which stays with length 1 if asked.
    default Tensor sum(int axis, boolean keepDims) {
        return keepDims ? sum(axis).expandDims(Shapes.axis(axis, shape())) : sum(axis);
    }

    /// The mean of all entries.
    default Tensor mean() {
        Shapes.requireEntries("mean", null, shape());
        return flatten().mean(0);
    }

    /// The mean along an axis, which disappears.
    default Tensor mean(int axis) {
        Shapes.requireEntries("mean", Shapes.axis(axis, shape()), shape());
        return toDType(DType.FLOAT64).sum(axis).div(dim(axis)).toDType(dtype());
    }

    /// The mean along an axis, which stays with length 1 if asked.
    default Tensor mean(int axis, boolean keepDims) {
        return keepDims ? mean(axis).expandDims(Shapes.axis(axis, shape())) : mean(axis);
    }

    /// The hard maximum of all entries. For a smooth one see [Soft#max(Tensor)].
    default Tensor max() {
        Shapes.requireEntries("max", null, shape());
        return flatten().max(0);
    }

    /// The hard maximum along an axis, which disappears.
    default Tensor max(int axis) {
        return Reduction.extremum(this, Shapes.axis(axis, shape()), true);
    }

    /// The hard maximum along an axis, which stays with length 1 if asked.
    default Tensor max(int axis, boolean keepDims) {
        return keepDims ? max(axis).expandDims(Shapes.axis(axis, shape())) : max(axis);
    }

    /// The hard minimum of all entries. For a smooth one see [Soft#min(Tensor)].
    default Tensor min() {
        Shapes.requireEntries("min", null, shape());
        return flatten().min(0);
    }

    /// The hard minimum along an axis, which disappears.
    default Tensor min(int axis) {
        return Reduction.extremum(this, Shapes.axis(axis, shape()), false);
    }

    /// The hard minimum along an axis, which stays with length 1 if asked.
    default Tensor min(int axis, boolean keepDims) {
        return keepDims ? min(axis).expandDims(Shapes.axis(axis, shape())) : min(axis);
    }

    /// The product of all entries.
    default Tensor product() {
        return flatten().product(0);
    }

    /// The product along an axis, which disappears; its derivatives are exact also where entries are 0.
    default Tensor product(int axis) {
        return Products.product(this, Shapes.axis(axis, shape()));
    }

    // --- linear algebra ---------------------------------------------------------------------------------------

    /// The matrix product with NumPy's meaning: vectors are a row on the left and a column on the right,
    /// leading axes are batches that broadcast. Cost: rows x shared x columns multiplications for each batch.
    default Tensor matmul(Tensor other) {
        return LinearAlgebra.matmul(this, other);
    }

    /// The sum of products of all entries of two tensors of equal shape.
    default Tensor dot(Tensor other) {
        if (!Arrays.equals(shape(), Arguments.tensor(other, "other").shape())) {
            throw new IllegalArgumentException("dot of shapes " + Shapes.text(shape()) + " and "
                    + Shapes.text(other.shape()) + ": both must have the same shape; for matrices use matmul");
        }
        return toDType(DType.FLOAT64).times(other).sum().toDType(DType.common(this, other));
    }

    // --- structure --------------------------------------------------------------------------------------------

    /// The same numbers in another shape of the same size; one dimension may be -1.
    default Tensor reshape(int... shape) {
        return Structure.reshape(this, shape);
    }

    /// The same numbers as a vector.
    default Tensor flatten() {
        return reshape(size());
    }

    /// The axes in reverse order.
    default Tensor transpose() {
        int[] axes = new int[rank()];
        Arrays.setAll(axes, i -> axes.length - 1 - i);
        return transpose(axes);
    }

    /// The axes in the given order, each named once.
    default Tensor transpose(int... axes) {
        return Structure.transpose(this, axes);
    }

    /// Two axes exchanged.
    default Tensor swapAxes(int first, int second) {
        int[] axes = new int[rank()];
        Arrays.setAll(axes, i -> i);
        int a = Shapes.axis(first, shape());
        int b = Shapes.axis(second, shape());
        axes[a] = b;
        axes[b] = a;
        return transpose(axes);
    }

    /// One axis moved to another place, the others in their order.
    default Tensor moveAxis(int from, int to) {
        return Structure.moveAxis(this, from, to);
    }

    /// A new axis of length 1 before the given place; negative places count in the result.
    default Tensor expandDims(int axis) {
        return reshape(Shapes.insert(shape(), Shapes.newAxis(axis, shape()), 1));
    }

    /// Removes an axis of length 1.
    default Tensor squeeze(int axis) {
        int[] shape = shape();
        int at = Shapes.axis(axis, shape);
        if (shape[at] != 1) {
            throw new IllegalArgumentException("squeeze: axis " + axis + " of shape " + Shapes.text(shape)
                    + " has length "
                    + shape[at] + "; only an axis of length 1 can be removed");
        }
        return reshape(Shapes.without(shape, at));
    }

    /// Repeats axes of length 1, and adds leading axes, to reach the shape.
    default Tensor broadcastTo(int... shape) {
        return Structure.broadcast(this, shape);
    }

    /// The entries `from` (included) to `to` (excluded) of an axis.
    default Tensor slice(int axis, int from, int to) {
        return Structure.slice(this, axis, from, to, 1);
    }

    /// Every `step`-th of the entries `from` (included) to `to` (excluded) of an axis.
    default Tensor slice(int axis, int from, int to, int step) {
        return Structure.slice(this, axis, from, to, step);
    }

    /// An axis in reverse order.
    default Tensor flip(int axis) {
        return Structure.flip(this, axis);
    }

    /// The sub-tensor at the given places of the first axes; negative places count from the end.
    default Tensor get(int... places) {
        Tensor result = this;
        if (Arguments.given(places, "places", "an array").length > rank()) {
            throw new IllegalArgumentException("get of " + places.length + " places from shape " + Shapes.text(shape())
                    + "; give at most one place for each of its " + rank() + " axes");
        }
        for (int place : places) {
            result = result.take(new int[] {place}, 0).squeeze(0);
        }
        return result;
    }

    /// The entries of an axis at the given places, the same for every line; negative places count from the end.
    default Tensor take(int[] places, int axis) {
        return Structure.take(this, places, axis);
    }

    /// The entries of an axis at whole-number places that differ from line to line (NumPy's `take_along_axis`);
    /// the other axes of `places` are those of this tensor.
    default Tensor takeAlongAxis(Tensor places, int axis) {
        return Structure.takeAlongAxis(this, places, axis);
    }

    /// The tensors one after another along an existing axis.
    static Tensor concatenate(int axis, Tensor... parts) {
        return Structure.concatenate(axis, parts);
    }

    /// The tensors, all of one shape, along a new axis.
    static Tensor stack(int axis, Tensor... parts) {
        return Structure.stack(axis, parts);
    }

    /// The same numbers in another format; narrowing rounds to nearest.
    default Tensor toDType(DType dtype) {
        return Structure.cast(this, dtype);
    }
}
