package io.github.softgrad.properties;

import static io.github.softgrad.properties.RandomSamplers.seeded;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Mode;
import io.github.softgrad.Noise;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftRandom;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.LogisticDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Laws, shapes and limits of Bernoulli, Rademacher and binomial samples.
class RandomCoinsTest {
    private static final int DRAWS = 20_000;
    private static final List<Mode> SOFT = List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2);

    private static double[] bernoulli(Soft soft, Noise noise, double p) {
        return seeded(soft).noise(noise).bernoulli(p, DRAWS).asTensor().toDoubles();
    }

    // --- laws -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Noise.class)
    void hardSamplesAreTrueWithProbabilityP(Noise noise) {
        for (double p : new double[] {0.03, 0.5, 0.8}) {
            RandomLaws.chiSquare("p = " + p, new double[] {1 - p, p}, bernoulli(Soft.hard(), noise, p));
        }
    }

    @ParameterizedTest
    @EnumSource(Noise.class)
    void softSamplesExceedOneHalfExactlyWhereHardOnesAreTrue(Noise noise) {
        double[] hard = bernoulli(Soft.hard(), noise, 0.3);
        for (Mode mode : SOFT) {
            for (double softness : new double[] {1e-3, 0.1, 10}) {
                double[] soft = bernoulli(Soft.smooth().mode(mode).softness(softness), noise, 0.3);
                double[] rounded = Arrays.stream(soft).map(y -> y > 0.5 ? 1 : 0).toArray();
                assertArrayEquals(hard, rounded, mode + " " + softness);
                assertTrue(Arrays.stream(soft).allMatch(y -> y >= 0 && y <= 1), mode + " within [0, 1]");
            }
        }
    }

    @Test
    void bothNoisesGiveTheSameHardSamples() {
        assertArrayEquals(bernoulli(Soft.hard(), Noise.UNIFORM, 0.37), bernoulli(Soft.hard(), Noise.GUMBEL, 0.37));
    }

    /// Undoes the logistic curve: p - s logit(y) is the uniform number that was drawn, up to the comparison's
    /// 1e-10.
    @Test
    void smoothSamplesAreLogisticCurvesOfUniformNoise() {
        double[] uniform = Arrays.stream(bernoulli(Soft.smooth().softness(0.2), Noise.UNIFORM, 0.3))
                .map(y -> 0.3 - 0.2 * Math.log(y / (1 - y)))
                .limit(5000)
                .toArray();
        RandomLaws.kolmogorovSmirnov("uniform noise", new UniformRealDistribution(0, 1), uniform);
    }

    /// Maddison, Mnih and Teh, equation 11: s logit(y) = logit(p) + L with L of the logistic law.
    @Test
    void smoothSamplesWithGumbelNoiseHaveTheBinaryConcreteLaw() {
        double[] scores = Arrays.stream(bernoulli(Soft.smooth().softness(0.7), Noise.GUMBEL, 0.3))
                .map(y -> 0.7 * Math.log(y / (1 - y)))
                .limit(5000)
                .toArray();
        RandomLaws.kolmogorovSmirnov("binary concrete", new LogisticDistribution(Math.log(0.3 / 0.7), 1), scores);
    }

    @Test
    void softMeansAreTheirIntegrals() {
        for (double softness : new double[] {0.1, 1}) {
            Soft soft = Soft.smooth().softness(softness);
            for (double p : new double[] {0, 0.3, 0.5, 1}) {
                double[] drawn = bernoulli(soft, Noise.UNIFORM, p);
                RandomLaws.mean("p = " + p + ", softness " + softness, smoothMean(p, softness), drawn);
            }
        }
        assertEquals(0.0693, smoothMean(0, 0.1), 1e-4);
        for (Mode mode : SOFT) {
            RandomLaws.mean(mode + " at 1/2", 0.5, bernoulli(Soft.smooth().mode(mode), Noise.UNIFORM, 0.5));
            double largest = Arrays.stream(bernoulli(Soft.smooth().mode(mode), Noise.UNIFORM, 0))
                    .max()
                    .orElseThrow();
            assertTrue(largest <= 0.5, mode + " at p = 0 stays below 1/2");
        }
    }

    /// The integral of the logistic curve at (p - u) / s over u in [0, 1].
    private static double smoothMean(double p, double s) {
        return s * (Math.log1p(Math.exp(p / s)) - Math.log1p(Math.exp((p - 1) / s)));
    }

    @Test
    void certaintyIsCertain() {
        for (Noise noise : Noise.values()) {
            assertEquals(0, Arrays.stream(bernoulli(Soft.hard(), noise, 0)).sum());
            assertEquals(DRAWS, Arrays.stream(bernoulli(Soft.hard(), noise, 1)).sum());
        }
        assertEquals(0, Arrays.stream(bernoulli(Soft.smooth(), Noise.GUMBEL, 0)).sum(), "softly, by logits");
        assertEquals(
                DRAWS, Arrays.stream(bernoulli(Soft.smooth(), Noise.GUMBEL, 1)).sum(), "softly, by logits");
    }

    @Test
    void rademacherSignsAreFairAndCentered() {
        double[] signs = seeded(Soft.hard()).rademacher(DRAWS).toDoubles();
        assertTrue(Arrays.stream(signs).allMatch(sign -> Math.abs(sign) == 1), "exactly 1 or -1");
        double[] places = Arrays.stream(signs).map(sign -> (sign + 1) / 2).toArray();
        RandomLaws.chiSquare("signs", new double[] {0.5, 0.5}, places);
        for (Mode mode : SOFT) {
            double[] soft = seeded(Soft.smooth().mode(mode)).rademacher(DRAWS).toDoubles();
            RandomLaws.mean(mode + " signs", 0, soft);
            assertArrayEquals(signs, Arrays.stream(soft).map(Math::signum).toArray(), mode + " signs");
            assertTrue(Arrays.stream(soft).allMatch(sign -> Math.abs(sign) <= 1), mode + " within [-1, 1]");
        }
    }

    @Test
    void hardBinomialSamplesHaveTheBinomialLaw() {
        var law = new BinomialDistribution(6, 0.4);
        double[] probabilities =
                IntStream.rangeClosed(0, 6).mapToDouble(law::probability).toArray();
        RandomLaws.chiSquare(
                "binomial",
                probabilities,
                seeded(Soft.hard()).binomial(6, 0.4, DRAWS).toDoubles());
    }

    @Test
    void softBinomialSamplesAreSumsOfBernoulliSamples() {
        double[] drawn = seeded(Soft.smooth()).binomial(10, 0.3, DRAWS).toDoubles();
        RandomLaws.mean("binomial", 10 * smoothMean(0.3, 0.1), drawn);
        assertEquals(3.05, 10 * smoothMean(0.3, 0.1), 0.005);
        assertTrue(Arrays.stream(drawn).allMatch(count -> count >= 0 && count <= 10), "within [0, 10]");
        Tensor sum = seeded(Soft.smooth()).bernoulli(0.3, 10, 4).asTensor().sum(0);
        Nearly.same(sum, seeded(Soft.smooth()).binomial(10, 0.3, 4), 1e-15, "the same noise");
    }

    // --- derivatives ----------------------------------------------------------------------------------------------

    @Test
    void theMeanGrowsWithP() {
        for (Mode mode : SOFT) {
            for (Noise noise : Noise.values()) {
                Tensor slope = Autodiff.grad(
                        p -> seeded(Soft.smooth().mode(mode))
                                .noise(noise)
                                .bernoulli(p, 1000)
                                .asTensor()
                                .mean(),
                        Tensor.scalar(0.2));
                assertTrue(slope.item() > 0 && slope.item() < 100, mode + " " + noise + " " + slope);
            }
        }
    }

    @Test
    void derivativesAreFiniteWhereTheSampleIsCertain() {
        for (Mode mode : Mode.values()) {
            for (Noise noise : Noise.values()) {
                Tensor gradient = Autodiff.grad(
                        v -> seeded(Soft.smooth().mode(mode).softness(v.get(2)))
                                .noise(noise)
                                .bernoulli(v.slice(0, 0, 2), 9, 2)
                                .asTensor()
                                .sum(),
                        Tensor.of(0, 1, 0.3));
                assertTrue(Arrays.stream(gradient.toDoubles()).allMatch(Double::isFinite), mode + " " + noise);
            }
        }
    }

    // --- shapes and errors ----------------------------------------------------------------------------------------

    @Test
    void theShapeIsThatOfPOrGiven() {
        SoftRandom random = seeded(Soft.smooth());
        Nearly.shape(new int[] {}, random.bernoulli(0.5).asTensor(), "one coin");
        Nearly.shape(new int[] {2, 1}, random.bernoulli(Tensor.zeros(2, 1)).asTensor(), "shape of p");
        Nearly.shape(
                new int[] {4, 2, 3},
                random.bernoulli(Tensor.zeros(2, 1), 4, 2, 3).asTensor(),
                "given");
        Nearly.shape(new int[] {0, 3}, random.bernoulli(0.5, 0, 3).asTensor(), "empty");
        Nearly.shape(new int[] {}, random.rademacher(), "one sign");
        Nearly.shape(new int[] {2, 3}, random.binomial(4, Tensor.zeros(3), 2, 3), "binomial");
        Nearly.same(Tensor.zeros(2), random.binomial(0, 0.5, 2), 0, "no trials");
    }

    @Test
    void eachSampleMayHaveItsOwnSoftness() {
        Tensor softness = Tensor.of(1e-6, 0.5);
        Tensor drawn =
                seeded(Soft.smooth().softness(softness)).bernoulli(0.3, 50, 2).asTensor();
        Tensor same = seeded(Soft.smooth().softness(0.5)).bernoulli(0.3, 50, 2).asTensor();
        assertEquals(same.slice(1, 1, 2), drawn.slice(1, 1, 2));
        refused(
                "softness of shape (2)",
                () -> seeded(Soft.smooth().softness(softness)).bernoulli(0.3, 50));
    }

    @Test
    void whatIsWrongIsSaid() {
        SoftRandom random = seeded(Soft.smooth());
        refused("p must be in [0, 1], was 1.5", () -> random.bernoulli(1.5));
        refused("was -0.1", () -> random.binomial(3, -0.1));
        refused("was NaN", () -> random.bernoulli(Tensor.of(0.1, Double.NaN)));
        refused("of shape (3)", () -> random.bernoulli(Tensor.zeros(2), 3));
        refused("was -2", () -> random.binomial(-2, 0.5));
        refused("negative dimension", () -> random.rademacher(-1));
        refused("more than the heap", () -> random.binomial(1_000_000_000, 0.5, 10));
    }

    private static void refused(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), () -> "expected '" + expected + "' in: " + message);
    }
}
