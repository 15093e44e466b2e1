package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import io.github.softgrad.kernel.ffi.generated.Symbols;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The generated bindings are those of softgrad.h; if not, run native/generate-bindings.sh")
class BindingsMatchHeaderTest {

    private static final Pattern PROTOTYPE = Pattern.compile("SOFTGRAD_API ([^;{}()]+?)(softgrad_\\w+)\\(([^)]*)\\);");
    private static final Pattern CONSTANT = Pattern.compile("(?:#define )?(SOFTGRAD_[A-Z0-9_]+) (?:= )?(\\d+)");

    private static String header;

    @BeforeAll
    static void readHeader() throws IOException {
        header = Files.readString(repository().resolve("native/include/softgrad.h"));
    }

    @Test
    void everyPrototypeHasItsDescriptor() throws ReflectiveOperationException {
        NativeBackend.require(); // the generated class finds each function before it tells its descriptor
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        for (Matcher prototype = PROTOTYPE.matcher(header); prototype.find(); ) {
            String name = prototype.group(2);
            expected.put(
                    name, descriptor(prototype.group(1), prototype.group(3)).toString());
            actual.put(
                    name,
                    SoftgradHeader.class
                            .getMethod(name + "$descriptor")
                            .invoke(null)
                            .toString());
        }
        assertFalse(expected.isEmpty(), "no prototype found in softgrad.h");
        assertEquals(expected, actual);
    }

    @Test
    void noBindingIsLeftOfAFunctionThatIsGone() {
        String bound = Arrays.stream(SoftgradHeader.class.getMethods())
                .map(Method::getName)
                .filter(name -> name.endsWith("$descriptor"))
                .map(name -> name.replace("$descriptor", ""))
                .sorted()
                .collect(Collectors.joining("\n"));
        String declared = PROTOTYPE
                .matcher(header)
                .results()
                .map(prototype -> prototype.group(2))
                .sorted()
                .collect(Collectors.joining("\n"));
        assertEquals(declared, bound);
    }

    @Test
    void everyConstantHasItsValue() throws ReflectiveOperationException {
        Map<String, Integer> expected = new TreeMap<>();
        Map<String, Integer> actual = new TreeMap<>();
        for (Matcher constant = CONSTANT.matcher(header); constant.find(); ) {
            String name = constant.group(1);
            expected.put(name, Integer.valueOf(constant.group(2)));
            actual.put(name, (Integer) SoftgradHeader.class.getMethod(name).invoke(null));
        }
        assertFalse(expected.isEmpty(), "no constant found in softgrad.h");
        assertEquals(expected, actual);
    }

    @Test
    void noConstantIsLeftThatIsGone() {
        String bound = Arrays.stream(SoftgradHeader.class.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("SOFTGRAD_"))
                .sorted()
                .collect(Collectors.joining("\n"));
        String declared = CONSTANT.matcher(header)
                .results()
                .map(constant -> constant.group(1))
                .sorted()
                .collect(Collectors.joining("\n"));
        assertEquals(declared, bound);
    }

    /// What the patterns above do not read they would not miss either.
    @Test
    void everyDeclarationIsRead() {
        String code = header.replaceAll("(?s)/\\*.*?\\*/", "");
        long functions = Pattern.compile("^SOFTGRAD_API", Pattern.MULTILINE)
                .matcher(code)
                .results()
                .count();
        assertEquals(functions, PROTOTYPE.matcher(header).results().count(), "functions");
        String named = Pattern.compile("^(?:#define|   ) *(SOFTGRAD_[A-Z0-9_]+)", Pattern.MULTILINE)
                .matcher(code)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.equals("SOFTGRAD_H") && !name.equals("SOFTGRAD_API"))
                .sorted()
                .collect(Collectors.joining("\n"));
        String read = CONSTANT.matcher(header)
                .results()
                .map(constant -> constant.group(1))
                .sorted()
                .collect(Collectors.joining("\n"));
        assertEquals(named, read, "constants");
    }

    /// C's `long` has 4 bytes on Windows and 8 elsewhere, so no binding may have it.
    @Test
    void noTypeDependsOnThePlatform() {
        String code = header.replaceAll("(?s)/\\*.*?\\*/", "");
        assertFalse(code.replace("long long", "").matches("(?s).*\\b(long|size_t|ptrdiff_t|wchar_t)\\b.*"), code);
    }

    private static FunctionDescriptor descriptor(String result, String parameters) {
        MemoryLayout[] layouts = parameters.strip().equals("void")
                ? new MemoryLayout[0]
                : Stream.of(parameters.split(","))
                        .map(BindingsMatchHeaderTest::layout)
                        .toArray(MemoryLayout[]::new);
        return FunctionDescriptor.of(layout(result), layouts);
    }

    private static MemoryLayout layout(String declaration) {
        if (declaration.contains("*")) {
            return Symbols.C_POINTER;
        }
        String type = declaration.strip().split("\\s+")[0];
        return switch (type) {
            case "int" -> Symbols.C_INT;
            case "softgrad_count" -> Symbols.C_LONG_LONG;
            case "double" -> Symbols.C_DOUBLE;
            case "float" -> Symbols.C_FLOAT;
            default -> throw new AssertionError("softgrad.h uses a type that bindings cannot have: " + declaration);
        };
    }

    /// The tests may be started from the repository or from a module in it.
    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("native/include/softgrad.h"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new AssertionError(
                        "native/include/softgrad.h is not above " + Path.of("").toAbsolutePath());
            }
        }
        return directory;
    }
}
