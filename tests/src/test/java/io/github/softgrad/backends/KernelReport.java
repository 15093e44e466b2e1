package io.github.softgrad.backends;

import io.github.softgrad.kernel.ActiveKernels;

/// A program that prints which kernels were chosen, or why none could be: run by tests in a virtual machine of
/// its own.
final class KernelReport {

    private KernelReport() {}

    public static void main(String[] arguments) {
        try {
            ActiveKernels.report().forEach(System.out::println);
        } catch (IllegalArgumentException | IllegalStateException refusal) {
            System.out.println(refusal.getMessage());
        }
    }
}
