package io.github.softgrad;

import java.util.Locale;

/// Thrown by an operator whose solver did not reach its accuracy; nothing half-solved is returned.
///
/// The message says what was being solved, the iterations made, the residual left, and what would help.
public final class ConvergenceException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    private final long iterations;
    private final double residual;

    ConvergenceException(String problem, long iterations, double residual, String remedy) {
        super(String.format(
                Locale.ROOT,
                "%s did not converge: residual %.1e after %d iterations; %s",
                problem,
                residual,
                iterations,
                remedy));
        this.iterations = iterations;
        this.residual = residual;
    }

    /// How many steps the solver made.
    public long iterations() {
        return iterations;
    }

    /// How far its optimality condition is from being met, as the operator defines it.
    public double residual() {
        return residual;
    }
}
