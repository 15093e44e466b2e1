package io.github.softgrad.kernel;

import io.github.softgrad.kernel.ffi.InstructionSet;
import io.github.softgrad.kernel.ffi.NativeKernels;
import io.github.softgrad.kernel.ffi.NativeLibrary;
import io.github.softgrad.kernel.reference.ReferenceKernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The backend for axis-wise kernels in use, chosen once, at the first call.
///
/// The system property `softgrad.backend` forces `native` or `reference`; without it the native backend is
/// taken where its library opens, and the reference where it does not, which is logged once.
/// `softgrad.native.path` names a library file to be used and nothing else, and `softgrad.isa` caps the
/// instruction set.
public final class ActiveKernels {

    private static final String PROPERTY = "softgrad.backend";

    private record Choice(Kernels kernels, List<String> report, List<String> flags) {}

    private static volatile Choice choice;

    private ActiveKernels() {}

    /// The backend in use.
    ///
    /// *Throws* [IllegalStateException] if a property forces a backend or a library that cannot be used, and
    /// [IllegalArgumentException] if a property has a value that means nothing.
    public static Kernels get() {
        return chosen().kernels();
    }

    /// One line that names the backend in use, and one for each place that was refused, with what would help.
    public static List<String> report() {
        return chosen().report();
    }

    /// The options of the virtual machine with which it would be chosen better, or without a warning.
    public static List<String> flags() {
        return chosen().flags();
    }

    private static Choice chosen() {
        Choice current = choice;
        return current != null ? current : choose();
    }

    private static synchronized Choice choose() {
        if (choice == null) {
            choice = choose(
                    System.getProperty(PROPERTY),
                    System.getProperty(NativeLibrary.PATH_PROPERTY),
                    System.getProperty(InstructionSet.PROPERTY));
        }
        return choice;
    }

    private static Choice choose(String forced, String path, String instructionSet) {
        return switch (forced) {
            case "reference" -> reference(List.of("native: refused, " + PROPERTY + "=reference"), List.of());
            case "native" -> nativeOrNothing(path, instructionSet);
            case null -> path != null ? nativeOrNothing(path, instructionSet) : nativeOrReference(instructionSet);
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be native or reference, was \"" + forced + "\"");
        };
    }

    private static Choice nativeOrNothing(String path, String instructionSet) {
        NativeLibrary.Result library =
                open(path != null ? () -> NativeLibrary.openExplicit(Path.of(path)) : NativeLibrary::openPacked);
        if (!library.opened()) {
            String demand = path != null ? NativeLibrary.PATH_PROPERTY + "=" + path : PROPERTY + "=native";
            throw new IllegalStateException(
                    demand + ", but the native library cannot be used: " + String.join("; ", library.refusals()));
        }
        return nativeKernels(library, instructionSet);
    }

    private static Choice nativeOrReference(String instructionSet) {
        NativeLibrary.Result library = open(NativeLibrary::openPacked);
        if (library.opened()) {
            return nativeKernels(library, instructionSet);
        }
        List<String> refused = refused(library);
        System.getLogger("io.github.softgrad")
                .log(
                        System.Logger.Level.INFO,
                        "Softgrad runs without its native library, which is slower ({0}). "
                                + "-D{1}=reference silences this.",
                        String.join("; ", refused),
                        PROPERTY);
        return reference(refused, library.flags());
    }

    /// An interrupt closes files that are being read or written. It must not decide the backend of the whole
    /// process, so it waits.
    private static NativeLibrary.Result open(Supplier<NativeLibrary.Result> opening) {
        boolean interrupted = false;
        try {
            NativeLibrary.Result library;
            do {
                interrupted |= Thread.interrupted();
                library = opening.get();
            } while (!library.opened() && Thread.currentThread().isInterrupted());
            return library;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Choice nativeKernels(NativeLibrary.Result library, String instructionSet) {
        if (instructionSet != null) {
            InstructionSet.named(instructionSet).cap();
        }
        Kernels kernels = new NativeKernels();
        List<String> report = new ArrayList<>();
        report.add("kernels: " + kernels.description() + ", from " + library.origin());
        report.addAll(refused(library));
        return new Choice(kernels, List.copyOf(report), library.flags());
    }

    private static Choice reference(List<String> refused, List<String> flags) {
        Kernels kernels = new ReferenceKernels();
        List<String> report = new ArrayList<>();
        report.add("kernels: " + kernels.description());
        report.addAll(refused);
        return new Choice(kernels, List.copyOf(report), flags);
    }

    private static List<String> refused(NativeLibrary.Result library) {
        return library.refusals().stream()
                .map(reason -> "native: refused, " + reason)
                .toList();
    }
}
