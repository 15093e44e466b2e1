package io.github.softgrad.backends;

import static io.github.softgrad.backends.LoaderSituation.Ending.CACHE;
import static io.github.softgrad.backends.LoaderSituation.Ending.EXPLICIT;
import static io.github.softgrad.backends.LoaderSituation.Ending.MEMORY;
import static io.github.softgrad.backends.LoaderSituation.Ending.REFERENCE;
import static io.github.softgrad.backends.LoaderSituation.Ending.REFUSED;
import static io.github.softgrad.backends.LoaderSituation.Ending.TEMPORARY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whatever the place it is started in, the loader finds a way or says why, and the numbers are right")
@EnabledOnOs(OS.LINUX)
@DisabledIfSystemProperty(
        named = "softgrad.backend",
        matches = ".*",
        disabledReason = "virtual machines of their own choose their backend, whatever this one's is")
class LoaderSituationsTest {

    private static final Map<LoaderSituation.Ending, List<String>> TABLE = new EnumMap<>(LoaderSituation.Ending.class);

    @TempDir
    Path directory;

    private LoaderSituation situation;

    @BeforeAll
    static void requireLibrary() {
        NativeBackend.require();
    }

    @BeforeEach
    void makeHome() throws IOException {
        situation = new LoaderSituation(directory);
    }

    @AfterAll
    static void printTable() {
        System.out.println("| situation | backend | from | refused before, and why |\n| --- | --- | --- | --- |");
        TABLE.values().forEach(rows -> rows.forEach(System.out::println));
    }

    private String ends(String name, LoaderSituation.Ending expected, String... messages) throws Exception {
        String output = situation.java().run(LoaderProbe.class);
        ends(name, output, expected, messages);
        return output;
    }

    /// What would be refused everywhere is not tried everywhere.
    private static void assertRefusedOnce(String output) {
        assertEquals(
                1,
                output.lines()
                        .filter(line -> line.startsWith("native: refused, "))
                        .count(),
                output);
    }

    private void ends(String name, String output, LoaderSituation.Ending expected, String... messages) {
        TABLE.computeIfAbsent(situation.ending(output), ending -> new ArrayList<>())
                .add(situation.row(name, output));
        situation.check(output, expected, messages);
    }

    // --- the user's cache -----------------------------------------------------------------------------------------

