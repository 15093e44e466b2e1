package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import io.github.softgrad.kernel.ffi.generated.Symbols;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds and opens the native library, and says what stood in the way where it cannot.
///
/// An explicit path is taken or fails. Otherwise the library is a resource beside these classes; since an
/// operating system opens files, not resources, it is copied into the user's cache, or else into a temporary
/// directory, or else (on Linux, where both may be mounted without permission to execute) into memory.
///
/// The file is opened with [SymbolLookup#libraryLookup], which unlike `System.load` works in several class
/// loaders.
public final class NativeLibrary {

    /// The system property that names a library file to be used and nothing else.
    public static final String PATH_PROPERTY = "softgrad.native.path";

    private final List<String> refusals = new ArrayList<>();
    private String origin = "";

    private NativeLibrary() {}

    /// What came of opening the library.
    ///
    /// @param opened whether the native kernels can be used from now on
    /// @param origin where the library was found, if it was
    /// @param refusals why the places tried before were refused, with what would help
    public record Result(boolean opened, String origin, List<String> refusals) {}

    /// Opens exactly this file.
    public static Result openExplicit(Path file) {
        NativeLibrary library = new NativeLibrary();
        boolean opened;
        if (Files.isRegularFile(file)) {
            opened = library.accept(file.toString(), () -> lookup(file));
        } else {
            library.refuse(file.toString(), "there is no such file");
            opened = false;
        }
        return library.result(opened);
    }

    /// Opens the library that was packed with the classes.
    public static Result openPacked() {
        return openResource(resourceName());
    }

    /// Opens the library in the resource of this name.
    static Result openResource(String resource) {
        NativeLibrary library = new NativeLibrary();
        byte[] content;
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                library.refuse(resource, "this build has no native library for this platform");
                return library.result(false);
            }
            content = in.readAllBytes();
        } catch (IOException failure) {
            library.refuse(resource, "unreadable: " + failure);
            return library.result(false);
        }
        String fileName = resource.substring(resource.lastIndexOf('/') + 1);
        return library.result(library.fromCache(fileName, content)
                || library.fromTemporaryDirectory(fileName, content)
                || library.fromMemory(content));
    }

    /// The resource that holds the library for this platform, as in
    /// `/META-INF/native/linux-x86_64/libsoftgrad.so`.
    static String resourceName() {
        return "/META-INF/native/" + operatingSystem() + "-" + architecture() + "/" + System.mapLibraryName("softgrad");
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name.replace(' ', '-');
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("amd64") ? "x86_64" : name.equals("arm64") ? "aarch64" : name;
    }

    private boolean fromCache(String fileName, byte[] content) {
        Path directory = LibraryCache.userDirectory();
        try {
            Path file = LibraryCache.store(directory, fileName, content);
            return accept(file.toString(), () -> lookup(file));
        } catch (IOException | UncheckedIOException failure) {
            refuse(directory.toString(), "cannot hold a copy of the library: " + failure);
            return false;
        }
    }

    private boolean fromTemporaryDirectory(String fileName, byte[] content) {
        try {
            Path directory = LibraryCache.temporaryDirectory();
            Path file = LibraryCache.store(directory, fileName, content);
            boolean opened = accept(file.toString(), () -> lookup(file));
            LibraryCache.discard(file);
            return opened;
        } catch (IOException | UncheckedIOException failure) {
            refuse(System.getProperty("java.io.tmpdir"), "cannot hold a copy of the library: " + failure);
            return false;
        }
    }

    private boolean fromMemory(byte[] content) {
        return operatingSystem().equals("linux") && accept("memory", () -> MemoryFile.open(content));
    }

    @FunctionalInterface
    private interface Opening {
        SymbolLookup open() throws IOException;
    }

    /// Opens the library and, if it is one that these bindings fit, makes it the one in use.
    private boolean accept(String place, Opening opening) {
        try {
            SymbolLookup symbols = opening.open();
            int version = abiVersion(symbols);
            if (version != SoftgradHeader.SOFTGRAD_ABI_VERSION()) {
                refuse(
                        place,
                        "its interface is version " + version + ", these classes need version "
                                + SoftgradHeader.SOFTGRAD_ABI_VERSION());
                return false;
            }
            Symbols.use(symbols);
            origin = place;
            return true;
        } catch (IllegalCallerException denied) {
            refuse(place, "native access is denied; start Java with --enable-native-access=" + moduleName());
        } catch (IllegalArgumentException | UnsatisfiedLinkError failure) {
            refuse(place, whyNotOpened(place, failure));
        } catch (IOException | UnsupportedOperationException failure) {
            refuse(place, failure.toString());
        }
        return false;
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup lookup(Path file) {
        return SymbolLookup.libraryLookup(file, Arena.ofAuto());
    }

    @SuppressWarnings("restricted")
    private static int abiVersion(SymbolLookup symbols) {
        Optional<MemorySegment> address = symbols.find("softgrad_abi_version");
        if (address.isEmpty()) {
            throw new UnsatisfiedLinkError("it is not a Softgrad library: it has no softgrad_abi_version");
        }
        MethodHandle version =
                Linker.nativeLinker().downcallHandle(address.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        try {
            return (int) version.invokeExact();
        } catch (Throwable failure) {
            throw new AssertionError("a call without arguments cannot fail", failure);
        }
    }

    /// The virtual machine does not say why a library could not be opened, so the common causes are looked for.
    /// Asking whether a file can be executed also asks whether its file system lets anything be.
    private static String whyNotOpened(String place, Throwable failure) {
        if (failure instanceof UnsatisfiedLinkError) {
            return failure.getMessage();
        }
        Path file = Path.of(place);
        if (Files.isRegularFile(file) && !Files.isExecutable(file)) {
            return "the file may not be executed; perhaps its file system is mounted noexec";
        }
        return failure.getMessage() + "; perhaps it is damaged or built for another platform than " + operatingSystem()
                + "-" + architecture();
    }

    private static String moduleName() {
        Module module = NativeLibrary.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    private void refuse(String place, String reason) {
        refusals.add(place + ": " + reason);
    }

    private Result result(boolean opened) {
        return new Result(opened, origin, List.copyOf(refusals));
    }
}
