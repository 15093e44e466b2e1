package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.grad;
import static io.github.softgrad.Autodiff.hessian;
import static io.github.softgrad.Autodiff.hvp;
import static io.github.softgrad.Autodiff.jacobian;
import static io.github.softgrad.Autodiff.jvp;
import static io.github.softgrad.Autodiff.stopGradient;
import static io.github.softgrad.Autodiff.valueAndGrad;
import static io.github.softgrad.Autodiff.vjp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.function.Function;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.hipparchus.analysis.differentiation.Gradient;
import org.junit.jupiter.api.Test;

/// grad, valueAndGrad, vjp, jvp, jacobian, hessian and hvp agree with each other and with Hipparchus.
class DerivativeOperatorsTest {
    private static final Tensor AT = Tensor.of(0.4, -1.1, 2.3);
    private static final Tensor DIRECTION = Tensor.of(1.5, 0.2, -0.7);

    /// sin(x0 x1) + x2^2 e^x0 - x1 x2.
    private static Tensor scalar(Tensor x) {
        Tensor a = x.get(0);
        Tensor b = x.get(1);
        Tensor c = x.get(2);
        return a.times(b).sin().plus(c.square().times(a.exp())).minus(b.times(c));
    }

    private static Gradient scalar(Gradient[] x) {
        return x[0].multiply(x[1])
                .sin()
                .add(x[2].multiply(x[2]).multiply(x[0].exp()))
                .subtract(x[1].multiply(x[2]));
    }

    private static DerivativeStructure scalar(DerivativeStructure[] x) {
        return x[0].multiply(x[1])
                .sin()
                .add(x[2].multiply(x[2]).multiply(x[0].exp()))
                .subtract(x[1].multiply(x[2]));
    }

    /// A (2) valued function of the vector.
    private static Tensor pair(Tensor x) {
        return Tensor.stack(0, scalar(x), x.square().sum().log());
    }

    @Test
    void theGradientIsThatOfHipparchus() {
        double[] expected = Oracle.gradient(DerivativeOperatorsTest::scalar, AT.toDoubles());
        Nearly.same(expected, grad(DerivativeOperatorsTest::scalar, AT), 1e-14, "grad");
        var both = valueAndGrad(DerivativeOperatorsTest::scalar, AT);
        assertEquals(scalar(AT), both.value());
        assertEquals(grad(DerivativeOperatorsTest::scalar, AT), both.grad());
    }

    @Test
    void theHessianIsThatOfHipparchusAndHvpIsItsProduct() {
        double[] expected = Oracle.hessian(DerivativeOperatorsTest::scalar, AT.toDoubles());
        Tensor hessian = hessian(DerivativeOperatorsTest::scalar, AT);
        Nearly.same(expected, hessian, 1e-14, "hessian");
        Nearly.shape(new int[] {3, 3}, hessian, "hessian");
        Nearly.same(hessian.matmul(DIRECTION), hvp(DerivativeOperatorsTest::scalar, AT, DIRECTION), 1e-14, "hvp");
    }

    @Test
    void theJacobianHoldsEveryVjpAndJvp() {
        Tensor jacobian = jacobian(DerivativeOperatorsTest::pair, AT);
        Nearly.shape(new int[] {2, 3}, jacobian, "jacobian");
        var pullback = vjp(DerivativeOperatorsTest::pair, AT);
        Tensor cotangent = Tensor.of(0.3, -2);
        Nearly.same(cotangent.matmul(jacobian), pullback.pull(cotangent), 1e-14, "vjp");
        assertEquals(pullback.pull(cotangent), pullback.pull(cotangent), "a pullback may be used again");
        assertEquals(pair(AT), pullback.value());
        var pushforward = jvp(DerivativeOperatorsTest::pair, AT, DIRECTION);
        Nearly.same(jacobian.matmul(DIRECTION), pushforward.tangent(), 1e-14, "jvp");
        assertEquals(pair(AT), pushforward.value());
    }

    @Test
    void jacobiansHaveTheShapeOfTheValueThenThatOfTheArgument() {
        Tensor x = Tensor.range(6).reshape(2, 3);
        Tensor jacobian = jacobian(y -> y.transpose().square(), x);
        Nearly.shape(new int[] {3, 2, 2, 3}, jacobian, "jacobian");
        assertEquals(2 * 5, jacobian.get(2, 1, 1, 2).item());
        assertEquals(0, jacobian.get(2, 1, 1, 1).item());
        Nearly.shape(new int[] {2, 3}, jacobian(y -> y.sum(), x), "of a scalar");
        Nearly.shape(new int[] {0, 2, 3}, jacobian(y -> y.flatten().slice(0, 0, 0), x), "of nothing");
        Nearly.shape(new int[] {2, 3, 2, 3}, hessian(y -> y.square().sum(), x), "hessian");
    }

