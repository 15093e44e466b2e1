package io.github.softgrad.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/// Loops spread over the cores: the caller works, and workers of the common pool help as far as they are free.
///
/// The ranges are cut at multiples of the grain, whatever the number of threads, so a task whose ranges do not
/// share results computes the same with any number of them. Calls may be nested: a caller waits only for ranges
/// that another thread is already working on.
///
/// The system property `softgrad.threads` is the number of threads, the caller among them: as many as there are
/// processors unless it is set, 1 for none but the caller. Where the common pool has no worker to spare, or
/// none can be made, the caller works alone.
public final class Parallel {

    private static final String PROPERTY = "softgrad.threads";
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,4}");

    /// How often the caller looks whether the last ranges are done before it goes to sleep: some 20
    /// microseconds, which is about what falling asleep and waking up cost.
    private static final int PATIENCE = 1000;

    /// Helpers that the common pool may have been asked for and not yet started. A pool whose workers are all
    /// held up, or that has none, would otherwise be left with some more of them by every loop.
    private static final int MOST_WAITING =
            Math.max(64, 4 * Runtime.getRuntime().availableProcessors());

    private static final AtomicInteger WAITING = new AtomicInteger();

    private Parallel() {}

    /// Work on a range of indices; may be called from several threads at once.
    @FunctionalInterface
    public interface RangeTask {
        /// Works on the indices from `from` to `to`, which is not one of them.
        void run(long from, long to);
    }

    /// Runs the task on all of `[0, count)`, at most `grain` indices at a time, and returns when all are done.
    ///
    /// What a task throws is thrown again here, the first of several, and then some ranges may not have been
    /// tried. *Cost*: some microseconds for waking the workers, so the work on `grain` indices should not be
    /// below some ten microseconds; one range alone costs nothing.
    ///
    /// @param count how many indices, not negative
    /// @param grain the length of a range, positive
    public static void ranges(long count, long grain, RangeTask task) {
        if (count < 0 || grain <= 0) {
            throw new IllegalArgumentException("count must be >= 0 and grain > 0, were " + count + " and " + grain);
        }
        if (count <= grain) {
            if (count > 0) {
                task.run(0, count);
            }
            return;
        }
        new Loop(count, grain, task).run();
    }

    /// How many threads a loop uses at most, the caller among them.
    public static int threads() {
        String text = System.getProperty(PROPERTY);
        if (text == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be a whole number >= 1, was \"" + text + "\"; 1 turns parallel loops off");
        }
        return Integer.parseInt(text);
    }

    /// One call: whoever is free takes the next range.
    private static final class Loop {
        private final long count;
        private final long grain;
        private final int ranges;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch unfinished;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        /// Null when all ranges are done: a helper that comes too late must not keep arrays alive.
        private volatile RangeTask task;

        Loop(long count, long grain, RangeTask task) {
            this.count = count;
            this.grain = grain;
            this.task = task;
            ranges = Math.toIntExact((count - 1) / grain + 1);
            unfinished = new CountDownLatch(ranges);
        }

        void run() {
            callHelpers(Math.min(threads(), ranges) - 1);
            work();
            await();
            task = null;
            rethrow(failure.get());
        }

        private void callHelpers(int helpers) {
            for (int i = 0; i < helpers && WAITING.get() < MOST_WAITING; i++) {
                WAITING.incrementAndGet();
                try {
                    ForkJoinPool.commonPool().execute(this::help);
                } catch (OutOfMemoryError | RejectedExecutionException noneToBeHad) {
                    WAITING.decrementAndGet();
                    return;
                }
            }
        }

        private void help() {
            WAITING.decrementAndGet();
            work();
        }

        private void work() {
            RangeTask current = task;
            for (int range = next.getAndIncrement(); range < ranges; range = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        current.run(range * grain, Math.min(count, (range + 1) * grain));
                    }
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
                unfinished.countDown();
            }
        }

        /// Sleeps only if the others take long; an interrupt waits until they are done, because they still
        /// write.
        private void await() {
            for (int i = 0; i < PATIENCE && unfinished.getCount() > 0; i++) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            while (unfinished.getCount() > 0) {
                try {
                    unfinished.await();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private static void rethrow(Throwable thrown) {
            switch (thrown) {
                case null -> {}
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new IllegalStateException(thrown);
            }
        }
    }
}
