package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.ffi.InstructionSet;
import io.github.softgrad.kernel.ffi.NativeKernels;
import io.github.softgrad.kernel.ffi.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The native kernels for tests, whichever backend the library itself runs on; a test that asks for them is
/// skipped, with the reason, where they were not built.
final class NativeBackend {

    private static final NativeLibrary.Result LIBRARY = open();

    private NativeBackend() {}

    /// Skips the test that calls this if there is no native library.
    static void require() {
        assumeTrue(LIBRARY.opened(), () -> "no native library: " + String.join("; ", LIBRARY.refusals()));
    }

    static Kernels kernels() {
        require();
        return new NativeKernels();
    }

    /// Where the library was found.
    static String origin() {
        require();
        return LIBRARY.origin();
    }

    /// The instruction sets that can be told apart on this machine.
    static List<InstructionSet> instructionSets() {
        return Stream.of(InstructionSet.BASELINE, InstructionSet.NEON, InstructionSet.AVX2, InstructionSet.AVX512)
                .filter(set -> under(set, ignored -> {}))
                .toList();
    }

    /// Runs the check under each instruction set of this machine.
    static void underEachInstructionSet(Consumer<Kernels> check) {
        Kernels kernels = kernels();
        instructionSets().forEach(set -> under(set, ignored -> check.accept(kernels)));
    }

    /// Runs the action with this set in use; returns false, without running it, if the machine does not have
    /// the set.
    private static boolean under(InstructionSet set, Consumer<InstructionSet> action) {
        String before = InstructionSet.inUse();
        try {
            boolean isHere = set.tryCap() && (set == InstructionSet.BASELINE || set.isInUse());
            if (isHere) {
                action.accept(set);
            }
            return isHere;
        } finally {
            InstructionSet.named(before).cap();
        }
    }

    private static NativeLibrary.Result open() {
        String path = System.getProperty(NativeLibrary.PATH_PROPERTY);
        return path == null ? NativeLibrary.openPacked() : NativeLibrary.openExplicit(Path.of(path));
    }
}
