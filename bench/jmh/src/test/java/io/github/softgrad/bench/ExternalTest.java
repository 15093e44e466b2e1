package io.github.softgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The conversation with the harness, line by line over pipes, in the words that the harness uses.
@Timeout(60)
class ExternalTest {
    private static final String PREPARE =
            "{\"cmd\": \"prepare\", \"id\": %d, \"softness\": 0.1, \"k\": 8, \"tol\": 1e-05, \"max_iter\": 4000,"
                    + " \"op\": \"%s\", \"mode\": \"%s\", \"method\": \"%s\", \"n\": 8, \"batch\": 2,"
                    + " \"dtype\": \"f32\", \"threads\": 1, \"pass\": \"fwdbwd\"%s}";

    private final PipedOutputStream questions = new PipedOutputStream();
    private final PipedOutputStream answers = new PipedOutputStream();
    private PrintStream writer;
    private BufferedReader reader;
    private Thread server;

    @BeforeEach
    void start() throws IOException {
        PipedInputStream asked = new PipedInputStream(questions);
        reader = new BufferedReader(new InputStreamReader(new PipedInputStream(answers), StandardCharsets.UTF_8));
        writer = new PrintStream(questions, true, StandardCharsets.UTF_8);
        server = Thread.ofPlatform().daemon().start(() -> {
            try {
                new External(0.01).serve(asked, answers);
                answers.close();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    @AfterEach
    void endsWhenTheOtherSideCloses() throws IOException, InterruptedException {
        writer.close();
        assertEquals(null, reader.readLine());
        server.join();
    }

    private JsonNode ask(String question, Object... values) throws IOException {
        writer.print(question.formatted(values) + "\n");
        writer.flush();
        return new ObjectMapper().readTree(reader.readLine());
    }

    private JsonNode sample(int id, int turn) throws IOException {
        return ask("{\"cmd\": \"rep\", \"id\": %d, \"i\": %d}", id, turn);
    }

    @Test
    void preparesTimesAndDrops() throws IOException {
        JsonNode ready = ask(PREPARE, 1, "sort", "smooth", "softsort", "");
        assertTrue(ready.path("ok").asBoolean(), ready.toString());
        assertTrue(ready.path("compile_ns").isIntegralNumber());
        assertTrue(ready.path("peak_bytes").isIntegralNumber());
        for (int turn = 0; turn < 6; turn++) {
            assertTrue(sample(1, turn).path("ns").asLong() > 0);
        }
        assertTrue(ask("{\"cmd\": \"drop\", \"id\": 1}").path("ok").asBoolean());
        assertFalse(sample(1, 0).has("ns"));
    }

    @Test
    void keepsSeveralCasesApart() throws IOException {
        ask(PREPARE, 1, "abs", "c0", "", "");
        ask(PREPARE, 2, "perm_proj", "c0", "", "");
        ask(PREPARE, 3, "logical_and", "smooth", "", "");
        ask("{\"cmd\": \"drop\", \"id\": 2}");
        assertTrue(sample(1, 0).has("ns"));
        assertFalse(sample(2, 0).has("ns"));
        assertTrue(sample(3, 0).has("ns"));
    }

    @Test
    void saysThatTransportIsSolvedMoreExactlyThanAsked() throws IOException {
        JsonNode ready = ask(PREPARE, 1, "transport", "c0", "lbfgs", ", \"eps\": 0.01");
        assertTrue(ready.path("ok").asBoolean(), ready.toString());
        assertTrue(ready.path("note").asText().contains("5.0E-13 instead of 1.0E-5"), ready.toString());
        assertTrue(sample(1, 0).path("ns").asLong() > 0);
    }

    @Test
    void refusesWhatTheLibraryDoesNotHave() throws IOException {
        for (String[] names : new String[][] {
            {"sort", "c0", "smooth_sort"}, {"argsort", "smooth", "fast_soft_sort"}, {"cumsum", "smooth", ""}
        }) {
            JsonNode answer = ask(PREPARE, 1, names[0], names[1], names[2], "");
            assertFalse(answer.path("ok").asBoolean(true));
            assertTrue(answer.path("error").asText().startsWith("unsupported: "), answer.toString());
        }
    }

    @Test
    void answersMalformedLinesAndGoesOn() throws IOException {
        for (String line : new String[] {
            "not json",
            "{\"cmd\": \"prepare\"",
            "[]",
            "17",
            "{\"cmd\": \"dance\"}",
            "{\"cmd\": \"rep\"}",
            "{\"cmd\": \"rep\", \"id\": 77}",
            "{\"cmd\": \"prepare\", \"id\": 1}",
            PREPARE.formatted(1, "sort", "smooth", "softsort", "").replace("\"n\": 8", "\"n\": -8"),
            PREPARE.formatted(1, "sort", "smooth", "softsort", "").replace("f32", "f16"),
            PREPARE.formatted(1, "sort", "smooth", "softsort", "").replace("fwdbwd", "bwd")
        }) {
            JsonNode answer = ask(line.replace("%", "%%"));
            assertFalse(answer.path("ok").asBoolean(true), line);
            assertTrue(answer.path("error").asText().startsWith("malformed: "), answer.toString());
        }
        assertTrue(ask(PREPARE, 1, "max", "c2", "neuralsort", "").path("ok").asBoolean());
    }
}
