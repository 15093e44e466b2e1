package io.github.softgrad.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One line of a golden file: an operator, its arguments, and the numbers that it must give.
record GoldenCase(JsonNode json) {
    String id() {
        return json.get("id").asText();
    }

    String function() {
        return json.get("fn").asText();
    }

    boolean statesReferenceBehaviour() {
        return json.path("reference_behaviour").asBoolean(false);
    }

    /// What is listed when the case is not supported: the operator, and its method where it has one.
    String kind() {
        String method = string("method", "");
        return function() + (method.isEmpty() ? "" : " " + method);
    }

    /// The array arguments, and the softness where it is differentiated.
    Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = tensors("inputs", dtype());
        if (has("softness")) {
            inputs.put("softness", Tensor.scalar(number("softness", 0.1), dtype()));
        }
        return inputs;
    }

    private DType dtype() {
        return json.get("dtype").asText().equals("float32") ? DType.FLOAT32 : DType.FLOAT64;
    }

    List<Tensor> outputs() {
        return list("outputs");
    }

    List<Tensor> cotangents() {
        return list("cotangents");
    }

    Map<String, Tensor> expected(String kind) {
        return tensors(kind, DType.FLOAT64);
    }

    double tolerance(String name) {
        return json.get(name).asDouble();
    }

    private List<Tensor> list(String name) {
        List<Tensor> list = new ArrayList<>();
        json.path(name).forEach(entry -> list.add(tensor(entry, DType.FLOAT64)));
        return list;
    }

    private Map<String, Tensor> tensors(String name, DType dtype) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        json.path(name).properties().forEach(entry -> tensors.put(entry.getKey(), tensor(entry.getValue(), dtype)));
        return tensors;
    }

    private static Tensor tensor(JsonNode node, DType dtype) {
        int[] shape = integers(node.get("shape"));
        JsonNode data = node.get("data");
        double[] values = new double[data.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = data.get(i).isTextual()
                    ? Double.parseDouble(data.get(i).asText())
                    : data.get(i).asDouble();
        }
        return Tensor.of(shape, values).toDType(dtype);
    }

    private static int[] integers(JsonNode node) {
        int[] values = new int[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).asInt();
        }
        return values;
    }

    // --- parameters -----------------------------------------------------------------------------------------------

    private JsonNode parameter(String name) {
        return json.get("params").path(name);
    }

    /// Whether the parameter is there and not null.
    boolean has(String name) {
        return !parameter(name).isMissingNode() && !parameter(name).isNull();
    }

    boolean isList(String name) {
        return parameter(name).isArray();
    }

    boolean flag(String name, boolean standard) {
        return parameter(name).asBoolean(standard);
    }

    int integer(String name, int standard) {
        return parameter(name).asInt(standard);
    }

    int[] integers(String name) {
        return integers(parameter(name));
    }

    double number(String name, double standard) {
        return parameter(name).asDouble(standard);
    }

    double[] numbers(String name) {
        double[] values = new double[parameter(name).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameter(name).get(i).asDouble();
        }
        return values;
    }

    String string(String name, String standard) {
        return parameter(name).asText(standard);
    }
}
