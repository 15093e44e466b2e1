package io.github.softgrad.properties;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.softgrad.Tensor;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every floor of the house knows only those below it; see ARCHITECTURE.md.
class FloorsTest {
    private static final String ROOT = "io.github.softgrad";
    private static final String KERNEL = ROOT + ".kernel..";
    private static final String ELEMENTWISE = ROOT + ".elementwise..";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importUrl(location());

    /// Where the library lies: a directory of classes, or the JAR where the build has made it.
    private static URL location() {
        URL location = Tensor.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return location.getPath().endsWith(".jar")
                    ? URI.create("jar:" + location + "!/").toURL()
                    : location;
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Values, tape and rules: the floor under the soft operators.
    private static final Set<String> TENSORS = named(
            "Arguments ArithmeticRules Autodiff DType DenseTensor GradientCheck LinearAlgebra MemoryLimit Node Once"
                    + " Pointwise Primitive Products Pullback Pushforward RecordTree Reduction ReversePass SafeMath Shapes"
                    + " Structure Tensor TensorHolder TensorText Trace TracedTensor Tree ValueAndGrad Views VjpRule");

    private static Set<String> named(String names) {
        return Arrays.stream(names.split(" ")).map(name -> ROOT + "." + name).collect(Collectors.toSet());
    }

    /// Classes of the root package by the name of their outermost class.
    private static DescribedPredicate<JavaClass> among(Set<String> names) {
        return DescribedPredicate.describe(
                "the floor of tensors and derivatives",
                type -> names.contains(type.getBaseComponentType().getName().split("\\$")[0]));
    }

    @Test
    void theFloorOfTensorsIsThere() {
        Set<String> found = LIBRARY.stream().map(JavaClass::getName).collect(Collectors.toSet());
        Stream.of(TENSORS).forEach(names -> {
            if (!found.containsAll(names)) {
                throw new AssertionError("not in the library: "
                        + names.stream().filter(n -> !found.contains(n)).toList());
            }
        });
    }

    @Test
    void tensorsAndDerivativesDoNotKnowTheSoftOperators() {
        noClasses()
                .that(among(TENSORS))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT).and(not(among(TENSORS))))
                .check(LIBRARY);
    }

    @Test
    void kernelsAndElementwiseLoopsKnowNeitherTensorsNorEachOther() {
        noClasses()
                .that()
                .resideInAPackage(KERNEL)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT, ELEMENTWISE))
                .check(LIBRARY);
        noClasses()
                .that()
                .resideInAPackage(ELEMENTWISE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT, KERNEL))
                .check(LIBRARY);
    }

    /// The annotations of a package are for compilers; what runs does not need them.
    @Test
    void theLibraryDependsOnNothingButJava() {
        classes()
                .that()
                .doNotHaveSimpleName("package-info")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "jdk.incubator.vector..", ROOT + ".."))
                .check(LIBRARY);
    }
}
