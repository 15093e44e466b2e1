package io.github.softgrad.release;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The kernels of a release are compiled once, for Linux. On aarch64 other systems pass arguments in the same
/// way, except that Apple's gives those on the stack the bytes that they need instead of eight each: an int
/// there may be followed by what needs eight bytes, or by nothing.
///
/// Reference: Apple, "Writing ARM64 code for Apple platforms".
@DisplayName("On every system the kernels find their arguments where Linux puts them")
class KernelSignaturesTest {

    private static final Pattern KERNEL = Pattern.compile("KERNEL\\((\\w+_f\\d\\d),\\s*\\(([^)]*)\\)");
    private static final int REGISTERS = 8;

    @Test
    void noKernelHasTwoIntsSideBySideOnTheStack() throws IOException {
        Path root = Path.of(System.getProperty("softgrad.root", "."));
        Matcher table = KERNEL.matcher(
                Files.readString(root.resolve("native/src/kernels.h")).replace("\\\n", " "));
        List<Executable> checks = table.results()
                .<Executable>map(kernel -> () -> check(kernel.group(1), kernel.group(2)))
                .toList();
        assertTrue(checks.size() > 20, () -> "only " + checks.size() + " kernels were found in the table");
        assertAll(checks);
    }

    private static void check(String name, String parameters) {
        List<String> all = Stream.of(parameters.split(",")).map(String::strip).toList();
        long floating = all.stream().filter(KernelSignaturesTest::isFloating).count();
        assertTrue(floating <= REGISTERS, () -> name + " has numbers on the stack");
        List<String> onTheStack = all.stream()
                .filter(parameter -> !isFloating(parameter))
                .skip(REGISTERS)
                .toList();
        for (int i = 1; i < onTheStack.size(); i++) {
            String one = onTheStack.get(i - 1);
            String next = onTheStack.get(i);
            assertFalse(isInt(one) && isInt(next), () -> name + " has " + one + " beside " + next + " on the stack");
        }
    }

    private static boolean isFloating(String parameter) {
        return parameter.matches("(double|float) \\w+");
    }

    private static boolean isInt(String parameter) {
        return parameter.matches("int \\w+");
    }
}
