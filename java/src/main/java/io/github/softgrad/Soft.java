package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;
import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.SoftFunction;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// An immutable recipe for soft operators; the operators are its methods.
///
/// ```java
/// Soft soft = Soft.smooth().softness(0.05);
/// Tensor sorted = soft.sort(x, -1, Order.ASCENDING);
/// Tensor gradient = Autodiff.grad(w -> soft.median(soft.abs(y.minus(X.matmul(w)))), w0);
/// ```
///
/// A soft operator stands in for a hard one whose derivative is zero or undefined. Its strength is the softness
/// s: for s towards 0 it becomes the hard operator, for large s it averages. [Soft#hard()] runs the same
/// program with the hard operators, and [#straightThrough()] takes the hard values with the soft derivatives.
///
/// *Elementwise operators* broadcast, take any softness shape that broadcasts, and follow the sigmoidal curve S
/// of the [Mode] at x/s: logistic in `SMOOTH`; in `C0`, `C1`, `C2` a polynomial that is exactly 0 or 1 outside
/// |x| < 5 s.
///
/// *Axis-wise operators* need a softness with one element. They standardize each line to (0, 1) first (see
/// [#standardize(boolean)]), then average over a [SoftIndex] whose kind is the [Method].
///
/// - *Axes*: reductions without an axis reduce all entries; `sort`, `argsort`, `rank` and `topK` without one
///   take vectors. Negative axes count from the end.
/// - *Ties and NaN*: tied entries share; a NaN or an infinity spoils its own line and no other. Hard operators
///   count NaN as larger than every number.
/// - *Format*: the result has the format of the argument. Elementwise, float32 is computed in float32 to 4
///   units in the last place; along an axis in float64, but for the smooth largest and smallest entries of
///   float32 lines by SoftSort, which are good to 1e-5 of the largest value or weight, and values and ranks of
///   at least 4 float32 lines of at most 128 entries by SoftSort, NeuralSort and FastSoftSort, which are so for
///   a softness from 0.02 on. Below they see roundings of the entries divided by the softness, and what
///   FastSoftSort brings back from (0, 1) loses digits beyond 6 deviations.
/// - *Batches*: a line's result does not depend on other lines' numbers or on the number of threads. Whether it
///   is computed alone or with others may change its last digits.
/// - *Errors*: [IllegalArgumentException] before any work for a bad argument, naming it, its value and the
///   remedy; [NullPointerException] for null. `docs/bad-input.md` is the table.
/// - *Cost*: one pass elementwise; O(n) to O(n²) along an axis, see [Method].
///
/// *Reference*: Paulus et al., SoftJAX and SoftTorch, arXiv 2603.08824.
public final class Soft {
    private static final int LARGEST_RADIUS = 1000;

    private final Settings settings;

    private Soft(Settings settings) {
        this.settings = settings;
    }

    // --- recipes --------------------------------------------------------------------------------------------------

    /// Infinitely differentiable operators, softness 0.1.
    public static Soft smooth() {
        return new Soft(new Settings());
    }

    /// The plain operators.
    public static Soft hard() {
        return smooth().mode(Mode.HARD);
    }

    /// Continuous, piecewise linear or quadratic operators, softness 0.1.
    public static Soft c0() {
        return smooth().mode(Mode.C0);
    }

    /// Once continuously differentiable operators, softness 0.1.
    public static Soft c1() {
        return smooth().mode(Mode.C1);
    }

    /// Twice continuously differentiable operators, softness 0.1.
    public static Soft c2() {
        return smooth().mode(Mode.C2);
    }

    private Soft with(Consumer<Settings> change) {
        return new Soft(settings.with(change));
    }

    /// Another strength of softening.
    ///
    /// @param softness finite and > 0; in the unit of x elementwise, relative to (0, 1) for standardized axes
    public Soft softness(double softness) {
        return softness(Tensor.scalar(softness));
    }

    /// Another strength of softening, which may be differentiated: all entries finite and > 0.
    public Soft softness(Tensor softness) {
        Settings.requireSoftness(softness);
        return with(s -> s.softness = softness);
    }

    /// Another kind of smoothness.
    public Soft mode(Mode mode) {
        Arguments.given(mode, "mode", "a Mode");
        return with(s -> s.mode = mode);
    }

    /// Another relaxation for axis-wise operators.
    public Soft method(Method method) {
        Arguments.given(method, "method", "a Method");
        return with(s -> s.method = method);
    }

