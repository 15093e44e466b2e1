package io.github.softgrad.trust.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Tally;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Bad input is refused before any work, by a message that names the argument, its value, what was expected and
/// the remedy. The table of it is `docs/bad-input.md`.
class BadInputTest {
    private static final List<BadInputTable> PARTS = List.of(
            new NullArguments(),
            new BadInputShapes(),
            new BadInputShapesMore(),
            new BadInputAxes(),
            new BadInputOptions(),
            new BadInputMethods(),
            new BadInputSizes(),
            new BadInputSamples(),
            new BadInputDerivatives());

    private static final String ANY_TENSOR = "every tensor is right but null";
    private static final String ANY_CHOICE = "every value of the enum, record or boolean is right but null";
    private static final String ANY_NUMBER = "every number is right: NaN and infinities compute as IEEE 754 says";
    private static final String ANY_FUNCTION = "what a function returns is checked where it is called";

    /// Methods that no value but null can be wrong for.
    private static final Map<String, String> EXEMPT = exempt(Map.of(
            "SafeMath.sqrt, SafeMath.log, SafeMath.arcsin, SafeMath.arccos, SoftBool.of, "
                    + "Soft.heaviside, Soft.sigmoidal, Soft.sign, Soft.abs, Soft.round, Autodiff.stopGradient, "
                    + "Sharpness.normalizedEntropy",
            ANY_TENSOR,
            "Soft.mode, Soft.method, Soft.transition, Soft.logic, Soft.quantileMethod, "
                    + "Soft.standardize, Soft.gatedGradient, Soft.gated, Soft.keepDims, Soft.random, "
                    + "SoftRandom.noise, SoftRandom.replacement, SoftRandom.standardize, new "
                    + "Method.SortingNetwork, Tensor.toDType",
            ANY_CHOICE,
            "Tensor.scalar",
            ANY_NUMBER,
            "Autodiff.checkpoint, Tree.of, Tree.ofParts, " + "Tree.leaves, Tree.rebuild, new Pullback",
            ANY_FUNCTION));

    private static Map<String, String> exempt(Map<String, String> names) {
        return names.entrySet().stream()
                .flatMap(entry ->
                        Arrays.stream(entry.getKey().split(", ")).map(name -> Map.entry(name, entry.getValue())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @TestFactory
    Stream<DynamicContainer> badInputIsRefused() {
        return PARTS.stream().map(part -> {
            Tally tally = new Tally("bad input: " + part.title().toLowerCase(Locale.ROOT));
            return DynamicContainer.dynamicContainer(
                    part.title(),
                    part.entries().stream()
                            .flatMap(entry -> entry.calls().stream()
                                    .map(call -> DynamicTest.dynamicTest(
                                            call.text() + ": " + entry.argument(), () -> check(tally, entry, call))))
                            .onClose(tally::close));
        });
    }

    private static void check(Tally tally, BadInput entry, BadInput.Call call) {
        assumeTrue(call.isRefusedHere(), () -> "not supported: " + Backend.kernels() + " needs no matrix for it");
        tally.tried();
        try {
            Throwable thrown = assertThrows(Throwable.class, call.action());
            assertEquals(entry.messageHere(), thrown.getMessage(), () -> "thrown: " + thrown);
            assertEquals(entry.type(), thrown.getClass());
            assertFollowsTheRule(entry);
            assertIsTheCall(call.text(), PublicApi.outermost(thrown));
        } catch (AssertionError fault) {
            tally.fault();
            throw fault;
        }
    }

    private static void assertFollowsTheRule(BadInput entry) {
        String message = entry.message();
        assertTrue(message.contains(entry.value()), () -> "does not name " + entry.value() + ": " + message);
        assertTrue(
                entry.type() == NullPointerException.class || message.contains("; ") || message.contains(": expected"),
                () -> "does not say what would help: " + message);
    }

    /// The text beside a call is that of the call.
    private static void assertIsTheCall(String text, String thrower) {
        String name = thrower.substring(thrower.lastIndexOf(thrower.startsWith("new ") ? ' ' : '.') + 1);
        assertTrue(text.contains(name + "("), () -> "thrown by " + thrower + ", which is not in: " + text);
    }

    /// Where the largest array is larger than the heap.
    @Test
    void whatTheHeapCannotHoldIsRefused() {
        long most = Runtime.getRuntime().maxMemory() / Double.BYTES;
        assumeTrue(most < Integer.MAX_VALUE / 2, "not supported: the heap can hold every array");
        int tooMany = (int) most + 1;
        Tensor one = Tensor.of(1.0);
        List<Runnable> calls =
                List.of(() -> Tensor.range(tooMany), () -> Tensor.zeros(tooMany, 1), () -> one.broadcastTo(tooMany));
        for (Runnable call : calls) {
            String message =
                    assertThrows(IllegalArgumentException.class, call::run).getMessage();
            assertTrue(message.contains("more than the heap") && message.contains("-Xmx"), message);
        }
    }

    /// The name of a method is enough: that each overload is there is seen by its null arguments.
    @Test
    void everyPublicMethodIsInTheTable() {
        Set<String> refusing = PARTS.stream()
                .filter(part -> !(part instanceof NullArguments))
                .flatMap(part -> part.entries().stream())
                .flatMap(entry -> entry.calls().stream())
                .filter(BadInput.Call::isRefusedHere)
                .map(call -> PublicApi.outermost(assertThrows(Throwable.class, call.action(), call.text())))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        Set<String> both = new TreeSet<>();
        for (Executable member : PublicApi.withArguments()) {
            String name = PublicApi.name(member);
            boolean exempt = EXEMPT.containsKey(name) || NullArguments.EXEMPT.containsKey(name);
            (refusing.contains(name) ? exempt ? both : new TreeSet<String>() : exempt ? new TreeSet<String>() : missing)
                    .add(name);
        }
        assertEquals(Set.of(), missing, "public methods without bad input in the table");
        assertEquals(Set.of(), both, "exempted although they are in the table");
    }

    @Test
    void everyExemptionIsOfAMethodThatExists() {
        Set<String> names =
                PublicApi.withArguments().stream().map(PublicApi::name).collect(Collectors.toSet());
        Stream.of(EXEMPT, NullArguments.EXEMPT)
                .map(Map::keySet)
                .flatMap(Set::stream)
                .forEach(name -> assertTrue(names.contains(name), name));
    }

    @Test
    void theDocumentIsTheTable() throws IOException {
        Function<BadInputTable, String> table = BadInputDocument::table;
        BadInputDocument.check(
                "table of bad input, written by BadInputTest",
                BadInputTable.NAMES + "\n" + PARTS.stream().map(table).collect(Collectors.joining("\n")));
    }
}
