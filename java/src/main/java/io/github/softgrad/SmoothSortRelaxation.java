package io.github.softgrad;

import java.util.Arrays;

/// Sorting and ranking by [SmoothMajorization]: sorting projects the order of the places onto the permutahedron
/// of the entries, ranking that of the entries onto the permutahedron of the places. Rows are never
/// standardized.
///
/// *Reference*: arXiv 2603.08824, section 4; Blondel et al., Fast differentiable sorting and ranking, ICML
/// 2020, for sorting and ranking as projections.
final class SmoothSortRelaxation implements ValueRelaxation {
    private final Settings settings;

    SmoothSortRelaxation(Settings settings) {
        settings.requireSmooth("SmoothSort");
        this.settings = settings;
    }

    @Override
    public Tensor sort(Tensor rows, Order order) {
        int n = rows.dim(-1);
        Tensor ascending = places(rows, n, 0);
        Tensor z = order == Order.ASCENDING ? ascending : ascending.flip(-1);
        return project(z, rows);
    }

    @Override
    public Tensor rank(Tensor rows, Order order) {
        int n = rows.dim(-1);
        if (n == 1) {
            return rows.times(0).plus(1);
        }
        Tensor z = order == Order.ASCENDING ? rows : rows.unaryMinus();
        return project(z, places(rows, n, 1)).times(n - 1);
    }

    /// The numbers w of each row softly sorted into the order of z.
    Tensor project(Tensor z, Tensor w) {
        return SmoothMajorization.project(z, w, settings.scalarSoftness());
    }

    static void requireSameShape(Tensor z, Tensor w) {
        if (!Arrays.equals(z.shape(), w.shape())) {
            throw new IllegalArgumentException("z and w must have one shape, were " + Shapes.text(z.shape()) + " and "
                    + Shapes.text(w.shape()) + "; broadcastTo gives one the shape of the other");
        }
    }

    /// For each row the numbers (j + first) / (n - 1), j from 0 to n - 1.
    private static Tensor places(Tensor rows, int n, int first) {
        Tensor places = Tensor.range(n).plus(first).div(Math.max(n - 1, 1));
        return places.broadcastTo(rows.shape());
    }
}
