package io.github.softgrad.elementwise;

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

    /// The option of the virtual machine that puts the module into the boot layer.
    public static final String FLAG = "--add-modules=" + MODULE;

    private static final String REMEDY = "start Java with " + FLAG;

    private record Choice(Elementwise elementwise, List<String> report, List<String> flags) {}

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

    /// The options of the virtual machine with which it would be chosen better.
    public static List<String> flags() {
        return chosen().flags();
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
            case "scalar" -> scalar(PROPERTY + "=scalar", List.of());
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
            return vector(load(module));
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new IllegalStateException(PROPERTY + "=vector, but the backend does not start: " + failure, failure);
        }
    }

    private static Choice vectorOrScalar() {
        Optional<Module> module = vectorModule();
        if (module.isEmpty()) {
            return scalar("no module " + MODULE + "; " + REMEDY, List.of(FLAG));
        }
        try {
            return vector(load(module.get()));
        } catch (ReflectiveOperationException | LinkageError failure) {
            return scalar(failure.toString(), List.of());
        }
    }

    private static Choice vector(Elementwise vector) {
        return new Choice(vector, List.of("elementwise: " + vector.description()), List.of());
    }

    private static Choice scalar(String whyNotVector, List<String> flags) {
        Elementwise scalar = new ScalarElementwise();
        return new Choice(
                scalar, List.of("elementwise: " + scalar.description(), "vector: refused, " + whyNotVector), flags);
    }

    private static Optional<Module> vectorModule() {
        return ModuleLayer.boot().findModule(MODULE);
    }

    /// By name only: a class that mentions the incubator module does not link where that module is absent.
    private static Elementwise load(Module module) throws ReflectiveOperationException {
        ActiveElementwise.class.getModule().addReads(module);
        return (Elementwise) Class.forName(VECTOR).getConstructor().newInstance();
    }
}