    /// Another shape of elementwise transitions in `C1` and `C2`.
    public Soft transition(Transition transition) {
        Arguments.given(transition, "transition", "a Transition");
        return with(s -> s.transition = transition);
    }

    /// Another way to combine the truths that comparisons return.
    public Soft logic(Logic logic) {
        Arguments.given(logic, "logic", "a Logic");
        return with(s -> s.logic = logic);
    }

    /// What a quantile between two entries is; [QuantileMethod#LINEAR] unless set.
    public Soft quantileMethod(QuantileMethod method) {
        Arguments.given(method, "method", "a QuantileMethod");
        return with(s -> s.quantileMethod = method);
    }

    /// The margin of comparisons, 1e-10 unless set: strict ones are moved down by it and the others up.
    public Soft epsilon(double epsilon) {
        Arguments.notNegative("epsilon", epsilon, "1e-10 is the default");
        return with(s -> s.epsilon = epsilon);
    }

    /// How many neighbours on each side [#round(Tensor)] sums over, from 1 to 1000; 5 unless set.
    public Soft roundingRadius(int radius) {
        if (radius < 1 || radius > LARGEST_RADIUS) {
            throw Arguments.bad("radius", "in 1 to " + LARGEST_RADIUS, radius, "5 is the default");
        }
        return with(s -> s.roundingRadius = radius);
    }

    /// Whether axis-wise operators first bring each line to mean 0 and deviation 1 and squash it into (0, 1);
    /// on unless set. With it the softness means the same on every scale.
    public Soft standardize(boolean standardize) {
        return with(s -> s.standardize = standardize);
    }

    /// Whether the derivative of soft values goes through the index as well (on unless set) or treats it as a
    /// constant.
    public Soft gatedGradient(boolean gatedGradient) {
        return with(s -> s.gatedGradient = gatedGradient);
    }

    /// Whether relu and clip use the gated form `x S(x)` instead of the integral of S; off unless set.
    public Soft gated(boolean gated) {
        return with(s -> s.gated = gated);
    }

    /// Whether reduced axes stay with length 1; off unless set.
    public Soft keepDims(boolean keepDims) {
        return with(s -> s.keepDims = keepDims);
    }

    // --- straight-through -----------------------------------------------------------------------------------------

    /// The same operators with hard values and soft derivatives.
    ///
    /// Each operator by itself; around a whole program see [#straightThrough(BiFunction)], which differs where
    /// programs multiply (arXiv 2603.08824, figure 3). Values of tied entries are those of the stable hard
    /// order, so a search that starts from equal scores should break the tie first.
    public Soft straightThrough() {
        return with(s -> s.straightThrough = true);
    }

    /// A function that runs the program with hard operators for its value and with this recipe for its
    /// derivative.
    ///
    /// @param program takes a recipe and parameters: a tensor, a record or a list
    public <P> Function<P, Tensor> straightThrough(BiFunction<Soft, P, Tensor> program) {
        Arguments.given(program, "program", "a function");
        return parameters -> straightThroughResult(program, parameters);
    }

    /// [#straightThrough(BiFunction)] for programs that return several tensors, as a record or a list, or an
    /// index.
    public <P, R> R straightThroughResult(BiFunction<Soft, P, R> program, P parameters) {
        Arguments.given(program, "program", "a function");
        Arguments.given(parameters, "parameters", "a tensor, a record or a list");
        Soft soft = with(s -> s.straightThrough = false);
        R smooth = program.apply(soft, parameters);
        return settings.isHard()
                ? smooth
                : StraightThrough.combine(program.apply(soft.mode(Mode.HARD), parameters), smooth);
    }

    <R> R run(Function<Settings, R> operator) {
        if (!settings.straightThrough || settings.isHard()) {
            return operator.apply(settings);
        }
        return StraightThrough.combine(
                operator.apply(settings.with(s -> s.mode = Mode.HARD)), operator.apply(settings));
    }

    // --- random samples -------------------------------------------------------------------------------------------

    /// Random samplers with this recipe, on the given generator; standardization is off for them unless set
    /// there.
    public SoftRandom random(RandomGenerator generator) {
        return SoftRandom.of(this, generator);
    }

    // --- elementwise ----------------------------------------------------------------------------------------------

    private interface CurveFunction {
        Tensor apply(Curve curve, Tensor softness);
    }

