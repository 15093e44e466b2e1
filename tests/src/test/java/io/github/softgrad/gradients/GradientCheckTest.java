package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.checkGradients;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The check of derivatives finds a derivative that is a little wrong and takes one that is right.
class GradientCheckTest {
    private static final Tensor X = Tensor.of(-0.7, -1.3, 0.4);

    /// The sum of squares with a derivative that is wrong by a factor.
    private static Function<Tensor, Tensor> squares(double factor) {
        return Autodiff.customVjp(
                x -> x.square().sum(),
                (x, value, cotangent) -> x.times(2 * factor).times(cotangent));
    }

    /// The sum of squares with the right derivative, whose derivative is wrong by a factor.
    private static Function<Tensor, Tensor> secondOfSquares(double factor) {
        return Autodiff.customVjp(x -> x.square().sum(), (x, value, cotangent) -> {
            Tensor slope = x.times(2 * factor).plus(Autodiff.stopGradient(x).times(2 - 2 * factor));
            return slope.times(cotangent);
        });
    }

    private static void assertWrong(Function<Tensor, Tensor> function, Tensor at, int order) {
        assertThrows(AssertionError.class, () -> checkGradients(function, at, order));
    }

    @Test
    void aFirstDerivativeMayBeWrongByAMillionthOfTheLargest() {
        for (double sign : new double[] {-1, 1}) {
            assertWrong(squares(1 + sign * 3e-6), X, 1);
            assertWrong(squares(1 + sign * 3e-6), X.unaryMinus(), 1);
            assertWrong(squares(1 + sign * 3e-6), X.times(1000), 1);
            checkGradients(squares(1 + sign * 3e-7), X, 1);
        }
    }

    /// The sum of the cotangents is right, and each of them wrong.
    @Test
    void derivativesAreCheckedAlongADirection() {
        assertWrong(Autodiff.customVjp(x -> x.plus(1), (x, value, cotangent) -> cotangent.flip(0)), X, 1);
    }

    @Test
    void aSecondDerivativeMayBeWrongByATenThousandthOfTheLargest() {
        for (double sign : new double[] {-1, 1}) {
            assertWrong(secondOfSquares(1 + sign * 3e-4), X, 2);
            checkGradients(secondOfSquares(1 + sign * 3e-4), X, 1);
            checkGradients(secondOfSquares(1 + sign * 3e-5), X, 2);
        }
    }

    @Test
    void aNegativeDerivativeIsMeasuredByItsSize() {
        checkGradients(x -> squares(1 + 3e-7).apply(x), Tensor.of(-5), 1);
        checkGradients(x -> squares(1 + 3e-7).apply(x).unaryMinus(), Tensor.of(5), 1);
    }

    @Test
    void roundingErrorsOfLargeTermsAreAllowed() {
        checkGradients(x -> x.sum().plus(1e9), Tensor.of(0, 1e-3), 1);
    }

    @Test
    void theStepFollowsTheSizeOfTheArgument() {
        checkGradients(x -> x.times(1e3).sin().sum(), Tensor.of(0, 1e-3), 1);
        checkGradients(x -> x.times(1e-3).sin().sum(), Tensor.of(1e3, 1e4), 1);
    }
}
