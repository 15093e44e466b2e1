package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Losses;
import io.github.softgrad.Segments;
import io.github.softgrad.Tensor;
import java.util.List;

final class BadInputSamples extends BadInputTable {
    @Override
    String title() {
        return "Random samples, losses and segments";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "logits = scalar",
                        "logits must be at least a vector, was a scalar; their last axis is the " + "categories",
                        call("random.categorical(scalar)", () -> random.categorical(scalar))),
                refused(
                        "logits = NaN",
                        "logits must be finite or minus infinity (impossible), one was NaN; shift "
                                + "each line so that its largest logit is 0",
                        call(
                                "random.categorical(Tensor.of(1, Double.NaN))",
                                () -> random.categorical(Tensor.of(1, Double.NaN)))),
                refused(
                        "logits = Infinity",
                        "logits must be finite or minus infinity (impossible), one was Infinity; "
                                + "shift each line so that its largest logit is 0",
                        call(
                                "random.categorical(Tensor.of(1, Double.POSITIVE_INFINITY))",
                                () -> random.categorical(Tensor.of(1, Double.POSITIVE_INFINITY)))),
                refused(
                        "shape = (3)",
                        "categorical of shape (3) with parameters of shape (2); the parameters must "
                                + "broadcast to the shape, axes in front of theirs are further draws",
                        call("random.categorical(matrix, 3)", () -> random.categorical(matrix, 3))),
                refused(
                        "shape = (-2)",
                        "shape (-2) has a negative dimension; every dimension must be >= 0",
                        call("random.categorical(vector, -2)", () -> random.categorical(vector, -2))),
                refused(
                        "logits = (2, 0)",
                        "categorical from an empty axis (shape (2, 0)); there is nothing to draw "
                                + "from, check for an empty axis first",
                        call("random.categorical(empty)", () -> random.categorical(empty))),
                refused(
                        "shape = 4 draws",
                        "4 draws without replacement from 3 possible categories; draw at most as "
                                + "many, or with replacement",
                        call(
                                "random.replacement(false).categorical(vector, 4)",
                                () -> random.replacement(false).categorical(vector, 4)),
                        call(
                                "random.replacement(false).choice(vector, 4)",
                                () -> random.replacement(false).choice(vector, 4))),
                refused(
                        "draws = -1",
                        "draws must be at least 0, was -1; 0 draws give 0",
                        call("random.multinomial(-1, vector)", () -> random.multinomial(-1, vector))),
                refused(
                        "weights = scalar",
                        "weights must be at least a vector, was a scalar; their last axis is the " + "categories",
                        call("random.multinomial(3, scalar)", () -> random.multinomial(3, scalar))),
                refused(
                        "weights = -1.0",
                        "weights must be finite and >= 0, one was -1.0; for logarithms of weights " + "use categorical",
                        call("random.multinomial(3, Tensor.of(1, -1))", () -> random.multinomial(3, Tensor.of(1, -1)))),
                refused(
                        "weights = [0.0, 0.0]",
                        "weights [0.0, 0.0] of shape (2) have a line of zeros; every line needs a " + "weight > 0",
                        call("random.multinomial(3, Tensor.zeros(2))", () -> random.multinomial(3, Tensor.zeros(2)))),
                refused(
                        "shape = (-1)",
                        "shape (-1) has a negative dimension; every dimension must be >= 0",
                        call("random.multinomial(3, vector, -1)", () -> random.multinomial(3, vector, -1)),
                        call("random.bernoulli(0.5, -1)", () -> random.bernoulli(0.5, -1)),
                        call("random.rademacher(-1)", () -> random.rademacher(-1)),
                        call("random.choice(vector, -1)", () -> random.choice(vector, -1))),
                refused(
                        "p = 1.5",
                        "p must be in [0, 1], was 1.5; a logit goes through 1 / (1 + exp(-x))",
                        call("random.bernoulli(1.5)", () -> random.bernoulli(1.5)),
                        call("random.binomial(3, 1.5)", () -> random.binomial(3, 1.5))),
                refused(
                        "p = NaN",
                        "p must be in [0, 1], was NaN; a logit goes through 1 / (1 + exp(-x))",
                        call("random.bernoulli(Double.NaN)", () -> random.bernoulli(Double.NaN))),
                refused(
                        "p = -0.5",
                        "p must be in [0, 1], was -0.5; a logit goes through 1 / (1 + exp(-x))",
                        call("random.bernoulli(Tensor.of(0.5, -0.5))", () -> random.bernoulli(Tensor.of(0.5, -0.5)))),
                refused(
                        "shape = (3)",
                        "bernoulli of shape (3) with parameters of shape (2); the parameters must "
                                + "broadcast to the shape, axes in front of theirs are further draws",
                        call("random.bernoulli(Tensor.ones(2), 3)", () -> random.bernoulli(Tensor.ones(2), 3))),
                refused(
                        "softness = (3)",
                        "softness of shape (3) does not broadcast with x of shape (2); give one "
                                + "number, or one for each entry",
                        call(
                                "soft.softness(vector).random(generator).bernoulli(0.5, 2)",
                                () -> soft.softness(vector).random(generator).bernoulli(0.5, 2))),
                refused(
                        "trials = -1",
                        "trials must be at least 0, was -1; 0 draws give 0",
                        call("random.binomial(-1, 0.5)", () -> random.binomial(-1, 0.5))),
                refused(
                        "shape = (3)",
                        "binomial of shape (3) with parameters of shape (2); the parameters must "
                                + "broadcast to the shape, axes in front of theirs are further draws",
                        call("random.binomial(3, Tensor.ones(2), 3)", () -> random.binomial(3, Tensor.ones(2), 3))),
                refused(
                        "axis = 1",
                        "axis 1 is out of range for shape (3): expected -1 to 0",
                        call("random.choice(vector, new int[] {1}, 1)", () -> random.choice(vector, new int[] {1}, 1)),
                        call("random.permutation(vector, 1)", () -> random.permutation(vector, 1)),
                        call(
                                "random.independentPermutations(vector, 1)",
                                () -> random.independentPermutations(vector, 1))),
                refused(
                        "weights = (2)",
                        "weights of shape (2) for axis 0 of values of shape (3); give a vector with "
                                + "one weight for each entry of the axis",
                        call("random.choice(vector, Tensor.ones(2))", () -> random.choice(vector, Tensor.ones(2)))),
                refused(
                        "weights = [0.0, 0.0, 0.0]",
                        "weights [0.0, 0.0, 0.0] of shape (3) have a line of zeros; every line needs " + "a weight > 0",
                        call("random.choice(vector, Tensor.zeros(3))", () -> random.choice(vector, Tensor.zeros(3)))),
                refused(
                        "values = (0)",
                        "choice from an empty axis (shape (0)); there is nothing to draw from, check "
                                + "for an empty axis first",
                        call("random.choice(Tensor.zeros(0))", () -> random.choice(Tensor.zeros(0)))),
                refused(
                        "n = -1",
                        "n must be at least 0, was -1; n counts the places",
                        call("random.permutation(-1)", () -> random.permutation(-1))),
                refused(
                        "x = ()",
                        "axis 0 is out of range for shape (): a scalar has no axis; leave the axis " + "out",
                        call("random.permutation(scalar)", () -> random.permutation(scalar))),
                refused(
                        "target = (2, 3)",
                        "scores of shape (3), target of shape (2, 3) and weights of shape (3) must "
                                + "have one shape (..., n); the lists are on the last axis",
                        call("Losses.spearman(soft, vector, matrix)", () -> Losses.spearman(soft, vector, matrix))),
                refused(
                        "scores = ()",
                        "scores of shape (), target of shape () and weights of shape () must have "
                                + "one shape (..., n); the lists are on the last axis",
                        call("Losses.spearman(soft, scalar, scalar)", () -> Losses.spearman(soft, scalar, scalar))),
                refused(
                        "weights = -1.0",
                        "weights must be finite and >= 0, one was -1.0; leave out or weigh with 0 "
                                + "what should not count",
                        call(
                                "Losses.spearman(soft, vector, vector, Tensor.of(1, -1, 1))",
                                () -> Losses.spearman(soft, vector, vector, Tensor.of(1, -1, 1))),
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 1, " + "Tensor.of(1, -1))",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 1, Tensor.of(1, -1)))),
                refused(
                        "weights = (2)",
                        "scores of shape (3), target of shape (3) and weights of shape (2) must have "
                                + "one shape (..., n); the lists are on the last axis",
                        call(
                                "Losses.kendall(soft, vector, vector, Tensor.ones(2))",
                                () -> Losses.kendall(soft, vector, vector, Tensor.ones(2)))),
                refused(
                        "weights = NaN",
                        "weights must be finite and >= 0, one was NaN; leave out or weigh with 0 "
                                + "what should not count",
                        call(
                                "Losses.kendall(soft, vector, vector, Tensor.of(1, Double.NaN, 1))",
                                () -> Losses.kendall(soft, vector, vector, Tensor.of(1, Double.NaN, 1)))),
                refused(
                        "relevance = (4)",
                        "scores of shape (3), relevance of shape (4) and weights of shape (3) must "
                                + "have one shape (..., n); the lists are on the last axis",
                        call(
                                "Losses.ndcg(soft, vector, Tensor.ones(4))",
                                () -> Losses.ndcg(soft, vector, Tensor.ones(4)))),
                refused(
                        "weights = Infinity",
                        "weights must be finite and >= 0, one was Infinity; leave out or weigh with "
                                + "0 what should not count",
                        call(
                                "Losses.ndcg(soft, vector, vector, Tensor.of(1, " + "Double.POSITIVE_INFINITY, 1))",
                                () -> Losses.ndcg(soft, vector, vector, Tensor.of(1, Double.POSITIVE_INFINITY, 1)))),
                refused(
                        "labels = 1 label",
                        "scores of shape (2, 3) have 2 rows, but there are 1 labels and 1 weights; "
                                + "give one of each for every row",
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0}, 1)",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0}, 1))),
                refused(
                        "labels = 3",
                        "labels[1] must be a class from 0 to 2, was 3; leave out or weigh with 0 "
                                + "what should not count",
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0, 3}, 1)",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0, 3}, 1))),
                refused(
                        "labels = -1",
                        "labels[1] must be a class from 0 to 2, was -1; leave out or weigh with 0 "
                                + "what should not count",
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0, -1}, 1)",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0, -1}, 1))),
                refused(
                        "k = 4",
                        "k must be in 1 to 3 (the length of the axis), was 4; for all entries sort " + "them",
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 4)",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 4))),
                refused(
                        "scores = ()",
                        "axis -1 is out of range for shape (): a scalar has no axis; leave the axis " + "out",
                        call(
                                "Losses.topKCrossEntropy(soft, scalar, new int[] {0}, 1)",
                                () -> Losses.topKCrossEntropy(soft, scalar, new int[] {0}, 1))),
                refused(
                        "weights = 3 weights",
                        "scores of shape (2, 3) have 2 rows, but there are 2 labels and 3 weights; "
                                + "give one of each for every row",
                        call(
                                "Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 1, vector)",
                                () -> Losses.topKCrossEntropy(soft, matrix, new int[] {0, 1}, 1, vector))),
                refused(
                        "offsets = []",
                        "offsets must start with 0 and increase, were []; leave empty segments out",
                        call("Segments.ofOffsets()", () -> Segments.ofOffsets())),
                refused(
                        "offsets = [1, 2]",
                        "offsets must start with 0 and increase, were [1, 2]; leave empty segments " + "out",
                        call("Segments.ofOffsets(1, 2)", () -> Segments.ofOffsets(1, 2))),
                refused(
                        "offsets = [0, 2, 2]",
                        "offsets must start with 0 and increase, were [0, 2, 2]; leave empty " + "segments out",
                        call("Segments.ofOffsets(0, 2, 2)", () -> Segments.ofOffsets(0, 2, 2))),
                refused(
                        "lengths = 0",
                        "lengths[1] must be at least 1, was 0; leave empty segments out",
                        call("Segments.ofLengths(2, 0)", () -> Segments.ofLengths(2, 0))),
                refused(
                        "lengths = -1",
                        "lengths[0] must be at least 1, was -1; leave empty segments out",
                        call("Segments.ofLengths(-1)", () -> Segments.ofLengths(-1))),
                refused(
                        "x = (3)",
                        "segments end at 2, but x has shape (3); give a vector of exactly that length",
                        call(
                                "Segments.ofOffsets(0, 2).map(vector, rows -> rows)",
                                () -> Segments.ofOffsets(0, 2).map(vector, rows -> rows))),
                refused(
                        "x = (2, 3)",
                        "segments end at 3, but x has shape (2, 3); give a vector of exactly that " + "length",
                        call(
                                "Segments.ofOffsets(0, 3).map(matrix, rows -> rows)",
                                () -> Segments.ofOffsets(0, 3).map(matrix, rows -> rows))),
                refused(
                        "function = ()",
                        "the function of segments returned shape () for 1 rows; it must return (1) " + "or (1, r)",
                        call(
                                "Segments.ofOffsets(0, 3).map(vector, Tensor::sum)",
                                () -> Segments.ofOffsets(0, 3).map(vector, Tensor::sum))),
                refused(
                        NullPointerException.class,
                        "function = null",
                        "the result of the function of segments must be a tensor, was null",
                        call(
                                "Segments.ofOffsets(0, 3).map(vector, rows -> null)",
                                () -> Segments.ofOffsets(0, 3).map(vector, rows -> null))));
    }
}
