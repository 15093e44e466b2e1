package io.github.softgrad.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.softgrad.Backend;
import io.github.softgrad.bench.cases.Case;
import io.github.softgrad.bench.cases.Stopwatch;
import io.github.softgrad.bench.cases.Work;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Takes part in the measurements of another program, which asks and is answered with one JSON object a line.
///
/// - `{"cmd":"prepare","id":1,"op":"sort","mode":"smooth","method":"softsort","n":64,"batch":1,"dtype":"f64",
///   "threads":1,"pass":"fwd",...}` draws inputs and warms up: `{"ok":true,"compile_ns":..,"peak_bytes":..,
///   "note":..}`. The first is the time of the warm-up; the second what one call allocates, see
///   [Stopwatch#allocatedBytes()].
/// - `{"cmd":"rep","id":1}` times one call: `{"ns":..}`, see [Stopwatch].
/// - `{"cmd":"drop","id":1}` forgets it: `{"ok":true}`.
///
/// Whatever fails is answered with `{"ok":false,"error":..}`, and the conversation goes on.
final class External {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<Integer, Stopwatch> prepared = new HashMap<>();
    private final double warmUpSeconds;

    External(double warmUpSeconds) {
        this.warmUpSeconds = warmUpSeconds;
    }

    /// Speaks on the standard streams until the other side closes them; `--warmup` seconds bound each warm-up.
    static void main(List<String> arguments) throws IOException {
        double seconds = new Arguments(arguments, "warmup").number("warmup", 3);
        System.err.println(Backend.report());
        // Whatever else prints must not come between the answers.
        System.setOut(System.err);
        new External(seconds).serve(System.in, new FileOutputStream(FileDescriptor.out));
    }

    /// Answers every line.
    void serve(InputStream questions, OutputStream answers) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(questions, StandardCharsets.UTF_8));
        PrintStream writer = new PrintStream(answers, true, StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                writer.print(answer(line) + "\n");
                writer.flush();
            }
        }
    }

    private ObjectNode answer(String line) {
        try {
            JsonNode question = mapper.readTree(line);
            String command = question.path("cmd").asText();
            return switch (command) {
                case "prepare" -> prepare(question);
                case "rep" -> mapper.createObjectNode().put("ns", sample(question));
                case "drop" -> drop(question);
                default -> failure("malformed: there is no command \"" + command + "\"");
            };
        } catch (UnsupportedOperationException missing) {
            return failure("unsupported: " + missing.getMessage());
        } catch (JsonProcessingException malformed) {
            return failure("malformed: " + malformed.getOriginalMessage());
        } catch (IllegalArgumentException malformed) {
            return failure("malformed: " + malformed.getMessage());
        } catch (RuntimeException | OutOfMemoryError failed) {
            return failure(failed.getClass().getSimpleName() + ": " + failed.getMessage());
        }
    }

    private ObjectNode failure(String error) {
        return mapper.createObjectNode().put("ok", false).put("error", error);
    }

    private ObjectNode prepare(JsonNode question) {
        int id = id(question);
        Case what = Case.read(question);
        Stopwatch stopwatch = new Stopwatch(Work.prepare(what));
        stopwatch.warmUp(warmUpSeconds);
        long bytes = stopwatch.allocatedBytes();
        prepared.put(id, stopwatch);
        ObjectNode answer = mapper.createObjectNode()
                .put("ok", true)
                .put("compile_ns", stopwatch.warmUpNanos())
                .put("peak_bytes", bytes);
        return answer.put("note", Notes.about(stopwatch));
    }

    private long sample(JsonNode question) {
        Stopwatch stopwatch = prepared.get(id(question));
        if (stopwatch == null) {
            throw new IllegalArgumentException("nothing was prepared as " + question.path("id"));
        }
        stopwatch.work().limitThreads();
        return stopwatch.sample();
    }

    private ObjectNode drop(JsonNode question) {
        prepared.remove(id(question));
        return mapper.createObjectNode().put("ok", true);
    }

    private static int id(JsonNode question) {
        if (!question.path("id").isIntegralNumber()) {
            throw new IllegalArgumentException("\"id\" must be a whole number, was " + question.path("id"));
        }
        return question.path("id").asInt();
    }
}
