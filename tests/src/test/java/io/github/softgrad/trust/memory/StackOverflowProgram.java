package io.github.softgrad.trust.memory;

import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Catalogue.Entry;
import java.util.List;
import java.util.SplittableRandom;

/// Calls everything that the library has at the end of a stack, ever some other frames before it, so that the
/// stack ends at any point of a value and its gradient; then, on a whole stack, all of it must be as it was.
///
/// Arguments: for how many nanoseconds, and the seed.
final class StackOverflowProgram {

    private static final int STACK = 1 << 19;
    private static final int MOST_FRAMES_LEFT = 400;

    /// So often the stack ends at least, however slow the machine is.
    private static final int LEAST = 10;

    private int deepest;
    private boolean overflowed;
    private Throwable other;

    private StackOverflowProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        long end = System.nanoTime() + Long.parseLong(arguments[0]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        List<Entry> entries = Catalogue.existing().entries();
        Tensor x = Catalogue.matrix(1, 40, 24);
        int[] expected =
                entries.stream().mapToInt(entry -> entry.at(x).hashCode()).toArray();
        long calls = 0;
        long overflows = 0;
        while (System.nanoTime() < end || overflows < LEAST) {
            int which = random.nextInt(entries.size());
            StackOverflowProgram trial = new StackOverflowProgram();
            int left = random.nextInt(MOST_FRAMES_LEFT);
            Thread thread = new Thread(null, () -> trial.run(entries.get(which), x, left), "deep", STACK);
            thread.start();
            thread.join();
            if (trial.other != null) {
                throw new AssertionError(entries.get(which).name() + " makes something else of the error", trial.other);
            }
            overflows += trial.overflowed ? 1 : 0;
            calls++;
            verify(entries.get(which), expected[which], x);
        }
        for (int i = 0; i < expected.length; i++) {
            verify(entries.get(i), expected[i], x);
        }
        System.out.println("calls: " + calls);
        System.out.println("overflows: " + overflows);
    }

    /// Finds how deep the stack is, and calls at so many frames above its end.
    private void run(Entry entry, Tensor x, int framesLeft) {
        try {
            dig(Integer.MAX_VALUE, entry, x);
        } catch (StackOverflowError end) {
            overflowed = false;
        }
        int depth = Math.max(1, deepest - framesLeft);
        try {
            dig(depth, entry, x);
        } catch (StackOverflowError end) {
            overflowed = true;
        } catch (Throwable thrown) {
            other = thrown;
        }
    }

    private void dig(int frames, Entry entry, Tensor x) {
        if (frames == 0) {
            entry.at(x);
            return;
        }
        deepest = frames > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - frames : deepest;
        dig(frames - 1, entry, x);
    }

    private static void verify(Entry entry, int expected, Tensor x) {
        if (entry.at(x).hashCode() != expected) {
            throw new AssertionError(entry.name() + " is wrong after the stack overflowed");
        }
    }
}
