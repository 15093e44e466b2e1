package io.github.softgrad.trust.properties;

import io.github.softgrad.Mode;
import java.util.SplittableRandom;

/// A path through scores whose projection loses or gains an entry at time 0: scores `u + t d`, in units of the
/// softness, with one entry at the threshold, which is 0.
///
/// With exponent e = 1, 2, 3 in C0, C1, C2 the projection is `y_j = [u_j - threshold]+^e`, its sum 1. The
/// threshold moves by the mean of d under the weights `e u_j^(e-1)`, so that the entry at the boundary comes up
/// with the speed `d - mean` and the derivative of order e of its share jumps by `e! speed^e`. All that is
/// taken from the others, by their weights.
///
/// *Reference*: arXiv 2603.08824, theorem 1: the projection is of class C^(e-1) and not of class C^e.
///
/// @param at the place of the entry at the boundary
record SupportBoundary(int exponent, double[] scores, double[] direction, int at) {

    /// Within such a time no other entry meets the boundary.
    static final double WIDTH = 0.1;

    private static final double SLOWEST = 0.3;

    static int exponent(Mode mode) {
        return switch (mode) {
            case C0 -> 1;
            case C1 -> 2;
            case C2 -> 3;
            case SMOOTH, HARD -> throw new IllegalArgumentException(mode + " has no boundary");
        };
    }

    /// One to four entries with a share, one at the boundary, and up to three below.
    static SupportBoundary random(int exponent, SplittableRandom random) {
        while (true) {
            int support = 1 + random.nextInt(4);
            double[] scores = scores(exponent, support, random);
            double[] direction = random.doubles(scores.length, -1, 1).toArray();
            SupportBoundary boundary = new SupportBoundary(exponent, scores, direction, support);
            if (Math.abs(boundary.speed()) >= SLOWEST) {
                return boundary;
            }
        }
    }

    private static double[] scores(int exponent, int support, SplittableRandom random) {
        double[] scores = new double[support + 1 + random.nextInt(4)];
        double sum = 0;
        for (int j = 0; j < support; j++) {
            scores[j] = random.nextDouble(0.6, 1);
            sum += Math.pow(scores[j], exponent);
        }
        for (int j = 0; j < support; j++) {
            scores[j] /= Math.pow(sum, 1.0 / exponent);
        }
        for (int j = support + 1; j < scores.length; j++) {
            scores[j] = -random.nextDouble(0.3, 2);
        }
        return scores;
    }

    double[] at(double time) {
        double[] scores = this.scores.clone();
        for (int j = 0; j < scores.length; j++) {
            scores[j] += time * direction[j];
        }
        return scores;
    }

    private double weight(int j) {
        return scores[j] < 0 ? 0 : exponent * Math.pow(scores[j], exponent - 1);
    }

    private double totalWeight() {
        double total = 0;
        for (int j = 0; j < scores.length; j++) {
            total += weight(j);
        }
        return total;
    }

    /// How fast the entry at the boundary rises above the threshold, on the side where it has a share.
    double speed() {
        double moved = 0;
        for (int j = 0; j < scores.length; j++) {
            moved += weight(j) * direction[j];
        }
        return direction[at] - moved / totalWeight();
    }

    /// What the derivative of order e of each share is after time 0, less what it is before.
    double[] jump() {
        double gained = Math.signum(speed());
        for (int power = 1; power <= exponent; power++) {
            gained *= power * speed();
        }
        double total = totalWeight() - weight(at);
        double[] jump = new double[scores.length];
        for (int j = 0; j < scores.length; j++) {
            jump[j] = j == at ? gained : -gained * weight(j) / total;
        }
        return jump;
    }
}
