package io.github.softgrad.trust.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The mutants that may live, each with the reason: a file of lines with tab-separated columns.
///
/// The columns are class, method, mutator, how many such mutants of such lines may survive, the line of source
/// text or a part of it, and why no test can or should notice. Empty lines and lines that begin with `#` mean
/// nothing.
record ArguedSurvivors(List<Line> lines) {

    static final String FILE = "tests/src/test/resources/trust/survivors.tsv";

    record Line(String type, String method, String mutator, int count, String source, String argument) {

        static Line parse(String line) {
            String[] columns = line.split("\t");
            if (columns.length != 6 || columns[5].isBlank()) {
                throw new IllegalArgumentException(
                        "expected class, method, mutator, count, source and argument, got: " + line);
            }
            return new Line(columns[0], columns[1], columns[2], Integer.parseInt(columns[3]), columns[4], columns[5]);
        }

        boolean isAbout(Mutant mutant) {
            return type.equals(mutant.type())
                    && method.equals(mutant.method())
                    && mutator.equals(mutant.mutator())
                    && mutant.source().contains(source);
        }
    }

    static ArguedSurvivors read(Path file) throws IOException {
        return new ArguedSurvivors(Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Line::parse)
                .toList());
    }

    /// The survivors that no line, or no line's count, leaves alive.
    List<Mutant> missing(List<Mutant> survivors) {
        Map<Line, Integer> left = new LinkedHashMap<>();
        lines.forEach(line -> left.put(line, line.count()));
        List<Mutant> missing = new ArrayList<>();
        for (Mutant survivor : survivors) {
            var line = lines.stream()
                    .filter(each -> each.isAbout(survivor) && left.get(each) > 0)
                    .findFirst();
            line.ifPresentOrElse(each -> left.merge(each, -1, Integer::sum), () -> missing.add(survivor));
        }
        return missing;
    }
}
