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

/* scratch: n */
static void extreme_matrix(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                           double *scratch) {
    double *weights = matrix->is_float ? matrix->buffer : matrix->p;
    const struct extreme_row row =
        extreme_row_of(given->n, regularizer, sign_of_extreme(matrix), given->scale, given->s, weights);
    const double share = 1.0 / weigh_scores(&row, scratch);
    for (softgrad_count i = 0; i < given->n; i += LANES) {
        const Vector p = share_from(&row, i) * share;
        if (matrix->is_float) {
            store_floats_up_to((float *)matrix->p + i, given->n - i, p);
        } else {
            store_up_to(weights + i, given->n - i, p);
        }
    }
}

/* bar receives the cotangent of s. Returns the sum of s s_bar but for the factor, without what cancels in it. Where
   nothing weighs, distances may be infinite. weights: n + ORDER_PADDING */
INLINE double extreme_index_pull(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                                 const void *entries, const void *cotangents, double factor, double *bar,
                                 double *weights) {
    const softgrad_count n = given->n;
    const double sign = sign_of_extreme(matrix), top = largest_times(n, sign, given->s);
    const double *p = read_row(matrix, entries, 0, 0), *g = read_row(matrix, cotangents, 0, 1);
    const double mean = weighted_mean_of(regularizer, n, p, g, 0, weights);
    const double rest = weighted_mean_of(regularizer, n, p, g, mean, weights);
    const double *weight = regularizer == SOFTGRAD_ENTROPY ? p : weights;
    Vector moment = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        const Vector own = load_up_to(weight + i, n - i, 0), s = load_up_to(given->s + i, n - i, 0);
        const Vector part = own * ((load_up_to(g + i, n - i, 0) - mean) - rest);
        moment += select((Mask)(own > 0), part * (sign * s - top), broadcast(0));
        store_f64(bar + i, (sign * factor) * part);
    }
    return sum_of_lanes(moment);
}

#endif
