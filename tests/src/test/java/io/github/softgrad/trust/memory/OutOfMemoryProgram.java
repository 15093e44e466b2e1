package io.github.softgrad.trust.memory;

import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Catalogue.Entry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.ref.Reference;
import java.util.List;
import java.util.SplittableRandom;

/// Calls everything that the library has in a heap that is full but for some bytes, ever others, so that memory
/// runs out at any point of a value and its gradient; then, with memory again, all of it must be as it was.
///
/// Arguments: for how many nanoseconds, and the seed.
final class OutOfMemoryProgram {

    /// What is left free for old objects, in bytes. Few new ones fit beside them.
    private static final int LARGEST_GAP = 1 << 21;

    private static final int SMALLEST_PAGE = 1 << 12;

    /// So often memory runs out at least, however slow the machine is.
    private static final int LEAST = 5;

    private static final MemoryPoolMXBean OLD = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .findFirst()
            .orElseThrow();

    private OutOfMemoryProgram() {}

    public static void main(String[] arguments) {
        long end = System.nanoTime() + Long.parseLong(arguments[0]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        List<Entry> entries = Catalogue.existing().entries();
        Tensor x = Catalogue.matrix(1, 200, 32);
        int[] expected =
                entries.stream().mapToInt(entry -> entry.at(x).hashCode()).toArray();
        long calls = 0;
        long withoutMemory = 0;
        while (System.nanoTime() < end || withoutMemory < LEAST) {
            int which = random.nextInt(entries.size());
            if (runsOut(entries.get(which), expected[which], x, random.nextInt(LARGEST_GAP) >> random.nextInt(10))) {
                withoutMemory++;
                verify(entries.get(which), expected[which], x);
            }
            calls++;
        }
        for (int i = 0; i < expected.length; i++) {
            verify(entries.get(i), expected[i], x);
        }
        System.out.println("calls: " + calls);
        System.out.println("without memory: " + withoutMemory);
    }

    /// Whether memory runs out in the call. What is computed all the same is right.
    private static boolean runsOut(Entry entry, int expected, Tensor x, int gap) {
        byte[] ballast = ballast(gap);
        try {
            verify(entry, expected, x);
            return false;
        } catch (OutOfMemoryError noMemory) {
            return true;
        } finally {
            Reference.reachabilityFence(ballast);
        }
    }

    /// All of the old objects' memory but for the gap, and for what moved there since it was measured.
    private static byte[] ballast(int gap) {
        System.gc();
        MemoryUsage old = OLD.getUsage();
        for (long size = old.getMax() - old.getUsed() - gap; ; size -= SMALLEST_PAGE) {
            try {
                return new byte[(int) Math.max(1, size)];
            } catch (OutOfMemoryError tooLarge) {
                System.gc();
            }
        }
    }

    private static void verify(Entry entry, int expected, Tensor x) {
        if (entry.at(x).hashCode() != expected) {
            throw new AssertionError(entry.name() + " is wrong when memory runs out, or after it did");
        }
    }
}
