package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Projections onto the permutahedron of equally spaced numbers.
public class PermutahedronBenchmark extends CaseBenchmark {
    /// The relaxation.
    @Param({"fast_soft_sort", "smooth_sort"})
    public String method;

    /// The length of a line.
    @Param({"16", "64", "1024", "65536", "1000000"})
    public int n;

    /// How many lines.
    @Param({"1", "32", "1024"})
    public int batch;

    @Override
    Case measured() {
        return named("perm_proj", method, n, batch);
    }
}
