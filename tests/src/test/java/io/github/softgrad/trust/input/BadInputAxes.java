package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Logic;
import io.github.softgrad.Order;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Selection;
import io.github.softgrad.SoftBool;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.List;

final class BadInputAxes extends BadInputTable {
    @Override
    String title() {
        return "Axes that do not exist, are needed, or are empty";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "axis = 2",
                        "axis 2 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.sum(2)", () -> matrix.sum(2)),
                        call("matrix.mean(2)", () -> matrix.mean(2)),
                        call("matrix.max(2)", () -> matrix.max(2)),
                        call("matrix.min(2)", () -> matrix.min(2)),
                        call("matrix.product(2)", () -> matrix.product(2)),
                        call("matrix.dim(2)", () -> matrix.dim(2)),
                        call("matrix.slice(2, 0, 1)", () -> matrix.slice(2, 0, 1)),
                        call("matrix.flip(2)", () -> matrix.flip(2)),
                        call("matrix.squeeze(2)", () -> matrix.squeeze(2)),
                        call("matrix.take(new int[] {0}, 2)", () -> matrix.take(new int[] {0}, 2)),
                        call("matrix.takeAlongAxis(matrix, 2)", () -> matrix.takeAlongAxis(matrix, 2)),
                        call("Tensor.concatenate(2, matrix)", () -> Tensor.concatenate(2, matrix)),
                        call("SafeMath.norm(matrix, 2, false)", () -> SafeMath.norm(matrix, 2, false)),
                        call("soft.argmax(matrix, 2)", () -> soft.argmax(matrix, 2)),
                        call("soft.argmin(matrix, 2)", () -> soft.argmin(matrix, 2)),
                        call("soft.min(matrix, 2)", () -> soft.min(matrix, 2)),
                        call(
                                "soft.argsort(matrix, 2, Order.ASCENDING)",
                                () -> soft.argsort(matrix, 2, Order.ASCENDING)),
                        call("soft.sort(matrix, 2, Order.ASCENDING)", () -> soft.sort(matrix, 2, Order.ASCENDING)),
                        call("soft.sorted(matrix, 2, Order.ASCENDING)", () -> soft.sorted(matrix, 2, Order.ASCENDING)),
                        call("soft.rank(matrix, 2, Order.ASCENDING)", () -> soft.rank(matrix, 2, Order.ASCENDING)),
                        call("soft.topK(matrix, 1, 2)", () -> soft.topK(matrix, 1, 2)),
                        call("soft.topKMask(matrix, 1, 2)", () -> soft.topKMask(matrix, 1, 2)),
                        call("soft.argquantile(matrix, 0.5, 2)", () -> soft.argquantile(matrix, 0.5, 2)),
                        call(
                                "soft.argquantiles(matrix, new double[] {0.5}, 2)",
                                () -> soft.argquantiles(matrix, new double[] {0.5}, 2)),
                        call("soft.quantile(matrix, 0.5, 2)", () -> soft.quantile(matrix, 0.5, 2)),
                        call(
                                "soft.quantiles(matrix, new double[] {0.5}, 2)",
                                () -> soft.quantiles(matrix, new double[] {0.5}, 2)),
                        call("soft.argmedian(matrix, 2)", () -> soft.argmedian(matrix, 2)),
                        call("soft.median(matrix, 2)", () -> soft.median(matrix, 2)),
                        call("soft.argpercentile(matrix, 50, 2)", () -> soft.argpercentile(matrix, 50, 2)),
                        call("soft.percentile(matrix, 50, 2)", () -> soft.percentile(matrix, 50, 2)),
                        call("soft.projectSimplex(matrix, 2)", () -> soft.projectSimplex(matrix, 2)),
                        call("soft.logProjectSimplex(matrix, 2)", () -> soft.logProjectSimplex(matrix, 2)),
                        call(
                                "soft.projectPermutahedronSmooth(matrix, matrix, 2)",
                                () -> soft.projectPermutahedronSmooth(matrix, matrix, 2)),
                        call(
                                "Selection.take(matrix, SoftIndex.of(matrix), 2)",
                                () -> Selection.take(matrix, SoftIndex.of(matrix), 2)),
                        call(
                                "Selection.takeAlongAxis(matrix, SoftIndex.of(Tensor.ones(2, 3, 3)), " + "2)",
                                () -> Selection.takeAlongAxis(matrix, SoftIndex.of(Tensor.ones(2, 3, 3)), 2)),
                        call(
                                "Selection.dynamicIndex(matrix, index, 2)",
                                () -> Selection.dynamicIndex(matrix, index, 2)),
                        call(
                                "Selection.dynamicSlice(matrix, index, 1, 2)",
                                () -> Selection.dynamicSlice(matrix, index, 1, 2))),
                refused(
                        "axis = -3",
                        "axis -3 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.sum(-3, true)", () -> matrix.sum(-3, true)),
                        call("soft.max(matrix, -3)", () -> soft.max(matrix, -3))),
                refused(
                        "axis = 0",
                        "axis 0 is out of range for shape (): a scalar has no axis; leave the axis " + "out",
                        call("scalar.sum(0)", () -> scalar.sum(0)),
                        call("soft.projectSimplex(scalar, 0)", () -> soft.projectSimplex(scalar, 0))),
                refused(
                        "axis = 3",
                        "axis 3 is out of range for a new axis of shape (2, 3): expected -3 to 2",
                        call("matrix.expandDims(3)", () -> matrix.expandDims(3)),
                        call("Tensor.stack(3, matrix)", () -> Tensor.stack(3, matrix))),
                refused(
                        "axis = -4",
                        "axis -4 is out of range for a new axis of shape (2, 3): expected -3 to 2",
                        call("matrix.expandDims(-4)", () -> matrix.expandDims(-4))),
                refused(
                        "to = 2",
                        "axis 2 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.moveAxis(0, 2)", () -> matrix.moveAxis(0, 2))),
                refused(
                        "from = 2",
                        "axis 2 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.moveAxis(2, 0)", () -> matrix.moveAxis(2, 0))),
                refused(
                        "second = 2",
                        "axis 2 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.swapAxes(0, 2)", () -> matrix.swapAxes(0, 2))),
                refused(
                        "axes = 2",
                        "axis 2 is out of range for shape (2, 3): expected -2 to 1",
                        call("matrix.transpose(0, 2)", () -> matrix.transpose(0, 2))),
                refused(
                        "axis = 1",
                        "axis 1 is out of range for shape (3): expected -1 to 0",
                        call("truth.all(1)", () -> truth.all(1)),
                        call("truth.any(1)", () -> truth.any(1))),
                refused(
                        "axis = (2, 3)",
                        "sort of shape (2, 3) needs an axis; say which (-1 is the last), or " + "flatten() first",
                        call("soft.sort(matrix)", () -> soft.sort(matrix))),
                refused(
                        "axis = (2, 3)",
                        "argsort of shape (2, 3) needs an axis; say which (-1 is the last), or " + "flatten() first",
                        call("soft.argsort(matrix)", () -> soft.argsort(matrix))),
                refused(
                        "axis = (2, 3)",
                        "rank of shape (2, 3) needs an axis; say which (-1 is the last), or " + "flatten() first",
                        call("hard.rank(matrix)", () -> hard.rank(matrix))),
                refused(
                        "axis = (2, 3)",
                        "topK of shape (2, 3) needs an axis; say which (-1 is the last), or " + "flatten() first",
                        call("soft.topK(matrix, 1)", () -> soft.topK(matrix, 1))),
                refused(
                        "axis = (2, 3)",
                        "topKMask of shape (2, 3) needs an axis; say which (-1 is the last), or " + "flatten() first",
                        call("soft.topKMask(matrix, 1)", () -> soft.topKMask(matrix, 1))),
                refused(
                        "this = (2, 0)",
                        "max along axis 1 of shape (2, 0): there are no entries, and max of nothing "
                                + "is undefined; check for an empty axis first",
                        call("empty.max(1)", () -> empty.max(1))),
                refused(
                        "this = (2, 0)",
                        "min of shape (2, 0): there are no entries, and min of nothing is undefined; "
                                + "check for an empty axis first",
                        call("empty.min()", () -> empty.min())),
                refused(
                        "this = (2, 0)",
                        "mean along axis 1 of shape (2, 0): there are no entries, and mean of "
                                + "nothing is undefined; check for an empty axis first",
                        call("empty.mean(1)", () -> empty.mean(1))),
                refused(
                        "this = (2, 0)",
                        "mean of shape (2, 0): there are no entries, and mean of nothing is "
                                + "undefined; check for an empty axis first",
                        call("empty.mean()", () -> empty.mean())),
                refused(
                        "x = (2, 0)",
                        "max along axis 1 of shape (2, 0): there are no entries, and max of nothing "
                                + "is undefined; check for an empty axis first",
                        call("soft.max(empty, 1)", () -> soft.max(empty, 1))),
                refused(
                        "x = (2, 0)",
                        "max of shape (2, 0): there are no entries, and max of nothing is undefined; "
                                + "check for an empty axis first",
                        call("hard.max(empty)", () -> hard.max(empty))),
                refused(
                        "x = (2, 0)",
                        "min of shape (2, 0): there are no entries, and min of nothing is undefined; "
                                + "check for an empty axis first",
                        call("soft.min(empty)", () -> soft.min(empty))),
                refused(
                        "x = (2, 0)",
                        "argmax along axis 1 of shape (2, 0): there are no entries, and argmax of "
                                + "nothing is undefined; check for an empty axis first",
                        call("soft.argmax(empty, 1)", () -> soft.argmax(empty, 1))),
                refused(
                        "x = (2, 0)",
                        "argmin of shape (2, 0): there are no entries, and argmin of nothing is "
                                + "undefined; check for an empty axis first",
                        call("soft.argmin(empty)", () -> soft.argmin(empty))),
                refused(
                        "x = (2, 0)",
                        "sorted along axis 1 of shape (2, 0): there are no entries, and sorted of "
                                + "nothing is undefined; check for an empty axis first",
                        call("soft.sorted(empty, 1, Order.ASCENDING)", () -> soft.sorted(empty, 1, Order.ASCENDING))),
                refused(
                        "x = (2, 0)",
                        "topK along axis 1 of shape (2, 0): there are no entries, and topK of "
                                + "nothing is undefined; check for an empty axis first",
                        call("soft.topK(empty, 1, 1)", () -> soft.topK(empty, 1, 1))),
                refused(
                        "x = (2, 0)",
                        "topKMask along axis 1 of shape (2, 0): there are no entries, and topKMask "
                                + "of nothing is undefined; check for an empty axis first",
                        call("soft.topKMask(empty, 1, 1)", () -> soft.topKMask(empty, 1, 1))),
                refused(
                        "x = (2, 0)",
                        "quantile of shape (2, 0): there are no entries, and quantile of nothing is "
                                + "undefined; check for an empty axis first",
                        call("soft.quantile(empty, 0.5)", () -> soft.quantile(empty, 0.5))),
                refused(
                        "x = (2, 0)",
                        "quantile along axis 1 of shape (2, 0): there are no entries, and quantile "
                                + "of nothing is undefined; check for an empty axis first",
                        call("soft.median(empty, 1)", () -> soft.median(empty, 1))),
                refused(
                        "x = (2, 0)",
                        "argquantile of shape (2, 0): there are no entries, and argquantile of "
                                + "nothing is undefined; check for an empty axis first",
                        call("soft.argmedian(empty)", () -> soft.argmedian(empty))),
                refused(
                        "x = (2, 0)",
                        "projectSimplex along axis 1 of shape (2, 0): there are no entries, and "
                                + "projectSimplex of nothing is undefined; check for an empty axis first",
                        call("soft.projectSimplex(empty, 1)", () -> soft.projectSimplex(empty, 1))),
                refused(
                        "x = (2, 0)",
                        "logProjectSimplex along axis 1 of shape (2, 0): there are no entries, and "
                                + "logProjectSimplex of nothing is undefined; check for an empty axis first",
                        call("soft.logProjectSimplex(empty, 1)", () -> soft.logProjectSimplex(empty, 1))),
                refused(
                        "z = (2, 0)",
                        "projectPermutahedronSmooth along axis 1 of shape (2, 0): there are no "
                                + "entries, and projectPermutahedronSmooth of nothing is undefined; check for "
                                + "an empty axis first",
                        call(
                                "soft.projectPermutahedronSmooth(empty, empty, 1)",
                                () -> soft.projectPermutahedronSmooth(empty, empty, 1))),
                refused(
                        "cost = (2, 0)",
                        "projectTransport along axis 1 of shape (2, 0): there are no entries, and "
                                + "projectTransport of nothing is undefined; check for an empty axis first",
                        call(
                                "soft.projectTransport(empty, Tensor.ones(2), Tensor.ones(0))",
                                () -> soft.projectTransport(empty, Tensor.ones(2), Tensor.ones(0)))),
                refused(
                        "truth = (2, 0)",
                        "mean along axis 1 of shape (2, 0): there are no entries, and mean of "
                                + "nothing is undefined; check for an empty axis first",
                        call(
                                "SoftBool.of(empty, Logic.GEOMETRIC_MEAN).all(1)",
                                () -> SoftBool.of(empty, Logic.GEOMETRIC_MEAN).all(1))),
                refused(
                        "places = place 0",
                        "place 0 is out of range for axis 1 of shape (2, 0): the axis has no "
                                + "entries; check for an empty axis first",
                        call("empty.take(new int[] {0}, 1)", () -> empty.take(new int[] {0}, 1))));
    }
}
