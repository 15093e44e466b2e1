package io.github.softgrad.kernel.ffi;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// Copies of the library on disk, in directories that only the user can enter.
///
/// A file is named by the SHA-256 of its content: versions live side by side, a second start finds the first
/// one's copy, and a copy is compared with what it should be before it is used. It is written beside its place
/// and then moved there in one step, so no other process ever opens half of it.
final class LibraryCache {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private LibraryCache() {}

    /// Where this operating system wants a program's cache to be.
    static Path userDirectory() {
        String home = System.getProperty("user.home");
        String system = System.getProperty("os.name");
        String xdg = System.getenv("XDG_CACHE_HOME");
        String local = System.getenv("LOCALAPPDATA");
        if (system.startsWith("Mac")) {
            return Path.of(home, "Library", "Caches", "softgrad");
        }
        if (system.startsWith("Windows") && local != null) {
            return Path.of(local, "softgrad");
        }
        boolean isSet = xdg != null && Path.of(xdg).isAbsolute();
        return isSet ? Path.of(xdg, "softgrad") : Path.of(home, ".cache", "softgrad");
    }

    /// A new directory of our own.
    static Path temporaryDirectory() throws IOException {
        return Files.createTempDirectory("softgrad", ownerOnly());
    }

    /// Returns the file with this content in `directory`, which is made if need be.
    static Path store(Path directory, String fileName, byte[] content) throws IOException {
        Files.createDirectories(directory, ownerOnly());
        requireOwn(directory);
        Path file = directory.resolve(sha256(content) + "-" + fileName);
        if (holds(file, content)) {
            return file;
        }
        Path partial = Files.createTempFile(directory, fileName, ".partial", ownerOnly());
        try {
            Files.write(partial, content);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        if (!holds(file, content)) {
            throw new IOException(file + " does not hold what was just written to it");
        }
        return file;
    }

    /// Removes a file in a directory of its own. Windows keeps an opened library until the process ends.
    static void discard(Path file) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            file.getParent().toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return;
        }
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.getParent());
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    /// Refuses a directory that someone else could have put files into.
    private static void requireOwn(Path directory) throws IOException {
        if (!isPosix()) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException(directory + " is open to other users (" + PosixFilePermissions.toString(permissions)
                    + "); remove it, or make it private with chmod 700");
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
