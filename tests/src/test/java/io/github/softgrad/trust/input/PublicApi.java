package io.github.softgrad.trust.input;

import io.github.softgrad.Tensor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What users can call: the public methods and constructors of the public classes, as reflection sees them.
final class PublicApi {
    private static final String PACKAGE = Tensor.class.getPackageName();
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    private static final List<Executable> WITH_ARGUMENTS = find();

    private PublicApi() {}

    /// All that take an argument, in the order of their names.
    static List<Executable> withArguments() {
        return WITH_ARGUMENTS;
    }

    private static List<Executable> find() {
        return classes().stream()
                .filter(PublicApi::isVisible)
                .flatMap(PublicApi::members)
                .filter(member -> member.getParameterCount() > 0)
                .sorted(Comparator.comparing(PublicApi::name).thenComparing(Executable::toString))
                .toList();
    }

    /// The classes of the one package that is public, from a directory or a JAR.
    private static List<Class<?>> classes() {
        try {
            Path library = Path.of(Tensor.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(library)) {
                return classes(library);
            }
            try (FileSystem jar = FileSystems.newFileSystem(library)) {
                return classes(jar.getPath("/"));
            }
        } catch (IOException | URISyntaxException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static List<Class<?>> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PACKAGE.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .<Class<?>>map(file -> load(PACKAGE + "." + file.substring(0, file.length() - 6)))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Not enums: `valueOf` is Java's.
    private static boolean isVisible(Class<?> type) {
        boolean visible = Modifier.isPublic(type.getModifiers()) && !type.isEnum();
        return visible && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static Stream<Executable> members(Class<?> type) {
        Stream<Executable> methods = Stream.of(type.getDeclaredMethods());
        Stream<Executable> constructors = Stream.of(type.getDeclaredConstructors());
        return Stream.concat(methods, constructors)
                .filter(member -> Modifier.isPublic(member.getModifiers()))
                .filter(member -> !member.isSynthetic() && !OF_EVERY_OBJECT.contains(member.getName()));
    }

    /// `Soft.sort`, or `new Method.Transport` for a constructor.
    static String name(Executable member) {
        String type = simpleName(member.getDeclaringClass().getName());
        return member instanceof Constructor<?> ? "new " + type : type + "." + member.getName();
    }

    /// The same name for the outermost method of the library in a stack trace.
    static String outermost(Throwable thrown) {
        String found = "";
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isLibrary(frame.getClassName())) {
                String type = simpleName(frame.getClassName());
                String method = frame.getMethodName().replaceFirst("lambda\\$(\\w+)\\$\\d+", "$1");
                found = method.equals("<init>") ? "new " + type : type + "." + method;
            }
        }
        return found;
    }

    private static boolean isLibrary(String type) {
        return type.startsWith(PACKAGE + ".") && !type.startsWith(PublicApi.class.getPackageName() + ".");
    }

    private static String simpleName(String type) {
        return type.substring(PACKAGE.length() + 1).replace('$', '.');
    }
}
