package io.github.softgrad.kernel.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/// The library beside these classes, whole: what a released JAR has once for several systems is put together.
final class PackedLibrary {

    private static final String SUMS = "/META-INF/native/SHA256SUMS";
    private static final String REMEDY = "; get the JAR anew";

    private PackedLibrary() {}

    /// Returns the library for this platform, or says in an exception why there is none that could be opened.
    static byte[] read(Platform platform) throws IOException {
        byte[] library = resource(platform.resource()).orElseThrow(() -> new IOException(whyNotPacked(platform)));
        if (!platform.isLinux()) {
            restoreKernels(library, platform);
        }
        Optional<String> fault = LibraryImage.fault(MemorySegment.ofArray(library), platform);
        if (fault.isPresent()) {
            throw new IOException(fault.get() + REMEDY);
        }
        return library;
    }

    private static void restoreKernels(byte[] library, Platform platform) throws IOException {
        Optional<KernelImage> missing =
                KernelImage.in(MemorySegment.ofArray(library)).filter(KernelImage::isMissing);
        if (missing.isEmpty()) {
            return;
        }
        String source = platform.onLinux().resource();
        byte[] other = resource(source)
                .orElseThrow(() -> new IOException("its kernels are in " + source + ", which is not there" + REMEDY));
        KernelImage kernels = KernelImage.in(MemorySegment.ofArray(other))
                .filter(missing.get()::fits)
                .orElseThrow(() -> new IOException("its kernels are not in " + source + REMEDY));
        missing.get().copyFrom(kernels);
        requireSum(library, platform);
    }

    /// A Mac ends a process whose library is not what was signed, so it is not left to find that out.
    private static void requireSum(byte[] library, Platform platform) throws IOException {
        String sums = new String(resource(SUMS).orElse(new byte[0]), StandardCharsets.UTF_8);
        String line = LibraryCache.sha256(library) + "  " + platform.file();
        if (sums.lines().noneMatch(line::equals)) {
            throw new IOException("with its kernels it is not what " + SUMS + " says" + REMEDY);
        }
    }

    private static String whyNotPacked(Platform platform) {
        String packed = Platform.packed().stream().map(Platform::toString).collect(Collectors.joining(", "));
        return "this build has no native library for " + platform + " (it has " + (packed.isEmpty() ? "none" : packed)
                + "); a released JAR may have, or build Softgrad on this machine";
    }

    private static Optional<byte[]> resource(String name) throws IOException {
        try (InputStream in = PackedLibrary.class.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException failure) {
            throw new IOException(name + " cannot be read: " + failure, failure);
        }
    }
}
