package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.SafeMath;
import io.github.softgrad.SoftBool;
import io.github.softgrad.Tensor;
import java.util.List;

final class BadInputShapes extends BadInputTable {
    @Override
    String title() {
        return "Shapes that do not broadcast or multiply";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        "other = (2, 4)",
                        "shapes (2, 3) and (2, 4) do not broadcast: axis -1 has 3 and 4; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call("matrix.plus(Tensor.ones(2, 4))", () -> matrix.plus(Tensor.ones(2, 4)))),
                refused(
                        "other = (4)",
                        "shapes (2, 3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call("matrix.minus(Tensor.ones(4))", () -> matrix.minus(Tensor.ones(4)))),
                refused(
                        "other = (4, 1)",
                        "shapes (2, 3) and (4, 1) do not broadcast: axis -2 has 2 and 4; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call("matrix.times(Tensor.ones(4, 1))", () -> matrix.times(Tensor.ones(4, 1)))),
                refused(
                        "other = (4)",
                        "shapes (3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call("vector.div(Tensor.ones(4))", () -> vector.div(Tensor.ones(4))),
                        call("vector.minimum(Tensor.ones(4))", () -> vector.minimum(Tensor.ones(4))),
                        call("vector.maximum(Tensor.ones(4))", () -> vector.maximum(Tensor.ones(4))),
                        call("vector.less(Tensor.ones(4))", () -> vector.less(Tensor.ones(4))),
                        call("vector.greater(Tensor.ones(4))", () -> vector.greater(Tensor.ones(4))),
                        call("vector.lessEqual(Tensor.ones(4))", () -> vector.lessEqual(Tensor.ones(4))),
                        call("vector.greaterEqual(Tensor.ones(4))", () -> vector.greaterEqual(Tensor.ones(4))),
                        call("vector.equal(Tensor.ones(4))", () -> vector.equal(Tensor.ones(4))),
                        call("vector.notEqual(Tensor.ones(4))", () -> vector.notEqual(Tensor.ones(4))),
                        call("truth.and(SoftBool.of(Tensor.ones(4)))", () -> truth.and(SoftBool.of(Tensor.ones(4)))),
                        call("truth.or(SoftBool.of(Tensor.ones(4)))", () -> truth.or(SoftBool.of(Tensor.ones(4)))),
                        call("truth.xor(SoftBool.of(Tensor.ones(4)))", () -> truth.xor(SoftBool.of(Tensor.ones(4))))),
                refused(
                        "exponent = (4)",
                        "shapes (3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call("vector.pow(Tensor.ones(4))", () -> vector.pow(Tensor.ones(4)))),
                refused(
                        "x = (4)",
                        "shapes (3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call("vector.arctan2(Tensor.ones(4))", () -> vector.arctan2(Tensor.ones(4)))),
                refused(
                        "a = (4)",
                        "shapes (3), (4) and () do not broadcast: axis -1 has 3 and 4; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call(
                                "Tensor.select(vector, Tensor.ones(4), scalar)",
                                () -> Tensor.select(vector, Tensor.ones(4), scalar))),
                refused(
                        "y = (4)",
                        "shapes (3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call("SafeMath.div(vector, Tensor.ones(4))", () -> SafeMath.div(vector, Tensor.ones(4))),
                        call("hard.greater(vector, Tensor.ones(4))", () -> hard.greater(vector, Tensor.ones(4)))),
                refused(
                        "y = (4)",
                        "shapes (3), (4) and () do not broadcast: axis -1 has 3 and 4; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call("soft.greater(vector, Tensor.ones(4))", () -> soft.greater(vector, Tensor.ones(4))),
                        call(
                                "soft.greaterEqual(vector, Tensor.ones(4))",
                                () -> soft.greaterEqual(vector, Tensor.ones(4))),
                        call("soft.equal(vector, Tensor.ones(4))", () -> soft.equal(vector, Tensor.ones(4))),
                        call("soft.notEqual(vector, Tensor.ones(4))", () -> soft.notEqual(vector, Tensor.ones(4))),
                        call("soft.isClose(vector, Tensor.ones(4))", () -> soft.isClose(vector, Tensor.ones(4)))),
                refused(
                        "y = (4)",
                        "shapes (4), (3) and () do not broadcast: axis -1 has 4 and 3; dimensions "
                                + "must be equal or 1 (use reshape or expandDims)",
                        call("soft.less(vector, Tensor.ones(4))", () -> soft.less(vector, Tensor.ones(4))),
                        call("soft.lessEqual(vector, Tensor.ones(4))", () -> soft.lessEqual(vector, Tensor.ones(4)))),
                refused(
                        "lower = (2)",
                        "shapes (3), (2), (3) and () do not broadcast: axis -1 has 3 and 2; "
                                + "dimensions must be equal or 1 (use reshape or expandDims)",
                        call(
                                "soft.clip(vector, Tensor.ones(2), vector)",
                                () -> soft.clip(vector, Tensor.ones(2), vector))),
                refused(
                        "softness = (2)",
                        "softness of shape (2) does not broadcast with x of shape (3); give one "
                                + "number, or one for each entry",
                        call(
                                "soft.softness(Tensor.ones(2)).relu(vector)",
                                () -> soft.softness(Tensor.ones(2)).relu(vector))),
                refused(
                        "softness = (3)",
                        "the softness of an axis-wise operator must be one number, was of shape (3); "
                                + "only elementwise operators broadcast it",
                        call(
                                "soft.softness(vector).sort(vector)",
                                () -> soft.softness(vector).sort(vector)),
                        call(
                                "soft.softness(vector).projectSimplex(vector, 0)",
                                () -> soft.softness(vector).projectSimplex(vector, 0))),
                refused(
                        "x = (4)",
                        "shapes (4) and (3) do not broadcast: axis -1 has 4 and 3; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call("truth.where(Tensor.ones(4), vector)", () -> truth.where(Tensor.ones(4), vector))),
                refused(
                        "other = (2, 3)",
                        "matmul of shapes (2, 3) and (2, 3): the last axis of the first has 3 "
                                + "entries, the rows of the second 2; they must be equal",
                        call("matrix.matmul(matrix)", () -> matrix.matmul(matrix))),
                refused(
                        "other = ()",
                        "matmul of shapes (2, 3) and (): a scalar has no rows; use times",
                        call("matrix.matmul(scalar)", () -> matrix.matmul(scalar))),
                refused(
                        "other = (5, 4, 3)",
                        "matmul of shapes (2, 3, 4) and (5, 4, 3): the axes before the last two are "
                                + "batches; they must be equal or 1",
                        call(
                                "Tensor.ones(2, 3, 4).matmul(Tensor.ones(5, 4, 3))",
                                () -> Tensor.ones(2, 3, 4).matmul(Tensor.ones(5, 4, 3)))),
                refused(
                        "other = (2, 3)",
                        "dot of shapes (3) and (2, 3): both must have the same shape; for matrices " + "use matmul",
                        call("vector.dot(matrix)", () -> vector.dot(matrix))),
                refused(
                        "shape = (4, -1)",
                        "cannot reshape (2, 3) (6 elements) to (4, -1); the number of elements must "
                                + "stay the same, one dimension may be -1",
                        call("matrix.reshape(4, -1)", () -> matrix.reshape(4, -1))),
                refused(
                        "shape = (-1, -1)",
                        "cannot reshape (2, 3) (6 elements) to (-1, -1); the number of elements must "
                                + "stay the same, one dimension may be -1",
                        call("matrix.reshape(-1, -1)", () -> matrix.reshape(-1, -1))),
                refused(
                        "shape = (6, -2)",
                        "cannot reshape (2, 3) (6 elements) to (6, -2); the number of elements must "
                                + "stay the same, one dimension may be -1",
                        call("matrix.reshape(6, -2)", () -> matrix.reshape(6, -2))),
                refused(
                        "shape = (3)",
                        "shape (2, 3) does not broadcast to (3); dimensions must be equal or 1",
                        call("matrix.broadcastTo(3)", () -> matrix.broadcastTo(3))),
                refused(
                        "shape = (2, 2)",
                        "shape (2, 3) does not broadcast to (2, 2); dimensions must be equal or 1",
                        call("matrix.broadcastTo(2, 2)", () -> matrix.broadcastTo(2, 2))),
                refused(
                        "shape = (-1, 3)",
                        "shape (-1, 3) has a negative dimension; every dimension must be >= 0",
                        call("matrix.broadcastTo(-1, 3)", () -> matrix.broadcastTo(-1, 3))),
                refused(
                        "axis = 0",
                        "squeeze: axis 0 of shape (2, 3) has length 2; only an axis of length 1 can " + "be removed",
                        call("matrix.squeeze(0)", () -> matrix.squeeze(0))),
                refused(
                        "axes = [0]",
                        "transpose of shape (2, 3) needs 2 axes, got [0]; name every axis once",
                        call("matrix.transpose(0)", () -> matrix.transpose(0))),
                refused(
                        "axes = [0, 0]",
                        "transpose axes [0, 0] name axis 0 twice; name every axis once",
                        call("matrix.transpose(0, 0)", () -> matrix.transpose(0, 0))),
                refused(
                        "this = (3)",
                        "item() needs a tensor with one element, this one has shape (3); use "
                                + "toDoubles() or reduce it first",
                        call("vector.item()", () -> vector.item())),
                refused(
                        "places = 2 places",
                        "get of 2 places from shape (3); give at most one place for each of its 1 " + "axes",
                        call("vector.get(0, 0)", () -> vector.get(0, 0))),
                refused(
                        "values = 3 numbers",
                        "values must be 4 numbers for shape (2, 2), was 3 numbers; give one number for each element",
                        call("Tensor.of(new int[] {2, 2}, 1, 2, 3)", () -> Tensor.of(new int[] {2, 2}, 1, 2, 3))));
    }
}