    private Tensor elementwise(Tensor x, Function<Settings, Tensor> hard, CurveFunction soft) {
        Arguments.tensor(x, "x");
        return run(s -> s.isHard() ? hard.apply(s) : soft.apply(s.mode.curve(s.transition), s.softnessFor(x)));
    }

    /// The soft step S(x/s), from 0 to 1; hard: 0, 1/2 at 0, 1. *Bounds*: [0, 1], S(-x) = 1 - S(x).
    public Tensor heaviside(Tensor x) {
        return elementwise(
                x,
                s -> Pointwise.apply(Arithmetic.HEAVISIDE, x),
                (curve, softness) -> SoftPointwise.sigmoidal(curve, 0, x, softness));
    }

    /// The same as [#heaviside(Tensor)], by its name in the literature.
    public Tensor sigmoidal(Tensor x) {
        return heaviside(x);
    }

    /// The soft sign 2 S - 1; hard: -1, 0, 1. *Bounds*: [-1, 1], odd.
    public Tensor sign(Tensor x) {
        return elementwise(x, s -> x.sign(), (curve, softness) -> SoftPointwise.sign(curve, x, softness));
    }

    /// The soft absolute value x sign(x). *Bounds*: between 0 and |x|.
    public Tensor abs(Tensor x) {
        return elementwise(x, s -> x.abs(), (curve, softness) -> SoftPointwise.abs(curve, x, softness));
    }

    /// The soft max(x, 0): the integral of S, or x S(x) where [#gated(boolean)]. *Bounds*: the integral is
    /// above max(x, 0), the gated form below.
    public Tensor relu(Tensor x) {
        return elementwise(
                x,
                s -> Tensor.select(x.lessEqual(x.zerosLike()), x.zerosLike(), x),
                (curve, softness) -> SoftPointwise.rectified(curve, settings.gated, x, softness));
    }

    /// The soft clip to [lower, upper]: lower + R(x - lower) - R(x - upper) with the soft relu R. Broadcasts.
    ///
    /// It does not check that lower <= upper.
    public Tensor clip(Tensor x, Tensor lower, Tensor upper) {
        Arguments.tensor(lower, "lower");
        Arguments.tensor(upper, "upper");
        return elementwise(
                x,
                s -> x.maximum(lower).minimum(upper),
                (curve, softness) -> SoftPointwise.clip(curve, settings.gated, x, lower, upper, softness));
    }

    /// [#clip(Tensor, Tensor, Tensor)] between two numbers.
    public Tensor clip(Tensor x, double lower, double upper) {
        DType format = Arguments.tensor(x, "x").dtype();
        return clip(x, Tensor.scalar(lower, format), Tensor.scalar(upper, format));
    }

    /// The soft nearest whole number: a weighted sum of the neighbours within [#roundingRadius(int)]; hard:
    /// halves to even.
    ///
    /// Meant for softness up to about radius/10 (`SMOOTH`) or radius/5; beyond, the neighbours that are left
    /// out show.
    /// *Reference*: Semenov, Smooth approximations of the rounding function, arXiv 2504.19026.
    public Tensor round(Tensor x) {
        return elementwise(
                x,
                s -> x.round(),
                (curve, softness) -> SoftPointwise.round(curve, settings.roundingRadius, x, softness));
    }

    // --- comparisons ----------------------------------------------------------------------------------------------

    private SoftBool compare(Tensor x, Tensor y, Supplier<Tensor> hard, CurveFunction soft) {
        Arguments.tensor(x, "x");
        Arguments.tensor(y, "y");
        return run(s -> SoftBool.of(
                s.isHard() ? hard.get() : soft.apply(s.mode.curve(s.transition), s.softnessFor(x)), s.logic));
    }

    /// Whether x > y: S(x - y - epsilon). Broadcasts.
    public SoftBool greater(Tensor x, Tensor y) {
        return compare(
                x, y, () -> x.greater(y), (curve, s) -> SoftPointwise.comparison(curve, -settings.epsilon, x, y, s));
    }

    /// Whether x >= y: S(x - y + epsilon). Broadcasts.
    public SoftBool greaterEqual(Tensor x, Tensor y) {
        return compare(
                x,
                y,
                () -> x.greaterEqual(y),
                (curve, s) -> SoftPointwise.comparison(curve, settings.epsilon, x, y, s));
    }

