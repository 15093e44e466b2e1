package io.github.softgrad;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How to see the tensors inside a parameter object, and how to build the same object around other tensors.
///
/// Records need none of this: their components are read by reflection ([#reflective()], which [Autodiff] uses
/// unless told otherwise). `Tree.of(Rule::new, Rule::lo, Rule::hi)` does the same without reflection, for
/// classes that are not records, for modules that are not open and for native images.
///
/// @param <P> the parameter object
public interface Tree<P> {
    /// The tensors, always in the same order.
    List<Tensor> leaves(P object);

    /// An object like the given one with its tensors replaced, in the order of [#leaves(Object)].
    P rebuild(P like, List<Tensor> leaves);

    /// The tree of a tensor, of a record, or of a list; records and lists may be nested.
    ///
    /// Components that are neither tensors nor records nor lists are plain values: they stay as they are.
    static <P> Tree<P> reflective() {
        return RecordTree.instance();
    }

    /// The tree of an object made of one tensor.
    static <P> Tree<P> of(Function<Tensor, P> make, Function<P, Tensor> first) {
        Arguments.given(make, "make", "a function");
        Arguments.given(first, "first", "a function");
        return make(leaves -> make.apply(leaves.get(0)), List.of(first));
    }

    /// The tree of an object made of two tensors.
    static <P> Tree<P> of(BiFunction<Tensor, Tensor, P> make, Function<P, Tensor> first, Function<P, Tensor> second) {
        Arguments.given(make, "make", "a function");
        Arguments.given(first, "first", "a function");
        Arguments.given(second, "second", "a function");
        return make(leaves -> make.apply(leaves.get(0), leaves.get(1)), List.of(first, second));
    }

    /// The tree of an object made of any number of tensors; `make` receives them in the order of the parts.
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <P> Tree<P> ofParts(Function<List<Tensor>, P> make, Function<P, Tensor>... parts) {
        Arguments.given(make, "make", "a function");
        return make(make, List.of(Arguments.elements(parts, "parts", "a function")));
    }

    private static <P> Tree<P> make(Function<List<Tensor>, P> make, List<Function<P, Tensor>> parts) {
        return new Tree<>() {
            @Override
            public List<Tensor> leaves(P object) {
                return parts.stream().map(part -> part.apply(object)).toList();
            }

            @Override
            public P rebuild(P like, List<Tensor> leaves) {
                return make.apply(leaves);
            }
        };
    }
}
