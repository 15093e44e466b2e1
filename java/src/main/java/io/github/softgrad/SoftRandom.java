package io.github.softgrad;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Random samples that can be differentiated: in their parameters (pathwise, at fixed noise) and in the
/// softness.
///
/// ```java
/// SoftRandom random = Soft.smooth().softness(0.5).random(new SplittableRandom(7));
/// SoftIndex category = random.categorical(logits);               // one draw for each line, Gumbel-softmax
/// SoftIndex many = random.categorical(logits, 1000);             // 1000 independent draws from a vector of
/// logits Tensor hand = random.replacement(false).choice(cards, 5);      // five different rows of a table
/// Tensor kept = random.bernoulli(0.9, 64, 128).asTensor();
/// ```
///
/// Each sampler takes noise from the generator, perturbs scores or thresholds with it, and hands them to a soft
/// operator of the recipe, whose mode, method, softness and [Soft#straightThrough()] hold. So the same seed and
/// arguments give the same sample, and hard, soft and straight-through samples of one seed share their noise:
/// the hard sample is the limit of the soft one for softness towards 0, and has the exact law.
///
/// A function to be differentiated, checked or run twice must draw the same noise each time; make the generator
/// inside:
///
/// ```java
/// var loss = soft.<Tensor>straightThrough((s, w) -> s.random(new
/// SplittableRandom(7)).categorical(w).take(costs));
/// ```
///
/// - *Shape*: the last arguments are the shape of the result (without categories), by default that of the
///   parameters, which must broadcast to it; axes in front of theirs are further draws.
/// - *Bounds*: soft draws lie between the hard ones; rows of an index are distributions. What is impossible (a
///   logit of minus infinity, a weight of 0) has probability exactly 0 and derivative 0.
/// - *Smoothness*: as the [Mode] in all parameters. A soft draw is biased: its mean is not that of the hard
///   one.
/// - *Format*: noise and scores are float64, results have the format of the parameters.
/// - *Errors*: [IllegalArgumentException] for a bad argument, naming it, its value and the remedy.
/// - *Cost*: that of the soft operator on as many lines as there are draws.
/// - *Threads*: as safe as the generator.
///
/// Methods with an index apply. Scores are not standardized unless asked, so softness is relative to logits:
/// with [Method.SoftSort] in `SMOOTH` a draw is `softmax((logits + Gumbel noise) / softness)`.
///
/// *Reference*: arXiv 2603.08824; the laws are cited at [Noise] and at each sampler.
public final class SoftRandom {
    private final Soft soft;
    private final RandomGenerator generator;
    private final Noise noise;
    private final boolean replacement;

    private SoftRandom(Soft soft, RandomGenerator generator, Noise noise, boolean replacement) {
        this.soft = soft;
        this.generator = generator;
        this.noise = noise;
        this.replacement = replacement;
    }

    static SoftRandom of(Soft soft, RandomGenerator generator) {
        Arguments.given(generator, "generator", "a generator");
        return new SoftRandom(soft.standardize(false), generator, null, true);
    }

    // --- options --------------------------------------------------------------------------------------------------

    /// The same samplers, on the same generator, with the given noise instead of each sampler's standard.
    public SoftRandom noise(Noise noise) {
        return new SoftRandom(soft, generator, Arguments.given(noise, "noise", "a Noise"), replacement);
    }

    /// Whether several draws of [#categorical(Tensor, int...)] and of `choice` may be the same (on unless set).
    ///
    /// Without replacement the draws along the axes in front of the parameters' own are different, in order.
    public SoftRandom replacement(boolean replacement) {
        return new SoftRandom(soft, generator, noise, replacement);
    }

    /// Whether perturbed scores are standardized as in [Soft#standardize(boolean)]; off unless set here.
    public SoftRandom standardize(boolean standardize) {
        return new SoftRandom(soft.standardize(standardize), generator, noise, replacement);
    }

    // --- categories -----------------------------------------------------------------------------------------------

    /// Draws of categories with probabilities softmax(logits) over the last axis.
    ///
    /// The largest entry of a draw has exactly that law, for every softness. A line of minus infinities is
    /// uniform; logits of infinity and NaN are refused. Without replacement the k-th draw is softly the k-th
    /// largest score.
    ///
    /// *Shape*: logits (..., n), the result shape + (n).
    ///
    /// *Reference*: Jang, Gu and Poole, ICLR 2017, arXiv 1611.01144; Kool, van Hoof and Welling, ICML 2019,
    /// arXiv 1903.06059.
    public SoftIndex categorical(Tensor logits, int... shape) {
        GumbelMax draws = drawn("categorical", LogWeights.ofLogits(logits), shape);
        DType format = logits.dtype();
        return soft.run(s -> SoftIndex.of(
                draws.distributions(s).map(p -> p.toDType(format)), new SoftIndex.Origin(-1, 0, true, false)));
    }

