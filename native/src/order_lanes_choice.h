/*
 * Which rows go through SIMD lanes, and the state that they keep: known to the lanes, to the driver and to whoever asks
 * for sizes.
 */
#ifndef SOFTGRAD_ORDER_LANES_CHOICE_H
#define SOFTGRAD_ORDER_LANES_CHOICE_H

#include "softgrad.h"

/* WIDENED: rows of float in lanes of double. */
enum order_lanes { NO_LANES, LANES_F64, LANES_F32, LANES_WIDENED };

/* Beyond these lengths NeuralSort is faster row by row, and float not accurate enough beyond the first. */
enum { NEURAL_SORT_LENGTH = 32, STANDARDIZED_NEURAL_SORT_LENGTH = 64 };

/* Of method, regularizer, options and n alone, so that the bits of a row do not depend on its neighbours. */
static inline enum order_lanes order_lanes_of(int method, int regularizer, int options, int is_float,
                                              softgrad_count n) {
    if (n > SOFTGRAD_LANES_LENGTH) {
        return NO_LANES;
    }
    const enum order_lanes own = is_float ? LANES_F32 : LANES_F64;
    switch (method) {
        case SOFTGRAD_SOFT_SORT: return regularizer == SOFTGRAD_ENTROPY ? own : NO_LANES;
        case SOFTGRAD_FAST_SOFT_SORT:
            return regularizer == SOFTGRAD_ENTROPY || regularizer == SOFTGRAD_SQUARED_EUCLIDEAN ? own : NO_LANES;
        case SOFTGRAD_NEURAL_SORT:
            if (regularizer != SOFTGRAD_ENTROPY ||
                n > (options & SOFTGRAD_STANDARDIZE ? STANDARDIZED_NEURAL_SORT_LENGTH : NEURAL_SORT_LENGTH)) {
                return NO_LANES;
            }
            return n > NEURAL_SORT_LENGTH && is_float ? LANES_WIDENED : own;
        default: return NO_LANES;
    }
}

/* Doubles of state for each row: four vectors of its length and four numbers, in the format of the lanes. */
static inline softgrad_count order_lanes_state(enum order_lanes lanes, softgrad_count n) {
    return lanes == LANES_F32 ? 2 * n + 2 : 4 * n + 4;
}

#endif
