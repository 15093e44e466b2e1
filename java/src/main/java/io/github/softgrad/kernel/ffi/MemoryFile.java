package io.github.softgrad.kernel.ffi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A library opened from a file that exists in memory only: Linux's `memfd_create(2)`. It needs no directory
/// that may be written to and executed from.
final class MemoryFile {

    private MemoryFile() {}

    static SymbolLookup open(byte[] content) throws IOException {
        String path = "/proc/self/fd/" + create();
        Files.write(Path.of(path), content);
        return lookup(path);
    }

    /// Returns a file descriptor. It is left open: it is one for the life of the process.
    @SuppressWarnings("restricted")
    private static int create() throws IOException {
        MethodHandle create = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("memfd_create"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("softgrad");
            descriptor = (int) create.invokeExact(name, 0);
        } catch (Throwable failure) {
            throw new IOException("memfd_create failed", failure);
        }
        if (descriptor < 0) {
            throw new IOException("memfd_create returned " + descriptor);
        }
        return descriptor;
    }

    /// The overload for names: the one for paths resolves the link, whose target has no name in any directory.
    @SuppressWarnings("restricted")
    private static SymbolLookup lookup(String path) {
        return SymbolLookup.libraryLookup(path, Arena.ofAuto());
    }
}
