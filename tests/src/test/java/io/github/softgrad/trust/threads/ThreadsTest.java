package io.github.softgrad.trust.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Order;
import io.github.softgrad.Pullback;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Catalogue.Entry;
import io.github.softgrad.trust.Catalogue.Outcome;
import io.github.softgrad.trust.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// Sixty-four threads of each kind through everything that the library has: bit for bit what one thread gets.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {
    private static final String PROPERTY = "softgrad.threads";
    private static final int THREADS = 64;
    private static final double SHARE = 0.015;

    /// Rows that are computed one by one, rows enough for lanes, and batches that are spread over the cores.
    private static final List<Tensor> MATRICES =
            List.of(Catalogue.matrix(1, 3, 7), Catalogue.matrix(2, 16, 12), Catalogue.matrix(3, 96, 64));

    /// Every so many-th entry is computed on the largest matrix as well.
    private static final int STEP_ON_LARGEST = Tally.isTrustRun() && Catalogue.isNative() ? 1 : 50;

    private final String threadsBefore = System.getProperty(PROPERTY);

    @AfterEach
    void restore() {
        setThreads(threadsBefore);
    }

    private static void setThreads(String number) {
        if (number == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, number);
        }
    }

    private static List<Tensor> matricesOf(int entry) {
        return entry % STEP_ON_LARGEST == 0 ? MATRICES : MATRICES.subList(0, MATRICES.size() - 1);
    }

    /// For every entry what it gives on its matrices.
    private static List<List<Outcome>> alone(List<Entry> entries) {
        setThreads("1");
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            outcomes.add(matricesOf(i).stream().map(entries.get(i)::at).toList());
        }
        setThreads(null);
        return outcomes;
    }

    @Test
    void everythingOnManyThreadsIsWhatOneThreadGets() throws InterruptedException {
        Catalogue.Existing existing = Catalogue.existing();
        List<Entry> entries = existing.entries();
        System.out.println("  functions: " + entries.size() + ", combinations that do not exist: " + existing.absent());
        List<List<Outcome>> expected = alone(entries);
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        AtomicLongArray calls = new AtomicLongArray(entries.size());
        long end = System.nanoTime() + Tally.nanoseconds(SHARE);
        try (Tally tally = new Tally("calls on 64 platform and 64 virtual threads, " + Backend.kernels())) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 2 * THREADS; t++) {
                int number = t;
                Runnable work = () -> {
                    for (int i = number * 5; System.nanoTime() < end && faults.isEmpty(); i++) {
                        int which = i % entries.size();
                        compare(entries.get(which), matricesOf(which), expected.get(which), faults);
                        calls.addAndGet(which, 2L * matricesOf(which).size());
                    }
                };
                threads.add(
                        t % 2 == 0
                                ? Thread.ofPlatform().start(work)
                                : Thread.ofVirtual().start(work));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            tally.tried(IntStream.range(0, entries.size()).mapToLong(calls::get).sum());
            faults.forEach(fault -> tally.fault());
        }
        assertTrue(faults.isEmpty(), () -> faults.size() + " faults, the first: " + faults.peek());
        long least =
                IntStream.range(0, entries.size()).mapToLong(calls::get).min().orElseThrow();
        System.out.println("  calls of the function called least often: " + least);
    }

    private static void compare(Entry entry, List<Tensor> matrices, List<Outcome> expected, Queue<String> faults) {
        try {
            for (int m = 0; m < matrices.size(); m++) {
                if (!entry.at(matrices.get(m)).equals(expected.get(m))) {
                    faults.add(entry.name() + " of matrix " + m + " has other bits on " + Thread.currentThread());
                }
            }
        } catch (Throwable thrown) {
            faults.add(entry.name() + " throws " + thrown + " on " + Thread.currentThread());
        }
    }

    @Test
    void theNumberOfThreadsOfALoopChangesNoBit() {
        List<Entry> entries = Catalogue.existing().entries();
        Tensor x = MATRICES.getLast();
        try (Tally tally = new Tally("functions with loops on 1 and 7 threads, " + Backend.kernels())) {
            for (int i = 0; i < entries.size(); i += STEP_ON_LARGEST) {
                Entry entry = entries.get(i);
                setThreads("1");
                Outcome alone = entry.at(x);
                setThreads("7");
                assertEquals(alone, entry.at(x), entry.name());
                tally.tried(2);
            }
        }
    }

    /// A tape belongs to nobody: each thread pulls back what another thread has recorded.
    @Test
    void oneTapeIsPulledBackByAllThreads() throws InterruptedException {
        Tensor x = MATRICES.get(1);
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        try (Tally tally = new Tally("pulls of a shared tape by 64 threads, " + Backend.kernels())) {
            List<Entry> entries = Catalogue.existing().entries();
            for (int i = 0; i < entries.size(); i += 10) {
                Entry entry = entries.get(i);
                Pullback<Tensor> pullback = Autodiff.vjp(entry.function(), x);
                Tensor cotangent = pullback.value().onesLike();
                Tensor expected = Autodiff.vjp(entry.function(), x).pull(cotangent);
                inThreads(() -> {
                    if (!pullback.pull(cotangent).equals(expected)) {
                        faults.add(entry.name());
                    }
                });
                tally.tried(THREADS);
            }
            faults.forEach(fault -> tally.fault());
        }
        assertTrue(faults.isEmpty(), () -> faults.size() + " faults, the first: " + faults.peek());
    }

    private static void inThreads(Runnable work) throws InterruptedException {
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(number -> Thread.ofVirtual().start(work))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Each thread differentiates twice what another thread differentiates twice as well.
    @Test
    void nestedGradientsOfThreadsDoNotMeet() throws InterruptedException {
        Tensor x = Catalogue.matrix(4, 2, 5);
        Tensor direction = Catalogue.matrix(5, 2, 5);
        Tensor expected = curvature(x, direction, 0.5);
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        try (Tally tally = new Tally("second derivatives on 64 threads, " + Backend.kernels())) {
            inThreads(() -> {
                for (int i = 0; i < 10; i++) {
                    Tensor found = curvature(x, direction, 0.5);
                    if (!found.equals(expected)) {
                        faults.add(found + " instead of " + expected);
                    }
                }
            });
            tally.tried(10 * THREADS);
            faults.forEach(fault -> tally.fault());
        }
        assertTrue(faults.isEmpty(), () -> faults.size() + " faults, the first: " + faults.peek());
    }

    private static Tensor curvature(Tensor x, Tensor direction, double softness) {
        Soft soft = Soft.smooth().softness(softness);
        return Autodiff.hvp(
                at -> soft.sort(soft.abs(at), 1, Order.ASCENDING).square().sum(), x, direction);
    }

    /// All workers of the common pool are callers, who wait for each other's ranges: nobody waits for ever.
    @Test
    void callersWhoAreWorkersThemselvesComeToAnEnd() {
        Tensor x = MATRICES.getLast();
        Tensor expected = Soft.smooth().sort(x, 1, Order.ASCENDING);
        setThreads("8");
        int calls = Catalogue.isNative() ? 400 : 40;
        try (Tally tally = new Tally("calls from workers of the common pool, " + Backend.kernels())) {
            long wrong = IntStream.range(0, calls)
                    .parallel()
                    .filter(i -> !Soft.smooth().sort(x, 1, Order.ASCENDING).equals(expected))
                    .count();
            tally.tried(calls);
            assertEquals(0, wrong);
        }
    }

    @Test
    void aPoolWhoseWorkersAreAllHeldUpIsNotWaitedFor() throws InterruptedException {
        Tensor x = MATRICES.getLast();
        Tensor expected = Soft.smooth().rank(x, 1, Order.ASCENDING);
        ForkJoinPool pool = ForkJoinPool.commonPool();
        CountDownLatch end = new CountDownLatch(1);
        try (Tally tally = new Tally("calls while the common pool is held up, " + Backend.kernels())) {
            for (int i = 0; i < 2 * pool.getParallelism(); i++) {
                pool.execute(() -> {
                    try {
                        end.await();
                    } catch (InterruptedException interrupt) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(expected, Soft.smooth().rank(x, 1, Order.ASCENDING));
                tally.tried();
            }
        } finally {
            end.countDown();
        }
    }
}
