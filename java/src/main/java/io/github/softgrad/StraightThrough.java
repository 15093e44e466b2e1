package io.github.softgrad;

import java.util.Arrays;
import java.util.List;

/// Hard values with soft derivatives.
///
/// *Reference*: Bengio et al., Estimating or Propagating Gradients Through Stochastic Neurons, arXiv 1308.3432;
/// arXiv 2603.08824, section 5. The value is the hard one itself, not `soft + (hard - soft)` with its rounding.
final class StraightThrough {
    private static final Primitive REPLACE = new Primitive(
            "straightThrough", arguments -> arguments[0], (arguments, result, g, wanted) -> new Tensor[] {null, g});

    private static final String KIND = "a tensor, an index, a truth value, or a record or list of tensors";
    private static final String RESULT = "the result of a straight-through program";

    private StraightThrough() {}

    static Tensor replace(Tensor hard, Tensor soft) {
        if (!Arrays.equals(hard.shape(), soft.shape())) {
            throw new IllegalArgumentException("straight-through: the program returns shape "
                    + Shapes.text(hard.shape())
                    + " with hard operators and " + Shapes.text(soft.shape())
                    + " with soft ones; let its shapes not depend on values");
        }
        return REPLACE.apply(Autodiff.stopGradient(hard).toDType(soft.dtype()), soft);
    }

    /// Combines results of any kind leaf by leaf; plain values are the hard ones.
    @SuppressWarnings("unchecked")
    static <R> R combine(R hard, R soft) {
        Arguments.given(hard, RESULT, KIND);
        Arguments.given(soft, RESULT, KIND);
        requireSameType(hard, soft);
        return (R)
                switch (soft) {
                    case SoftIndex index -> SoftIndex.straightThrough((SoftIndex) hard, index);
                    case SoftBool bool -> ((SoftBool) hard).withDerivativeOf(bool);
                    case TopK(Tensor values, SoftIndex index) -> {
                        TopK exact = (TopK) hard;
                        yield new TopK(
                                replace(exact.values(), values), SoftIndex.straightThrough(exact.index(), index));
                    }
                    case Sorted(Tensor values, SoftIndex index) -> {
                        Sorted exact = (Sorted) hard;
                        yield new Sorted(
                                replace(exact.values(), values), SoftIndex.straightThrough(exact.index(), index));
                    }
                    default -> combineTree(hard, soft);
                };
    }

    private static void requireSameType(Object hard, Object soft) {
        if (!kind(hard).equals(kind(soft))) {
            throw new IllegalArgumentException("straight-through: the program returns a " + kind(hard)
                    + " with hard operators and a " + kind(soft)
                    + " with soft ones; let the kind of its result not depend on values");
        }
    }

    private static String kind(Object result) {
        return result instanceof Tensor
                ? "Tensor"
                : result instanceof List<?> ? "List" : result.getClass().getSimpleName();
    }

    private static <R> R combineTree(R hard, R soft) {
        Tree<R> tree = Tree.reflective();
        List<Tensor> exact = Arguments.leaves(tree, hard, RESULT);
        List<Tensor> smooth = Arguments.leaves(tree, soft, RESULT);
        if (exact.size() != smooth.size()) {
            throw new IllegalArgumentException("straight-through: the program returns " + exact.size()
                    + " tensors with hard operators and " + smooth.size()
                    + " with soft ones; let their number not depend on values");
        }
        Tensor[] replaced = new Tensor[exact.size()];
        for (int i = 0; i < replaced.length; i++) {
            replaced[i] = replace(exact.get(i), smooth.get(i));
        }
        return tree.rebuild(hard, List.of(replaced));
    }
}
