package io.github.softgrad.examples;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Method;
import io.github.softgrad.SafeMath;
import io.github.softgrad.Selection;
import io.github.softgrad.Soft;
import io.github.softgrad.SoftIndex;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.function.Function;

/// The paper's case study: four of a convex polygon's vertices that span a large contact patch, as a rigid-body
/// simulator chooses them.
///
/// *Reference*: arXiv 2603.08824, section 6; the algorithm is that of MuJoCo XLA's manifold points.
///
/// @param mask 1 for the vertices that are in contact, 0 for the others, which are pushed down
/// @param normal the normal of the contact plane
public record ContactManifold(Tensor mask, Tensor normal) {
    private static final double PUSH = 1e6;

    /// Which vertices are chosen, and how the chosen patch would grow: hard indices have no slope, soft ones
    /// mix far vertices into the patch, and straight-through around the whole program gives the hard patch a
    /// slope.
    public static void main(String... arguments) {
        System.out.println(Backend.report());
        Tensor polygon = Tensor.of(new double[][] {
            {-0.88, 0.46, 0}, {-0.96, 0.40, 0}, {-0.97, -0.28, 0}, {-1.09, -0.35, 0},
            {-0.86, -0.65, 0}, {-0.62, -0.80, 0}, {-0.23, -1.02, 0}, {0.80, -0.65, 0}
        });
        ContactManifold manifold = new ContactManifold(Tensor.of(1, 1, 1, 1, 1, 0, 1, 0), Tensor.of(0, 0, 1));
        // Standardized, the vertices that are pushed down would set the scale, and the others would look alike.
        Soft soft =
                Soft.smooth().method(new Method.SoftSort()).standardize(false).softness(0.1);
        System.out.println();
        System.out.println("Four contact points of a polygon with 8 vertices, 6 of them in contact");
        System.out.printf("%-18s%-28s%s%n", "", "points", "slope of the patch's spread along the vertices");
        print("hard", polygon, p -> manifold.indices(Soft.hard(), p));
        print("soft", polygon, p -> manifold.indices(soft, p));
        print("straight-through", polygon, soft.<Tensor>straightThrough(manifold::indices));
    }

    private static void print(String name, Tensor polygon, Function<Tensor, Tensor> indices) {
        Tensor chosen = indices.apply(polygon);
        double[] points = chosen.matmul(Tensor.range(polygon.dim(0))).toDoubles();
        Tensor slope = Autodiff.grad(
                p -> indices.apply(p)
                        .matmul(Autodiff.stopGradient(polygon))
                        .square()
                        .sum(),
                polygon);
        String text = Arrays.stream(points)
                .mapToObj(point -> String.format("%.2f", point))
                .toList()
                .toString();
        System.out.printf("%-18s%-28s%.4g%n", name, text, SafeMath.norm(slope).item());
    }

    /// The four indices (4, n) for the vertices (n, 3).
    public Tensor indices(Soft soft, Tensor polygon) {
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
