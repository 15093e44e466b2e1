package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.softgrad.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every case of every golden file gives its numbers, on the backend of this run.
///
/// The directory is the system property `softgrad.golden`; without it `../shared/golden` beside the repository
/// where that exists, else the small set that the project carries.
class GoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 20;

    static Path directory() {
        String given = System.getProperty("softgrad.golden");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of(System.getProperty("softgrad.root", "."));
        Path shared = root.resolve("../shared/golden").normalize();
        return Files.isDirectory(shared) ? shared : root.resolve("tests/src/test/resources/golden");
    }

    @TestFactory
    Stream<DynamicTest> everyCaseGivesItsNumbers() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory())) {
            files = listed.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        assertFalse(files.isEmpty(), () -> "no *.jsonl in " + directory());
        return files.stream().map(file -> dynamicTest(file.getFileName().toString(), () -> run(file)));
    }

    private static void run(Path file) throws IOException {
        int cases = 0;
        int passed = 0;
        int better = 0;
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> unsupported = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            GoldenCase golden = new GoldenCase(JSON.readTree(line));
            cases++;
            var operator = GoldenOperators.of(golden);
            if (operator.isEmpty()) {
                unsupported.merge(golden.kind(), 1, Integer::sum);
                continue;
            }
            var mismatch = GoldenRun.mismatch(golden, operator.get());
            mismatch.ifPresent(wrong::add);
            passed += mismatch.isEmpty() ? 1 : 0;
            better += GoldenDeviations.differs(golden) ? 1 : 0;
        }
        int documented = better;
        int missing = unsupported.values().stream().mapToInt(Integer::intValue).sum();
        String backend = Backend.kernels().split(",")[0];
        System.out.printf(
                "golden %s %s: %d cases, %d passed, %d not supported yet%n",
                file.getFileName(), backend, cases, passed, missing);
        if (documented > 0) {
            System.out.printf("    of those passed, checked against ARCHITECTURE.md's better value: %d%n", documented);
        }
        unsupported.forEach((kind, count) -> System.out.printf("    not supported yet: %s (%d)%n", kind, count));
        assertTrue(cases > 0, () -> file + " has no cases");
        assertTrue(
                wrong.isEmpty(),
                () -> wrong.size() + " wrong:\n" + String.join("\n", wrong.subList(0, Math.min(SHOWN, wrong.size()))));
    }
}
