package io.github.softgrad.bench.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Numbers made of measured times.
final class Figures {
    /// Below this length what a call costs by itself bends the curve.
    private static final int FIT_FROM = 256;

    private Figures() {}

    /// The slope of the straight line through (log n, log time) by least squares: the exponent of the cost.
    /// Takes the lengths from 256 on, or all where there are fewer than two of those; empty below two.
    static Optional<Double> exponent(Map<Integer, Double> times) {
        List<Map.Entry<Integer, Double>> points = List.copyOf(times.entrySet());
        List<Map.Entry<Integer, Double>> large =
                points.stream().filter(point -> point.getKey() >= FIT_FROM).toList();
        List<Map.Entry<Integer, Double>> fitted = large.size() >= 2 ? large : points;
        if (fitted.size() < 2) {
            return Optional.empty();
        }
        double meanX =
                fitted.stream().mapToDouble(p -> Math.log(p.getKey())).average().orElseThrow();
        double meanY = fitted.stream()
                .mapToDouble(p -> Math.log(p.getValue()))
                .average()
                .orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Map.Entry<Integer, Double> point : fitted) {
            double x = Math.log(point.getKey()) - meanX;
            covariance += x * (Math.log(point.getValue()) - meanY);
            variance += x * x;
        }
        return Optional.of(covariance / variance);
    }

    static double geometricMean(Collection<Comparison.Pair> pairs) {
        return Math.exp(pairs.stream()
                .mapToDouble(pair -> Math.log(pair.ratio()))
                .average()
                .orElseThrow());
    }

    /// Three significant digits.
    static String text(double number) {
        if (number == 0 || !Double.isFinite(number)) {
            return Double.toString(number);
        }
        int digits = Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(number))));
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }

    static String milliseconds(double nanos) {
        return text(nanos / 1e6);
    }

    /// A ratio, bold where the peer is faster.
    static String ratio(double ratio) {
        return ratio < 1 ? "**x" + text(ratio) + "**" : "x" + text(ratio);
    }
}
