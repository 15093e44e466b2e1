package io.github.softgrad.properties;

import static io.github.softgrad.properties.RandomSamplers.X;
import static io.github.softgrad.properties.RandomSamplers.seeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import io.github.softgrad.properties.RandomSamplers.Sampler;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every sampler promises: the same noise for the same seed in every mode, and pathwise derivatives.
class RandomNoiseTest {
    private static final double SOFTNESS = 0.39;

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.softgrad.properties.RandomSamplers#cases")
    void theSameSeedGivesTheSameSample(String name, Soft soft, Sampler sampler) {
        Tensor first = sampler.sample(seeded(soft), X);
        assertEquals(first, sampler.sample(seeded(soft), X));
        assertNotEquals(first, sampler.sample(soft.random(new SplittableRandom(1)), X));
        SoftRandom random = seeded(soft);
        sampler.sample(random, X);
        assertNotEquals(first, sampler.sample(random, X), "a second sample of one generator");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.softgrad.properties.RandomSamplers#cases")
    void theHardSampleIsTheLimitOfTheSoftOneWithTheSameSeed(String name, Soft soft, Sampler sampler) {
        Tensor hard = sampler.sample(seeded(soft.mode(Mode.HARD)), X);
        Nearly.same(hard, sampler.sample(seeded(soft.softness(1e-7)), X), 1e-14, name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.softgrad.properties.RandomSamplers#cases")
    void derivativesInParametersAndSoftnessAgreeWithCentralDifferences(String name, Soft soft, Sampler sampler) {
        Autodiff.checkGradients(
                v -> sampler.sample(seeded(soft.softness(v.get(3))), v.slice(0, 0, 3)),
                Tensor.concatenate(0, X, Tensor.of(SOFTNESS)),
                name.contains("C0") ? 1 : 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.softgrad.properties.RandomSamplers#cases")
    void straightThroughHasTheHardValueAndTheSoftDerivative(String name, Soft soft, Sampler sampler) {
        Tensor at = Tensor.concatenate(0, X, Tensor.of(SOFTNESS));
        Function<Soft, Function<Tensor, Tensor>> of =
                recipe -> v -> sampler.sample(seeded(recipe.softness(v.get(3))), v.slice(0, 0, 3));
        var through = Autodiff.vjp(of.apply(soft.straightThrough()), at);
        var smooth = Autodiff.vjp(of.apply(soft), at);
        Tensor cotangent = Tensor.normal(new Random(3), smooth.value().shape());
        assertEquals(sampler.sample(seeded(soft.mode(Mode.HARD)), X), through.value());
        Nearly.same(smooth.pull(cotangent), through.pull(cotangent), 1e-14, name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.softgrad.properties.RandomSamplers#casesWithParameters")
    void singlePrecisionRoundsTheSameSample(String name, Soft soft, Sampler sampler) {
        Tensor narrow = X.toDType(DType.FLOAT32);
        Tensor expected = sampler.sample(seeded(soft), narrow.toDType(DType.FLOAT64));
        Tensor actual = sampler.sample(seeded(soft), narrow);
        assertEquals(DType.FLOAT32, actual.dtype());
        Nearly.same(expected, actual, 1e-6, name);
    }

    @Test
    void straightThroughAroundAProgramSharesTheNoiseOfAGeneratorMadeInside() {
        var through = Soft.smooth()
                .softness(SOFTNESS)
                .<Tensor>straightThrough(
                        (soft, x) -> seeded(soft).categorical(x, 3).take(x.square()));
        assertEquals(seeded(Soft.hard()).categorical(X, 3).take(X.square()), through.apply(X));
        Tensor smooth = Autodiff.grad(
                x -> seeded(Soft.smooth().softness(SOFTNESS))
                        .categorical(x, 3)
                        .take(x.square())
                        .sum(),
                X);
        Nearly.same(smooth, Autodiff.grad(x -> through.apply(x).sum(), X), 1e-14, "gradient");
    }

    @Test
    void samplersOfOneGeneratorAreIndependentOfTheOrderOfTheirOptions() {
        Soft soft = Soft.smooth();
        Tensor one = seeded(soft)
                .replacement(false)
                .standardize(true)
                .categorical(X, 2)
                .probabilities();
        Tensor other = seeded(soft)
                .standardize(true)
                .replacement(false)
                .categorical(X, 2)
                .probabilities();
        assertEquals(one, other);
    }

    @Test
    void theRecipesStandardizationDoesNotReachTheSamplers() {
        Tensor expected =
                seeded(Soft.smooth().standardize(false)).categorical(X).probabilities();
        assertEquals(
                expected, seeded(Soft.smooth().standardize(true)).categorical(X).probabilities());
        assertNotEquals(
                expected, seeded(Soft.smooth()).standardize(true).categorical(X).probabilities());
    }

    @Test
    void keptDimensionsAndNoGeneratorAreOfNoConcern() {
        int[] shape = seeded(Soft.smooth().keepDims(true))
                .categorical(X)
                .probabilities()
                .shape();
        assertEquals("[3]", Arrays.toString(shape));
        assertThrows(NullPointerException.class, () -> Soft.smooth().random(null));
        assertThrows(NullPointerException.class, () -> seeded(Soft.smooth()).noise(null));
    }
}
