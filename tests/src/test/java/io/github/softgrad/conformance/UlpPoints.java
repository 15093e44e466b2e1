package io.github.softgrad.conformance;

import java.util.random.RandomGenerator;

/// Random arguments that reach every regime of the soft functions; softness is log-uniform from 1e-3 to 1e3.
final class UlpPoints {

    /// Draws one point.
    @FunctionalInterface
    interface Sampler {
        double[] draw(RandomGenerator random);
    }

    private UlpPoints() {}

    /// `(x, s)`.
    static double[] single(RandomGenerator random) {
        double s = softness(random);
        return new double[] {position(random, s), s};
    }

    /// `(x, y, s)`, with `x - y` where [#single] has `x`, or with both far away.
    static double[] pair(RandomGenerator random) {
        double s = softness(random);
        double y = random.nextInt(4) == 0 ? 0 : sign(random) * s * power(random, -6, 6);
        double difference = random.nextInt(8) == 0 ? sign(random) * power(random, -20, 0) : position(random, s);
        return new double[] {y + difference, y, s};
    }

    /// `(x, lower, upper, s)`; the bounds are seldom out of order, and may be far from 0 or close to each
    /// other.
    static double[] interval(RandomGenerator random) {
        double s = softness(random);
        double lower = sign(random) * power(random, -6, 6);
        double width = random.nextInt(3) == 0 ? power(random, -9, 6) : s * power(random, -3, 2);
        double upper = lower + (random.nextInt(16) == 0 ? -width : width);
        double x = switch (random.nextInt(4)) {
            case 0 -> lower + width * random.nextDouble(-1, 2);
            case 1 -> lower + s * random.nextDouble(-7, 7);
            case 2 -> upper + s * random.nextDouble(-40, 40);
            default -> sign(random) * power(random, -20, 40);
        };
        return new double[] {x, lower, upper, s};
    }

    /// `(x, s)` for rounding.
    static double[] rounding(RandomGenerator random) {
        double s = softness(random);
        double x = switch (random.nextInt(4)) {
            case 0 -> random.nextDouble(-6, 6);
            case 1 -> random.nextInt(-40, 40) / 2.0 + s * random.nextDouble(-1, 1);
            case 2 -> random.nextInt(-4, 4) / 2.0 + sign(random) * power(random, -20, -1);
            default -> sign(random) * power(random, -3, 15.6);
        };
        return new double[] {x, s};
    }

    private static double softness(RandomGenerator random) {
        return power(random, -3, 3);
    }

    /// The transition, the tails, the knots of the compact curves, the surroundings of 0 and the whole range.
    private static double position(RandomGenerator random, double s) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> s * random.nextDouble(-6, 6);
            case 2 -> s * random.nextDouble(-760, 760);
            case 3 -> sign(random) * 5 * s * (1 - power(random, -17, 0));
            case 4 -> sign(random) * s * power(random, -20, 1);
            default -> sign(random) * power(random, -300, 300);
        };
    }

    private static double power(RandomGenerator random, double low, double high) {
        return Math.pow(10, random.nextDouble(low, high));
    }

    private static double sign(RandomGenerator random) {
        return random.nextBoolean() ? 1 : -1;
    }
}
