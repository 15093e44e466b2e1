package io.github.softgrad.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Backend;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A virtual machine of its own for a program whose memory is counted, runs out or is watched.
///
/// It runs the library on the backends that the test's own machine uses.
public final class ChildMachine {

    private static final String VECTOR = "jdk.incubator.vector";
    private static final List<String> PASSED_ON = List.of(
            "softgrad.backend",
            "softgrad.elementwise",
            "softgrad.isa",
            "softgrad.native.path",
            "softgrad.root",
            "softgrad.trust.minutes",
            "softgrad.trust.seed");

    private final List<String> options = new ArrayList<>();

    /// A machine with these options.
    public ChildMachine(String... options) {
        this.options.addAll(List.of(options));
        this.options.add("--enable-native-access=ALL-UNNAMED");
        if (ModuleLayer.boot().findModule(VECTOR).isPresent()) {
            this.options.add("--add-modules=" + VECTOR);
        }
        for (String property : PASSED_ON) {
            String value = System.getProperty(property);
            if (value != null) {
                this.options.add("-D" + property + "=" + value);
            }
        }
    }

    /// The lines that the program printed; it must end well within so many minutes.
    public List<String> run(long minutes, Class<?> program, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String classPath = location(ChildMachine.class) + File.pathSeparator + location(Backend.class);
        command.addAll(List.of("-cp", classPath, program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile("child", ".txt");
        try {
            return run(minutes, new ProcessBuilder(command).redirectErrorStream(true), output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static List<String> run(long minutes, ProcessBuilder builder, Path output)
            throws IOException, InterruptedException {
        Process process = builder.redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        assertTrue(ended, () -> "the program does not end; it printed at last:\n" + end);
        assertEquals(0, process.exitValue(), () -> "the program failed; it printed at last:\n" + end);
        return lines;
    }

    /// The number after the name in a line of the form `name: number`, printed by the program.
    public static long number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no \"" + name + "\" in " + lines));
    }

    /// The directory or the JAR that the class comes from.
    public static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
