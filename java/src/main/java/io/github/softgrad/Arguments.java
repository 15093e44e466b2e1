package io.github.softgrad;

import java.util.List;

/// The checks of arguments that are not about shapes, and the wording of their messages: `name must be what was
/// expected, was value; remedy`.
final class Arguments {
    private Arguments() {}

    static <T> T given(T value, String name, String kind) {
        if (value == null) {
            throw new NullPointerException(name + " must be " + kind + ", was null");
        }
        return value;
    }

    static Tensor tensor(Tensor value, String name) {
        return given(value, name, "a tensor");
    }

    static int[] shape(int... shape) {
        given(shape, "shape", "an array");
        Shapes.size(shape);
        return shape;
    }

    static <T> T[] elements(T[] values, String name, String kind) {
        for (int i = 0; i < given(values, name, "an array").length; i++) {
            given(values[i], name + "[" + i + "]", kind);
        }
        return values;
    }

    /// The tensors of parameters, which a tree of the user's own may fail to give.
    static <P> List<Tensor> leaves(Tree<P> tree, P parameters, String name) {
        given(tree, "tree", "a tree");
        given(parameters, name, "a tensor, a record or a list");
        List<Tensor> leaves = given(tree.leaves(parameters), "the leaves of " + name, "a list of tensors");
        for (int i = 0; i < leaves.size(); i++) {
            tensor(leaves.get(i), "leaf " + i + " of " + name);
        }
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " of type " + parameters.getClass().getName()
                            + " has no tensors; use a Tensor, a record or a list of them,"
                            + " or pass Tree.of(...) for this class");
        }
        return leaves;
    }

    static void requireSameShapes(String name, List<Tensor> given, List<Tensor> parameters) {
        if (!shapes(given).equals(shapes(parameters))) {
            throw new IllegalArgumentException(name + " has tensors of shapes " + shapes(given) + ", the parameters "
                    + shapes(parameters) + "; both must be the same");
        }
    }

    private static List<String> shapes(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> Shapes.text(tensor.shape())).toList();
    }

    static IllegalArgumentException bad(String name, String expected, Object value, String remedy) {
        return new IllegalArgumentException(name + " must be " + expected + ", was " + value + "; " + remedy);
    }

    /// What holds for an option, and what the remedy is where it does not.
    private static double require(boolean holds, String name, String expected, double value, String remedy) {
        if (!holds) {
            throw bad(name, expected, value, remedy);
        }
        return value;
    }

    static double positive(String name, double value, String remedy) {
        return require(value > 0 && value < Double.POSITIVE_INFINITY, name, "finite and > 0", value, remedy);
    }

    static double notNegative(String name, double value, String remedy) {
        return require(value >= 0 && value < Double.POSITIVE_INFINITY, name, "finite and >= 0", value, remedy);
    }

    /// A number in (0, 1].
    static double floor(String name, double value, String remedy) {
        return require(value > 0 && value <= 1, name, "in (0, 1]", value, remedy);
    }

    /// A number in (0, 1).
    static double inside(String name, double value, String remedy) {
        return require(value > 0 && value < 1, name, "in (0, 1)", value, remedy);
    }

    /// A number in [0, last].
    static double fraction(String name, double value, int last, String remedy) {
        return require(value >= 0 && value <= last, name, "in [0, " + last + "]", value, remedy);
    }

    static int atLeast(String name, int least, int value, String remedy) {
        if (value < least) {
            throw bad(name, "at least " + least, value, remedy);
        }
        return value;
    }

    /// A number of places on an axis: 1 to its length.
    static int places(String name, int value, int length, String remedy) {
        if (value < 1 || value > length) {
            throw bad(name, "in 1 to " + length + " (the length of the axis)", value, remedy);
        }
        return value;
    }

    static double[] weights(Tensor weights, String remedy) {
        double[] values = tensor(weights, "weights").toDoubles();
        for (double weight : values) {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weights must be finite and >= 0, one was " + weight + "; " + remedy);
            }
        }
        return values;
    }
}
