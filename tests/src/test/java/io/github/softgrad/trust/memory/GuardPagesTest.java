package io.github.softgrad.trust.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.ChildMachine;
import io.github.softgrad.trust.Tally;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The memory that Java measures out for native kernels is enough: work memory, state, copies of arguments.
///
/// A virtual machine of its own runs every kernel with another `Scratch` in the place of the library's, which
/// lays each part beside a page that nobody may touch. A kernel that reads or writes beside a part ends that
/// machine. Arguments that lie in Java's arrays cannot be guarded so; the fuzzers of native/trust watch the
/// kernels there.
class GuardPagesTest {
    private static final Path SOURCES = Path.of("guard", "io", "github", "softgrad", "kernel", "ffi");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"end", "begin"})
    void noKernelLeavesTheMemoryThatJavaGivesIt(String side) throws Exception {
        assumeTrue(Catalogue.isNative(), "the run on the reference kernels has none to guard");
        assumeTrue(System.getProperty("os.name").equals("Linux"), "pages are protected as Linux does it");
        try (Tally tally = new Tally("guard pages, " + side)) {
            compile();
            Path output = directory.resolve("output.txt");
            Process child = start(side, output);
            boolean ended = child.waitFor(10, TimeUnit.MINUTES);
            child.destroyForcibly();
            List<String> lines = Files.readAllLines(output);
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
            assumeTrue(!end.contains("no native library"), "no native library");
            long calls =
                    lines.stream().filter(line -> line.startsWith("calls: ")).count();
            if (!ended || child.exitValue() != 0 || calls != 1) {
                tally.fault();
            }
            assertTrue(ended, () -> "the machine does not end:\n" + end);
            assertEquals(0, child.exitValue(), () -> "a kernel left its memory; the last calls:\n" + end);
            tally.tried(ChildMachine.number(lines, "calls"));
        }
    }

    private Process start(String side, Path output) throws Exception {
        String classPath = directory + File.pathSeparator + libraryClasses();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:ErrorFile=" + directory.resolve("error.log"),
                        "-Dguard=" + side,
                        "-Dfew=" + !Tally.isWholeRun(),
                        "-cp",
                        classPath,
                        "io.github.softgrad.kernel.ffi.GuardProbe")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /// The two classes that stand in front of the library's.
    private void compile() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "no compiler in this Java");
        Path sources = ChildMachine.location(GuardPagesTest.class).resolve(SOURCES);
        String[] options = {"-nowarn", "-d", directory.toString(), "-cp", libraryClasses()};
        String[] files = {
            sources.resolve("Scratch.java").toString(),
            sources.resolve("GuardProbe.java").toString()
        };
        String[] arguments = Stream.concat(Stream.of(options), Stream.of(files)).toArray(String[]::new);
        assertEquals(0, compiler.run(null, null, null, arguments), "the guard does not fit the library any more");
    }

    private static String libraryClasses() {
        return ChildMachine.location(Backend.class).toString();
    }
}
