/*
 * Where things lie in the state and the scratch memory of softgrad_order, for one row that does not go through lanes.
 * Everything is counted in doubles.
 */
#ifndef SOFTGRAD_ORDER_LAYOUT_H
#define SOFTGRAD_ORDER_LAYOUT_H

#include "order_rows.h"

/* The state of a row: some numbers, the state of the method's core, the positions s, and the result of the core. */
enum { STATE_UNIT, STATE_MEAN, STATE_DEVIATION, STATE_IS_FINITE, STATE_NUMBERS = 8 };

/*
 * What the core of a method keeps: FAST_SOFT_SORT the pools of several elements, and short rows have room for what lanes
 * keep instead.
 */
static inline softgrad_count core_state_of(int method, softgrad_count n) {
    if (method == SOFTGRAD_FAST_SOFT_SORT && n > SOFTGRAD_LANES_LENGTH) {
        return n / 2;
    }
    softgrad_count vectors = method == SOFTGRAD_NEURAL_SORT ? NEURAL_SORT_STATE
                             : method == SOFTGRAD_SOFT_SORT ? SOFT_SORT_STATE
                                                            : 2;
    return vectors * (n + ORDER_PADDING);
}

static inline softgrad_count state_of_row(int method, softgrad_count n) {
    return STATE_NUMBERS + core_state_of(method, n) + 2 * n;
}

/* The first or the last place of SOFT_SORT alone, which needs no order, nor lanes. */
static inline int is_extreme_place(int method, softgrad_count n, softgrad_count first, softgrad_count count) {
    return method == SOFTGRAD_SOFT_SORT && count == 1 && (first == 0 || first == n - 1);
}

/* Whether it is computed in float; see extreme_f32.c. */
static inline int is_float_extreme(int regularizer, int is_float) {
    return regularizer == SOFTGRAD_ENTROPY && is_float;
}

/* In double it keeps the positions and for a value the weights too. */
static inline softgrad_count state_of_extreme(int is_index, int regularizer, int is_float, softgrad_count n) {
    return STATE_NUMBERS + (is_float_extreme(regularizer, is_float) ? 0 : is_index ? n : 2 * n);
}

/* The parts of the scratch memory, the first two for callers that do not keep order and state. */
struct order_scratch {
    int *order;
    double *state;
    double *values; /* in the order of the row, like all that follow */
    double *positions;
    double *results;
    double *cotangents; /* before the product: the row as it is sorted, where that is not as it came */
    double *core;
};

enum { ORDER_VECTORS = 4 };

/* Cores, too, may store whole vectors past the end. */
static inline softgrad_count core_scratch_of(int method, softgrad_count n) {
    const softgrad_count isotonic = SOFTGRAD_ISOTONIC_SCRATCH / (softgrad_count)sizeof(double);
    softgrad_count vectors = method == SOFTGRAD_FAST_SOFT_SORT ? isotonic
                             : method == SOFTGRAD_NEURAL_SORT  ? NEURAL_SORT_SCRATCH
                                                               : SOFT_SORT_SCRATCH;
    return vectors * (n + ORDER_PADDING) + ORDER_PADDING;
}

static inline struct order_scratch order_scratch_in(double *scratch, int method, softgrad_count n, int keeps_state) {
    softgrad_count vector = n + ORDER_PADDING;
    struct order_scratch parts;
    parts.order = (int *)scratch;
    parts.state = scratch + vector / 2;
    parts.values = keeps_state ? scratch : parts.state + state_of_row(method, n);
    parts.positions = parts.values + vector;
    parts.results = parts.positions + vector;
    parts.cotangents = parts.results + vector;
    parts.core = parts.cotangents + vector;
    return parts;
}

static inline softgrad_count scratch_of_row(int method, softgrad_count n, int keeps_state) {
    softgrad_count vector = n + ORDER_PADDING;
    return (keeps_state ? 0 : vector / 2 + state_of_row(method, n)) + ORDER_VECTORS * vector + core_scratch_of(method, n);
}

#endif
