package io.github.softgrad.trust.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.ConvergenceException;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.opentest4j.TestAbortedException;

/// The cases of one property: every combination that it holds for, in turn, each time with another softness and
/// other lines.
///
/// A case is made from the seed, the name of the property and its index alone; `-Dsoftgrad.trust.case=INDEX`
/// tries that one only.
final class Cases {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int MOST_FAULTS_TOLD = 5;
    private static final int FEWEST = 400;
    private static final int LONG = 200;
    private static final int VERY_LONG = 3000;

    /// At most so many entries of an n x n matrix for each of the rows together.
    private static final int MATRIX = 1 << 16;

    /// The share of lines, of entries from 1e-300 to 1e300, on which an iterative solver may give up as it
    /// says.
    private static final double MOST_UNSOLVED = 1e-3;

    private final String property;
    private final List<Combination> combinations;
    private List<Inputs> kinds = List.of(Inputs.values());
    private int longest;
    private int mostRows = 5;

    private Cases(String property, List<Combination> combinations) {
        this.property = property;
        this.combinations = combinations;
        // The definitions of the reference backend take the square of the length, its transport the cube.
        longest = Backend.kernels().startsWith("native") ? LONG : 12;
    }

    static Cases of(String property, Predicate<Combination> holds) {
        List<Combination> combinations =
                Combination.SUPPORTED.stream().filter(holds).toList();
        assertTrue(!combinations.isEmpty(), () -> property + " holds for nothing");
        return new Cases(property, combinations);
    }

    /// Lines of other kinds only.
    Cases on(Predicate<Inputs> wanted) {
        kinds = List.of(Inputs.values()).stream().filter(wanted).toList();
        return this;
    }

    /// At most so many rows and entries in each.
    Cases upTo(int rows, int entries) {
        mostRows = rows;
        longest = Math.min(longest, entries);
        return this;
    }

    /// The same, also on the reference backend, for which lines are kept short otherwise.
    Cases whateverTheBackend(int rows, int entries) {
        mostRows = rows;
        longest = entries;
        return this;
    }

    // --- making cases ---------------------------------------------------------------------------------------------

    Case at(long index) {
        Combination combination = combinations.get((int) (index % combinations.size()));
        RandomGenerator random = random(index);
        Inputs kind = kinds.get(random.nextInt(kinds.size()));
        int n = length(random, combination);
        int rows = 1 + random.nextInt(Math.max(1, Math.min(mostRows, MATRIX / (n * n))));
        double[] numbers = new double[rows * n];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(kind.line(random, n), 0, numbers, row * n, n);
        }
        double softness = softness(random, combination, Line.of(numbers).spread());
        double share = random.nextInt(8) == 0 ? random.nextInt(2) : random.nextDouble();
        return new Case(index, combination, softness, share, kind, Tensor.of(new int[] {rows, n}, numbers));
    }

    /// As often short as long; and one in fifty of those that take no more than a sort is very long.
    private int length(RandomGenerator random, Combination combination) {
        boolean isLinear = combination.isSoftSort() || combination.isFastSoftSort() || combination.isLapSum();
        boolean isVeryLong = longest == LONG
                && isLinear
                && (combination.result().isValue() || combination.result() == Operator.Result.RANKS)
                && random.nextInt(50) == 0;
        int most = isVeryLong ? VERY_LONG : longest;
        return Math.min(most, (int) Math.exp(random.nextDouble(0, Math.log(most + 1.0))));
    }

    private RandomGenerator random(long index) {
        return new SplittableRandom((Tally.seed() * 31 + property.hashCode()) * GOLDEN + index);
    }

    /// From 1e-6 to 1e6; half of the lines that are not standardized are met on their own scale.
    private static double softness(RandomGenerator random, Combination combination, double spread) {
        double softness = Math.pow(10, random.nextDouble(-6, 6));
        boolean onItsScale = !combination.isStandardized() && spread > 1e-280 && spread < 1e280 && random.nextBoolean();
        return onItsScale ? spread * Math.pow(10, random.nextDouble(-4, 3)) : softness;
    }

    // --- trying them ----------------------------------------------------------------------------------------------

    /// Tries every combination at least once, and `perMinute` cases for each minute of the trust run.
    void check(int perMinute, Consumer<Case> holds) {
        check(Math.max(combinations.size(), FEWEST), perMinute, holds);
    }

    void check(int few, int perMinute, Consumer<Case> holds) {
        List<String> faults = new ArrayList<>();
        Long only = Long.getLong("softgrad.trust.case");
        long first = only == null ? 0 : only;
        long end = only == null ? Tally.inputs(few, perMinute) : only + 1;
        long sayNothing = 0;
        long unsolved = 0;
        try (Tally tally = new Tally(property)) {
            for (long index = first; index < end; index++) {
                Case each = at(index);
                try {
                    holds.accept(each);
                    tally.tried();
                } catch (TestAbortedException saysNothing) {
                    sayNothing++;
                } catch (ConvergenceException notSolved) {
                    unsolved++;
                } catch (AssertionError | RuntimeException fault) {
                    tally.tried();
                    tally.fault();
                    faults.add(each + "\n  " + fault);
                }
            }
        }
        if (sayNothing + unsolved > 0) {
            System.out.printf("  not counted: %d that say nothing, %d not solved%n", sayNothing, unsolved);
        }
        assertTrue(unsolved <= 1 + (end - first) * MOST_UNSOLVED, unsolved + " not solved");
        assertTrue(faults.isEmpty(), () -> told(faults));
    }

    private String told(List<String> faults) {
        return property + ", seed " + Tally.seed() + ": " + faults.size() + " faults\n"
                + String.join("\n", faults.subList(0, Math.min(MOST_FAULTS_TOLD, faults.size())));
    }
}
