/* SOFT_SORT and NEURAL_SORT of one row: from the row as it came to the cores in its order, and back. */
#ifndef SOFTGRAD_ORDER_SCORES_H
#define SOFTGRAD_ORDER_SCORES_H

#include "order_call.h"

/*
 * Where columns have next to no mass, NeuralSort's descending ranks are not the ascending ones counted from the end;
 * they are always the ascending ranks of the negated row.
 */
INLINE double sign_of_scores(const struct order_call *call) {
    int is_negated =
        call->method == SOFTGRAD_NEURAL_SORT && has(call, SOFTGRAD_RANK) && has(call, SOFTGRAD_DESCENDING);
    return is_negated ? -1 : 1;
}

/* From ascending ranks of SoftSort to those asked for: rank, or n + 1 - rank. */
INLINE double sign_of_ranks(const struct order_call *call) {
    return call->method == SOFTGRAD_SOFT_SORT && has(call, SOFTGRAD_DESCENDING) ? -1 : 1;
}

/* The middle of the range of an ascending row, which may be as wide as the doubles. */
INLINE double middle_of(softgrad_count n, const double *ascending) {
    return 0.5 * ascending[0] + 0.5 * ascending[n - 1];
}

/* Rows of weights have the sum 1: a constant taken off the values comes back whole, and costs no digits on the way. */
INLINE double centre(softgrad_count n, double *ascending) {
    double middle = middle_of(n, ascending);
    for (softgrad_count k = 0; k < n; k++) {
        ascending[k] -= middle;
    }
    return middle;
}

INLINE void count_from_one(softgrad_count n, double *places) {
    for (softgrad_count k = 0; k < n; k++) {
        places[k] = (double)(k + 1);
    }
}

/* --- forward ----------------------------------------------------------------------------------------------------- */

/* What a row has while it is worked on; positions are the values where the row is not standardized. */
struct scores_row {
    const int *order;
    double *v;
    double *s;
    double *state; /* of the core */
    double *result;
    double *places; /* shares memory with v_bar, which ranks have not */
    double *core;
};

static void soft_values(const struct order_call *call, const struct scores_row *row, void *y) {
    softgrad_count begin = first_ascending(call);
    SOFTGRAD_IN_TIER(soft_sort_row)(call->regularizer, call->n, row->s, row->v, call->softness, row->result,
                                    row->state, row->core);
    for (softgrad_count i = 0; i < call->count; i++) {
        row->core[i] = row->v[begin + i] + row->result[begin + i];
    }
    write_places(call, row->core, 0, y);
}

static void soft_ranks(const struct order_call *call, const struct scores_row *row, void *y) {
    softgrad_count n = call->n;
    double sign = sign_of_ranks(call);
    count_from_one(n, row->places);
    SOFTGRAD_IN_TIER(soft_sort_row)(call->regularizer, n, row->s, row->places, call->softness, row->result, row->state,
                                    row->core);
    for (softgrad_count k = 0; k < n; k++) {
        row->core[k] = row->places[k] + row->result[k];
    }
    scatter(call, row->order, sign > 0 ? 0 : (double)(n + 1), sign, row->core, y);
}

static void neural_values(const struct order_call *call, const struct scores_row *row, void *y) {
    double middle = centre(call->n, row->v);
    SOFTGRAD_IN_TIER(neural_sort_row)(call->regularizer, call->n, first_ascending(call), call->count, row->s, row->v,
                                      call->softness, row->result, row->state, row->core);
    write_places(call, row->result, middle, y);
}

static void neural_ranks(const struct order_call *call, const struct scores_row *row, void *y) {
    centre(call->n, row->v); /* which are the positions of a row that is not standardized */
    SOFTGRAD_IN_TIER(neural_sort_rank_row)(call->regularizer, call->n, row->s, call->softness, row->result, row->state,
                                           row->core);
    scatter(call, row->order, 0, 1, row->result, y);
}

/* `parts` have the sorted row in `values`. */
static void scores_forward(const struct order_call *call, const int *order, double *state,
                           const struct order_scratch *parts, void *y) {
    struct scores_row row = {order, parts->values, parts->values, state + STATE_NUMBERS, parts->results,
                             parts->cotangents, parts->core};
    int is_standardized = has(call, SOFTGRAD_STANDARDIZE);
    if (is_standardized) {
        row.s = parts->positions;
        keep_scale(SOFTGRAD_IN_TIER(squash_row)(call->n, row.v, row.s), state);
    }
    switch (call->method * 2 + has(call, SOFTGRAD_RANK)) {
        case SOFTGRAD_SOFT_SORT * 2: soft_values(call, &row, y); break;
        case SOFTGRAD_SOFT_SORT * 2 + 1: soft_ranks(call, &row, y); break;
        case SOFTGRAD_NEURAL_SORT * 2: neural_values(call, &row, y); break;
        default: neural_ranks(call, &row, y);
    }
    if (is_standardized) {
        copy(call->n, row.s, state + positions_in_state(call));
    }
    copy(has(call, SOFTGRAD_RANK) || call->method == SOFTGRAD_SOFT_SORT ? call->n : call->count, row.result,
         state + results_in_state(call));
}

