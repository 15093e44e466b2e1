package io.github.softgrad.release;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Libraries of Windows. Reference: Microsoft, "PE Format"; 64 bits.
final class PortableExecutable {

    private static final Map<Short, String> ARCHITECTURES = Map.of((short) 0x8664, "x86_64", (short) 0xaa64, "aarch64");
    private static final int FILE_HEADER_SIZE = 24;
    private static final int SECTION_HEADER_SIZE = 40;
    private static final int IMPORT_ENTRY_SIZE = 20;

    private final ByteBuffer file;
    private final int header;

    private PortableExecutable(ByteBuffer file) {
        this.file = file;
        this.header = file.getInt(0x3c);
        if (file.getShort(0) != 0x5a4d || file.getInt(header) != 0x4550) {
            throw new IllegalArgumentException("it is neither ELF nor Mach-O nor PE");
        }
    }

    static NativeFile read(ByteBuffer file) {
        PortableExecutable library = new PortableExecutable(file);
        String architecture = ARCHITECTURES.getOrDefault(file.getShort(library.header + 4), "unknown");
        return new NativeFile("PE", architecture, library.exported(), Set.of(), library.needed(), false);
    }

    private Set<String> exported() {
        Set<String> names = new TreeSet<>();
        int directory = offset(directoryAddress(0));
        int table = offset(file.getInt(directory + 32));
        for (int index = 0; index < file.getInt(directory + 24); index++) {
            names.add(NativeFile.text(file, offset(file.getInt(table + 4 * index))));
        }
        return names;
    }

    /// What Windows leaves undefined is always asked of a library by name, so there is no list of its own.
    private Set<String> needed() {
        Set<String> names = new TreeSet<>();
        if (directoryAddress(1) != 0) {
            for (int entry = offset(directoryAddress(1)); file.getInt(entry + 12) != 0; entry += IMPORT_ENTRY_SIZE) {
                names.add(NativeFile.text(file, offset(file.getInt(entry + 12))));
            }
        }
        return names;
    }

    private int directoryAddress(int index) {
        return file.getInt(header + FILE_HEADER_SIZE + 112 + 8 * index);
    }

    /// Where in the file the byte is that is loaded at this address.
    private int offset(int address) {
        int sections = header + FILE_HEADER_SIZE + file.getShort(header + 20);
        for (int index = 0; index < file.getShort(header + 6); index++) {
            int section = sections + index * SECTION_HEADER_SIZE;
            int start = file.getInt(section + 12);
            if (address >= start && address < start + file.getInt(section + 16)) {
                return address - start + file.getInt(section + 20);
            }
        }
        throw new IllegalArgumentException("no section holds the address " + address);
    }
}
