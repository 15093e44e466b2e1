package io.github.softgrad.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A seeded sweep: random finite lines of every kind and size through every axis-wise operator, method and
/// mode, with softness from 1e-6 to 1e6. Values and gradients, also in the softness, are finite.
///
/// `-Dsoftgrad.sweep=1000000` sets the number of inputs. Pairs that do not exist are counted as refused.
class FiniteSweepTest {
    private static final int INPUTS = Integer.getInteger("softgrad.sweep", 40_000);
    private static final List<Method> METHODS = List.of(
            new Method.SoftSort(),
            new Method.NeuralSort(),
            new Method.FastSoftSort(),
            new Method.SmoothSort(),
            new Method.Transport(),
            new Method.SortingNetwork(),
            new Method.LapSum());
    private static final List<Map.Entry<String, Recipes.AlongAxis>> OPERATORS =
            List.copyOf(Recipes.everything().entrySet());

    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

    /// Ties, constants, clusters, plain numbers, and sizes from 1e-300 to 1e300 in one line.
    private static double[] line(Random random) {
        double[] x = new double[1 + random.nextInt(8)];
        int kind = random.nextInt(6);
        double size = Math.pow(10, random.nextInt(-300, 301));
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (kind) {
                case 0 -> random.nextGaussian();
                case 1 -> Math.rint(random.nextGaussian());
                case 2 -> size;
                case 3 -> random.nextInt(2) + 1e-9 * random.nextGaussian();
                case 4 -> size * random.nextGaussian();
                default -> Math.copySign(Math.pow(10, random.nextDouble(-300, 300)), random.nextGaussian());
            };
        }
        return x;
    }

    private void check(int seed) {
        Random random = new Random(seed);
        Method method = METHODS.get(random.nextInt(METHODS.size()));
        Mode mode = Recipes.SOFT_MODES.get(random.nextInt(4));
        var operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
        Soft soft = Soft.smooth().mode(mode).method(method).standardize(random.nextBoolean());
        Tensor x = Tensor.of(line(random));
        Tensor softness = Tensor.scalar(Math.pow(10, random.nextDouble(-6, 6)));
        String name = operator.getKey() + " " + method + " " + mode + " of " + x + " at softness " + softness;
        try {
            Tensor value = operator.getValue().apply(soft.softness(softness), x, 0);
            List<Tensor> gradient = Autodiff.grad(
                    at -> operator.getValue()
                            .apply(soft.softness(at.get(1)), at.get(0), 0)
                            .sum(),
                    List.of(x, softness));
            if (!finite(value) || !finite(gradient.get(0)) || !finite(gradient.get(1))) {
                wrong.add(name + ": " + value + ", gradient " + gradient);
            }
        } catch (IllegalArgumentException noSuchPair) {
            refused.incrementAndGet();
        } catch (RuntimeException failed) {
            wrong.add(name + ": " + failed);
        }
    }

    private static boolean finite(Tensor x) {
        return Arrays.stream(x.toDoubles()).allMatch(Double::isFinite);
    }

    @Test
    void finiteLinesGiveFiniteValuesAndGradients() {
        IntStream.range(0, INPUTS).parallel().forEach(this::check);
        System.out.printf(
                "finite sweep: %d inputs, %d refused as pairs that do not exist, %d not finite%n",
                INPUTS, refused.get(), wrong.size());
        assertTrue(
                wrong.isEmpty(),
                () -> wrong.size() + " not finite:\n"
                        + String.join("\n", wrong.subList(0, Math.min(20, wrong.size()))));
    }
}
