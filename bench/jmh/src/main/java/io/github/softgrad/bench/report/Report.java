package io.github.softgrad.bench.report;

import io.github.softgrad.bench.Arguments;
import io.github.softgrad.bench.cases.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a table (`report.md`) and charts (PNG and SVG) from files of rows, ours and the peers'.
///
/// `--out DIR` is where they go, and the words are the files. `--subject softgrad` is the library that is
/// compared, `--peers` those it is compared with, by the name in their rows (all others unless given).
public final class Report {
    private Report() {}

    /// Runs the program.
    public static void main(List<String> given) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Arguments arguments = new Arguments(given, "out", "subject", "peers");
        Path directory = Path.of(arguments.required("out"));
        List<Row> rows = new ArrayList<>();
        for (String file : arguments.words()) {
            rows.addAll(Row.readAll(Path.of(file)));
        }
        Comparison comparison = new Comparison(arguments.text("subject", "softgrad"), rows);
        List<String> chosen = arguments.list("peers", "");
        List<String> peers = comparison.peers().stream()
                .filter(peer -> chosen.isEmpty() || chosen.contains(peer) || chosen.contains(peer.split(" ")[0]))
                .toList();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("report.md"), Markdown.of(comparison, peers));
        List<Panels> charts = new Charts(comparison, peers).all();
        for (Panels chart : charts) {
            chart.write(directory);
        }
        System.err.println(rows.size() + " rows, " + charts.size() + " charts -> " + directory);
    }
}
