package io.github.softgrad.trust.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.kernel.Parallel;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.ChildMachine;
import io.github.softgrad.trust.Tally;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However many calls are made: no more heap, memory outside it, files or threads.
///
/// The bounds are what the virtual machine itself may still take after warming up; over the calls of a whole
/// run a leak of two bytes a call is beyond them.
class LeakTest {
    private static final long MEGABYTE = 1 << 20;

    private static void assertNoGrowth(List<String> lines, Map<String, Long> allowed) {
        allowed.forEach((what, more) -> {
            long warm = ChildMachine.number(lines, "warm " + what);
            long end = ChildMachine.number(lines, "end " + what);
            System.out.println("  " + what + ": " + warm + " after warming up, " + end + " at the end");
            assertTrue(end <= warm + more, () -> what + " grew from " + warm + " to " + end);
        });
    }

    @Test
    @Tag("trust")
    void tenMillionCallsInAFiftyMinuteRunLeaveNothing() throws Exception {
        assumeTrue(Footprint.isKnown(), "this system does not tell what a process holds");
        int perMinute = Catalogue.isNative() ? 200_000 : 20_000;
        try (Tally tally = new Tally("calls in a heap of 128 MB, " + Backend.kernels())) {
            List<String> lines = new ChildMachine("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch")
                    .run(20, LeakProgram.class, Tally.inputs(200_000, perMinute));
            tally.tried(ChildMachine.number(lines, "calls"));
            assertNoGrowth(
                    lines,
                    Map.of(
                            Footprint.HEAP,
                            2 * MEGABYTE,
                            Footprint.OUTSIDE,
                            2 * MEGABYTE,
                            Footprint.RESIDENT,
                            20 * MEGABYTE,
                            Footprint.FILES,
                            0L,
                            Footprint.THREADS,
                            0L,
                            Footprint.TEMPORARY,
                            0L));
        }
    }

    @Test
    @Tag("trust")
    void aThousandClassLoadersInAFiftyMinuteRunLeaveNothing(@TempDir Path temporary) throws Exception {
        assumeTrue(Footprint.isKnown(), "this system does not tell what a process holds");
        try (Tally tally = new Tally("class loaders, " + Backend.kernels())) {
            int loaders = Tally.inputs(30, Catalogue.isNative() ? 20 : 4);
            List<String> lines = new ChildMachine("-Xmx128m", "-Djava.io.tmpdir=" + temporary)
                    .run(10, LoadersProgram.class, loaders, ChildMachine.location(Backend.class));
            tally.tried(loaders);
            assertNoGrowth(
                    lines,
                    Map.of(
                            Footprint.HEAP,
                            4 * MEGABYTE,
                            Footprint.OUTSIDE,
                            2 * MEGABYTE,
                            Footprint.CODE,
                            24 * MEGABYTE,
                            Footprint.LIBRARIES,
                            0L,
                            Footprint.FILES,
                            1L,
                            Footprint.TEMPORARY,
                            0L));
        }
    }

    /// Helpers that are asked for and never come are not asked for again and again.
    @Test
    void aPoolThatIsHeldUpIsNotLeftWithMoreAndMoreTasks() throws Exception {
        ForkJoinPool pool = ForkJoinPool.commonPool();
        int workers = Math.max(pool.getParallelism(), 1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(workers);
        try (Tally tally = new Tally("parallel loops while the common pool is held up")) {
            for (int i = 0; i < workers; i++) {
                pool.execute(() -> {
                    held.countDown();
                    awaitQuietly(end);
                });
            }
            held.await();
            long before = pool.getQueuedSubmissionCount();
            for (int i = 0; i < 100_000; i++) {
                Parallel.ranges(4, 1, (from, to) -> {});
                tally.tried();
            }
            long after = pool.getQueuedSubmissionCount();
            assertTrue(after - before <= 1000, () -> "tasks in the pool: " + before + ", then " + after);
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
