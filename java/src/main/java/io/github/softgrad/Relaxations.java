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
            case Method.Transport transport -> new TransportRelaxation(settings, transport);
            case Method.SortingNetwork(var padding) -> new SortingNetworkRelaxation(settings, padding);
            case Method.LapSum() -> new LapSumRelaxation(settings);
            case Method.FastSoftSort(), Method.SmoothSort() -> throw withoutIndex(method);
        };
    }

    /// The relaxation that gives an operator its values, if the method has no need of an index for them.
    static Optional<ValueRelaxation> values(Settings settings, Method standard) {
        if (settings.isHard()) {
            return Optional.of(HARD);
        }
        Method method = settings.method == null ? standard : settings.method;
        return switch (method) {
            case Method.SoftSort() -> Optional.of(new SoftSortRelaxation(settings));
            case Method.NeuralSort() -> Optional.of(new NeuralSortRelaxation(settings));
            case Method.FastSoftSort() -> Optional.of(new FastSoftSortRelaxation(settings));
            case Method.SortingNetwork(var padding) -> Optional.of(new SortingNetworkRelaxation(settings, padding));
            case Method.LapSum() -> Optional.of(new LapSumRelaxation(settings));
            case Method.SmoothSort() -> Optional.of(new SmoothSortRelaxation(settings));
            case Method.Transport transport -> Optional.empty();
        };
    }

    /// The relaxation that gives an operator whole orders and ranks, if it has no need of an index for them.
    /// Quantiles and extremes by transport have anchors of their own, and so an index.
    static Optional<ValueRelaxation> orders(Settings settings, Method standard) {
        return settings.method instanceof Method.Transport transport
                        && !settings.isHard()
                        && TransportRelaxation.hasProducts()
                ? Optional.of(new TransportRelaxation(settings, transport))
                : values(settings, standard);
    }

    private static IllegalArgumentException withoutIndex(Method method) {
        return new IllegalArgumentException(
                "method " + method.getClass().getSimpleName() + " gives values without an index; for an index use"
                        + " new Method.SoftSort(), new Method.NeuralSort(), new Method.Transport(),"
                        + " new Method.SortingNetwork() or new Method.LapSum()");
    }
}
