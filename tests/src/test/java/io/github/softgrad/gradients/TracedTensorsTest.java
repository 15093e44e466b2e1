package io.github.softgrad.gradients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a differentiated function may do with its tensors, and what may hold them.
class TracedTensorsTest {
    private static final Tensor X = Tensor.of(1.5, -2);

    /// Holds a tensor for whoever does not know its class.
    private record Holder(Tensor tensor) implements Supplier<Tensor> {
        @Override
        public Tensor get() {
            return tensor;
        }
    }

    @Test
    void numbersAndTextCanBeReadInside() {
        Autodiff.grad(
                x -> {
                    assertArrayEquals(X.toDoubles(), x.toDoubles());
                    assertArrayEquals(X.toFloats(), x.toFloats());
                    assertEquals("traced " + X, x.toString());
                    return x.sum();
                },
                X);
    }

    @Test
    void arraysAndOptionalsAreRefusedBecauseTheyMayHideTensors() {
        record InArray(Tensor shown, Object[] hidden) {}
        record InOptional(Tensor shown, Optional<Tensor> hidden) {}
        assertThrows(
                IllegalArgumentException.class,
                () -> Autodiff.grad(p -> p.shown().sum(), new InArray(X, new Tensor[] {X})));
        assertThrows(
                IllegalArgumentException.class,
                () -> Autodiff.grad(p -> p.shown().sum(), new InOptional(X, Optional.of(X))));
    }

    /// Defined anew, so that nothing is known of its components yet, and private.
    @Test
    void aRecordIsReadTheFirstTimeItIsSeen() throws ReflectiveOperationException, IOException {
        Constructor<?> constructor = new Anew().define(Holder.class).getDeclaredConstructor(Tensor.class);
        constructor.setAccessible(true);
        Object holder = constructor.newInstance(X);
        Object gradient = Autodiff.grad(
                h -> ((Supplier<?>) h).get() instanceof Tensor x ? x.square().sum() : X, holder);
        assertEquals(X.times(2), ((Supplier<?>) gradient).get());
    }

    @Test
    void listsAndRecordsAreNestedAtMostAHundredDeep() {
        record Inside(Object content) {}
        for (UnaryOperator<Object> wrap : List.<UnaryOperator<Object>>of(List::of, Inside::new)) {
            Object nested =
                    Stream.iterate((Object) X, wrap).skip(100).findFirst().orElseThrow();
            assertEquals(1, Tree.reflective().leaves(nested).size());
            Object deeper = wrap.apply(nested);
            assertThrows(IllegalArgumentException.class, () -> Tree.reflective().leaves(deeper));
        }
    }

    private static final class Anew extends ClassLoader {
        Anew() {
            super(TracedTensorsTest.class.getClassLoader());
        }

        Class<?> define(Class<?> type) throws IOException {
            try (InputStream in = type.getResourceAsStream("TracedTensorsTest$Holder.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(type.getName(), bytes, 0, bytes.length);
            }
        }
    }

    @Test
    void aTreeOfTwoTensorsTakesThemApartAndTogether() {
        Tree<Tensor[]> pair = Tree.of((a, b) -> new Tensor[] {a, b}, p -> p[0], p -> p[1]);
        Tensor[] gradient = Autodiff.grad(p -> p[0].times(p[1]).sum(), new Tensor[] {X, Tensor.of(3, 4)}, pair);
        assertArrayEquals(new Tensor[] {Tensor.of(3, 4), X}, gradient);
    }

    @Test
    void anOptimizerNamesTheShapesThatDiffer() {
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> Optimizer.sgd(1).step(X, Tensor.zeros(1, 3)));
        assertTrue(
                thrown.getMessage().contains("tensors of shapes [(1, 3)], the parameters [(2)]"), thrown.getMessage());
    }

    @Test
    void tensorsThatDifferHaveDifferentHashes() {
        for (DType dtype : DType.values()) {
            Tensor x = X.toDType(dtype);
            assertEquals(x.hashCode(), x.plus(0).hashCode());
            assertNotEquals(x.hashCode(), x.plus(1).hashCode());
            assertNotEquals(x.hashCode(), x.reshape(1, 2).hashCode());
        }
    }
}
