/*
 * The largest or the smallest value of one row by SOFT_SORT. The scores of that place are the positions themselves, but
 * for their sign and a constant, so nothing is sorted; and as cotangents of scores add up to nothing, the position that
 * they are taken from may count as a constant.
 *
 * With t = (positions - their extreme) / softness the weights are exp(t), or [h + t]+^a with the h in (0, 1] that makes
 * their sum 1 (see soft_sort_sparse.h).
 */
#ifndef SOFTGRAD_ORDER_EXTREME_H
#define SOFTGRAD_ORDER_EXTREME_H

#include "order_call.h"
#include "standardize.h"

/* In the state beside the numbers of every row: the sum of the weights, the value, and what it is multiplied with. */
enum { STATE_MASS = STATE_IS_FINITE + 1, STATE_VALUE, STATE_UNIT_OF_VALUES };

INLINE int is_extreme(const struct order_call *call) {
    return call->method == SOFTGRAD_SOFT_SORT && !has(call, SOFTGRAD_RANK) && call->count == 1 &&
           (call->first == 0 || call->first == call->n - 1);
}

struct extreme_row {
    softgrad_count n;
    int power; /* a; 0 for the entropy */
    double sign; /* -1 for the smallest */
    double scale; /* 1 / softness */
    double top; /* the largest position times the sign */
    double unit; /* values are multiplied with it, so that no difference overflows */
    const double *x, *s;
    double *weights; /* exp(t), or h + t where it is positive */
};

INLINE double largest_times(softgrad_count n, double sign, const double *numbers) {
    Vector largest = broadcast(sign * numbers[0]);
    for (softgrad_count i = 0; i < n; i += LANES) {
        largest = larger(largest, sign * load_up_to(numbers + i, n - i, numbers[0]));
    }
    return largest_lane(largest);
}

/* t at i and after; minus infinity past the end. */
INLINE Vector scores_from(const struct extreme_row *row, softgrad_count i) {
    Vector s = load_up_to(row->s + i, row->n - i, row->sign * -__builtin_inf());
    return (row->sign * s - row->top) * row->scale;
}

INLINE Vector values_from(const struct extreme_row *row, softgrad_count i, double origin) {
    return load_up_to(row->x + i, row->n - i, 0) * row->unit - origin;
}

INLINE Vector power_of_room(Vector room, int power) {
    return power == 0   ? (Vector)((Mask)(room > 0) & (Mask)broadcast(1.0))
           : power == 1 ? room
           : power == 2 ? room * room
                        : room * room * room;
}

/* P, but for a factor. */
INLINE Vector share_of(const struct extreme_row *row, Vector weight) {
    return row->power == 0 ? weight : power_of_room(weight, row->power);
}

/* h, by Newton's method: the sum is convex and ascends, so from above every step goes down. */
static double height_of_scores(int power, softgrad_count n, const double *scores) {
    double height = 1;
    for (int step = 0; step < 100; step++) {
        Vector sums = broadcast(0), slopes = broadcast(0);
        for (softgrad_count i = 0; i < n; i += LANES) {
            Vector room = larger(broadcast(0), height + load_up_to(scores + i, n - i, -1));
            Vector slope = power_of_room(room, power - 1);
            slopes += slope;
            sums += slope * room;
        }
        double next = height - (sum_of_lanes(sums) - 1) / (power * sum_of_lanes(slopes));
        double least = 0.5 / (double)n, change = height - next;
        height = next < least ? least : next;
        if (!(change > height * (power == 1 ? 0x1p-51 : 0x1p-28))) { /* with a power above 1 its square is left */
            break;
        }
    }
    return height;
}

/* The weights and their sum. Only scores above -1 can have some. */
static double weigh_scores(const struct extreme_row *row, double *scores) {
    Vector sum = broadcast(0);
    if (row->power == 0) {
        for (softgrad_count i = 0; i < row->n; i += LANES) {
            Vector weight = exponential(scores_from(row, i));
            store_up_to(row->weights + i, row->n - i, weight);
            sum += weight;
        }
        return sum_of_lanes(sum);
    }
    softgrad_count count = 0;
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector score = scores_from(row, i);
        unsigned bits = bits_of((Mask)(score > -1.0));
        count += bits ? store_packed_f64(scores + count, bits, score) : 0;
    }
    const double height = height_of_scores(row->power, count, scores);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector room = larger(broadcast(0), height + scores_from(row, i));
        store_up_to(row->weights + i, row->n - i, room);
        sum += share_of(row, room);
    }
    return sum_of_lanes(sum);
}

