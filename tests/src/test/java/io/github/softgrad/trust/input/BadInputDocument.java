package io.github.softgrad.trust.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;

/// The parts of `docs/bad-input.md` that are written from the tables.
///
/// After a change, `-Dsoftgrad.updateReadme=true` writes them anew.
final class BadInputDocument {
    private static final Path PLACE =
            Path.of(System.getProperty("softgrad.root", ".")).resolve("docs/bad-input.md");

    private BadInputDocument() {}

    /// The table of one part; all calls of one message in one row.
    static String table(BadInputTable part) {
        List<String> lines = new ArrayList<>();
        lines.add("### " + part.title() + "\n");
        lines.add("| call | argument | message |");
        lines.add("| --- | --- | --- |");
        for (BadInput entry : part.entries()) {
            lines.add("| " + calls(entry, part instanceof NullArguments) + " | `" + entry.argument() + "` | "
                    + type(entry) + entry.message() + " |");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String calls(BadInput entry, boolean namesOnly) {
        return entry.calls().stream()
                        .map(call -> namesOnly ? call.text().replaceFirst("\\(.*", "") : call.text())
                        .distinct()
                        .map(text -> "`" + text + "`")
                        .collect(Collectors.joining(namesOnly ? " " : "<br>"))
                + (entry.calls().getFirst().referenceOnly() ? "<br>(reference backend only)" : "");
    }

    private static String type(BadInput entry) {
        return entry.type() == IllegalArgumentException.class
                ? ""
                : "`" + entry.type().getSimpleName() + "`: ";
    }

    /// Holds the text between two marks against what it should be, or writes it.
    static void check(String mark, String expected) throws IOException {
        String begin = "<!-- " + mark + " -->\n";
        String end = "<!-- end of " + mark + " -->";
        String text = Files.readString(PLACE);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        String body = "\n" + expected + "\n";
        if (Boolean.getBoolean("softgrad.updateReadme")) {
            Files.writeString(PLACE, text.substring(0, from) + body + text.substring(to));
            return;
        }
        Assertions.assertEquals(
                body, text.substring(from, to), PLACE + "; -Dsoftgrad.updateReadme=true writes it anew");
    }
}
