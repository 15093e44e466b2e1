package io.github.softgrad.kernel.ffi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/// A look at a library before the operating system maps it, which would end the process with a bus error where
/// part of the file is missing.
///
/// Sources: the System V ABI (ELF-64 object file format, version 1.5), Microsoft's "PE Format", Apple's
/// `mach-o/loader.h`. All of it is little-endian on the platforms that there are libraries for.
final class LibraryImage {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int ELF_MAGIC = 0x464c457f;
    private static final int ELF_LOADABLE = 1;
    private static final short PE_MAGIC = 0x5a4d;
    private static final int PE_SIGNATURE = 0x4550;
    private static final int MACH_MAGIC = 0xfeedfacf;
    private static final int MACH_MAGIC_OF_SEVERAL = 0xbebafeca;
    private static final int MACH_SEGMENT = 0x19;

    private final MemorySegment image;
    private final Platform platform;

    private LibraryImage(MemorySegment image, Platform platform) {
        this.image = image;
        this.platform = platform;
    }

    /// What is wrong with the library in this file, if anything is.
    static Optional<String> fault(Path file, Platform platform) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            return fault(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), platform);
        }
    }

    /// What is wrong with this library, if anything is.
    static Optional<String> fault(MemorySegment image, Platform platform) {
        LibraryImage library = new LibraryImage(image, platform);
        try {
            return library.faultOfFormat().or(library::faultOfKernels);
        } catch (IndexOutOfBoundsException beyondTheEnd) {
            return Optional.of("it is truncated: its headers go beyond its " + image.byteSize() + " bytes");
        }
    }

    private Optional<String> faultOfFormat() {
        return switch (platform.system()) {
            case "windows" -> faultOfPortableExecutable();
            case "macos" -> faultOfMach();
            default -> faultOfElf();
        };
    }

    private Optional<String> faultOfElf() {
        if (intAt(0) != ELF_MAGIC) {
            return Optional.of("it is not an ELF library");
        }
        int machine = shortAt(18);
        if (!isFor(machine, 62, 183)) {
            return Optional.of(wrongMachine(machine));
        }
        long end = longAt(40) + (long) shortAt(58) * shortAt(60);
        long segments = longAt(32);
        for (int i = 0; i < shortAt(56); i++) {
            long segment = segments + (long) i * shortAt(54);
            if (intAt(segment) == ELF_LOADABLE) {
                end = Math.max(end, longAt(segment + 8) + longAt(segment + 32));
            }
        }
        return faultOfEnd(end);
    }

    private Optional<String> faultOfPortableExecutable() {
        long header = shortAt(0) == PE_MAGIC ? intAt(60) : -1;
        if (header < 0 || intAt(header) != PE_SIGNATURE) {
            return Optional.of("it is not a Windows library");
        }
        int machine = shortAt(header + 4);
        if (!isFor(machine, 0x8664, 0xaa64)) {
            return Optional.of(wrongMachine(machine));
        }
        long sections = header + 24 + shortAt(header + 20);
        long end = 0;
        for (int i = 0; i < shortAt(header + 6); i++) {
            long section = sections + 40L * i;
            end = Math.max(
                    end, Integer.toUnsignedLong(intAt(section + 16)) + Integer.toUnsignedLong(intAt(section + 20)));
        }
        return faultOfEnd(end);
    }

    private Optional<String> faultOfMach() {
        if (intAt(0) == MACH_MAGIC_OF_SEVERAL) {
            return Optional.empty(); // the libraries in a universal file stand behind it; dyld looks for itself
        }
        if (intAt(0) != MACH_MAGIC) {
            return Optional.of("it is not a Mach-O library");
        }
        int machine = intAt(4);
        if (!isFor(machine, 0x1000007, 0x100000c)) {
            return Optional.of(wrongMachine(machine));
        }
        long command = 32;
        long end = command + intAt(20);
        for (int i = 0; i < intAt(16); i++) {
            if (intAt(command) == MACH_SEGMENT) {
                end = Math.max(end, longAt(command + 40) + longAt(command + 48));
            }
            int size = intAt(command + 4);
            if (size <= 0) {
                return Optional.of("it is damaged: a load command of no size");
            }
            command += size;
        }
        return faultOfEnd(end);
    }

    private Optional<String> faultOfKernels() {
        return KernelImage.in(image)
                .filter(KernelImage::isMissing)
                .map(kernels -> "its kernels are missing, as in every library that was taken out of a JAR but those"
                        + " for Linux; on this machine java -jar softgrad.jar says where it has put a whole one");
    }

    /// A processor that we have no number for is left to the operating system to judge.
    private boolean isFor(int machine, int x86, int arm) {
        return switch (platform.processor()) {
            case "x86_64" -> machine == x86;
            case "aarch64" -> machine == arm;
            default -> true;
        };
    }

    private String wrongMachine(int machine) {
        return "it is built for another processor (machine 0x" + Integer.toHexString(machine) + ") than " + platform;
    }

    private Optional<String> faultOfEnd(long end) {
        return end >= 0 && end <= image.byteSize()
                ? Optional.empty()
                : Optional.of(
                        "it is truncated or damaged: it has " + image.byteSize() + " bytes and says it has " + end);
    }

    private int shortAt(long offset) {
        return Short.toUnsignedInt(image.get(SHORT, offset));
    }

    private int intAt(long offset) {
        return image.get(INT, offset);
    }

    private long longAt(long offset) {
        return image.get(LONG, offset);
    }
}
