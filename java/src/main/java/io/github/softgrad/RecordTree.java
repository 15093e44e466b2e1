package io.github.softgrad;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tensors, records and lists of them as parameter trees, by reflection on the canonical constructor.
final class RecordTree implements Tree<Object> {
    private static final RecordTree INSTANCE = new RecordTree();
    private static final int DEEPEST = 100;

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

    private RecordTree() {}

    @SuppressWarnings("unchecked")
    static <P> Tree<P> instance() {
        return (Tree<P>) INSTANCE;
    }

    @Override
    public List<Tensor> leaves(Object object) {
        Arguments.given(object, "object", "a tensor, a record or a list");
        List<Tensor> leaves = new ArrayList<>();
        collect(object, leaves, 0);
        return leaves;
    }

    private static void collect(Object object, List<Tensor> leaves, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "parameters are nested more than " + DEEPEST + " deep; a list that contains itself is not a tree");
        }
        if (object instanceof Tensor tensor) {
            leaves.add(tensor);
        } else if (object instanceof Record) {
            for (Object part : SHAPES.get(object.getClass()).parts(object)) {
                collect(part, leaves, depth + 1);
            }
        } else if (object instanceof List<?> list) {
            list.forEach(part -> collect(part, leaves, depth + 1));
        } else if (hidesTensors(object)) {
            throw new IllegalArgumentException(
                    "a parameter of type " + object.getClass().getSimpleName()
                            + " may hide tensors whose gradients would be missing;"
                            + " use a List or a record, or pass Tree.of(...)");
        }
    }

    private static boolean hidesTensors(Object object) {
        return object instanceof Object[]
                || object instanceof Collection<?>
                || object instanceof Map<?, ?>
                || object instanceof Optional<?>
                || object instanceof TensorHolder;
    }

    @Override
    public Object rebuild(Object like, List<Tensor> leaves) {
        Arguments.given(like, "like", "a tensor, a record or a list");
        return rebuild(like, Arguments.given(leaves, "leaves", "a list").iterator());
    }

    private static Object rebuild(Object like, Iterator<Tensor> leaves) {
        if (like instanceof Tensor) {
            return leaves.next();
        }
        if (like instanceof Record) {
            Shape shape = SHAPES.get(like.getClass());
            Object[] parts = shape.parts(like);
            for (int i = 0; i < parts.length; i++) {
                parts[i] = rebuild(parts[i], leaves);
            }
            return shape.make(parts);
        }
        if (like instanceof List<?> list) {
            List<Object> parts = new ArrayList<>(list.size());
            list.forEach(part -> parts.add(rebuild(part, leaves)));
            return parts;
        }
        return like;
    }

    /// The accessors and the canonical constructor of a record class.
    private record Shape(Class<?> type, RecordComponent[] components, Constructor<?> constructor) {
        static Shape of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            try {
                for (int i = 0; i < components.length; i++) {
                    types[i] = components[i].getType();
                    components[i].getAccessor().setAccessible(true);
                }
                Constructor<?> constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return new Shape(type, components, constructor);
            } catch (ReflectiveOperationException | RuntimeException refused) {
                throw new IllegalArgumentException(
                        "record " + type.getName()
                                + " cannot be read by reflection; open its package to io.github.softgrad"
                                + " in module-info.java, or pass Tree.of(" + type.getSimpleName() + "::new, ...)",
                        refused);
            }
        }

        Object[] parts(Object object) {
            try {
                Object[] parts = new Object[components.length];
                for (int i = 0; i < parts.length; i++) {
                    parts[i] = components[i].getAccessor().invoke(object);
                }
                return parts;
            } catch (ReflectiveOperationException failed) {
                throw new IllegalStateException(
                        "an accessor of record " + type.getName() + " failed; let it return its component", failed);
            }
        }

        Object make(Object[] parts) {
            try {
                return constructor.newInstance(parts);
            } catch (ReflectiveOperationException failed) {
                throw new IllegalArgumentException(
                        "the constructor of record " + type.getName()
                                + " refused its own components with other tensors;"
                                + " let it accept any tensor values",
                        failed);
            }
        }
    }
}
