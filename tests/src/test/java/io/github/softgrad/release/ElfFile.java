package io.github.softgrad.release;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Libraries of Linux. Reference: System V Application Binary Interface, chapters 4 and 5; 64 bits,
/// little-endian.
final class ElfFile {

    static final int MAGIC = 0x464c457f;

    private static final Map<Short, String> ARCHITECTURES = Map.of((short) 62, "x86_64", (short) 183, "aarch64");
    private static final int DYNAMIC_SECTION = 6;
    private static final int DYNAMIC_SYMBOLS = 11;
    private static final int SYMBOL_SIZE = 24;
    private static final int NEEDED = 1;

    private final ByteBuffer file;
    private final Set<String> exported = new TreeSet<>();
    private final Set<String> undefined = new TreeSet<>();
    private final Set<String> needed = new TreeSet<>();

    private ElfFile(ByteBuffer file) {
        this.file = file;
    }

    static NativeFile read(ByteBuffer file) {
        ElfFile elf = new ElfFile(file);
        int count = file.getShort(60);
        for (int index = 0; index < count; index++) {
            elf.readSection(elf.section(index));
        }
        String architecture = ARCHITECTURES.getOrDefault(file.getShort(18), "unknown");
        return new NativeFile("ELF", architecture, elf.exported, elf.undefined, elf.needed, false);
    }

    private int section(int index) {
        return (int) file.getLong(40) + index * file.getShort(58);
    }

    private void readSection(int header) {
        int start = (int) file.getLong(header + 24);
        int size = (int) file.getLong(header + 32);
        int names = (int) file.getLong(section(file.getInt(header + 40)) + 24);
        switch (file.getInt(header + 4)) {
            case DYNAMIC_SYMBOLS -> {
                for (int symbol = start + SYMBOL_SIZE; symbol < start + size; symbol += SYMBOL_SIZE) {
                    boolean defined = file.getShort(symbol + 6) != 0;
                    (defined ? exported : undefined).add(NativeFile.text(file, names + file.getInt(symbol)));
                }
            }
            case DYNAMIC_SECTION -> {
                for (int entry = start; entry < start + size; entry += 16) {
                    if (file.getLong(entry) == NEEDED) {
                        needed.add(NativeFile.text(file, names + (int) file.getLong(entry + 8)));
                    }
                }
            }
            default -> {}
        }
    }
}
