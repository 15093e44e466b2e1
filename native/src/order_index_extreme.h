/* The index of the largest or the smallest entry by SOFT_SORT, which needs no order; see extreme_weights.h. */
#ifndef SOFTGRAD_ORDER_INDEX_EXTREME_H
#define SOFTGRAD_ORDER_INDEX_EXTREME_H

#include "extreme_weights.h"
#include "order_index_pull.h"

INLINE double sign_of_extreme(const struct index_matrix *matrix) {
    return matrix->low > 0 ? 1 : -1;
}

/* Elements that are infinitely far from the extreme have no share. */
static int has_extreme(softgrad_count n, double sign, const double *x) {
    const Vector farthest = broadcast(-__builtin_inf());
    Vector largest = farthest, rest = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        const Vector position = sign * load_up_to(x + i, n - i, x[0]);
        rest += select((Mask)(position == farthest), broadcast(0), position) * 0.0;
        largest = larger(largest, position);
    }
    return sum_of_lanes(rest) == 0 && largest_lane(largest) > -__builtin_inf();
}

/*
 * One row; `scale` receives how it was standardized, s the positions. Returns whether it has an extreme and, if it is
 * standardized, is finite. scratch: n
 */
static int extreme_matrix(int regularizer, int is_standardized, double softness, const struct index_matrix *matrix,
                          const double *x, struct scale *scale, double *s, double *scratch) {
    struct squash squash = {.scale = {1, 0, 1}};
    struct extreme_row row = {.n = matrix->n,
                              .power = regularizer,
                              .sign = sign_of_extreme(matrix),
                              .scale = reciprocal_of(softness),
                              .s = s,
                              .weights = matrix->is_float ? matrix->buffer : matrix->p};
    if (is_standardized) {
        squash = SOFTGRAD_IN_TIER(squash_of)(row.n, x);
    }
    if (is_standardized ? squash.offset - squash.offset != 0 : !has_extreme(row.n, row.sign, x)) {
        return 0;
    }
    const double share = 1.0 / weigh_row(&row, is_standardized ? &squash : 0, x, s, scratch);
    for (softgrad_count i = 0; i < row.n; i += LANES) {
        const Vector p = share_from(&row, i) * share;
        if (matrix->is_float) {
            store_floats_up_to((float *)matrix->p + i, row.n - i, p);
        } else {
            store_up_to(row.weights + i, row.n - i, p);
        }
    }
    *scale = squash.scale;
    return 1;
}

/* bar receives the cotangent of s. Returns the sum of s s_bar but for the factor, without what cancels in it. Where
   nothing weighs, distances may be infinite. weights: n + ORDER_PADDING */
INLINE double extreme_index_pull(int regularizer, double sign, softgrad_count n, const double *s, const double *p,
                                 const double *g, double factor, double *bar, double *weights) {
    const double top = largest_times(n, sign, s), mean = weighted_mean_of(regularizer, n, p, g, 0, weights);
    const double rest = weighted_mean_of(regularizer, n, p, g, mean, weights); /* what rounding left of it */
    const double *own = regularizer == SOFTGRAD_ENTROPY ? p : weights;
    Vector moment = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        const Vector weight = load_up_to(own + i, n - i, 0), position = load_up_to(s + i, n - i, 0);
        const Vector part = weight * ((load_up_to(g + i, n - i, 0) - mean) - rest);
        moment += select((Mask)(weight > 0), part * (sign * position - top), broadcast(0));
        store_up_to(bar + i, n - i, (sign * factor) * part);
    }
    return sum_of_lanes(moment);
}

#endif
