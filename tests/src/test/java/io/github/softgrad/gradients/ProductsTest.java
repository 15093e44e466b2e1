package io.github.softgrad.gradients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.Nearly;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The derivative of a product is the product of the others, whatever is zero, and so is that of what none of
/// several truths is.
class ProductsTest {
    private static final Tensor X = Tensor.uniform(new Random(4), 2, 5, 3);

    private static Tensor none(Tensor x, int axis) {
        return SoftBool.of(x).any(axis).not().asTensor();
    }

    /// Entry by entry, from the definition; the sign is that of a factor's own derivative.
    private static Tensor others(Tensor x, int axis, UnaryOperator<Tensor> factor, double sign) {
        int length = x.dim(axis);
        Tensor[] slices = new Tensor[length];
        for (int i = 0; i < length; i++) {
            Tensor before = factor.apply(x.slice(axis, 0, i)).product(axis);
            Tensor behind = factor.apply(x.slice(axis, i + 1, length)).product(axis);
            slices[i] = before.times(behind).times(sign);
        }
        return Tensor.stack(axis, slices);
    }

    @Test
    void eachEntryHasTheProductOfTheOthers() {
        double[] numbers = X.toDoubles();
        numbers[3] = 0;
        numbers[16] = 0;
        numbers[19] = 0;
        numbers[20] = 1;
        Tensor x = Tensor.of(X.shape(), numbers);
        for (int axis = 0; axis < 3; axis++) {
            int at = axis;
            Tensor slopes = Autodiff.grad(v -> v.product(at).sum(), x);
            Nearly.same(others(x, at, v -> v, 1), slopes, 1e-15, "product along " + at);
            Tensor opposite = Autodiff.grad(v -> none(v, at).sum(), x);
            UnaryOperator<Tensor> complement = v -> v.unaryMinus().plus(1);
            Nearly.same(others(x, at, complement, -1), opposite, 1e-15, "none along " + at);
        }
    }

    @Test
    void theCotangentOfEachLineIsItsOwn() {
        Tensor cotangent = Tensor.of(new double[][] {{2, -3, 5}, {7, 1, -1}});
        Tensor pulled = Autodiff.vjp((Tensor v) -> v.product(1), X).pull(cotangent);
        Nearly.same(others(X, 1, v -> v, 1).times(cotangent.expandDims(1)), pulled, 1e-15, "product");
        Tensor ofNone = Autodiff.vjp((Tensor v) -> none(v, 1), X).pull(cotangent);
        Tensor expected = others(X, 1, v -> v.unaryMinus().plus(1), -1).times(cotangent.expandDims(1));
        Nearly.same(expected, ofNone, 1e-15, "none");
    }

    @Test
    void higherDerivativesAgreeWithCentralDifferences() {
        Autodiff.checkGradients(v -> v.product(1), X.slice(2, 0, 2), 2);
        Autodiff.checkGradients(v -> none(v, 1), X.slice(2, 0, 2), 2);
    }

    @Test
    void derivativesInFloat32AreRoundedOnce() {
        Tensor single = X.toDType(DType.FLOAT32);
        Tensor wide = single.toDType(DType.FLOAT64);
        for (int axis : new int[] {1, 2}) {
            for (UnaryOperator<Tensor> product :
                    List.<UnaryOperator<Tensor>>of(v -> v.product(axis), v -> none(v, axis))) {
                Tensor precise = Autodiff.hvp(v -> product.apply(v).sum(), wide, wide);
                Tensor found = Autodiff.hvp(v -> product.apply(v).sum(), single, single);
                assertEquals(DType.FLOAT32, found.dtype());
                Nearly.same(precise, found, 1e-6, "product with the Hessian along " + axis);
            }
        }
    }

    @Test
    void nothingHasNoDerivatives() {
        assertEquals(Tensor.zeros(2, 0), Autodiff.grad(v -> v.product(1).sum(), Tensor.zeros(2, 0)));
        assertEquals(Tensor.zeros(0, 2), Autodiff.grad(v -> none(v, 1).sum(), Tensor.zeros(0, 2)));
    }
}
