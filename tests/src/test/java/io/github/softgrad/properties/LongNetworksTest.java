package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method.SortingNetwork;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A network of as many entries as no index has room for.
class LongNetworksTest {

    /// The full index of so many entries would need 80 gigabytes; the error says so, and what does without it
    /// works.
    @Test
    void longLinesNeedNoMatrix() {
        int n = 100_000;
        Tensor x = Tensor.of(new Random(1).doubles(n).toArray());
        Soft soft = Soft.smooth().method(new SortingNetwork()).softness(1e-3);
        Tensor gradient = Autodiff.grad(at -> soft.topK(at, 3).values().sum(), x);
        assertTrue(Arrays.stream(gradient.toDoubles()).allMatch(Double::isFinite), "top 3");
        assertEquals(1, soft.argmax(x).probabilities().sum().item(), 1e-12);
        assertEquals((n + 1) / 2.0, soft.rank(x).mean().item(), n * 1e-3);
        assertThrows(IllegalArgumentException.class, () -> soft.argsort(x).probabilities());
    }
}
