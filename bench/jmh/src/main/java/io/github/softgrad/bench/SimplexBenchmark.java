package io.github.softgrad.bench;

import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.Regularizer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The simplex kernels as Java calls them: one batch of rows, forward and vector-Jacobian product.
///
/// `-Dsoftgrad.backend=reference` or `-Dsoftgrad.isa=avx2` in the fork's JVM arguments (`-jvmArgsAppend`)
/// compares backends and instruction sets.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class SimplexBenchmark {
    private static final double SOFTNESS = 0.1;

    @Param({"ENTROPY", "SQUARED_EUCLIDEAN", "NORM_3_2", "NORM_4_3"})
    public Regularizer regularizer;

    @Param({"16", "64", "1024"})
    public int n;

    @Param({"1", "32"})
    public int rows;

    private final Kernels kernels = ActiveKernels.get();
    private double[] x;
    private double[] y;
    private double[] cotangent;
    private double[] dx;

    /// Uniform scores, as standardized rows have them.
    @Setup
    public void fill() {
        x = new Random(1).doubles((long) rows * n).toArray();
        cotangent = new Random(2).doubles((long) rows * n).toArray();
        y = new double[rows * n];
        dx = new double[rows * n];
        kernels.simplex(regularizer, rows, n, x, SOFTNESS, y);
    }

    /// The projection of all rows.
    @Benchmark
    public double[] project() {
        kernels.simplex(regularizer, rows, n, x, SOFTNESS, y);
        return y;
    }

    /// The vector-Jacobian product of all rows.
    @Benchmark
    public double[] pull() {
        kernels.simplexVjp(regularizer, rows, n, y, SOFTNESS, cotangent, dx);
        return dx;
    }
}
