package io.github.softgrad.trust.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a run of PIT says, held against what was measured and argued.
///
/// A run that changed nothing or noticed nothing is a fault like any other: PIT itself calls both a success.
record MutationReport(List<Mutant> mutants, List<Mutant> notArgued) {

    static MutationReport of(List<Mutant> mutants, ArguedSurvivors argued) {
        return new MutationReport(
                mutants,
                argued.missing(mutants.stream().filter(Mutant::survived).toList()));
    }

    private long killed() {
        return mutants.stream().filter(Mutant::isKilled).count();
    }

    /// The percentage of mutants that were killed.
    double score() {
        return mutants.isEmpty() ? 0 : 100.0 * killed() / mutants.size();
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%d mutants, %d killed (%.1f %%), %d survivors not argued",
                mutants.size(),
                killed(),
                score(),
                notArgued.size());
    }

    /// One line for each survivor that is not argued, and for each way in which the run as a whole fell short.
    List<String> faults(MutationGroup group) {
        List<String> faults = new ArrayList<>();
        if (mutants.size() < group.leastMutants()) {
            faults.add(group.title() + ": " + mutants.size() + " mutants, expected " + group.leastMutants());
        }
        if (killed() == 0 || score() < group.leastScore()) {
            faults.add(group.title() + ": a score of " + score() + ", expected " + group.leastScore());
        }
        mutants.stream().filter(Mutant::isUndecided).forEach(mutant -> faults.add("undecided: " + mutant));
        notArgued.forEach(mutant -> faults.add(mutant.listed()));
        return faults;
    }
}
