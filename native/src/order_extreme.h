/*
 * The largest or the smallest value of one row by SOFT_SORT, and its product, with the weights of extreme_weights.h.
 */
#ifndef SOFTGRAD_ORDER_EXTREME_H
#define SOFTGRAD_ORDER_EXTREME_H

#include "extreme_weights.h"
#include "order_call.h"
#include "standardize.h"

/* In the state beside the numbers of every row: the sum of the weights, the value, and what it is multiplied with. */
enum { STATE_MASS = STATE_IS_FINITE + 1, STATE_VALUE, STATE_UNIT_OF_VALUES };

INLINE int is_extreme(const struct order_call *call) {
    return !has(call, SOFTGRAD_RANK) && is_extreme_place(call->method, call->n, call->first, call->count);
}

INLINE double sign_of_extreme(const struct order_call *call) {
    return first_ascending(call) > 0 ? 1 : -1;
}

INLINE int is_in_float(const struct order_call *call) {
    return is_float_extreme(call->regularizer, call->is_float);
}

static struct extreme_task extreme_task_of(const struct order_call *call) {
    return (struct extreme_task){call->n, sign_of_extreme(call), call->softness, has(call, SOFTGRAD_STANDARDIZE), 0};
}

struct extreme_values {
    struct extreme_row row;
    const double *x;
    double unit; /* values are multiplied with it, so that no difference overflows */
};

INLINE Vector values_from(const struct extreme_values *of, softgrad_count i, double origin) {
    return load_up_to(of->x + i, of->row.n - i, 0) * of->unit - origin;
}

static double *extreme_positions_in(const struct order_call *call, double *state) {
    return state + STATE_NUMBERS + call->n;
}

/* What is known of a row before its top and its unit. */
static struct extreme_values extreme_values_of(const struct order_call *call, const double *x, double *state) {
    return (struct extreme_values){.row = {.n = call->n,
                                           .power = call->regularizer,
                                           .sign = sign_of_extreme(call),
                                           .scale = reciprocal_of(call->softness),
                                           .s = extreme_positions_in(call, state),
                                           .weights = state + STATE_NUMBERS},
                                   .x = x,
                                   .unit = 1};
}

/* Returns whether the row is finite. */
static int extreme_forward(const struct order_call *call, const void *x, double *state,
                           const struct order_scratch *parts, void *y) {
    const softgrad_count n = call->n;
    const int is_standardized = has(call, SOFTGRAD_STANDARDIZE);
    const double *values = doubles_of(call, x, 1, parts->values);
    struct extreme_values of = extreme_values_of(call, values, state);
    struct squash squash = {.offset = 0};
    if (is_standardized) {
        squash = SOFTGRAD_IN_TIER(squash_of)(n, values);
        keep_scale(squash.scale, state);
    }
    if (is_standardized ? squash.offset - squash.offset != 0 : !is_finite_row(n, values)) {
        return 0;
    }
    const double extreme = of.row.sign * largest_times(n, of.row.sign, values);
    const double other = -of.row.sign * largest_times(n, -of.row.sign, values);
    of.unit = __builtin_fabs(0.5 * extreme - 0.5 * other) > 0x1p+1000 ? 0x1p-100 : 1;
    const double origin = extreme * of.unit;
    const double mass = weigh_row(&of.row, is_standardized ? &squash : 0, values, extreme_positions_in(call, state),
                                  parts->core);
    Vector rise = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        rise += share_from(&of.row, i) * values_from(&of, i, origin);
    }
    const double value = origin + sum_of_lanes(rise) / mass;
    state[STATE_MASS] = mass;
    state[STATE_VALUE] = value;
    state[STATE_UNIT_OF_VALUES] = of.unit;
    put_number(call, y, 0, value / of.unit);
    return 1;
}

/* The mean of the distances from the value under W = P^((a - 1) / a); nothing but rounding for the entropy. */
static double mean_distance(const struct extreme_values *of, double value) {
    const struct extreme_row *row = &of->row;
    Vector sums = broadcast(0), products = broadcast(0);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector slope = power_of(load_up_to(row->weights + i, row->n - i, 0), row->power - 1);
        sums += slope;
        products += slope * values_from(of, i, value);
    }
    return sum_of_lanes(products) / sum_of_lanes(sums);
}

/* The cotangent of the positions; returned is that of the softness. Where nothing weighs, scores may be infinite. */
static double pull_positions(const struct extreme_values *of, double mass, double value, double g, double *s_bar) {
    const struct extreme_row *row = &of->row;
    const double mean = row->power == 0 ? 0 : mean_distance(of, value);
    const double factor = row->power == 0 ? g / mass : g * row->power;
    Vector moment = broadcast(0);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector weight = load_up_to(row->weights + i, row->n - i, 0);
        Vector slope = row->power == 0 ? weight : power_of(weight, row->power - 1);
        Vector bar = slope * (values_from(of, i, value) - mean) * factor;
        moment += select((Mask)(weight > 0), bar * scores_from(row, i), broadcast(0));
        store_up_to(s_bar + i, row->n - i, row->sign * row->scale * bar);
    }
    return -sum_of_lanes(moment) * row->scale;
}

static double extreme_pull(const struct order_call *call, const void *x, const double *state,
                           const struct order_scratch *parts, const void *g, void *dx) {
    const softgrad_count n = call->n;
    const double *numbers = doubles_of(call, x, 1, parts->values);
    struct extreme_values of = extreme_values_of(call, numbers, (double *)state);
    of.unit = state[STATE_UNIT_OF_VALUES];
    of.row.top = largest_times(n, of.row.sign, of.row.s);
    const double mass = state[STATE_MASS], own = number_at(call, g, 0);
    double dsoftness = 0, *s_bar = parts->results;
    if (has(call, SOFTGRAD_UNGATED)) {
        fill(n, 0, s_bar);
    } else {
        dsoftness = pull_positions(&of, mass, state[STATE_VALUE], own, s_bar) / of.unit;
        if (has(call, SOFTGRAD_STANDARDIZE)) {
            SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_in(state), numbers, of.row.s, 0, 0, s_bar);
        }
    }
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector share = share_from(&of.row, i) * (own / mass);
        store_up_to(s_bar + i, n - i, load_up_to(s_bar + i, n - i, 0) * (1 / of.unit) + share);
    }
    put_numbers(call, s_bar, dx);
    return dsoftness;
}

#endif
