package io.github.softgrad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Derivatives of functions of tensors, records or lists of them.
///
/// Reverse mode throughout: a gradient costs a small multiple of the function, however many parameters there
/// are. Every result can be differentiated again, so `hvp`, `hessian` and third derivatives are nested calls.
/// There is no session, nothing to close, and calls on different threads do not see each other. A tensor that
/// leaves the differentiated function by a side door and is used later throws [IllegalStateException].
///
/// The parameters `P` are a [Tensor], a record whose components are tensors, records, lists or plain values
/// (which pass through), or anything for which a [Tree] is given. Float32 parameters have float32 gradients.
public final class Autodiff {
    private static final String RESULT_OF_RULE = "the cotangent that the rule of customVjp returned";

    private Autodiff() {}

    /// The gradient of a scalar function.
    ///
    /// A result that is not a scalar throws [IllegalArgumentException]: reduce it, or use [#vjp(Function,
    /// Object)] or [#jacobian(Function, Tensor)]. A parameter on which the result does not depend has the
    /// gradient 0.
    public static <P> P grad(Function<P, Tensor> function, P at) {
        return valueAndGrad(function, at).grad();
    }

    /// The gradient of a scalar function of parameters that are described by a tree.
    public static <P> P grad(Function<P, Tensor> function, P at, Tree<P> tree) {
        return valueAndGrad(function, at, tree).grad();
    }

    /// The value of a scalar function and its gradient, for the cost of the gradient.
    public static <P> ValueAndGrad<P> valueAndGrad(Function<P, Tensor> function, P at) {
        return valueAndGrad(function, at, Tree.reflective());
    }

    /// The value of a scalar function and its gradient, for parameters that are described by a tree.
    public static <P> ValueAndGrad<P> valueAndGrad(Function<P, Tensor> function, P at, Tree<P> tree) {
        Pullback<P> pullback = vjp(function, at, tree);
        Tensor value = pullback.value();
        if (value.size() != 1) {
            throw new IllegalArgumentException(
                    "the gradient needs a function with a scalar value, this one returns shape "
                            + Shapes.text(value.shape()) + "; reduce it with sum() or mean(), or use vjp or jacobian");
        }
        return new ValueAndGrad<>(value, pullback.pull(value.onesLike()));
    }

    /// The value of a function and its vector-Jacobian product.
    public static <P> Pullback<P> vjp(Function<P, Tensor> function, P at) {
        return vjp(function, at, Tree.reflective());
    }

    /// The value of a function and its vector-Jacobian product, for parameters that are described by a tree.
    public static <P> Pullback<P> vjp(Function<P, Tensor> function, P at, Tree<P> tree) {
        Arguments.given(function, "function", "a function");
        List<Tensor> constants = List.copyOf(Arguments.leaves(tree, at, "at"));
        P like = tree.rebuild(at, constants);
        Trace trace = new Trace();
        List<TracedTensor> leaves = constants.stream().map(trace::leaf).toList();
        Tensor result;
        try {
            result = function.apply(tree.rebuild(at, List.copyOf(leaves)));
        } finally {
            trace.close();
        }
        if (result == null) {
            throw new NullPointerException("the result of the differentiated function must be a tensor, was null");
        }
        boolean depends = result instanceof TracedTensor traced && traced.trace() == trace;
        if (!depends) {
            requireOpen(result);
        }
        Tensor value = depends ? ((TracedTensor) result).value() : result;
        return new Pullback<>(value, cotangent -> {
            if (!Arrays.equals(cotangent.shape(), value.shape())) {
                throw new IllegalArgumentException("cotangent of shape " + Shapes.text(cotangent.shape())
                        + " for a value of shape " + Shapes.text(value.shape()) + "; both must be the same");
            }
            requireOpen(cotangent);
            Tensor[] found = depends
                    ? ReversePass.run(((TracedTensor) result).node(), cotangent, leaves)
                    : new Tensor[leaves.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = found[i] == null ? constants.get(i).zerosLike() : found[i];
            }
            return tree.rebuild(like, List.of(found));
        });
    }

    private static void requireOpen(Tensor tensor) {
        if (tensor instanceof TracedTensor traced) {
            traced.trace().requireOpen();
        }
    }

    /// The value of a function and its derivative along a direction of the parameters' structure and shapes.
    ///
    /// Computed as the derivative of the vector-Jacobian product, which is linear in the cotangent: no
    /// forward-mode rules are needed. Cost: about two gradients.
    public static <P> Pushforward jvp(Function<P, Tensor> function, P at, P direction) {
        return jvp(function, at, direction, Tree.reflective());
    }

    /// The value of a function and its derivative along a direction, for parameters that are described by a
    /// tree.
    public static <P> Pushforward jvp(Function<P, Tensor> function, P at, P direction, Tree<P> tree) {
        Arguments.given(function, "function", "a function");
        List<Tensor> directions = requireDirection(at, direction, tree);
        Pullback<P> pullback = vjp(function, at, tree);
        Tensor zero = pullback.value().zerosLike();
        Tensor tangent = grad(cotangent -> inner(tree.leaves(pullback.pull(cotangent)), directions), zero);
        return new Pushforward(pullback.value(), tangent);
    }

    private static <P> List<Tensor> requireDirection(P at, P direction, Tree<P> tree) {
        List<Tensor> parameters = Arguments.leaves(tree, at, "at");
        List<Tensor> directions = Arguments.leaves(tree, direction, "direction");
        Arguments.requireSameShapes("direction", directions, parameters);
        return directions;
    }

