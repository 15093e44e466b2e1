package io.github.softgrad;

import io.github.softgrad.elementwise.ActiveElementwise;
import io.github.softgrad.kernel.ActiveKernels;
import java.util.ArrayList;
import java.util.List;

/// Which code computes: chosen once, when the first operator runs.
///
/// Axis-wise kernels are native (C, chosen by instruction set) or the plain Java reference; elementwise loops
/// use the Vector API where its module is present, plain loops otherwise. The system properties
/// `softgrad.backend` (`native`, `reference`), `softgrad.elementwise` (`vector`, `scalar`) and `softgrad.isa`
/// (`baseline`, `avx2`, `avx512`, `neon`) force a choice. Results agree within the accuracy that the operators
/// promise.
public final class Backend {
    private Backend() {}

    /// The axis-wise backend and its instruction set, for example `native, avx512`, or `reference`.
    public static String kernels() {
        return ActiveKernels.get().description();
    }

    /// The elementwise backend, for example `vector, 512 bit`, or `scalar`.
    public static String elementwise() {
        return ActiveElementwise.get().description();
    }

    /// What is active, what was refused and why, and the flag that would help; several lines.
    public static String report() {
        List<String> lines = new ArrayList<>();
        lines.add("softgrad on Java " + Runtime.version().feature() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        lines.addAll(ActiveKernels.report());
        lines.addAll(ActiveElementwise.report());
        return String.join(System.lineSeparator(), lines);
    }
}