    /// Whether x < y: 1 - S(x - y + epsilon). Broadcasts.
    public SoftBool less(Tensor x, Tensor y) {
        return compare(
                x, y, () -> x.less(y), (curve, s) -> SoftPointwise.comparison(curve, -settings.epsilon, y, x, s));
    }

    /// Whether x <= y: 1 - S(x - y - epsilon). Broadcasts.
    public SoftBool lessEqual(Tensor x, Tensor y) {
        return compare(
                x, y, () -> x.lessEqual(y), (curve, s) -> SoftPointwise.comparison(curve, settings.epsilon, y, x, s));
    }

    /// Whether x = y: 2 (1 - S(|x - y| - epsilon)) with the soft absolute value. Broadcasts.
    public SoftBool equal(Tensor x, Tensor y) {
        return closeness(x, y, () -> x.equal(y), 0, 0, false);
    }

    /// Whether x and y differ: 1 - equal. Broadcasts.
    public SoftBool notEqual(Tensor x, Tensor y) {
        return closeness(x, y, () -> x.notEqual(y), 0, 0, true);
    }

    /// Whether |x - y| <= absolute + relative |y|, in the form of [#equal(Tensor, Tensor)]. Broadcasts.
    public SoftBool isClose(Tensor x, Tensor y, double relativeTolerance, double absoluteTolerance) {
        Arguments.notNegative("relativeTolerance", relativeTolerance, "for plain equality use equal(x, y)");
        Arguments.notNegative("absoluteTolerance", absoluteTolerance, "for plain equality use equal(x, y)");
        return closeness(
                x,
                y,
                () -> within(x, y, relativeTolerance, absoluteTolerance),
                relativeTolerance,
                absoluteTolerance,
                false);
    }

    private static Tensor within(Tensor x, Tensor y, double relativeTolerance, double absoluteTolerance) {
        Tensor tolerance = y.abs().times(relativeTolerance).plus(absoluteTolerance);
        return x.minus(y).abs().lessEqual(tolerance).maximum(x.equal(y));
    }

    /// [#isClose(Tensor, Tensor, double, double)] with the tolerances 1e-5 and 1e-8.
    public SoftBool isClose(Tensor x, Tensor y) {
        return isClose(x, y, 1e-5, 1e-8);
    }

    private SoftBool closeness(
            Tensor x, Tensor y, Supplier<Tensor> hard, double relative, double absolute, boolean negated) {
        return compare(
                x,
                y,
                hard,
                (curve, s) -> SoftPointwise.closeness(
                        new SoftFunction.Closeness(curve, relative, absolute, settings.epsilon, negated), x, y, s));
    }

    // --- extremes -------------------------------------------------------------------------------------------------

    /// The index of the largest entry of all. Hard: the first of equals.
    public SoftIndex argmax(Tensor x) {
        return run(s -> Ordering.argmax(s, Lines.flattened(x, s), true));
    }

    /// The index of the largest entry along an axis, which disappears.
    public SoftIndex argmax(Tensor x, int axis) {
        return run(s -> Ordering.argmax(s, Lines.along(x, axis, s), true));
    }

    /// The index of the smallest entry of all: argmax of -x.
    public SoftIndex argmin(Tensor x) {
        return run(s -> Ordering.argmax(s, Lines.flattened(x, s), false));
    }

    /// The index of the smallest entry along an axis, which disappears.
    public SoftIndex argmin(Tensor x, int axis) {
        return run(s -> Ordering.argmax(s, Lines.along(x, axis, s), false));
    }

    /// The largest entry of all, as the mean under [#argmax(Tensor)]. *Bounds*: at most the hard maximum.
    public Tensor max(Tensor x) {
        return run(s -> Ordering.max(s, Lines.flattened(x, s), true));
    }

    /// The largest entry along an axis, which disappears.
    public Tensor max(Tensor x, int axis) {
        return run(s -> Ordering.max(s, Lines.along(x, axis, s), true));
    }

    /// The smallest entry of all: -max(-x).
    public Tensor min(Tensor x) {
        return run(s -> Ordering.max(s, Lines.flattened(x, s), false));
    }

    /// The smallest entry along an axis, which disappears.
    public Tensor min(Tensor x, int axis) {
        return run(s -> Ordering.max(s, Lines.along(x, axis, s), false));
    }

    // --- orders ---------------------------------------------------------------------------------------------------

