package io.github.softgrad.trust.memory;

import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Makes very many small calls, of everything that the library has, and prints what the process holds in
/// between.
///
/// Argument: how many calls. A value and its gradient are two of them.
final class LeakProgram {

    private static final int THREADS = 2;

    /// So many calls before what the process holds is counted for the first time: the compilers are at work,
    /// and memory is taken once.
    private static final long WARM_UP = 500_000;

    private LeakProgram() {}

    public static void main(String[] arguments) throws Exception {
        long calls = Long.parseLong(arguments[0]);
        List<Catalogue.Entry> entries = Catalogue.existing().entries();
        System.out.println("functions: " + entries.size());
        long warmUp = run(entries, WARM_UP);
        Footprint.print("warm");
        long more = run(entries, calls);
        Footprint.print("end");
        System.out.println("calls: " + (warmUp + more));
    }

    private static long run(List<Catalogue.Entry> entries, long calls) throws InterruptedException {
        AtomicLong made = new AtomicLong();
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            Tensor x = Catalogue.matrix(t, 2 + t, 5 + t);
            threads[t] = new Thread(() -> {
                while (made.get() < calls) {
                    entries.forEach(entry -> entry.at(x));
                    made.addAndGet(2L * entries.size());
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return made.get();
    }
}
