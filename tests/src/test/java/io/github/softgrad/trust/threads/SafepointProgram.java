package io.github.softgrad.trust.threads;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Long solves in two threads, while a third one fills the heap with garbage and a fourth one stops all of them
/// again and again. The virtual machine logs how long they take to stop.
///
/// Arguments: for how many nanoseconds, and `solves` or, to see what the machine does without the library,
/// `loops`: threads that are as busy, with arrays as large, in plain Java.
final class SafepointProgram {

    private static final int SOLVERS = 2;
    private static final int LINE = 1_000_000;

    static volatile Object result;

    private SafepointProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<Runnable> work = arguments[1].equals("solves") ? solves() : List.of(SafepointProgram::loop);
        work.forEach(Runnable::run);
        System.out.println("warm after milliseconds: "
                + ManagementFactory.getRuntimeMXBean().getUptime());
        long end = System.nanoTime() + Long.parseLong(arguments[0]);
        daemon(SafepointProgram::makeGarbage);
        daemon(SafepointProgram::stopAll);
        AtomicLong done = new AtomicLong();
        Thread[] solvers = new Thread[SOLVERS];
        for (int t = 0; t < SOLVERS; t++) {
            int first = t * work.size() / SOLVERS;
            solvers[t] = new Thread(() -> {
                for (int i = first; System.nanoTime() < end; i++) {
                    work.get(i % work.size()).run();
                    done.incrementAndGet();
                }
            });
            solvers[t].start();
        }
        for (Thread solver : solvers) {
            solver.join();
        }
        System.out.println("solved: " + done);
    }

    /// Rows too long for one short call, with every kind of kernel, forth and back.
    private static List<Runnable> solves() {
        Soft soft = Soft.smooth();
        Tensor line = Catalogue.matrix(1, 1, LINE);
        Tensor shorter = Catalogue.matrix(2, 1, 100_000);
        Tensor index = Catalogue.matrix(3, 1, 60_000);
        Tensor square = Catalogue.matrix(4, 1, 1024);
        Tensor cost = Catalogue.matrix(5, 700, 700).square();
        Tensor shares = Tensor.full(1.0 / 700, 700);
        return List.of(
                () -> sort(soft.method(new Method.SoftSort()), line),
                () -> sort(Soft.c0().method(new Method.FastSoftSort()), line),
                () -> sort(soft.method(new Method.LapSum()), shorter),
                () -> sort(soft.method(new Method.NeuralSort()), shorter),
                () -> sort(soft.method(new Method.SortingNetwork()), shorter),
                () -> sort(soft.method(new Method.Transport()), square),
                () -> sort(soft.method(new Method.SmoothSort()), index.slice(1, 0, 4096)),
                () -> topK(soft.softness(1e-3).method(new Method.NeuralSort()), index),
                () -> topK(soft.method(new Method.SoftSort()), index),
                () -> result = soft.argsort(square, 1, Order.ASCENDING).probabilities(),
                () -> result = Autodiff.grad(
                        x -> soft.projectTransport(x, shares, shares).square().sum(), cost),
                () -> result = Autodiff.grad(
                        x -> Soft.c2().projectSimplex(x, 1).square().sum(), line),
                () -> result = Autodiff.grad(x -> soft.round(x).square().sum(), line));
    }

    private static void sort(Soft soft, Tensor x) {
        result = Autodiff.grad(at -> soft.sort(at, 1, Order.ASCENDING).square().sum(), x);
    }

    private static void topK(Soft soft, Tensor x) {
        result = Autodiff.grad(at -> soft.topK(at, 16, 1).values().square().sum(), x);
    }

    private static void loop() {
        double[] numbers = new double[LINE];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Math.sqrt(numbers[i] + i);
            }
        }
        result = numbers.clone();
    }

    private static void daemon(Runnable work) {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                work.run();
            }
        });
    }

    private static void makeGarbage() {
        for (int i = 0; i < 100; i++) {
            result = new byte[1 << 16];
        }
        rest(2);
    }

    private static void stopAll() {
        result = Thread.getAllStackTraces();
        rest(1);
    }

    private static void rest(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
