/*
 * One call of softgrad_order or its product, and the moves between a row as the caller has it and the order that the
 * cores work in. Numbers of the caller are double or float; everything else is double.
 */
#ifndef SOFTGRAD_ORDER_CALL_H
#define SOFTGRAD_ORDER_CALL_H

#include "order_layout.h"
#include "vector.h"

struct order_call {
    int method;
    int regularizer;
    int options;
    int is_float;
    softgrad_count n;
    softgrad_count first;
    softgrad_count count;
    double softness;
};

INLINE int has(const struct order_call *call, int option) {
    return (call->options & option) != 0;
}

/* The place of the ascending order where the first of the ascending places asked for is. */
INLINE softgrad_count first_ascending(const struct order_call *call) {
    return has(call, SOFTGRAD_DESCENDING) ? call->n - call->first - call->count : call->first;
}

INLINE const void *row_at(const struct order_call *call, const void *numbers, softgrad_count at) {
    return call->is_float ? (const void *)((const float *)numbers + at) : (const void *)((const double *)numbers + at);
}

INLINE double number_at(const struct order_call *call, const void *numbers, softgrad_count i) {
    return call->is_float ? (double)((const float *)numbers)[i] : ((const double *)numbers)[i];
}

INLINE void put_number(const struct order_call *call, void *numbers, softgrad_count i, double value) {
    if (call->is_float) {
        ((float *)numbers)[i] = (float)value;
    } else {
        ((double *)numbers)[i] = value;
    }
}

/* sign * row, as doubles: the row itself where that is what it is. */
INLINE const double *doubles_of(const struct order_call *call, const void *row, double sign, double *buffer) {
    if (!call->is_float && sign > 0) {
        return row;
    }
    for (softgrad_count i = 0; i < call->n; i++) {
        buffer[i] = sign * number_at(call, row, i);
    }
    return buffer;
}

INLINE void put_numbers(const struct order_call *call, const double *numbers, void *row) {
    for (softgrad_count i = 0; i < call->n; i++) {
        put_number(call, row, i, numbers[i]);
    }
}

/* sorted[k] = sign * row[order[k]] */
INLINE void gather(const struct order_call *call, const int *order, const void *row, double sign, double *sorted) {
    for (softgrad_count k = 0; k < call->n; k++) {
        sorted[k] = sign * number_at(call, row, order[k]);
    }
}

/* row[order[k]] = offset + sign * sorted[k] */
INLINE void scatter(const struct order_call *call, const int *order, double offset, double sign, const double *sorted,
                    void *row) {
    for (softgrad_count k = 0; k < call->n; k++) {
        put_number(call, row, order[k], offset + sign * sorted[k]);
    }
}

/* Places of ascending[0 .. count - 1], which start with the smallest asked for, in the order asked for; and back. */
INLINE void write_places(const struct order_call *call, const double *ascending, double offset, void *y) {
    softgrad_count last = call->count - 1;
    for (softgrad_count i = 0; i <= last; i++) {
        put_number(call, y, i, offset + ascending[has(call, SOFTGRAD_DESCENDING) ? last - i : i]);
    }
}

INLINE void read_places(const struct order_call *call, const void *g, double *ascending) {
    softgrad_count last = call->count - 1;
    for (softgrad_count i = 0; i <= last; i++) {
        ascending[has(call, SOFTGRAD_DESCENDING) ? last - i : i] = number_at(call, g, i);
    }
}

INLINE void fill(softgrad_count n, double value, double *numbers) {
    for (softgrad_count i = 0; i < n; i++) {
        numbers[i] = value;
    }
}

INLINE void copy(softgrad_count n, const double *from, double *to) {
    for (softgrad_count i = 0; i < n; i++) {
        to[i] = from[i];
    }
}

/* --- the state of a row ------------------------------------------------------------------------------------------ */

INLINE struct scale scale_in(const double *state) {
    return (struct scale){state[STATE_UNIT], state[STATE_MEAN], state[STATE_DEVIATION]};
}

INLINE void keep_scale(struct scale scale, double *state) {
    state[STATE_UNIT] = scale.unit;
    state[STATE_MEAN] = scale.mean;
    state[STATE_DEVIATION] = scale.deviation;
}

INLINE softgrad_count positions_in_state(const struct order_call *call) {
    return STATE_NUMBERS + core_state_of(call->method, call->n);
}

INLINE softgrad_count results_in_state(const struct order_call *call) {
    return positions_in_state(call) + call->n;
}

#endif
