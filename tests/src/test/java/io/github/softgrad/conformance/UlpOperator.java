package io.github.softgrad.conformance;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.Function;
import io.github.softgrad.elementwise.SoftFunction.Clip;
import io.github.softgrad.elementwise.SoftFunction.Closeness;
import io.github.softgrad.elementwise.SoftFunction.Comparison;
import io.github.softgrad.elementwise.SoftFunction.GatedRelu;
import io.github.softgrad.elementwise.SoftFunction.Round;
import io.github.softgrad.elementwise.SoftFunction.Sigmoidal;
import io.github.softgrad.elementwise.SoftFunction.SoftAbs;
import io.github.softgrad.elementwise.SoftFunction.SoftSign;
import java.util.ArrayList;
import java.util.List;

/// A soft function with its exact value, the size whose ulp is its unit, the points that try it, and how many
/// units it may be off.
record UlpOperator(
        String name, Curve curve, Function function, Exact exact, Size size, UlpPoints.Sampler sampler, double limit) {

    /// The exact value at the arguments.
    @FunctionalInterface
    interface Exact {
        UlpNumber at(UlpNumber[] arguments);
    }

    /// The size whose ulp is the unit, given the exact value too.
    @FunctionalInterface
    interface Size {
        UlpNumber at(UlpNumber value, UlpNumber[] arguments);
    }

    private static final double LIMIT = 4;
    private static final Size VALUE = (value, arguments) -> value;
    private static final double HALF = 0.5;

    /// The sizes of the coefficients of the derivatives of the logistic curve from order 3 on, as polynomials
    /// in `S (1 - S)`.
    private static final long[][] TERMS = {{1, 6}, {1, 12}, {1, 30, 120}, {1, 60, 360}};

    UlpOperator(String name, Curve curve, Function function, Exact exact, Size size, UlpPoints.Sampler sampler) {
        this(name, curve, function, exact, size, sampler, isNorm(curve) ? 2 * LIMIT : LIMIT);
    }

    @Override
    public String toString() {
        return name + " " + curve;
    }

    static List<UlpOperator> all() {
        List<UlpOperator> all = new ArrayList<>();
        for (Curve curve : Curve.values()) {
            sigmoidal(curve, all);
            comparisons(curve, all);
            if (!isNorm(curve)) {
                clip(curve, false, all);
                clip(curve, true, all);
                round(curve, all);
            }
        }
        return all;
    }

    private static boolean isNorm(Curve curve) {
        return curve == Curve.NORM_3_2 || curve == Curve.NORM_4_3;
    }

    private static void sigmoidal(Curve curve, List<UlpOperator> all) {
        for (int k = -1; k <= Math.min(6, curve.maximumOrder()); k++) {
            int order = k;
            Exact exact = x -> switch (order) {
                case -1 -> UlpReference.relu(curve, x[0], x[1]);
                case 0 -> UlpReference.step(curve, x[0], x[1]);
                default -> UlpReference.derivative(curve, order, x[0], x[1]);
            };
            Size size = curve == Curve.LOGISTIC && order > 2 ? (value, x) -> terms(order, x) : VALUE;
            double limit = order > 1 || isNorm(curve) ? 2 * LIMIT : LIMIT;
            String name = "sigmoidal(" + order + ")";
            Function function = new Sigmoidal(curve, order);
            all.add(new UlpOperator(name, curve, function, exact, size, UlpPoints::single, limit));
        }
        Exact sign = x -> UlpReference.sign(curve, x[0], x[1]);
        all.add(new UlpOperator("sign", curve, new SoftSign(curve), sign, VALUE, UlpPoints::single));
        Exact abs = x -> abs(curve, x[0], x[1]);
        all.add(new UlpOperator("abs", curve, new SoftAbs(curve), abs, VALUE, UlpPoints::single));
        Exact gated = x -> x[0].times(UlpReference.step(curve, x[0], x[1]));
        all.add(new UlpOperator("gatedRelu", curve, new GatedRelu(curve), gated, VALUE, UlpPoints::single));
    }

    private static UlpNumber terms(int order, UlpNumber[] x) {
        UlpNumber product = UlpReference.derivative(Curve.LOGISTIC, 1, x[0].over(x[1]), UlpNumber.ONE);
        UlpNumber sum = UlpNumber.ZERO;
        for (int j = TERMS[order - 3].length - 1; j >= 0; j--) {
            sum = sum.plus(UlpNumber.of(TERMS[order - 3][j])).times(product);
        }
        UlpNumber factor = order % 2 == 1
                ? UlpNumber.ONE
                : UlpReference.sign(Curve.LOGISTIC, x[0], x[1]).abs();
        return sum.times(factor).over(x[1].power(order));
    }

    private static UlpNumber abs(Curve curve, UlpNumber x, UlpNumber s) {
        return x.times(UlpReference.sign(curve, x, s));
    }

    private static void comparisons(Curve curve, List<UlpOperator> all) {
        for (double shift : new double[] {-1e-10, -0.37, 0.37}) {
            UlpNumber exactShift = UlpNumber.of(shift);
            all.add(new UlpOperator(
                    "comparison(" + shift + ")",
                    curve,
                    new Comparison(curve, shift),
                    x -> UlpReference.step(curve, x[0].minus(x[1]).plus(exactShift), x[2]),
                    VALUE,
                    UlpPoints::pair));
        }
        for (boolean negated : new boolean[] {false, true}) {
            closeness(curve, 0, 0, negated, all);
            closeness(curve, 1e-5, 1e-8, negated, all);
            closeness(curve, 0.1, 0.2, negated, all);
        }
    }

    private static void closeness(
            Curve curve, double relative, double absolute, boolean negated, List<UlpOperator> all) {
        double epsilon = 1e-10;
        Exact tolerance = x -> abs(curve, x[1], x[2])
                .times(UlpNumber.of(relative))
                .plus(UlpNumber.of(absolute))
                .plus(UlpNumber.of(epsilon));
        Exact margin = x -> tolerance.at(x).minus(abs(curve, x[0].minus(x[1]), x[2]));
        Exact exact = x -> negated
                ? UlpReference.sign(curve, margin.at(x), x[2]).negate()
                : UlpReference.step(curve, margin.at(x), x[2]).times(2);
        Size owed = (value, x) -> tolerance
                .at(x)
                .times(UlpReference.derivative(curve, 1, margin.at(x), x[2]))
                .times(2)
                .max(value);
        Size cancelled = (value, x) -> UlpReference.sign(curve, tolerance.at(x), x[2])
                .max(UlpReference.sign(curve, abs(curve, x[0].minus(x[1]), x[2]), x[2]));
        all.add(new UlpOperator(
                (negated ? "notClose(" : "close(") + relative + ", " + absolute + ")",
                curve,
                new Closeness(curve, relative, absolute, epsilon, negated),
                exact,
                negated ? cancelled : relative == 0 ? VALUE : owed,
                UlpPoints::pair));
    }

    private static void clip(Curve curve, boolean gated, List<UlpOperator> all) {
        Exact exact = x -> {
            UlpNumber rise =
                    ramp(curve, gated, x[0].minus(x[1]), x[3]).minus(ramp(curve, gated, x[0].minus(x[2]), x[3]));
            return x[1].plus(rise);
        };
        Size size = (value, x) -> value.abs().max(x[1].abs()).max(x[2].abs());
        String name = gated ? "clip(gated)" : "clip";
        all.add(new UlpOperator(name, curve, new Clip(curve, gated), exact, size, UlpPoints::interval));
    }

    private static UlpNumber ramp(Curve curve, boolean gated, UlpNumber x, UlpNumber s) {
        return gated ? x.times(UlpReference.step(curve, x, s)) : UlpReference.relu(curve, x, s);
    }

    private static void round(Curve curve, List<UlpOperator> all) {
        int radius = 5;
        Exact exact = x -> {
            UlpNumber floor = UlpNumber.of(Math.floor(x[0].doubleValue()));
            UlpNumber sum = UlpNumber.ZERO;
            UlpNumber below = null;
            for (int k = radius; k >= -radius - 1; k--) {
                UlpNumber position = x[0].minus(floor).minus(UlpNumber.of(k + HALF));
                UlpNumber above = UlpReference.step(curve, position, x[1]);
                if (below != null) {
                    sum = sum.plus(floor.plus(UlpNumber.of(k + 1)).times(above.minus(below)));
                }
                below = above;
            }
            return sum;
        };
        Size size = (value, x) -> value.abs().max(UlpNumber.of(HALF));
        all.add(new UlpOperator("round", curve, new Round(curve, radius), exact, size, UlpPoints::rounding));
    }
}
