package io.github.softgrad.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Starts fresh virtual machines with the flags and the class path of this one, and prints how long it takes
/// until the first gradient is there: from the start of the process, and from the start of `main`.
///
/// `--times 10` says how many.
final class Startup {
    private Startup() {}

    private record Times(double process, double main) {}

    static void main(List<String> arguments) throws IOException {
        int count = (int) new Arguments(arguments, "times").number("times", 10);
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(start());
        }
        print(
                "process start to first gradient",
                times.stream().map(Times::process).sorted().toList());
        print("main to first gradient", times.stream().map(Times::main).sorted().toList());
    }

    private static void print(String what, List<Double> ascending) {
        System.out.printf(
                "%-32s min %.0f ms, median %.0f ms, of %d%n",
                what, ascending.getFirst(), ascending.get(ascending.size() / 2), ascending.size());
    }

    private static Times start() throws IOException {
        List<String> command = Stream.of(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream(),
                        Stream.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                FirstGradient.class.getName()))
                .flatMap(words -> words)
                .toList();
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            long elapsed = System.nanoTime() - start;
            if (line == null) {
                throw new IllegalStateException("the virtual machine printed nothing: " + String.join(" ", command));
            }
            return new Times(elapsed / 1e6, Long.parseLong(line.strip()) / 1e6);
        }
    }
}
