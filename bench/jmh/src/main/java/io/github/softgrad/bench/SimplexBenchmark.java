package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Projections onto the probability simplex.
public class SimplexBenchmark extends CaseBenchmark {
    /// The length of a line.
    @Param({"16", "64", "1024", "65536", "1000000"})
    public int n;

    /// How many lines.
    @Param({"1", "32", "1024"})
    public int batch;

    @Override
    Case measured() {
        return named("simplex_proj", "", n, batch);
    }
}