    private GumbelMax drawn(String sampler, Tensor logWeights, int[] shape) {
        int[] full = resultShape(sampler, shape, Shapes.without(logWeights.shape(), logWeights.rank() - 1));
        requireNoise(sampler, Noise.GUMBEL);
        if (logWeights.dim(-1) == 0 && Shapes.size(full) > 0) {
            throw new IllegalArgumentException(sampler + " from an empty axis (shape " + Shapes.text(logWeights.shape())
                    + "); there is nothing to draw from, check for an empty axis first");
        }
        return replacement
                ? GumbelMax.withReplacement(logWeights, full, generator)
                : GumbelMax.withoutReplacement(logWeights, full, generator);
    }

    /// The number of times that each category was drawn in independent draws: softly, sums of categorical
    /// draws.
    ///
    /// *Shape*: weights (..., n), the result shape + (n). *Bounds*: non-negative, each line sums to the number
    /// of draws.
    ///
    /// @param draws at least 0
    /// @param weights non-negative, proportional to the probabilities over the last axis
    public Tensor multinomial(int draws, Tensor weights, int... shape) {
        requireDraws("draws", draws);
        Tensor logWeights = LogWeights.ofWeights(weights);
        int[] full = resultShape("multinomial", shape, Shapes.without(weights.shape(), weights.rank() - 1));
        MemoryLimit.requireDraws(draws, Shapes.insert(full, full.length, weights.dim(-1)));
        GumbelMax all = replacement(true).drawn("multinomial", logWeights, Shapes.insert(full, 0, draws));
        return soft.run(s -> all.distributions(s).probabilities().sum(0).toDType(weights.dtype()));
    }

    // --- coins ----------------------------------------------------------------------------------------------------

    /// True with probability p: softly `U < p` with uniform U, or `logit(U) < logit(p)` with [Noise#GUMBEL].
    ///
    /// The sample exceeds 1/2 with probability p, for every softness.
    ///
    /// *Reference*: with Gumbel noise Maddison, Mnih and Teh, ICLR 2017, arXiv 1611.00712, section 3.3.
    ///
    /// @param p in [0, 1]
    public SoftBool bernoulli(Tensor p, int... shape) {
        Threshold threshold = threshold(
                p, resultShape("bernoulli", shape, Arguments.tensor(p, "p").shape()));
        return soft.run(s -> SoftBool.of(threshold.exceeded(s), s.logic));
    }

    /// [#bernoulli(Tensor, int...)] with one probability for all.
    public SoftBool bernoulli(double p, int... shape) {
        return bernoulli(Tensor.scalar(p), shape);
    }

    /// Signs, -1 or 1 with probability 1/2 each, in float64. *Bounds*: [-1, 1].
    public Tensor rademacher(int... shape) {
        Threshold threshold = threshold(Tensor.scalar(0.5), Arguments.shape(shape));
        return soft.run(s -> threshold.exceeded(s).times(2).minus(1));
    }

    /// The number of successes in independent trials: softly, a sum of [#bernoulli(Tensor, int...)] samples.
    ///
    /// *Bounds*: [0, trials].
    ///
    /// @param trials at least 0
    /// @param p the probability of success, in [0, 1]
    public Tensor binomial(int trials, Tensor p, int... shape) {
        requireDraws("trials", trials);
        int[] full = resultShape("binomial", shape, Arguments.tensor(p, "p").shape());
        MemoryLimit.requireDraws(trials, full);
        Threshold threshold = threshold(p, Shapes.insert(full, 0, trials));
        return soft.run(s -> threshold.exceeded(s).sum(0));
    }

    /// [#binomial(int, Tensor, int...)] with one probability for all.
    public Tensor binomial(int trials, double p, int... shape) {
        return binomial(trials, Tensor.scalar(p), shape);
    }

    private Threshold threshold(Tensor p, int[] shape) {
        return Threshold.of(p, noise == null ? Noise.UNIFORM : noise, shape, generator);
    }

    // --- items ----------------------------------------------------------------------------------------------------

    /// Draws of entries of the first axis, all equally likely; for whole numbers below n choose from
    /// [Tensor#range(int)].
    ///
    /// *Shape*: the shape in place of the first axis of the values; one draw without an axis by default.
    public Tensor choice(Tensor values, int... shape) {
        return choice(values, shape, 0);
    }

