package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.kernel.Parallel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Loops over the cores: every index once, results that do not depend on the number of threads, errors that
/// arrive.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ParallelTest {
    private static final String THREADS = "softgrad.threads";
    private final String before = System.getProperty(THREADS);

    @AfterEach
    void restore() {
        threads(before);
    }

    private static void threads(String number) {
        if (number == null) {
            System.clearProperty(THREADS);
        } else {
            System.setProperty(THREADS, number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "7"})
    void everyIndexIsVisitedOnceInRangesOfTheGrain(String number) {
        threads(number);
        for (int count : new int[] {0, 1, 9, 10, 11, 1000, 1003}) {
            AtomicIntegerArray visits = new AtomicIntegerArray(count);
            Parallel.ranges(count, 10, (from, to) -> {
                assertTrue(from % 10 == 0 && to - from <= 10 && from < to, from + " to " + to);
                for (long i = from; i < to; i++) {
                    visits.incrementAndGet((int) i);
                }
            });
            for (int i = 0; i < count; i++) {
                assertEquals(1, visits.get(i), "visits of " + i + " of " + count);
            }
        }
    }

    @Test
    void nestedLoopsEnd() {
        threads("4");
        AtomicLong sum = new AtomicLong();
        Parallel.ranges(40, 1, (from, to) -> Parallel.ranges(40, 1, (low, high) -> sum.addAndGet(from * low)));
        assertEquals(780L * 780, sum.get());
    }

    @Test
    void whatATaskThrowsIsThrownWhenNoTaskRunsAnyMore() {
        threads("4");
        IllegalStateException thrown = new IllegalStateException("range 3");
        AtomicInteger running = new AtomicInteger();
        IllegalStateException caught = assertThrows(
                IllegalStateException.class,
                () -> Parallel.ranges(100, 1, (from, to) -> {
                    running.incrementAndGet();
                    try {
                        if (from == 3) {
                            throw thrown;
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                }));
        assertSame(thrown, caught);
        assertEquals(0, running.get());
    }

    @Test
    void aNumberOfThreadsThatIsNoneIsRefused() {
        for (String bad : new String[] {"0", "-1", "two", ""}) {
            threads(bad);
            String message = assertThrows(IllegalArgumentException.class, () -> Parallel.ranges(2, 1, (from, to) -> {}))
                    .getMessage();
            assertTrue(message.contains(THREADS) && message.contains('"' + bad + '"'), message);
        }
        threads("3");
        assertEquals(3, Parallel.threads());
    }

    /// Without exponential functions, whose last bit in the vector backend depends on what the JIT has
    /// compiled.
    @Test
    void elementwiseResultsDoNotDependOnTheNumberOfThreads() {
        Tensor x = Tensor.normal(new Random(3), 3, 100_001);
        Tensor row = Tensor.normal(new Random(4), 100_001);
        Tensor narrow = Tensor.normal(new Random(5), 50_000, 3);
        for (DType dtype : DType.values()) {
            same(() -> Soft.c0().abs(x.toDType(dtype)));
            same(() -> Soft.c2().greater(x.toDType(dtype), row.toDType(dtype)).asTensor());
            same(() -> narrow.toDType(dtype).plus(narrow.toDType(dtype).slice(1, 0, 1)));
            same(() -> Autodiff.grad(v -> Soft.c1().round(v).sum(), x.toDType(dtype)));
        }
    }

    private static void same(Supplier<Tensor> computation) {
        threads("1");
        Tensor alone = computation.get();
        threads("5");
        assertEquals(alone, computation.get());
    }
}
