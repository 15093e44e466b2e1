package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import io.github.softgrad.kernel.ffi.generated.Symbols;
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
import java.util.ArrayList;
import java.util.List;
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

    private final Platform platform = Platform.here();
    private final boolean warns = !NativeLibrary.class.getModule().isNativeAccessEnabled();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private String origin = "";
    private boolean hopeless;

    private NativeLibrary() {}

    /// What came of opening the library.
    ///
    /// @param opened whether the native kernels can be used from now on
    /// @param origin where the library was found, if it was
    /// @param refusals why the places tried before were refused, with what would help
    /// @param flags options of the virtual machine that it should be started with
    public record Result(boolean opened, String origin, List<String> refusals, List<String> flags) {}

    /// The option of the virtual machine that lets these classes call native code without a warning.
    public static String accessFlag() {
        Module module = NativeLibrary.class.getModule();
        return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    /// Opens exactly this file.
    public static Result openExplicit(Path file) {
        NativeLibrary library = new NativeLibrary();
        return library.result(library.isSound(file) && library.accept(file.toString(), () -> lookup(file)));
    }

    /// Opens the library that was packed with the classes.
    public static Result openPacked() {
        NativeLibrary library = new NativeLibrary();
        String resource = library.platform.resource();
        try {
            byte[] content = PackedLibrary.read(library.platform);
            return library.result(library.openCopy(resource.substring(resource.lastIndexOf('/') + 1), content));
        } catch (IOException failure) {
            library.refuse(resource, reason(failure));
            return library.result(false);
        }
    }

    private boolean isSound(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                refuse(file.toString(), "there is no such file");
                return false;
            }
            Optional<String> fault = LibraryImage.fault(file, platform);
            fault.ifPresent(reason -> refuse(file.toString(), reason));
            return fault.isEmpty();
        } catch (IOException unreadable) {
            refuse(file.toString(), "it cannot be read: " + reason(unreadable));
            return false;
        }
    }

    /// Tries the places one after the other, until what was wrong with one would be wrong with each.
    private boolean openCopy(String fileName, byte[] content) {
        return fromCache(fileName, content)
                || !hopeless && fromTemporaryDirectory(fileName, content)
                || !hopeless && platform.isLinux() && accept("memory", () -> MemoryFile.open(content));
    }

    private boolean fromCache(String fileName, byte[] content) {
        try {
            Path file = LibraryCache.store(LibraryCache.userDirectory(), fileName, content);
            return accept(file.toString(), () -> lookup(file));
        } catch (IOException failure) {
            refuse("user's cache", "it cannot hold a copy of the library: " + reason(failure));
            return false;
        }
    }

    private boolean fromTemporaryDirectory(String fileName, byte[] content) {
        try {
            Path directory = LibraryCache.temporaryDirectory();
            try {
                Path file = LibraryCache.store(directory, fileName, content);
                return accept(file.toString(), () -> lookup(file));
            } finally {
                LibraryCache.discard(directory);
            }
        } catch (IOException failure) {
            refuse(
                    "temporary directory",
                    "it cannot hold a copy of the library: " + reason(failure) + "; -Djava.io.tmpdir names another");
            return false;
        }
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
            if (version == SoftgradHeader.SOFTGRAD_ABI_VERSION()) {
                Symbols.use(symbols);
                origin = place;
                if (warns) {
                    flags.add(accessFlag());
                }
                return true;
            }
            hopeless = true;
            refuse(
                    place,
                    "its interface is version " + version + ", these classes need version "
                            + SoftgradHeader.SOFTGRAD_ABI_VERSION() + "; take both from one build");
        } catch (IllegalCallerException denied) {
            hopeless = true;
            flags.add(accessFlag());
            refuse(place, "native access is denied; start Java with " + accessFlag());
        } catch (IllegalArgumentException | UnsatisfiedLinkError failure) {
            refuse(place, whyNotOpened(place, failure));
        } catch (IOException failure) {
            refuse(place, reason(failure));
        } catch (UnsupportedOperationException noLinker) {
            refuse(place, "this virtual machine cannot call native code: " + noLinker.getMessage());
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
    private String whyNotOpened(String place, Throwable failure) {
        if (failure instanceof UnsatisfiedLinkError) {
            return failure.getMessage();
        }
        Path file = Path.of(place);
        if (Files.isRegularFile(file) && !Files.isExecutable(file)) {
            return "the file may not be executed; perhaps its file system is mounted noexec (XDG_CACHE_HOME and"
                    + " -Djava.io.tmpdir name other places)";
        }
        return failure.getMessage() + "; perhaps it needs other libraries or a newer system than this " + platform;
    }

    /// Messages of file systems are mostly a file's name; what happened is the name of their class.
    private static String reason(IOException failure) {
        return failure.getClass() == IOException.class ? failure.getMessage() : failure.toString();
    }

    private void refuse(String place, String reason) {
        refusals.add(place + ": " + reason);
    }

    private Result result(boolean opened) {
        return new Result(opened, origin, List.copyOf(refusals), List.copyOf(flags));
    }
}