    private static Tensor inner(List<Tensor> left, List<Tensor> right) {
        Tensor sum = left.get(0).dot(right.get(0));
        for (int i = 1; i < left.size(); i++) {
            sum = sum.plus(left.get(i).dot(right.get(i)));
        }
        return sum;
    }

    /// The Jacobian: shape of the value followed by the shape of the argument. Cost: one reverse pass for each
    /// entry of the value.
    public static Tensor jacobian(Function<Tensor, Tensor> function, Tensor at) {
        Arguments.given(function, "function", "a function");
        int[] from = Arguments.tensor(at, "at").shape();
        Pullback<Tensor> pullback = vjp(function, at);
        Tensor value = pullback.value();
        int[] shape = Arrays.copyOf(value.shape(), value.rank() + from.length);
        System.arraycopy(from, 0, shape, value.rank(), from.length);
        if (Shapes.size(shape) == 0) {
            return Tensor.zeros(shape).toDType(at.dtype());
        }
        List<Tensor> rows = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            double[] unit = new double[value.size()];
            unit[i] = 1;
            rows.add(pullback.pull(DenseTensor.rounding(value.dtype(), value.shape(), unit)));
        }
        return Tensor.stack(0, rows.toArray(Tensor[]::new)).reshape(shape);
    }

    /// The Hessian of a scalar function: the shape of the argument twice. Cost: one gradient of the gradient
    /// for each entry of the argument.
    public static Tensor hessian(Function<Tensor, Tensor> function, Tensor at) {
        Arguments.given(function, "function", "a function");
        int size = Arguments.tensor(at, "at").size();
        Shapes.size(size, size);
        return jacobian(x -> grad(function, x), at);
    }

    /// The product of a scalar function's Hessian with a direction, without the Hessian. Cost: a few gradients.
    public static <P> P hvp(Function<P, Tensor> function, P at, P direction) {
        return hvp(function, at, direction, Tree.reflective());
    }

    /// The product of a Hessian with a direction, for parameters that are described by a tree.
    public static <P> P hvp(Function<P, Tensor> function, P at, P direction, Tree<P> tree) {
        Arguments.given(function, "function", "a function");
        List<Tensor> directions = requireDirection(at, direction, tree);
        return grad(x -> inner(tree.leaves(grad(function, x, tree)), directions), at, tree);
    }

    /// The same values as a constant: no derivative of any order flows through.
    public static Tensor stopGradient(Tensor x) {
        Tensor value = Arguments.tensor(x, "x");
        while (value instanceof TracedTensor traced) {
            value = traced.value();
        }
        return value;
    }

    /// A function with a derivative of your own.
    ///
    /// The function is called with constants, so it may use anything, also code outside Softgrad; tensors that
    /// are being differentiated must be passed to it as parameters and not captured. The rule sees the
    /// parameters, the value and the cotangent and returns the parameters' cotangent; where the rule is written
    /// in tensor operations, higher derivatives work as well.
    public static <P> Function<P, Tensor> customVjp(Function<P, Tensor> function, VjpRule<P> rule) {
        return customVjp(function, rule, Tree.reflective());
    }

    /// A function with a derivative of your own, of parameters that are described by a tree.
    public static <P> Function<P, Tensor> customVjp(Function<P, Tensor> function, VjpRule<P> rule, Tree<P> tree) {
        Arguments.given(function, "function", "a function");
        Arguments.given(rule, "rule", "a VjpRule");
        Arguments.given(tree, "tree", "a tree");
        return parameters -> new Primitive(
                        "customVjp",
                        arguments -> requireConstant(function.apply(tree.rebuild(parameters, List.of(arguments)))),
                        (arguments, value, cotangent, wanted) -> {
                            P inner = tree.rebuild(parameters, List.of(arguments));
                            P pulled = rule.cotangent(inner, value, cotangent);
                            List<Tensor> result = Arguments.leaves(tree, pulled, RESULT_OF_RULE);
                            Arguments.requireSameShapes(RESULT_OF_RULE, result, List.of(arguments));
                            return result.toArray(Tensor[]::new);
                        })
                .apply(Arguments.leaves(tree, parameters, "parameters").toArray(Tensor[]::new));
    }

    private static DenseTensor requireConstant(Tensor value) {
        if (Arguments.tensor(value, "the result of a function with a custom derivative") instanceof DenseTensor dense) {
            return dense;
        }
        throw new IllegalStateException("a function with a custom derivative (customVjp, checkpoint) captured a tensor"
                + " that is being differentiated; pass it as a parameter");
    }

    /// The same function, keeping no intermediate values: they are computed again for the derivative.
    ///
    /// Trades the memory of the intermediate values for one more evaluation. The function must be deterministic
    /// and must not capture tensors that are being differentiated.
    public static <P> Function<P, Tensor> checkpoint(Function<P, Tensor> function) {
        return checkpoint(function, Tree.reflective());
    }

    /// The same function, keeping no intermediate values, for parameters that are described by a tree.
    public static <P> Function<P, Tensor> checkpoint(Function<P, Tensor> function, Tree<P> tree) {
        Arguments.given(function, "function", "a function");
        return customVjp(
                function, (at, value, cotangent) -> vjp(function, at, tree).pull(cotangent), tree);
    }

    /// Compares the derivatives of a function with central differences; throws [AssertionError] with the worst
    /// entry.
    ///
    /// Differentiates the function `order` times (1 for gradients, 2 for second derivatives as well) along
    /// random directions. The function should be smooth at the place, and float64. Tolerance: relative 1e-6
    /// (order 1) and 1e-4 (order 2 and more) of the largest derivative.
    public static void checkGradients(Function<Tensor, Tensor> function, Tensor at, int order) {
        GradientCheck.run(function, at, order);
    }
}
