package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.kernel.ffi.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Opening half a file would end this process, so a part that gets through to the operating system shows.
@DisplayName("A library that is cut short or another machine's is refused before the operating system sees it")
class LoaderImageTest {

    private static final int SIZE = 4096;

    @TempDir
    Path directory;

    /// The formats of libraries, each with the system that has it; the smallest image that says how long it is.
    enum Format {
        ELF("Linux", "linux", "libsoftgrad.so", 18) {
            @Override
            void write(ByteBuffer image) {
                image.putInt(0, 0x464c457f).putShort(18, (short) 62);
                image.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
                image.putInt(64, 1).putLong(64 + 8, SIZE / 2).putLong(64 + 32, SIZE / 2);
            }
        },
        PORTABLE_EXECUTABLE("Windows 11", "windows", "softgrad.dll", 128 + 4) {
            @Override
            void write(ByteBuffer image) {
                image.putShort(0, (short) 0x5a4d).putInt(60, 128);
                image.putInt(128, 0x4550).putShort(132, (short) 0x8664);
                image.putShort(134, (short) 1).putShort(148, (short) 240);
                int section = 128 + 24 + 240;
                image.putInt(section + 16, SIZE / 2).putInt(section + 20, SIZE / 2);
            }
        },
        MACH("Mac OS X", "macos", "libsoftgrad.dylib", 4) {
            @Override
            void write(ByteBuffer image) {
                image.putInt(0, 0xfeedfacf).putInt(4, 0x1000007);
                image.putInt(16, 1).putInt(20, 72);
                image.putInt(32, 0x19).putInt(36, 72);
                image.putLong(72, SIZE / 2).putLong(80, SIZE / 2);
            }
        };

        private final String system;
        private final String folder;
        private final String file;
        private final int machine;

        Format(String system, String folder, String file, int machine) {
            this.system = system;
            this.folder = folder;
            this.file = file;
            this.machine = machine;
        }

        abstract void write(ByteBuffer image);

        byte[] image() {
            ByteBuffer image = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
            write(image);
            return image.array();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPartOfAnImageIsRefused(Format format) throws IOException {
        for (int size : List.of(0, 1, 3, 17, 63, 64, 100, 500, SIZE / 2, SIZE - 1)) {
            String said = refusal(format, "amd64", Arrays.copyOf(format.image(), size));
            assertTrue(said.contains("it is truncated"), () -> size + " bytes of " + format + ": " + said);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherProcessorsImageIsRefused(Format format) throws IOException {
        String said = refusal(format, "aarch64", format.image());
        assertTrue(said.contains("it is built for another processor"), said);
        byte[] unheardOf = format.image();
        unheardOf[format.machine] = 1;
        String saidOfIt = refusal(format, "amd64", unheardOf);
        assertTrue(saidOfIt.contains("it is built for another processor"), saidOfIt);
    }

    @ParameterizedTest
    @EnumSource
    void anotherSystemsImageIsRefused(Format format) throws IOException {
        for (Format other : Format.values()) {
            String said = other == format ? "it is not " : refusal(format, "amd64", other.image());
            assertTrue(said.contains("it is not "), () -> other + " for " + format + ": " + said);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPackedIsSoundAndNoPartOfItIs(Format format) throws IOException {
        for (String processor : List.of("x86_64", "aarch64")) {
            String resource = "/META-INF/native/" + format.folder + "-" + processor + "/" + format.file;
            try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
                if (in != null) { // a developer's build has one, a release all six
                    checkPacked(format, processor, in.readAllBytes());
                }
            }
        }
    }

    private void checkPacked(Format format, String processor, byte[] whole) throws IOException {
        if (!isHere(format, processor)) { // here it would be opened, which other tests do
            String said = refusal(format, processor, whole);
            assertFalse(said.contains("truncated") || said.contains("processor") || said.contains("it is not"), said);
        }
        for (int size : List.of(1, 100, whole.length / 2, whole.length - 1)) {
            String said = refusal(format, processor, Arrays.copyOf(whole, size));
            assertTrue(said.contains("it is truncated"), () -> size + " bytes for " + format + processor + ": " + said);
        }
    }

    private static boolean isHere(Format format, String processor) {
        return System.getProperty("os.name").startsWith(format.system)
                && System.getProperty("os.arch").equals(processor.equals("x86_64") ? "amd64" : processor);
    }

    /// Why a library is not opened on a machine of this kind.
    private String refusal(Format format, String processor, byte[] content) throws IOException {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        Path file = Files.write(directory.resolve(format.file), content);
        System.setProperty("os.name", format.system);
        System.setProperty("os.arch", processor);
        try {
            NativeLibrary.Result result = NativeLibrary.openExplicit(file);
            assertFalse(result.opened());
            return String.join("; ", result.refusals());
        } finally {
            System.setProperty("os.name", system);
            System.setProperty("os.arch", architecture);
        }
    }
}