    /// The soft permutation that sorts a vector ascending: row j says which entry is the j-th.
    public SoftIndex argsort(Tensor x) {
        return run(s -> Ordering.argsort(s, Lines.ofVector(x, s, "argsort"), Order.ASCENDING));
    }

    /// The soft permutation that sorts along an axis; the distributions are on a new last axis. Memory: n x n a
    /// line.
    public SoftIndex argsort(Tensor x, int axis, Order order) {
        return run(s -> Ordering.argsort(s, Lines.along(x, axis, s), order));
    }

    /// A vector softly sorted, ascending.
    public Tensor sort(Tensor x) {
        return run(s -> Ordering.sort(s, Lines.ofVector(x, s, "sort"), Order.ASCENDING));
    }

    /// A tensor softly sorted along an axis. *Bounds*: within the range of each line.
    public Tensor sort(Tensor x, int axis, Order order) {
        return run(s -> Ordering.sort(s, Lines.along(x, axis, s), order));
    }

    /// The sorted values along an axis together with their index, for the cost of the index.
    ///
    /// With a method that has no index it throws; see [#sort(Tensor, int, Order)].
    public Sorted sorted(Tensor x, int axis, Order order) {
        return run(s -> Ordering.sorted(s, Lines.along(x, axis, s), order));
    }

    /// The 1-based soft ranks of a vector, 1 for the largest entry.
    public Tensor rank(Tensor x) {
        return run(s -> Ordering.rank(s, Lines.ofVector(x, s, "rank"), Order.DESCENDING));
    }

    /// The 1-based soft ranks along an axis, 1 for the first in the given order. *Bounds*: [1, n], but less for
    /// an entry that all rows of a [Method.NeuralSort] pass over (0 in a sparse mode; nearly 0 in `SMOOTH`,
    /// where they select it with less than 1e-10 together); ties get equal ranks. Hard: the places of the
    /// stable order, so ties get different ranks.
    public Tensor rank(Tensor x, int axis, Order order) {
        return run(s -> Ordering.rank(s, Lines.along(x, axis, s), order));
    }

    /// The k largest entries of a vector, largest first.
    public TopK topK(Tensor x, int k) {
        return run(s -> Ordering.topK(s, Lines.ofVector(x, s, "topK"), k));
    }

    /// The k largest entries along an axis, largest first; k stands in place of n, `1 <= k <= n`.
    public TopK topK(Tensor x, int k, int axis) {
        return run(s -> Ordering.topK(s, Lines.along(x, axis, s), k));
    }

    /// How much each entry along an axis belongs to the k largest: the sum of the rows of [#topK(Tensor, int,
    /// int)]'s index.
    ///
    /// *Shape*: that of x. *Bounds*: non-negative, the sum along the axis is k; at most 1 with the methods
    /// whose soft permutation has columns that sum to 1 ([Method.Transport], [Method.LapSum] and
    /// [Method.SortingNetwork] with infinite padding), else a little above where entries crowd.
    public Tensor topKMask(Tensor x, int k, int axis) {
        return run(s -> Ordering.topKMask(s, Lines.along(x, axis, s), k));
    }

    /// [#topKMask(Tensor, int, int)] of a vector.
    public Tensor topKMask(Tensor x, int k) {
        return run(s -> Ordering.topKMask(s, Lines.ofVector(x, s, "topKMask"), k));
    }

    // --- quantiles ------------------------------------------------------------------------------------------------

    /// The index of the q-quantile of all entries, q in [0, 1].
    public SoftIndex argquantile(Tensor x, double q) {
        return run(s -> Ordering.argquantile(s, Lines.flattened(x, s), s.quantileMethod, q));
    }

    /// The index of the q-quantile along an axis, which disappears.
    public SoftIndex argquantile(Tensor x, double q, int axis) {
        return run(s -> Ordering.argquantile(s, Lines.along(x, axis, s), s.quantileMethod, q));
    }

    /// The indices of several quantiles of all entries, on a new first axis.
    public SoftIndex argquantiles(Tensor x, double... q) {
        return run(s -> Ordering.argquantile(s, Lines.flattened(x, s), s.quantileMethod, q));
    }

    /// The indices of several quantiles along an axis, which disappears; they are on a new first axis.
    public SoftIndex argquantiles(Tensor x, double[] q, int axis) {
        return run(s -> Ordering.argquantile(s, Lines.along(x, axis, s), s.quantileMethod, q));
    }

