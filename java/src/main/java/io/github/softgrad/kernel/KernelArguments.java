package io.github.softgrad.kernel;

/// Checks that every backend makes before it works, so that all of them refuse the same calls in the same
/// words, and native code never sees an array that is too short.
public final class KernelArguments {

    private KernelArguments() {}

    /// Returns `rows * n`, the number of elements that a batch has.
    public static int elements(int rows, int n) {
        if (rows < 0 || n < 0) {
            throw new IllegalArgumentException("rows and n must not be negative, were " + rows + " and " + n);
        }
        long elements = (long) rows * n;
        if (elements > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "rows * n must fit into an array, was " + rows + " * " + n + " = " + elements);
        }
        return (int) elements;
    }

    /// Checks that the array called `name`, which has `length` elements, holds the batch.
    public static void requireLength(String name, int length, int elements) {
        if (length < elements) {
            throw new IllegalArgumentException(name + " must hold rows * n = " + elements + " elements, has " + length);
        }
    }

    /// Checks that an output array is none of the inputs, which are still read after the first element is
    /// written.
    public static void requireDistinct(String name, Object output, Object... inputs) {
        for (Object input : inputs) {
            if (output == input) {
                throw new IllegalArgumentException(name + " must not be one of the input arrays");
            }
        }
    }

    /// Checks that the softness can be divided by.
    public static void requireSoftness(double softness) {
        if (!(softness > 0 && softness < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("softness must be a finite number above zero, was " + softness);
        }
    }
}
