package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.onReference;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Losses;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Segments;
import io.github.softgrad.Selection;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;

final class BadInputSizes extends BadInputTable {
    @Override
    String title() {
        return "More numbers than an array or the heap can hold";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "x = (200000)",
                        "shape (200000) needs 200000 x 200000 probabilities of an index for each "
                                + "line, about 305176 MiB, more than the heap ({heap} MiB) or an array of "
                                + "2147483639 numbers can hold; use sort, rank, max, a quantile or topK with a "
                                + "smaller k, fewer lines at once or a larger heap (-Xmx)",
                        call("soft.argsort(large)", () -> soft.argsort(large)),
                        call("hard.argsort(large)", () -> hard.argsort(large)),
                        call(
                                "soft.method(new Method.SoftSort()).argsort(large)",
                                () -> soft.method(new Method.SoftSort()).argsort(large)),
                        call(
                                "soft.method(new Method.Transport()).argsort(large)",
                                () -> soft.method(new Method.Transport()).argsort(large)),
                        call(
                                "soft.method(new Method.SortingNetwork()).argsort(large)",
                                () -> soft.method(new Method.SortingNetwork()).argsort(large)),
                        call(
                                "soft.method(new Method.LapSum()).argsort(large)",
                                () -> soft.method(new Method.LapSum()).argsort(large)),
                        call("soft.sorted(large, 0, Order.ASCENDING)", () -> soft.sorted(large, 0, Order.ASCENDING))),
                refused(
                        "k = 100000",
                        "shape (200000) needs 100000 x 200000 probabilities of an index for each "
                                + "line, about 152588 MiB, more than the heap ({heap} MiB) or an array of "
                                + "2147483639 numbers can hold; use sort, rank, max, a quantile or topK with a "
                                + "smaller k, fewer lines at once or a larger heap (-Xmx)",
                        call("soft.topKMask(large, 100_000)", () -> soft.topKMask(large, 100_000)),
                        call(
                                "hard.topK(large, 100_000).index().probabilities()",
                                () -> hard.topK(large, 100_000).index().probabilities())),
                refused(
                        "n = 200000",
                        "shape (200000) needs 200000 x 200000 probabilities of an index for each "
                                + "line, about 305176 MiB, more than the heap ({heap} MiB) or an array of "
                                + "2147483639 numbers can hold; use sort, rank, max, a quantile or topK with a "
                                + "smaller k, fewer lines at once or a larger heap (-Xmx)",
                        call("random.permutation(200_000)", () -> random.permutation(200_000))),
                refused(
                        "shape = (2147483647)",
                        "shape (2147483647) needs about 16384 MiB, more than the heap ({heap} MiB) "
                                + "or an array of 2147483639 numbers can hold; use fewer lines at once, or a "
                                + "larger heap (-Xmx)",
                        call("Tensor.zeros(Integer.MAX_VALUE)", () -> Tensor.zeros(Integer.MAX_VALUE))),
                refused(
                        "shape = (2147483647, 2147483647, 4)",
                        "shape (2147483647, 2147483647, 4) needs about 140737488224256 MiB, more "
                                + "than the heap ({heap} MiB) or an array of 2147483639 numbers can hold; use "
                                + "fewer lines at once, or a larger heap (-Xmx)",
                        call(
                                "Tensor.zeros(Integer.MAX_VALUE, Integer.MAX_VALUE, 4)",
                                () -> Tensor.zeros(Integer.MAX_VALUE, Integer.MAX_VALUE, 4))),
                refused(
                        "shape = (100000, 100000)",
                        "shape (100000, 100000) needs about 76294 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("Tensor.full(1, 100_000, 100_000)", () -> Tensor.full(1, 100_000, 100_000)),
                        call(
                                "Tensor.normal(generator, 100_000, 100_000)",
                                () -> Tensor.normal(generator, 100_000, 100_000)),
                        call("random.rademacher(100_000, 100_000)", () -> random.rademacher(100_000, 100_000)),
                        call("random.bernoulli(0.5, 100_000, 100_000)", () -> random.bernoulli(0.5, 100_000, 100_000))),
                refused(
                        "n = 100000",
                        "shape (100000, 100000) needs about 76294 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("Tensor.identity(100_000)", () -> Tensor.identity(100_000))),
                refused(
                        "n = 2147483647",
                        "shape (2147483647) needs about 16384 MiB, more than the heap ({heap} MiB) "
                                + "or an array of 2147483639 numbers can hold; use fewer lines at once, or a "
                                + "larger heap (-Xmx)",
                        call("Tensor.range(Integer.MAX_VALUE)", () -> Tensor.range(Integer.MAX_VALUE))),
                refused(
                        "count = 2147483647",
                        "shape (2147483647) needs about 16384 MiB, more than the heap ({heap} MiB) "
                                + "or an array of 2147483639 numbers can hold; use fewer lines at once, or a "
                                + "larger heap (-Xmx)",
                        call(
                                "Tensor.linspace(0, 1, Integer.MAX_VALUE)",
                                () -> Tensor.linspace(0, 1, Integer.MAX_VALUE))),
                refused(
                        "shape = (65536, 65536)",
                        "shape (65536, 65536) needs about 32768 MiB, more than the heap ({heap} MiB) "
                                + "or an array of 2147483639 numbers can hold; use fewer lines at once, or a "
                                + "larger heap (-Xmx)",
                        call(
                                "Tensor.uniform(generator, 65_536, 65_536)",
                                () -> Tensor.uniform(generator, 65_536, 65_536))),
                refused(
                        "shape = (1000000000, 3)",
                        "shape (1000000000, 3) needs about 22889 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("vector.broadcastTo(1_000_000_000, 3)", () -> vector.broadcastTo(1_000_000_000, 3))),
                refused(
                        "shape = (65536, 65536, 65536, 65536)",
                        "shape (65536, 65536, 65536, 65536) needs about 140737488355328 MiB, more "
                                + "than the heap ({heap} MiB) or an array of 2147483639 numbers can hold; use "
                                + "fewer lines at once, or a larger heap (-Xmx)",
                        call(
                                "vector.reshape(65_536, 65_536, 65_536, 65_536)",
                                () -> vector.reshape(65_536, 65_536, 65_536, 65_536))),
                refused(
                        "other = (200000, 200000)",
                        "shape (200000, 200000) needs about 305176 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("column.plus(row)", () -> column.plus(row)),
                        call("column.matmul(row)", () -> column.matmul(row))),
                refused(
                        "y = (200000, 200000)",
                        "shape (200000, 200000) needs about 305176 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("soft.greater(column, row)", () -> soft.greater(column, row))),
                refused(
                        "axis = (2147483647)",
                        "shape (2147483647) needs about 16384 MiB, more than the heap ({heap} MiB) "
                                + "or an array of 2147483639 numbers can hold; use fewer lines at once, or a "
                                + "larger heap (-Xmx)",
                        call(
                                "Tensor.zeros(0, Integer.MAX_VALUE).sum(0)",
                                () -> Tensor.zeros(0, Integer.MAX_VALUE).sum(0))),
                refused(
                        "parts = 2147483648",
                        "concatenate along axis 1 gives it 2147483648 entries, more than an axis can "
                                + "have (2147483639); join fewer tensors",
                        call(
                                "Tensor.concatenate(1, Tensor.zeros(0, Integer.MAX_VALUE), " + "Tensor.zeros(0, 1))",
                                () -> Tensor.concatenate(1, Tensor.zeros(0, Integer.MAX_VALUE), Tensor.zeros(0, 1)))),
                refused(
                        "at = (200000, 200000)",
                        "shape (200000, 200000) needs about 305176 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call(
                                "Autodiff.jacobian(x -> x.times(2), large)",
                                () -> Autodiff.jacobian(x -> x.times(2), large)),
                        call(
                                "Autodiff.hessian(x -> x.square().sum(), large)",
                                () -> Autodiff.hessian(x -> x.square().sum(), large))),
                refused(
                        "size = 200000",
                        "shape (200000) needs 200000 x 200000 shifted probabilities for each line, "
                                + "about 305176 MiB, more than the heap ({heap} MiB) or an array of 2147483639 "
                                + "numbers can hold; use a smaller size, fewer lines at once or a larger heap "
                                + "(-Xmx)",
                        call(
                                "Selection.dynamicSlice(large, SoftIndex.of(large), 200_000, 0)",
                                () -> Selection.dynamicSlice(large, SoftIndex.of(large), 200_000, 0))),
                refused(
                        "scores = (200000)",
                        "shape (200000) needs 200000 x 200000 pairs for each line, about 305176 MiB, "
                                + "more than the heap ({heap} MiB) or an array of 2147483639 numbers can hold; "
                                + "use shorter lists or ndcg, fewer lines at once or a larger heap (-Xmx)",
                        call("Losses.kendall(soft, large, large)", () -> Losses.kendall(soft, large, large))),
                refused(
                        "scores = (200000)",
                        "shape (200000) needs 200000 x 200000 differences of targets for each line, "
                                + "about 305176 MiB, more than the heap ({heap} MiB) or an array of 2147483639 "
                                + "numbers can hold; use shorter lists or ndcg, fewer lines at once or a "
                                + "larger heap (-Xmx)",
                        call("Losses.spearman(soft, large, large)", () -> Losses.spearman(soft, large, large))),
                refused(
                        "draws = 2147483647",
                        "2147483647 draws of shape (3) need about 49152 MiB, more than the heap "
                                + "({heap} MiB) or an array of 2147483639 numbers can hold; add up several "
                                + "samples of fewer draws each",
                        call(
                                "random.multinomial(Integer.MAX_VALUE, vector)",
                                () -> random.multinomial(Integer.MAX_VALUE, vector))),
                refused(
                        "trials = 2147483647",
                        "2147483647 draws of shape () need about 16384 MiB, more than the heap "
                                + "({heap} MiB) or an array of 2147483639 numbers can hold; add up several "
                                + "samples of fewer draws each",
                        call("random.binomial(Integer.MAX_VALUE, 0.5)", () -> random.binomial(Integer.MAX_VALUE, 0.5))),
                refused(
                        "shape = (200000, 200000)",
                        "shape (200000, 200000) needs about 305176 MiB, more than the heap ({heap} "
                                + "MiB) or an array of 2147483639 numbers can hold; use fewer lines at once, "
                                + "or a larger heap (-Xmx)",
                        call("random.categorical(large, 200_000)", () -> random.categorical(large, 200_000)),
                        call("random.choice(large, 200_000)", () -> random.choice(large, 200_000))),
                refused(
                        "lengths = 2147483648",
                        "lengths have the sum 2147483648, more entries than an axis can have "
                                + "(2147483639); use fewer segments at once",
                        call(
                                "Segments.ofLengths(Integer.MAX_VALUE, 1)",
                                () -> Segments.ofLengths(Integer.MAX_VALUE, 1))),
                refused(
                        "x = (200000)",
                        "shape (200000) needs 200000 x 200000 soft indices for each line, about "
                                + "610352 MiB, more than the heap ({heap} MiB) or an array of 2147483639 "
                                + "numbers can hold; use topK with a smaller k, max or a quantile, fewer lines "
                                + "at once or a larger heap (-Xmx)",
                        onReference(
                                "soft.method(new Method.SoftSort()).sort(large)",
                                () -> soft.method(new Method.SoftSort()).sort(large)),
                        onReference("soft.rank(large)", () -> soft.rank(large))),
                refused(
                        "x = (200000)",
                        "shape (200000) needs 200000 x 200000 distances of NeuralSort for each line, "
                                + "about 610352 MiB, more than the heap ({heap} MiB) or an array of 2147483639 "
                                + "numbers can hold; use new Method.SoftSort() with max, topK or a quantile, "
                                + "fewer lines at once or a larger heap (-Xmx)",
                        onReference("soft.median(large)", () -> soft.median(large)),
                        onReference(
                                "soft.method(new Method.NeuralSort()).max(large)",
                                () -> soft.method(new Method.NeuralSort()).max(large))));
    }
}
