package io.github.softgrad;

import java.util.function.Supplier;

/// A value that is computed when it is first asked for, once.
final class Once<T> implements Supplier<T> {
    private Supplier<T> computation;
    private T value;

    private Once(Supplier<T> computation) {
        this.computation = computation;
    }

    static <T> Supplier<T> of(Supplier<T> computation) {
        return new Once<>(computation);
    }

    @Override
    public synchronized T get() {
        if (computation != null) {
            value = computation.get();
            computation = null;
        }
        return value;
    }
}
