package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import org.openjdk.jmh.annotations.Param;

/// Elementwise operators, comparisons and logic.
public class ElementwiseBenchmark extends CaseBenchmark {
    /// The operator.
    @Param({"heaviside", "sign", "abs", "relu", "clip", "round", "greater", "equal", "logical_and", "any"})
    public String operator;

    /// How many entries.
    @Param({"16", "64", "1024", "65536", "1000000"})
    public int n;

    @Override
    Case measured() {
        return named(operator, "", n, 1);
    }
}
