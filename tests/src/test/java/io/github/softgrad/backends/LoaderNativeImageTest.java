package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A native image knows only the calls, resources and constructors that were named when it was built.
///
/// After a change of the bindings, `-Dsoftgrad.updateMetadata=true` writes the file anew.
@DisplayName("The metadata for GraalVM's native image has every function of the bindings")
class LoaderNativeImageTest {

    private static final String NAME = "META-INF/native-image/io.github.softgrad/softgrad/reachability-metadata.json";

    /// The constructor that is called by name, and Linux's `memfd_create`, which is no function of ours.
    private static final String VECTOR = "io.github.softgrad.elementwise.VectorElementwise";

    private static final FunctionDescriptor MEMFD_CREATE =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    @Test
    void theFileIsWhatTheBindingsSay() throws Exception {
        NativeBackend.require(); // the generated class finds each function before it tells its descriptor
        String expected = metadata();
        if (Boolean.getBoolean("softgrad.updateMetadata")) {
            Path file = Path.of("java/src/main/resources", NAME);
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
            return;
        }
        assertEquals(expected, packed(), "run this test with -Dsoftgrad.updateMetadata=true");
    }

    @Test
    void theNamesInItExist() throws Exception {
        JsonNode metadata = new ObjectMapper().readTree(packed());
        Class<?> vector = Class.forName(
                metadata.at("/reflection/0/type").asText(), false, getClass().getClassLoader());
        assertNotNull(vector.getConstructor());
        assertEquals("META-INF/native/**", metadata.at("/resources/0/glob").asText());
    }

    private static String packed() throws IOException {
        try (InputStream in = SoftgradHeader.class.getResourceAsStream("/" + NAME)) {
            assertNotNull(in, "the library has no " + NAME);
            return new String(in.readAllBytes());
        }
    }

    /// One entry for each signature in both forms: an ordinary call, and a critical one on arrays.
    private static String metadata() throws ReflectiveOperationException {
        TreeSet<String> calls = new TreeSet<>();
        calls.add(call(MEMFD_CREATE, ""));
        for (Method method : SoftgradHeader.class.getMethods()) {
            if (method.getName().endsWith("$descriptor")) {
                FunctionDescriptor descriptor = (FunctionDescriptor) method.invoke(null);
                calls.add(call(descriptor, ""));
                calls.add(call(descriptor, ", \"options\": {\"critical\": {\"allowHeapAccess\": true}}"));
            }
        }
        return """
            {
              "resources": [{"glob": "META-INF/native/**"}],
              "reflection": [{"type": "%s", "methods": [{"name": "<init>", "parameterTypes": []}]}],
              "foreign": {
                "downcalls": [
            %s
                ]
              }
            }
            """.formatted(VECTOR, String.join(",\n", calls));
    }

    private static String call(FunctionDescriptor descriptor, String options) {
        String parameters = descriptor.argumentLayouts().stream()
                .map(layout -> '"' + type(layout) + '"')
                .collect(Collectors.joining(", "));
        return "      {\"returnType\": \"" + type(descriptor.returnLayout().orElseThrow()) + "\", \"parameterTypes\": ["
                + parameters + "]" + options + "}";
    }

    /// GraalVM's names for types of the same size everywhere.
    private static String type(MemoryLayout layout) {
        return layout instanceof AddressLayout ? "void*" : "j" + ((ValueLayout) layout).carrier();
    }
}
