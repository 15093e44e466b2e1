package io.github.softgrad.bench.cases;

import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The inputs of a case, drawn as the harness of the Python libraries draws its own: from the same
/// distributions, with other random numbers.
public final class Inputs {
    private static final int VARIANTS = 4;

    /// Above so many entries two inputs are enough: neither stays in a cache until its next turn.
    private static final long LARGE = 1L << 22;

    private Inputs() {}

    /// How many different inputs a case uses in turn, so that no branch predictor learns one by heart.
    public static int variants(Case what) {
        return (long) what.n() * what.batch() > LARGE ? 2 : VARIANTS;
    }

    /// The arguments of one call; the same variant of the same case gives the same numbers.
    public static List<Tensor> draw(Case what, int variant) {
        Random random = new Random(1000L * variant + what.n() + 7L * what.batch());
        return drawn(what, random).stream()
                .map(argument -> argument.toDType(what.dtype()))
                .toList();
    }

    private static List<Tensor> drawn(Case what, Random random) {
        int n = what.n();
        return switch (what.operator()) {
            case "transport" -> List.of(costs(n, random));
            case "logical_and" -> List.of(Tensor.uniform(random, n), Tensor.uniform(random, n));
            case "any" -> List.of(truths(n, random));
            case "abs", "relu", "sign", "round", "heaviside", "clip", "greater", "equal" ->
                List.of(Tensor.normal(random, n));
            case "perm_proj" -> List.of(Tensor.normal(random, what.batch(), n), places(what.batch(), n));
            default -> List.of(Tensor.normal(random, what.batch(), n));
        };
    }

    /// A cotangent of a value's shape and format, standard normal.
    static Tensor cotangent(Tensor value) {
        return Tensor.normal(new Random(3), value.shape()).toDType(value.dtype());
    }

    /// Squared distances of random points in the unit square, the largest of them 1.
    private static Tensor costs(int n, Random random) {
        Tensor from = Tensor.uniform(random, n, 1, 2);
        Tensor to = Tensor.uniform(random, 1, n, 2);
        Tensor squares = from.minus(to).square().sum(2);
        return squares.div(squares.max());
    }

    /// Rows of 100 truth values, or of 64 where 100 does not divide n.
    private static Tensor truths(int n, Random random) {
        int width = n % 100 == 0 ? 100 : Math.min(n, 64);
        return Tensor.uniform(random, n / width, width);
    }

    /// The numbers 1, (n-1)/n, ..., 1/n in each line.
    private static Tensor places(int batch, int n) {
        List<Tensor> lines = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            lines.add(Tensor.linspace(1, 1.0 / n, n).toDType(DType.FLOAT64));
        }
        return Tensor.stack(0, lines.toArray(Tensor[]::new));
    }
}
