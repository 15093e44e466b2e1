package io.github.softgrad;

import java.util.Random;
import java.util.function.Function;

/// Central differences beside the reverse pass.
final class GradientCheck {
    private static final long SEED = 20260311;

    private GradientCheck() {}

    static void run(Function<Tensor, Tensor> function, Tensor at, int order) {
        if (order < 1) {
            throw new IllegalArgumentException("order must be at least 1, was " + order);
        }
        if (at.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException("checkGradients needs float64 to tell rounding from a wrong derivative,"
                    + " got " + at.dtype() + "; use toDType(DType.FLOAT64)");
        }
        Random random = new Random(SEED);
        Function<Tensor, Tensor> current = function;
        for (int k = 1; k <= order; k++) {
            Function<Tensor, Tensor> differentiated = current;
            Tensor weights = Tensor.normal(random, differentiated.apply(at).shape());
            Function<Tensor, Tensor> scalar = x -> differentiated.apply(x).times(weights).sum();
            compare(scalar, at, k);
            current = x -> Autodiff.grad(scalar, x);
        }
    }

    private static void compare(Function<Tensor, Tensor> scalar, Tensor at, int order) {
        double[] exact = Autodiff.grad(scalar, at).toDoubles();
        double largest = 1e-8;
        double worst = 0;
        int place = 0;
        double[] differences = new double[exact.length];
        for (int i = 0; i < exact.length; i++) {
            differences[i] = difference(scalar, at, i);
            largest = Math.max(largest, Math.abs(differences[i]));
            double error = Math.abs(differences[i] - exact[i]);
            if (!(error <= worst)) {
                worst = error;
                place = i;
            }
        }
        double tolerance = (order == 1 ? 1e-6 : 1e-4) * largest;
        if (!(worst <= tolerance)) {
            throw new AssertionError("derivative of order " + order + " is wrong at entry " + place + " of x with shape "
                    + Shapes.text(at.shape()) + ": central difference " + differences[place] + ", reverse mode "
                    + exact[place] + ", tolerance " + tolerance);
        }
    }

    /// Two central differences combined to fourth order (Richardson).
    private static double difference(Function<Tensor, Tensor> scalar, Tensor at, int place) {
        double step = 1e-3 * Math.max(1e-2, Math.abs(at.toDoubles()[place]));
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
