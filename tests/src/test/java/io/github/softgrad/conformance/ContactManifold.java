package io.github.softgrad.conformance;

import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;

/// The paper's case study: four of a convex polygon's vertices that span a large contact patch, as a rigid-body
/// simulator chooses them.
///
/// *Reference*: arXiv 2603.08824, section 6; the algorithm is that of MuJoCo XLA's manifold points.
///
/// @param mask 1 for the vertices that are in contact, 0 for the others, which are pushed down
/// @param normal the normal of the contact plane
record ContactManifold(Tensor mask, Tensor normal) {
    private static final double PUSH = 1e6;

    /// The four indices (4, n) for the vertices (n, 3).
    Tensor indices(Soft soft, Tensor polygon) {
        int n = polygon.dim(0);
        Tensor pushed = mask.minus(1).times(PUSH);
        SoftIndex first = soft.argmax(pushed.minus(Tensor.range(n).times(0.1)));
        Tensor a = vertex(polygon, first);
        Tensor fromA = a.minus(polygon);
        SoftIndex second = soft.argmax(fromA.square().sum(1).plus(pushed));
        Tensor b = vertex(polygon, second);
        SoftIndex third = soft.argmax(distance(soft, fromA, a.minus(b)).plus(pushed));
        Tensor c = vertex(polygon, third);
        Tensor fromB = b.minus(polygon);
        Tensor sum = distance(soft, fromB, b.minus(c)).plus(distance(soft, fromA, a.minus(c)));
        SoftIndex fourth = soft.argmax(sum.plus(pushed.times(2)));
        return Tensor.stack(
                0, first.probabilities(), second.probabilities(), third.probabilities(), fourth.probabilities());
    }

    private static Tensor vertex(Tensor polygon, SoftIndex index) {
        return Selection.dynamicIndex(polygon, index, 0);
    }

    /// How far each vertex lies from the line along an edge, in the contact plane, up to the edge's length.
    private Tensor distance(Soft soft, Tensor offsets, Tensor edge) {
        return soft.abs(offsets.matmul(cross(normal, edge)));
    }

    private static Tensor cross(Tensor u, Tensor v) {
        int[] next = {1, 2, 0};
        int[] last = {2, 0, 1};
        return u.take(next, 0).times(v.take(last, 0)).minus(u.take(last, 0).times(v.take(next, 0)));
    }
}
