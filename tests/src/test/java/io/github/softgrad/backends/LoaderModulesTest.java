package io.github.softgrad.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Backend;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("On the class path and the module path, with and without the Vector API, the right options are named")
@EnabledOnOs(OS.LINUX)
@DisabledIfSystemProperty(
        named = "softgrad.backend",
        matches = ".*",
        disabledReason = "virtual machines of their own choose their backend, whatever this one's is")
class LoaderModulesTest {

    private static final String VECTOR = "--add-modules=jdk.incubator.vector";

    @TempDir
    Path directory;

    private LoaderSituation situation;

    @BeforeAll
    static void requireLibrary() {
        NativeBackend.require();
    }

    @BeforeEach
    void makeHome() throws Exception {
        situation = new LoaderSituation(directory);
    }

    private String run() throws Exception {
        String output = situation.java().run(LoaderProbe.class);
        situation.check(output, LoaderSituation.Ending.CACHE);
        return output;
    }

    /// The option that these classes need, wherever they are.
    private String access(boolean modulePath) {
        if (modulePath) {
            situation.java().libraryOnTheModulePath();
        }
        return "--enable-native-access=" + (modulePath ? "io.github.softgrad" : "ALL-UNNAMED");
    }

    @ParameterizedTest(name = "module path: {0}")
    @ValueSource(booleans = {false, true})
    void withoutOptionsEverythingWorksAndBothAreNamed(boolean modulePath) throws Exception {
        String access = access(modulePath);
        String output = run();
        assertSays(output, "elementwise: scalar", "vector: refused, no module jdk.incubator.vector");
        assertEquals(pasted(access, VECTOR), pasteable(output), output);
        assertTrue(output.contains("WARNING: A restricted method"), output);
    }

    @ParameterizedTest(name = "module path: {0}")
    @ValueSource(booleans = {false, true})
    void withBothOptionsNothingIsMissing(boolean modulePath) throws Exception {
        String access = access(modulePath);
        situation.java().with(access, VECTOR);
        String output = run();
        assertSays(output, "elementwise: vector, ");
        assertEquals(List.of(), pasteable(output), output);
        assertFalse(output.contains("restricted method"), output);
    }

    @Test
    void onlyTheOptionThatIsMissingIsNamed() throws Exception {
        situation.java().with(VECTOR);
        assertEquals(pasted("--enable-native-access=ALL-UNNAMED"), pasteable(run()));
    }

    @Test
    void aNamedModuleThatIsDeniedNativeAccessRunsOnTheReference() throws Exception {
        String access = access(true);
        situation.java().with("--illegal-native-access=deny");
        String output = situation.java().run(LoaderProbe.class);
        situation.check(output, LoaderSituation.Ending.REFERENCE, "native access is denied; start Java with " + access);
    }

    @Test
    void theMainClassNamesEveryOptionAndFailsAtNothing() throws Exception {
        situation.java().with(VECTOR, "-Dsoftgrad.native.path=none.so", "-Dsoftgrad.elementwise=matrix");
        String output = situation.java().run(Backend.class);
        assertSays(
                output,
                "kernels: none, softgrad.native.path=none.so, but the native library cannot be used",
                "elementwise: none, softgrad.elementwise must be vector or scalar, was \"matrix\"");
        assertEquals(pasted("--enable-native-access=ALL-UNNAMED", VECTOR), pasteable(output), output);
    }

    @Test
    void theModuleIsNamedAndExportsOnePackage() throws Exception {
        var reference = ModuleFinder.of(LoaderChild.library())
                .find("io.github.softgrad")
                .orElseThrow();
        var exported = reference.descriptor().exports();
        assertEquals(
                List.of("io.github.softgrad"),
                exported.stream().map(ModuleDescriptor.Exports::source).toList());
        List<String> neededAtRunTime = reference.descriptor().requires().stream()
                .filter(needed -> !needed.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .toList();
        assertEquals(List.of("java.base"), neededAtRunTime);
    }

    private static void assertSays(String output, String... messages) {
        Stream.of(messages).forEach(message -> assertTrue(output.contains(message), () -> output));
    }

    /// What has to be in the report to be pasted.
    private static List<String> pasted(String... options) {
        String line = String.join(" ", options);
        return List.of(
                "export JDK_JAVA_OPTIONS=\"" + line + "\"",
                "<argLine>" + line + "</argLine>",
                "tasks.test { jvmArgs(\"" + String.join("\", \"", options) + "\") }");
    }

    private static List<String> pasteable(String output) {
        return output.lines()
                .filter(line -> line.matches("  (JDK_JAVA_OPTIONS|Maven Surefire|Gradle) .*"))
                .map(line -> line.substring(20))
                .toList();
    }
}
