package io.github.softgrad.kernel.ffi;

import io.github.softgrad.kernel.MajorizationKernels;
import io.github.softgrad.kernel.NetworkKernels.Vectors;
import io.github.softgrad.kernel.OrderMethod;
import io.github.softgrad.kernel.OrderTask;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.StepCurve;
import io.github.softgrad.kernel.TransportKernels.Problem;
import io.github.softgrad.kernel.TransportKernels.Report;
import io.github.softgrad.kernel.TransportProducts.Line;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Calls every native kernel through the classes that size its memory, with the guarded [Scratch].
///
/// Prints each call before it is made, so that the last line names the one that went too far, and at the end
/// how many there were.
final class GuardProbe {
    private static final boolean FEW = Boolean.getBoolean("few");
    private static final int[] LENGTHS =
            FEW ? new int[] {1, 7, 33, 129} : new int[] {1, 2, 3, 5, 7, 8, 9, 16, 17, 33, 64, 65, 127, 128, 129, 200};
    private static final int[] BATCHES = FEW ? new int[] {1, 5, 20} : new int[] {1, 3, 4, 5, 16, 20, 33};

    private static final SplittableRandom RANDOM = new SplittableRandom(20_260_308);
    private static NativeKernels kernels; // not before the library is open
    private static int calls;

    private GuardProbe() {}

    public static void main(String[] arguments) {
        String path = System.getProperty(NativeLibrary.PATH_PROPERTY);
        var library = path == null ? NativeLibrary.openPacked() : NativeLibrary.openExplicit(Path.of(path));
        if (!library.opened()) {
            System.out.println("no native library");
            return;
        }
        kernels = new NativeKernels();
        for (InstructionSet set : InstructionSet.values()) {
            if (set.tryCap() && (set == InstructionSet.BASELINE || set.isInUse())) {
                callAll();
            }
        }
        System.out.println("calls: " + calls);
    }

    private static void callAll() {
        for (int n : LENGTHS) {
            for (int rows : BATCHES) {
                projections(rows, n);
                networks(rows, n);
                laplace(rows, n);
                orders(rows, n);
            }
            transports(n);
        }
        for (int n : new int[] {4_097, 20_000, 70_001}) {
            longRows(n);
        }
    }

    private static void say(String call, Object... arguments) {
        calls++;
        System.out.println(call + " " + Arrays.toString(arguments) + " " + InstructionSet.inUse());
    }

    private static double[] numbers(int count) {
        return RANDOM.doubles(count, -2, 2).toArray();
    }

    private static double[] descending(int rows, int n) {
        double[] all = numbers(rows * n);
        for (int row = 0; row < rows; row++) {
            Arrays.sort(all, row * n, (row + 1) * n);
            for (int i = row * n, j = (row + 1) * n - 1; i < j; i++, j--) {
                double first = all[i];
                all[i] = all[j];
                all[j] = first;
            }
        }
        return all;
    }

    private static double[] ascending(int rows, int n) {
        double[] all = descending(rows, n);
        Arrays.setAll(all, i -> -all[i]);
        return all;
    }

    // --- kernels of arrays ----------------------------------------------------------------------------------------

    private static void projections(int rows, int n) {
        int size = rows * n;
        double[] z = descending(rows, n);
        double[] w = descending(rows, n);
        for (Regularizer regularizer : Regularizer.values()) {
            say("isotonic", regularizer, rows, n);
            double[] y = new double[size];
            long[] first = new long[size];
            kernels.isotonic().project(regularizer, rows, n, z, 0.3, w, y, first);
            double[] g = numbers(size);
            kernels.isotonic().vjp(regularizer, rows, n, w, 0.3, y, first, g, new double[size], new double[size]);
        }
        say("majorization", rows, n);
        var solution = MajorizationKernels.Solution.of(rows, n);
        kernels.majorization().project(rows, n, z, w, 0.3, new double[size], solution);
        kernels.majorization()
                .vjp(rows, n, z, w, 0.3, solution, numbers(size), new double[size], new double[size], new double[rows]);
    }

    private static void networks(int rows, int n) {
        int size = rows * n;
        double[] x = numbers(size);
        for (StepCurve curve : StepCurve.values()) {
            say("network", curve, rows, n);
            kernels.network().sort(curve, rows, n, x, 0.3, new double[size]);
            kernels.network().sortVjp(curve, rows, n, x, 0.3, numbers(size), new double[size], new double[rows]);
            for (int count : new int[] {1, 3, 9}) {
                Vectors shared = new Vectors(count, true, numbers(count * n));
                Vectors own = new Vectors(count, false, numbers(count * size));
                double[] y = new double[count * size];
                kernels.network().apply(curve, rows, n, x, 0.3, shared, y);
                kernels.network().applyTransposed(curve, rows, n, x, 0.3, own, y);
                kernels.network().applyVjp(curve, rows, n, x, 0.3, shared, own, new double[size], new double[rows]);
            }
        }
    }

    private static void laplace(int rows, int n) {
        say("laplace", rows, n);
        double[] x = ascending(rows, n);
        kernels.laplace().thresholds(rows, n, x, 0.3, new double[rows * (n - 1)]);
        for (int m : new int[] {1, 4, n}) {
            int size = rows * m;
            kernels.laplace()
                    .sums(
                            rows,
                            n,
                            m,
                            x,
                            numbers(rows * n),
                            ascending(rows, m),
                            0.3,
                            new double[size],
                            new double[size],
                            new double[size]);
        }
    }

