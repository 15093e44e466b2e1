package io.github.softgrad;

import io.github.softgrad.elementwise.ActiveElementwise;
import io.github.softgrad.kernel.ActiveKernels;
import io.github.softgrad.kernel.ffi.NativeLibrary;
import java.util.List;

/// Which code computes: chosen once, when the first operator runs.
///
/// Axis-wise kernels are native (C, chosen by instruction set) or the plain Java reference; elementwise loops
/// use the Vector API where its module is present, plain loops otherwise. The system properties
/// `softgrad.backend` (`native`, `reference`), `softgrad.elementwise` (`vector`, `scalar`) and `softgrad.isa`
/// (`baseline`, `avx2`, `avx512`, `neon`) force a choice, and `softgrad.native.path` names a library file to be
/// used and nothing else. Results agree within the accuracy that the operators promise.
///
/// `java -jar softgrad.jar` prints the report.
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

    /// What is active, what was refused and why, and the options that would help, ready to be pasted; several
    /// lines. A property that demands what cannot be had, so that operators throw, is reported like the rest.
    public static String report() {
        BackendReport report = new BackendReport();
        return report.text(report.flags());
    }

    /// Prints the report, with every option that may help another program.
    static void main(String[] arguments) {
        System.out.println(new BackendReport().text(List.of(NativeLibrary.accessFlag(), ActiveElementwise.FLAG)));
    }
}
