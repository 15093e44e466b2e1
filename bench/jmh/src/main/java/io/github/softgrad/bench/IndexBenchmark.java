package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Soft indices: whole permutation matrices, and single rows of them.
public class IndexBenchmark extends CaseBenchmark {
    /// The operator.
    @Param({"argsort", "argmax"})
    public String operator;

    /// The relaxation.
    @Param({"softsort", "neuralsort", "ot", "sorting_network", "lap_sum"})
    public String method;

    /// The length of a line.
    @Param({"16", "64", "1024", "65536", "1000000"})
    public int n;

    /// How many lines.
    @Param({"1", "32", "1024"})
    public int batch;

    @Override
    Case measured() {
        return named(operator, method, n, batch);
    }
}
