package io.github.softgrad.release;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What the headers of a shared library say about it.
///
/// @param format ELF, PE or Mach-O
/// @param architecture in Java's terms
/// @param exported names of the functions it offers
/// @param undefined names that something else would have to define
/// @param needed libraries that are loaded with it
/// @param signed whether a signature covers its content, and the content is what was signed
record NativeFile(
        String format,
        String architecture,
        Set<String> exported,
        Set<String> undefined,
        Set<String> needed,
        boolean signed) {

    static NativeFile of(byte[] content) {
        ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return switch (file.getInt(0)) {
            case ElfFile.MAGIC -> ElfFile.read(file);
            case MachOFile.MAGIC -> MachOFile.read(file);
            default -> PortableExecutable.read(file);
        };
    }

    /// The text at `offset`, up to a zero byte.
    static String text(ByteBuffer file, int offset) {
        int end = offset;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), offset, end - offset, StandardCharsets.UTF_8);
    }
}
