package io.github.softgrad;

import java.util.concurrent.atomic.AtomicLong;

/// One call of a differentiated function.
///
/// Numbers of traces and nodes come from one process-wide counter. An inner trace is therefore newer than the
/// outer one and a node newer than its parents, on whatever thread they were made: no stack and no thread-local
/// is needed, and descending numbers are a reverse topological order.
final class Trace {
    private static final AtomicLong NUMBERS = new AtomicLong();

    final long number = nextNumber();
    private volatile boolean open = true;

    static long nextNumber() {
        return NUMBERS.incrementAndGet();
    }

    /// Wraps an argument of the differentiated function.
    TracedTensor leaf(Tensor value) {
        return new TracedTensor(value, Node.leaf(), this);
    }

    void close() {
        open = false;
    }

    void requireOpen() {
        if (!open) {
            throw new IllegalStateException("a traced tensor escaped from a finished grad, vjp or jvp call and was used"
                    + " afterwards; return it from the differentiated function, or keep stopGradient(tensor)");
        }
    }
}
