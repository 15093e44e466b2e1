package io.github.softgrad.bench.cases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is timed is what it is called.
class CasesTest {
    private static final int LENGTH = 8;

    static Stream<Case> allCases() {
        Suite.Sizes sizes = new Suite.Sizes(List.of(LENGTH), List.of(2), List.of(DType.FLOAT64), List.of(1));
        return Stream.of("axiswise", "elementwise", "ot", "permutahedron")
                .flatMap(suite -> Suite.cases(suite, sizes, Suite.Selection.ALL).stream());
    }

    static Stream<Case> backwardCases() {
        return allCases().filter(Case::backward);
    }

    static Stream<Case> forwardCases() {
        return allCases().filter(what -> !what.backward());
    }

    static Stream<Case> casesWithHardCounterpart() {
        return forwardCases().filter(what -> !what.operator().equals("transport"));
    }

    @ParameterizedTest
    @MethodSource("casesWithHardCounterpart")
    void aVanishingSoftnessGivesTheHardOperator(Case what) {
        Case sharp = what.withOptions(new Case.Options(1e-6, 3, 1e-5, 4000));
        Work work = Work.prepare(sharp);
        for (int variant = 0; variant < Inputs.variants(sharp); variant++) {
            double[] expected = HardOperators.value(sharp, work.input(variant));
            assertArrayEquals(expected, work.run(variant).value().toDoubles(), 1e-3, "variant " + variant);
        }
    }

    @ParameterizedTest
    @MethodSource("backwardCases")
    void theProductEqualsCentralDifferences(Case what) {
        Work work = Work.prepare(what);
        Random random = new Random(5);
        Work.Outcome outcome = work.run(0);
        List<Tensor> directions = work.input(0).stream()
                .map(argument -> Tensor.normal(random, argument.shape()))
                .toList();
        double step = 1e-6;
        double expected = (inner(work, directions, step) - inner(work, directions, -step)) / (2 * step);
        double found = 0;
        for (int i = 0; i < directions.size(); i++) {
            found += outcome.cotangents().get(i).dot(directions.get(i)).item();
        }
        assertEquals(expected, found, 1e-4 * (1 + Math.abs(expected)));
    }

