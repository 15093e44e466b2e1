package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Backend;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A virtual machine of its own, for what is decided once in the life of one. Its options and environment are
/// those given here; nothing is inherited from the test's own that would change the loader's choice.
final class LoaderChild {

    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> classPath = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    /// The classes of the tests and the library, alone.
    LoaderChild() {
        classPath.add(location(LoaderChild.class).toString());
        classPath.add(library().toString());
    }

    /// Where the library lies: a directory of classes, or the JAR where the build has made it.
    static Path library() {
        return location(Backend.class);
    }

    LoaderChild with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    LoaderChild environment(String name, Path value) {
        environment.put(name, value.toString());
        return this;
    }

    /// Puts classes or resources in front of the library's.
    LoaderChild inFront(Path directory) {
        classPath.addFirst(directory.toString());
        return this;
    }

    /// The library is a named module; the tests stay on the class path.
    LoaderChild libraryOnTheModulePath() {
        classPath.remove(library().toString());
        return with("--module-path=" + library(), "--add-modules=io.github.softgrad");
    }

    /// Runs a shell script first, in a place where it may mount file systems that only the child sees.
    LoaderChild afterMounting(String script) {
        launcher.addAll(List.of("unshare", "--map-root-user", "--mount"));
        return afterShell(script);
    }

    /// Runs a shell script first, in the process that becomes the virtual machine.
    LoaderChild afterShell(String script) {
        launcher.addAll(List.of("sh", "-c", "set -e; " + script + "; exec \"$@\"", "sh"));
        return this;
    }

    Process start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // quick to start, slow to run
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "XDG_CACHE_HOME"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// What the program printed, all of it.
    String run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        return outputOf(start(program, arguments));
    }

    static String outputOf(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the virtual machine does not end");
        assertTrue(process.exitValue() == 0, () -> "it ended with " + process.exitValue() + " and printed:\n" + output);
        return output;
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
