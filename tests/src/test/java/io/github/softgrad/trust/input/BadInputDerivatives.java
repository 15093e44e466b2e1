package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class BadInputDerivatives extends BadInputTable {
    @Override
    String title() {
        return "Derivatives, parameters and tensors that escape";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "function = (3)",
                        "the gradient needs a function with a scalar value, this one returns shape "
                                + "(3); reduce it with sum() or mean(), or use vjp or jacobian",
                        call("Autodiff.grad(x -> x, vector)", () -> Autodiff.grad(x -> x, vector)),
                        call("Autodiff.valueAndGrad(x -> x, vector)", () -> Autodiff.valueAndGrad(x -> x, vector)),
                        call("Autodiff.hvp(x -> x, vector, vector)", () -> Autodiff.hvp(x -> x, vector, vector)),
                        call("Autodiff.hessian(x -> x, vector)", () -> Autodiff.hessian(x -> x, vector))),
                refused(
                        NullPointerException.class,
                        "function = null",
                        "the result of the differentiated function must be a tensor, was null",
                        call(
                                "Autodiff.grad(x -> (Tensor) null, vector)",
                                () -> Autodiff.grad(x -> (Tensor) null, vector)),
                        call("Autodiff.jacobian(x -> null, vector)", () -> Autodiff.jacobian(x -> null, vector))),
                refused(
                        "cotangent = (2, 3)",
                        "cotangent of shape (2, 3) for a value of shape (3); both must be the same",
                        call(
                                "Autodiff.vjp(x -> x, vector).pull(matrix)",
                                () -> Autodiff.vjp(x -> x, vector).pull(matrix))),
                refused(
                        "direction = (2, 3)",
                        "direction has tensors of shapes [(2, 3)], the parameters [(3)]; both must " + "be the same",
                        call("Autodiff.jvp(x -> x, vector, matrix)", () -> Autodiff.jvp(x -> x, vector, matrix)),
                        call(
                                "Autodiff.hvp(Tensor::sum, vector, matrix)",
                                () -> Autodiff.hvp(Tensor::sum, vector, matrix))),
                refused(
                        "direction = [(3), (3)]",
                        "direction has tensors of shapes [(3), (3)], the parameters [(3)]; both must " + "be the same",
                        call(
                                "Autodiff.jvp(p -> p.get(0), List.of(vector), List.of(vector, " + "vector))",
                                () -> Autodiff.jvp(p -> p.get(0), List.of(vector), List.of(vector, vector)))),
                refused(
                        "at = FLOAT32",
                        "at must be float64, as rounding would hide a wrong derivative, was FLOAT32; "
                                + "use toDType(DType.FLOAT64)",
                        call(
                                "Autodiff.checkGradients(x -> x, Tensor.ofFloats(1), 1)",
                                () -> Autodiff.checkGradients(x -> x, Tensor.ofFloats(1), 1))),
                refused(
                        "order = 0",
                        "order must be at least 1, was 0; 1 checks gradients, 2 second derivatives " + "as well",
                        call(
                                "Autodiff.checkGradients(x -> x, vector, 0)",
                                () -> Autodiff.checkGradients(x -> x, vector, 0))),
                refused(
                        "at = java.lang.Double",
                        "at of type java.lang.Double has no tensors; use a Tensor, a record or a "
                                + "list of them, or pass Tree.of(...) for this class",
                        call("Autodiff.grad(p -> scalar, 3.0)", () -> Autodiff.grad(p -> scalar, 3.0))),
                refused(
                        "at = List",
                        "at of type java.util.ImmutableCollections$ListN has no tensors; use a "
                                + "Tensor, a record or a list of them, or pass Tree.of(...) for this class",
                        call("Autodiff.grad(p -> scalar, List.of())", () -> Autodiff.grad(p -> scalar, List.of()))),
                refused(
                        "at = Named",
                        "at of type io.github.softgrad.trust.input.BadInputTable$Named has no tensors; use "
                                + "a Tensor, a record or a list of them, or pass Tree.of(...) for this class",
                        call(
                                "Autodiff.grad(p -> scalar, new Named(\"a\"))",
                                () -> Autodiff.grad(p -> scalar, new Named("a")))),
                refused(
                        "at = Tensor[]",
                        "a parameter of type Tensor[] may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, new Tensor[] " + "{vector}))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, new Tensor[] {vector})))),
                refused(
                        "at = Map",
                        "a parameter of type Map1 may hide tensors whose gradients would be missing; "
                                + "use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, Map.of(\"w\", vector)))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, Map.of("w", vector))))),
                refused(
                        "at = Set",
                        "a parameter of type Set12 may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, Set.of(vector)))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, Set.of(vector))))),
                refused(
                        "at = Optional",
                        "a parameter of type Optional may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, Optional.of(vector)))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, Optional.of(vector))))),
                refused(
                        "at = SoftIndex",
                        "a parameter of type SoftIndex may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, index))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, index))),
                        call(
                                "Autodiff.grad(p -> scalar, soft.topK(vector, 1))",
                                () -> Autodiff.grad(p -> scalar, soft.topK(vector, 1)))),
                refused(
                        "at = SoftBool",
                        "a parameter of type SoftBool may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "Autodiff.grad(p -> scalar, new Carrier(vector, truth))",
                                () -> Autodiff.grad(p -> scalar, new Carrier(vector, truth)))),
                refused(
                        "at = 100",
                        "parameters are nested more than 100 deep; a list that contains itself is " + "not a tree",
                        call("Autodiff.grad(p -> scalar, endless())", () -> Autodiff.grad(p -> scalar, endless()))),
                refused(
                        "at = Picky",
                        "the constructor of record io.github.softgrad.trust.input.BadInputTable$Picky "
                                + "refused its own components with other tensors; let it accept any tensor "
                                + "values",
                        call(
                                "Autodiff.grad(p -> scalar, Picky.once(vector))",
                                () -> Autodiff.grad(p -> scalar, Picky.once(vector)))),
                refused(
                        IllegalStateException.class,
                        "at = Failing",
                        "an accessor of record io.github.softgrad.trust.input.BadInputTable$Failing "
                                + "failed; let it return its component",
                        call(
                                "Autodiff.grad(p -> scalar, new Failing(vector))",
                                () -> Autodiff.grad(p -> scalar, new Failing(vector)))),
                refused(
                        NullPointerException.class,
                        "tree = leaf 0",
                        "leaf 0 of at must be a tensor, was null",
                        call(
                                "Autodiff.grad(p -> scalar, vector, Tree.of(x -> x, x -> null))",
                                () -> Autodiff.grad(p -> scalar, vector, Tree.of(x -> x, x -> null)))),
                refused(
                        "tree = DenseTensor",
                        "at of type io.github.softgrad.DenseTensor has no tensors; use a Tensor, a "
                                + "record or a list of them, or pass Tree.of(...) for this class",
                        call(
                                "Autodiff.vjp(p -> scalar, vector, leafless())",
                                () -> Autodiff.vjp(p -> scalar, vector, leafless()))),
                refused(
                        IllegalStateException.class,
                        "function = captured",
                        "a function with a custom derivative (customVjp, checkpoint) captured a "
                                + "tensor that is being differentiated; pass it as a parameter",
                        call(
                                "Autodiff.grad(x -> Autodiff.customVjp((Tensor y) -> y.times(x), "
                                        + "(at, value, g) -> g).apply(vector).sum(), vector)",
                                () -> Autodiff.grad(
                                        x -> Autodiff.customVjp((Tensor y) -> y.times(x), (at, value, g) -> g)
                                                .apply(vector)
                                                .sum(),
                                        vector)),
                        call(
                                "Autodiff.grad(x -> Autodiff.checkpoint((Tensor y) -> "
                                        + "y.times(x)).apply(vector).sum(), vector)",
                                () -> Autodiff.grad(
                                        x -> Autodiff.checkpoint((Tensor y) -> y.times(x))
                                                .apply(vector)
                                                .sum(),
                                        vector))),
                refused(
                        "rule = (2, 3)",
                        "the cotangent that the rule of customVjp returned has tensors of shapes "
                                + "[(2, 3)], the parameters [(3)]; both must be the same",
                        call(
                                "Autodiff.grad(x -> Autodiff.customVjp((Tensor y) -> y, (at, value, "
                                        + "g) -> matrix).apply(x).sum(), vector)",
                                () -> Autodiff.grad(
                                        x -> Autodiff.customVjp((Tensor y) -> y, (at, value, g) -> matrix)
                                                .apply(x)
                                                .sum(),
                                        vector))),
                refused(
                        NullPointerException.class,
                        "rule = null",
                        "the cotangent that the rule of customVjp returned must be a tensor, a "
                                + "record or a list, was null",
                        call(
                                "Autodiff.grad(x -> Autodiff.customVjp((Tensor y) -> y, (at, value, "
                                        + "g) -> null).apply(x).sum(), vector)",
                                () -> Autodiff.grad(
                                        x -> Autodiff.customVjp((Tensor y) -> y, (at, value, g) -> null)
                                                .apply(x)
                                                .sum(),
                                        vector))),
                refused(
                        NullPointerException.class,
                        "function = null",
                        "the result of a function with a custom derivative must be a tensor, was null",
                        call(
                                "Autodiff.customVjp((Tensor y) -> null, (at, value, g) -> " + "g).apply(vector)",
                                () -> Autodiff.customVjp((Tensor y) -> null, (at, value, g) -> g)
                                        .apply(vector))),
                refused(
                        IllegalStateException.class,
                        "this = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call("escaped().plus(1)", () -> escaped().plus(1)),
                        call(
                                "escapedIndex().probabilities()",
                                () -> escapedIndex().probabilities())),
                refused(
                        IllegalStateException.class,
                        "x = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call("soft.sort(escaped())", () -> soft.sort(escaped()))),
                refused(
                        IllegalStateException.class,
                        "softness = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call(
                                "soft.softness(escaped()).relu(vector)",
                                () -> soft.softness(escaped()).relu(vector))),
                refused(
                        IllegalStateException.class,
                        "function = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call(
                                "Autodiff.grad(x -> escaped().sum(), vector)",
                                () -> Autodiff.grad(x -> escaped().sum(), vector)),
                        call("Autodiff.vjp(x -> escaped(), vector)", () -> Autodiff.vjp(x -> escaped(), vector))),
                refused(
                        IllegalStateException.class,
                        "cotangent = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call(
                                "Autodiff.vjp(x -> x, vector).pull(escaped())",
                                () -> Autodiff.vjp(x -> x, vector).pull(escaped()))),
                refused(
                        IllegalStateException.class,
                        "at = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call("Autodiff.grad(Tensor::sum, escaped())", () -> Autodiff.grad(Tensor::sum, escaped()))),
                refused(
                        IllegalStateException.class,
                        "gradient = escaped",
                        "a traced tensor escaped from a finished grad, vjp or jvp call and was used "
                                + "afterwards; return it from the differentiated function, or keep "
                                + "stopGradient(tensor)",
                        call(
                                "Optimizer.sgd(1).step(vector, escaped())",
                                () -> Optimizer.sgd(1).step(vector, escaped()))),
                refused(
                        "program = (0)",
                        "straight-through: the program returns shape (0) with hard operators and (1) "
                                + "with soft ones; let its shapes not depend on values",
                        call(
                                "soft.straightThroughResult((s, x) -> s.heaviside(x).item() == 1 ? "
                                        + "x.slice(0, 0, 0) : x, Tensor.of(0.01))",
                                () -> soft.straightThroughResult(
                                        (s, x) -> s.heaviside(x).item() == 1 ? x.slice(0, 0, 0) : x, Tensor.of(0.01)))),
                refused(
                        NullPointerException.class,
                        "program = null",
                        "the result of a straight-through program must be a tensor, an index, a "
                                + "truth value, or a record or list of tensors, was null",
                        call(
                                "soft.straightThroughResult((s, x) -> null, vector)",
                                () -> soft.straightThroughResult((s, x) -> null, vector)),
                        call(
                                "soft.straightThrough((s, x) -> null).apply(vector)",
                                () -> soft.straightThrough((s, x) -> null).apply(vector))),
                refused(
                        "program = SoftIndex",
                        "straight-through: the program returns a SoftIndex with hard operators and a "
                                + "Tensor with soft ones; let the kind of its result not depend on values",
                        call(
                                "soft.straightThroughResult((s, x) -> s.heaviside(x).item() == 1 ? "
                                        + "index : x, Tensor.of(0.01))",
                                () -> soft.straightThroughResult(
                                        (s, x) -> s.heaviside(x).item() == 1 ? index : x, Tensor.of(0.01)))),
                refused(
                        "program = 1 tensors",
                        "straight-through: the program returns 1 tensors with hard operators and 2 "
                                + "with soft ones; let their number not depend on values",
                        call(
                                "soft.straightThroughResult((s, x) -> s.heaviside(x).item() == 1 ? "
                                        + "List.of(x) : List.of(x, x), Tensor.of(0.01))",
                                () -> soft.straightThroughResult(
                                        (s, x) -> s.heaviside(x).item() == 1 ? List.of(x) : List.of(x, x),
                                        Tensor.of(0.01)))),
                refused(
                        "program = SoftIndex",
                        "a parameter of type SoftIndex may hide tensors whose gradients would be "
                                + "missing; use a List or a record, or pass Tree.of(...)",
                        call(
                                "soft.straightThroughResult((s, x) -> new Carrier(x, index), vector)",
                                () -> soft.straightThroughResult((s, x) -> new Carrier(x, index), vector))),
                refused(
                        "program = java.lang.String",
                        "the result of a straight-through program of type java.lang.String has no "
                                + "tensors; use a Tensor, a record or a list of them, or pass Tree.of(...) for "
                                + "this class",
                        call(
                                "soft.straightThroughResult((s, x) -> \"text\", vector)",
                                () -> soft.straightThroughResult((s, x) -> "text", vector))),
                refused(
                        "gradient = (2, 3)",
                        "gradient has tensors of shapes [(2, 3)], the parameters [(3)]; both must be " + "the same",
                        call(
                                "Optimizer.sgd(1).step(vector, matrix)",
                                () -> Optimizer.sgd(1).step(vector, matrix))),
                refused(
                        "gradient = [(3), (3)]",
                        "gradient has tensors of shapes [(3), (3)], the parameters [(3)]; both must " + "be the same",
                        call(
                                "Optimizer.sgd(1).step(List.of(vector), List.of(vector, vector))",
                                () -> Optimizer.sgd(1).step(List.of(vector), List.of(vector, vector)))),
                refused(
                        "parameters = (2, 3)",
                        "an earlier step of this optimizer has tensors of shapes [(3)], the "
                                + "parameters [(2, 3)]; both must be the same",
                        call(
                                "usedBefore().step(matrix, matrix)",
                                () -> usedBefore().step(matrix, matrix))),
                refused(
                        "parameters = java.lang.Double",
                        "parameters of type java.lang.Double has no tensors; use a Tensor, a record "
                                + "or a list of them, or pass Tree.of(...) for this class",
                        call(
                                "Optimizer.sgd(1).step(3.0, 3.0)",
                                () -> Optimizer.sgd(1).step(3.0, 3.0))));
    }
}