    /// The q-quantile of all entries, q in [0, 1]. *Bounds*: within the range of the entries.
    public Tensor quantile(Tensor x, double q) {
        return run(s -> Ordering.quantile(s, Lines.flattened(x, s), s.quantileMethod, q));
    }

    /// The q-quantile along an axis, which disappears.
    public Tensor quantile(Tensor x, double q, int axis) {
        return run(s -> Ordering.quantile(s, Lines.along(x, axis, s), s.quantileMethod, q));
    }

    /// Several quantiles of all entries in one pass, on a new first axis.
    public Tensor quantiles(Tensor x, double... q) {
        return run(s -> Ordering.quantile(s, Lines.flattened(x, s), s.quantileMethod, q));
    }

    /// Several quantiles along an axis, which disappears, in one pass; they are on a new first axis.
    public Tensor quantiles(Tensor x, double[] q, int axis) {
        return run(s -> Ordering.quantile(s, Lines.along(x, axis, s), s.quantileMethod, q));
    }

    /// The index of the median of all entries.
    public SoftIndex argmedian(Tensor x) {
        return run(s -> Ordering.argquantile(s, Lines.flattened(x, s), QuantileMethod.MIDPOINT, 0.5));
    }

    /// The index of the median along an axis, which disappears.
    public SoftIndex argmedian(Tensor x, int axis) {
        return run(s -> Ordering.argquantile(s, Lines.along(x, axis, s), QuantileMethod.MIDPOINT, 0.5));
    }

    /// The median of all entries; the mean of the two middle ones for an even number.
    ///
    /// With far outliers among many entries [Method.SoftSort] stays closer to the hard median than the default
    /// [Method.NeuralSort], whose scores sum the distances to all entries.
    public Tensor median(Tensor x) {
        return run(s -> Ordering.quantile(s, Lines.flattened(x, s), QuantileMethod.MIDPOINT, 0.5));
    }

    /// The median along an axis, which disappears.
    public Tensor median(Tensor x, int axis) {
        return run(s -> Ordering.quantile(s, Lines.along(x, axis, s), QuantileMethod.MIDPOINT, 0.5));
    }

    /// The index of a percentile of all entries: argquantile of p / 100, p in [0, 100].
    public SoftIndex argpercentile(Tensor x, double p) {
        return argquantile(x, percent(p));
    }

    /// The index of a percentile along an axis, which disappears.
    public SoftIndex argpercentile(Tensor x, double p, int axis) {
        return argquantile(x, percent(p), axis);
    }

    /// A percentile of all entries: the quantile of p / 100, p in [0, 100].
    public Tensor percentile(Tensor x, double p) {
        return quantile(x, percent(p));
    }

    /// A percentile along an axis, which disappears.
    public Tensor percentile(Tensor x, double p, int axis) {
        return quantile(x, percent(p), axis);
    }

    private static double percent(double p) {
        return Arguments.fraction("p", p, 100, "quantile takes fractions of 1") / 100;
    }

    // --- projections ----------------------------------------------------------------------------------------------

    /// The projection of each line onto the probability simplex: the y that maximises `<x, y> - s R(y)` over
    /// non-negative y with sum 1, without standardization.
    ///
    /// *Bounds*: each line sums to 1. *Smoothness*: as the [Mode], whose table names R. *Cost*: O(n). Hard: all
    /// mass on the largest entry, the first of equals. Entries of minus infinity get no mass. Float32 lines are
    /// projected by a float32 kernel.
    public Tensor projectSimplex(Tensor x, int axis) {
        Lines lines = Lines.along(x, axis, settings).requireEntries("projectSimplex");
        return run(s -> {
            if (s.isHard()) {
                return lines.spread(Ordering.largest(s, lines.rows(), true).probabilities());
            }
            Tensor rows = x.moveAxis(axis, -1);
            return lines.spread(Simplex.project(rows, s.scalarSoftness(), s.mode.regularizer()));
        });
    }

