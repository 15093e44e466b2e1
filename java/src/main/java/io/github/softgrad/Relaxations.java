package io.github.softgrad;

import java.util.Optional;

/// The one place where settings choose a relaxation.
final class Relaxations {
    static final HardRelaxation HARD = new HardRelaxation();

    private Relaxations() {}

    /// The relaxation that gives an operator its index.
    static Relaxation index(Settings settings, Method standard) {
        if (settings.isHard()) {
            return HARD;
        }
        Method method = settings.method == null ? standard : settings.method;
        return switch (method) {
            case Method.SoftSort() -> new SoftSortRelaxation(settings);
            case Method.NeuralSort() -> new NeuralSortRelaxation(settings);
            default -> throw unsupported(method);
        };
    }

    /// The relaxation that gives sorted values, if the method is one that has no need of an index.
    static Optional<ValueRelaxation> values(Settings settings) {
        return settings.isHard() ? Optional.of(HARD) : Optional.empty();
    }

    private static IllegalArgumentException unsupported(Method method) {
        return new IllegalArgumentException("method " + method + " is not available in this version;"
                + " use new Method.SoftSort() or new Method.NeuralSort(), which have every operator in every mode");
    }
}
