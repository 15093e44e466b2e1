/* SoftSort in the sorted frame, for one tier: the entropy is in soft_sort_smooth.h, norms in soft_sort_sparse.h. */
#include "arguments.h"
#include "order_rows.h"
#include "soft_sort_smooth.h"
#include "soft_sort_sparse.h"

void SOFTGRAD_IN_TIER(soft_sort_row)(int regularizer, softgrad_count n, const double *s, const double *v,
                                     double softness, double *shift, double *state, double *scratch) {
    const double scale = reciprocal_of(softness);
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: sparse_row(1, n, s, v, scale, shift, state); break;
        case SOFTGRAD_NORM_3_2: sparse_row(2, n, s, v, scale, shift, state); break;
        case SOFTGRAD_NORM_4_3: sparse_row(3, n, s, v, scale, shift, state); break;
        default: smooth_row(n, s, v, scale, shift, state, scratch);
    }
}

double SOFTGRAD_IN_TIER(soft_sort_pull)(int regularizer, softgrad_count n, const double *s, const double *v,
                                        double softness, const double *shift, const double *state, const double *g,
                                        double *v_bar, double *s_bar, double *scratch) {
    const double scale = reciprocal_of(softness);
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: return sparse_pull(1, n, s, v, scale, state, g, v_bar, s_bar);
        case SOFTGRAD_NORM_3_2: return sparse_pull(2, n, s, v, scale, state, g, v_bar, s_bar);
        case SOFTGRAD_NORM_4_3: return sparse_pull(3, n, s, v, scale, state, g, v_bar, s_bar);
        default: return smooth_pull(n, s, v, scale, shift, state, g, v_bar, s_bar, scratch);
    }
}
