package io.github.softgrad;

import java.util.function.Function;

/// Finds the softness for a wanted sharpness.
///
/// What softness is right depends on the method, the length and the spread of the data; how many entries an
/// index spreads over does not. The sharpness of an index is measured by the mean entropy of its distributions,
/// divided by `log n`: 0 is hard, 1 is uniform.
public final class Sharpness {
    private static final double SMALLEST = 1e-9;
    private static final double LARGEST = 1e9;
    private static final int BISECTIONS = 60;

    private Sharpness() {}

    /// The mean entropy of the distributions of an index, divided by that of the uniform one; 0 where n = 1.
    public static double normalizedEntropy(SoftIndex index) {
        return Arguments.given(index, "index", "a SoftIndex").size() == 1
                ? 0
                : index.entropy().mean().item() / Math.log(index.size());
    }

    /// The softness at which an index has the given normalised entropy, by bisection on its logarithm.
    ///
    /// ```java
    /// double softness = Sharpness.softnessFor(0.1, s -> soft.softness(s).argsort(x));
    /// ```
    ///
    /// The entropy grows with the softness, from 0 to 1 except where entries tie. Where no softness from 1e-9
    /// to 1e9 reaches the target, the nearest end is returned. Cost: some 45 evaluations of the index.
    ///
    /// @param target the normalised entropy, in (0, 1)
    /// @param index the index as a function of the softness
    public static double softnessFor(double target, Function<Double, SoftIndex> index) {
        Arguments.inside("target", target, "0 is a hard index (Soft.hard()), 1 a uniform one");
        Arguments.given(index, "index", "a function");
        double low = Math.log(SMALLEST);
        double high = Math.log(LARGEST);
        for (int step = 0; step < BISECTIONS && high - low > 1e-12; step++) {
            double middle = (low + high) / 2;
            if (normalizedEntropy(index.apply(Math.exp(middle))) < target) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp((low + high) / 2);
    }
}