    /// Draws of entries of the first axis with the given weights.
    ///
    /// @param weights (n), non-negative, proportional to the probabilities
    public Tensor choice(Tensor values, Tensor weights, int... shape) {
        return choice(values, weights, shape, 0);
    }

    /// Draws of entries of an axis, all equally likely.
    public Tensor choice(Tensor values, int[] shape, int axis) {
        return chosen(values, Tensor.zeros(Arguments.tensor(values, "values").dim(axis)), shape, axis);
    }

    /// Draws of entries of an axis with the given weights: the mean of the values under a categorical draw.
    ///
    /// Hard draws are the values themselves. *Bounds*: within the range of the values.
    ///
    /// @param weights (n), non-negative, proportional to the probabilities
    public Tensor choice(Tensor values, Tensor weights, int[] shape, int axis) {
        Arguments.tensor(values, "values");
        if (!Arrays.equals(Arguments.tensor(weights, "weights").shape(), new int[] {values.dim(axis)})) {
            throw new IllegalArgumentException("weights of shape " + Shapes.text(weights.shape()) + " for axis " + axis
                    + " of values of shape " + Shapes.text(values.shape()) + "; give a vector with one weight for each"
                    + " entry of the axis");
        }
        return chosen(values, LogWeights.ofWeights(weights), shape, axis);
    }

    private Tensor chosen(Tensor values, Tensor logWeights, int[] shape, int axis) {
        GumbelMax draws = drawn("choice", logWeights, shape);
        return soft.run(s -> DrawnEntries.alongAxis(
                values, axis, draws.shape(), table -> DrawnEntries.under(s, table, draws.rows(s))));
    }

    // --- permutations ---------------------------------------------------------------------------------------------

    /// A permutation of n places, all orders equally likely: row j says which entry comes to place j.
    ///
    /// [Selection#take(Tensor, SoftIndex, int)] applies it to an axis of any tensor, so that several tensors
    /// are shuffled alike. Rows are distributions; whether columns sum to 1 depends on the [Method], which is
    /// [Method.NeuralSort] unless set: with it they do so only for softness towards 0.
    ///
    /// @param n at least 0
    public SoftIndex permutation(int n) {
        Tensor scores = permutationScores(Arguments.atLeast("n", 0, n, "n counts the places"));
        MemoryLimit.requireIndex(scores, n);
        return soft.run(s -> SoftIndex.of(DrawnEntries.order(s, scores), new SoftIndex.Origin(0, 0, false, false)));
    }

    /// The entries of the first axis in random order; those of other axes stay together.
    public Tensor permutation(Tensor x) {
        return permutation(x, 0);
    }

    /// The entries of an axis in random order, the same for every line.
    public Tensor permutation(Tensor x, int axis) {
        Tensor scores = permutationScores(Arguments.tensor(x, "x").dim(axis));
        return soft.run(
                s -> DrawnEntries.alongAxis(x, axis, scores.shape(), table -> DrawnEntries.ordered(s, table, scores)));
    }

    /// The entries of each line along an axis in random order, drawn for each line by itself.
    public Tensor independentPermutations(Tensor x, int axis) {
        Tensor lines = Arguments.tensor(x, "x").moveAxis(axis, -1);
        Tensor scores = permutationScores(lines.shape());
        Tensor columns = lines.expandDims(-1).toDType(DType.FLOAT64);
        return soft.run(s -> DrawnEntries.ordered(s, columns, scores)
                .squeeze(-1)
                .moveAxis(-1, axis)
                .toDType(x.dtype()));
    }

    private Tensor permutationScores(int... shape) {
        return (noise == null ? Noise.GUMBEL : noise).draw(generator, shape);
    }

    // --- arguments ------------------------------------------------------------------------------------------------

    private static int[] resultShape(String sampler, int[] given, int[] parameters) {
        if (Arguments.shape(given).length == 0) {
            return parameters;
        }
        if (!Shapes.broadcastsTo(parameters, given)) {
            throw new IllegalArgumentException(sampler + " of shape " + Shapes.text(given)
                    + " with parameters of shape " + Shapes.text(parameters)
                    + "; the parameters must broadcast to the shape, axes in front of theirs are further draws");
        }
        return given.clone();
    }

    private static void requireDraws(String name, int draws) {
        Arguments.atLeast(name, 0, draws, "0 draws give 0");
    }

    private void requireNoise(String sampler, Noise exact) {
        if (noise != null && noise != exact) {
            throw new IllegalArgumentException(sampler + " does not have the right law with Noise." + noise
                    + "; use Noise." + exact + ", its standard");
        }
    }
}
