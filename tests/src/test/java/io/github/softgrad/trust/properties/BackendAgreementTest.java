package io.github.softgrad.trust.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// Every operator gives on the native kernels what it gives on the reference.
///
/// A backend is chosen once, so that the reference is a second copy of the library under a class loader of its
/// own. It makes its cases itself, from their index.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class BackendAgreementTest {

    /// Finds the classes of the library and of these tests anew, and shares all others.
    private static final class OwnCopy extends ClassLoader {
        private static final String OWN = "io.github.softgrad.";

        OwnCopy() {
            super(BackendAgreementTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                return name.startsWith(OWN) ? define(name) : super.loadClass(name, resolve);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream code = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException | NullPointerException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /// What is made in either copy of the library: the result of the case of an index.
    static final class Results implements LongFunction<double[]> {
        private final Cases cases = cases();

        @Override
        public double[] apply(long index) {
            return cases.at(index).apply().toDoubles();
        }
    }

    private static Cases cases() {
        return Cases.of("native equals reference", each -> true).whateverTheBackend(6, 40);
    }

    private static LongFunction<double[]> reference;

    @BeforeAll
    @SuppressWarnings("unchecked")
    static void copyTheLibrary() throws ReflectiveOperationException {
        assumeTrue(Backend.kernels().startsWith("native"), "there are no native kernels to compare");
        String kernels = System.getProperty("softgrad.backend");
        try {
            System.setProperty("softgrad.backend", "reference");
            ClassLoader own = new OwnCopy();
            assertNotSame(Soft.class, own.loadClass(Soft.class.getName()));
            Class<?> backend = own.loadClass(Backend.class.getName());
            assertEquals("reference", backend.getMethod("kernels").invoke(null));
            var results = own.loadClass(Results.class.getName()).getDeclaredConstructor();
            results.setAccessible(true);
            reference = (LongFunction<double[]>) results.newInstance();
        } finally {
            if (kernels == null) {
                System.clearProperty("softgrad.backend");
            } else {
                System.setProperty("softgrad.backend", kernels);
            }
        }
    }

    @Test
    void nativeKernelsGiveWhatTheReferenceGives() {
        cases().check(900, each -> {
            Tensor actual = each.apply();
            each.same(Tensor.of(actual.shape(), reference.apply(each.index())), actual, "result");
        });
    }
}