/* --- the vector-Jacobian product --------------------------------------------------------------------------------- */

struct scores_pull {
    const int *order;
    double *v;
    const double *s;
    const double *state; /* of the core */
    const double *result;
    double *places; /* shares memory with v_bar, which ranks have not */
    double *g;
    double *v_bar;
    double *s_bar; /* null where it is not wanted */
    double *core;
};

static double pull_soft_values(const struct order_call *call, const struct scores_pull *row, const void *g) {
    softgrad_count begin = first_ascending(call), end = begin + call->count;
    fill(begin, 0, row->g);
    read_places(call, g, row->g + begin);
    fill(call->n - end, 0, row->g + end);
    return SOFTGRAD_IN_TIER(soft_sort_pull)(call->regularizer, call->n, row->s, row->v, call->softness, row->result,
                                            row->state, row->g, row->v_bar, row->s_bar, row->core);
}

static double pull_soft_ranks(const struct order_call *call, const struct scores_pull *row, const void *g) {
    gather(call, row->order, g, sign_of_ranks(call), row->g);
    count_from_one(call->n, row->places);
    return SOFTGRAD_IN_TIER(soft_sort_pull)(call->regularizer, call->n, row->s, row->places, call->softness,
                                            row->result, row->state, row->g, 0, row->s_bar, row->core);
}

static double pull_neural_values(const struct order_call *call, const struct scores_pull *row, const void *g) {
    centre(call->n, row->v);
    read_places(call, g, row->g);
    return SOFTGRAD_IN_TIER(neural_sort_pull)(call->regularizer, call->n, first_ascending(call), call->count, row->s,
                                              row->v, call->softness, row->result, row->state, row->g, row->v_bar,
                                              row->s_bar, row->core);
}

static double pull_neural_ranks(const struct order_call *call, const struct scores_pull *row, const void *g) {
    centre(call->n, row->v);
    gather(call, row->order, g, 1, row->g);
    return SOFTGRAD_IN_TIER(neural_sort_rank_pull)(call->regularizer, call->n, row->s, call->softness, row->result,
                                                   row->state, row->g, row->s_bar, row->core);
}

static double pull_core(const struct order_call *call, const struct scores_pull *row, const void *g) {
    switch (call->method * 2 + has(call, SOFTGRAD_RANK)) {
        case SOFTGRAD_SOFT_SORT * 2: return pull_soft_values(call, row, g);
        case SOFTGRAD_SOFT_SORT * 2 + 1: return pull_soft_ranks(call, row, g);
        case SOFTGRAD_NEURAL_SORT * 2: return pull_neural_values(call, row, g);
        default: return pull_neural_ranks(call, row, g);
    }
}

/*
 * The power of two that huge values are divided by while NeuralSort sums their products with places and slopes, which
 * would overflow: the cotangent of the positions is as much smaller until it has come back to the row.
 */
static double unit_of_values(const struct order_call *call, const double *state) {
    int is_divided = call->method == SOFTGRAD_NEURAL_SORT && has(call, SOFTGRAD_STANDARDIZE) &&
                     !has(call, SOFTGRAD_RANK) && state[STATE_UNIT] > 0x1p+300;
    return is_divided ? state[STATE_UNIT] : 1;
}

/* Ranks have no path through the values, and values that are ungated none through the positions. */
static double scores_pull(const struct order_call *call, const void *x, const int *order, const double *state,
                          const struct order_scratch *parts, const void *g, void *dx) {
    softgrad_count n = call->n;
    int is_standardized = has(call, SOFTGRAD_STANDARDIZE), is_rank = has(call, SOFTGRAD_RANK);
    int is_gated = is_rank || !has(call, SOFTGRAD_UNGATED);
    double sign = sign_of_scores(call), *v = parts->values, *v_bar = parts->positions, *s_bar = parts->results;
    const double *s = is_standardized ? state + positions_in_state(call) : v;
    struct scores_pull row = {order, v, s, state + STATE_NUMBERS, state + results_in_state(call), v_bar,
                              parts->cotangents, v_bar, is_gated ? s_bar : 0, parts->core};
    double unit = unit_of_values(call, state);
    gather(call, order, x, sign / unit, v);
    double dsoftness = pull_core(call, &row, g) * unit;
    if (is_gated && is_standardized) {
        gather(call, order, x, sign, v);
        SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_in(state), v, s, 0, 0, s_bar);
    }
    if (is_gated && !is_rank) {
        for (softgrad_count k = 0; k < n; k++) {
            v_bar[k] += s_bar[k] * unit;
        }
    }
    scatter(call, order, 0, sign, is_rank ? s_bar : v_bar, dx);
    return dsoftness;
}

#endif
