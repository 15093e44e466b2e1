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

/*
 * What every row of a call has in common: (smallest + n - 1, .., smallest) / (n - 1), the anchors with smallest = 0,
 * the ranks with 1.
 */
static void prepare_fast(const struct order_call *call, const struct order_scratch *parts) {
    double smallest = has(call, SOFTGRAD_RANK), steps = steps_between(call->n);
    for (softgrad_count k = 0; k < call->n; k++) {
        parts->positions[k] = ((double)(call->n - 1 - k) + smallest) / steps;
    }
}

enum { STATE_POOLS = STATE_IS_FINITE + 1 }; /* how many of several elements; they stand where a core keeps its state */

/* `parts` have the sorted keys in `values`, and are prepared. */
static void fast_forward(const struct order_call *call, const int *order, double *state,
                         const struct order_scratch *parts, void *y) {
    softgrad_count n = call->n;
    int is_standardized = has(call, SOFTGRAD_STANDARDIZE), is_rank = has(call, SOFTGRAD_RANK);
    double *v = parts->values, *s = state + positions_in_state(call), *projected = state + results_in_state(call);
    double *y_ascending = parts->results;
    const double *numbers = parts->positions;
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
    const double *z = is_rank ? s : numbers, *w = is_rank ? numbers : s;
    struct isotonic_pool *pools = (struct isotonic_pool *)(state + STATE_NUMBERS);
    state[STATE_POOLS] = (double)SOFTGRAD_IN_TIER(isotonic_row)(call->regularizer, n, z, call->softness, w, parts->core,
                                                                projected, pools);
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

static softgrad_count pools_in(const double *state) {
    return (softgrad_count)state[STATE_POOLS];
}

static const struct isotonic_pool *pools_of(const double *state) {
    return (const struct isotonic_pool *)(state + STATE_NUMBERS);
}

/* 0, or NaN where g is not finite, which must not vanish where elements are alone. */
static double nothing_of(const struct order_call *call, const void *g) {
    Vector sum = broadcast(0);
    for (softgrad_count i = 0; i < call->count; i += LANES) {
        const softgrad_count left = call->count - i;
        const Vector part = !call->is_float ? load_up_to((const double *)g + i, left, 0)
                            : left >= LANES ? load_f32((const float *)g + i)
                                            : load_first_f32((const float *)g + i, left, 0);
        sum += part - part;
    }
    return sum_of_lanes(sum);
}

static double pull_values(const struct order_call *call, const void *x, const int *order, const double *state,
                          const struct order_scratch *parts, const void *g, void *dx) {
    const softgrad_count n = call->n, begin = first_ascending(call);
    const double *s = state + positions_in_state(call), *projected = state + results_in_state(call);
    double *spare = parts->core, *g_sorted = parts->cotangents, *s_bar = parts->results;
    struct restored restored = {0, 0};
    read_places(call, g, spare);
    fill(n, 0, g_sorted);
    for (softgrad_count i = 0; i < call->count; i++) {
        g_sorted[n - 1 - begin - i] = spare[i];
    }
    if (has(call, SOFTGRAD_STANDARDIZE)) {
        restored = pull_restored(n, scale_in(state), projected, g_sorted);
    }
    copy(n, g_sorted, s_bar);
    const double moment =
        SOFTGRAD_IN_TIER(isotonic_pull)(call->regularizer, parts->positions, call->softness, s, projected,
                                        pools_in(state), pools_of(state), g_sorted, spare, s_bar);
    if (has(call, SOFTGRAD_STANDARDIZE)) {
        gather(call, order, x, -sign_of_keys(call), parts->values);
        SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_in(state), parts->values, s, restored.mean_bar,
                                         restored.deviation_bar, s_bar);
    }
    scatter(call, order, 0, -sign_of_keys(call), s_bar, dx);
    return -(moment + nothing_of(call, g)) / call->softness;
}

/* --- the product of ranks: an element alone keeps its rank, so only those of pools have cotangents ---------------- */

/* The elements of pools, side by side. */
struct pooled {
    softgrad_count n, pools;
    struct isotonic_pool *pool; /* where they are now */
    int *order;
    double *s, *y, *u;
};

static struct pooled pooled_in(double *scratch, softgrad_count n) {
    const softgrad_count vector = n + ORDER_PADDING;
    struct pooled part = {0};
    part.pool = (struct isotonic_pool *)scratch;
    part.order = (int *)(scratch + vector);
    part.s = scratch + 2 * vector;
    part.y = part.s + vector;
    part.u = part.y + vector;
    return part;
}

