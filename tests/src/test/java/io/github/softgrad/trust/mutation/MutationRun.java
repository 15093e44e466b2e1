package io.github.softgrad.trust.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A run of PIT over one group, in a virtual machine of its own.
///
/// The plugin of Maven runs PIT on the Java that runs Maven, and on one older than 25 that finds no test, kills
/// nothing and calls it a success. Here it is the Java that runs the tests.
final class MutationRun {

    private static final String PROGRAM = "org.pitest.mutationtest.commandline.MutationCoverageReport";
    private static final String MUTATORS = "DEFAULTS,EXPERIMENTAL_NAKED_RECEIVER,EXPERIMENTAL_ARGUMENT_PROPAGATION";
    private static final int THREADS = 2;
    private static final int MILLISECONDS_BEYOND_A_TESTS_TIME = 3000;

    private final Path root;
    private final MutationGroup group;
    private final Path directory;

    MutationRun(Path root, MutationGroup group) {
        this.root = root;
        this.group = group;
        this.directory = root.resolve("tests/target/trust/mutation").resolve(group.title());
    }

    Path sources() {
        return root.resolve("java/src/main/java");
    }

    private Path classes() {
        return root.resolve("java/target/classes");
    }

    /// What became of each mutant. Throws [IllegalStateException] if PIT fails or does not end in time.
    List<Mutant> mutants(long seconds) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path report = directory.resolve("mutations.xml");
        Files.deleteIfExists(report);
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(command())
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException(group.title() + ": no end after " + seconds + " s; see " + log);
        }
        if (process.exitValue() != 0 || !Files.exists(report)) {
            throw new IllegalStateException(group.title() + ": PIT failed; see " + log);
        }
        return Mutant.read(report, sources());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath(), PROGRAM));
        option(command, "reportDir", directory.toString());
        option(command, "sourceDirs", sources().toString());
        option(command, "mutableCodePaths", classes().toString());
        option(command, "targetClasses", String.join(",", group.targets()));
        if (!group.excluded().isEmpty()) {
            option(command, "excludedClasses", String.join(",", group.excluded()));
        }
        option(command, "targetTests", String.join(",", group.tests()));
        option(command, "mutators", MUTATORS);
        option(command, "features", "-FSTATI");
        option(command, "excludedMethods", "<clinit>");
        option(command, "jvmArgs", String.join(",", jvmArguments()));
        option(command, "threads", Integer.toString(THREADS));
        option(command, "timeoutConst", Integer.toString(MILLISECONDS_BEYOND_A_TESTS_TIME));
        option(command, "outputFormats", "XML");
        option(command, "timestampedReports", "false");
        option(command, "verbosity", "NO_SPINNER");
        return command;
    }

    private static void option(List<String> command, String name, String value) {
        command.add("--" + name + "=" + value);
    }

    /// The golden numbers are those that the project carries, whatever else is beside it.
    private List<String> jvmArguments() {
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dsoftgrad.backend=" + (group.needsNativeKernels() ? "native" : "reference"),
                "-Dsoftgrad.elementwise=scalar",
                "-Dsoftgrad.root=" + root,
                "-Dsoftgrad.golden=" + root.resolve("tests/src/test/resources/golden"));
    }

    /// That of the tests, with the classes of the library as a directory: PIT changes none in a JAR.
    private String classPath() {
        String tests = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(tests.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).startsWith(root.resolve("java/target")))
                .collect(Collectors.joining(File.pathSeparator, classes() + File.pathSeparator, ""));
    }
}
