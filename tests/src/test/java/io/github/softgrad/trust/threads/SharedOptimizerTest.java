package io.github.softgrad.trust.threads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// An optimizer that several threads use, or that a step has failed on, loses nothing.
class SharedOptimizerTest {
    private static final int THREADS = 8;

    /// The gradient is always 0, so a step depends on how many came before it only: taken one after another,
    /// from whatever threads, they are those of one thread.
    @Test
    void stepsFromSeveralThreadsAreTakenOneAfterAnother() throws Exception {
        int steps = Tally.inputs(300, 100);
        try (Tally tally = new Tally("one optimizer in several threads")) {
            double[] shared = sorted(inThreads(pushed(), steps));
            Optimizer alone = pushed();
            double[] expected = sorted(IntStream.range(0, THREADS * steps)
                    .mapToDouble(i -> step(alone))
                    .boxed()
                    .toList());
            tally.tried(shared.length);
            if (!Arrays.equals(expected, shared)) {
                tally.fault();
            }
            assertArrayEquals(expected, shared);
        }
    }

    private static double[] sorted(List<Double> steps) {
        return steps.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /// An optimizer that remembers a gradient, so that its steps become smaller and smaller.
    private static Optimizer pushed() {
        Optimizer optimizer = Optimizer.adam(0.1);
        optimizer.step(Tensor.scalar(0), Tensor.scalar(1));
        return optimizer;
    }

    private static double step(Optimizer optimizer) {
        return optimizer.step(Tensor.scalar(0), Tensor.scalar(0)).item();
    }

    private static List<Double> inThreads(Optimizer optimizer, int steps) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        Callable<double[]> run = () -> {
            start.await();
            return DoubleStream.generate(() -> step(optimizer)).limit(steps).toArray();
        };
        List<Double> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<double[]>> runs = IntStream.range(0, THREADS)
                    .mapToObj(i -> threads.submit(run))
                    .toList();
            start.countDown();
            for (Future<double[]> finished : runs) {
                Arrays.stream(finished.get()).forEach(all::add);
            }
        }
        return all;
    }

    @Test
    void aStepThatFailsIsForgotten() {
        List<Tensor> parameters = List.of(Tensor.of(1, 2), Tensor.scalar(3));
        List<Tensor> gradient = List.of(Tensor.of(0.1, -0.2), Tensor.scalar(0.3));
        List<Tensor> half = List.of(Tensor.of(5, 5), escaped());
        for (Optimizer optimizer : List.of(Optimizer.sgd(0.1), Optimizer.adam(0.1))) {
            assertThrows(IllegalStateException.class, () -> optimizer.step(parameters, half));
            assertThrows(IllegalArgumentException.class, () -> optimizer.step(parameters, List.of(Tensor.scalar(1))));
        }
        Optimizer tried = Optimizer.adam(0.1);
        assertThrows(IllegalStateException.class, () -> tried.step(parameters, half));

        assertEquals(Optimizer.adam(0.1).step(parameters, gradient), tried.step(parameters, gradient));
    }

    private static Tensor escaped() {
        List<Tensor> kept = new ArrayList<>();
        Autodiff.grad(
                x -> {
                    kept.add(x.times(2));
                    return x;
                },
                Tensor.scalar(1));
        return kept.getFirst();
    }
}
