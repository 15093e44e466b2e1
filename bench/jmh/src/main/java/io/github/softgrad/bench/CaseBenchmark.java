package io.github.softgrad.bench;

import io.github.softgrad.Tensor;
import io.github.softgrad.bench.cases.Case;
import io.github.softgrad.bench.cases.Work;
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

/// What all suites share: one call as users make it, on several inputs in turn, with and without its
/// vector-Jacobian product.
///
/// A suite has far more combinations than anyone waits for: choose with `-p n=64,1024 -p mode=smooth`. What
/// does not exist, or is too large, is reported as failed and the others go on.
///
/// Backends and instruction sets are properties of the virtual machine, so they are compared by
/// `-jvmArgsAppend "-Dsoftgrad.backend=reference"`, `"-Dsoftgrad.elementwise=scalar"` or
/// `"-Dsoftgrad.isa=avx2"`; `-prof gc` shows what a call allocates.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsPrepend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class CaseBenchmark {
    /// No input, and no value that is a matrix for each line, has more entries.
    private static final long MOST_ENTRIES = 1L << 25;

    /// The mode.
    @Param({"smooth", "c0", "c1", "c2"})
    public String mode;

    /// The number format.
    @Param({"f64", "f32"})
    public String dtype;

    /// How many threads a call may use.
    @Param("1")
    public int threads;

    private Work work;
    private int turn;

    /// What is measured, with the given mode, format and threads.
    abstract Case measured();

    final Case named(String operator, String method, int n, int batch) {
        return Case.of(operator, mode, method, n, batch, Case.dtype(dtype), threads, true);
    }

    /// Draws the inputs.
    @Setup
    public void prepare() {
        Case what = measured();
        long lines = what.operator().equals("argsort") ? (long) what.n() * what.batch() : what.batch();
        if (lines * what.n() > MOST_ENTRIES) {
            throw new UnsupportedOperationException("left out, too large: " + what);
        }
        work = Work.prepare(what);
    }

    /// The value.
    @Benchmark
    public Tensor forward() {
        return work.value(turn++);
    }

    /// The value and its vector-Jacobian product with a fixed random cotangent.
    @Benchmark
    public Work.Outcome forwardBackward() {
        return work.run(turn++);
    }
}
