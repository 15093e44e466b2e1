package io.github.softgrad.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/// README's table of what exists is what the library does: every operator is tried with every method in every
/// mode.
///
/// After a change, `-Dsoftgrad.updateReadme=true` writes the table anew.
class SupportTableTest {
    private static final String BEGIN = "<!-- support table: written by SupportTableTest -->";
    private static final String END = "<!-- end of support table -->";
    private static final Tensor X = Tensor.of(0.3, -1.2, 2.2, 0.7);
    private static final List<Mode> SOFT_MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);

    /// A method, the name that the Python libraries give it, and which of the two has it.
    private record Row(Method method, String python, String where) {}

    private static final List<Row> METHODS = List.of(
            new Row(new Method.SoftSort(), "softsort", "both"),
            new Row(new Method.NeuralSort(), "neuralsort", "both"),
            new Row(new Method.FastSoftSort(), "fast_soft_sort", "both"),
            new Row(new Method.SmoothSort(), "smooth_sort", "SoftJAX only"),
            new Row(new Method.Transport(), "ot", "both"),
            new Row(new Method.SortingNetwork(), "sorting_network", "both"),
            new Row(new Method.LapSum(), "-", "neither"));

    private static Map<String, BiFunction<Soft, Tensor, Object>> operators() {
        Map<String, BiFunction<Soft, Tensor, Object>> operators = new LinkedHashMap<>();
        operators.put("argmax, argmin", (soft, x) -> List.of(indexOf(soft.argmax(x)), indexOf(soft.argmin(x))));
        operators.put("argsort", (soft, x) -> indexOf(soft.argsort(x)));
        operators.put(
                "argquantile, argmedian",
                (soft, x) -> List.of(indexOf(soft.argquantile(x, 0.3)), indexOf(soft.argmedian(x))));
        operators.put(
                "topK index, topKMask",
                (soft, x) -> List.of(indexOf(soft.topK(x, 2).index()), soft.topKMask(x, 2)));
        operators.put("max, min", (soft, x) -> List.of(soft.max(x), soft.min(x)));
        operators.put("sort", (soft, x) -> soft.sort(x, 0, Order.DESCENDING));
        operators.put("rank", (soft, x) -> soft.rank(x));
        operators.put("quantile, median", (soft, x) -> List.of(soft.quantile(x, 0.3), soft.median(x)));
        operators.put("topK values", (soft, x) -> soft.topK(x, 2).values());
        return operators;
    }

    private static Tensor indexOf(SoftIndex index) {
        return index.probabilities();
    }

    private static String table() {
        Map<String, BiFunction<Soft, Tensor, Object>> operators = operators();
        List<String> lines = new ArrayList<>();
        lines.add("| method | " + String.join(" | ", operators.keySet()) + " | in SoftJAX, SoftTorch |");
        lines.add("| --- |" + " --- |".repeat(operators.size() + 1));
        for (Row row : METHODS) {
            StringBuilder line =
                    new StringBuilder("| `" + row.method().getClass().getSimpleName() + "` |");
            for (var operator : operators.values()) {
                line.append(' ').append(modes(row.method(), operator)).append(" |");
            }
            lines.add(line + " " + row.where() + (row.python().equals("-") ? "" : ": `" + row.python() + "`") + " |");
        }
        return String.join("\n", lines);
    }

    /// The modes in which an operator gives a result, `all` for all of them.
    private static String modes(Method method, BiFunction<Soft, Tensor, Object> operator) {
        List<String> modes = new ArrayList<>();
        for (Mode mode : SOFT_MODES) {
            try {
                operator.apply(Soft.smooth().mode(mode).method(method), X);
                modes.add(mode.name().toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException unsupported) {
                continue;
            }
        }
        return modes.isEmpty() ? "" : modes.size() == SOFT_MODES.size() ? "all" : String.join(" ", modes);
    }

    @Test
    void readmesTableIsWhatTheLibraryDoes() throws IOException {
        Path readme = Path.of(System.getProperty("softgrad.root", ".")).resolve("README.md");
        String text = Files.readString(readme);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        String expected = "\n\n" + table() + "\n\n";
        if (Boolean.getBoolean("softgrad.updateReadme")) {
            Files.writeString(readme, text.substring(0, from) + expected + text.substring(to));
            return;
        }
        assertEquals(expected, text.substring(from, to), "README.md; -Dsoftgrad.updateReadme=true writes it anew");
    }
}
