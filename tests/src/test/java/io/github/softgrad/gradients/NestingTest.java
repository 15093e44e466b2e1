package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkpoint;
import static io.github.softgrad.Autodiff.customVjp;
import static io.github.softgrad.Autodiff.grad;
import static io.github.softgrad.Autodiff.hvp;
import static io.github.softgrad.Autodiff.valueAndGrad;
import static io.github.softgrad.Autodiff.vjp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Gradients inside gradients, on other threads, with rules of one's own, and what is refused.
class NestingTest {
    private static final Tensor TWO = Tensor.scalar(2);

    /// The classical traps: Siskind and Pearlmutter, Perturbation Confusion and Referential Transparency, IFL
    /// 2005.
    @Test
    void innerAndOuterDerivativesAreNotConfused() {
        assertEquals(
                1,
                grad(x -> x.times(grad(y -> x.plus(y), Tensor.scalar(1))), TWO).item(),
                "x d/dy (x + y)");
        assertEquals(4, grad(x -> x.times(grad(y -> x.times(y), TWO)), TWO).item(), "x d/dy (x y)");
        assertEquals(
                24, grad(x -> grad(y -> x.square().times(y.square()), x), TWO).item(), "2 x^3 from d/dy at y = x");
        Tensor inner = grad(x -> x.times(grad(y -> x.times(x).times(y), x)), TWO);
        assertEquals(12, inner.item(), "x d/dy (x x y) = x^3");
        Tensor constant = grad(x -> grad(y -> x, TWO), TWO);
        assertEquals(0, constant.item(), "the inner result does not depend on the inner variable");
        Tensor deep =
                grad(x -> grad(y -> grad(z -> x.times(y).times(z.square()), y).times(x), x), TWO);
        assertEquals(48, deep.item(), "12 x^2 from d/dy (2 x^2 y^2) = 4 x^3 at y = x");
    }

    /// A function whose third derivatives meet every kind of primitive.
    private static Tensor work(Tensor x) {
        Soft soft = Soft.smooth().softness(0.3);
        return soft.sort(x)
                .square()
                .dot(Tensor.linspace(1, 2, x.size()))
                .plus(x.matmul(x).sin())
                .times(soft.max(x));
    }

    private static double[] nestedWork(int seed) {
        Tensor at = Tensor.normal(new Random(seed), 6);
        Tensor direction = Tensor.linspace(-1, 1, 6);
        return hvp(x -> grad(NestingTest::work, x).square().sum(), at, direction)
                .toDoubles();
    }

