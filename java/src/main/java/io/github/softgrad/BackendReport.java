package io.github.softgrad;

import io.github.softgrad.elementwise.ActiveElementwise;
import io.github.softgrad.kernel.ActiveKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What [Backend] reports.
final class BackendReport {

    private static final String ACCESS_HELPS = "native kernels without a warning, which a later Java makes an error";
    private static final String VECTOR_HELPS = "elementwise operators on the Vector API";

    /// A part of the library that was chosen, or the reason why none could be.
    private record Part(List<String> lines, List<String> flags) {}

    private final Part kernels = kernels();
    private final Part elementwise = elementwise();

    /// The options of the virtual machine that would have helped this program.
    List<String> flags() {
        return Stream.of(kernels, elementwise)
                .flatMap(part -> part.flags().stream())
                .toList();
    }

    /// All lines, with the way to give these options.
    String text(List<String> flags) {
        List<String> lines = new ArrayList<>();
        lines.add("softgrad " + version() + " on Java " + Runtime.version().feature() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        lines.addAll(kernels.lines());
        lines.addAll(elementwise.lines());
        if (!flags.isEmpty()) {
            lines.addAll(waysToGive(flags));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static Part kernels() {
        try {
            return new Part(ActiveKernels.report(), ActiveKernels.flags());
        } catch (IllegalStateException | IllegalArgumentException refusal) {
            return new Part(List.of("kernels: none, " + refusal.getMessage()), List.of());
        }
    }

    private static Part elementwise() {
        try {
            return new Part(ActiveElementwise.report(), ActiveElementwise.flags());
        } catch (IllegalStateException | IllegalArgumentException refusal) {
            return new Part(List.of("elementwise: none, " + refusal.getMessage()), List.of());
        }
    }

    private static List<String> waysToGive(List<String> flags) {
        String inOneLine = String.join(" ", flags);
        String quoted = flags.stream().map(flag -> '"' + flag + '"').collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>(List.of("options of the virtual machine that help:"));
        for (String flag : flags) {
            lines.add("  " + flag + "  " + (flag.equals(ActiveElementwise.FLAG) ? VECTOR_HELPS : ACCESS_HELPS));
        }
        lines.add("where to put them:");
        lines.add("  JDK_JAVA_OPTIONS  export JDK_JAVA_OPTIONS=\"" + inOneLine + "\"");
        lines.add("  Maven Surefire    <argLine>" + inOneLine + "</argLine>");
        lines.add("  Gradle            tasks.test { jvmArgs(" + quoted + ") }");
        return lines;
    }

    /// The module's version or the one in the JAR's manifest; classes that are not in a JAR have none.
    private static String version() {
        var descriptor = Backend.class.getModule().getDescriptor();
        String manifest = Backend.class.getPackage().getImplementationVersion();
        return descriptor != null
                ? descriptor.rawVersion().orElse("without version")
                : Objects.requireNonNullElse(manifest, "without version");
    }
}
