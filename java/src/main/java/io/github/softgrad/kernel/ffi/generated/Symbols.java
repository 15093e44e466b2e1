package io.github.softgrad.kernel.ffi.generated;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What the generated class `SoftgradHeader` stands on, written by hand in the place of the class that jextract
/// would generate, for three reasons:
///
/// - Its functions must come from the library that our loader opened, not from one that `System.load` loaded:
///   that one only a single class loader could have.
/// - jextract's own has a layout for C's `long`, which fails to initialise on Windows. Our header uses no
///   `long`.
/// - Linking is a restricted method; here is the one place that says so.
///
/// `SoftgradHeader` names the JDK's `SymbolLookup` and `Linker` by simple name. Inherited member types come
/// before imported ones, so there the two below are meant, and the generated text stays as it is.
public class Symbols {

    /// C's `int`.
    public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;

    /// C's `long long`, the type of `softgrad_count`.
    public static final ValueLayout.OfLong C_LONG_LONG = ValueLayout.JAVA_LONG;

    /// C's `float`.
    public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;

    /// C's `double`.
    public static final ValueLayout.OfDouble C_DOUBLE = ValueLayout.JAVA_DOUBLE;

    /// A pointer of any type, to memory of unknown length.
    public static final AddressLayout C_POINTER = unboundedPointer();

    static final boolean TRACE_DOWNCALLS = false;

    private static volatile java.lang.foreign.SymbolLookup library = name -> Optional.empty();

    Symbols() {}

    /// Makes the functions of `opened` those of the generated class. To be called before any of them is used.
    public static void use(java.lang.foreign.SymbolLookup opened) {
        library = opened;
    }

    static void traceDowncall(String name, Object... arguments) {
        throw new AssertionError(name + " with " + arguments.length + " arguments: tracing is off");
    }

    @SuppressWarnings("restricted")
    private static AddressLayout unboundedPointer() {
        return ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));
    }

    /// Finds symbols in the library given to [#use], and nowhere else.
    interface SymbolLookup extends java.lang.foreign.SymbolLookup {

        static SymbolLookup loaderLookup() {
            return name -> library.find(name);
        }

        @Override
        default SymbolLookup or(java.lang.foreign.SymbolLookup other) {
            return this;
        }
    }

    /// The part of the JDK's linker that generated code uses.
    static final class Linker {

        private static final Linker INSTANCE = new Linker();

        private Linker() {}

        static Linker nativeLinker() {
            return INSTANCE;
        }

        java.lang.foreign.SymbolLookup defaultLookup() {
            return name -> Optional.empty();
        }

        @SuppressWarnings("restricted")
        MethodHandle downcallHandle(MemorySegment address, FunctionDescriptor descriptor) {
            return java.lang.foreign.Linker.nativeLinker().downcallHandle(address, descriptor);
        }
    }
}
