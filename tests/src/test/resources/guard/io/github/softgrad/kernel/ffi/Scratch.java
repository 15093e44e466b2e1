package io.github.softgrad.kernel.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// Stands in the place of the library's own class of this name: every part that a kernel gets lies beside a
/// page that nobody may touch, so that the virtual machine ends where a kernel reads or writes past what Java
/// gave it.
///
/// The system property `guard` says on which side: `end` or `begin`.
final class Scratch implements AutoCloseable {

    private static final long PAGE = 4096;
    private static final boolean AT_END = System.getProperty("guard").equals("end");
    private static final int GARBAGE = 0xff;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MAP = handle(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle PROTECT = handle(
            "mprotect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle UNMAP = handle(
            "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private record Mapping(MemorySegment address, long bytes) {}

    private final List<Mapping> mappings = new ArrayList<>();

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
    }

    static Scratch ofDoubles(long count, int parts) {
        return new Scratch();
    }

    MemorySegment doubles(long count) {
        return bytes(count * Double.BYTES);
    }

    /// The bytes lie between two pages without access, and touch that of the side asked for.
    MemorySegment bytes(long count) {
        long inside = Math.max((count + PAGE - 1) / PAGE * PAGE, PAGE);
        MemorySegment all = map(inside + 2 * PAGE);
        protect(all, PAGE);
        protect(MemorySegment.ofAddress(all.address() + PAGE + inside), PAGE);
        long first = AT_END ? all.address() + PAGE + inside - count : all.address() + PAGE;
        return MemorySegment.ofAddress(first).reinterpret(count).fill((byte) GARBAGE);
    }

    private MemorySegment map(long bytes) {
        int readAndWrite = 3;
        int privateAndAnonymous = 0x22;
        try {
            MemorySegment address = (MemorySegment)
                    MAP.invokeExact(MemorySegment.NULL, bytes, readAndWrite, privateAndAnonymous, -1, 0L);
            if (address.address() == -1) {
                throw new OutOfMemoryError("no " + bytes + " bytes to map");
            }
            mappings.add(new Mapping(address, bytes));
            return address;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static void protect(MemorySegment page, long bytes) {
        try {
            if ((int) PROTECT.invokeExact(page, bytes, 0) != 0) {
                throw new IllegalStateException("a page cannot be protected");
            }
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    MemorySegment copyOf(double[] data, int offset, int count) {
        return copyOf(numbers(data, offset, count));
    }

    MemorySegment copyOf(MemorySegment data) {
        return bytes(data.byteSize()).copyFrom(data);
    }

    static void copy(MemorySegment part, double[] target, int offset, int count) {
        numbers(target, offset, count).copyFrom(part.asSlice(0, (long) count * Double.BYTES));
    }

    static void copy(MemorySegment from, MemorySegment to) {
        to.copyFrom(from);
    }

    private static MemorySegment numbers(double[] data, int offset, int count) {
        return MemorySegment.ofArray(data).asSlice((long) offset * Double.BYTES, (long) count * Double.BYTES);
    }

    @Override
    public void close() {
        for (Mapping mapping : mappings) {
            try {
                int status = (int) UNMAP.invokeExact(mapping.address(), mapping.bytes());
                assert status == 0;
            } catch (Throwable failure) {
                throw new AssertionError(failure);
            }
        }
        mappings.clear();
    }
}
