package io.github.softgrad.backends;

import io.github.softgrad.Backend;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A program that prints which backend it got and what that computes: run by tests in a virtual machine of its
/// own.
final class LoaderProbe {

    /// How the line begins that has the numbers.
    static final String VALUES = "values: ";

    private LoaderProbe() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments.length == 0 ? "once" : arguments[0]) {
            case "threads" -> inThreads(Integer.parseInt(arguments[1]));
            case "loaders" -> inTwoClassLoaders();
            default -> once();
        }
    }

    /// What every backend has to give, as good as its last digits.
    static double[] values() {
        Tensor x = Tensor.of(0.3, -1.2, 2.2, 0.7, -0.4, 1.1, 0.9);
        Soft soft = Soft.c2().softness(0.3);
        return Tensor.concatenate(
                        0,
                        soft.sort(x, 0, Order.ASCENDING),
                        soft.rank(x),
                        soft.max(x).reshape(1))
                .toDoubles();
    }

    private static void once() {
        System.out.println(Backend.report());
        try {
            System.out.println(VALUES + Arrays.toString(values()));
        } catch (IllegalStateException refusal) {
            System.out.println("refused: " + refusal.getMessage());
        }
    }

    /// All threads ask at the same moment, the first time.
    private static void inThreads(int count) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<double[]>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                results.add(threads.submit(() -> {
                    start.await();
                    return values();
                }));
            }
            double[] first = results.getFirst().get();
            for (Future<double[]> result : results) {
                if (!Arrays.equals(first, result.get())) {
                    throw new AssertionError("threads differ: " + Arrays.toString(result.get()));
                }
            }
        }
        once();
    }

    /// As in an application server, where two applications bring the same library.
    private static void inTwoClassLoaders() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(place).toUri().toURL());
        }
        for (int i = 0; i < 2; i++) {
            try (URLClassLoader loader =
                    new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                runIn(loader);
            }
        }
    }

    private static void runIn(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> probe = loader.loadClass(LoaderProbe.class.getName());
        if (probe == LoaderProbe.class) {
            throw new AssertionError("the class loader has no classes of its own");
        }
        var once = probe.getDeclaredMethod("once");
        once.setAccessible(true);
        try {
            once.invoke(null);
        } catch (InvocationTargetException failure) {
            throw new AssertionError("in " + loader, failure.getCause());
        }
    }
}
