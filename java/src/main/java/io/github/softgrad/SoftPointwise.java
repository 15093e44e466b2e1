package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;
import io.github.softgrad.elementwise.SoftFunction;
import java.util.function.Function;

/// The differentiable soft elementwise functions of a [Curve], and the derivative of each.
///
/// `F(k)` is the k-th derivative in x of the sigmoidal S(x, s), and `F(-1)` the soft relu R with R' = S. All
/// are homogeneous: `F(k)(x, s) = s^-k phi_k(x/s)`, so by Euler's theorem `dF(k)/ds = -(k F(k) + x F(k+1)) /
/// s`.
final class SoftPointwise {
    private static final double LARGEST = Double.MAX_VALUE;

    private SoftPointwise() {}

    private static Primitive primitive(SoftFunction kernel, Primitive.ArgumentRule formula) {
        return Pointwise.primitive(kernel, fused(kernel, formula));
    }

    /// The rule of a function whose derivative is a function of the backend as well: times the cotangent in one
    /// pass where no outer call differentiates once more, and by the formula elsewhere.
    private static Primitive.ArgumentRule fused(SoftFunction kernel, Primitive.ArgumentRule formula) {
        return (i, arguments, result, g) ->
                SoftFunction.Slope.exists(kernel, i) && DenseTensor.are(arguments) && DenseTensor.are(g)
                        ? slope(kernel, i, arguments, g)
                        : formula.cotangent(i, arguments, result, g);
    }

    private static Tensor slope(SoftFunction kernel, int i, Tensor[] arguments, Tensor g) {
        DenseTensor[] at = new DenseTensor[arguments.length];
        System.arraycopy(arguments, 0, at, 0, at.length);
        return Pointwise.weighted((DenseTensor) g, new SoftFunction.Slope(kernel, i), at);
    }

    static Tensor sigmoidal(Curve curve, int order, Tensor x, Tensor softness) {
        return primitive(new SoftFunction.Sigmoidal(curve, order), (i, arguments, result, g) -> {
                    Tensor at = arguments[0];
                    Tensor s = arguments[1];
                    if (i == 0) {
                        return g.times(sigmoidal(curve, order + 1, at, s));
                    }
                    return order < 0
                            ? g.times(softReluInSoftness(curve, at, s))
                            : g.times(eulerTerm(curve, order, at, s)).div(s).unaryMinus();
                })
                .apply(x, softness);
    }

    static Tensor softRelu(Curve curve, Tensor x, Tensor softness) {
        return sigmoidal(curve, -1, x, softness);
    }

    private static Tensor eulerTerm(Curve curve, int order, Tensor x, Tensor s) {
        Tensor term = finite(x).times(sigmoidal(curve, order + 1, x, s));
        return order == 0 ? term : term.plus(sigmoidal(curve, order, x, s).times(order));
    }

    /// `(R(x) - x S(x)) / s`, which is even in x: written at -|x|, where both terms are positive and nothing
    /// cancels.
    private static Tensor softReluInSoftness(Curve curve, Tensor x, Tensor s) {
        Tensor size = finite(x).abs();
        Tensor left = size.unaryMinus();
        return softRelu(curve, left, s)
                .plus(size.times(sigmoidal(curve, 0, left, s)))
                .div(s);
    }

    /// Infinities as the largest number: keeps infinity times zero out of derivatives.
    private static Tensor finite(Tensor x) {
        return x.maximum(-LARGEST).minimum(LARGEST);
    }

    static Tensor sign(Curve curve, Tensor x, Tensor softness) {
        return primitive(new SoftFunction.SoftSign(curve), (i, arguments, result, g) -> {
                    Tensor slope =
                            sigmoidal(curve, 1, arguments[0], arguments[1]).times(2);
                    return i == 0
                            ? g.times(slope)
                            : g.times(finite(arguments[0]).times(slope).div(arguments[1]))
                                    .unaryMinus();
                })
                .apply(x, softness);
    }

    static Tensor abs(Curve curve, Tensor x, Tensor softness) {
        return timesArgument(new SoftFunction.SoftAbs(curve), SoftPointwise::sign, 2, x, softness);
    }

    static Tensor gatedRelu(Curve curve, Tensor x, Tensor softness) {
        return timesArgument(new SoftFunction.GatedRelu(curve), (c, at, s) -> sigmoidal(c, 0, at, s), 1, x, softness);
    }

    @FunctionalInterface
    private interface Step {
        Tensor at(Curve curve, Tensor x, Tensor softness);
    }

