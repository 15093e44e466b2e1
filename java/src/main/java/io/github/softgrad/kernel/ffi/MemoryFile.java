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

    private static final int CLOSE_ON_EXEC = 0x1;

    /// For systems where such files are not executable unless asked (`vm.memfd_noexec`); from Linux 6.3 on.
    private static final int EXECUTABLE = 0x10;

    private MemoryFile() {}

    static SymbolLookup open(byte[] content) throws IOException {
        String path = "/proc/self/fd/" + create();
        Files.write(Path.of(path), content);
        return lookup(path);
    }

    /// Returns a file descriptor. It is left open for the life of the process, so that the path stays its own:
    /// the dynamic linker takes a path that it has seen for the library that was there then.
    @SuppressWarnings("restricted")
    private static int create() throws IOException {
        MemorySegment function = Linker.nativeLinker()
                .defaultLookup()
                .find("memfd_create")
                .orElseThrow(() -> new IOException("this C library has no memfd_create"));
        MethodHandle create = Linker.nativeLinker()
                .downcallHandle(
                        function,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("softgrad");
            descriptor = (int) create.invokeExact(name, CLOSE_ON_EXEC | EXECUTABLE);
            if (descriptor < 0) {
                descriptor = (int) create.invokeExact(name, CLOSE_ON_EXEC);
            }
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
