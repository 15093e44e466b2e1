package io.github.softgrad.properties;

import io.github.softgrad.Method;
import io.github.softgrad.Mode;
import io.github.softgrad.Noise;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Every sampler as a function of three numbers in (0, 1), so that what holds for all is stated once.
final class RandomSamplers {
    static final Tensor X = Tensor.of(0.43, 0.22, 0.81);
    static final long SEED = 20260312;

    private RandomSamplers() {}

    interface Sampler {
        Tensor sample(SoftRandom random, Tensor x);
    }

    private static Map<String, Sampler> all() {
        Map<String, Sampler> table = new LinkedHashMap<>();
        table.put("categorical", (random, x) -> random.categorical(x, 4).probabilities());
        table.put(
                "categorical standardized",
                (random, x) -> random.standardize(true).categorical(x, 4).probabilities());
        table.put(
                "categorical with impossible entries",
                (random, x) -> random.categorical(withImpossible(x), 3, 2).probabilities());
        table.put(
                "categorical without replacement",
                (random, x) -> random.replacement(false).categorical(x, 2).probabilities());
        table.put(
                "impossible entries without replacement",
                (random, x) -> random.replacement(false)
                        .categorical(withImpossible(x), 2, 2)
                        .probabilities());
        table.put("multinomial", (random, x) -> random.multinomial(5, x, 2));
        table.put("bernoulli", (random, x) -> random.bernoulli(x, 4, 3).asTensor());
        table.put(
                "bernoulli by logits",
                (random, x) -> random.noise(Noise.GUMBEL).bernoulli(x, 4, 3).asTensor());
        table.put("rademacher", (random, x) -> random.rademacher(2, 3).plus(x));
        table.put("binomial", (random, x) -> random.binomial(5, x, 2, 3));
        table.put("choice", (random, x) -> random.choice(x.square(), 5));
        table.put("weighted choice", (random, x) -> random.choice(x.square(), x, 5));
        table.put(
                "choice without replacement",
                (random, x) -> random.replacement(false).choice(x.square(), x, 3));
        table.put("permutation", (random, x) -> random.permutation(columns(x)));
        table.put(
                "permutation by uniform scores",
                (random, x) -> random.noise(Noise.UNIFORM).permutation(columns(x), 0));
        table.put("independent permutations", (random, x) -> random.independentPermutations(columns(x), 0));
        table.put(
                "permutation index",
                (random, x) -> random.permutation(3).probabilities().plus(x));
        return table;
    }

    /// Two lines: one with one impossible entry, one with two of other places.
    private static Tensor withImpossible(Tensor x) {
        double none = Double.NEGATIVE_INFINITY;
        Tensor mask = Tensor.of(new double[][] {{0, none, 0, 0}, {none, 0, 0, none}});
        return Tensor.concatenate(0, x, Tensor.scalar(0.5, x.dtype()).reshape(1))
                .plus(mask.toDType(x.dtype()));
    }

    private static Tensor columns(Tensor x) {
        return Tensor.stack(1, x, x.square());
    }

    /// Every sampler in every soft mode and with both methods: a title, a recipe and the sampler.
    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
            for (Method method : List.of(new Method.SoftSort(), new Method.NeuralSort())) {
                Soft soft = Soft.smooth().mode(mode).method(method);
                all().forEach((name, sampler) ->
                        cases.add(Arguments.of(name + " " + mode + " " + method, soft, sampler)));
            }
        }
        return cases.stream();
    }

    /// The cases whose samples have the format of the numbers.
    static Stream<Arguments> casesWithParameters() {
        List<String> others = List.of("rademacher", "permutation index");
        return cases().filter(given -> others.stream().noneMatch(given.get()[0].toString()::startsWith));
    }

    /// Random numbers that are the same every time.
    static SoftRandom seeded(Soft soft) {
        return soft.random(new SplittableRandom(SEED));
    }
}
