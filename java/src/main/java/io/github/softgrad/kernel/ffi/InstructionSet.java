package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.ffi.generated.SoftgradHeader;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the native kernels may use of the processor. The cap belongs to the process, not to a thread or a
/// caller.
///
/// To be used only after [NativeLibrary] has opened the library.
public enum InstructionSet {

    /// What every processor of the architecture has: SSE2 on x86-64, NEON on aarch64.
    BASELINE(SoftgradHeader.SOFTGRAD_BASELINE()),

    /// AVX2 and FMA, on x86-64.
    AVX2(SoftgradHeader.SOFTGRAD_AVX2()),

    /// AVX-512 F, DQ, BW and VL, on x86-64.
    AVX512(SoftgradHeader.SOFTGRAD_AVX512()),

    /// NEON, on aarch64.
    NEON(SoftgradHeader.SOFTGRAD_NEON()),

    /// The best that the machine has.
    BEST(SoftgradHeader.SOFTGRAD_BEST());

    /// The system property that caps the set when the library is opened.
    public static final String PROPERTY = "softgrad.isa";

    private final int code;

    InstructionSet(int code) {
        this.code = code;
    }

    /// The constant with this lower-case name, as the property spells it.
    ///
    /// *Throws* [IllegalArgumentException] if there is none.
    public static InstructionSet named(String name) {
        return Arrays.stream(values())
                .filter(set -> set.spelling().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " must be one of "
                        + Arrays.stream(values()).map(InstructionSet::spelling).collect(Collectors.joining(", "))
                        + ", was \"" + name + "\""));
    }

    /// The name of the set in use.
    public static String inUse() {
        return SoftgradHeader.softgrad_instruction_set().getString(0);
    }

    /// Whether this is the set in use.
    public boolean isInUse() {
        return spelling().equals(inUse());
    }

    /// Lets later calls use nothing above this set; [#BEST] takes a cap off.
    ///
    /// *Throws* [IllegalArgumentException] if the set belongs to another architecture.
    public void cap() {
        if (!tryCap()) {
            throw new IllegalArgumentException(
                    PROPERTY + "=" + spelling() + " does not exist on " + System.getProperty("os.arch"));
        }
    }

    /// The same, but returns false, and changes nothing, if the set belongs to another architecture.
    public boolean tryCap() {
        return SoftgradHeader.softgrad_cap_instruction_set(code) == SoftgradHeader.SOFTGRAD_OK();
    }

    private String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
