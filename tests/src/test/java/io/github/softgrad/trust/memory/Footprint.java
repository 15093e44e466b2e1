package io.github.softgrad.trust.memory;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What this process holds, by name: everything that a leak would make grow.
final class Footprint {

    /// Bytes of living objects.
    static final String HEAP = "bytes of heap";

    /// Bytes that Java has reserved outside the heap.
    static final String OUTSIDE = "bytes outside the heap";

    /// Bytes of classes and compiled code.
    static final String CODE = "bytes of classes and code";

    /// Bytes of the process in memory.
    static final String RESIDENT = "bytes of the process";

    static final String FILES = "open files";
    static final String THREADS = "threads";

    /// Places in the address space where a native library of Softgrad is.
    static final String LIBRARIES = "mapped parts of libraries";

    /// What may be left in the directory for temporary files.
    static final String TEMPORARY = "temporary files";

    private static final Path PROCESS = Path.of("/proc/self");

    private Footprint() {}

    /// Whether this system tells.
    static boolean isKnown() {
        return Files.exists(PROCESS.resolve("status")) && Files.exists(PROCESS.resolve("fd"));
    }

    /// Collects garbage until no more goes, counts, and prints a line for each figure.
    static void print(String when) throws IOException, InterruptedException {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put(HEAP, heapWithoutGarbage());
        figures.put(OUTSIDE, outside());
        figures.put(
                CODE,
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
        figures.put(RESIDENT, resident());
        figures.put(FILES, count(PROCESS.resolve("fd"), ""));
        figures.put(THREADS, (long) ManagementFactory.getThreadMXBean().getThreadCount());
        figures.put(LIBRARIES, libraries());
        figures.put(TEMPORARY, count(Path.of(System.getProperty("java.io.tmpdir")), "softgrad"));
        figures.forEach((name, figure) -> System.out.println(when + " " + name + ": " + figure));
    }

    private static long heapWithoutGarbage() throws InterruptedException {
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            System.gc();
            Thread.sleep(50); // for the cleaner, which frees memory outside the heap
            used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } while (used < before - (1 << 10));
        return used;
    }

    private static long outside() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(PROCESS.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static long libraries() throws IOException {
        try (Stream<String> maps = Files.lines(PROCESS.resolve("maps"))) {
            return maps.filter(line -> line.contains("libsoftgrad")).count();
        }
    }

    private static long count(Path directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }
}
