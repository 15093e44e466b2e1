package io.github.softgrad.bench;

import io.github.softgrad.Backend;
import io.github.softgrad.DType;
import io.github.softgrad.bench.cases.Case;
import io.github.softgrad.bench.cases.Row;
import io.github.softgrad.bench.cases.Stopwatch;
import io.github.softgrad.bench.cases.Suite;
import io.github.softgrad.bench.cases.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures a suite in this process and writes a file of rows.
///
/// - `--suite axiswise`: or `elementwise`, `ot`, `permutahedron`, `memory`
/// - `--sizes 64,256,1024`, `--batch 1`, `--dtype f64`, `--threads 1`: each may be a list
/// - `--ops`, `--methods`, `--modes`, `--passes`: lists of what to keep, everything without them
/// - `--softness 0.1`: of all but transport, whose two values the suite has
/// - `--reps 15`: how often each case is timed; once `--per-case 0.4` seconds are spent, three times are enough
/// - `--warmup 3`: the most seconds of a warm-up
/// - `--peer softgrad`: the name in the rows
/// - `--out results.json`: the file, written again after each case
final class Rows {
    private static final int LEAST_REPETITIONS = 3;

    private final int repetitions;
    private final double secondsForEach;
    private final double warmUpSeconds;
    private final String peer;

    private Rows(Arguments arguments) {
        repetitions = (int) arguments.number("reps", 15);
        secondsForEach = arguments.number("per-case", 0.4);
        warmUpSeconds = arguments.number("warmup", 3);
        peer = arguments.text("peer", "softgrad");
    }

    /// Runs the program.
    static void main(List<String> given) throws IOException {
        Arguments arguments = new Arguments(
                given,
                "suite",
                "sizes",
                "batch",
                "dtype",
                "threads",
                "ops",
                "methods",
                "modes",
                "passes",
                "softness",
                "reps",
                "per-case",
                "warmup",
                "peer",
                "out");
        List<Case> cases = cases(arguments);
        System.err.println(Backend.report());
        Path file = Path.of(arguments.text("out", "results.json"));
        new Rows(arguments).measure(cases, file);
        System.err.println(cases.size() + " rows -> " + file);
    }

    private static List<Case> cases(Arguments arguments) {
        List<DType> dtypes =
                arguments.list("dtype", "f64").stream().map(Case::dtype).toList();
        Suite.Sizes sizes = new Suite.Sizes(
                arguments.numbers("sizes", "64,256,1024"),
                arguments.numbers("batch", "1"),
                dtypes,
                arguments.numbers("threads", "1"));
        Suite.Selection selection = new Suite.Selection(
                arguments.list("ops", ""),
                arguments.list("methods", ""),
                arguments.list("modes", ""),
                arguments.list("passes", ""));
        double softness = arguments.number("softness", 0.1);
        return Suite.cases(arguments.text("suite", "axiswise"), sizes, selection).stream()
                .map(what -> what.withOptions(withSoftness(what.options(), softness)))
                .toList();
    }

    private static Case.Options withSoftness(Case.Options options, double softness) {
        return new Case.Options(softness, options.k(), options.tolerance(), options.maxIterations());
    }

    private void measure(List<Case> cases, Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Case what : cases) {
            Row row = measure(what);
            rows.add(row);
            System.err.printf(
                    "%d/%d %s: %s%n",
                    rows.size(),
                    cases.size(),
                    what,
                    row.minNanos().isPresent() ? row.minNanos().getAsLong() / 1e3 + " us" : row.error());
            Row.writeAll(file, rows);
        }
    }

    private Row measure(Case what) {
        try {
            Stopwatch stopwatch = new Stopwatch(Work.prepare(what));
            stopwatch.warmUp(warmUpSeconds);
            long bytes = stopwatch.allocatedBytes();
            List<Long> nanos = repeat(stopwatch);
            return Row.of(peer, stopwatch, bytes, nanos.stream().sorted().toList(), Notes.about(stopwatch));
        } catch (UnsupportedOperationException missing) {
            return Row.of(peer, what, "", "unsupported: " + missing.getMessage());
        } catch (RuntimeException | OutOfMemoryError failed) {
            return Row.of(peer, what, "", failed.getClass().getSimpleName() + ": " + failed.getMessage());
        }
    }

    private List<Long> repeat(Stopwatch stopwatch) {
        List<Long> nanos = new ArrayList<>();
        long start = System.nanoTime();
        while (nanos.size() < repetitions
                && (nanos.size() < LEAST_REPETITIONS || System.nanoTime() - start < secondsForEach * 1e9)) {
            nanos.add(stopwatch.sample());
        }
        return nanos;
    }
}
