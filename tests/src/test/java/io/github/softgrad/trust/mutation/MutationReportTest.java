package io.github.softgrad.trust.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run of PIT passes only if it changed much, killed most of it, and every survivor is argued.
class MutationReportTest {
    private static final MutationGroup GROUP = MutationGroup.ARITHMETIC;
    private static final Mutant KILLED = mutant("KILLED");
    private static final Mutant SURVIVOR = mutant("SURVIVED");
    private static final String ARGUED = "Losses\tmean\tMath\t1\tsum / count\tthe count is 1";

    private static Mutant mutant(String status) {
        return new Mutant("Losses", "mean", "Math", "return sum / count;", status);
    }

    private static List<Mutant> run(int killed, Mutant... others) {
        List<Mutant> mutants = new ArrayList<>(Collections.nCopies(killed, KILLED));
        mutants.addAll(List.of(others));
        return mutants;
    }

    private static List<String> faults(List<Mutant> mutants, String... argued) {
        List<ArguedSurvivors.Line> lines =
                List.of(argued).stream().map(ArguedSurvivors.Line::parse).toList();
        return MutationReport.of(mutants, new ArguedSurvivors(lines)).faults(GROUP);
    }

    @Test
    void aRunThatKillsEverythingPasses() {
        assertEquals(List.of(), faults(run(1000)));
    }

    @Test
    void aRunThatChangesLittleOrKillsNothingIsAFault() {
        assertEquals(2, faults(run(0)).size());
        assertEquals(1, faults(run(1)).size());
        Mutant[] survivors = Collections.nCopies(1000, SURVIVOR).toArray(Mutant[]::new);
        String all = ARGUED.replace("\t1\t", "\t1000\t");
        assertEquals(1, faults(run(0, survivors), all).size(), "all of them argued");
    }

    @Test
    void aSurvivorThatIsNotArguedIsAFault() {
        assertEquals(List.of("Losses\tmean\tMath\t1\treturn sum / count;"), faults(run(1000, SURVIVOR)));
        assertEquals(List.of(), faults(run(1000, SURVIVOR), ARGUED));
        assertEquals(1, faults(run(1000, SURVIVOR, SURVIVOR), ARGUED).size(), "one more than argued");
        assertEquals(
                1, faults(run(1000, SURVIVOR), ARGUED.replace("mean", "sum")).size());
        assertEquals(
                1,
                faults(run(1000, SURVIVOR), ARGUED.replace("Math", "VoidMethodCall"))
                        .size());
        assertEquals(
                1, faults(run(1000, SURVIVOR), ARGUED.replace("sum /", "sum *")).size());
        assertEquals(1, faults(run(1000, mutant("NO_COVERAGE"))).size());
    }

    @Test
    void aMutantThatPitCouldNotJudgeIsAFault() {
        assertEquals(1, faults(run(1000, mutant("RUN_ERROR"))).size());
        assertEquals(1, faults(run(1000, mutant("NOT_STARTED")), ARGUED).size());
        assertEquals(List.of(), faults(run(1000, mutant("TIMED_OUT"))));
    }

    @Test
    void anArgumentMustBeGiven() {
        assertThrows(IllegalArgumentException.class, () -> faults(run(1000), "Losses\tmean\tMath\t1\tsum\t "));
        assertThrows(IllegalArgumentException.class, () -> faults(run(1000), "Losses\tmean\tMath\t1\tsum"));
    }

    @Test
    void aReportIsReadWithTheSourceOfEachMutant(@TempDir Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("io/github/softgrad"));
        Files.writeString(folder.resolve("Losses.java"), "class Losses {\n    return sum / count;\n}\n");
        Path report = directory.resolve("mutations.xml");
        Files.writeString(report, """
                <mutations><mutation detected='false' status='SURVIVED'><sourceFile>Losses.java</sourceFile>
                <mutatedClass>io.github.softgrad.Losses</mutatedClass><mutatedMethod>lambda$mean$3</mutatedMethod>
                <lineNumber>2</lineNumber><mutator>org.pitest.gregor.mutators.MathMutator</mutator></mutation>
                </mutations>
                """);
        assertEquals(List.of(SURVIVOR), Mutant.read(report, directory));
        assertThrows(IOException.class, () -> Mutant.read(folder.resolve("Losses.java"), directory));
    }

    @Test
    void everyArgumentIsAboutAClassThatIsMutated() throws IOException {
        Path root = Path.of(System.getProperty("softgrad.root", "."));
        ArguedSurvivors argued = ArguedSurvivors.read(root.resolve(ArguedSurvivors.FILE));
        assertFalse(argued.lines().isEmpty());
        Set<String> mutated = Stream.of(MutationGroup.values())
                .flatMap(group -> group.targets().stream())
                .collect(Collectors.toSet());
        for (ArguedSurvivors.Line line : argued.lines()) {
            String outer = line.type().replaceFirst("\\$.*", "");
            assertTrue(
                    mutated.contains("io.github.softgrad." + line.type())
                            || mutated.contains("io.github.softgrad." + outer),
                    () -> "no group has it: " + line);
            Path source = root.resolve("java/src/main/java/io/github/softgrad").resolve(outer + ".java");
            assertTrue(Files.readString(source).contains(line.source()), () -> "no such line: " + line);
        }
    }
}
