package io.github.softgrad.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Counts what one kind of test has tried, so that a pass says over how many inputs.
 *
 * <p>The ordinary suite tries a few inputs of each kind. The trust run sets {@code softgrad.trust.minutes}, the time
 * that it may take as a whole, and every kind tries as many inputs as fit its share. Closing a tally prints its line
 * and adds it to the table that the trust run ends with: kind, inputs tried, faults found, seconds.
 */
public final class Tally implements AutoCloseable {

    private static final String MINUTES = "softgrad.trust.minutes";
    private static final Path DIRECTORY =
            Path.of(System.getProperty("softgrad.root", ".")).resolve("tests/target/trust");

    private final String kind;
    private final long start = System.nanoTime();
    private long inputs;
    private long faults;

    public Tally(String kind) {
        this.kind = kind;
    }

    /** The seed of all random inputs, which a failure names. */
    public static long seed() {
        return Long.getLong("softgrad.trust.seed", 20_260_308);
    }

    /** Whether this is the trust run, or its cut. */
    public static boolean isTrustRun() {
        return System.getProperty(MINUTES) != null;
    }

    /** Whether there is time for everything; a cut keeps a piece of each kind. */
    public static boolean isWholeRun() {
        return isTrustRun() && minutes() >= 10;
    }

    /** How many inputs to try: {@code few} in the ordinary suite, else {@code perMinute} for each minute of the run. */
    public static int inputs(int few, int perMinute) {
        return isTrustRun() ? Math.max(few, Math.toIntExact((long) (minutes() * perMinute))) : few;
    }

    /** The nanoseconds that a test may go on: {@code share} of the whole run. The ordinary suite gives a second. */
    public static long nanoseconds(double share) {
        return isTrustRun() ? (long) (minutes() * share * 60e9) : 1_000_000_000L;
    }

    private static double minutes() {
        return Double.parseDouble(System.getProperty(MINUTES));
    }

    /** One more input was tried. */
    public void tried() {
        tried(1);
    }

    /** {@code count} more inputs were tried. */
    public void tried(long count) {
        inputs += count;
    }

    /** One of the inputs tried did not do what it should. */
    public void fault() {
        faults++;
    }

    @Override
    public void close() {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT, "%s: %d inputs, %d faults, %.1f s (seed %d)%n", kind, inputs, faults, seconds, seed());
        if (isTrustRun()) {
            append(String.format(Locale.ROOT, "%s\t%d\t%d\t%.1f%n", kind, inputs, faults, seconds));
        }
    }

    private static void append(String line) {
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(
                    DIRECTORY.resolve("java.tsv"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
