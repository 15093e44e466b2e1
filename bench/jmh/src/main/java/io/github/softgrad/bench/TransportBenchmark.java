package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Transport plans between random points in the unit square, with equal masses.
public class TransportBenchmark extends CaseBenchmark {
    /// The softness, relative to the largest cost.
    @Param({"0.1", "0.01"})
    public double eps;

    /// The number of points on either side.
    @Param({"16", "64", "256", "1024"})
    public int n;

    @Override
    Case measured() {
        return named("transport", "", n, 1).withEps(eps);
    }
}
