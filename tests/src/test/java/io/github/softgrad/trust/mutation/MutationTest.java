package io.github.softgrad.trust.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/// Changes to the operators, the rules of differentiation and the kernels' definitions do not pass the tests:
/// whatever survives is argued in a line.
///
/// A short run takes the groups that fit into its share and says which it leaves out.
@Tag("trust")
@DisabledIfSystemProperty(named = "softgrad.backend", matches = "reference", disabledReason = "one run is enough")
class MutationTest {

    private static final double SHARE = 0.3;

    private final Path root =
            Path.of(System.getProperty("softgrad.root", ".")).toAbsolutePath().normalize();
    private long tried;

    @Test
    void whateverSurvivesIsArgued() throws IOException, InterruptedException {
        ArguedSurvivors argued = ArguedSurvivors.read(root.resolve(ArguedSurvivors.FILE));
        long start = System.nanoTime();
        long end = start + Tally.nanoseconds(SHARE);
        List<String> faults = new ArrayList<>();
        for (MutationGroup group : MutationGroup.values()) {
            long seconds = (end - System.nanoTime()) / 1_000_000_000;
            if (seconds < group.seconds()) {
                System.out.printf("mutation of %s: left out, needs %d s%n", group.title(), group.seconds());
            } else if (group.needsNativeKernels() && !Catalogue.isNative()) {
                System.out.printf("mutation of %s: left out, needs native kernels%n", group.title());
            } else {
                faults.addAll(faults(group, argued, seconds));
            }
        }
        record(faults.size(), (System.nanoTime() - start) / 1e9);
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
    }

    /// The line for the table that the trust run ends with.
    private void record(int faults, double seconds) throws IOException {
        Path table = Files.createDirectories(root.resolve("tests/target/trust")).resolve("mutation.tsv");
        Files.writeString(table, String.format(Locale.ROOT, "mutation\t%d\t%d\t%.1f%n", tried, faults, seconds));
    }

    /// A run that fails as a whole is one fault.
    private List<String> faults(MutationGroup group, ArguedSurvivors argued, long seconds)
            throws IOException, InterruptedException {
        try {
            List<Mutant> mutants = new MutationRun(root, group).mutants(seconds);
            tried += mutants.size();
            MutationReport report = MutationReport.of(mutants, argued);
            System.out.printf("mutation of %s: %s%n", group.title(), report.summary());
            return report.faults(group);
        } catch (IllegalStateException failed) {
            return List.of(failed.getMessage());
        }
    }
}
