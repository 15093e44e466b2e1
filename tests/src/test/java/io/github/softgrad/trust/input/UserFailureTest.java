package io.github.softgrad.trust.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a function of the user throws arrives at the user as it is, from wherever the library has called that
/// function, and leaves nothing behind.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserFailureTest {

    /// A place where the library calls a function of the user, which throws.
    private interface Place {
        void call(Function<Tensor, Tensor> throwing, Tensor x);
    }

    private static Map<String, Place> places() {
        Map<String, Place> places = new LinkedHashMap<>(functions());
        places.putAll(partsOfFunctions());
        return places;
    }

    /// The function that is differentiated.
    private static Map<String, Place> functions() {
        Map<String, Place> places = new LinkedHashMap<>();
        places.put("grad", (f, x) -> Autodiff.grad(f, x));
        places.put("vjp", (f, x) -> Autodiff.vjp(f, x));
        places.put("jvp", (f, x) -> Autodiff.jvp(f, x, x));
        places.put("jacobian", (f, x) -> Autodiff.jacobian(f, x));
        places.put("hessian", (f, x) -> Autodiff.hessian(f, x));
        places.put("hvp", (f, x) -> Autodiff.hvp(f, x, x));
        places.put(
                "grad in grad",
                (f, x) -> Autodiff.grad(at -> Autodiff.grad(f, at).sum(), x));
        places.put(
                "grad beside grad",
                (f, x) -> Autodiff.grad(at -> at.times(Autodiff.grad(f, x)).sum(), x));
        places.put(
                "after an operator",
                (f, x) -> Autodiff.grad(at -> f.apply(Soft.smooth().sort(at, 1, Order.ASCENDING)), x));
        return places;
    }

    /// What else the library calls.
    private static Map<String, Place> partsOfFunctions() {
        Map<String, Place> places = new LinkedHashMap<>();
        places.put("checkpoint", (f, x) -> Autodiff.grad(Autodiff.checkpoint(f), x));
        places.put("customVjp, function", (f, x) -> Autodiff.grad(Autodiff.customVjp(f, (y, value, g) -> g), x));
        places.put(
                "customVjp, rule",
                (f, x) -> Autodiff.grad(
                        at -> Autodiff.<Tensor>customVjp(y -> y.sum(), (y, value, g) -> f.apply(y))
                                .apply(at),
                        x));
        places.put(
                "straightThrough",
                (f, x) -> Autodiff.grad(Soft.smooth().<Tensor>straightThrough((soft, at) -> f.apply(soft.abs(at))), x));
        places.put("a tree's leaves", (f, x) -> Autodiff.grad(at -> at.get(0).sum(), List.of(x), tree(f, x, true)));
        places.put("a tree's structure", (f, x) -> Autodiff.grad(at -> at.get(0).sum(), List.of(x), tree(f, x, false)));
        places.put(
                "a generator",
                (f, x) -> Soft.smooth()
                        .random((RandomGenerator) () -> {
                            f.apply(x);
                            return 0;
                        })
                        .bernoulli(0.5, 3));
        places.put(
                "a range of a loop",
                (f, x) -> Parallel.ranges(64, 1, (from, to) -> {
                    if (from == 3) {
                        f.apply(x);
                    }
                }));
        return places;
    }

    private static Tree<List<Tensor>> tree(Function<Tensor, Tensor> throwing, Tensor x, boolean leaves) {
        return new Tree<>() {
            @Override
            public List<Tensor> leaves(List<Tensor> parameters) {
                if (leaves) {
                    throwing.apply(x);
                }
                return parameters;
            }

            @Override
            public List<Tensor> rebuild(List<Tensor> like, List<Tensor> found) {
                throwing.apply(x);
                return found;
            }
        };
    }

    private static Tensor reference(Tensor x) {
        return Autodiff.hvp(
                at -> Soft.smooth().rank(at, 1, Order.ASCENDING).square().sum(), x, x);
    }

    @Test
    void whatTheUsersFunctionThrowsArrivesAsItIs() {
        Tensor x = Catalogue.matrix(1, 3, 5);
        Tensor expected = reference(x);
        List<Throwable> failures = List.of(
                new IllegalStateException("of the user"),
                new IllegalArgumentException("of the user"),
                new AssertionError("of the user"),
                new OutOfMemoryError("of the user"),
                new StackOverflowError("of the user"));
        try (Tally tally = new Tally("failures in functions of the user")) {
            places().forEach((name, place) -> failures.forEach(failure -> {
                Throwable arrived = assertThrows(Throwable.class, () -> place.call(ignored -> fail(failure), x), name);
                assertSame(failure, arrived, name);
                assertEquals(expected, reference(x), () -> "after a failure in " + name);
                tally.tried();
            }));
        }
    }

    /// What was traced when the function failed is closed, and says so.
    @Test
    void aTensorOfAFailedCallIsRefusedAfterwards() {
        List<Tensor> escaped = new ArrayList<>();
        Tensor x = Catalogue.matrix(1, 3, 5);
        assertThrows(
                ArithmeticException.class,
                () -> Autodiff.grad(
                        at -> {
                            escaped.add(at.square());
                            throw new ArithmeticException("of the user");
                        },
                        x));
        assertThrows(IllegalStateException.class, () -> escaped.getFirst().plus(1));
    }

    private static Tensor fail(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
