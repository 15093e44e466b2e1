package io.github.softgrad.bench;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;

/// The shortest program with a gradient: prints the nanoseconds that it took. See [Startup].
final class FirstGradient {
    private FirstGradient() {}

    static void main() {
        long start = System.nanoTime();
        Soft soft = Soft.smooth();
        Tensor gradient = Autodiff.grad(x -> soft.sort(x).dot(Tensor.of(0, 1, 4, 9)), Tensor.of(3, 1, 4, 2));
        double[] numbers = gradient.toDoubles();
        long elapsed = System.nanoTime() - start;
        if (numbers.length != 4) {
            throw new IllegalStateException("a gradient of the wrong length");
        }
        IO.println(elapsed);
    }
}
