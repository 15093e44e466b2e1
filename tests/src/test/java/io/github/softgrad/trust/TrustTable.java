package io.github.softgrad.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The end of a trust run: prints what every kind of test has tried and found, and fails if anything was found or a part
 * of the run has left nothing.
 *
 * <p>Arguments: the directory of the {@code .tsv} files of the parts, the directory of the test reports, and the names
 * of the files that there must be.
 */
final class TrustTable {

    /** What one kind of test has done. */
    record Line(String kind, long inputs, long faults, double seconds) {
        static Line parse(String line) {
            String[] columns = line.split("\t");
            if (columns.length != 4) {
                throw new IllegalArgumentException("Expected kind, inputs, faults and seconds, got: " + line);
            }
            return new Line(
                    columns[0], Long.parseLong(columns[1]), Long.parseLong(columns[2]), Double.parseDouble(columns[3]));
        }
    }

    private static final Pattern SUITE =
            Pattern.compile("<testsuite\\b[^>]*?\\btests=\"(\\d+)\"[^>]*?\\berrors=\"(\\d+)\""
                    + "[^>]*?\\bskipped=\"(\\d+)\"[^>]*?\\bfailures=\"(\\d+)\"");
    private static final Pattern SECONDS = Pattern.compile("<testsuite\\b[^>]*?\\btime=\"([0-9.,]+)\"");

    private TrustTable() {}

    public static void main(String[] arguments) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String part : List.of(arguments).subList(2, arguments.length)) {
            lines.addAll(read(Path.of(arguments[0]).resolve(part)));
        }
        lines.add(reports(Path.of(arguments[1])));
        lines.forEach(line -> print(line.kind(), line.inputs(), line.faults(), line.seconds()));
        long faults = lines.stream().mapToLong(Line::faults).sum();
        print("together", lines.stream().mapToLong(Line::inputs).sum(), faults, secondsSince(arguments[0]));
        if (faults > 0) {
            System.exit(1);
        }
    }

    /** A run starts by making its directory anew, with a file of this name. */
    private static double secondsSince(String directory) throws IOException {
        Instant start =
                Files.getLastModifiedTime(Path.of(directory).resolve("started")).toInstant();
        return Duration.between(start, Instant.now()).toMillis() / 1e3;
    }

    private static List<Line> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of(new Line(file.getFileName() + " is missing: a part of the run has left nothing", 0, 1, 0));
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).map(Line::parse).toList();
        }
    }

    /** All tests that ran in Java, not those skipped. One that failed is a fault, whether it had counted one or not. */
    private static Line reports(Path directory) throws IOException {
        long tests = 0;
        long faults = 0;
        double seconds = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".xml")).toList()) {
                String text = Files.readString(file);
                Matcher suite = SUITE.matcher(text);
                Matcher time = SECONDS.matcher(text);
                if (suite.find() && time.find()) {
                    tests += Long.parseLong(suite.group(1)) - Long.parseLong(suite.group(3));
                    faults += Long.parseLong(suite.group(2)) + Long.parseLong(suite.group(4));
                    seconds += Double.parseDouble(time.group(1).replace(",", ""));
                }
            }
        }
        return new Line("tests of the Java part", tests, tests == 0 ? 1 : faults, seconds);
    }

    private static void print(String kind, long inputs, long faults, double seconds) {
        System.out.printf(Locale.ROOT, "%-64s %14d inputs %8d faults %8.1f s%n", kind, inputs, faults, seconds);
    }
}