    @Test
    void nestedGradientsOnManyThreadsAreBitIdenticalToOne() throws Exception {
        List<Callable<double[]>> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int seed = i % 8;
            tasks.add(() -> nestedWork(seed));
        }
        try (var threads = Executors.newFixedThreadPool(64)) {
            List<Future<double[]>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                assertEquals(
                        Tensor.of(nestedWork(i % 8)), Tensor.of(results.get(i).get()), "task " + i);
            }
        }
    }

    @Test
    void anInnerGradientMayRunOnAnotherThread() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Tensor outer = grad(
                    x -> await(threads.submit(() -> grad(y -> x.times(y.square()), x)))
                            .times(x),
                    Tensor.scalar(3));
            assertEquals(54, outer.item(), "6 x^2 from 2 x^3");
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void onePullbackServesManyThreads() throws Exception {
        var pullback = vjp((Tensor x) -> work(x), Tensor.linspace(0, 1, 5));
        Tensor expected = pullback.pull(TWO.reshape());
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Tensor>> tasks = Collections.nCopies(32, () -> pullback.pull(TWO));
            for (Future<Tensor> result : threads.invokeAll(tasks)) {
                assertEquals(expected, result.get());
            }
        }
    }

    private static void assertRefused(Class<? extends Throwable> type, Executable action, String... parts) {
        Throwable thrown = assertThrows(type, action);
        for (String part : parts) {
            assertTrue(thrown.getMessage().contains(part), () -> "\"" + part + "\" in: " + thrown.getMessage());
        }
    }

    @Test
    void aTensorThatEscapedIsRefused() {
        AtomicReference<Tensor> escaped = new AtomicReference<>();
        grad(
                x -> {
                    escaped.set(x.square());
                    return x;
                },
                TWO);
        assertRefused(IllegalStateException.class, () -> escaped.get().plus(1), "escaped", "stopGradient");
        assertRefused(IllegalStateException.class, () -> grad(x -> x.times(escaped.get()), TWO), "escaped");
    }

    @Test
    void anEscapedTensorThatIsReturnedFromAnotherFunctionIsRefusedToo() {
        AtomicReference<Tensor> escaped = new AtomicReference<>();
        Function<Tensor, Tensor> leak = x -> {
            grad(
                    y -> {
                        escaped.set(y.times(x));
                        return y;
                    },
                    TWO);
            return escaped.get();
        };
        assertRefused(IllegalStateException.class, () -> grad(leak, TWO), "escaped");
    }

    @Test
    void aGradientThatFailsLeavesNothingBehind() {
        assertThrows(
                ArithmeticException.class,
                () -> grad(
                        x -> {
                            throw new ArithmeticException("of the user");
                        },
                        TWO));
        assertEquals(4, grad(Tensor::square, TWO).item());
    }

    @Test
    void resultsThatCannotBeDifferentiatedAreRefused() {
        Tensor vector = Tensor.of(1, 2);
        assertRefused(IllegalArgumentException.class, () -> grad(x -> x, vector), "scalar", "(2)", "sum()", "jacobian");
        assertRefused(NullPointerException.class, () -> grad(x -> (Tensor) null, vector), "null");
        assertRefused(
                IllegalArgumentException.class,
                () -> vjp((Tensor x) -> x, vector).pull(TWO),
                "cotangent",
                "()",
                "(2)");
    }

    @Test
    void aCustomDerivativeReplacesTheRuleAtEveryOrder() {
        Function<Tensor, Tensor> cubeWithRule = customVjp(
                x -> Tensor.scalar(Math.pow(x.item(), 3)),
                (x, value, g) -> g.times(x.square()).times(3));
        assertEquals(Tensor.of(8, 12, 12, 6), Tensor.of(Oracle.nested(cubeWithRule::apply, 2, 3)));
        Function<Tensor, Tensor> mine =
                customVjp(Tensor::exp, (x, value, g) -> g.times(value).times(x));
        assertEquals(Math.exp(2) * 2, grad(mine, TWO).item(), 1e-14);
        double expected = 2 * Math.exp(2) * 2 + Math.exp(2);
        assertEquals(
                expected, grad(x -> grad(mine, x), TWO).item(), 1e-13, "value is differentiated by the rule again");
    }

    @Test
    void aCustomDerivativeOfTheWrongShapeIsRefused() {
        Function<Tensor, Tensor> wrong = customVjp(Tensor::sum, (x, value, g) -> g);
        assertRefused(
                IllegalArgumentException.class, () -> grad(wrong, Tensor.of(1, 2)), "customVjp", "()", "(2)", "same");
    }

    @Test
    void aCapturedTensorIsRefusedByCustomDerivatives() {
        assertRefused(
                IllegalStateException.class,
                () -> grad(
                        x -> customVjp((Tensor y) -> y.times(x), (y, v, g) -> g).apply(TWO), TWO),
                "captured",
                "parameter");
        assertRefused(
                IllegalStateException.class,
                () -> grad(x -> checkpoint((Tensor y) -> y.times(x)).apply(TWO), TWO),
                "checkpoint",
                "parameter");
    }

    @Test
    void aCheckpointChangesNoValueGradientOrProduct() {
        Tensor at = Tensor.of(0.3, -0.8, 1.9, 0.4);
        Tensor direction = Tensor.of(1, -1, 0.5, 2);
        Function<Tensor, Tensor> kept = checkpoint(NestingTest::work);
        assertEquals(work(at), kept.apply(at));
        assertEquals(valueAndGrad(NestingTest::work, at), valueAndGrad(kept, at));
        Nearly.same(hvp(NestingTest::work, at, direction), hvp(kept, at, direction), 1e-14, "hvp");
        Function<Tensor, Tensor> inside = x -> kept.apply(x.square()).times(x.sum());
        Function<Tensor, Tensor> plain = x -> work(x.square()).times(x.sum());
        Nearly.same(grad(plain, at), grad(inside, at), 1e-14, "a checkpoint inside a function");
        Nearly.same(hvp(plain, at, direction), hvp(inside, at, direction), 1e-13, "and its hvp");
    }

    @Test
    void aLongChainNeedsNoDeepStack() {
        Tensor gradient = grad(
                x -> {
                    Tensor y = x;
                    for (int i = 0; i < 100_000; i++) {
                        y = y.plus(x);
                    }
                    return y;
                },
                TWO);
        assertEquals(100_001, gradient.item());
    }
}
