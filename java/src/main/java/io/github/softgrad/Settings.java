package io.github.softgrad;

import java.util.function.Consumer;

/// The options of a [Soft]. Written only while a copy is being made.
final class Settings {
    Tensor softness = Tensor.scalar(0.1);
    Mode mode = Mode.SMOOTH;
    Method method;
    Transition transition = Transition.SMOOTHSTEP;
    Logic logic = Logic.PRODUCT;
    QuantileMethod quantileMethod = QuantileMethod.LINEAR;
    double epsilon = 1e-10;
    int roundingRadius = 5;
    boolean standardize = true;
    boolean gatedGradient = true;
    boolean gated;
    boolean keepDims;
    boolean straightThrough;

    Settings with(Consumer<Settings> change) {
        Settings copy = new Settings();
        copy.softness = softness;
        copy.mode = mode;
        copy.method = method;
        copy.transition = transition;
        copy.logic = logic;
        copy.quantileMethod = quantileMethod;
        copy.epsilon = epsilon;
        copy.roundingRadius = roundingRadius;
        copy.standardize = standardize;
        copy.gatedGradient = gatedGradient;
        copy.gated = gated;
        copy.keepDims = keepDims;
        copy.straightThrough = straightThrough;
        change.accept(copy);
        return copy;
    }

    boolean isHard() {
        return mode == Mode.HARD;
    }

    /// The softness in the format of the data, for elementwise operators: any shape that broadcasts.
    Tensor softnessFor(Tensor x) {
        if (softness.rank() > 0 && !Shapes.broadcastTogether(softness.shape(), x.shape())) {
            throw new IllegalArgumentException("softness of shape " + Shapes.text(softness.shape())
                    + " does not broadcast with x of shape " + Shapes.text(x.shape())
                    + "; give one number, or one for each entry");
        }
        return softness.toDType(x.dtype());
    }

    /// The softness as one number, for axis-wise operators.
    Tensor scalarSoftness() {
        if (softness.rank() == 0 && softness.dtype() == DType.FLOAT64) {
            return softness;
        }
        if (softness.size() != 1) {
            throw Arguments.bad(
                    "the softness of an axis-wise operator",
                    "one number",
                    "of shape " + Shapes.text(softness.shape()),
                    "only elementwise operators broadcast it");
        }
        return softness.reshape().toDType(DType.FLOAT64);
    }

    void requireSmooth(String method) {
        if (mode != Mode.SMOOTH) {
            throw Arguments.bad(
                    "the mode of method " + method,
                    "SMOOTH",
                    mode,
                    "SoftSort, NeuralSort, FastSoftSort, Transport and SortingNetwork have the others");
        }
    }

    static void requireSoftness(Tensor softness) {
        for (double value : Arguments.tensor(softness, "softness").toDoubles()) {
            Arguments.positive("softness", value, "for the limit 0 use Soft.hard()");
        }
    }
}
