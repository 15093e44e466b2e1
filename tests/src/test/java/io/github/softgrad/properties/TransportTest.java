package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.ConvergenceException;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.TransportPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Optimal transport: its sums, its limits, its derivatives, and what it refuses.
class TransportTest {
    private static final Soft TRANSPORT = Soft.smooth().method(new Method.Transport());
    private static final double[] SHORT = {1e-6, 1e-3, 0.1, 10, 1e6};
    private static final double[] LONG = {1e-3, 0.1, 10};
    /// The reference backend factorizes dense matrices.
    private static final int[] SIZES =
            Backend.kernels().startsWith("native") ? new int[] {1, 2, 3, 17, 300, 1024} : new int[] {1, 2, 3, 17};

    private static final Tensor X = Tensor.of(0.3, -1.2, 2.2, 0.7, 0.1);

    // --- sums -----------------------------------------------------------------------------------------------------

    private static Map<String, Tensor> inputs(int n) {
        Random random = new Random(n);
        double[] z = random.doubles(n, -3, 3).toArray();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("random", Tensor.of(z));
        inputs.put("ties", Tensor.of(z).times(2).round());
        inputs.put("constant", Tensor.full(0.7, n));
        inputs.put("clusters", Tensor.of(z).times(1e-7).plus(Tensor.of(z).greater(0)));
        inputs.put(
                "heavy tails",
                Tensor.of(z).times(Tensor.of(z).abs().exp().square().square()));
        return inputs;
    }

