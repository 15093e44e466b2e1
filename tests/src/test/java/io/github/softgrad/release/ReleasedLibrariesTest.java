package io.github.softgrad.release;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The JAR of a release carries six libraries that are what they should be")
@EnabledIfSystemProperty(named = ReleasedLibrariesTest.JAR, matches = ".+")
class ReleasedLibrariesTest {

    static final String JAR = "softgrad.release.jar";

    private static final Pattern PROTOTYPE = Pattern.compile("SOFTGRAD_API [^;{}()]*?(softgrad_\\w+)\\(");
    private static final String DIRECTORY = "META-INF/native/";
    private static final String SUMS = DIRECTORY + "SHA256SUMS";

    @TempDir
    Path directory;

    @Test
    void thereAreSixAndTheirTable() throws IOException {
        try (JarFile jar = open()) {
            Set<String> files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith(DIRECTORY))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> expected = new TreeSet<>();
            sums(jar).keySet().forEach(file -> expected.add(DIRECTORY + file));
            expected.add(SUMS);
            assertEquals(7, files.size(), () -> "files in " + DIRECTORY + ": " + files);
            assertEquals(expected, files);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "linux-x86_64, libsoftgrad.so, ELF, false",
        "linux-aarch64, libsoftgrad.so, ELF, false",
        "windows-x86_64, softgrad.dll, PE, false",
        "windows-aarch64, softgrad.dll, PE, false",
        "macos-x86_64, libsoftgrad.dylib, Mach-O, true",
        "macos-aarch64, libsoftgrad.dylib, Mach-O, true",
    })
    void eachIsWhatItShouldBe(String platform, String fileName, String format, boolean signed) throws Exception {
        byte[] content;
        String expectedSum;
        try (JarFile jar = open()) {
            boolean whole = platform.startsWith("linux");
            content = whole ? read(jar, DIRECTORY + platform + "/" + fileName) : extracted(platform, fileName);
            expectedSum = sums(jar).get(platform + "/" + fileName);
        }
        NativeFile library = NativeFile.of(content);
        Set<String> system = signed ? Set.of("/usr/lib/libSystem.B.dylib") : Set.of();
        String sum = HexFormat.of().formatHex(MachOFile.sha256(content));
        assertAll(
                platform,
                () -> assertEquals(format, library.format(), "format"),
                () -> assertEquals(platform.substring(platform.indexOf('-') + 1), library.architecture()),
                () -> assertEquals(functionsOfHeader(), library.exported(), "exported functions"),
                () -> assertEquals(Set.of(), library.undefined(), "undefined symbols"),
                () -> assertEquals(system, library.needed(), "needed libraries"),
                () -> assertEquals(signed, library.signed(), "signed, as a Mac wants it"),
                () -> assertEquals(expectedSum, sum, "SHA-256"));
        System.out.printf(
                "%s: %s for %s, %d bytes, the %d functions of softgrad.h, nothing undefined, needs %s%s, SHA-256 %s%n",
                platform,
                library.format(),
                library.architecture(),
                content.length,
                library.exported().size(),
                system.isEmpty() ? "nothing" : system,
                signed ? ", signed" : "",
                sum);
    }

    /// The kernels of a processor are the same for all systems, and packed once.
    @Test
    void theJarHasLessThanTwoMegabytes() throws IOException {
        long size = Files.size(Path.of(System.getProperty(JAR)));
        assertTrue(size < 2_000_000, () -> "it has " + size + " bytes");
    }

    @Test
    void aLibraryWithoutItsKernelsSaysSo() throws Throwable {
        byte[] library;
        try (JarFile jar = open()) {
            library = read(jar, DIRECTORY + "linux-" + architecture() + "/libsoftgrad.so");
        }
        int name = new String(library, StandardCharsets.ISO_8859_1).indexOf("softgrad kernels");
        assertEquals(0, name % 4096, "begins at a page");
        int size = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN).getInt(name + 16);
        assertTrue(abiVersion(library) > 0, "whole");
        Arrays.fill(library, name + 24, name + size, (byte) 0);
        assertEquals(0, abiVersion(library), "without its kernels");
    }

    @Test
    void noLibraryNamesADirectoryOfTheMachineThatBuiltIt() throws IOException {
        String root = root().toAbsolutePath().normalize().toString();
        try (JarFile jar = open()) {
            for (String file : sums(jar).keySet()) {
                String content = new String(read(jar, DIRECTORY + file), StandardCharsets.ISO_8859_1);
                assertFalse(content.contains(root), () -> file + " contains " + root);
            }
        }
    }

    /// The library that is in the cache after a start as if on this platform, which could then not open it.
    private byte[] extracted(String platform, String fileName) throws Exception {
        String system = platform.substring(0, platform.indexOf('-'));
        String processor = platform.substring(system.length() + 1);
        ProcessBuilder start = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dos.name=" + (system.equals("macos") ? "Mac OS X" : system),
                        "-Dos.arch=" + processor,
                        "-Duser.home=" + directory,
                        "-jar",
                        System.getProperty(JAR))
                .redirectErrorStream(true);
        start.environment().keySet().removeAll(Set.of("XDG_CACHE_HOME", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process process = start.start();
        String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), report);
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> copies = files.filter(file -> file.toString().endsWith("-" + fileName))
                    .toList();
            assertEquals(1, copies.size(), () -> copies + "\n" + report);
            return Files.readAllBytes(copies.getFirst());
        }
    }

    @SuppressWarnings("restricted")
    private int abiVersion(byte[] library) throws Throwable {
        Path file = Files.write(Files.createTempFile(directory, "library", ".so"), library);
        MemorySegment function = SymbolLookup.libraryLookup(file, Arena.ofAuto())
                .find("softgrad_abi_version")
                .orElseThrow();
        return (int) Linker.nativeLinker()
                .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT))
                .invokeExact();
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static JarFile open() throws IOException {
        return new JarFile(System.getProperty(JAR));
    }

    private static Path root() {
        return Path.of(System.getProperty("softgrad.root", "."));
    }

    private static byte[] read(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertTrue(entry != null, () -> "the JAR has no " + name);
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static Map<String, String> sums(JarFile jar) throws IOException {
        return new String(read(jar, SUMS), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" +"))
                .collect(Collectors.toMap(words -> words[1], words -> words[0], (one, other) -> one, TreeMap::new));
    }

    private static Set<String> functionsOfHeader() throws IOException {
        Matcher prototype = PROTOTYPE.matcher(Files.readString(root().resolve("native/include/softgrad.h")));
        return prototype.results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
