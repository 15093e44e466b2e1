package io.github.softgrad.trust.properties;

import java.util.Arrays;

/// What errors and bounds are measured by: the range of a line and how far it spreads.
///
/// @param size the largest absolute value
/// @param deviation the standard deviation, at least the thousandth that standardization takes for it
record Line(double least, double largest, double size, double spread, double deviation) {

    private static final double SMALLEST_DEVIATION = 1e-3;

    static Line of(double[] entries) {
        double least = Arrays.stream(entries).min().orElseThrow();
        double largest = Arrays.stream(entries).max().orElseThrow();
        double size = Math.max(Math.abs(least), Math.abs(largest));
        return new Line(least, largest, size, largest - least, deviation(entries, size));
    }

    private static double deviation(double[] entries, double size) {
        if (size == 0) {
            return SMALLEST_DEVIATION;
        }
        double mean = Arrays.stream(entries).map(each -> each / size).average().orElseThrow();
        double variance = Arrays.stream(entries)
                .map(each -> (each / size - mean) * (each / size - mean))
                .average()
                .orElseThrow();
        return Math.max(SMALLEST_DEVIATION, size * Math.sqrt(variance));
    }

    /// The smallest distance of two entries that are not equal, or infinity.
    static double gap(double[] entries) {
        double[] sorted = entries.clone();
        Arrays.sort(sorted);
        double gap = Double.POSITIVE_INFINITY;
        for (int i = 1; i < sorted.length; i++) {
            gap = sorted[i] > sorted[i - 1] ? Math.min(gap, sorted[i] - sorted[i - 1]) : gap;
        }
        return gap;
    }
}
