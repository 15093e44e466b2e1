package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A virtual machine to be started with a home and a temporary directory of its own, and the judge of what it
/// prints.
final class LoaderSituation {

    /// The backend in the end, and where its library came from.
    enum Ending {
        CACHE,
        TEMPORARY,
        MEMORY,
        EXPLICIT,
        REFERENCE,
        REFUSED
    }

    private static final String RESOURCE = "META-INF/native/linux-" + processor() + "/libsoftgrad.so";

    private final Path directory;
    private final LoaderChild java;

    LoaderSituation(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        Files.createDirectories(home());
        Files.createDirectories(temporary());
        java = new LoaderChild().with("-Duser.home=" + home(), "-Djava.io.tmpdir=" + temporary());
    }

    LoaderChild java() {
        return java;
    }

    Path home() {
        return directory.resolve("home");
    }

    Path temporary() {
        return directory.resolve("temporary");
    }

    Path cache() {
        return home().resolve(".cache/softgrad");
    }

    /// Where the cache holds its copy of the packed library; the directory is made.
    Path placeOfTheCopy() throws Exception {
        Files.createDirectories(
                cache(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(packed());
        return cache().resolve(HexFormat.of().formatHex(sum) + "-libsoftgrad.so");
    }

    /// The library that the build has packed with the classes.
    static byte[] packed() throws IOException {
        try (var in = LoaderChild.class.getResourceAsStream("/" + RESOURCE)) {
            return in.readAllBytes();
        }
    }

    /// Has the child find this library in the place of the packed one.
    void pack(byte[] content) throws IOException {
        pack(RESOURCE, content);
    }

    /// Has the child find this content as the resource of this name.
    void pack(String resource, byte[] content) throws IOException {
        Path file = directory.resolve("in-front").resolve(resource);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        java.inFront(directory.resolve("in-front"));
    }

    /// Has the child open exactly this library.
    void explicit(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("explicit.so"), content);
        assertTrue(file.toFile().setExecutable(true));
        java.with("-Dsoftgrad.native.path=" + file);
    }

    /// Mounts a file system without permission to execute on the directory of this name, then runs a command on
    /// it.
    void mount(String name, String command) throws Exception {
        Path place = directory.resolve(name);
        String script =
                "mount -t tmpfs -o noexec none " + place + "; " + (command.equals(":") ? ":" : command + " " + place);
        Process attempt = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh", "-ec", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(attempt.getInputStream().readAllBytes());
        attempt.waitFor();
        assumeTrue(attempt.exitValue() == 0, "this system lets a test mount nothing: " + output.strip());
        java.afterMounting(script);
    }

    /// A library that knows nothing but the version of its interface; needs a C compiler.
    Path libraryOfVersion(int version) throws Exception {
        Path source = directory.resolve("version.c");
        Path library = directory.resolve("version.so");
        Files.writeString(source, "int softgrad_abi_version(void) { return " + version + "; }\n");
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, "cc"))),
                "no C compiler (cc) to build a library of another version with");
        Process compiler = new ProcessBuilder(
                        "cc", "-shared", "-fPIC", "-nostdlib", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assertTrue(compiler.waitFor(1, TimeUnit.MINUTES) && compiler.exitValue() == 0, "cc failed");
        return library;
    }

    /// The output ends as expected, says all of these things, and its numbers are right if there are any.
    void check(String output, Ending expected, String... messages) {
        assertEquals(expected, ending(output), output);
        for (String message : messages) {
            assertTrue(output.contains(message), () -> "does not say \"" + message + "\":\n" + output);
        }
        if (expected != Ending.REFUSED) {
            String values = line(output, LoaderProbe.VALUES).replaceAll("[\\[\\]]", "");
            double[] actual = Stream.of(values.split(", "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(LoaderProbe.values(), actual, 1e-12, output);
        }
    }

    /// A line of the table.
    String row(String name, String output) {
        Ending ending = ending(output);
        String kernels = line(output, "kernels: ").replaceAll(", from .*", "");
        String backend = ending == Ending.REFUSED ? "none, operators throw" : kernels;
        String refusals = output.lines()
                .filter(line -> line.startsWith("native: refused, ") || line.startsWith("refused: "))
                .map(line -> line.replaceFirst("^(native: )?refused[,:] ", ""))
                .map(line -> line.replaceAll("[0-9a-f]{64}-", "SHA256-").replace(directory.toString(), "TEST"))
                .map(line -> line.replaceAll("(temporary/softgrad)\\d+", "$1*").replace("|", "/"))
                .collect(Collectors.joining("<br>"));
        return "| " + name + " | " + backend + " | " + place(ending) + " | " + refusals + " |";
    }

    private static String place(Ending ending) {
        return switch (ending) {
            case CACHE -> "the user's cache";
            case TEMPORARY -> "a temporary directory";
            case MEMORY -> "memory";
            case EXPLICIT -> "the path given";
            case REFERENCE -> "plain Java";
            case REFUSED -> "-";
        };
    }

    Ending ending(String output) {
        if (output.lines().anyMatch(line -> line.startsWith("refused: "))) {
            return Ending.REFUSED;
        }
        String kernels = line(output, "kernels: ");
        if (kernels.equals("reference")) {
            return Ending.REFERENCE;
        }
        String origin = kernels.replaceFirst(".*, from ", "");
        return origin.equals("memory")
                ? Ending.MEMORY
                : Path.of(origin).startsWith(cache())
                        ? Ending.CACHE
                        : Path.of(origin).startsWith(temporary()) ? Ending.TEMPORARY : Ending.EXPLICIT;
    }

    private static String line(String output, String start) {
        return output.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line starts with \"" + start + "\":\n" + output));
    }

    static String processor() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }
}
