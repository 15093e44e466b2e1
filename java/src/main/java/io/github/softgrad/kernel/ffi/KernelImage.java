package io.github.softgrad.kernel.ffi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/// The kernels inside a library of a release. They are the same bytes on every system of a processor, so a JAR
/// has them in its library for Linux alone and zeros in those for other systems, until they are copied over.
///
/// Layout: `native/release/kernels.lds`. A library that was built for its own machine has no image.
final class KernelImage {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    // An image begins with the text "softgrad kernels", read as two numbers, then its size.
    private static final long SOFTGRAD = 0x6461726774666f73L;
    private static final long KERNELS = 0x736c656e72656b20L;
    private static final long SIZE = 2 * Long.BYTES;
    private static final long CONTENT = 3 * Long.BYTES;

    /// An image begins at a page of memory, hence at a multiple of this in the file of any system.
    private static final long ALIGNMENT = 512;

    private final MemorySegment image;

    private KernelImage(MemorySegment image) {
        this.image = image;
    }

    static Optional<KernelImage> in(MemorySegment library) {
        for (long start = 0; start + CONTENT < library.byteSize(); start += ALIGNMENT) {
            if (library.get(LONG, start) == SOFTGRAD && library.get(LONG, start + Long.BYTES) == KERNELS) {
                long size = library.get(LONG, start + SIZE);
                boolean fits = size > CONTENT && size <= library.byteSize() - start;
                return fits ? Optional.of(new KernelImage(library.asSlice(start, size))) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    boolean isMissing() {
        return image.get(ValueLayout.JAVA_BYTE, CONTENT) == 0;
    }

    /// Whether the other image can be copied over this one.
    boolean fits(KernelImage other) {
        return image.byteSize() == other.image.byteSize();
    }

    void copyFrom(KernelImage other) {
        image.copyFrom(other.image);
    }
}
