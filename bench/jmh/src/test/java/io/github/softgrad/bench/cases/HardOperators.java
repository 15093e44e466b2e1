package io.github.softgrad.bench.cases;

import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What each operator is when nothing is soft, in plain loops.
final class HardOperators {
    private HardOperators() {}

    static double[] value(Case what, List<Tensor> arguments) {
        double[] x = arguments.getFirst().toDoubles();
        return switch (what.operator()) {
            case "abs" -> each(x, Math::abs);
            case "relu" -> each(x, t -> Math.max(t, 0));
            case "sign" -> each(x, Math::signum);
            case "round" -> each(x, Math::rint);
            case "heaviside", "greater" -> each(x, t -> t > 0 ? 1 : 0);
            case "clip" -> each(x, t -> Math.clamp(t, -1.0, 1.0));
            case "equal" -> each(x, t -> t == 0 ? 1 : 0);
            case "logical_and" -> and(x, arguments.get(1).toDoubles());
            case "any" -> lines(x, arguments.getFirst().dim(1), HardOperators::any);
            case "perm_proj" -> permuted(x, arguments.get(1).toDoubles(), what.n());
            default -> lines(x, what.n(), line -> ofLine(what, line));
        };
    }

    private interface OfNumber {
        double apply(double x);
    }

    private interface OfLine {
        double[] apply(double[] line);
    }

    private static double[] each(double[] x, OfNumber function) {
        return Arrays.stream(x).map(function::apply).toArray();
    }

    private static double[] lines(double[] x, int n, OfLine function) {
        return IntStream.range(0, x.length / n)
                .mapToObj(line -> function.apply(Arrays.copyOfRange(x, line * n, (line + 1) * n)))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[] and(double[] x, double[] y) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).toArray();
    }

    private static double[] any(double[] truths) {
        return new double[] {1 - Arrays.stream(truths).map(t -> 1 - t).reduce(1, (a, b) -> a * b)};
    }

    private static double[] ofLine(Case what, double[] x) {
        int n = x.length;
        double[] sorted = Arrays.stream(x).sorted().toArray();
        double quarter = 0.25 * (n - 1);
        int below = (int) quarter;
        return switch (what.operator()) {
            case "sort" -> sorted;
            case "rank" -> each(x, t -> n - place(sorted, t));
            case "argsort" -> lines(sorted, 1, t -> indicator(x, t[0]));
            case "max" -> new double[] {sorted[n - 1]};
            case "argmax", "simplex_proj" -> indicator(x, sorted[n - 1]);
            case "top_k" ->
                IntStream.range(0, what.options().k())
                        .mapToDouble(i -> sorted[n - 1 - i])
                        .toArray();
            case "quantile" -> new double[] {sorted[below] + (quarter - below) * (sorted[below + 1] - sorted[below])};
            case "median" -> new double[] {(sorted[(n - 1) / 2] + sorted[n / 2]) / 2};
            default -> throw new IllegalArgumentException(what.operator());
        };
    }

    private static int place(double[] sorted, double x) {
        return Arrays.binarySearch(sorted, x);
    }

    private static double[] indicator(double[] x, double wanted) {
        return each(x, t -> t == wanted ? 1 : 0);
    }

    /// The numbers of each line of w, which descend, in the order of z.
    private static double[] permuted(double[] z, double[] w, int n) {
        double[] result = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            int line = i / n * n;
            double own = z[i];
            int larger = (int)
                    IntStream.range(line, line + n).filter(j -> z[j] > own).count();
            result[i] = w[line + larger];
        }
        return result;
    }
}
