package io.github.softgrad.trust.input;

import static io.github.softgrad.trust.input.BadInput.call;
import static io.github.softgrad.trust.input.BadInput.refused;

import io.github.softgrad.Selection;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.Collections;
import java.util.List;

final class BadInputShapesMore extends BadInputTable {
    @Override
    String title() {
        return "Wrong ranks and shapes that do not fit";
    }

    @Override
    List<BadInput> entries() {
        return List.of(
                refused(
                        NullPointerException.class,
                        "rows[1] = null",
                        "rows[1] must be an array, was null",
                        call("Tensor.of(new double[][] {{1}, null})", () -> Tensor.of(new double[][] {{1}, null}))),
                refused(
                        NullPointerException.class,
                        "parts[1] = null",
                        "parts[1] must be a tensor, was null",
                        call("Tensor.concatenate(0, vector, null)", () -> Tensor.concatenate(0, vector, null)),
                        call("Tensor.stack(0, vector, null)", () -> Tensor.stack(0, vector, null))),
                refused(
                        NullPointerException.class,
                        "starts = null",
                        "start must be a SoftIndex, was null",
                        call(
                                "Selection.dynamicSlice(vector, Collections.singletonList(null), 1)",
                                () -> Selection.dynamicSlice(vector, Collections.singletonList(null), 1))),
                refused(
                        "values = 1 numbers",
                        "values must be 2 numbers for shape (2), was 1 numbers; give one number for each element",
                        call("Tensor.ofFloats(new int[] {2}, 1f)", () -> Tensor.ofFloats(new int[] {2}, 1f))),
                refused(
                        "rows = row 1",
                        "row 1 has 2 numbers, row 0 has 1; all rows of a matrix must be equally long",
                        call("Tensor.of(new double[][] {{1}, {1, 2}})", () -> Tensor.of(new double[][] {{1}, {1, 2}}))),
                refused(
                        "shape = (2, -1)",
                        "shape (2, -1) has a negative dimension; every dimension must be >= 0",
                        call("Tensor.zeros(2, -1)", () -> Tensor.zeros(2, -1))),
                refused(
                        "shape = (-1)",
                        "shape (-1) has a negative dimension; every dimension must be >= 0",
                        call("Tensor.ones(-1)", () -> Tensor.ones(-1)),
                        call("Tensor.full(1, -1)", () -> Tensor.full(1, -1)),
                        call("Tensor.normal(generator, -1)", () -> Tensor.normal(generator, -1)),
                        call("Tensor.uniform(generator, -1)", () -> Tensor.uniform(generator, -1))),
                refused(
                        "parts = (2, 4)",
                        "concatenate along axis 0: shapes (2, 3) and (2, 4) must agree in every "
                                + "other axis; reshape or slice one",
                        call(
                                "Tensor.concatenate(0, matrix, Tensor.ones(2, 4))",
                                () -> Tensor.concatenate(0, matrix, Tensor.ones(2, 4)))),
                refused(
                        "parts = empty",
                        "parts must be at least one tensor, was empty; Tensor.zeros makes an empty " + "tensor",
                        call("Tensor.concatenate(0)", () -> Tensor.concatenate(0)),
                        call("Tensor.stack(0)", () -> Tensor.stack(0))),
                refused(
                        "parts = ()",
                        "axis 0 is out of range for shape (): a scalar has no axis; leave the axis " + "out",
                        call("Tensor.concatenate(0, scalar, scalar)", () -> Tensor.concatenate(0, scalar, scalar))),
                refused(
                        "parts = (4)",
                        "stack: shapes (3) and (4) must be equal; concatenate joins different lengths",
                        call("Tensor.stack(0, vector, Tensor.ones(4))", () -> Tensor.stack(0, vector, Tensor.ones(4)))),
                refused(
                        "places = (3)",
                        "takeAlongAxis: places of shape (3) must agree with the tensor of shape (2, "
                                + "3) in every axis but axis 1; broadcastTo gives them the lengths of the "
                                + "others",
                        call("matrix.takeAlongAxis(vector, 1)", () -> matrix.takeAlongAxis(vector, 1))),
                refused(
                        "values = (4)",
                        "values of shape (4) for an index over 3 entries of axis -1; the values must "
                                + "have the shape of the tensor that was indexed",
                        call("index.take(Tensor.ones(4))", () -> index.take(Tensor.ones(4)))),
                refused(
                        "values = ()",
                        "values of shape () for an index over 3 entries of axis -1; the values must "
                                + "have the shape of the tensor that was indexed",
                        call("index.take(scalar)", () -> index.take(scalar))),
                refused(
                        "values = (3)",
                        "values of shape (3) for an index over 3 entries of axis 1; the values must "
                                + "have the shape of the tensor that was indexed",
                        call(
                                "soft.argmax(matrix, 1).take(vector)",
                                () -> soft.argmax(matrix, 1).take(vector))),
                refused(
                        "probabilities = scalar",
                        "probabilities must be at least a vector, was a scalar; their last axis is "
                                + "the distribution",
                        call("SoftIndex.of(scalar)", () -> SoftIndex.of(scalar))),
                refused(
                        "index = (3)",
                        "take: an index of shape (3); expected (k, n), one distribution for each "
                                + "place, shared by all lines",
                        call("Selection.take(vector, index)", () -> Selection.take(vector, index))),
                refused(
                        "index = 5",
                        "an index over 5 entries for axis 1 of shape (2, 3), which has 3; both must "
                                + "be equal, give the axis that was indexed",
                        call(
                                "Selection.take(matrix, SoftIndex.of(Tensor.ones(2, 5)), 1)",
                                () -> Selection.take(matrix, SoftIndex.of(Tensor.ones(2, 5)), 1)),
                        call(
                                "Selection.dynamicIndex(matrix, SoftIndex.of(Tensor.ones(5)), 1)",
                                () -> Selection.dynamicIndex(matrix, SoftIndex.of(Tensor.ones(5)), 1))),
                refused(
                        "index = (3)",
                        "takeAlongAxis: an index of shape (3) for values of shape (2, 3); the index "
                                + "must have one axis more (3), the distribution last",
                        call(
                                "Selection.takeAlongAxis(matrix, index, 1)",
                                () -> Selection.takeAlongAxis(matrix, index, 1))),
                refused(
                        "index = 4",
                        "an index over 4 entries for axis 1 of shape (2, 3), which has 3; both must "
                                + "be equal, give the axis that was indexed",
                        call(
                                "Selection.takeAlongAxis(matrix, SoftIndex.of(Tensor.ones(2, 3, 4)), " + "1)",
                                () -> Selection.takeAlongAxis(matrix, SoftIndex.of(Tensor.ones(2, 3, 4)), 1))),
                refused(
                        "choices = (2, 3)",
                        "choose: an index of shape (3) and choices of shape (2, 3); both must have "
                                + "as many axes, and the first of the choices as many entries as the index's "
                                + "last",
                        call("Selection.choose(index, matrix)", () -> Selection.choose(index, matrix))),
                refused(
                        "choices = (4)",
                        "choose: an index of shape (3) and choices of shape (4); both must have as "
                                + "many axes, and the first of the choices as many entries as the index's last",
                        call("Selection.choose(index, Tensor.ones(4))", () -> Selection.choose(index, Tensor.ones(4)))),
                refused(
                        "index = (2, 3)",
                        "dynamicIndex: an index of shape (2, 3); expected one distribution (n), take "
                                + "reads several places",
                        call(
                                "Selection.dynamicIndex(matrix, SoftIndex.of(matrix), 1)",
                                () -> Selection.dynamicIndex(matrix, SoftIndex.of(matrix), 1))),
                refused(
                        "start = (2, 3)",
                        "dynamicSlice: an index of shape (2, 3); expected one distribution (n), take "
                                + "reads several places",
                        call(
                                "Selection.dynamicSlice(matrix, SoftIndex.of(matrix), 1, 1)",
                                () -> Selection.dynamicSlice(matrix, SoftIndex.of(matrix), 1, 1))),
                refused(
                        "start = 5",
                        "an index over 5 entries for axis 1 of shape (2, 3), which has 3; both must "
                                + "be equal, give the axis that was indexed",
                        call(
                                "Selection.dynamicSlice(matrix, SoftIndex.of(Tensor.ones(5)), 1, 1)",
                                () -> Selection.dynamicSlice(matrix, SoftIndex.of(Tensor.ones(5)), 1, 1))),
                refused(
                        "starts = 1 start",
                        "dynamicSlice: 1 starts and 1 sizes for values of shape (2, 3); give one of "
                                + "each for every axis",
                        call(
                                "Selection.dynamicSlice(matrix, List.of(index), 1)",
                                () -> Selection.dynamicSlice(matrix, List.of(index), 1))),
                refused(
                        "w = (4)",
                        "shapes (3) and (4) do not broadcast: axis -1 has 3 and 4; dimensions must "
                                + "be equal or 1 (use reshape or expandDims)",
                        call(
                                "soft.projectPermutahedron(vector, Tensor.ones(4))",
                                () -> soft.projectPermutahedron(vector, Tensor.ones(4)))),
                refused(
                        "z or w = scalar",
                        "z or w must be at least a vector, was a scalar; its last axis is projected",
                        call(
                                "soft.projectPermutahedron(scalar, scalar)",
                                () -> soft.projectPermutahedron(scalar, scalar))),
                refused(
                        "w = (4)",
                        "z and w must have one shape, were (3) and (4); broadcastTo gives one the "
                                + "shape of the other",
                        call(
                                "soft.projectPermutahedronSmooth(vector, Tensor.ones(4), 0)",
                                () -> soft.projectPermutahedronSmooth(vector, Tensor.ones(4), 0))),
                refused(
                        "w = ()",
                        "z and w must have one shape, were (3) and (); broadcastTo gives one the "
                                + "shape of the other",
                        call(
                                "soft.projectPermutahedronSmooth(vector, scalar, 0)",
                                () -> soft.projectPermutahedronSmooth(vector, scalar, 0))),
                refused(
                        "cost = (3)",
                        "cost of shape (3) with mu of shape (3) and nu of shape (3); expected (..., "
                                + "n, m), (n) and (m)",
                        call(
                                "soft.projectTransport(vector, vector, vector)",
                                () -> soft.projectTransport(vector, vector, vector))),
                refused(
                        "mu = (3)",
                        "cost of shape (2, 3) with mu of shape (3) and nu of shape (3); expected "
                                + "(..., n, m), (n) and (m)",
                        call(
                                "soft.transportPlan(matrix, vector, vector)",
                                () -> soft.transportPlan(matrix, vector, vector))),
                refused(
                        "nu = (2)",
                        "cost of shape (2, 3) with mu of shape (2) and nu of shape (2); expected "
                                + "(..., n, m), (n) and (m)",
                        call(
                                "soft.logProjectTransport(matrix, Tensor.ones(2), Tensor.ones(2))",
                                () -> soft.logProjectTransport(matrix, Tensor.ones(2), Tensor.ones(2)))));
    }
}