    /// The product of the cotangent with the value, some way along the directions.
    private static double inner(Work work, List<Tensor> directions, double way) {
        List<Tensor> moved = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            moved.add(work.input(0).get(i).plus(directions.get(i).times(way)));
        }
        return Cases.call(work.what()).apply(moved).dot(work.cotangent()).item();
    }

    @ParameterizedTest
    @MethodSource("backwardCases")
    void float32IsTheSameInAnotherFormat(Case what) {
        Case narrow = new Case(
                what.operator(),
                what.mode(),
                what.method(),
                what.n(),
                what.batch(),
                DType.FLOAT32,
                what.threads(),
                true,
                what.eps(),
                what.options());
        Work.Outcome outcome = Work.prepare(narrow).run(1);
        assertEquals(DType.FLOAT32, outcome.value().dtype());
        outcome.cotangents().forEach(cotangent -> assertEquals(DType.FLOAT32, cotangent.dtype()));
        double[] wide = Work.prepare(what).run(1).value().toDoubles();
        double largest = Arrays.stream(wide).map(Math::abs).max().orElseThrow();
        assertArrayEquals(wide, outcome.value().toDoubles(), 1e-4 * (1 + largest));
    }

    @Test
    void methodsAndModesAreThoseOfTheirNames() {
        Map<String, Method> methods = Map.of(
                "ot", new Method.Transport(),
                "softsort", new Method.SoftSort(),
                "neuralsort", new Method.NeuralSort(),
                "fast_soft_sort", new Method.FastSoftSort(),
                "smooth_sort", new Method.SmoothSort(),
                "sorting_network", new Method.SortingNetwork(),
                "lap_sum", new Method.LapSum());
        Map<String, Mode> modes =
                Map.of("hard", Mode.HARD, "smooth", Mode.SMOOTH, "c0", Mode.C0, "c1", Mode.C1, "c2", Mode.C2);
        methods.forEach((method, theMethod) -> modes.forEach((mode, theMode) -> {
            if (theMode != Mode.SMOOTH && (method.equals("smooth_sort") || method.equals("lap_sum"))) {
                return;
            }
            Work work = Work.prepare(Case.of("sort", mode, method, LENGTH, 2, DType.FLOAT64, 1, false));
            Tensor expected = Soft.smooth()
                    .mode(theMode)
                    .softness(0.1)
                    .method(theMethod)
                    .sort(work.input(0).getFirst(), 1, Order.ASCENDING);
            assertArrayEquals(expected.toDoubles(), work.run(0).value().toDoubles(), method + " " + mode);
        }));
    }

    @Test
    void projectionsAreThoseOfTheirNames() {
        Work smooth = Work.prepare(Case.of("perm_proj", "smooth", "smooth_sort", LENGTH, 2, DType.FLOAT64, 1, false));
        Tensor z = smooth.input(0).get(0);
        Tensor w = smooth.input(0).get(1);
        Soft soft = Soft.smooth().softness(0.1);
        assertArrayEquals(
                soft.projectPermutahedronSmooth(z, w, 1).toDoubles(),
                smooth.run(0).value().toDoubles());
        Work sparse = Work.prepare(Case.of("perm_proj", "c1", "", LENGTH, 2, DType.FLOAT64, 1, false));
        assertArrayEquals(
                soft.mode(Mode.C1).projectPermutahedron(z, w).toDoubles(),
                sparse.run(0).value().toDoubles());
        Work simplex = Work.prepare(Case.of("simplex_proj", "c2", "", LENGTH, 2, DType.FLOAT64, 1, false));
        assertArrayEquals(
                soft.mode(Mode.C2).projectSimplex(z, 1).toDoubles(),
                simplex.run(0).value().toDoubles());
    }

    @Test
    void transportPlansAreThoseOfTheSoftnessEps() {
        double[] ones = Tensor.ones(LENGTH).toDoubles();
        Tensor masses = Tensor.full(1.0 / LENGTH, LENGTH);
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            for (double eps : new double[] {0.1, 0.01}) {
                String name = mode.name().toLowerCase(Locale.ROOT);
                Case what = Case.of("transport", name, "lbfgs", LENGTH, 1, DType.FLOAT64, 1, false)
                        .withEps(eps);
                Work work = Work.prepare(what);
                Tensor plan = work.run(0).value();
                Tensor expected = Soft.smooth()
                        .mode(mode)
                        .softness(eps)
                        .projectTransport(work.input(0).getFirst(), masses, masses);
                assertArrayEquals(expected.toDoubles(), plan.toDoubles(), 1e-9, what.toString());
                assertArrayEquals(ones, plan.sum(0).toDoubles(), 1e-9);
                assertArrayEquals(ones, plan.sum(1).toDoubles(), 1e-9);
            }
        }
    }

    @Test
    void whatTheLibraryDoesNotHaveIsUnsupported() {
        for (String[] names : new String[][] {
            {"cumsum", "smooth", "softsort"},
            {"sort", "c7", "softsort"},
            {"sort", "smooth", "bogosort"},
            {"sort", "c0", "smooth_sort"},
            {"argsort", "smooth", "fast_soft_sort"},
            {"perm_proj", "smooth", "pav"}
        }) {
            Case what = Case.of(names[0], names[1], names[2], LENGTH, 1, DType.FLOAT64, 1, false);
            assertThrows(UnsupportedOperationException.class, () -> Work.prepare(what), what.toString());
        }
    }

    @Test
    void inputsDifferFromTurnToTurnAndAreTheSameAgain() {
        forwardCases().forEach(what -> {
            double[] first = Inputs.draw(what, 0).getFirst().toDoubles();
            double[] second = Inputs.draw(what, 1).getFirst().toDoubles();
            assertTrue(!Arrays.equals(first, second), what.toString());
            assertArrayEquals(first, Inputs.draw(what, 0).getFirst().toDoubles(), what.toString());
        });
    }
}
