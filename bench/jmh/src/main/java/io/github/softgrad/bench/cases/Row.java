package io.github.softgrad.bench.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One line of a file of results, ours or those of the harness of the Python libraries.
///
/// @param peer which library
/// @param what what it computed
/// @param minNanos the fastest call, if any succeeded
/// @param fields all fields
public record Row(String peer, Case what, OptionalLong minNanos, ObjectNode fields) {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// A row without results.
    public static Row of(String peer, Case what, String note, String error) {
        ObjectNode fields = base(peer, what);
        fields.put("note", note);
        if (!error.isEmpty()) {
            fields.put("error", error);
        }
        return read(fields);
    }

    /// A row of times, in ascending order.
    public static Row of(String peer, Stopwatch stopwatch, long peakBytes, List<Long> ascending, String note) {
        ObjectNode fields = base(peer, stopwatch.work().what());
        fields.put("min_ns", ascending.getFirst());
        fields.put("median_ns", ascending.get(ascending.size() / 2));
        fields.put("compile_ns", stopwatch.warmUpNanos());
        fields.put("peak_bytes", peakBytes);
        fields.put("reps", ascending.size());
        fields.put("note", note);
        return read(fields);
    }

    private static ObjectNode base(String peer, Case what) {
        ObjectNode fields = MAPPER.createObjectNode().put("peer", peer);
        what.write(fields);
        return fields.putNull("min_ns")
                .putNull("median_ns")
                .putNull("compile_ns")
                .putNull("peak_bytes");
    }

    private static Row read(JsonNode json) {
        JsonNode nanos = json.path("min_ns");
        return new Row(
                json.path("peer").asText(),
                Case.read(json),
                nanos.isNumber() ? OptionalLong.of(nanos.asLong()) : OptionalLong.empty(),
                (ObjectNode) json);
    }

    /// Why there is no time; empty if nothing went wrong.
    public String error() {
        return fields.path("error").asText("");
    }

    /// What else is to be known.
    public String note() {
        return fields.path("note").asText("");
    }

    /// Reads a file: an array of rows, or an object with such an array as `rows`.
    public static List<Row> readAll(Path file) throws IOException {
        JsonNode json = MAPPER.readTree(file.toFile());
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : json.isObject() ? json.path("rows") : json) {
            rows.add(read(row));
        }
        return rows;
    }

    /// Writes an array of rows.
    public static void writeAll(Path file, List<Row> rows) throws IOException {
        ArrayNode array = MAPPER.createArrayNode();
        rows.forEach(row -> array.add(row.fields()));
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        MAPPER.writeValue(file.toFile(), array);
    }
}
