package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Method;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Selection;
import io.github.softgrad.Sharpness;
import io.github.softgrad.Tensor;
import java.util.List;

final class BadInputOptions extends BadInputTable {
    @Override
    String title() {
        return "Numbers out of their range";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "softness = 0.0",
                        "softness must be finite and > 0, was 0.0; for the limit 0 use Soft.hard()",
                        call("soft.softness(0)", () -> soft.softness(0))),
                refused(
                        "softness = -1.0",
                        "softness must be finite and > 0, was -1.0; for the limit 0 use Soft.hard()",
                        call("soft.softness(-1)", () -> soft.softness(-1))),
                refused(
                        "softness = NaN",
                        "softness must be finite and > 0, was NaN; for the limit 0 use Soft.hard()",
                        call("soft.softness(Double.NaN)", () -> soft.softness(Double.NaN))),
                refused(
                        "softness = Infinity",
                        "softness must be finite and > 0, was Infinity; for the limit 0 use " + "Soft.hard()",
                        call("soft.softness(Double.POSITIVE_INFINITY)", () -> soft.softness(Double.POSITIVE_INFINITY))),
                refused(
                        "softness = -2.0",
                        "softness must be finite and > 0, was -2.0; for the limit 0 use Soft.hard()",
                        call("soft.softness(Tensor.of(1, -2))", () -> soft.softness(Tensor.of(1, -2)))),
                refused(
                        "epsilon = -1.0",
                        "epsilon must be finite and >= 0, was -1.0; 1e-10 is the default",
                        call("soft.epsilon(-1)", () -> soft.epsilon(-1))),
                refused(
                        "epsilon = NaN",
                        "epsilon must be finite and >= 0, was NaN; 1e-10 is the default",
                        call("soft.epsilon(Double.NaN)", () -> soft.epsilon(Double.NaN))),
                refused(
                        "epsilon = Infinity",
                        "epsilon must be finite and >= 0, was Infinity; 1e-10 is the default",
                        call("soft.epsilon(Double.POSITIVE_INFINITY)", () -> soft.epsilon(Double.POSITIVE_INFINITY))),
                refused(
                        "radius = 0",
                        "radius must be in 1 to 1000, was 0; 5 is the default",
                        call("soft.roundingRadius(0)", () -> soft.roundingRadius(0))),
                refused(
                        "radius = 1001",
                        "radius must be in 1 to 1000, was 1001; 5 is the default",
                        call("soft.roundingRadius(1001)", () -> soft.roundingRadius(1001))),
                refused(
                        "relativeTolerance = -1.0",
                        "relativeTolerance must be finite and >= 0, was -1.0; for plain equality use " + "equal(x, y)",
                        call("soft.isClose(vector, vector, -1, 0)", () -> soft.isClose(vector, vector, -1, 0))),
                refused(
                        "absoluteTolerance = NaN",
                        "absoluteTolerance must be finite and >= 0, was NaN; for plain equality use " + "equal(x, y)",
                        call(
                                "soft.isClose(vector, vector, 0, Double.NaN)",
                                () -> soft.isClose(vector, vector, 0, Double.NaN))),
                refused(
                        "absoluteTolerance = Infinity",
                        "absoluteTolerance must be finite and >= 0, was Infinity; for plain equality "
                                + "use equal(x, y)",
                        call(
                                "soft.isClose(vector, vector, 0, Double.POSITIVE_INFINITY)",
                                () -> soft.isClose(vector, vector, 0, Double.POSITIVE_INFINITY))),
                refused(
                        "epsilon = 0.0",
                        "epsilon must be in (0, 1], was 0.0; the default is 1.0E-10",
                        call("truth.all(0, 0)", () -> truth.all(0, 0))),
                refused(
                        "epsilon = NaN",
                        "epsilon must be in (0, 1], was NaN; the default is 1.0E-10",
                        call("truth.all(0, Double.NaN)", () -> truth.all(0, Double.NaN))),
                refused(
                        "epsilon = 2.0",
                        "epsilon must be in (0, 1], was 2.0; the default is 1.0E-10",
                        call("truth.all(0, 2)", () -> truth.all(0, 2))),
                refused(
                        "epsilon = 0.0",
                        "epsilon must be in (0, 1], was 0.0; for exact logarithms call "
                                + "logProbabilities() without it",
                        call("index.logProbabilities(0)", () -> index.logProbabilities(0))),
                refused(
                        "epsilon = 2.0",
                        "epsilon must be in (0, 1], was 2.0; for exact logarithms call "
                                + "logProbabilities() without it",
                        call("index.logProbabilities(2)", () -> index.logProbabilities(2))),
                refused(
                        "epsilon = NaN",
                        "epsilon must be in (0, 1], was NaN; for exact logarithms call "
                                + "logProbabilities() without it",
                        call("index.logProbabilities(Double.NaN)", () -> index.logProbabilities(Double.NaN))),
                refused(
                        "k = 0",
                        "k must be in 1 to 3 (the length of the axis), was 0; for all entries sort " + "them",
                        call("soft.topK(vector, 0)", () -> soft.topK(vector, 0)),
                        call("soft.topKMask(vector, 0)", () -> soft.topKMask(vector, 0))),
                refused(
                        "k = 4",
                        "k must be in 1 to 3 (the length of the axis), was 4; for all entries sort " + "them",
                        call("soft.topK(vector, 4)", () -> soft.topK(vector, 4)),
                        call("soft.topKMask(matrix, 4, 1)", () -> soft.topKMask(matrix, 4, 1))),
                refused(
                        "k = -1",
                        "k must be in 1 to 3 (the length of the axis), was -1; for all entries sort " + "them",
                        call("hard.topK(matrix, -1, 1)", () -> hard.topK(matrix, -1, 1))),
                refused(
                        "q = 1.5",
                        "q must be in [0, 1], was 1.5; percentile takes 0 to 100",
                        call("soft.quantile(vector, 1.5)", () -> soft.quantile(vector, 1.5))),
                refused(
                        "q = -0.1",
                        "q must be in [0, 1], was -0.1; percentile takes 0 to 100",
                        call("soft.quantile(vector, -0.1)", () -> soft.quantile(vector, -0.1))),
                refused(
                        "q = NaN",
                        "q must be in [0, 1], was NaN; percentile takes 0 to 100",
                        call("hard.quantile(vector, Double.NaN)", () -> hard.quantile(vector, Double.NaN)),
                        call("soft.argquantiles(vector, Double.NaN)", () -> soft.argquantiles(vector, Double.NaN))),
                refused(
                        "q = 2.0",
                        "q must be in [0, 1], was 2.0; percentile takes 0 to 100",
                        call("soft.quantiles(vector, 0.5, 2)", () -> soft.quantiles(vector, 0.5, 2)),
                        call("soft.argquantile(vector, 2)", () -> soft.argquantile(vector, 2))),
                refused(
                        "q = empty",
                        "q must be at least one number, was empty; give fractions from 0 to 1",
                        call("soft.quantiles(vector)", () -> soft.quantiles(vector)),
                        call("soft.argquantiles(vector)", () -> soft.argquantiles(vector))),
                refused(
                        "p = 101.0",
                        "p must be in [0, 100], was 101.0; quantile takes fractions of 1",
                        call("soft.percentile(vector, 101)", () -> soft.percentile(vector, 101))),
                refused(
                        "p = NaN",
                        "p must be in [0, 100], was NaN; quantile takes fractions of 1",
                        call("soft.percentile(matrix, Double.NaN, 1)", () -> soft.percentile(matrix, Double.NaN, 1))),
                refused(
                        "p = -1.0",
                        "p must be in [0, 100], was -1.0; quantile takes fractions of 1",
                        call("soft.argpercentile(vector, -1)", () -> soft.argpercentile(vector, -1))),
                refused(
                        "size = 0",
                        "size must be in 1 to 3 (the length of the axis), was 0; for one entry use " + "dynamicIndex",
                        call(
                                "Selection.dynamicSlice(vector, index, 0, 0)",
                                () -> Selection.dynamicSlice(vector, index, 0, 0))),
                refused(
                        "size = 4",
                        "size must be in 1 to 3 (the length of the axis), was 4; for one entry use " + "dynamicIndex",
                        call(
                                "Selection.dynamicSlice(vector, index, 4, 0)",
                                () -> Selection.dynamicSlice(vector, index, 4, 0))),
                refused(
                        "places = 3",
                        "place 3 is out of range for axis 0 of shape (3): expected -3 to 2",
                        call("vector.take(new int[] {3}, 0)", () -> vector.take(new int[] {3}, 0)),
                        call("vector.get(3)", () -> vector.get(3)),
                        call("vector.takeAlongAxis(Tensor.of(3), 0)", () -> vector.takeAlongAxis(Tensor.of(3), 0))),
                refused(
                        "places = -4",
                        "place -4 is out of range for axis 0 of shape (3): expected -3 to 2",
                        call("vector.take(new int[] {-4}, 0)", () -> vector.take(new int[] {-4}, 0))),
                refused(
                        "places = 0.5",
                        "takeAlongAxis: the place 0.5 is not a whole number; round() the places, or "
                                + "read at soft places with Selection",
                        call("vector.takeAlongAxis(Tensor.of(0.5), 0)", () -> vector.takeAlongAxis(Tensor.of(0.5), 0))),
                refused(
                        "places = NaN",
                        "takeAlongAxis: the place NaN is not a whole number; round() the places, or "
                                + "read at soft places with Selection",
                        call(
                                "vector.takeAlongAxis(Tensor.of(Double.NaN), 0)",
                                () -> vector.takeAlongAxis(Tensor.of(Double.NaN), 0))),
                refused(
                        "places = Infinity",
                        "takeAlongAxis: the place Infinity is not a whole number; round() the "
                                + "places, or read at soft places with Selection",
                        call(
                                "vector.takeAlongAxis(Tensor.of(Double.POSITIVE_INFINITY), 0)",
                                () -> vector.takeAlongAxis(Tensor.of(Double.POSITIVE_INFINITY), 0))),
                refused(
                        "places = 4294967296",
                        "place 4294967296 is out of range for axis 0 of shape (3): expected -3 to 2",
                        call(
                                "vector.takeAlongAxis(Tensor.of(4294967296.0), 0)",
                                () -> vector.takeAlongAxis(Tensor.of(4294967296.0), 0))),
                refused(
                        "to = 4",
                        "slice 1 to 4 by 1 of axis 0 of shape (3); expected 0 <= from <= to <= 3 and " + "step >= 1",
                        call("vector.slice(0, 1, 4)", () -> vector.slice(0, 1, 4))),
                refused(
                        "from = -1",
                        "slice -1 to 2 by 1 of axis 0 of shape (3); expected 0 <= from <= to <= 3 " + "and step >= 1",
                        call("vector.slice(0, -1, 2)", () -> vector.slice(0, -1, 2))),
                refused(
                        "to = 1",
                        "slice 2 to 1 by 1 of axis 0 of shape (3); expected 0 <= from <= to <= 3 and " + "step >= 1",
                        call("vector.slice(0, 2, 1)", () -> vector.slice(0, 2, 1))),
                refused(
                        "step = 0",
                        "slice 0 to 3 by 0 of axis 0 of shape (3); expected 0 <= from <= to <= 3 and " + "step >= 1",
                        call("vector.slice(0, 0, 3, 0)", () -> vector.slice(0, 0, 3, 0))),
                refused(
                        "n = -1",
                        "n must be at least 0, was -1; an empty tensor has n = 0",
                        call("Tensor.identity(-1)", () -> Tensor.identity(-1)),
                        call("Tensor.range(-1)", () -> Tensor.range(-1))),
                refused(
                        "count = -1",
                        "count must be at least 0, was -1; an empty tensor has count = 0",
                        call("Tensor.linspace(0, 1, -1)", () -> Tensor.linspace(0, 1, -1))),
                refused(
                        "tolerance = 0.0",
                        "tolerance must be in (0, 1), was 0.0; 5e-13 is the default",
                        call("new Method.Transport(0, 1)", () -> new Method.Transport(0, 1))),
                refused(
                        "tolerance = NaN",
                        "tolerance must be in (0, 1), was NaN; 5e-13 is the default",
                        call("new Method.Transport(Double.NaN, 1)", () -> new Method.Transport(Double.NaN, 1))),
                refused(
                        "maxIterations = 0",
                        "maxIterations must be at least 1, was 0; 1000 is the default",
                        call("new Method.Transport(1e-6, 0)", () -> new Method.Transport(1e-6, 0))),
                refused(
                        "target = 0.0",
                        "target must be in (0, 1), was 0.0; 0 is a hard index (Soft.hard()), 1 a " + "uniform one",
                        call("Sharpness.softnessFor(0, s -> index)", () -> Sharpness.softnessFor(0, s -> index))),
                refused(
                        "target = NaN",
                        "target must be in (0, 1), was NaN; 0 is a hard index (Soft.hard()), 1 a " + "uniform one",
                        call(
                                "Sharpness.softnessFor(Double.NaN, s -> index)",
                                () -> Sharpness.softnessFor(Double.NaN, s -> index))),
                refused(
                        "learningRate = 0.0",
                        "learningRate must be finite and > 0, was 0.0; 0.01 is a usual one",
                        call("Optimizer.sgd(0)", () -> Optimizer.sgd(0))),
                refused(
                        "learningRate = NaN",
                        "learningRate must be finite and > 0, was NaN; 0.01 is a usual one",
                        call("Optimizer.sgd(Double.NaN)", () -> Optimizer.sgd(Double.NaN))),
                refused(
                        "learningRate = Infinity",
                        "learningRate must be finite and > 0, was Infinity; 0.01 is a usual one",
                        call(
                                "Optimizer.adam(Double.POSITIVE_INFINITY)",
                                () -> Optimizer.adam(Double.POSITIVE_INFINITY))),
                refused(
                        "firstDecay = 1.0",
                        "firstDecay must be in [0, 1), was 1.0; 0.9 is the default",
                        call("Optimizer.adam(1, 1, 0, 1)", () -> Optimizer.adam(1, 1, 0, 1))),
                refused(
                        "secondDecay = -1.0",
                        "secondDecay must be in [0, 1), was -1.0; 0.999 is the default",
                        call("Optimizer.adam(1, 0, -1, 1)", () -> Optimizer.adam(1, 0, -1, 1))),
                refused(
                        "epsilon = 0.0",
                        "epsilon must be finite and > 0, was 0.0; 1e-8 is the default",
                        call("Optimizer.adam(1, 0, 0, 0)", () -> Optimizer.adam(1, 0, 0, 0))),
                refused(
                        "mu = -1.0",
                        "each entry of mu must be finite and >= 0, was -1.0; entries of 0 have no "
                                + "part in the plan",
                        call(
                                "soft.projectTransport(square, Tensor.of(1, -1, 1), vector)",
                                () -> soft.projectTransport(square, Tensor.of(1, -1, 1), vector))),
                refused(
                        "mu = 0.0",
                        "the sum of mu must be finite and > 0, was 0.0; give one entry at least some " + "mass",
                        call(
                                "soft.projectTransport(square, Tensor.zeros(3), vector)",
                                () -> soft.projectTransport(square, Tensor.zeros(3), vector))),
                refused(
                        "nu = NaN",
                        "each entry of nu must be finite and >= 0, was NaN; entries of 0 have no " + "part in the plan",
                        call(
                                "soft.transportPlan(square, vector, Tensor.of(1, Double.NaN, 1))",
                                () -> soft.transportPlan(square, vector, Tensor.of(1, Double.NaN, 1)))),
                refused(
                        "nu = Infinity",
                        "each entry of nu must be finite and >= 0, was Infinity; entries of 0 have "
                                + "no part in the plan",
                        call(
                                "soft.logProjectTransport(square, vector, Tensor.of(1, "
                                        + "Double.POSITIVE_INFINITY, 1))",
                                () -> soft.logProjectTransport(
                                        square, vector, Tensor.of(1, Double.POSITIVE_INFINITY, 1)))));
    }
}
