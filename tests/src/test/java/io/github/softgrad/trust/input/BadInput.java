package io.github.softgrad.trust.input;

import io.github.softgrad.Backend;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/// One kind of bad input: which argument has which bad value, the calls that refuse it, and how.
///
/// @param argument the name of the argument and its value, as `axis = 2`
/// @param type what is thrown
/// @param message the whole message; `{heap}` stands for the size of the heap in MiB
record BadInput(String argument, Class<? extends RuntimeException> type, String message, List<Call> calls) {

    /// @param text the call as a user writes it
    /// @param referenceOnly whether the native backend has an algorithm that does without what is refused
    record Call(String text, Executable action, boolean referenceOnly) {
        boolean isRefusedHere() {
            return !referenceOnly || Backend.kernels().startsWith("reference");
        }
    }

    static Call call(String text, Executable action) {
        return new Call(text, action, false);
    }

    static Call onReference(String text, Executable action) {
        return new Call(text, action, true);
    }

    static BadInput refused(String argument, String message, Call... calls) {
        return refused(IllegalArgumentException.class, argument, message, calls);
    }

    static BadInput refused(Class<? extends RuntimeException> type, String argument, String message, Call... calls) {
        return new BadInput(argument, type, message, List.of(calls));
    }

    /// The value in the words in which the message has to name it.
    String value() {
        return argument.substring(argument.indexOf(" = ") + 3);
    }

    String messageHere() {
        return message.replace("{heap}", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
    }
}
