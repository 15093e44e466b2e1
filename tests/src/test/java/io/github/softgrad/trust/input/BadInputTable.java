package io.github.softgrad.trust.input;

import static io.github.softgrad.Autodiff.grad;

import io.github.softgrad.Optimizer;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import io.github.softgrad.trust.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A part of the table of bad input, and the values that its calls are written with.
abstract class BadInputTable {

    /// What the names in the calls mean, for the document.
    static final String NAMES = """
            `vector` is `Tensor.of(1, 2, 3)`, `matrix` `Tensor.ones(2, 3)`, `square` `Tensor.ones(3, 3)`, `scalar`
            `Tensor.scalar(1)`, `empty` `Tensor.zeros(2, 0)`, `large` `Tensor.range(200_000)`, `column` and `row`
            are the same with shapes (200000, 1) and (1, 200000); `soft` is `Soft.smooth()`, `hard` `Soft.hard()`,
            `index` `SoftIndex.of(vector)`, `truth` `SoftBool.of(vector)`, `random` `soft.random(generator)`;
            `escaped()` is a tensor that left the function that was differentiated, and `escapedIndex()` an index of
            it; `Carrier` is a record of a tensor and any object, `Named` one of a text; `Picky` and `Failing` are
            records whose constructor or accessor throws, `endless()` is a list that contains itself, `leafless()` a
            tree without leaves, and `usedBefore()` an optimizer that has made a step for `vector`. `{heap}` is the
            size of the heap.
            """;

    final Soft soft = Soft.smooth();
    final Soft hard = Soft.hard();
    final Tensor scalar = Tensor.scalar(1);
    final Tensor vector = Tensor.of(1, 2, 3);
    final Tensor matrix = Tensor.ones(2, 3);
    final Tensor square = Tensor.ones(3, 3);
    final Tensor empty = Tensor.zeros(2, 0);
    final Tensor large = Tensor.range(200_000);
    final Tensor column = large.expandDims(1);
    final Tensor row = large.expandDims(0);
    final SoftIndex index = SoftIndex.of(vector);
    final SoftBool truth = SoftBool.of(vector);
    final Random generator = new Random(Tally.seed());
    final SoftRandom random = soft.random(generator);

    record Named(String name) {}

    record Carrier(Tensor weights, Object other) {}

    record Picky(Tensor weights) {
        static int allowed = 1;

        Picky {
            if (allowed-- <= 0) {
                throw new IllegalStateException("no other tensors");
            }
        }

        static Picky once(Tensor weights) {
            allowed = 1;
            return new Picky(weights);
        }
    }

    record Failing(Tensor weights) {
        @Override
        public Tensor weights() {
            throw new IllegalStateException("cannot be read");
        }
    }

    /// What the part is about, as a heading.
    abstract String title();

    abstract List<BadInput> entries();

    final Tensor escaped() {
        List<Tensor> kept = new ArrayList<>();
        grad(x -> kept(kept, x.times(2)).sum(), vector);
        return kept.getFirst();
    }

    final SoftIndex escapedIndex() {
        List<SoftIndex> kept = new ArrayList<>();
        grad(
                x -> {
                    kept.add(soft.argsort(x));
                    return x.sum();
                },
                vector);
        return kept.getFirst();
    }

    private static Tensor kept(List<Tensor> kept, Tensor tensor) {
        kept.add(tensor);
        return tensor;
    }

    static List<Object> endless() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    static Tree<Tensor> leafless() {
        return new Tree<>() {
            @Override
            public List<Tensor> leaves(Tensor object) {
                return List.of();
            }

            @Override
            public Tensor rebuild(Tensor like, List<Tensor> leaves) {
                return like;
            }
        };
    }

    final Optimizer usedBefore() {
        Optimizer optimizer = Optimizer.adam(0.1);
        optimizer.step(vector, vector);
        return optimizer;
    }
}
