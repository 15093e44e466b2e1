package io.github.softgrad;

import java.util.Random;
import java.util.function.Function;

/// Central differences beside the reverse pass.
final class GradientCheck {
    private static final long SEED = 20260311;
    private static final double SMALLEST_SCALE = 1e-8;

    /// How many rounding errors of the function's terms a difference may carry.
    private static final int ROUNDINGS = 32;

    private GradientCheck() {}

    static void run(Function<Tensor, Tensor> function, Tensor at, int order) {
        Arguments.given(function, "function", "a function");
        Arguments.tensor(at, "at");
        Arguments.atLeast("order", 1, order, "1 checks gradients, 2 second derivatives as well");
        if (at.dtype() != DType.FLOAT64) {
            throw Arguments.bad(
                    "at",
                    "float64, as rounding would hide a wrong derivative",
                    at.dtype(),
                    "use toDType(DType.FLOAT64)");
        }
        Random random = new Random(SEED);
        Function<Tensor, Tensor> current = function;
        for (int k = 1; k <= order; k++) {
            Function<Tensor, Tensor> differentiated = current;
            Tensor weights = Tensor.normal(random, differentiated.apply(at).shape());
            Function<Tensor, Tensor> scalar =
                    x -> differentiated.apply(x).times(weights).sum();
            double size = differentiated.apply(at).times(weights).abs().sum().item();
            compare(scalar, at, k, Math.ulp(size));
            current = x -> Autodiff.grad(scalar, x);
        }
    }

    /// @param unit the unit in the last place of the terms of the scalar, which the differences divide by their
    ///     step
    private static void compare(Function<Tensor, Tensor> scalar, Tensor at, int order, double unit) {
        double[] exact = Autodiff.grad(scalar, at).toDoubles();
        double[] differences = new double[exact.length];
        double largest = SMALLEST_SCALE;
        double worst = 0;
        int place = 0;
        for (int i = 0; i < exact.length; i++) {
            double step = step(at, i);
            differences[i] = difference(scalar, at, i, step);
            largest = Math.max(largest, Math.abs(differences[i]));
            double error = Math.abs(differences[i] - exact[i]) - ROUNDINGS * unit / step;
            if (!(error <= worst) && !Double.isNaN(worst)) {
                worst = error;
                place = i;
            }
        }
        double tolerance = (order == 1 ? 1e-6 : 1e-4) * largest;
        if (!(worst <= tolerance)) {
            throw new AssertionError("derivative of order " + order + " is wrong at entry " + place
                    + " of x with shape "
                    + Shapes.text(at.shape()) + ": central difference " + differences[place] + ", reverse mode "
                    + exact[place] + ", tolerance " + tolerance);
        }
    }

    private static double step(Tensor at, int place) {
        return 1e-3 * Math.max(1e-2, Math.abs(at.toDoubles()[place]));
    }

    /// Two central differences combined to fourth order (Richardson).
    private static double difference(Function<Tensor, Tensor> scalar, Tensor at, int place, double step) {
        double wide = slope(scalar, at, place, step);
        double narrow = slope(scalar, at, place, step / 2);
        return narrow + (narrow - wide) / 3;
    }

    private static double slope(Function<Tensor, Tensor> scalar, Tensor at, int place, double step) {
        double[] values = at.toDoubles();
        double middle = values[place];
        double right = middle + step;
        double left = middle - step;
        values[place] = right;
        double high = scalar.apply(Tensor.of(at.shape(), values)).item();
        values[place] = left;
        double low = scalar.apply(Tensor.of(at.shape(), values)).item();
        return (high - low) / (right - left);
    }
}