    private static void transports(int n) {
        int rows = 2;
        int m = n / 2 + 1;
        for (Regularizer regularizer : Regularizer.values()) {
            say("transport", regularizer, n, m);
            Problem problem = new Problem(regularizer, 0.1, 1e-9, 50, false);
            double[] mu = new double[n];
            double[] nu = new double[m];
            Arrays.fill(mu, 1.0 / n);
            Arrays.fill(nu, 1.0 / m);
            double[] plan = new double[rows * n * m];
            double[] g = numbers(plan.length);
            kernels.transport().plan(problem, rows, n, m, numbers(plan.length), mu, nu, plan, Report.of(rows));
            kernels.transport().planVjp(problem, rows, n, m, plan, g, new double[plan.length]);
            double[] anchors = new double[m];
            double[] shares = new double[m];
            Arrays.setAll(anchors, j -> (double) j / m);
            Arrays.fill(shares, 1);
            shares[0] += n - m;
            double[] x = numbers(rows * n);
            kernels.transport().line(problem, rows, n, m, x, anchors, shares, plan, Report.of(rows));
            kernels.transport().lineVjp(problem, rows, n, m, anchors, plan, g, new double[rows * n]);
            for (boolean toPoints : new boolean[] {true, false}) {
                products(problem, new Line(rows, n, m, x, anchors, shares, toPoints));
            }
        }
    }

    private static void products(Problem problem, Line line) {
        var products = kernels.transport().products().orElseThrow();
        double[] v = numbers(line.given());
        double[] y = new double[line.rows() * line.resultsPerRow()];
        double[] state = new double[line.rows() * (line.m() + 1)];
        double[] dx = new double[line.rows() * line.n()];
        double[] dv = new double[line.toPoints() ? 0 : line.rows() * line.n()];
        products.apply(problem, line, v, y, state, Report.of(line.rows()));
        products.vjp(problem, line, v, state, numbers(y.length), dx, dv);
    }

    private static void longRows(int n) {
        say("long rows", n);
        double[] x = numbers(n);
        double[] s = new double[n];
        double[] scale = new double[3];
        var order = kernels.order().orElseThrow();
        order.argsort(1, n, x, new int[n]);
        order.squash(1, n, x, s, scale);
        order.squashVjp(1, n, x, scale, s, numbers(n), new double[n]);
        for (OrderMethod method : OrderMethod.values()) {
            order(method, Regularizer.ENTROPY, OrderTask.Result.VALUES, 1, n, Double.BYTES);
            order(method, Regularizer.SQUARED_EUCLIDEAN, OrderTask.Result.RANKS, 1, n, Float.BYTES);
        }
    }

    // --- orders, whose arguments are segments ---------------------------------------------------------------------

    private static void orders(int rows, int n) {
        for (OrderMethod method : OrderMethod.values()) {
            for (Regularizer regularizer : Regularizer.values()) {
                for (int elementSize : new int[] {Double.BYTES, Float.BYTES}) {
                    order(method, regularizer, OrderTask.Result.VALUES, rows, n, elementSize);
                    order(method, regularizer, OrderTask.Result.RANKS, rows, n, elementSize);
                    if (method != OrderMethod.FAST_SOFT_SORT) {
                        order(method, regularizer, OrderTask.Result.INDEX, rows, n, elementSize);
                    }
                }
            }
        }
    }

    private static void order(
            OrderMethod method, Regularizer regularizer, OrderTask.Result result, int rows, int n, int elementSize) {
        int first = result == OrderTask.Result.RANKS ? 0 : n / 3;
        boolean odd = (rows + n) % 2 == 1;
        int count = n - first;
        OrderTask task =
                new OrderTask(method, regularizer, result, odd, !odd, true, rows, n, first, count, 0.3, elementSize);
        say("order", task);
        NativeOrder order = new NativeOrder();
        try (Scratch memory = Scratch.ofDoubles(0, 0)) {
            MemorySegment x = filled(memory, (long) rows * n, elementSize);
            MemorySegment y = memory.bytes(rows * task.resultsPerRow() * elementSize);
            MemorySegment g = filled(memory, rows * task.resultsPerRow(), elementSize);
            MemorySegment dx = memory.bytes((long) rows * n * elementSize);
            order.apply(task, x, y, null);
            NativeOrder.Kept own = (NativeOrder.Kept) order.residuals(task);
            NativeOrder.Kept kept = new NativeOrder.Kept(
                    memory.bytes(own.order().byteSize()),
                    own.orderBytes(),
                    memory.bytes(own.state().byteSize()),
                    own.stateBytes());
            order.apply(task, x, y, kept);
            order.vjp(task, x, y, kept, g, dx, new double[rows]);
        }
    }

    private static MemorySegment filled(Scratch memory, long count, int elementSize) {
        MemorySegment segment = memory.bytes(count * elementSize);
        for (long i = 0; i < count; i++) {
            double number = RANDOM.nextDouble(-2, 2);
            if (elementSize == Float.BYTES) {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) number);
            } else {
                segment.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, number);
            }
        }
        return segment;
    }
}
