package io.github.softgrad.elementwise;

import java.util.Arrays;
import java.util.function.Predicate;

/// Which curve can do what, for error messages.
final class Curves {

    private Curves() {}

    /// The names of the curves that satisfy the condition, `none` if there are none.
    static String those(Predicate<Curve> condition) {
        return Arrays.stream(Curve.values())
                .filter(condition)
                .map(Curve::name)
                .reduce((first, second) -> first + ", " + second)
                .orElse("none");
    }

    static void requireDifferences(Curve curve, String operator) {
        if (!curve.hasDifferences()) {
            throw new IllegalArgumentException(
                    "curve of " + operator + " must be one of " + those(Curve::hasDifferences) + ", was " + curve);
        }
    }
}
