package io.github.softgrad.kernel.ffi;

import java.util.List;
import java.util.Locale;

/// An operating system with a processor, in the spelling of the resources: `linux-x86_64`.
record Platform(String system, String processor) {

    /// Those that a released JAR has libraries for. On Linux one library serves every C library.
    private static final List<Platform> RELEASED = List.of(
            new Platform("linux", "x86_64"),
            new Platform("linux", "aarch64"),
            new Platform("windows", "x86_64"),
            new Platform("windows", "aarch64"),
            new Platform("macos", "x86_64"),
            new Platform("macos", "aarch64"));

    /// What this virtual machine runs on.
    static Platform here() {
        return new Platform(system(System.getProperty("os.name")), processor(System.getProperty("os.arch")));
    }

    /// The platforms whose libraries are beside these classes.
    static List<Platform> packed() {
        return RELEASED.stream()
                .filter(platform -> NativeLibrary.class.getResource(platform.resource()) != null)
                .toList();
    }

    /// The platform that has the kernels for this processor, where they are packed once for all systems.
    Platform onLinux() {
        return new Platform("linux", processor);
    }

    /// Where the library for this platform is, as in `/META-INF/native/linux-x86_64/libsoftgrad.so`.
    String resource() {
        return "/META-INF/native/" + file();
    }

    /// The library for this platform among those of all, as in `linux-x86_64/libsoftgrad.so`.
    String file() {
        String name = switch (system) {
            case "windows" -> "softgrad.dll";
            case "macos" -> "libsoftgrad.dylib";
            default -> "libsoftgrad.so";
        };
        return this + "/" + name;
    }

    boolean isLinux() {
        return system.equals("linux");
    }

    @Override
    public String toString() {
        return system + "-" + processor;
    }

    private static String system(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("mac") ? "macos" : lower.startsWith("windows") ? "windows" : lower.replace(' ', '-');
    }

    private static String processor(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("amd64") ? "x86_64" : lower.equals("arm64") ? "aarch64" : lower;
    }
}
