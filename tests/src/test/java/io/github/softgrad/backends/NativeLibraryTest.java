package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.kernel.ffi.InstructionSet;
import io.github.softgrad.kernel.ffi.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The loader takes the library it is told to, and says why where it cannot")
class NativeLibraryTest {

    @TempDir
    Path directory;

    @Test
    void aMissingFileIsNamed() {
        Path missing = directory.resolve("none.so");
        NativeLibrary.Result result = NativeLibrary.openExplicit(missing);
        assertFalse(result.opened());
        assertEquals(List.of(missing + ": there is no such file"), result.refusals());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLibraryForAnotherProcessorIsRefused() throws IOException {
        byte[] content = Files.readAllBytes(Path.of(NativeBackend.origin()));
        int machineField = 18; // e_machine of the ELF header
        content[machineField] = 2;
        content[machineField + 1] = 0;
        Path sparc = Files.write(directory.resolve("sparc.so"), content);
        assertTrue(sparc.toFile().setExecutable(true));
        NativeLibrary.Result result = NativeLibrary.openExplicit(sparc);
        assertFalse(result.opened());
        assertTrue(
                result.refusals().getFirst().contains("it is built for another processor (machine 0x2)"),
                () -> "refusals: " + result.refusals());
    }

    @Test
    void theCopyInTheCacheIsOnlyTheUsers() throws IOException {
        Path copy = Path.of(NativeBackend.origin());
        if (Files.getFileStore(copy.getParent()).supportsFileAttributeView("posix")) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.getParent())));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BASELINE", "AVX2", "AVX512", "NEON"})
    void aCapIsObeyed(InstructionSet set) {
        NativeBackend.require();
        String before = InstructionSet.inUse();
        try {
            assumeTrue(set.tryCap(), set + " belongs to another architecture");
            InstructionSet used = InstructionSet.named(InstructionSet.inUse());
            assertTrue(set == InstructionSet.BASELINE || used.compareTo(set) <= 0, set + " was the cap of " + used);
        } finally {
            InstructionSet.named(before).cap();
        }
    }

    @Test
    void eachForcedChoiceIsMadeOrRefusedByName() throws Exception {
        Path missing = directory.resolve("none.so");
        assertAll(
                () -> assertSays("kernels: reference", "-Dsoftgrad.backend=reference"),
                () -> assertSays(
                        "softgrad.backend must be native or reference, was \"cuda\"", "-Dsoftgrad.backend=cuda"),
                () -> assertSays(
                        "softgrad.native.path=" + missing + ", but the native library cannot be used: " + missing
                                + ": there is no such file",
                        "-Dsoftgrad.native.path=" + missing));
    }

    @Test
    void withoutNativeAccessTheReferenceRunsAndTheFlagIsNamed() throws Exception {
        NativeBackend.require();
        assertSays("start Java with --enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny");
        assertSays("kernels: reference", "--illegal-native-access=deny");
    }

    @Test
    void theInstructionSetIsCappedByTheProperty() throws Exception {
        NativeBackend.require();
        assertSays("kernels: native, ", "--enable-native-access=ALL-UNNAMED", "-Dsoftgrad.isa=baseline");
        assertSays(
                "softgrad.isa must be one of baseline, avx2, avx512, neon, best, was \"mmx\"",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsoftgrad.isa=mmx");
    }

    @Test
    void anUnusableCacheIsPassedOverForATemporaryDirectory() throws Exception {
        NativeBackend.require();
        Path file = Files.writeString(directory.resolve("file"), "where a directory should be");
        assertSays(
                "from " + directory,
                List.of("XDG_CACHE_HOME=" + file, "LOCALAPPDATA=" + file),
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + file,
                "-Djava.io.tmpdir=" + directory);
    }

    private static void assertSays(String expected, String... options) throws Exception {
        assertSays(expected, List.of(), options);
    }

    /// Starts a virtual machine with these options and looks for `expected` in what [KernelReport] prints
    /// there.
    private static void assertSays(String expected, List<String> environment, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelReport.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the virtual machine does not end");
        assertTrue(output.contains(expected), () -> String.join(" ", options) + " printed:\n" + output);
    }
}
