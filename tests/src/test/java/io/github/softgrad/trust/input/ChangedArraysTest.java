package io.github.softgrad.trust.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Losses;
import io.github.softgrad.Pullback;
import io.github.softgrad.Segments;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import io.github.softgrad.trust.Tally;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// An array or a list that changes after a call does not change what the call has returned, not even what is
/// computed later; and an array that a tensor hands out is not the tensor's own.
class ChangedArraysTest {
    private static final Soft SOFT = Soft.smooth();
    private static final Tensor VECTOR = Tensor.of(3, 1, 2);
    private static final Tensor MATRIX = Tensor.of(new double[][] {{3, 1, 2}, {6, 5, 4}});

    /// A call that takes an array, and the numbers that are read off its result when the array has changed.
    private static <A> DynamicTest call(String name, A array, Function<A, Supplier<double[]>> use) {
        return DynamicTest.dynamicTest(name, () -> {
            double[] expected = use.apply(copy(array)).get();
            A changed = copy(array);
            Supplier<double[]> result = use.apply(changed);
            spoil(changed);
            assertArrayEquals(expected, result.get());
        });
    }

    private static <A> DynamicTest tensor(String name, A array, Function<A, Tensor> use) {
        return call(name, array, given -> {
            Tensor result = use.apply(given);
            return () -> numbers(result);
        });
    }

    private static double[] numbers(Tensor tensor) {
        return Tensor.concatenate(0, tensor.flatten(), Tensor.of(lengths(tensor)))
                .toDoubles();
    }

    private static double[] lengths(Tensor tensor) {
        return Stream.of(tensor.shape())
                .flatMapToInt(Arrays::stream)
                .asDoubleStream()
                .toArray();
    }

    @SuppressWarnings("unchecked")
    private static <A> A copy(A array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        for (int i = 0; i < length; i++) {
            Object entry = Array.get(array, i);
            Array.set(copy, i, entry.getClass().isArray() ? copy(entry) : entry);
        }
        return (A) copy;
    }

