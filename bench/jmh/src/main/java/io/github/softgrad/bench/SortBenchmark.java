package io.github.softgrad.bench;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
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

/// A whole soft sort as users call it, with and without its gradient.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class SortBenchmark {
    /// The two relaxations with an index.
    public enum Relaxation {
        /// [Method.SoftSort].
        SOFT_SORT(new Method.SoftSort()),
        /// [Method.NeuralSort].
        NEURAL_SORT(new Method.NeuralSort());

        private final Method method;

        Relaxation(Method method) {
            this.method = method;
        }
    }

    @Param
    public Relaxation relaxation;

    @Param({"SMOOTH", "C0"})
    public io.github.softgrad.Mode mode;

    @Param({"64", "1024"})
    public int n;

    private Soft soft;
    private Tensor x;
    private Tensor weights;

    /// Standard normal entries.
    @Setup
    public void fill() {
        soft = Soft.smooth().mode(mode).method(relaxation.method);
        x = Tensor.normal(new Random(1), n);
        weights = Tensor.normal(new Random(2), n);
    }

    /// The sorted values.
    @Benchmark
    public Tensor forward() {
        return soft.sort(x);
    }

    /// The gradient of a weighted sum of them.
    @Benchmark
    public Tensor gradient() {
        return Autodiff.grad(v -> soft.sort(v).dot(weights), x);
    }
}
