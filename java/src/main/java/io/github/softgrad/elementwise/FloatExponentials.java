package io.github.softgrad.elementwise;

/// The exponential, logarithm and hyperbolic tangent in float32: what float64 gives, rounded once, as
/// [Elementwise] promises. Computed in float32 they would be a unit in the last place off.
final class FloatExponentials {

    private FloatExponentials() {}

    /// The loop of float64 on the numbers of one block of up to the size.
    static FloatBlocks.Loop loop(Arithmetic function, int size) {
        DoubleBlocks.Loop loop = DoubleExponentials.loop(function, size);
        double[][] wide = {new double[size]};
        double[] results = new double[size];
        int[] start = {0};
        return (in, at, out, to, length) -> {
            for (int i = 0; i < length; i++) {
                wide[0][i] = in[0][at[0] + i];
            }
            loop.run(wide, start, results, 0, length);
            for (int i = 0; i < length; i++) {
                out[to + i] = (float) results[i];
            }
        };
    }
}