    @Test
    void theFirstStartFillsTheCacheAndTheSecondUsesIt() throws Exception {
        ends("first start", CACHE);
        var written = Files.getLastModifiedTime(situation.placeOfTheCopy());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(situation.cache())));
        ends("second start", CACHE);
        assertEquals(written, Files.getLastModifiedTime(situation.placeOfTheCopy()), "the copy was written again");
    }

    @Test
    void aTamperedCopyIsReplaced() throws Exception {
        byte[] good = LoaderSituation.packed();
        byte[] tampered = good.clone();
        tampered[good.length / 2] ^= 1;
        Path copy = Files.write(situation.placeOfTheCopy(), tampered);
        ends("the cached copy was tampered with", CACHE);
        assertTrue(Arrays.equals(good, Files.readAllBytes(copy)), "it is still tampered with");
    }

    @Test
    void aTruncatedCopyIsReplaced() throws Exception {
        byte[] good = LoaderSituation.packed();
        Path copy = Files.write(situation.placeOfTheCopy(), Arrays.copyOf(good, good.length / 2));
        ends("the cached copy was truncated", CACHE);
        assertEquals(good.length, Files.size(copy));
    }

    @Test
    void aPlantedSymbolicLinkIsReplacedAndItsTargetLeftAlone() throws Exception {
        Path target = Files.write(directory.resolve("target"), LoaderSituation.packed());
        Path copy = Files.createSymbolicLink(situation.placeOfTheCopy(), target);
        ends("a symbolic link was planted in the cache", CACHE);
        assertTrue(Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS), "the link is still there");
        assertTrue(Files.exists(target));
    }

    @Test
    void aDirectoryInThePlaceOfTheCopyIsPassedOver() throws Exception {
        Path copy = situation.placeOfTheCopy();
        Files.createDirectories(copy.resolve("full"));
        ends("a directory stands in the place of the copy", TEMPORARY, copy.toString());
    }

    @Test
    void aCacheThatIsOpenToOthersIsPassedOver() throws Exception {
        Files.createDirectories(situation.cache());
        Files.setPosixFilePermissions(situation.cache(), PosixFilePermissions.fromString("rwxrwxrwx"));
        ends("the cache is writable by everyone", TEMPORARY, "is open to other users (rwxrwxrwx)", "chmod 700");
    }

    @Test
    void aCacheThatOthersCanReplaceIsPassedOver() throws Exception {
        Path above = Files.createDirectories(situation.cache().getParent());
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
        ends("the directory above the cache is writable by everyone", TEMPORARY, "every user can replace", "chmod o-w");
    }

    @Test
    void anotherUsersCacheIsPassedOver() throws Exception {
        assumeTrue(Files.getOwner(directory).getName().equals("root"), "only root can give a directory away");
        situation.placeOfTheCopy();
        Files.setAttribute(situation.cache(), "unix:uid", 65534);
        ends("the cache belongs to another user", TEMPORARY, " belongs to ", "set XDG_CACHE_HOME");
    }

    // --- the temporary directory ----------------------------------------------------------------------------------

    @Test
    void aReadOnlyHomeIsPassedOver() throws Exception {
        situation.mount("home", "mount -o remount,ro");
        ends("the home is read-only", TEMPORARY, "Read-only file system");
    }

    @Test
    void aUserWithoutHomeNeedsNone() throws Exception {
        situation.java().with("-Duser.home=?");
        ends("the user has no home", TEMPORARY, "this user has no home directory");
        assertFalse(Files.exists(Path.of("?")), "a directory named ? was made");
        try (Stream<Path> left = Files.list(situation.temporary())) {
            assertEquals(List.of(), left.toList(), "left in the temporary directory");
        }
    }

    @Test
    void aHomeWithoutExecutionIsPassedOver() throws Exception {
        situation.mount("home", ":");
        ends("the home is mounted noexec", TEMPORARY, "perhaps its file system is mounted noexec");
    }

    // --- memory ---------------------------------------------------------------------------------------------------

    @Test
    void withoutExecutionAnywhereTheLibraryIsOpenedFromMemory() throws Exception {
        situation.mount("home", ":");
        situation.mount("temporary", ":");
        ends("home and temporary directory are mounted noexec", MEMORY, "mounted noexec");
    }

    @Test
    void withoutAnyDirectoryTheLibraryIsOpenedFromMemory() throws Exception {
        Path missing = directory.resolve("missing");
        situation.java().with("-Duser.home=?", "-Djava.io.tmpdir=" + missing);
        ends("no home, no temporary directory", MEMORY, missing.toString(), "-Djava.io.tmpdir names another");
    }

    // --- the reference backend ------------------------------------------------------------------------------------

    @Test
    void whereNothingCanBeWrittenTheReferenceRuns() throws Exception {
        situation.java().with("-XX:-UsePerfData").afterShell("ulimit -f 0");
        ends("no file may be written, not even in memory", REFERENCE, "user's cache", "temporary directory", "memory");
    }

    @Test
    void withoutNativeAccessTheReferenceRuns() throws Exception {
        situation.java().with("--illegal-native-access=deny");
        assertRefusedOnce(ends(
                "native access is denied",
                REFERENCE,
                "native access is denied; start Java with --enable-native-access=ALL-UNNAMED",
                "<argLine>--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void onAnUnknownProcessorTheReferenceRuns() throws Exception {
        situation.java().with("-Dos.arch=riscv64");
        ends("a processor without a library", REFERENCE, "no native library for linux-riscv64 (it has linux-");
    }

    @Test
    void aTruncatedPackedLibraryIsNotOpened() throws Exception {
        byte[] good = LoaderSituation.packed();
        situation.pack(Arrays.copyOf(good, good.length - 4096));
        ends("the packed library is truncated", REFERENCE, "it is truncated", "get the JAR anew");
    }

    @Test
    void aPackedLibraryForAnotherProcessorIsNotOpened() throws Exception {
        byte[] foreign = LoaderSituation.packed();
        foreign[18] = (byte) 0xf3; // e_machine of the ELF header: RISC-V
        situation.pack(foreign);
        ends(
                "the packed library is another processor's",
                REFERENCE,
                "it is built for another processor (machine 0xf3)");
    }

    @Test
    void aPackedLibraryOfAnotherVersionIsNotUsed() throws Exception {
        situation.pack(Files.readAllBytes(situation.libraryOfVersion(999)));
        assertRefusedOnce(ends(
                "the packed library is of another version",
                REFERENCE,
                "its interface is version 999, these classes need"));
    }

    @Test
    void aPackedLibraryWithoutKernelsIsNotOpened() throws Exception {
        situation.pack(LoaderKernels.missing());
        ends("the packed library has no kernels", REFERENCE, "its kernels are missing", "get the JAR anew");
    }

    @Test
    void theReferenceCanBeDemanded() throws Exception {
        situation.java().with("-Dsoftgrad.backend=reference");
        ends("-Dsoftgrad.backend=reference", REFERENCE, "refused, softgrad.backend=reference");
    }

    // --- another system, whose packed library has its kernels in Linux's ---------------------------------------------

    /// What is packed for that system is in truth the library for Linux, which can be opened here.
    private void startOnAnotherSystem(String processor, byte[] signed) throws Exception {
        String library = "freebsd-" + processor + "/libsoftgrad.so";
        situation.java().with("-Dos.name=FreeBSD", "-Dos.arch=" + processor);
        situation.pack(LoaderKernels.whole());
        situation.pack("META-INF/native/" + library, LoaderKernels.missing());
        situation.pack("META-INF/native/SHA256SUMS", LoaderKernels.sums(library, signed));
    }

    @Test
    void onAnotherSystemTheKernelsAreTakenFromLinux() throws Exception {
        startOnAnotherSystem(LoaderSituation.processor(), LoaderKernels.whole());
        ends("the kernels are in the library for Linux", CACHE);
        try (Stream<Path> copies = Files.list(situation.cache())) {
            byte[] copy = Files.readAllBytes(copies.findFirst().orElseThrow());
            assertTrue(Arrays.equals(LoaderKernels.whole(), copy), "it is not the whole library");
        }
    }

    @Test
    void onAnotherSystemOtherKernelsAreNotTaken() throws Exception {
        startOnAnotherSystem(LoaderSituation.processor(), LoaderKernels.missing());
        ends("the library for Linux has other kernels", REFERENCE, "it is not what /META-INF/native/SHA256SUMS says");
    }

    @Test
    void onAnotherSystemALibraryForLinuxWithoutKernelsIsNamed() throws Exception {
        startOnAnotherSystem(LoaderSituation.processor(), LoaderKernels.whole());
        situation.pack("no library at all".getBytes());
        ends("the library for Linux has no kernels", REFERENCE, "its kernels are not in /META-INF/native/linux-");
    }

    @Test
    void onAnotherSystemAMissingLibraryForLinuxIsNamed() throws Exception {
        startOnAnotherSystem("riscv64", LoaderKernels.whole());
        String library = "/META-INF/native/linux-riscv64/libsoftgrad.so";
        ends(
                "the library for Linux is not in the JAR",
                REFERENCE,
                "its kernels are in " + library + ", which is not there; get the JAR anew");
    }

    // --- an explicit path -----------------------------------------------------------------------------------------

    @Test
    void anExplicitPathIsTaken() throws Exception {
        situation.explicit(LoaderSituation.packed());
        ends("an explicit path", EXPLICIT);
        assertFalse(Files.exists(situation.cache()), "the cache was filled all the same");
    }

    @Test
    void anExplicitTruncatedLibraryIsNotOpened() throws Exception {
        byte[] good = LoaderSituation.packed();
        situation.explicit(Arrays.copyOf(good, good.length / 2));
        ends("an explicit path to a truncated library", REFUSED, "it is truncated");
    }

    @Test
    void anExplicitLibraryWithoutKernelsIsNotOpened() throws Exception {
        situation.explicit(LoaderKernels.missing());
        ends("an explicit path to a library without kernels", REFUSED, "its kernels are missing", "java -jar softgrad");
    }

    @Test
    void anExplicitLibraryWithKernelsIsTaken() throws Exception {
        situation.explicit(LoaderKernels.whole());
        ends("an explicit path to a library of a release", EXPLICIT);
    }

    @Test
    void anExplicitLibraryOfAnotherVersionIsNotUsed() throws Exception {
        situation.explicit(Files.readAllBytes(situation.libraryOfVersion(1)));
        ends("an explicit path to another version", REFUSED, "its interface is version 1, these classes need version");
    }

    @Test
    void anExplicitStrangerIsNotUsed() throws Exception {
        situation.explicit(Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib", "libjimage.so")));
        ends("an explicit path to another library", REFUSED, "it has no softgrad_abi_version");
    }

    @Test
    void anExplicitTextIsNotOpened() throws Exception {
        situation.explicit("no library at all".getBytes());
        ends("an explicit path to a text", REFUSED, "it is not an ELF library");
    }

    @Test
    void anExplicitMissingFileIsNamed() throws Exception {
        situation.java().with("-Dsoftgrad.native.path=" + directory.resolve("none.so"));
        ends("an explicit path to nothing", REFUSED, "none.so: there is no such file");
    }

    // --- several at once ------------------------------------------------------------------------------------------

    @Test
    void twoClassLoadersHaveTheLibraryEach() throws Exception {
        String output = situation.java().run(LoaderProbe.class, "loaders");
        String[] halves = output.split("(?=softgrad [^\n]* on Java)");
        assertEquals(
                2,
                Stream.of(halves).filter(half -> half.startsWith("softgrad ")).count(),
                output);
        ends("two class loaders: the first", halves[halves.length - 2], CACHE);
        ends("two class loaders: the second", halves[halves.length - 1], CACHE);
    }

    @Test
    void processesThatStartAtOnceShareOneCopy() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(situation.java().start(LoaderProbe.class));
        }
        for (Process process : processes) {
            ends(
                    "four processes at once: number " + (processes.indexOf(process) + 1),
                    LoaderChild.outputOf(process),
                    CACHE);
        }
        try (Stream<Path> copies = Files.list(situation.cache())) {
            assertEquals(1, copies.count(), "copies in the cache");
        }
    }

    @Test
    void threadsThatStartAtOnceGetOneBackend() throws Exception {
        ends("64 threads at once", situation.java().run(LoaderProbe.class, "threads", "64"), CACHE);
    }
}
