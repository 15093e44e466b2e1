package io.github.softgrad;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// An operation that the tape knows: a forward function on dense tensors and a vector-Jacobian product.
///
/// The rule is written in tensor operations, so it can be differentiated again.
record Primitive(String name, Forward forward, Rule rule) {

    @FunctionalInterface
    interface Forward {
        DenseTensor apply(DenseTensor[] arguments);
    }

    @FunctionalInterface
    interface Rule {
        /// The cotangents of the arguments; an entry may be null where `wanted` is false or the derivative is
        /// zero.
        Tensor[] cotangents(Tensor[] arguments, Tensor result, Tensor cotangent, boolean[] wanted);
    }

    /// A rule that treats one argument at a time; it returns null for a derivative that is zero everywhere.
    @FunctionalInterface
    interface ArgumentRule {
        Tensor cotangent(int argument, Tensor[] arguments, Tensor result, Tensor cotangent);
    }

    static Primitive of(String name, Forward forward, ArgumentRule rule) {
        return new Primitive(name, forward, (arguments, result, cotangent, wanted) -> {
            Tensor[] cotangents = new Tensor[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                cotangents[i] = wanted[i] ? rule.cotangent(i, arguments, result, cotangent) : null;
            }
            return cotangents;
        });
    }

    /// The rule of a fused primitive: differentiates the formula that the forward function computes in one go.
    static Rule differentiating(Function<Tensor[], Tensor> formula) {
        return (arguments, result, cotangent, wanted) -> {
            List<Tensor> variables = new ArrayList<>();
            for (int i = 0; i < arguments.length; i++) {
                if (wanted[i]) {
                    variables.add(arguments[i]);
                }
            }
            Function<List<Tensor>, Tensor> ofVariables = values -> {
                Tensor[] all = arguments.clone();
                for (int i = 0, next = 0; i < all.length; i++) {
                    all[i] = wanted[i] ? values.get(next++) : all[i];
                }
                return formula.apply(all);
            };
            List<Tensor> found = Autodiff.vjp(ofVariables, variables).pull(cotangent);
            Tensor[] cotangents = new Tensor[arguments.length];
            for (int i = 0, next = 0; i < cotangents.length; i++) {
                cotangents[i] = wanted[i] ? found.get(next++) : null;
            }
            return cotangents;
        };
    }

    /// Applies the primitive: to dense arguments directly, otherwise one trace level at a time, newest first.
    Tensor apply(Tensor... arguments) {
        Trace newest = newestTrace(arguments);
        if (newest == null) {
            DenseTensor[] dense = new DenseTensor[arguments.length];
            for (int i = 0; i < dense.length; i++) {
                dense[i] = (DenseTensor) Objects.requireNonNull(arguments[i], name + " has an argument that is null");
            }
            return forward.apply(dense);
        }
        newest.requireOpen();
        Tensor[] inner = new Tensor[arguments.length];
        Node[] parents = new Node[arguments.length];
        for (int i = 0; i < inner.length; i++) {
            inner[i] = arguments[i];
            if (arguments[i] instanceof TracedTensor traced && traced.trace() == newest) {
                inner[i] = traced.value();
                parents[i] = traced.node();
            }
        }
        Tensor result = apply(inner);
        return new TracedTensor(result, new Node(Trace.nextNumber(), this, inner, result, parents), newest);
    }

    private static Trace newestTrace(Tensor[] arguments) {
        Trace newest = null;
        for (Tensor argument : arguments) {
            if (argument instanceof TracedTensor traced && (newest == null || traced.trace().number > newest.number)) {
                newest = traced.trace();
            }
        }
        return newest;
    }
}
