package io.github.softgrad.bench.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.softgrad.DType;
import java.util.OptionalDouble;

/// What is measured: an operator, how it is made soft, and the size of its input. The names are those of the
/// harness that measures the Python libraries, so that its rows and ours can be laid side by side.
///
/// @param operator the operator, for example `sort`
/// @param mode `hard`, `smooth`, `c0`, `c1` or `c2`
/// @param method the relaxation, empty where there is no choice
/// @param n the length of a line; the number of entries of an elementwise operator
/// @param batch the number of lines
/// @param dtype the number format of the input
/// @param threads how many threads a call may use
/// @param backward whether a call computes a vector-Jacobian product as well as the value
/// @param eps the softness of a transport plan, which the harness names apart
/// @param options what only some operators read
public record Case(
        String operator,
        String mode,
        String method,
        int n,
        int batch,
        DType dtype,
        int threads,
        boolean backward,
        OptionalDouble eps,
        Options options) {

    /// What only some operators read.
    ///
    /// @param softness the softness of all operators but transport
    /// @param k how many entries `top_k` takes
    /// @param tolerance how exact the harness wants a transport plan
    /// @param maxIterations how many iterations it allows for that
    public record Options(double softness, int k, double tolerance, int maxIterations) {
        /// Those of the harness, for lines of length n.
        public static Options standard(int n) {
            return new Options(0.1, Math.min(10, n), 1e-5, 4000);
        }
    }

    /// One that is not about transport, with the options of the harness.
    public static Case of(
            String operator, String mode, String method, int n, int batch, DType dtype, int threads, boolean backward) {
        return new Case(
                operator,
                mode,
                method,
                n,
                batch,
                dtype,
                threads,
                backward,
                OptionalDouble.empty(),
                Options.standard(n));
    }

    /// The same with another softness of the transport plan.
    public Case withEps(double value) {
        return new Case(operator, mode, method, n, batch, dtype, threads, backward, OptionalDouble.of(value), options);
    }

    /// The same with other options.
    public Case withOptions(Options other) {
        return new Case(operator, mode, method, n, batch, dtype, threads, backward, eps, other);
    }

    /// The softness that counts.
    public double softness() {
        return eps.orElse(options.softness());
    }

    /// `fwd` or `fwdbwd`.
    public String pass() {
        return passName(backward);
    }

    /// The name of a pass in the rows.
    public static String passName(boolean backward) {
        return backward ? "fwdbwd" : "fwd";
    }

    /// The name of a number format in the rows.
    public static String dtypeName(DType dtype) {
        return dtype == DType.FLOAT32 ? "f32" : "f64";
    }

    /// The number format `f32` or `f64`.
    public static DType dtype(String name) {
        return switch (name) {
            case "f32" -> DType.FLOAT32;
            case "f64" -> DType.FLOAT64;
            default -> throw new IllegalArgumentException("dtype must be f32 or f64, was \"" + name + "\"");
        };
    }

    /// Reads what a request to prepare, or a row, says.
    public static Case read(JsonNode json) {
        int n = whole(json, "n");
        Options standard = Options.standard(n);
        Options options = new Options(
                json.path("softness").asDouble(standard.softness()),
                json.path("k").asInt(standard.k()),
                json.path("tol").asDouble(standard.tolerance()),
                json.path("max_iter").asInt(standard.maxIterations()));
        JsonNode eps = json.path("eps");
        return new Case(
                text(json, "op"),
                text(json, "mode"),
                text(json, "method"),
                n,
                whole(json, "batch"),
                dtype(text(json, "dtype")),
                whole(json, "threads"),
                isBackward(text(json, "pass")),
                eps.isNumber() ? OptionalDouble.of(eps.asDouble()) : OptionalDouble.empty(),
                options);
    }

    private static boolean isBackward(String pass) {
        if (!pass.equals("fwd") && !pass.equals("fwdbwd")) {
            throw new IllegalArgumentException("pass must be fwd or fwdbwd, was \"" + pass + "\"");
        }
        return pass.equals("fwdbwd");
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("\"" + name + "\" must be a string, was " + value);
        }
        return value.asText();
    }

    private static int whole(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.asInt() < 1) {
            throw new IllegalArgumentException("\"" + name + "\" must be a whole number above 0, was " + value);
        }
        return value.asInt();
    }

    /// Writes the fields that identify a row.
    public void write(ObjectNode row) {
        row.put("op", operator)
                .put("mode", mode)
                .put("method", method)
                .put("n", n)
                .put("batch", batch)
                .put("dtype", dtypeName(dtype))
                .put("threads", threads)
                .put("pass", pass());
        eps.ifPresent(value -> row.put("eps", value));
    }

    @Override
    public String toString() {
        String relaxation = method.isEmpty() ? mode : method + " " + mode;
        String transport = eps.isPresent() ? " eps=" + eps.getAsDouble() : "";
        return "%s %s n=%d batch=%d %s %s%s"
                .formatted(operator, relaxation, n, batch, dtypeName(dtype), pass(), transport);
    }
}
