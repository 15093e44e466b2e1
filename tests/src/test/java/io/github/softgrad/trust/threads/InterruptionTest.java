package io.github.softgrad.trust.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.ChildMachine;
import io.github.softgrad.trust.Tally;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// No call of the library answers an interrupt: what is being computed is finished and right, and the caller
/// still sees that it was interrupted.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class InterruptionTest {

    /// What a thread came back with.
    private record Ending(Tensor result, boolean interrupted) {}

    private static Map<String, Supplier<Tensor>> computations() {
        Tensor x = Catalogue.isNative() ? Catalogue.matrix(1, 200, 64) : Catalogue.matrix(1, 64, 16);
        Soft soft = Soft.smooth();
        Soft transport = soft.method(new Method.Transport());
        return Map.of(
                "sort",
                        () -> Autodiff.grad(
                                at -> soft.sort(at, 1, Order.ASCENDING).square().sum(), x),
                "argsort",
                        () -> Autodiff.grad(
                                at -> soft.argsort(at, 1, Order.ASCENDING)
                                        .take(at)
                                        .sum(),
                                x),
                "transport",
                        () -> Autodiff.grad(
                                at -> transport
                                        .rank(at, 1, Order.ASCENDING)
                                        .square()
                                        .sum(),
                                x),
                "elementwise",
                        () -> Autodiff.grad(
                                at -> soft.round(at).square().sum(), x.broadcastTo(40, x.dim(0), x.dim(1))));
    }

    @Test
    void aComputationThatIsInterruptedAgainAndAgainIsFinished() throws Exception {
        String threads = System.getProperty("softgrad.threads");
        System.setProperty("softgrad.threads", "4");
        try (Tally tally = new Tally("computations of threads that are interrupted, " + Backend.kernels())) {
            for (var computation : computations().entrySet()) {
                Tensor expected = computation.getValue().get();
                for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                    for (int i = 0; i < Tally.inputs(5, 2); i++) {
                        Ending ending = interrupted(kind, computation.getValue());
                        assertEquals(expected, ending.result(), computation.getKey());
                        assertTrue(ending.interrupted(), "the interrupt is lost in " + computation.getKey());
                        tally.tried();
                    }
                }
            }
        } finally {
            if (threads == null) {
                System.clearProperty("softgrad.threads");
            } else {
                System.setProperty("softgrad.threads", threads);
            }
        }
    }

    private static Ending interrupted(Thread.Builder kind, Supplier<Tensor> computation) throws Exception {
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Thread thread = kind.start(() -> {
            try {
                Thread.currentThread().interrupt();
                Tensor result = computation.get();
                ending.complete(new Ending(result, Thread.currentThread().isInterrupted()));
            } catch (Throwable thrown) {
                ending.completeExceptionally(thrown);
            }
        });
        while (!ending.isDone()) {
            thread.interrupt();
            Thread.onSpinWait();
        }
        return ending.get(1, TimeUnit.MINUTES);
    }

    /// The backend is chosen for the life of the process, also by a thread whose files an interrupt closes.
    @Test
    void aFirstCallThatIsInterruptedOpensTheSameBackend() throws Exception {
        try (Tally tally = new Tally("first calls of interrupted threads, " + Backend.kernels())) {
            firstCall();
            tally.tried();
            Matcher origin = Pattern.compile("from (/.*libsoftgrad.*)").matcher(Backend.report());
            if (origin.find() && Files.exists(Path.of(origin.group(1)))) {
                firstCall("-Dsoftgrad.native.path=" + origin.group(1));
                tally.tried();
            }
        }
    }

    private static void firstCall(String... options) throws Exception {
        List<String> lines = new ChildMachine(options).run(5, InterruptedProgram.class);
        List<String> end = lines.subList(lines.size() - 2, lines.size());
        assertEquals(List.of(Backend.kernels(), "still interrupted: true"), end);
    }
}
