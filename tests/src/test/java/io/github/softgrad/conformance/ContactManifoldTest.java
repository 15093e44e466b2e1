package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.examples.ContactManifold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The paper's case study gives the stored indices and gradients: hard, soft, and straight-through around the
/// program.
class ContactManifoldTest {
    private static final double TOLERANCE = 1e-8;

    private record Case(JsonNode json) {
        Tensor tensor(String name) {
            JsonNode node = json.get(name);
            int[] shape = new ObjectMapper().convertValue(node.get("shape"), int[].class);
            return Tensor.of(shape, new ObjectMapper().convertValue(node.get("data"), double[].class));
        }

        Soft soft() {
            String mode = json.get("mode").asText().toUpperCase(Locale.ROOT);
            return Soft.smooth()
                    .mode(Mode.valueOf(mode))
                    .method(new Method.SoftSort())
                    .softness(json.get("softness").asDouble());
        }

        ContactManifold program() {
            double[] mask = IntStream.range(0, json.get("mask").size())
                    .mapToDouble(i -> json.get("mask").get(i).asBoolean() ? 1 : 0)
                    .toArray();
            return new ContactManifold(Tensor.of(mask), tensor("normal"));
        }

        Tensor gradient(Function<Tensor, Tensor> indices) {
            Tensor cotangent = tensor("cotangent");
            return Autodiff.grad(polygon -> indices.apply(polygon).dot(cotangent), tensor("polygon"));
        }
    }

    private static Stream<Case> cases() throws IOException {
        Path file = GoldenTest.directory().resolve("contact_manifold.json");
        if (!Files.exists(file)) {
            file = Path.of(System.getProperty("softgrad.root", "."))
                    .resolve("tests/src/test/resources/golden/contact_manifold.json");
        }
        JsonNode all = new ObjectMapper().readTree(Files.readString(file));
        return IntStream.range(0, all.size()).mapToObj(i -> new Case(all.get(i)));
    }

    private static Stream<DynamicTest> each(String what, Consumer<Case> check) throws IOException {
        return cases().map(data -> DynamicTest.dynamicTest(
                what + ", softness " + data.json().get("softness") + ", mask "
                        + data.json().get("mask"),
                () -> check.accept(data)));
    }

    @TestFactory
    Stream<DynamicTest> softIndicesAndGradients() throws IOException {
        return each("soft", data -> {
            Function<Tensor, Tensor> indices = polygon -> data.program().indices(data.soft(), polygon);
            assertClose(data.tensor("soft_index"), indices.apply(data.tensor("polygon")));
            assertClose(data.tensor("gradient_polygon"), data.gradient(indices));
        });
    }

    @TestFactory
    Stream<DynamicTest> hardIndices() throws IOException {
        return each("hard", data -> assertHard(data, data.program().indices(Soft.hard(), data.tensor("polygon"))));
    }

    @TestFactory
    Stream<DynamicTest> straightThroughTheWholeProgramIsHardInValueAndSoftInGradient() throws IOException {
        return each("straight-through", data -> {
            Function<Tensor, Tensor> indices = data.soft().<Tensor>straightThrough(data.program()::indices);
            assertHard(data, indices.apply(data.tensor("polygon")));
            assertClose(data.tensor("gradient_polygon"), data.gradient(indices));
        });
    }

    private static void assertHard(Case data, Tensor indices) {
        for (int i = 0; i < 4; i++) {
            int place = data.json().get("hard_index").get(i).asInt();
            assertEquals(
                    1.0, indices.get(i, place).item(), "index " + i + " is vertex " + place + ": " + indices.get(i));
        }
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        double largest = expected.abs().max().item();
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), TOLERANCE * Math.max(1, largest));
    }
}
