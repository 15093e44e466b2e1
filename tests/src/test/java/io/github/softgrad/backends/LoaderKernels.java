package io.github.softgrad.backends;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// The packed library as a released JAR has it for Linux and, with zeros in the place of the kernels, for other
/// systems. That of an ordinary build has no image of its kernels, so a small one is put behind it.
final class LoaderKernels {

    private static final String NAME = "softgrad kernels";
    private static final int ALIGNMENT = 512;
    private static final int SIZE = 16;
    private static final int CONTENT = 24;

    private LoaderKernels() {}

    static byte[] whole() throws IOException {
        byte[] packed = LoaderSituation.packed();
        if (start(packed) >= 0) {
            return packed;
        }
        int start = (packed.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] library = Arrays.copyOf(packed, start + ALIGNMENT);
        ByteBuffer image = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
        image.put(start, NAME.getBytes(StandardCharsets.US_ASCII)).putLong(start + SIZE, ALIGNMENT);
        Arrays.fill(library, start + CONTENT, library.length, (byte) 1);
        return library;
    }

    static byte[] missing() throws IOException {
        byte[] library = whole();
        int start = start(library);
        int size = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN).getInt(start + SIZE);
        Arrays.fill(library, start + CONTENT, start + size, (byte) 0);
        return library;
    }

    /// A table of sums with one line.
    static byte[] sums(String file, byte[] library) throws Exception {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(library);
        return (HexFormat.of().formatHex(sum) + "  " + file + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static int start(byte[] library) {
        return new String(library, StandardCharsets.ISO_8859_1).indexOf(NAME);
    }
}