/* Whole vectors, of which `length` elements count: a loop that goes round once for most pools. `left` can be read. */
INLINE void append(const double *from, softgrad_count length, softgrad_count left, double *to) {
    for (softgrad_count i = 0; i < length; i += LANES) {
        store_f64(to + i, load_up_to(from + i, left - i, 0));
    }
}

INLINE void append_places(const int *from, softgrad_count length, softgrad_count left, int *to) {
    for (softgrad_count i = 0; i < length; i += LANES) {
        if (left - i >= LANES) {
            __builtin_memcpy(to + i, from + i, LANES * sizeof *to);
        } else {
            for (softgrad_count lane = 0; lane < left - i; lane++) {
                to[i + lane] = from[i + lane];
            }
        }
    }
}

static struct pooled collect(const struct order_call *call, const int *order, const double *state,
                             const struct order_scratch *parts) {
    const double *s = state + positions_in_state(call), *projected = state + results_in_state(call);
    struct pooled part = pooled_in(parts->core, call->n);
    for (part.pools = 0; part.pools < pools_in(state); part.pools++) {
        const struct isotonic_pool pool = pools_of(state)[part.pools];
        const softgrad_count length = pool.end - pool.begin, left = call->n - pool.begin;
        append_places(order + pool.begin, length, left, part.order + part.n);
        append(s + pool.begin, length, left, part.s + part.n);
        append(projected + pool.begin, length, left, part.y + part.n);
        part.pool[part.pools] = (struct isotonic_pool){(int)part.n, (int)(part.n + length)};
        part.n += length;
    }
    return part;
}

/*
 * From cotangents of standardized keys, the sum of the others being `rest`, those of the keys, of which elements alone
 * have some by mean and deviation.
 */
static void pull_keys(const struct order_call *keys, const struct order_call *call, struct scale scale,
                      const struct pooled *part, const void *x, double rest, double *dz, void *dx) {
    const double sign = -sign_of_keys(call), inverse = 1 / scale.unit, steepness = 1 / scale.deviation;
    Vector sum = broadcast(0), product = broadcast(0);
    gather(keys, part->order, x, sign, part->u);
    for (softgrad_count i = 0; i < part->n; i += LANES) {
        const softgrad_count left = part->n - i;
        const Vector share = load_up_to(part->s + i, left, 0), u = deviations_of(load_f64(part->u + i), &scale);
        const Vector u_bar = share * (1.0 - share) * load_up_to(dz + i, left, 0);
        store_f64(part->u + i, u);
        store_f64(dz + i, u_bar);
        sum += u_bar;
        product += select(among_first(left), u_bar * u, broadcast(0));
    }
    const struct squash_pull pull =
        squash_pull_of(call->n, scale, sum_of_lanes(sum) + rest, sum_of_lanes(product), 0, 0);
    for (softgrad_count i = 0; i < part->n; i += LANES) {
        store_f64(dz + i, pull_squashed(pull, load_f64(dz + i), load_f64(part->u + i)));
    }
    for (softgrad_count i = 0; i < call->n; i++) {
        const double u = (sign * number_at(call, x, i) * inverse - scale.mean) * steepness;
        put_number(call, dx, i, sign * ((-pull.shift - u * pull.stretch) * pull.factor));
    }
}

static double pull_ranks(const struct order_call *call, const void *x, const int *order, const double *state,
                         const struct order_scratch *parts, const void *g, void *dx) {
    const struct pooled part = collect(call, order, state, parts);
    struct order_call pooled = *call; /* to move elements of pools only */
    double *g_here = parts->cotangents, *dz = parts->results;
    pooled.n = part.n;
    gather(&pooled, part.order, g, steps_between(call->n), g_here);
    const double moment = SOFTGRAD_IN_TIER(isotonic_pull)(call->regularizer, part.s, call->softness, 0, part.y,
                                                          part.pools, part.pool, g_here, dz, 0);
    const double nan_if_g_is = nothing_of(call, g);
    if (has(call, SOFTGRAD_STANDARDIZE)) {
        pull_keys(&pooled, call, scale_in(state), &part, x, nan_if_g_is, dz, dx);
    } else {
        for (softgrad_count i = 0; i < call->n; i++) {
            put_number(call, dx, i, number_at(call, g, i) - number_at(call, g, i));
        }
    }
    scatter(&pooled, part.order, 0, -sign_of_keys(call), dz, dx);
    return -(moment + nan_if_g_is) / call->softness;
}

static double fast_pull(const struct order_call *call, const void *x, const int *order, const double *state,
                        const struct order_scratch *parts, const void *g, void *dx) {
    return has(call, SOFTGRAD_RANK) ? pull_ranks(call, x, order, state, parts, g, dx)
                                    : pull_values(call, x, order, state, parts, g, dx);
}

#endif
