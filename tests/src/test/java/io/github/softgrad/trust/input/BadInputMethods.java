package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Noise;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import java.util.List;

final class BadInputMethods extends BadInputTable {
    @Override
    String title() {
        return "Modes and methods that do not exist together";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "method = FastSoftSort",
                        "method FastSoftSort gives values without an index; for an index use new "
                                + "Method.SoftSort(), new Method.NeuralSort(), new Method.Transport(), new "
                                + "Method.SortingNetwork() or new Method.LapSum()",
                        call(
                                "soft.method(new Method.FastSoftSort()).argmax(vector)",
                                () -> soft.method(new Method.FastSoftSort()).argmax(vector)),
                        call(
                                "soft.method(new Method.FastSoftSort()).argmin(vector)",
                                () -> soft.method(new Method.FastSoftSort()).argmin(vector)),
                        call(
                                "soft.method(new Method.FastSoftSort()).argsort(vector)",
                                () -> soft.method(new Method.FastSoftSort()).argsort(vector)),
                        call(
                                "soft.method(new Method.FastSoftSort()).sorted(vector, 0, " + "Order.ASCENDING)",
                                () -> soft.method(new Method.FastSoftSort()).sorted(vector, 0, Order.ASCENDING)),
                        call(
                                "soft.method(new Method.FastSoftSort()).argquantile(vector, 0.5)",
                                () -> soft.method(new Method.FastSoftSort()).argquantile(vector, 0.5)),
                        call(
                                "soft.method(new Method.FastSoftSort()).argmedian(vector)",
                                () -> soft.method(new Method.FastSoftSort()).argmedian(vector)),
                        call(
                                "soft.method(new Method.FastSoftSort()).topKMask(vector, 1)",
                                () -> soft.method(new Method.FastSoftSort()).topKMask(vector, 1)),
                        call(
                                "soft.method(new Method.FastSoftSort()).topK(vector, " + "1).index().probabilities()",
                                () -> soft.method(new Method.FastSoftSort())
                                        .topK(vector, 1)
                                        .index()
                                        .probabilities()),
                        call(
                                "soft.method(new " + "Method.FastSoftSort()).random(generator).categorical(vector)",
                                () -> soft.method(new Method.FastSoftSort())
                                        .random(generator)
                                        .categorical(vector)),
                        call(
                                "soft.method(new " + "Method.FastSoftSort()).random(generator).permutation(3)",
                                () -> soft.method(new Method.FastSoftSort())
                                        .random(generator)
                                        .permutation(3))),
                refused(
                        "method = SmoothSort",
                        "method SmoothSort gives values without an index; for an index use new "
                                + "Method.SoftSort(), new Method.NeuralSort(), new Method.Transport(), new "
                                + "Method.SortingNetwork() or new Method.LapSum()",
                        call(
                                "soft.method(new Method.SmoothSort()).argmax(vector)",
                                () -> soft.method(new Method.SmoothSort()).argmax(vector)),
                        call(
                                "soft.method(new Method.SmoothSort()).argmin(vector)",
                                () -> soft.method(new Method.SmoothSort()).argmin(vector)),
                        call(
                                "soft.method(new Method.SmoothSort()).argsort(vector)",
                                () -> soft.method(new Method.SmoothSort()).argsort(vector)),
                        call(
                                "soft.method(new Method.SmoothSort()).sorted(vector, 0, " + "Order.ASCENDING)",
                                () -> soft.method(new Method.SmoothSort()).sorted(vector, 0, Order.ASCENDING)),
                        call(
                                "soft.method(new Method.SmoothSort()).argquantile(vector, 0.5)",
                                () -> soft.method(new Method.SmoothSort()).argquantile(vector, 0.5)),
                        call(
                                "soft.method(new Method.SmoothSort()).argmedian(vector)",
                                () -> soft.method(new Method.SmoothSort()).argmedian(vector)),
                        call(
                                "soft.method(new Method.SmoothSort()).topKMask(vector, 1)",
                                () -> soft.method(new Method.SmoothSort()).topKMask(vector, 1)),
                        call(
                                "soft.method(new Method.SmoothSort()).topK(vector, " + "1).index().probabilities()",
                                () -> soft.method(new Method.SmoothSort())
                                        .topK(vector, 1)
                                        .index()
                                        .probabilities()),
                        call(
                                "soft.method(new " + "Method.SmoothSort()).random(generator).categorical(vector)",
                                () -> soft.method(new Method.SmoothSort())
                                        .random(generator)
                                        .categorical(vector)),
                        call(
                                "soft.method(new " + "Method.SmoothSort()).random(generator).permutation(3)",
                                () -> soft.method(new Method.SmoothSort())
                                        .random(generator)
                                        .permutation(3))),
                refused(
                        "mode = C0",
                        "the mode of method SmoothSort must be SMOOTH, was C0; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c0().method(new Method.SmoothSort()).sort(vector)",
                                () -> Soft.c0().method(new Method.SmoothSort()).sort(vector))),
                refused(
                        "mode = C1",
                        "the mode of method SmoothSort must be SMOOTH, was C1; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c1().method(new Method.SmoothSort()).sort(vector)",
                                () -> Soft.c1().method(new Method.SmoothSort()).sort(vector)),
                        call(
                                "Soft.c1().method(new Method.SmoothSort()).rank(vector)",
                                () -> Soft.c1().method(new Method.SmoothSort()).rank(vector)),
                        call(
                                "Soft.c1().method(new Method.SmoothSort()).max(vector)",
                                () -> Soft.c1().method(new Method.SmoothSort()).max(vector)),
                        call(
                                "Soft.c1().method(new Method.SmoothSort()).median(vector)",
                                () -> Soft.c1().method(new Method.SmoothSort()).median(vector)),
                        call(
                                "Soft.c1().method(new Method.SmoothSort()).topK(vector, 1)",
                                () -> Soft.c1().method(new Method.SmoothSort()).topK(vector, 1)),
                        call(
                                "Soft.c1().projectPermutahedronSmooth(vector, vector, 0)",
                                () -> Soft.c1().projectPermutahedronSmooth(vector, vector, 0))),
                refused(
                        "mode = C2",
                        "the mode of method SmoothSort must be SMOOTH, was C2; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c2().method(new Method.SmoothSort()).sort(vector)",
                                () -> Soft.c2().method(new Method.SmoothSort()).sort(vector))),
                refused(
                        "mode = C0",
                        "the mode of method LapSum must be SMOOTH, was C0; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c0().method(new Method.LapSum()).sort(vector)",
                                () -> Soft.c0().method(new Method.LapSum()).sort(vector))),
                refused(
                        "mode = C1",
                        "the mode of method LapSum must be SMOOTH, was C1; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c1().method(new Method.LapSum()).sort(vector)",
                                () -> Soft.c1().method(new Method.LapSum()).sort(vector)),
                        call(
                                "Soft.c1().method(new Method.LapSum()).rank(vector)",
                                () -> Soft.c1().method(new Method.LapSum()).rank(vector)),
                        call(
                                "Soft.c1().method(new Method.LapSum()).max(vector)",
                                () -> Soft.c1().method(new Method.LapSum()).max(vector)),
                        call(
                                "Soft.c1().method(new Method.LapSum()).median(vector)",
                                () -> Soft.c1().method(new Method.LapSum()).median(vector)),
                        call(
                                "Soft.c1().method(new Method.LapSum()).topK(vector, 1)",
                                () -> Soft.c1().method(new Method.LapSum()).topK(vector, 1))),
                refused(
                        "mode = C2",
                        "the mode of method LapSum must be SMOOTH, was C2; SoftSort, NeuralSort, "
                                + "FastSoftSort, Transport and SortingNetwork have the others",
                        call(
                                "Soft.c2().method(new Method.LapSum()).sort(vector)",
                                () -> Soft.c2().method(new Method.LapSum()).sort(vector)),
                        call(
                                "Soft.c2().method(new Method.LapSum()).argmax(vector)",
                                () -> Soft.c2().method(new Method.LapSum()).argmax(vector))),
                refused(
                        "mode = HARD",
                        "mode HARD has no transport plan, as the optimum is not unique; use another "
                                + "mode with a small softness",
                        call(
                                "hard.projectTransport(square, vector, vector)",
                                () -> hard.projectTransport(square, vector, vector)),
                        call(
                                "hard.transportPlan(square, vector, vector)",
                                () -> hard.transportPlan(square, vector, vector)),
                        call(
                                "hard.logProjectTransport(square, vector, vector)",
                                () -> hard.logProjectTransport(square, vector, vector))),
                refused(
                        "noise = UNIFORM",
                        "categorical does not have the right law with Noise.UNIFORM; use "
                                + "Noise.GUMBEL, its standard",
                        call(
                                "random.noise(Noise.UNIFORM).categorical(vector)",
                                () -> random.noise(Noise.UNIFORM).categorical(vector))),
                refused(
                        "noise = UNIFORM",
                        "multinomial does not have the right law with Noise.UNIFORM; use "
                                + "Noise.GUMBEL, its standard",
                        call(
                                "random.noise(Noise.UNIFORM).multinomial(3, vector)",
                                () -> random.noise(Noise.UNIFORM).multinomial(3, vector))),
                refused(
                        "noise = UNIFORM",
                        "choice does not have the right law with Noise.UNIFORM; use Noise.GUMBEL, " + "its standard",
                        call(
                                "random.noise(Noise.UNIFORM).choice(vector)",
                                () -> random.noise(Noise.UNIFORM).choice(vector))),
                refused(
                        IllegalStateException.class,
                        "method = transport",
                        "optimal transport has no second derivative (hvp, hessian and jvp "
                                + "differentiate twice); use new Method.SoftSort() or new Method.NeuralSort(), "
                                + "which have them",
                        call(
                                "Autodiff.hvp(x -> soft.method(new "
                                        + "Method.Transport()).sort(x).sum(), vector, vector)",
                                () -> Autodiff.hvp(
                                        x -> soft.method(new Method.Transport())
                                                .sort(x)
                                                .sum(),
                                        vector,
                                        vector))),
                refused(
                        IllegalStateException.class,
                        "method = smooth majorization",
                        "the smooth majorization sort has no second derivative (hvp, hessian and jvp "
                                + "differentiate twice); use new Method.SoftSort() or new Method.NeuralSort(), "
                                + "which have them",
                        call(
                                "Autodiff.hvp(x -> soft.method(new "
                                        + "Method.SmoothSort()).sort(x).sum(), vector, vector)",
                                () -> Autodiff.hvp(
                                        x -> soft.method(new Method.SmoothSort())
                                                .sort(x)
                                                .sum(),
                                        vector,
                                        vector))));
    }
}
