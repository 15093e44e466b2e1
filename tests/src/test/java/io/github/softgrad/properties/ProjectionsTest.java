package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Method;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.TransportPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The projections as operators of a recipe: along any axis, for every line by itself, in the format of their
/// argument.
class ProjectionsTest {
    private static final Tensor X = Tensor.normal(new Random(5), 4, 3);
    private static final List<Soft> RECIPES = List.of(Soft.hard(), Soft.smooth(), Soft.c0(), Soft.c1(), Soft.c2());

    private static Map<String, Recipes.AlongAxis> alongAnAxis() {
        Map<String, Recipes.AlongAxis> table = new LinkedHashMap<>();
        table.put("projectSimplex", (soft, x, axis) -> soft.projectSimplex(x, axis));
        table.put("logProjectSimplex", (soft, x, axis) -> soft.logProjectSimplex(x, axis));
        table.put("smooth majorization", (soft, x, axis) -> soft.projectPermutahedronSmooth(x, x.square(), axis));
        return table;
    }

    private static boolean exists(Soft soft, String name) {
        return !name.equals("smooth majorization") || soft == RECIPES.get(0) || soft == RECIPES.get(1);
    }

    @Test
    void aProjectionAlongTheFirstAxisDoesToEachColumnWhatItDoesAlone() {
        for (Soft soft : RECIPES) {
            alongAnAxis().forEach((name, operator) -> {
                if (exists(soft, name)) {
                    Tensor all = operator.apply(soft, X, 0);
                    Nearly.same(operator.apply(soft, X.transpose(), 1), all.transpose(), 0, name);
                    for (int i = 0; i < 3; i++) {
                        Tensor column = X.slice(1, i, i + 1).squeeze(1);
                        Tensor alone = operator.apply(soft, column, 0);
                        Nearly.same(alone, all.slice(1, i, i + 1).squeeze(1), 1e-13, name + " of column " + i);
                    }
                }
            });
        }
    }

    @Test
    void probabilitiesAreThoseOfTheirLogarithms() {
        for (Soft soft : RECIPES) {
            Tensor p = soft.projectSimplex(X, 1);
            Nearly.same(Tensor.ones(4), p.sum(1), 1e-14, "sums");
            Nearly.same(p, soft.logProjectSimplex(X, 1).exp(), 1e-14, "logarithms");
        }
    }

    /// As hard values with soft derivatives.
    @Test
    void straightThroughProjectsHard() {
        for (Soft soft : RECIPES) {
            alongAnAxis().forEach((name, operator) -> {
                if (exists(soft, name)) {
                    Tensor expected = operator.apply(Soft.hard(), X, 1);
                    Nearly.same(expected, operator.apply(soft.straightThrough(), X, 1), 0, name);
                }
            });
        }
    }

    @Test
    void theResultHasTheFormatOfTheArgument() {
        Tensor single = X.toDType(DType.FLOAT32);
        for (Soft soft : RECIPES) {
            alongAnAxis().forEach((name, operator) -> {
                if (exists(soft, name)) {
                    Tensor projected = operator.apply(soft, single, 1);
                    assertEquals(DType.FLOAT32, projected.dtype(), name);
                    Nearly.same(operator.apply(soft, X, 1), projected, 1e-5, name);
                    Tensor gradient = Autodiff.grad(
                            x -> operator.apply(soft, x, 1)
                                    .times(single)
                                    .maximum(-1e9)
                                    .sum(),
                            single);
                    assertEquals(DType.FLOAT32, gradient.dtype(), name + ", gradient");
                }
            });
        }
    }

    @Test
    void theSoftnessOfAFloat32ProjectionHasADerivativeToo() {
        Tensor single = X.toDType(DType.FLOAT32);
        for (Soft soft : RECIPES.subList(1, 5)) {
            Tensor precise = Autodiff.grad(
                    s -> soft.softness(s).projectSimplex(X, 1).times(X).sum(), Tensor.scalar(0.7));
            Tensor found = Autodiff.grad(
                    s -> soft.softness(s)
                            .projectSimplex(single, 1)
                            .times(single)
                            .sum(),
                    Tensor.scalar(0.7));
            assertEquals(DType.FLOAT64, found.dtype());
            Nearly.same(precise, found, 1e-5, "derivative in the softness");
        }
    }

    /// The last entry is the softness. C0 has kinks, and between them no curvature but that of the softness.
    @Test
    void derivativesOfTheSimplexAgreeWithCentralDifferences() {
        Tensor at = Tensor.of(0.43, -0.62, 0.87, 0.08, 0.9);
        for (Soft soft : RECIPES.subList(1, 5)) {
            int order = soft == RECIPES.get(2) ? 1 : 2;
            Autodiff.checkGradients(v -> soft.softness(v.get(4)).projectSimplex(v.slice(0, 0, 4), 0), at, order);
        }
    }

