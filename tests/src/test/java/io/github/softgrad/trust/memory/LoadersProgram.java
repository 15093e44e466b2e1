package io.github.softgrad.trust.memory;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// Loads the library in one class loader after the other, as an application server does that starts an
/// application again and again, sorts with it, and drops it.
///
/// Arguments: how many loaders, and where the library's classes are.
final class LoadersProgram {

    private static final int WARM_UP = 10;

    private LoadersProgram() {}

    public static void main(String[] arguments) throws Exception {
        int loaders = Integer.parseInt(arguments[0]);
        URL library = Path.of(arguments[1]).toUri().toURL();
        for (int i = 0; i < loaders; i++) {
            if (i == WARM_UP) {
                Footprint.print("warm");
            }
            sortWith(library);
            if (i % WARM_UP == 0) {
                System.gc();
            }
        }
        Footprint.print("end");
    }

    private static void sortWith(URL library) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader())) {
            Class<?> tensor = loader.loadClass("io.github.softgrad.Tensor");
            Class<?> soft = loader.loadClass("io.github.softgrad.Soft");
            Method of = tensor.getMethod("of", double[].class);
            Object x = of.invoke(null, new double[] {3, 1, 2});
            Object sorted = soft.getMethod("sort", tensor)
                    .invoke(soft.getMethod("smooth").invoke(null), x);
            double[] numbers = (double[]) tensor.getMethod("toDoubles").invoke(sorted);
            if (!(numbers[0] < numbers[1] && numbers[1] < numbers[2])) {
                throw new AssertionError("not sorted: " + sorted);
            }
        }
    }
}
