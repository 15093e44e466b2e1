package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Softly sorted values.
public class SortBenchmark extends CaseBenchmark {
    /// The relaxation.
    @Param({"softsort", "neuralsort", "fast_soft_sort", "smooth_sort", "ot", "sorting_network", "lap_sum"})
    public String method;

    /// The length of a line.
    @Param({"16", "64", "1024", "65536", "1000000"})
    public int n;

    /// How many lines.
    @Param({"1", "32", "1024"})
    public int batch;

    @Override
    Case measured() {
        return named("sort", method, n, batch);
    }
}