    @ParameterizedTest
    @EnumSource(names = "HARD", mode = EnumSource.Mode.EXCLUDE)
    void rowsAndColumnsOfAnOrderSumToOne(Mode mode) {
        for (int n : SIZES) {
            for (var input : inputs(n).entrySet()) {
                for (double softness : n > 20 ? LONG : SHORT) {
                    String name = mode + " " + input.getKey() + " " + n + " softness " + softness;
                    Soft soft = TRANSPORT.mode(mode).softness(softness);
                    Tensor order =
                            soft.argsort(input.getValue(), 0, Order.DESCENDING).probabilities();
                    assertTrue(order.sum(0).minus(1).abs().max().item() <= 1e-12, name + ": columns");
                    assertTrue(order.sum(1).minus(1).abs().max().item() <= 1e-12, name + ": rows");
                    Tensor top =
                            soft.topK(input.getValue(), (n + 2) / 3).index().probabilities();
                    assertTrue(top.sum(1).minus(1).abs().max().item() <= 1e-12, name + ": rows of topK");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HARD", mode = EnumSource.Mode.EXCLUDE)
    void aSmallSoftnessGivesTheHardOperatorsAndTiesShare(Mode mode) {
        Soft soft = TRANSPORT.mode(mode).softness(1e-5);
        Soft hard = Soft.hard();
        Nearly.same(hard.sort(X), soft.sort(X), 1e-12, "sort");
        Nearly.same(hard.rank(X), soft.rank(X), 1e-12, "rank");
        Nearly.same(hard.max(X), soft.max(X), 1e-12, "max");
        Nearly.same(hard.min(X), soft.min(X), 1e-12, "min");
        Nearly.same(hard.median(X), soft.median(X), 1e-12, "median");
        Nearly.same(hard.topK(X, 2).values(), soft.topK(X, 2).values(), 1e-12, "topK");
        double[] ranks = soft.rank(Tensor.of(1, 5, 1, 0)).toDoubles();
        Nearly.same(new double[] {2.5, 1, 2.5, 4}, Tensor.of(ranks), 1e-12, "ranks of ties");
    }

    /// Errata 23 of the reference: what has no mass is left out, not given a little.
    @Test
    void whatHasNoMassIsLeftOut() {
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            Soft soft = TRANSPORT.mode(mode);
            assertEquals(3, soft.max(Tensor.of(3)).item(), 1e-15, "max of one");
            Tensor ends = soft.argquantiles(X, 0, 1).probabilities();
            Nearly.same(new double[] {1, 1}, ends.sum(-1), 1e-12, "sums of the extreme quantiles");
            Tensor cost = Tensor.of(new int[] {3, 2}, 1, 2, 3, 4, 5, 7);
            Tensor mu = Tensor.of(0.5, 0, 0.5);
            double[] plan = soft.projectTransport(cost, mu, Tensor.of(1, 1)).toDoubles();
            assertEquals(0, plan[2] + plan[3], 0, "the row without mass");
            Tensor alone = Tensor.of(new int[] {2, 2}, 1, 2, 5, 7);
            double[] expected = soft.projectTransport(alone, Tensor.of(1, 1), Tensor.of(1, 1))
                    .toDoubles();
            assertEquals(1.5 * expected[3], plan[5], 1e-12, "the rest");
            Tensor logarithms = soft.logProjectTransport(cost, mu, Tensor.of(1, 1));
            assertEquals(Double.NEGATIVE_INFINITY, logarithms.toDoubles()[3], "its logarithm");
        }
    }

    @Test
    void logarithmsDoNotUnderflow() {
        Tensor x = Tensor.of(0, 10, 30);
        Soft soft = TRANSPORT.standardize(false).softness(0.01);
        double[] logarithms = soft.argsort(x).logProbabilities().toDoubles();
        for (double logarithm : logarithms) {
            assertTrue(Double.isFinite(logarithm), "logarithm " + logarithm);
        }
        Tensor gradient =
                Autodiff.grad(at -> soft.argsort(at).logProbabilities().sum(), x);
        assertTrue(Double.isFinite(gradient.abs().max().item()), "gradient " + gradient);
    }

    @Test
    void aNanSpoilsItsOwnLine() {
        Tensor x = Tensor.of(new int[] {2, 3}, 1, 2, 3, 4, Double.NaN, 6);
        double[] ranks = TRANSPORT.rank(x, 1, Order.ASCENDING).toDoubles();
        for (int i = 0; i < 6; i++) {
            assertEquals(i >= 3, Double.isNaN(ranks[i]), "rank " + i);
        }
    }

    // --- the solver -----------------------------------------------------------------------------------------------

    @Test
    void aMissedToleranceThrowsWithIterationsAndResidual() {
        Soft hasty =
                TRANSPORT.method(new Method.Transport(1e-12, 1)).mode(Mode.C0).softness(1);
        ConvergenceException missed = assertThrows(ConvergenceException.class, () -> hasty.sort(X));
        assertEquals(1, missed.iterations());
        assertTrue(missed.residual() > 1e-12, "residual " + missed.residual());
        assertTrue(missed.getMessage().contains("more iterations"), missed.getMessage());
    }

    @Test
    void iterationsAndResidualOfAPlanCanBeRead() {
        Tensor cost = Tensor.of(new int[] {2, 3}, 0.2, 0.9, 0.4, 0.8, 0.1, 0.3);
        TransportPlan plan = TRANSPORT.transportPlan(cost, Tensor.of(1, 2), Tensor.of(1, 1, 3));
        assertTrue(plan.iterations() >= 1 && plan.iterations() < 50, "iterations " + plan.iterations());
        assertTrue(plan.residual() <= 1e-12, "residual " + plan.residual());
        Nearly.same(new double[] {2.0 / 3, 4.0 / 3}, plan.plan().sum(1), 1e-12, "row sums times n");
        Nearly.same(new double[] {0.4, 0.4, 1.2}, plan.plan().sum(0), 1e-12, "column sums times n");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Method.Transport(0, 10));
        assertThrows(IllegalArgumentException.class, () -> new Method.Transport(1e-9, 0));
        Tensor cost = Tensor.of(new int[] {1, 2}, 1, 2);
        Tensor one = Tensor.of(1);
        assertThrows(IllegalArgumentException.class, () -> TRANSPORT.projectTransport(cost, one, one));
        assertThrows(IllegalArgumentException.class, () -> TRANSPORT.projectTransport(cost, one, Tensor.of(1, -1)));
        assertThrows(IllegalArgumentException.class, () -> Soft.hard().projectTransport(cost, one, Tensor.of(1, 1)));
    }

    // --- derivatives ----------------------------------------------------------------------------------------------

    private static Map<String, Function<Soft, Function<Tensor, Tensor>>> operators() {
        Map<String, Function<Soft, Function<Tensor, Tensor>>> table = new LinkedHashMap<>();
        table.put("max", soft -> soft::max);
        table.put("min", soft -> soft::min);
        table.put("sort", soft -> soft::sort);
        table.put("rank", soft -> soft::rank);
        table.put("median", soft -> soft::median);
        table.put("quantile", soft -> x -> soft.quantile(x, 0.3));
        table.put("topK", soft -> x -> soft.topK(x, 2).values());
        table.put("argmax", soft -> x -> soft.argmax(x).probabilities());
        table.put("argsort", soft -> x -> soft.argsort(x).probabilities());
        table.put("argmedian", soft -> x -> soft.argmedian(x).probabilities());
        return table;
    }

    @ParameterizedTest
    @EnumSource(names = {"SMOOTH", "C1", "C2"})
    void derivativesAreThoseOfDifferences(Mode mode) {
        for (double softness : new double[] {0.05, 0.5, 5}) {
            Soft soft = TRANSPORT.mode(mode).softness(softness);
            operators().forEach((name, operator) -> {
                Autodiff.checkGradients(x -> operator.apply(soft).apply(x), X, 1);
                Autodiff.checkGradients(s -> operator.apply(soft.softness(s)).apply(X), Tensor.scalar(softness), 1);
            });
        }
    }

    @Test
    void derivativesOfLogarithmsAndOfAnyCostsAreThoseOfDifferences() {
        Soft raw = TRANSPORT.standardize(false);
        Autodiff.checkGradients(x -> raw.argsort(x).logProbabilities(), X, 1);
        Tensor cost = Tensor.of(new int[] {2, 3}, 0.2, 0.9, 0.4, 0.8, 0.1, 0.3);
        Tensor mu = Tensor.of(1, 2);
        Tensor nu = Tensor.of(1, 1, 3);
        Autodiff.checkGradients(c -> TRANSPORT.logProjectTransport(c, mu, nu), cost, 1);
        Autodiff.checkGradients(c -> TRANSPORT.mode(Mode.C2).softness(2).projectTransport(c, mu, nu), cost, 1);
        Autodiff.checkGradients(s -> TRANSPORT.softness(s).projectTransport(cost, mu, nu), Tensor.scalar(0.3), 1);
    }

    @Test
    void secondDerivativesAreRefusedByName() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> Autodiff.hvp(x -> TRANSPORT.sort(x).square().sum(), X, X));
        assertTrue(refused.getMessage().contains("Method.SoftSort()"), refused.getMessage());
    }
}
