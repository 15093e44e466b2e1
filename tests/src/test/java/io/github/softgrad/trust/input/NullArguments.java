package io.github.softgrad.trust.input;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Logic;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Noise;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Order;
import io.github.softgrad.Pullback;
import io.github.softgrad.QuantileMethod;
import io.github.softgrad.Segments;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import io.github.softgrad.Transition;
import io.github.softgrad.Tree;
import io.github.softgrad.VjpRule;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// `null` for every argument that is an object, of every public method; the other arguments are good.
///
/// A new method is found by reflection. Only an argument of a new type needs an example here.
final class NullArguments extends BadInputTable {
    private static final String PARAMETERS = "a tensor, a record or a list";

    /// Results, which the library makes, and what users implement.
    static final Map<String, String> EXEMPT = Map.of(
            "new Pushforward", "a result, made by the library",
            "new Sorted", "a result, made by the library",
            "new TopK", "a result, made by the library",
            "new TransportPlan", "a result, made by the library",
            "new ValueAndGrad", "a result, made by the library",
            "VjpRule.cotangent", "implemented by the user and called by the library");

    private final Map<Class<?>, List<?>> receivers = Map.of(
            Soft.class, List.of(soft, hard, Soft.c1().straightThrough()),
            Tensor.class, List.of(vector, Tensor.ofFloats(1, 2, 3)),
            SoftIndex.class, List.of(index),
            SoftBool.class, List.of(truth, SoftBool.of(vector, Logic.GEOMETRIC_MEAN)),
            SoftRandom.class, List.of(random, hard.random(generator), random.replacement(false)),
            Optimizer.class, List.of(Optimizer.sgd(1), Optimizer.adam(1)),
            Segments.class, List.of(Segments.ofOffsets(0, 3)),
            Tree.class, List.of(Tree.reflective()),
            Pullback.class, List.of(Autodiff.vjp((Tensor x) -> x, vector)));

    private final Map<Class<?>, Object> examples = Map.ofEntries(
            Map.entry(Tensor.class, vector),
            Map.entry(Object.class, vector),
            Map.entry(double.class, 0.5),
            Map.entry(int.class, 0),
            Map.entry(boolean.class, false),
            Map.entry(int[].class, new int[] {1}),
            Map.entry(double[].class, new double[] {1}),
            Map.entry(float[].class, new float[] {1}),
            Map.entry(double[][].class, new double[][] {{1}}),
            Map.entry(Order.class, Order.ASCENDING),
            Map.entry(Mode.class, Mode.C1),
            Map.entry(Method.class, new Method.SoftSort()),
            Map.entry(Method.SortingNetwork.Padding.class, Method.SortingNetwork.Padding.FINITE),
            Map.entry(Transition.class, Transition.P_NORM),
            Map.entry(Logic.class, Logic.PRODUCT),
            Map.entry(QuantileMethod.class, QuantileMethod.LOWER),
            Map.entry(Noise.class, Noise.GUMBEL),
            Map.entry(DType.class, DType.FLOAT32),
            Map.entry(SoftIndex.class, index),
            Map.entry(SoftBool.class, truth),
            Map.entry(Soft.class, soft),
            Map.entry(RandomGenerator.class, new Random(1)),
            Map.entry(Tensor[].class, new Tensor[] {vector}),
            Map.entry(List.class, List.of(vector)),
            Map.entry(Tree.class, Tree.reflective()),
            Map.entry(Function.class, (Function<Object, Object>) x -> scalar),
            Map.entry(Function[].class, new Function<?, ?>[] {x -> x}),
            Map.entry(UnaryOperator.class, UnaryOperator.identity()),
            Map.entry(BiFunction.class, (BiFunction<Object, Object, Object>) (s, x) -> x),
            Map.entry(VjpRule.class, (VjpRule<Tensor>) (at, value, cotangent) -> cotangent));

    @Override
    String title() {
        return "Null";
    }

    @Override
    List<BadInput> entries() {
        Map<String, List<BadInput.Call>> calls = new TreeMap<>();
        for (Executable member : PublicApi.withArguments()) {
            if (!EXEMPT.containsKey(PublicApi.name(member))) {
                addCalls(member, calls);
            }
        }
        List<BadInput> entries = new ArrayList<>();
        calls.forEach((message, refused) -> entries.add(new BadInput(
                message.substring(0, message.indexOf(' ')) + " = null", NullPointerException.class, message, refused)));
        return entries;
    }

    private void addCalls(Executable member, Map<String, List<BadInput.Call>> calls) {
        Parameter[] parameters = member.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (!parameters[i].getType().isPrimitive()) {
                String message = parameters[i].getName() + " must be " + kind(parameters[i]) + ", was null";
                for (Object receiver : receiversOf(member)) {
                    calls.computeIfAbsent(message, unused -> new ArrayList<>()).add(call(member, i, receiver));
                }
            }
        }
    }

    private List<?> receiversOf(Executable member) {
        return member instanceof Constructor<?> || Modifier.isStatic(member.getModifiers())
                ? Arrays.asList((Object) null)
                : receivers.get(member.getDeclaringClass());
    }

    private BadInput.Call call(Executable member, int argument, Object receiver) {
        Parameter[] parameters = member.getParameters();
        Object[] values = new Object[parameters.length];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            values[i] = i == argument ? null : examples.get(parameters[i].getType());
            names.add(i == argument ? "null" : parameters[i].getName());
        }
        String text = names.stream().collect(Collectors.joining(", ", PublicApi.name(member) + "(", ")"));
        return BadInput.call(text, () -> invoke(member, receiver, values));
    }

    private static void invoke(Executable member, Object receiver, Object... values) throws Throwable {
        try {
            if (member instanceof Constructor<?> constructor) {
                constructor.newInstance(values);
            } else {
                member.setAccessible(true);
                ((java.lang.reflect.Method) member).invoke(receiver, values);
            }
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /// What the message says that the argument must be.
    private static String kind(Parameter parameter) {
        Class<?> type = parameter.getType();
        if (type.isArray()) {
            return "an array";
        }
        if (type == Function.class || type == BiFunction.class || type == UnaryOperator.class) {
            return "a function";
        }
        String name = type.getSimpleName();
        return switch (name) {
            case "Tensor", "Tree", "List" -> "a " + name.toLowerCase(Locale.ROOT);
            case "Object" -> PARAMETERS;
            case "RandomGenerator" -> "a generator";
            default -> ("AEIO".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
        };
    }
}