    @Test
    void derivativeOperatorsNestInAnyOrder() {
        Function<Tensor, Tensor> f = DerivativeOperatorsTest::scalar;
        Tensor hessian = hessian(f, AT);
        Nearly.same(hessian, jacobian(x -> grad(f, x), AT), 1e-14, "jacobian of grad");
        Nearly.same(
                hessian.matmul(DIRECTION),
                jvp((Tensor x) -> grad(f, x), AT, DIRECTION).tangent(),
                1e-14,
                "jvp of grad");
        Nearly.same(hessian.matmul(DIRECTION), grad(x -> jvp(f, x, DIRECTION).tangent(), AT), 1e-13, "grad of jvp");
        Tensor third = jacobian(x -> hessian(f, x), AT);
        Nearly.same(third, third.transpose(), 1e-12, "third derivatives are symmetric");
        Nearly.same(
                third.matmul(DIRECTION).matmul(DIRECTION),
                hvp(x -> grad(f, x).dot(DIRECTION), AT, DIRECTION),
                1e-12,
                "hvp of a directional derivative");
    }

    @Test
    void aParameterThatDoesNotMatterHasGradientZero() {
        assertEquals(Tensor.zeros(3), grad(x -> Tensor.scalar(5), AT));
        assertEquals(Tensor.zeros(3), grad(x -> x.sign().plus(x.floor()).sum(), AT));
        assertEquals(
                Tensor.zeros(2),
                jvp((Tensor x) -> Tensor.of(1, 2), AT, DIRECTION).tangent());
        assertEquals(Tensor.zeros(3), hvp(x -> x.sum(), AT, DIRECTION));
        assertEquals(Tensor.zeros(2, 3), jacobian(x -> Tensor.of(1, 2), AT));
    }

    @Test
    void stopGradientIsAConstantForDerivativesOfEveryOrder() {
        Nearly.same(AT, grad(x -> x.times(stopGradient(x)).sum(), AT), 0, "one factor remains");
        assertEquals(0, Oracle.nested(x -> stopGradient(x).exp().times(x), 0.7, 2)[2]);
        Tensor inner = grad(x -> grad(y -> y.times(stopGradient(x)), x), Tensor.scalar(2));
        assertEquals(0, inner.item(), "the outer variable stops as well");
    }

    @Test
    void float32ParametersHaveFloat32Gradients() {
        Tensor x = AT.toDType(DType.FLOAT32);
        for (Tensor result : new Tensor[] {
            grad(DerivativeOperatorsTest::scalar, x),
            grad(y -> y.times(Tensor.of(1, 2, 3)).sum(), x),
            hvp(DerivativeOperatorsTest::scalar, x, x),
            jacobian(DerivativeOperatorsTest::pair, x).get(0),
            grad(y -> y.toDType(DType.FLOAT64).square().sum(), x)
        }) {
            assertEquals(DType.FLOAT32, result.dtype());
        }
        Nearly.same(
                grad(DerivativeOperatorsTest::scalar, AT).toDoubles(),
                grad(DerivativeOperatorsTest::scalar, x),
                1e-6,
                "float32 gradient");
        assertEquals(DType.FLOAT64, grad(y -> y.times(x).sum(), AT).dtype());
    }

    @Test
    void checkGradientsPassesOnARightFunction() {
        Autodiff.checkGradients(DerivativeOperatorsTest::scalar, AT, 3);
        Autodiff.checkGradients(DerivativeOperatorsTest::pair, AT, 2);
        Autodiff.checkGradients(x -> x.times(1e-3).sin(), AT, 2);
    }

    private static Function<Tensor, Tensor> squareWithDerivative(Function<Tensor, Tensor> derivative) {
        return Autodiff.customVjp(Tensor::square, (x, value, g) -> g.times(derivative.apply(x)));
    }

    @Test
    void checkGradientsFailsOnAWrongDerivativeAndSaysWhere() {
        Tensor at = Tensor.of(3, 1, 2);
        Function<Tensor, Tensor> wrong = squareWithDerivative(x -> x.times(Tensor.of(2, 2, 2.01)));
        var failure = assertThrows(AssertionError.class, () -> Autodiff.checkGradients(wrong, at, 1));
        for (String part :
                new String[] {"order 1", "entry 2", "(3)", "central difference", "reverse mode", "tolerance"}) {
            assertTrue(failure.getMessage().contains(part), () -> part + " in: " + failure.getMessage());
        }
        Function<Tensor, Tensor> wrongLater =
                squareWithDerivative(x -> stopGradient(x).times(2));
        Autodiff.checkGradients(wrongLater, at, 1);
        var second = assertThrows(AssertionError.class, () -> Autodiff.checkGradients(wrongLater, at, 2));
        assertTrue(second.getMessage().contains("order 2"), second::getMessage);
    }

    @Test
    void checkGradientsFailsOnNaNInAnyEntry() {
        for (int entry = 0; entry < 3; entry++) {
            double[] factors = {2, 2, 2};
            factors[entry] = Double.NaN;
            Function<Tensor, Tensor> spoiled = squareWithDerivative(x -> x.times(Tensor.of(factors)));
            assertThrows(
                    AssertionError.class,
                    () -> Autodiff.checkGradients(spoiled, Tensor.of(3, 1, 2), 1),
                    "entry " + entry);
        }
    }
}
