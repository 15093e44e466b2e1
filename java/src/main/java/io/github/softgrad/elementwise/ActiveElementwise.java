package io.github.softgrad.elementwise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The elementwise backend in use, chosen once, at the first call.
///
/// The system property `softgrad.elementwise` forces `vector` or `scalar`; without it the vector backend is
/// taken where the module `jdk.incubator.vector` is in the boot layer.
public final class ActiveElementwise {

    private static final String PROPERTY = "softgrad.elementwise";
    private static final String MODULE = "jdk.incubator.vector";
    private static final String VECTOR = "io.github.softgrad.elementwise.VectorElementwise";
    private static final String REMEDY = "start Java with --add-modules " + MODULE;

    private record Choice(Elementwise elementwise, List<String> report) {}

    private static volatile Choice choice;

    private ActiveElementwise() {}

    /// The backend in use.
    ///
    /// *Throws* [IllegalStateException] if the property forces a backend that is not there, and
    /// [IllegalArgumentException] if it names none.
    public static Elementwise get() {
        return chosen().elementwise();
    }

    /// One line that names the backend in use, and one for each that was refused, with the flag that would
    /// help.
    public static List<String> report() {
        return chosen().report();
    }

    private static Choice chosen() {
        Choice current = choice;
        if (current == null) {
            current = choose(System.getProperty(PROPERTY));
            choice = current;
        }
        return current;
    }

    private static Choice choose(String forced) {
        return switch (forced) {
            case "scalar" -> using(new ScalarElementwise(), "vector: refused, " + PROPERTY + "=scalar");
            case "vector" -> forcedVector();
            case null -> vectorOrScalar();
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be vector or scalar, was \"" + forced + "\"");
        };
    }

    private static Choice forcedVector() {
        Module module = vectorModule()
                .orElseThrow(() -> new IllegalStateException(
                        PROPERTY + "=vector, but the module " + MODULE + " is not there: " + REMEDY));
        try {
            return using(vector(module));
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new IllegalStateException(PROPERTY + "=vector, but the backend does not start: " + failure, failure);
        }
    }

    private static Choice vectorOrScalar() {
        Optional<Module> module = vectorModule();
        if (module.isEmpty()) {
            return using(new ScalarElementwise(), "vector: refused, no module " + MODULE + "; " + REMEDY);
        }
        try {
            return using(vector(module.get()));
        } catch (ReflectiveOperationException | LinkageError failure) {
            return using(new ScalarElementwise(), "vector: refused, " + failure);
        }
    }

    private static Choice using(Elementwise elementwise, String... refused) {
        List<String> report = new ArrayList<>(List.of("elementwise: " + elementwise.description()));
        report.addAll(List.of(refused));
        return new Choice(elementwise, List.copyOf(report));
    }

    private static Optional<Module> vectorModule() {
        return ModuleLayer.boot().findModule(MODULE);
    }

    /// By name only: a class that mentions the incubator module does not link where that module is absent.
    private static Elementwise vector(Module module) throws ReflectiveOperationException {
        ActiveElementwise.class.getModule().addReads(module);
        return (Elementwise) Class.forName(VECTOR).getConstructor().newInstance();
    }
}