    /// The smooth majorization projection of each line: the numbers of w softly sorted into the order of z, by
    /// [Method.SmoothSort] without regard to the method of this recipe. z and w have one shape. Mode `SMOOTH`
    /// or hard.
    ///
    /// *Bounds*: a line keeps the sum of w, and is in the order of z; it exceeds w for a large softness.
    /// *Ties*: of equal z the first gets the larger number. *Cost*: O(n²).
    public Tensor projectPermutahedronSmooth(Tensor z, Tensor w, int axis) {
        Arguments.tensor(w, "w");
        Lines lines = Lines.along("z", z, axis, settings).requireEntries("projectPermutahedronSmooth");
        SmoothSortRelaxation.requireSameShape(z, w);
        Tensor numbers = Lines.along("w", w, axis, settings).rows();
        return run(s -> lines.spread(
                s.isHard()
                        ? HardRelaxation.arrange(numbers, lines.rows())
                        : new SmoothSortRelaxation(s).project(lines.rows(), numbers)));
    }

    /// The projection of the last axis of z onto the permutahedron of w: the y in the convex hull of all orders
    /// of w that maximises `<z, y> - s R(y)`, without standardization; in `SMOOTH` the hull is that of exp(w),
    /// and the logarithm of its point is returned. Broadcasts.
    ///
    /// *Bounds*: y is in the order of z and within the range of w; `C0`, `C1` and `C2` keep the sum of w.
    /// *Smoothness*: continuous in every mode, smooth in between, see [Method.FastSoftSort]. *Ties and NaN*:
    /// ties in z get equal y; a NaN or an infinity makes its line NaN. *Cost*: O(n log n). Hard: w in the order
    /// of z.
    ///
    /// *Reference*: Blondel, Teboul, Berthet and Djolonga, Fast Differentiable Sorting and Ranking, ICML 2020.
    public Tensor projectPermutahedron(Tensor z, Tensor w) {
        int[] shape = Shapes.broadcast(
                Arguments.tensor(z, "z").shape(), Arguments.tensor(w, "w").shape());
        if (shape.length == 0) {
            throw Arguments.bad("z or w", "at least a vector", "a scalar", "its last axis is projected");
        }
        Tensor order = z.broadcastTo(shape).toDType(DType.FLOAT64);
        Tensor values = w.broadcastTo(shape).toDType(DType.FLOAT64);
        return run(s -> {
            Tensor y = s.isHard()
                    ? Permutahedron.vertex(order, values)
                    : Permutahedron.project(order, values, s.scalarSoftness(), s.mode.regularizer());
            return y.toDType(DType.common(z, w));
        });
    }

    /// The transport plan that minimises `<cost, P> + s R(P)` over non-negative P with row sums mu and column
    /// sums nu, times n, so that rows sum to 1 where mu is uniform; without standardization.
    ///
    /// *Shape*: cost and result (..., n, m), mu (n) and nu (m), which are constants: finite, >= 0, and divided
    /// by their sums; no entry of the plan is above zero where there is no mass. *Smoothness*: as the [Mode];
    /// first derivatives only.
    /// *Cost*: O(n m min(n, m)) at most for each of some tens of steps. Accuracy is that of the
    /// [Method.Transport] of [#method(Method)], or of one with default options.
    ///
    /// *Throws* [ConvergenceException] where that accuracy is missed, which takes costs a million times the
    /// softness.
    public Tensor projectTransport(Tensor cost, Tensor mu, Tensor nu) {
        return transportPlan(cost, mu, nu).plan();
    }

    /// [#projectTransport(Tensor, Tensor, Tensor)] with the iterations and the residual of its solver.
    public TransportPlan transportPlan(Tensor cost, Tensor mu, Tensor nu) {
        return new TransportProjection(settings, cost, mu, nu).plan();
    }

    /// The logarithm of [#projectTransport(Tensor, Tensor, Tensor)]: in log space in `SMOOTH`, so it does not
    /// underflow; exact zeros are minus infinity with derivative 0.
    public Tensor logProjectTransport(Tensor cost, Tensor mu, Tensor nu) {
        return new TransportProjection(settings, cost, mu, nu).logPlan();
    }

    /// The logarithm of [#projectSimplex(Tensor, int)]: in log space in `SMOOTH`, so it does not underflow;
    /// exact zeros are minus infinity with derivative 0.
    public Tensor logProjectSimplex(Tensor x, int axis) {
        Lines lines = Lines.along(x, axis, settings).requireEntries("logProjectSimplex");
        return run(s -> {
            Distribution projected =
                    s.isHard() ? Ordering.largest(s, lines.rows(), true) : Distribution.project(lines.rows(), s);
            return lines.spread(projected.logProbabilities());
        });
    }
}
