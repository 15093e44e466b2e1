package io.github.softgrad.conformance;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs one golden case: value, vector-Jacobian product, Hessian-vector product.
final class GoldenRun {
    private final GoldenCase golden;
    private final GoldenOperators.Operator operator;

    private GoldenRun(GoldenCase golden, GoldenOperators.Operator operator) {
        this.golden = golden;
        this.operator = operator;
    }

    /// What is wrong, or nothing.
    static Optional<String> mismatch(GoldenCase golden, GoldenOperators.Operator operator) {
        try {
            return new GoldenRun(golden, operator).mismatch();
        } catch (RuntimeException unexpected) {
            return Optional.of(golden.id() + ": " + unexpected);
        }
    }

    private Optional<String> mismatch() {
        Map<String, Tensor> inputs = golden.inputs();
        List<Tensor> outputs = operator.apply(inputs);
        List<Tensor> expected = GoldenDeviations.outputs(golden);
        Optional<String> wrong = Optional.empty();
        if (outputs.size() != expected.size()) {
            return Optional.of(golden.id() + ": " + outputs.size() + " outputs, expected " + expected.size());
        }
        for (int i = 0; i < expected.size() && wrong.isEmpty(); i++) {
            wrong = compare("output " + i, outputs.get(i), expected.get(i), "rtol", "atol");
        }
        for (var entry : golden.expected("vjp").entrySet()) {
            wrong = wrong.or(() -> compare(
                    "vjp of " + entry.getKey(), vjp(inputs, entry.getKey()), entry.getValue(), "vjp_rtol", "vjp_atol"));
        }
        for (var entry : golden.expected("hvp").entrySet()) {
            wrong = wrong.or(() -> compare(
                    "hvp of " + entry.getKey(), hvp(inputs, entry.getKey()), entry.getValue(), "hvp_rtol", "hvp_atol"));
        }
        return wrong;
    }

    private Tensor vjp(Map<String, Tensor> inputs, String name) {
        return Autodiff.grad(value -> contracted(inputs, name, value), inputs.get(name));
    }

    private Tensor hvp(Map<String, Tensor> inputs, String name) {
        Tensor direction = golden.expected("tangents").get(name);
        return Autodiff.hvp(value -> contracted(inputs, name, value), inputs.get(name), direction);
    }

    private Tensor contracted(Map<String, Tensor> inputs, String name, Tensor value) {
        Map<String, Tensor> all = new LinkedHashMap<>(inputs);
        all.put(name, value);
        List<Tensor> outputs = operator.apply(all);
        List<Tensor> cotangents = golden.cotangents();
        List<Tensor> terms = new ArrayList<>();
        for (int i = 0; i < cotangents.size(); i++) {
            terms.add(outputs.get(i).times(cotangents.get(i)).sum());
        }
        return terms.stream().reduce(Tensor::plus).orElseThrow();
    }

    private Optional<String> compare(String what, Tensor got, Tensor want, String relative, String absolute) {
        if (!Arrays.equals(got.shape(), want.shape())) {
            return Optional.of(golden.id() + ": " + what + " has shape " + Arrays.toString(got.shape()) + ", expected "
                    + Arrays.toString(want.shape()));
        }
        double[] g = got.toDoubles();
        double[] w = want.toDoubles();
        for (int i = 0; i < g.length; i++) {
            double allowed = golden.tolerance(absolute) + golden.tolerance(relative) * Math.abs(w[i]);
            boolean matches = g[i] == w[i]
                    || Double.isNaN(g[i]) && Double.isNaN(w[i])
                    || Double.isFinite(w[i]) && Math.abs(g[i] - w[i]) <= allowed;
            if (!matches) {
                return Optional.of(golden.id() + ": " + what + " entry " + i + " is " + g[i] + ", expected " + w[i]
                        + " within " + allowed);
            }
        }
        return Optional.empty();
    }
}