    /// Every entry becomes the first one, or another number.
    private static void spoil(Object array) {
        for (int i = 0; i < Array.getLength(array); i++) {
            switch (Array.get(array, i)) {
                case Integer number -> Array.setInt(array, i, number + 1);
                case Double number -> Array.setDouble(array, i, number / 2);
                case Float number -> Array.setFloat(array, i, number / 2);
                case double[] row -> spoil(row);
                default -> Array.set(array, i, Array.get(array, 0));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> whatACallReturnedStays() {
        Tally tally = new Tally("arrays that change after the call");
        return Stream.concat(creations(), uses()).onClose(tally::close).peek(test -> tally.tried());
    }

    private static Stream<DynamicTest> creations() {
        int[] shape = {2, 1};
        return Stream.of(
                tensor("Tensor.of(values)", new double[] {1, 2}, Tensor::of),
                tensor("Tensor.of(rows)", new double[][] {{1, 2}, {3, 4}}, Tensor::of),
                tensor("Tensor.of(shape, values)", new double[] {1, 2}, values -> Tensor.of(shape, values)),
                tensor("Tensor.of(shape, values), shape", shape, given -> Tensor.of(given, 1, 2)),
                tensor("Tensor.ofFloats(values)", new float[] {1, 2}, Tensor::ofFloats),
                tensor("Tensor.ofFloats(shape, values)", new float[] {1, 2}, values -> Tensor.ofFloats(shape, values)),
                tensor("Tensor.ofFloats(shape, values), shape", shape, given -> Tensor.ofFloats(given, 1, 2)),
                tensor("Tensor.full", shape, given -> Tensor.full(7, given)),
                tensor("Tensor.zeros", shape, Tensor::zeros),
                tensor("Tensor.ones", shape, Tensor::ones),
                tensor("Tensor.normal", shape, given -> Tensor.normal(new Random(1), given)),
                tensor("Tensor.uniform", shape, given -> Tensor.uniform(new Random(1), given)),
                tensor("Tensor.concatenate", new Tensor[] {VECTOR, MATRIX.get(0)}, p -> Tensor.concatenate(0, p)),
                tensor("Tensor.stack", new Tensor[] {VECTOR, MATRIX.get(1)}, parts -> Tensor.stack(0, parts)));
    }

    private static Stream<DynamicTest> uses() {
        return Stream.of(
                tensor("reshape", new int[] {3, 2}, MATRIX::reshape),
                tensor("broadcastTo", new int[] {2, 3}, VECTOR::broadcastTo),
                tensor("broadcastTo its own shape", new int[] {3}, VECTOR::broadcastTo),
                tensor("transpose", new int[] {-1, -2}, MATRIX::transpose),
                tensor("take", new int[] {0, 1}, places -> MATRIX.take(places, 1)),
                tensor("get", new int[] {0, 1}, MATRIX::get),
                derivative("derivative of take", new int[] {0, 1}, (x, places) -> x.take(places, 0)),
                derivative("derivative of reshape", new int[] {1, 3}, (x, shape) -> x.reshape(shape)),
                derivative("derivative of broadcastTo", new int[] {2, 3}, (x, shape) -> x.broadcastTo(shape)),
                derivative("derivative of transpose", new int[] {-1}, (x, axes) -> x.transpose(axes)),
                tensor("quantiles", new double[] {0.2, 0.6}, q -> SOFT.quantiles(VECTOR, q)),
                index("argquantiles", new double[] {0.2, 0.6}, q -> SOFT.argquantiles(VECTOR, q)),
                index(
                        "categorical",
                        new int[] {2},
                        shape -> SOFT.random(new Random(1)).categorical(VECTOR, shape)),
                tensor(
                        "rademacher",
                        new int[] {2},
                        shape -> SOFT.random(new Random(1)).rademacher(shape)),
                tensor(
                        "choice",
                        new int[] {2},
                        shape -> SOFT.random(new Random(1)).choice(VECTOR, shape)),
                tensor(
                        "dynamicSlice",
                        new int[] {2},
                        sizes -> Selection.dynamicSlice(VECTOR, List.of(SOFT.argmax(VECTOR)), sizes)),
                tensor(
                        "topKCrossEntropy",
                        new int[] {0, 1},
                        labels -> Losses.topKCrossEntropy(SOFT, MATRIX, labels, 1)),
                call("Segments.ofOffsets", new int[] {0, 2, 3}, offsets -> {
                    Segments segments = Segments.ofOffsets(offsets);
                    return () -> numbers(segments.map(VECTOR, x -> SOFT.max(x, -1)));
                }),
                call("Segments.ofLengths", new int[] {2, 1}, lengths -> {
                    Segments segments = Segments.ofLengths(lengths);
                    return () -> numbers(segments.map(VECTOR, x -> SOFT.max(x, -1)));
                }));
    }

    private static <A> DynamicTest index(String name, A array, Function<A, SoftIndex> use) {
        return call(name, array, given -> {
            SoftIndex result = use.apply(given);
            return () -> numbers(result.probabilities());
        });
    }

    private static DynamicTest derivative(String name, int[] array, BiFunction<Tensor, int[], Tensor> use) {
        return call(name, array, given -> {
            Pullback<Tensor> pullback = Autodiff.vjp(x -> use.apply(x, given), VECTOR);
            return () -> numbers(pullback.pull(pullback.value()));
        });
    }

    @Test
    void arraysThatATensorHandsOutAreCopies() {
        for (Tensor tensor : List.of(Tensor.of(1, 2), Tensor.ofFloats(1, 2))) {
            tensor.toDoubles()[0] = 7;
            tensor.toFloats()[0] = 7;
            tensor.shape()[0] = 7;
            assertArrayEquals(new double[] {1, 2, 2}, numbers(tensor));
        }
    }

    @Test
    void placesOfAnIndexAreCopies() {
        SoftIndex index = SOFT.argmax(VECTOR);
        index.places()[0] = 7;
        assertArrayEquals(new int[] {0}, index.places());
    }

    /// The pullback is asked when the list that was differentiated at is empty.
    @Test
    void aListOfParametersMayChangeAfterwards() {
        List<Tensor> parameters = new ArrayList<>(List.of(VECTOR, Tensor.scalar(2)));
        Pullback<List<Tensor>> pullback =
                Autodiff.vjp(p -> p.get(0).times(p.get(1)).sum(), parameters);
        parameters.clear();

        List<Tensor> gradient = pullback.pull(Tensor.scalar(1));

        assertArrayEquals(new double[] {2, 2, 2}, gradient.get(0).toDoubles());
        assertArrayEquals(new double[] {6}, gradient.get(1).toDoubles());
    }

    @Test
    void thePartsOfATreeMayChangeAfterwards() {
        List<Function<List<Tensor>, Tensor>> parts = new ArrayList<>(List.of(List::getFirst, List::getLast));
        @SuppressWarnings("unchecked")
        Function<List<Tensor>, Tensor>[] array = parts.toArray(Function[]::new);
        Tree<List<Tensor>> tree = Tree.ofParts(List::copyOf, array);
        array[1] = array[0];

        assertArrayEquals(
                new double[] {2},
                tree.leaves(List.of(VECTOR, Tensor.scalar(2))).get(1).toDoubles());
    }
}
