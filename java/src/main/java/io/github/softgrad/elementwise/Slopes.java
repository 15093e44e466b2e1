package io.github.softgrad.elementwise;

import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Closeness;
import io.github.softgrad.elementwise.SoftFunction.Comparison;
import io.github.softgrad.elementwise.SoftFunction.GatedRelu;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.Slope;
import io.github.softgrad.elementwise.SoftFunction.SoftAbs;
import io.github.softgrad.elementwise.SoftFunction.SoftSign;

/// The first derivatives of the soft functions, number by number.
final class Slopes {

    private static final double LARGEST = Double.MAX_VALUE;

    private Slopes() {}

    /// The derivative in one argument; see [Slope].
    static double at(SoftFunction of, int argument, double a, double b, double c, double d) {
        Transition step = of.curve().transition;
        return switch (of) {
            case Sigmoidal sigmoidal -> step.at(sigmoidal.order() + 1, a, 0, b);
            case SoftSign ignored -> 2 * step.at(1, a, 0, b);
            case SoftAbs ignored -> abs(step, a, b);
            case GatedRelu ignored -> gated(step, a, b);
            case Comparison(Curve ignored, double shift) -> comparison(step, shift, a, b, c) * (argument == 0 ? 1 : -1);
            case Closeness closeness -> closeness(closeness, argument, a, b, c);
            case Clip clip -> clip(clip, a, b, c, d);
            case Round round -> round(step, round.radius(), a, b);
            case Slope ignored -> throw new IllegalArgumentException("a slope of a slope");
        };
    }

    private static double finite(double x) {
        return Math.max(-LARGEST, Math.min(LARGEST, x));
    }

    /// Of `x (2 S - 1)`.
    private static double abs(Transition step, double x, double s) {
        return step.sign(x, 0, s) + 2 * (finite(x) * step.at(1, x, 0, s));
    }

    /// Of `x S`.
    private static double gated(Transition step, double x, double s) {
        return step.at(0, x, 0, s) + finite(x) * step.at(1, x, 0, s);
    }

    private static double comparison(Transition step, double shift, double x, double y, double s) {
        double difference = x == y ? 0 : x - y;
        double sum = difference + shift;
        double rest = Compensated.sumError(x, -y) + Compensated.sumError(difference, shift);
        return step.at(1, sum + rest, Compensated.sumError(sum, rest), s);
    }

    /// Of `2 S(tolerance - |x - y|)`, where the soft absolute value of `y` is a part of the tolerance.
    private static double closeness(Closeness closeness, int argument, double x, double y, double s) {
        Transition step = closeness.curve().transition;
        double difference = x == y ? 0 : x - y;
        double sign = step.sign(difference, Compensated.sumError(x, -y), s);
        double tolerance = closeness.absoluteTolerance() + closeness.epsilon();
        double outer = -abs(step, difference, s);
        if (closeness.relativeTolerance() != 0) {
            tolerance += closeness.relativeTolerance() * (y * step.sign(y, 0, s));
        }
        if (argument == 1) {
            outer = closeness.relativeTolerance() * abs(step, y, s) - outer;
        }
        double slope = 2 * step.at(1, tolerance - difference * sign, 0, s) * outer;
        return closeness.negated() ? -slope : slope;
    }

    /// Of `R(x - lower) - R(x - upper)`.
    private static double clip(Clip clip, double x, double lower, double upper, double s) {
        Transition step = clip.curve().transition;
        if (clip.gated()) {
            return gated(step, x - lower, s) - gated(step, x - upper, s);
        }
        double width = upper - lower;
        double error = Compensated.sumError(x, -upper);
        return width >= 0 && Math.abs(x - upper) <= LARGEST
                ? step.rise(x - upper, error, width, s)
                : step.at(0, x - lower, 0, s) - step.at(0, x - upper, 0, s);
    }

    /// Term by term, with the weights of the sum of steps that [Round] is.
    private static double round(Transition step, int radius, double x, double s) {
        double floor = Math.floor(x);
        double inner = x - floor;
        double sum = 0;
        for (int k = -radius; k <= radius + 1; k++) {
            double weight = k == -radius ? floor + k : k > radius ? 1 - floor - k : 1;
            sum += weight * step.at(1, inner - (k - 0.5), 0, s);
        }
        return sum;
    }
}
