package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Logic;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/// Soft truth values combine as products or as geometric means, entry by entry and along axes.
class SoftBoolTest {
    private static final Tensor X = Tensor.of(new double[][] {{0.2, 0.7, 0.9}, {1, 0.4, 0.6}});
    private static final Tensor Y = Tensor.of(new double[][] {{0.3, 0.1, 0.8}, {0.5, 0.9, 0}});

    private static Tensor combined(DoubleBinaryOperator function) {
        double[] x = X.toDoubles();
        double[] y = Y.toDoubles();
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = function.applyAsDouble(x[i], y[i]);
        }
        return Tensor.of(X.shape(), result);
    }

    private static double mean(double a, double b) {
        return Math.sqrt(Math.max(a, 1e-10) * Math.max(b, 1e-10));
    }

    private static void assertLogic(Logic logic, DoubleBinaryOperator and) {
        SoftBool x = SoftBool.of(X, logic);
        SoftBool y = SoftBool.of(Y, logic);
        DoubleBinaryOperator or = (a, b) -> 1 - and.applyAsDouble(1 - a, 1 - b);
        DoubleBinaryOperator xor = (a, b) -> or.applyAsDouble(and.applyAsDouble(a, 1 - b), and.applyAsDouble(1 - a, b));
        Nearly.same(combined(and), x.and(y).asTensor(), 1e-15, "and");
        Nearly.same(combined(or), x.or(y).asTensor(), 1e-15, "or");
        Nearly.same(combined(xor), x.xor(y).asTensor(), 1e-15, "xor");
        Nearly.same(combined((a, b) -> 1 - a), x.not().asTensor(), 0, "not");
    }

    @Test
    void twoValuesCombineByTheirProductOrMean() {
        assertLogic(Logic.PRODUCT, (a, b) -> a * b);
        assertLogic(Logic.GEOMETRIC_MEAN, SoftBoolTest::mean);
    }

    @Test
    void manyValuesCombineAlongAnAxisOrAltogether() {
        double product = 0.2 * 0.7 * 0.9;
        double opposite = 0.8 * 0.3 * 0.1;
        SoftBool products = SoftBool.of(X);
        assertEquals(product, products.all(1).asTensor().get(0).item(), 1e-15);
        assertEquals(1 - opposite, products.any(1).asTensor().get(0).item(), 1e-15);
        assertEquals(product * 0.24, products.all().asTensor().item(), 1e-15);
        assertEquals(1, products.any().asTensor().item(), 1e-15);
        SoftBool means = SoftBool.of(X, Logic.GEOMETRIC_MEAN);
        assertEquals(Math.cbrt(product), means.all(1).asTensor().get(0).item(), 1e-15);
        assertEquals(1 - Math.cbrt(opposite), means.any(1).asTensor().get(0).item(), 1e-15);
        assertEquals(Math.pow(product * 0.24, 1 / 6.0), means.all().asTensor().item(), 1e-15);
        assertEquals(
                1 - Math.pow(opposite * 1e-10 * 0.24, 1 / 6.0),
                means.any().asTensor().item(),
                1e-12);
    }

    @Test
    void aMeanHasAFloorUnderEachEntry() {
        SoftBool zero = SoftBool.of(Tensor.of(0, 1), Logic.GEOMETRIC_MEAN);
        assertEquals(1e-5, zero.all(0).asTensor().item(), 1e-18);
        assertEquals(0.1, zero.all(0, 0.01).asTensor().item(), 1e-15);
        assertEquals(0, SoftBool.of(Tensor.of(0, 1)).all(0, 0.01).asTensor().item());
        assertThrows(IllegalArgumentException.class, () -> zero.all(0, 0));
    }

    @Test
    void infinitiesThatAreNotSelectedHaveNoInfluence() {
        Tensor infinite = Tensor.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        SoftBool condition = SoftBool.of(Tensor.of(0, 1, 0.5));
        assertEquals(
                Tensor.of(7, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                condition.where(infinite, Tensor.of(7, 8, 9)));
        assertEquals(
                Tensor.of(Double.POSITIVE_INFINITY, 8, Double.POSITIVE_INFINITY),
                condition.where(Tensor.of(7, 8, 9), infinite));
    }

    /// Also at the ends, where one side has no weight.
    @Test
    void theDerivativeInTheConditionIsTheDifferenceOfBothSides() {
        Tensor x = Tensor.of(3, 0, 5);
        Tensor y = Tensor.of(1, 4, -2);
        Tensor gradient = Autodiff.grad(c -> SoftBool.of(c).where(x, y).sum(), Tensor.of(0, 1, 0.5));
        assertEquals(x.minus(y), gradient);
    }

    @Test
    void theTextShowsTheNumbers() {
        assertEquals("SoftBool " + X, SoftBool.of(X).toString());
    }
}
