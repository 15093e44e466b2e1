/*
 * FAST_SOFT_SORT of one row: values are the projection of equally spaced anchors onto the permutahedron of the row,
 * ranks that of the row onto the permutahedron of the ranks, both divided by n - 1.
 *
 * Reference: Blondel, Teboul, Berthet and Djolonga, Fast Differentiable Sorting and Ranking, ICML 2020, equations 5
 * and 6.
 */
#ifndef SOFTGRAD_ORDER_FAST_H
#define SOFTGRAD_ORDER_FAST_H

#include "order_call.h"
#include "standardize.h"

/*
 * The core wants the largest first, equal ones in the order of the row, which is the order of the negated row;
 * descending ranks are the ranks of the negated row, which twice negated is the row.
 */
INLINE double sign_of_keys(const struct order_call *call) {
    return has(call, SOFTGRAD_RANK) && has(call, SOFTGRAD_DESCENDING) ? 1 : -1;
}

INLINE double steps_between(softgrad_count n) {
    return n > 1 ? (double)(n - 1) : 1;
}

/* (smallest + n - 1, .., smallest) / (n - 1): the anchors with smallest = 0, the ranks with 1. */
INLINE void count_down(softgrad_count n, double smallest, double *numbers) {
    double steps = steps_between(n);
    for (softgrad_count k = 0; k < n; k++) {
        numbers[k] = ((double)(n - 1 - k) + smallest) / steps;
    }
}

/* `parts` have the sorted keys in `values`. */
static void fast_forward(const struct order_call *call, const int *order, double *state,
                         const struct order_scratch *parts, void *y) {
    softgrad_count n = call->n, *pools = (softgrad_count *)(state + STATE_NUMBERS);
    int is_standardized = has(call, SOFTGRAD_STANDARDIZE), is_rank = has(call, SOFTGRAD_RANK);
    double *v = parts->values, *s = state + positions_in_state(call), *projected = state + results_in_state(call);
    double *numbers = parts->positions, *y_ascending = parts->results;
    for (softgrad_count k = 0; k < n; k++) {
        v[k] = -v[k];
    }
    struct scale scale = {1, 0, 1};
    if (is_standardized) {
        scale = SOFTGRAD_IN_TIER(squash_row)(n, v, s);
        keep_scale(scale, state);
    } else {
        copy(n, v, s);
    }
    count_down(n, is_rank, numbers);
    SOFTGRAD_IN_TIER(isotonic_f64)(call->regularizer, 1, n, is_rank ? s : numbers, call->softness,
                                   is_rank ? numbers : s, parts->core, projected, pools);
    if (is_rank) {
        scatter(call, order, 0, steps_between(n), projected, y);
        return;
    }
    for (softgrad_count k = 0; is_standardized && k < n; k += LANES) {
        store_up_to(parts->core + k, n - k, unsquashed(load_up_to(projected + k, n - k, 0.5), scale));
    }
    const double *descending = is_standardized ? parts->core : projected;
    softgrad_count begin = first_ascending(call);
    for (softgrad_count i = 0; i < call->count; i++) {
        y_ascending[i] = descending[n - 1 - begin - i];
    }
    write_places(call, y_ascending, 0, y);
}

/* --- the vector-Jacobian product --------------------------------------------------------------------------------- */

struct restored {
    double mean_bar;
    double deviation_bar;
};

/* From cotangents of restored values those of the projection, in place; beyond the margin the values stand still. */
static struct restored pull_restored(softgrad_count n, struct scale scale, const double *projected, double *g) {
    Vector means = broadcast(0), deviations = broadcast(0);
    for (softgrad_count k = 0; k < n; k += LANES) {
        Vector y = load_up_to(projected + k, n - k, 0.5), inside = within_margin(y);
        Vector in_units = load_up_to(g + k, n - k, 0) * scale.unit;
        means += in_units;
        deviations += in_units * logit(inside);
        Vector slope = scale.deviation / (inside * (1.0 - inside));
        store_up_to(g + k, n - k, select((Mask)(inside == y), in_units * slope, in_units * 0.0));
    }
    return (struct restored){sum_of_lanes(means), sum_of_lanes(deviations)};
}

/* The projection depends on z / softness only, and in each pool dz sums to 0, so z is taken from its first. */
static double softness_cotangent(const struct order_call *call, const double *z, const softgrad_count *pools,
                                 const double *dz) {
    Vector sums = broadcast(0);
    for (softgrad_count k = 0; k < call->n; k += LANES) {
        Vector first = broadcast(0);
        for (softgrad_count lane = 0; lane < LANES && k + lane < call->n; lane++) {
            first[lane] = z[pools[k + lane]];
        }
        sums += load_up_to(dz + k, call->n - k, 0) * (load_up_to(z + k, call->n - k, 0) - first);
    }
    return -sum_of_lanes(sums) / call->softness;
}

static void read_cotangents(const struct order_call *call, const int *order, const void *g, double *spare,
                            double *descending) {
    softgrad_count n = call->n, begin = first_ascending(call);
    if (has(call, SOFTGRAD_RANK)) {
        gather(call, order, g, steps_between(n), descending);
        return;
    }
    read_places(call, g, spare);
    fill(n, 0, descending);
    for (softgrad_count i = 0; i < call->count; i++) {
        descending[n - 1 - begin - i] = spare[i];
    }
}

static double fast_pull(const struct order_call *call, const void *x, const int *order, const double *state,
                        const struct order_scratch *parts, const void *g, void *dx) {
    softgrad_count n = call->n;
    const softgrad_count *pools = (const softgrad_count *)(state + STATE_NUMBERS);
    int is_standardized = has(call, SOFTGRAD_STANDARDIZE), is_rank = has(call, SOFTGRAD_RANK);
    const double *s = state + positions_in_state(call), *projected = state + results_in_state(call);
    double *numbers = parts->positions, *g_sorted = parts->cotangents, *dz = parts->results, *dw = parts->core;
    struct restored restored = {0, 0};
    read_cotangents(call, order, g, parts->core, g_sorted);
    if (is_standardized && !is_rank) {
        restored = pull_restored(n, scale_in(state), projected, g_sorted);
    }
    count_down(n, is_rank, numbers);
    SOFTGRAD_IN_TIER(isotonic_vjp_f64)(call->regularizer, 1, n, is_rank ? numbers : s, call->softness, projected, pools,
                                       g_sorted, dz, dw);
    double dsoftness = softness_cotangent(call, is_rank ? s : numbers, pools, dz);
    double *s_bar = is_rank ? dz : dw;
    if (is_standardized) {
        gather(call, order, x, -sign_of_keys(call), parts->values);
        SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_in(state), parts->values, s, restored.mean_bar,
                                         restored.deviation_bar, s_bar);
    }
    scatter(call, order, 0, -sign_of_keys(call), s_bar, dx);
    return dsoftness;
}

#endif
