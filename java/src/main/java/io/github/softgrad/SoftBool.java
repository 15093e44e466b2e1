package io.github.softgrad;

/// Soft truth values: numbers that stand for the probability of being true.
///
/// Made by the comparisons of [Soft], or from numbers by [#of(Tensor)]. How they combine is their [Logic].
/// Operands broadcast. Derivatives exist everywhere.
///
/// *Bounds*: results of `greater`, `less` and of logic on [0, 1] lie in [0, 1]; `equal` and `isClose` may
/// exceed 1 by their tolerance divided by the softness (see ARCHITECTURE.md, errata 1).
public final class SoftBool implements TensorHolder {
    private static final double EPSILON = 1e-10;

    private final Tensor truth;
    private final Logic logic;

    private SoftBool(Tensor truth, Logic logic) {
        this.truth = Arguments.tensor(truth, "truth");
        this.logic = Arguments.given(logic, "logic", "a Logic");
    }

    /// Truth values from numbers in [0, 1], combined by products.
    public static SoftBool of(Tensor truth) {
        return new SoftBool(truth, Logic.PRODUCT);
    }

    /// Truth values from numbers in [0, 1], combined by the given logic.
    public static SoftBool of(Tensor truth, Logic logic) {
        return new SoftBool(truth, logic);
    }

    /// The truth values as numbers.
    public Tensor asTensor() {
        return truth;
    }

    /// `1 - x`.
    public SoftBool not() {
        return new SoftBool(Products.complement(truth), logic);
    }

    /// Whether both are true: `x y`, or their geometric mean.
    public SoftBool and(SoftBool other) {
        return new SoftBool(both(truth, given(other).truth), logic);
    }

    /// Whether one of both is true: `1 - and(1 - x, 1 - y)`.
    public SoftBool or(SoftBool other) {
        return not().and(given(other).not()).not();
    }

    /// Whether exactly one is true: `or(and(x, 1 - y), and(1 - x, y))`, as the Python libraries define it.
    public SoftBool xor(SoftBool other) {
        return and(given(other).not()).or(not().and(other));
    }

    private static SoftBool given(SoftBool other) {
        return Arguments.given(other, "other", "a SoftBool");
    }

    private Tensor both(Tensor x, Tensor y) {
        return switch (logic) {
            case PRODUCT -> x.times(y);
            case GEOMETRIC_MEAN ->
                x.maximum(EPSILON)
                        .log()
                        .plus(y.maximum(EPSILON).log())
                        .times(0.5)
                        .exp();
        };
    }

    /// Whether all entries are true.
    public SoftBool all() {
        return new SoftBool(truth.flatten(), logic).all(0);
    }

    /// Whether all entries along an axis, which disappears, are true.
    public SoftBool all(int axis) {
        return all(axis, EPSILON);
    }

    /// Whether all entries along an axis are true, with the floor under each that the geometric mean uses.
    ///
    /// @param epsilon the floor, in (0, 1]; without influence on products
    public SoftBool all(int axis, double epsilon) {
        Arguments.floor("epsilon", epsilon, "the default is " + EPSILON);
        return new SoftBool(
                switch (logic) {
                    case PRODUCT -> truth.product(axis);
                    case GEOMETRIC_MEAN ->
                        truth.maximum(epsilon).log().mean(axis).exp();
                },
                logic);
    }

    /// Whether any entry is true.
    public SoftBool any() {
        return new SoftBool(truth.flatten(), logic).any(0);
    }

    /// Whether any entry along an axis, which disappears, is true: `1 - all(1 - x)`.
    public SoftBool any(int axis) {
        SoftBool none = logic == Logic.PRODUCT
                ? new SoftBool(Products.productOfComplements(truth, Shapes.axis(axis, truth.shape())), logic)
                : not().all(axis);
        return none.not();
    }

    /// `x` where true, `y` where false, their mean in between: `x c + y (1 - c)`.
    ///
    /// An infinite entry that is not selected at all (weight exactly 0) has no influence.
    public Tensor where(Tensor x, Tensor y) {
        return weighted(Arguments.tensor(x, "x"), truth).plus(weighted(Arguments.tensor(y, "y"), not().truth));
    }

    private static Tensor weighted(Tensor value, Tensor weight) {
        Tensor finite = value.minus(value).equal(0);
        Tensor product = value.times(weight);
        return Tensor.select(finite.maximum(weight.notEqual(0)), product, product.zerosLike());
    }

    /// These values with the derivative of others; see [Soft#straightThrough()].
    SoftBool withDerivativeOf(SoftBool soft) {
        return new SoftBool(StraightThrough.replace(truth, soft.truth), logic);
    }

    @Override
    public String toString() {
        return "SoftBool " + truth;
    }
}