    /// `x step(x)`, where the derivative of the step is `factor` times that of S. `x` meets the slope, which
    /// vanishes for large x, before it meets the cotangent: so huge arguments do not make infinity times zero.
    private static Tensor timesArgument(SoftFunction kernel, Step step, double factor, Tensor x, Tensor softness) {
        return primitive(kernel, (i, arguments, result, g) -> {
                    Tensor at = arguments[0];
                    Tensor s = arguments[1];
                    Tensor bend = finite(at)
                            .times(sigmoidal(kernel.curve(), 1, at, s))
                            .times(factor);
                    return i == 0
                            ? g.times(step.at(kernel.curve(), at, s).plus(bend))
                            : g.times(bend.times(finite(at)).div(s)).unaryMinus();
                })
                .apply(x, softness);
    }

    /// S(x - y + shift).
    static Tensor comparison(Curve curve, double shift, Tensor x, Tensor y, Tensor softness) {
        return fused(
                new SoftFunction.Comparison(curve, shift),
                at -> sigmoidal(curve, 0, at[0].minus(at[1]).plus(shift), at[2]),
                x,
                y,
                softness);
    }

    /// 2 (1 - S(|x - y| - tolerance)) with the soft absolute value, or 1 minus it.
    static Tensor closeness(SoftFunction.Closeness function, Tensor x, Tensor y, Tensor softness) {
        Curve curve = function.curve();
        return fused(
                function,
                at -> {
                    Tensor tolerance = abs(curve, at[1], at[2])
                            .times(function.relativeTolerance())
                            .plus(function.absoluteTolerance() + function.epsilon());
                    Tensor excess = abs(curve, at[0].minus(at[1]), at[2]).minus(tolerance);
                    return function.negated()
                            ? sign(curve, excess, at[2])
                            : sigmoidal(curve, 0, excess.unaryMinus(), at[2]).times(2);
                },
                x,
                y,
                softness);
    }

    /// lower + R(x - lower) - R(x - upper).
    static Tensor clip(Curve curve, boolean gated, Tensor x, Tensor lower, Tensor upper, Tensor softness) {
        return fused(
                new SoftFunction.Clip(curve, gated),
                at -> {
                    Tensor above = rectified(curve, gated, at[0].minus(at[1]), at[3]);
                    Tensor beyond = rectified(curve, gated, at[0].minus(at[2]), at[3]);
                    return at[1].plus(above).minus(beyond);
                },
                x,
                lower,
                upper,
                softness);
    }

    static Tensor rectified(Curve curve, boolean gated, Tensor x, Tensor softness) {
        return gated ? gatedRelu(curve, x, softness) : softRelu(curve, x, softness);
    }

    /// The sum over k from -radius to radius of (c + k) (S(x - c - k + 1/2) - S(x - c - k - 1/2)), c =
    /// floor(x).
    static Tensor round(Curve curve, int radius, Tensor x, Tensor softness) {
        return fused(
                new SoftFunction.Round(curve, radius),
                at -> {
                    Tensor floor = at[0].floor();
                    Tensor inner = at[0].minus(floor);
                    Tensor sum = inner.zerosLike();
                    for (int k = -radius; k <= radius + 1; k++) {
                        Tensor step = sigmoidal(curve, 0, inner.minus(k - 0.5), at[1]);
                        Tensor weight = k == -radius
                                ? floor.plus(k)
                                : k > radius ? floor.plus(k - 1).unaryMinus() : null;
                        sum = sum.plus(weight == null ? step : step.times(weight));
                    }
                    return sum;
                },
                x,
                softness);
    }

    /// A kernel that computes the whole formula accurately in one pass, with the derivatives of the formula
    /// itself; the whole formula is differentiated at once where any argument needs it.
    private static Tensor fused(SoftFunction kernel, Function<Tensor[], Tensor> formula, Tensor... arguments) {
        Primitive.Rule whole = Primitive.differentiating(formula);
        Primitive.Rule rule = (at, result, g, wanted) -> {
            boolean exist = DenseTensor.are(at) && DenseTensor.are(g);
            for (int i = 0; i < wanted.length; i++) {
                exist &= !wanted[i] || SoftFunction.Slope.exists(kernel, i);
            }
            return exist ? slopes(kernel, at, g, wanted) : whole.cotangents(at, result, g, wanted);
        };
        return new Primitive(kernel.toString(), at -> Pointwise.forward(kernel, at), rule).apply(arguments);
    }

    private static Tensor[] slopes(SoftFunction kernel, Tensor[] arguments, Tensor g, boolean[] wanted) {
        Tensor[] cotangents = new Tensor[arguments.length];
        for (int i = 0; i < cotangents.length; i++) {
            cotangents[i] = wanted[i]
                    ? Reduction.sumTo(slope(kernel, i, arguments, g), arguments[i].shape(), arguments[i].dtype())
                    : null;
        }
        return cotangents;
    }
}
