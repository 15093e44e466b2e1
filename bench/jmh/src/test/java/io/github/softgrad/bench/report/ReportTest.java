package io.github.softgrad.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From files of rows to tables and charts.
class ReportTest {
    private static final String ROW = "{\"peer\": \"%s\", \"op\": \"sort\", \"mode\": \"%s\", \"method\": \"softsort\","
            + " \"n\": %d, \"batch\": 1, \"dtype\": \"f64\", \"threads\": 1, \"pass\": \"fwd\", \"min_ns\": %s,"
            + " \"median_ns\": null, \"compile_ns\": null, \"peak_bytes\": null, \"note\": \"\"%s}";

    @TempDir
    Path directory;

    private Path file(String name, String... rows) throws IOException {
        return Files.writeString(directory.resolve(name), "[" + String.join(",\n", rows) + "]");
    }

    private static String row(String peer, String mode, int n, long nanos) {
        return ROW.formatted(peer, mode, n, nanos, "");
    }

    private String report(Path... files) throws IOException {
        Path out = directory.resolve("out");
        List<String> names = Stream.of(files).map(Path::toString).toList();
        Report.main(Stream.concat(Stream.of("--out", out.toString()), names.stream())
                .toList());
        return Files.readString(out.resolve("report.md"));
    }

    @Test
    void ratiosAreThoseOfThePeerAndSlowerCellsAreListed() throws IOException {
        Path ours = file(
                "ours.json",
                row("softgrad", "smooth", 256, 1_000_000),
                row("softgrad", "smooth", 1024, 4_000_000),
                row("softgrad", "c0", 256, 3_000_000),
                ROW.formatted("softgrad", "c0", 1024, "null", ", \"error\": \"broken on purpose\""));
        Path theirs = file(
                "theirs.json",
                row("softjax", "smooth", 256, 8_000_000),
                row("softjax", "smooth", 1024, 8_000_000),
                row("softjax", "smooth", 4096, 9_000_000),
                row("softjax", "c0", 256, 1_500_000));
        String report = report(ours, theirs);
        assertTrue(report.contains("| everything | 3 | x2.00 | **x0.500** | x8.00 | 1 |"), report);
        assertTrue(
                report.contains("| softsort | smooth | f64 | 1 | 1 | fwd | 1.00 x8.00 | 4.00 x2.00 | 1.00 | 0.04 |"),
                report);
        assertTrue(
                report.contains("| sort, softsort c0, f64, batch 1, fwd, 1 thread | 256 | 3.00 | 1.50 | **x0.500** |"),
                report);
        assertTrue(report.contains("- sort softsort c0 n=1024 batch=1 f64 fwd: broken on purpose"), report);
    }

    @Test
    void aLineOfOneLibraryIsShownAlone() throws IOException {
        Path ours = file("ours.json", row("softgrad", "smooth", 64, 1_000), row("softgrad", "c0", 64, 1_000));
        Path theirs = file("theirs.json", row("softjax", "smooth", 64, 2_000));
        String report = report(ours, theirs);
        assertTrue(report.contains("No cell is slower than softjax."), report);
        assertTrue(report.substring(report.indexOf("## Without a peer")).contains("| softsort | c0 |"), report);
    }

    @Test
    void theFastestOfSeveralRowsCounts() throws IOException {
        Path ours = file("ours.json", row("softgrad", "c1", 64, 5_000), row("softgrad", "c1", 64, 2_000));
        Path theirs = file("theirs.json", row("softjax", "c1", 64, 4_000));
        assertTrue(report(ours, theirs).contains("| everything | 1 | x2.00 |"));
    }

    @Test
    void chartsAreWrittenAsPixelsAndAsVectors() throws IOException {
        Path ours = file("ours.json", row("softgrad", "smooth", 64, 1_000), row("softgrad", "smooth", 1024, 20_000));
        report(ours);
        String name = "sort-smooth-f64-batch_1-1_thread";
        assertEquals(
                2 * Panels.WIDTH,
                ImageIO.read(directory.resolve("out/" + name + ".png").toFile()).getWidth());
        String vectors = Files.readString(directory.resolve("out/" + name + ".svg"));
        assertTrue(vectors.contains("sort, smooth, f64, batch 1, 1 thread"), "no title");
    }

    @Test
    void exponentsAreSlopes() {
        assertEquals(
                2, Figures.exponent(Map.of(256, 3.0, 512, 12.0, 1024, 48.0)).orElseThrow(), 1e-12);
        assertEquals(1, Figures.exponent(Map.of(16, 999.0, 256, 1.0, 1024, 4.0)).orElseThrow(), 1e-12);
        assertTrue(Figures.exponent(Map.of(64, 1.0)).isEmpty());
    }

    @Test
    void numbersHaveThreeDigits() {
        assertEquals("1234", Figures.text(1234));
        assertEquals("12.3", Figures.text(12.34));
        assertEquals("0.00123", Figures.text(0.001234));
    }
}
