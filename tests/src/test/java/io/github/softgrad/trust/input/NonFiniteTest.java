package io.github.softgrad.trust.input;

import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Transition;
import io.github.softgrad.trust.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// NaN and infinities stay in their line, and what becomes of that line is the table in `docs/bad-input.md`.
/// Both backends are held against the one table, so they agree.
///
/// The time limit is there for a loop that never ends.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NonFiniteTest {
    private static final List<Mode> SOFT_MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);
    private static final List<Method> METHODS = List.of(
            new Method.SoftSort(),
            new Method.NeuralSort(),
            new Method.FastSoftSort(),
            new Method.SmoothSort(),
            new Method.Transport(),
            new Method.SortingNetwork(),
            new Method.LapSum());

    private static String name(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /// The recipes of each column.
    private static Map<String, List<Soft>> methods() {
        Map<String, List<Soft>> columns = new LinkedHashMap<>();
        columns.put("hard", List.of(Soft.hard()));
        for (Method method : METHODS) {
            columns.put(
                    "`" + method.getClass().getSimpleName() + "`",
                    SOFT_MODES.stream()
                            .map(mode -> Soft.smooth().mode(mode).method(method))
                            .toList());
        }
        return columns;
    }

    private static Map<String, List<Soft>> modes() {
        Map<String, List<Soft>> columns = new LinkedHashMap<>();
        columns.put("hard", List.of(Soft.hard()));
        for (Mode mode : SOFT_MODES) {
            Soft soft = Soft.smooth().mode(mode);
            columns.put(name(mode), List.of(soft, soft.transition(Transition.P_NORM)));
        }
        return columns;
    }

    private static String table(String kind, List<NonFinite> operators, Map<String, List<Soft>> columns) {
        List<String> lines = new ArrayList<>();
        lines.add("| operator | entry | " + String.join(" | ", columns.keySet()) + " |");
        lines.add("| --- | --- |" + " --- |".repeat(columns.size()));
        try (Tally tally = new Tally("NaN and infinities: " + kind)) {
            for (NonFinite operator : operators) {
                for (double number : NonFinite.NUMBERS) {
                    String cells = columns.values().stream()
                            .map(recipes -> cell(tally, operator, number, recipes))
                            .collect(Collectors.joining(" | "));
                    String entry = Double.isNaN(number) ? "NaN" : number > 0 ? "inf" : "-inf";
                    lines.add("| " + operator.name() + " | " + entry + " | " + cells + " |");
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /// What all recipes that exist make of the number, in both formats.
    private static String cell(Tally tally, NonFinite operator, double number, List<Soft> recipes) {
        return recipes.stream()
                .flatMap(recipe -> Stream.of(DType.values()).flatMap(format -> {
                    try {
                        tally.tried();
                        return Stream.of(operator.outcome(recipe, number, format));
                    } catch (IllegalArgumentException doesNotExist) {
                        return Stream.empty();
                    } catch (AssertionError | RuntimeException fault) {
                        tally.fault();
                        throw fault;
                    }
                }))
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    @Test
    void axisWiseOperatorsAreAsDocumented() throws IOException {
        BadInputDocument.check(
                "table of NaN along an axis, written by NonFiniteTest",
                table("along an axis", NonFiniteOperators.withMethods(), methods()));
    }

    @Test
    void projectionsAreAsDocumented() throws IOException {
        BadInputDocument.check(
                "table of NaN in projections, written by NonFiniteTest",
                table("projections", NonFiniteOperators.alongAnAxis(), modes()));
    }

    @Test
    void elementwiseOperatorsAreAsDocumented() throws IOException {
        BadInputDocument.check(
                "table of NaN elementwise, written by NonFiniteTest",
                table("elementwise", NonFiniteOperators.elementwiseOnes(), modes()));
    }

    @Test
    void plainOperationsAreAsDocumented() throws IOException {
        BadInputDocument.check(
                "table of NaN in plain operations, written by NonFiniteTest",
                table("plain operations", NonFiniteOperators.withoutRecipe(), Map.of("result", List.of(Soft.hard()))));
    }
}
