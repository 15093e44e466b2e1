package io.github.softgrad.trust.threads;

import io.github.softgrad.Backend;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;

/// Makes the first call of the library with the interrupt already there, and prints which backend that has
/// opened.
final class InterruptedProgram {
    private InterruptedProgram() {}

    public static void main(String[] arguments) {
        Thread.currentThread().interrupt();
        Soft.smooth().sort(Tensor.of(2, 1));
        System.out.println(Backend.kernels());
        System.out.println("still interrupted: " + Thread.currentThread().isInterrupted());
    }
}
