package io.github.softgrad.release;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Libraries of macOS. Reference: Apple's headers `mach-o/loader.h`, `mach-o/nlist.h` and `kern/cs_blobs.h`; 64
/// bits.
final class MachOFile {

    static final int MAGIC = 0xfeedfacf;

    private static final Map<Integer, String> ARCHITECTURES = Map.of(0x01000007, "x86_64", 0x0100000c, "aarch64");
    private static final int HEADER_SIZE = 32;
    private static final int SYMBOL_SIZE = 16;
    private static final int EXTERNAL = 0x01;
    private static final int PLACE = 0x0e;
    private static final int CODE_DIRECTORY = 0xfade0c02;
    private static final int SHA_256 = 2;

    private final ByteBuffer file;
    private final Set<String> exported = new TreeSet<>();
    private final Set<String> undefined = new TreeSet<>();
    private final Set<String> needed = new TreeSet<>();
    private boolean signed;

    private MachOFile(ByteBuffer file) {
        this.file = file;
    }

    static NativeFile read(ByteBuffer file) {
        MachOFile library = new MachOFile(file);
        int command = HEADER_SIZE;
        for (int index = 0; index < file.getInt(16); index++) {
            library.readCommand(command);
            command += file.getInt(command + 4);
        }
        String architecture = ARCHITECTURES.getOrDefault(file.getInt(4), "unknown");
        return new NativeFile(
                "Mach-O", architecture, library.exported, library.undefined, library.needed, library.signed);
    }

    private void readCommand(int command) {
        switch (file.getInt(command) & 0xff) {
            case 0x02 -> readSymbols(file.getInt(command + 8), file.getInt(command + 12), file.getInt(command + 16));
            case 0x0c, 0x18, 0x1f -> needed.add(NativeFile.text(file, command + file.getInt(command + 8)));
            case 0x1d -> signed = isSigned(file.getInt(command + 8));
            default -> {}
        }
    }

    /// Names in the file begin with an underscore that C does not see.
    private void readSymbols(int start, int count, int names) {
        for (int index = 0; index < count; index++) {
            int symbol = start + index * SYMBOL_SIZE;
            int type = file.get(symbol + 4);
            if ((type & EXTERNAL) != 0) {
                String name = NativeFile.text(file, names + file.getInt(symbol)).substring(1);
                ((type & PLACE) == 0 ? undefined : exported).add(name);
            }
        }
    }

    /// A signature "ad hoc" is a list of hashes, one for each page of what is before it. Its numbers are
    /// big-endian.
    private boolean isSigned(int start) {
        ByteBuffer signature = file.duplicate().order(ByteOrder.BIG_ENDIAN);
        int directory = start + signature.getInt(start + 16);
        if (signature.getInt(directory) != CODE_DIRECTORY || signature.get(directory + 37) != SHA_256) {
            return false;
        }
        int hashes = directory + signature.getInt(directory + 16);
        int pages = signature.getInt(directory + 28);
        int limit = signature.getInt(directory + 32);
        int hashSize = signature.get(directory + 36);
        int pageSize = 1 << signature.get(directory + 39);
        for (int page = 0; page < pages; page++) {
            byte[] content = Arrays.copyOfRange(file.array(), page * pageSize, Math.min(limit, (page + 1) * pageSize));
            int hash = hashes + page * hashSize;
            if (!Arrays.equals(sha256(content), Arrays.copyOfRange(file.array(), hash, hash + hashSize))) {
                return false;
            }
        }
        return pages > 0 && limit == start;
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