static struct extreme_row extreme_row_of(const struct order_call *call, const double *x, double *state) {
    return (struct extreme_row){
        .n = call->n,
        .power = call->regularizer, /* its number is a; that of the entropy is 0 */
        .sign = first_ascending(call) > 0 ? 1 : -1,
        .scale = reciprocal_of(call->softness),
        .x = x,
        .s = state + positions_in_state(call),
        .weights = state + STATE_NUMBERS,
    };
}

static void extreme_forward(const struct order_call *call, const void *x, double *state,
                            const struct order_scratch *parts, void *y) {
    const softgrad_count n = call->n;
    struct extreme_row row = extreme_row_of(call, doubles_of(call, x, 1, parts->values), state);
    double *s = state + positions_in_state(call);
    if (has(call, SOFTGRAD_STANDARDIZE)) {
        keep_scale(SOFTGRAD_IN_TIER(squash_row)(n, row.x, s), state);
    } else {
        copy(n, row.x, s);
    }
    const double least = -largest_times(n, -1, row.x), most = largest_times(n, 1, row.x);
    row.unit = 0.5 * most - 0.5 * least > 0x1p+1000 ? 0x1p-100 : 1;
    row.top = largest_times(n, row.sign, s);
    const double origin = (row.sign > 0 ? most : least) * row.unit, mass = weigh_scores(&row, parts->core);
    Vector rise = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector share = share_of(&row, load_up_to(row.weights + i, n - i, 0));
        rise += share * values_from(&row, i, origin);
    }
    const double value = origin + sum_of_lanes(rise) / mass;
    state[STATE_MASS] = mass;
    state[STATE_VALUE] = value;
    state[STATE_UNIT_OF_VALUES] = row.unit;
    put_number(call, y, 0, value / row.unit);
}

/* The mean of the distances from the value under W = P^((a - 1) / a); nothing but rounding for the entropy. */
static double mean_distance(const struct extreme_row *row, double value) {
    Vector sums = broadcast(0), products = broadcast(0);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector slope = power_of_room(load_up_to(row->weights + i, row->n - i, 0), row->power - 1);
        sums += slope;
        products += slope * values_from(row, i, value);
    }
    return sum_of_lanes(products) / sum_of_lanes(sums);
}

/* The cotangent of the positions; returned is that of the softness. Where nothing weighs, scores may be infinite. */
static double pull_positions(const struct extreme_row *row, double mass, double value, double g, double *s_bar) {
    const double mean = row->power == 0 ? 0 : mean_distance(row, value);
    const double factor = row->power == 0 ? g / mass : g * row->power;
    Vector moment = broadcast(0);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector weight = load_up_to(row->weights + i, row->n - i, 0);
        Vector slope = row->power == 0 ? weight : power_of_room(weight, row->power - 1);
        Vector bar = slope * (values_from(row, i, value) - mean) * factor;
        moment += select((Mask)(weight > 0), bar * scores_from(row, i), broadcast(0));
        store_up_to(s_bar + i, row->n - i, row->sign * row->scale * bar);
    }
    return -sum_of_lanes(moment) * row->scale;
}

static double extreme_pull(const struct order_call *call, const void *x, const double *state,
                           const struct order_scratch *parts, const void *g, void *dx) {
    const softgrad_count n = call->n;
    struct extreme_row row = extreme_row_of(call, doubles_of(call, x, 1, parts->values), (double *)state);
    const double mass = state[STATE_MASS], own = number_at(call, g, 0);
    double dsoftness = 0, *s_bar = parts->results;
    row.unit = state[STATE_UNIT_OF_VALUES];
    row.top = largest_times(n, row.sign, row.s);
    if (has(call, SOFTGRAD_UNGATED)) {
        fill(n, 0, s_bar);
    } else {
        dsoftness = pull_positions(&row, mass, state[STATE_VALUE], own, s_bar) / row.unit;
        if (has(call, SOFTGRAD_STANDARDIZE)) {
            SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_in(state), row.x, row.s, 0, 0, s_bar);
        }
    }
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector share = share_of(&row, load_up_to(row.weights + i, n - i, 0)) * (own / mass);
        store_up_to(s_bar + i, n - i, load_up_to(s_bar + i, n - i, 0) * (1 / row.unit) + share);
    }
    for (softgrad_count i = 0; i < n; i++) {
        put_number(call, dx, i, s_bar[i]);
    }
    return dsoftness;
}

#endif