    @Test
    void anEntryOfMinusInfinityIsAsIfItWereNotThere() {
        Tensor some = Tensor.of(0.5, 0.2);
        Tensor all = Tensor.of(0.5, Double.NEGATIVE_INFINITY, 0.2);
        for (Soft soft : RECIPES.subList(1, 5)) {
            Tensor p = soft.projectSimplex(all, 0);
            Nearly.same(soft.projectSimplex(some, 0), p.take(new int[] {0, 2}, 0), 1e-15, "the others");
            assertEquals(0, p.get(1).item());
            Tensor expected =
                    Autodiff.grad(s -> soft.softness(s).projectSimplex(some, 0).get(0), Tensor.scalar(0.7));
            Tensor found =
                    Autodiff.grad(s -> soft.softness(s).projectSimplex(all, 0).get(0), Tensor.scalar(0.7));
            Nearly.same(expected, found, 1e-14, "derivative in the softness");
        }
    }

    /// The numbers are exact, so a common offset costs no digit.
    @Test
    void anOffsetChangesNoDerivativeInTheSoftness() {
        Tensor x = Tensor.of(0.5, -0.25, 0.125, 0.75);
        for (Soft soft : RECIPES.subList(1, 5)) {
            Tensor expected =
                    Autodiff.grad(s -> soft.softness(s).projectSimplex(x, 0).dot(x), Tensor.scalar(0.7));
            Tensor moved = x.plus(1L << 40);
            Tensor found =
                    Autodiff.grad(s -> soft.softness(s).projectSimplex(moved, 0).dot(x), Tensor.scalar(0.7));
            Nearly.same(expected, found, 1e-14, "derivative in the softness");
        }
    }

    @Test
    void aSmoothMajorizationPutsWInTheOrderOfZ() {
        Tensor z = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1);
        Tensor w = Tensor.of(5, 1, 4, 2, 3);
        double[] expected = {3, 1, 5, 4, 2};
        Nearly.same(expected, Soft.hard().projectPermutahedronSmooth(z, w, 0), 0, "hard");
        Nearly.same(expected, Soft.smooth().softness(1e-4).projectPermutahedronSmooth(z, w, 0), 1e-12, "soft");
    }

    @Test
    void secondDerivativesHaveTheFormatOfTheArgument() {
        Tensor single = X.toDType(DType.FLOAT32);
        for (Soft soft : List.of(Soft.smooth(), Soft.c1(), Soft.c2())) {
            Tensor precise =
                    Autodiff.hvp(x -> soft.projectSimplex(x, 1).square().sum(), X, X.square());
            Tensor found = Autodiff.hvp(x -> soft.projectSimplex(x, 1).square().sum(), single, single.square());
            assertEquals(DType.FLOAT32, found.dtype());
            Nearly.same(precise, found, 1e-4, "product with the Hessian");
        }
    }

    @Test
    void bothArgumentsOfAPermutahedronBroadcast() {
        Tensor w = Tensor.of(0.4, -1, 2);
        for (Soft soft : RECIPES) {
            Tensor rows = soft.projectPermutahedron(X, w);
            Tensor values = soft.projectPermutahedron(w, X);
            for (int i = 0; i < 4; i++) {
                Nearly.same(soft.projectPermutahedron(X.get(i), w), rows.get(i), 1e-14, "row " + i + " of z");
                Nearly.same(soft.projectPermutahedron(w, X.get(i)), values.get(i), 1e-14, "row " + i + " of w");
            }
            Tensor single = X.toDType(DType.FLOAT32);
            assertEquals(DType.FLOAT64, soft.projectPermutahedron(single, w).dtype());
            assertEquals(
                    DType.FLOAT32, soft.projectPermutahedron(single, single).dtype());
            Tensor gradient = Autodiff.grad(
                    x -> soft.projectPermutahedron(x, x.square()).times(single).sum(), single);
            Tensor precise = Autodiff.grad(
                    x -> soft.projectPermutahedron(x, x.square()).times(X).sum(), X);
            assertEquals(DType.FLOAT32, gradient.dtype());
            Nearly.same(precise, gradient, 1e-4, "derivative in float32");
            Tensor inW = Autodiff.grad(
                    x -> soft.projectPermutahedron(single.flip(0), x)
                            .times(single)
                            .sum(),
                    single);
            assertEquals(DType.FLOAT32, inW.dtype());
        }
        Nearly.same(new double[] {2, -1, 0.4}, Soft.hard().projectPermutahedron(Tensor.of(3, 1, 2), w), 0, "hard");
    }

    @Test
    void aPlanItsLogarithmAndItsReportBelongTogether() {
        Tensor cost = X.square();
        Tensor mu = Tensor.of(1, 2, 3, 4);
        Tensor nu = Tensor.of(5, 3, 2);
        for (Soft soft : RECIPES.subList(1, 5)) {
            TransportPlan report = soft.transportPlan(cost, mu, nu);
            Tensor plan = soft.projectTransport(cost, mu, nu);
            assertEquals(plan, report.plan());
            assertTrue(report.iterations() > 0 && report.residual() <= 1e-12, report.toString());
            Nearly.same(mu.times(0.4), plan.sum(1), 1e-11, "rows");
            Nearly.same(nu.times(0.4), plan.sum(0), 1e-11, "columns");
            Nearly.same(plan, soft.logProjectTransport(cost, mu, nu).exp(), 1e-11, "logarithms");
            Soft loose = soft.method(new Method.Transport(1e-3, 100));
            assertTrue(loose.transportPlan(cost, mu, nu).residual() <= 1e-3, "a tolerance of its own");
        }
    }
}
