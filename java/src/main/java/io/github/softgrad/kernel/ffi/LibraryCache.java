package io.github.softgrad.kernel.ffi;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// Copies of the library on disk, in directories that only the user can enter.
///
/// A file is named by the SHA-256 of its content: versions live side by side, a second start finds the first
/// one's copy, and a copy is compared with what it should be before it is used. It is written beside its place
/// and then moved there in one step, so no other process ever opens half of it. Between the comparison and the
/// opening nobody else can change it, which is why the directory is looked at first.
final class LibraryCache {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final int WRITABLE_BY_ALL = 0002;
    private static final int STICKY = 01000;

    private LibraryCache() {}

    /// Where this operating system wants a program's cache to be.
    static Path userDirectory() throws IOException {
        String system = Platform.here().system();
        String xdg = System.getenv("XDG_CACHE_HOME");
        String local = System.getenv("LOCALAPPDATA");
        if (system.equals("macos")) {
            return home().resolve("Library", "Caches", "softgrad");
        }
        if (system.equals("windows") && local != null) {
            return Path.of(local, "softgrad");
        }
        boolean isSet = xdg != null && Path.of(xdg).isAbsolute();
        return isSet ? Path.of(xdg, "softgrad") : home().resolve(".cache", "softgrad");
    }

    /// Users that a container does not know live at "?", which would be a directory in the working directory.
    private static Path home() throws IOException {
        Path home = Path.of(System.getProperty("user.home", ""));
        if (!home.isAbsolute()) {
            throw new IOException("this user has no home directory (user.home is \"" + home
                    + "\"); set XDG_CACHE_HOME or -Duser.home to a private one");
        }
        return home;
    }

    /// A new directory of our own.
    static Path temporaryDirectory() throws IOException {
        return Files.createTempDirectory("softgrad", ownerOnly());
    }

    /// Returns the file with this content in `directory`, which is made if need be.
    static Path store(Path directory, String fileName, byte[] content) throws IOException {
        Files.createDirectories(directory, ownerOnly());
        requirePrivate(directory.toRealPath());
        Path file = directory.resolve(sha256(content) + "-" + fileName);
        if (holds(file, content)) {
            return file;
        }
        Path partial = Files.createTempFile(directory, fileName, ".partial", ownerOnly());
        try {
            Files.write(partial, content);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            if (!holds(file, content)) { // on Windows a copy that another process has opened stays as it is
                throw failure;
            }
        } finally {
            Files.deleteIfExists(partial);
        }
        if (!holds(file, content)) {
            throw new IOException(file + " does not hold what was just written to it");
        }
        return file;
    }

    /// Removes a directory of ours with the copy in it, as far as that goes: Windows keeps an opened library
    /// until the process ends, and what is left of a temporary directory does no harm.
    static void discard(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException | DirectoryIteratorException inUse) {
            directory.toFile().deleteOnExit();
        }
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    /// Refuses a directory that someone else can put files into, or can put another directory in the place of.
    private static void requirePrivate(Path directory) throws IOException {
        if (!isPosix()) {
            return;
        }
        if (!isOurs(directory)) {
            throw new IOException(
                    directory + " belongs to " + Files.getOwner(directory).getName()
                            + "; remove it, or set XDG_CACHE_HOME to a directory of your own");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException(directory + " is open to other users (" + PosixFilePermissions.toString(permissions)
                    + "); remove it, or make it private with chmod 700");
        }
        for (Path above = directory.getParent(); above != null; above = above.getParent()) {
            int mode = (int) Files.getAttribute(above, "unix:mode");
            if ((mode & WRITABLE_BY_ALL) != 0 && (mode & STICKY) == 0) {
                throw new IOException(
                        "every user can replace what is in " + above + "; chmod o-w or chmod +t mends it");
            }
        }
    }

    /// Linux tells the number of the user whose files a process makes even where the user has no name; proc(5).
    private static boolean isOurs(Path directory) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
            return Files.getOwner(directory).equals(users.lookupPrincipalByName(System.getProperty("user.name")));
        }
        int fileSystemUser = 4;
        String user = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.split("\\s+")[fileSystemUser])
                .findFirst()
                .orElseThrow(() -> new IOException(status + " does not tell the user"));
        return Integer.parseUnsignedInt(user) == (int) Files.getAttribute(directory, "unix:uid");
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
