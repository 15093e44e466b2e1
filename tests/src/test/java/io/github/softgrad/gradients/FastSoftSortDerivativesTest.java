package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkGradients;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// First and second derivatives of sorting by projection onto permutahedra, in x, z, w and the softness.
class FastSoftSortDerivativesTest {
    private static final List<Mode> MODES = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);
    private static final Tensor X = Tensor.of(0.43, -0.62, 0.87, 0.08, 0.51);

    private static Map<String, BiFunction<Soft, Tensor, Tensor>> operators() {
        Map<String, BiFunction<Soft, Tensor, Tensor>> table = new LinkedHashMap<>();
        table.put("max", Soft::max);
        table.put("min", Soft::min);
        table.put("sort", Soft::sort);
        table.put("sort descending", (soft, x) -> soft.sort(x, 0, Order.DESCENDING));
        table.put("rank", Soft::rank);
        table.put("rank ascending", (soft, x) -> soft.rank(x, 0, Order.ASCENDING));
        table.put("median", Soft::median);
        table.put("quantiles", (soft, x) -> soft.quantiles(x, 0, 0.3, 0.9));
        table.put("topK", (soft, x) -> soft.topK(x, 2).values());
        table.put("projection of x", (soft, x) -> soft.projectPermutahedron(x, Tensor.of(0.3, 1.4, -0.7, 0.2, 0.9)));
        table.put("projection onto x", (soft, x) -> soft.projectPermutahedron(Tensor.of(0.3, 1.4, -0.7, 0.2, 0.9), x));
        table.put(
                "projection of x onto its cosines",
                (soft, x) -> soft.projectPermutahedron(x, x.times(3).cos()));
        return table;
    }

    /// Small softness leaves every entry alone, large ones make one pool of all; in between are several.
    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Mode mode : MODES) {
            for (double softness : new double[] {0.02, 0.23, 0.71, 4.1}) {
                for (boolean standardize : new boolean[] {true, false}) {
                    Soft soft = Soft.smooth()
                            .mode(mode)
                            .method(new Method.FastSoftSort())
                            .standardize(standardize);
                    operators()
                            .forEach((name, operator) -> cases.add(Arguments.of(
                                    name + " " + mode + " " + softness + (standardize ? " standardized" : " plain"),
                                    soft,
                                    softness,
                                    operator)));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void derivativesAgreeWithCentralDifferences(
            String name, Soft soft, double softness, BiFunction<Soft, Tensor, Tensor> operator) {
        checkGradients(
                v -> operator.apply(soft.softness(v.get(5)), v.slice(0, 0, 5)),
                Tensor.concatenate(0, X, Tensor.of(softness)),
                2);
    }

    @Test
    void rowsOfABatchHaveTheirOwnDerivatives() {
        for (Mode mode : MODES) {
            Soft soft =
                    Soft.smooth().mode(mode).method(new Method.FastSoftSort()).softness(0.4);
            Tensor batch = Tensor.stack(0, X, X.times(2).sin(), X.square());
            Tensor direction = Tensor.stack(0, X.cos(), X, X.exp());
            Function<Tensor, Tensor> f =
                    x -> soft.sort(x, -1, Order.ASCENDING).sin().sum();
            Tensor together = Autodiff.hvp(f, batch, direction);
            for (int row = 0; row < 3; row++) {
                Nearly.same(Autodiff.hvp(f, batch.get(row), direction.get(row)), together.get(row), 1e-12, mode);
            }
        }
    }

    @Test
    void inC0TheSecondDerivativeIsZeroWhereThePoolsStay() {
        Soft soft =
                Soft.c0().method(new Method.FastSoftSort()).standardize(false).softness(0.3);
        Tensor hessian = Autodiff.hessian(x -> soft.rank(x).dot(Tensor.range(5)), X);
        Nearly.same(Tensor.zeros(5, 5), hessian, 0, "rank");
    }

    @Test
    void theHessianIsSymmetric() {
        for (Mode mode : MODES) {
            Soft soft =
                    Soft.smooth().mode(mode).method(new Method.FastSoftSort()).standardize(false);
            Function<Tensor, Tensor> f = v -> soft.softness(v.get(10))
                    .projectPermutahedron(v.slice(0, 0, 5), v.slice(0, 5, 10))
                    .dot(Tensor.of(0.5, -1, 2, 0.3, 0.7));
            Tensor at = Tensor.concatenate(0, X, X.times(3).cos(), Tensor.of(0.4));
            Tensor hessian = Autodiff.hessian(f, at);
            Nearly.same(hessian, hessian.transpose(), 1e-12, mode);
        }
    }

    /// Where w is near 0 the weights of a pool have infinite derivatives, but those of an entry alone are
    /// exactly 0.
    @Test
    void anEntryAloneHasNoSecondDerivativeHoweverSmall() {
        for (Mode mode : MODES) {
            Soft soft = Soft.smooth()
                    .mode(mode)
                    .method(new Method.FastSoftSort())
                    .standardize(false)
                    .softness(1e-4);
            Tensor weights = Tensor.of(1, 0.1, 3, 4);
            Tensor hessian = Autodiff.hessian(x -> soft.sort(x).dot(weights), Tensor.of(-1, 1e-20, 0.5, 1));
            assertEquals(0, hessian.abs().max().item(), 0, mode.toString());
        }
    }
}
