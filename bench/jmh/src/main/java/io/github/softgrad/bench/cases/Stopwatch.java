package io.github.softgrad.bench.cases;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/// Times the calls of one piece of work, after warming it up.
///
/// A call shorter than 20 microseconds is timed several at a time, as many as make that much, and the time of
/// one is their mean: reading the clock would weigh too much otherwise. The calls of such a loop use different
/// inputs.
public final class Stopwatch {
    /// The least time between two readings of the clock.
    private static final long LEAST_NANOS = 20_000;

    /// Warm-up looks at the fastest call of a stretch of this length ...
    private static final long STRETCH_NANOS = 150_000_000;

    /// ... and ends when so many in a row have brought no call that was faster by more than a fiftieth, and no
    /// long compilation has ended: that of a loop over vectors takes a second, in which calls are equally slow.
    private static final int STABLE_STRETCHES = 8;

    private static final long LONG_COMPILATION_MILLIS = 10;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private static final double GAIN = 0.98;

    private final Work work;
    private int callsAtOnce = 1;
    private int turn;
    private long warmUpNanos;
    private Work.Outcome last;

    /// Takes the work over; [#warmUp(double)] comes next.
    public Stopwatch(Work work) {
        this.work = work;
    }

    /// Calls until the time no longer falls, at most for so many seconds; the last call may take longer.
    public void warmUp(double mostSeconds) {
        work.limitThreads();
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        long compiled = compilationMillis();
        int stable = 0;
        while (stable < STABLE_STRETCHES && System.nanoTime() - start < mostSeconds * 1e9) {
            long found = fastestOfStretch();
            long compiledNow = compilationMillis();
            stable = found < GAIN * fastest || compiledNow - compiled > LONG_COMPILATION_MILLIS ? 0 : stable + 1;
            compiled = compiledNow;
            fastest = Math.min(fastest, found);
            callsAtOnce = Math.toIntExact(Math.max(1, LEAST_NANOS / Math.max(1, fastest)));
        }
        warmUpNanos = System.nanoTime() - start;
    }

    private static long compilationMillis() {
        return COMPILER != null && COMPILER.isCompilationTimeMonitoringSupported()
                ? COMPILER.getTotalCompilationTime()
                : 0;
    }

    private long fastestOfStretch() {
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        do {
            fastest = Math.min(fastest, sample());
        } while (System.nanoTime() - start < STRETCH_NANOS);
        return fastest;
    }

    /// The nanoseconds of one call.
    public long sample() {
        long start = System.nanoTime();
        for (int i = 0; i < callsAtOnce; i++) {
            last = work.run(turn++);
        }
        return (System.nanoTime() - start) / callsAtOnce;
    }

    /// How many calls a sample makes.
    public int callsAtOnce() {
        return callsAtOnce;
    }

    /// How long the warm-up took.
    public long warmUpNanos() {
        return warmUpNanos;
    }

    /// What the last call computed.
    public Work.Outcome last() {
        return last;
    }

    /// The work that is timed.
    public Work work() {
        return work;
    }

    /// The bytes that one call allocates on the heap, by all threads, garbage included: an upper bound of what
    /// it needs at a time, without the memory outside the heap, which only single long rows use. -1 where the
    /// virtual machine does not count.
    public long allocatedBytes() {
        if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)
                || !threads.isThreadAllocatedMemorySupported()) {
            return -1;
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long before = threads.getTotalThreadAllocatedBytes();
            last = work.run(turn++);
            least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
        }
        return least;
    }
}
