/*
 * Projection onto the permutahedron, rows in lanes; formulas and references stand in isotonic.c. Every lane is at the
 * same element. A pool is kept at its last element, so that the one before the newest lies in the same place of all
 * lanes unless they pool, and one comparison sees which lanes do. Those are served one by one.
 */
#ifndef SOFTGRAD_LANES_FAST_SOFT_SORT_H
#define SOFTGRAD_LANES_FAST_SOFT_SORT_H

#include "lanes_frame.h"

struct projection {
    Lanes *z, *w; /* in descending order */
    Lanes scale;  /* u = z scale */
    Lanes *place; /* of an element in its pool, from 0 */
    Lanes *y;     /* in the order of z */
};

/* Whether y(c w) = c y(w, c softness). Logarithms of the permutahedron of exp(w) are not. */
static int is_homogeneous(const struct frame *frame) {
    return frame->task.regularizer != SOFTGRAD_ENTROPY || has(frame, SOFTGRAD_STANDARDIZE) || has(frame, SOFTGRAD_RANK);
}

static struct projection projection_in(struct frame *frame) {
    const int n = frame->task.n, ascending = !has(frame, SOFTGRAD_DESCENDING);
    const Real share = (Real)1 / (Real)(n > 1 ? n - 1 : 1);
    Lanes *z = array_in(frame), *w = array_in(frame), *place = array_in(frame), *y = array_in(frame);
    if (has(frame, SOFTGRAD_RANK)) {
        for (int k = 0; k < n; k++) {
            z[k] = ascending ? frame->s[n - 1 - k] : -frame->s[k];
            w[k] = lanes_of((Real)(n - k) * share);
        }
        return (struct projection){z, w, position_scale(frame), place, y};
    }
    for (int k = 0; k < n; k++) {
        z[k] = lanes_of((Real)(n - 1 - k) * share);
        w[k] = frame->s[n - 1 - k];
    }
    double reciprocal = reciprocal_of(frame->task.softness);
    const double largest = sizeof(Real) == sizeof(float) ? 0x1p+126 : 0x1p+1000;
    Lanes scale = lanes_of((Real)(reciprocal < largest ? reciprocal : largest));
    return (struct projection){z, w, has(frame, SOFTGRAD_STANDARDIZE) ? scale : scale / frame->unit, place, y};
}

/* --- pooling: `length` is what holds at the last elements of pools ------------------------------------------------ */

/*
 * Pools by squares: the mean of u - w, with u from that of a pool's first element, whose z is the origin. Here and below
 * the pointers are those of one lane.
 */
struct means {
    Real *level, *origin;
    Real scale;
};

static void pool_means(int k, const struct means *pools, Real *length) {
    Real level = pools->level[k * WIDTH], origin = pools->origin[k * WIDTH], own_length = length[k * WIDTH];
    for (int before = k - 1; before >= 0; before = k - (int)own_length) {
        const Real level_before = pools->level[before * WIDTH], origin_before = pools->origin[before * WIDTH];
        const Real level_here = level + (origin - origin_before) * pools->scale;
        if (!(level_before < level_here)) {
            break;
        }
        const Real total = own_length + length[before * WIDTH];
        level = level_before + (level_here - level_before) * (own_length / total);
        origin = origin_before;
        own_length = total;
    }
    pools->level[k * WIDTH] = level;
    pools->origin[k * WIDTH] = origin;
    length[k * WIDTH] = own_length;
}

/*
 * Pools of the entropy: sums of exp(u) and exp(w) from those of a pool's first element, and exp of what u and w change
 * by from there to the element behind it.
 */
struct masses {
    Real *of_u, *of_w, *way_u, *way_w;
    const Real *z, *w;
    Real scale;
};

/* Products of smaller ones are not compared: above the exponential of LOWEST_EXPONENT, which stands for all below. */
#define LEAST_WAY ((Real)(sizeof(Real) == sizeof(float) ? 0x1p-80 : 0x1p-900))

/* Whether the level of the pool [first, before] is below that of the one behind it: log sum exp(u) - log sum exp(w). */
static int is_mass_below(const struct masses *pools, int first, int before, double of_u, double of_w) {
    const double of_u_before = (double)pools->of_u[before * WIDTH], of_w_before = (double)pools->of_w[before * WIDTH];
    const Real way_u = pools->way_u[before * WIDTH], way_w = pools->way_w[before * WIDTH];
    if (way_u > LEAST_WAY && way_w > LEAST_WAY) {
        return of_u_before * of_w * (double)way_w < of_u * of_w_before * (double)way_u;
    }
    Vector quotients = broadcast(of_u_before / of_w_before);
    quotients[1] = of_u / of_w;
    const Vector levels = logarithm(quotients);
    const int behind = before + 1;
    const double change_of_u = (double)((pools->z[behind * WIDTH] - pools->z[first * WIDTH]) * pools->scale);
    return levels[0] < levels[1] + change_of_u - (double)(pools->w[behind * WIDTH] - pools->w[first * WIDTH]);
}

static void pool_masses(int k, const struct masses *pools, Real *length) {
    double of_u = 1, of_w = 1, way_u = (double)pools->way_u[k * WIDTH], way_w = (double)pools->way_w[k * WIDTH];
    int first = k;
    while (first > 0) {
        const int before = first - 1, first_before = first - (int)length[before * WIDTH];
        if (!is_mass_below(pools, first_before, before, of_u, of_w)) {
            break;
        }
        const double step_u = (double)pools->way_u[before * WIDTH], step_w = (double)pools->way_w[before * WIDTH];
        of_u = (double)pools->of_u[before * WIDTH] + step_u * of_u;
        of_w = (double)pools->of_w[before * WIDTH] + step_w * of_w;
        way_u *= step_u;
        way_w *= step_w;
        first = first_before;
    }
    pools->of_u[k * WIDTH] = (Real)of_u;
    pools->of_w[k * WIDTH] = (Real)of_w;
    pools->way_u[k * WIDTH] = (Real)way_u;
    pools->way_w[k * WIDTH] = (Real)way_w;
    length[k * WIDTH] = (Real)(k - first + 1);
}

INLINE unsigned lanes_with_rows(const struct frame *frame) {
    return (1u << frame->rows) - 1;
}

/* Returns whether there is a pool of several elements. */
static int pool_squares(struct frame *frame, const struct projection *p, Lanes *length) {
    const int n = frame->task.n;
    struct arena arena = frame->arena;
    Lanes *level = take(&arena, n), *origin = take(&arena, n);
    unsigned pooled = 0;
    for (int k = 0; k < n; k++) {
        level[k] = -p->w[k];
        origin[k] = p->z[k];
        length[k] = lanes_of(1);
        if (k == 0) {
            continue;
        }
        unsigned lanes = lanes_in(below(level[k - 1], level[k] + (origin[k] - origin[k - 1]) * p->scale));
        lanes &= lanes_with_rows(frame);
        for (pooled |= lanes; lanes; lanes &= lanes - 1) {
            int lane = __builtin_ctz(lanes);
            const struct means pools = {(Real *)level + lane, (Real *)origin + lane, p->scale[lane]};
            pool_means(k, &pools, (Real *)length + lane);
        }
    }
    return pooled != 0;
}

/* exp of what u and w change by from each element to the next; the anchors are evenly spaced. */
struct ways {
    Lanes *u, *w;
};

static struct ways ways_in(struct frame *frame, const struct projection *p) {
    const int n = frame->task.n, is_rank = has(frame, SOFTGRAD_RANK);
    struct ways ways = {array_in(frame), array_in(frame)};
    const Lanes step = lanes_of((Real)-1 / (Real)(n > 1 ? n - 1 : 1));
    const Lanes of_anchors = exponential_of(is_rank ? step : step * p->scale);
    for (int k = 0; k < n; k++) {
        const int next = k == n - 1 ? k : k + 1;
        ways.u[k] = is_rank ? exponential_of((p->z[next] - p->z[k]) * p->scale) : of_anchors;
        ways.w[k] = is_rank ? of_anchors : exponential_of(p->w[next] - p->w[k]);
    }
    return ways;
}

/* The lanes in which element k and the one before it are a violator as long as both are alone. */
INLINE unsigned violators_at(const struct projection *p, int k) {
    return lanes_in(below(p->w[k] - p->w[k - 1], (p->z[k] - p->z[k - 1]) * p->scale));
}

static int has_violators(const struct frame *frame, const struct projection *p) {
    for (int k = 1; k < frame->task.n; k++) {
        if (violators_at(p, k) & lanes_with_rows(frame)) {
            return 1;
        }
    }
    return 0;
}

/*
 * The lanes in which the level of the pool before element k, whose sums and ways are given, is below that of the
 * element: all of them, and perhaps some where the pool is too wide for products of ways. An element alone is asked
 * about by violators_at too, so that what pools in a row does not depend on whether there are violators in others.
 */
INLINE unsigned lanes_that_may_pool(const struct projection *p, int k, Lanes of_u, Lanes of_w, Lanes way_u, Lanes way_w,
                                    Lanes length) {
    const unsigned lanes = lanes_in(below(of_u * way_w, of_w * way_u)) |
                           lanes_in(at_most(lesser(way_u, way_w), lanes_of(LEAST_WAY)));
    return lanes ? lanes & (violators_at(p, k) | ~lanes_in(equal(length, lanes_of(1)))) : 0;
}

static void pool_entropies(struct frame *frame, const struct projection *p, struct ways ways, Lanes *length) {
    const int n = frame->task.n;
    struct arena arena = frame->arena;
    Lanes *of_u = take(&arena, n), *of_w = take(&arena, n), *way_u = take(&arena, n), *way_w = take(&arena, n);
    for (int k = 0; k < n; k++) {
        way_u[k] = ways.u[k];
        way_w[k] = ways.w[k];
        length[k] = of_u[k] = of_w[k] = lanes_of(1);
        if (k == 0) {
            continue;
        }
        unsigned lanes = lanes_that_may_pool(p, k, of_u[k - 1], of_w[k - 1], way_u[k - 1], way_w[k - 1], length[k - 1]);
        lanes &= lanes_with_rows(frame);
        for (; lanes; lanes &= lanes - 1) {
            int lane = __builtin_ctz(lanes);
            const struct masses pools = {(Real *)of_u + lane,  (Real *)of_w + lane, (Real *)way_u + lane,
                                         (Real *)way_w + lane, (Real *)p->z + lane, (Real *)p->w + lane,
                                         p->scale[lane]};
            pool_masses(k, &pools, (Real *)length + lane);
        }
    }
}

/* --- values from pools -------------------------------------------------------------------------------------------- */

/* From the lengths at the last elements the place of every element. */
static void find_places(int n, const Lanes *length, Lanes *place) {
    Lanes before = lanes_of(0);
    for (int k = n - 1; k >= 0; k--) {
        before = choose(equal(before, lanes_of(0)), length[k], before) - 1;
        place[k] = before;
    }
}

/* Whether the element is the last of its pool. */
INLINE Test is_last(int n, const Lanes *place, int k) {
    return equal(k == n - 1 ? lanes_of(0) : place[k + 1], lanes_of(0));
}

INLINE Test is_first(const Lanes *place, int k) {
    return equal(place[k], lanes_of(0));
}

/* The levels again, from the elements: y = u - level, with u counted from the pool's last element. */
static void level_squares(struct frame *frame, const struct projection *p) {
    const int n = frame->task.n;
    struct arena arena = frame->arena;
    Lanes *level = take(&arena, n), *origin = take(&arena, n);
    Lanes last = lanes_of(0), sum = lanes_of(0), length = lanes_of(1);
    for (int k = n - 1; k >= 0; k--) {
        Test ends = is_last(n, p->place, k);
        last = choose(ends, p->z[k], last);
        sum = choose(ends, lanes_of(0), sum) + ((p->z[k] - last) * p->scale - p->w[k]);
        length = choose(ends, p->place[k] + 1, length);
        level[k] = sum / length;
        origin[k] = last;
    }
    Lanes own_level = lanes_of(0), own_origin = lanes_of(0);
    for (int k = 0; k < n; k++) {
        Test begins = is_first(p->place, k);
        own_level = choose(begins, level[k], own_level);
        own_origin = choose(begins, origin[k], own_origin);
        p->y[k] = (p->z[k] - own_origin) * p->scale - own_level;
    }
}

/* Sums of exponentials of the elements from k to the end of the pool, from that of the element, by neighbours. */
INLINE Lanes sum_from(Test ends, Lanes way, Lanes sum_from_next) {
    return 1 + choose(ends, lanes_of(0), way * sum_from_next);
}

static void level_entropies(struct frame *frame, const struct projection *p, struct ways ways) {
    const int n = frame->task.n;
    struct arena arena = frame->arena;
    Lanes *level = take(&arena, n);
    Lanes of_u = lanes_of(0), of_w = lanes_of(0);
    for (int k = n - 1; k >= 0; k--) {
        Test ends = is_last(n, p->place, k);
        of_u = sum_from(ends, ways.u[k], of_u);
        of_w = sum_from(ends, ways.w[k], of_w);
        level[k] = logarithm_of(of_u / of_w) - p->w[k];
    }
    Lanes own_level = lanes_of(0), origin = lanes_of(0);
    for (int k = 0; k < n; k++) {
        Test begins = is_first(p->place, k);
        own_level = choose(begins, level[k], own_level);
        origin = choose(begins, p->z[k], origin);
        p->y[k] = (p->z[k] - origin) * p->scale - own_level;
    }
}

/* An element alone has y = w. */
static void leave_alone(int n, const struct projection *p) {
    for (int k = 0; k < n; k++) {
        p->place[k] = lanes_of(0);
        p->y[k] = p->w[k];
    }
}

static void project_by_squares(struct frame *frame, const struct projection *p, Lanes *length) {
    if (pool_squares(frame, p, length)) {
        find_places(frame->task.n, length, p->place);
        level_squares(frame, p);
    } else {
        leave_alone(frame->task.n, p);
    }
}

static void project_by_entropy(struct frame *frame, const struct projection *p, Lanes *length) {
    if (has_violators(frame, p)) {
        const struct ways ways = ways_in(frame, p);
        pool_entropies(frame, p, ways, length);
        find_places(frame->task.n, length, p->place);
        level_entropies(frame, p, ways);
    } else {
        leave_alone(frame->task.n, p);
    }
}

static void project(struct frame *frame, const struct projection *p) {
    const struct arena outer = frame->arena;
    Lanes *length = array_in(frame);
    if (frame->task.regularizer == SOFTGRAD_ENTROPY) {
        project_by_entropy(frame, p, length);
    } else {
        project_by_squares(frame, p, length);
    }
    frame->arena = outer;
}

/* The way back from standardized values: mean + deviation logit(y). */
INLINE Lanes logit(Lanes y) {
    return logarithm_of(y / (1 - y));
}

static void fast_soft_sort(struct frame *frame, Real *y, StoredReal *state) {
    const int n = frame->task.n;
    struct projection p = projection_in(frame);
    project(frame, &p);
    if (state) {
        state = keep_frame(frame, state);
        state = keep(frame->rows, n, p.place, state);
        keep(frame->rows, n, p.y, state);
    }
    const int ranks = has(frame, SOFTGRAD_RANK), standardized = has(frame, SOFTGRAD_STANDARDIZE);
    Lanes unit = ranks ? lanes_of((Real)(n > 1 ? n - 1 : 1)) : frame->unit, mean = frame->v[n / 2] + frame->mean;
    for (int k = 0; k < n; k++) {
        Lanes value = ranks || !standardized ? p.y[k] : mean + frame->deviation * logit(p.y[k]);
        p.y[k] = value * unit + frame->poison;
    }
    if (!ranks) {
        reverse(n, p.y);
        write_places(frame, p.y, y);
        return;
    }
    if (!has(frame, SOFTGRAD_DESCENDING)) {
        reverse(n, p.y);
    }
    scatter(frame, p.y, y);
}

/* --- the vector-Jacobian product ---------------------------------------------------------------------------------- */

/* Both take the cotangent g of y and leave those of u in `u_bar` and of w in its place. */
static void pull_squares(int n, const Lanes *place, Lanes *g, Lanes *u_bar) {
    Lanes sum = lanes_of(0), mean = lanes_of(0);
    for (int k = 0; k < n; k++) {
        sum = choose(is_first(place, k), g[k], sum + g[k]);
        u_bar[k] = sum;
    }
    for (int k = n - 1; k >= 0; k--) {
        mean = choose(is_last(n, place, k), u_bar[k] / (place[k] + 1), mean);
        u_bar[k] = g[k] - mean;
        g[k] = mean;
    }
}

/* For each pool the softmax of x, times `factor`, which stands at the first elements. */
static void share_among(struct frame *frame, const Lanes *place, const Lanes *x, const Lanes *factor, Lanes *shares) {
    const int n = frame->task.n;
    struct arena arena = frame->arena;
    Lanes *decay = take(&arena, n);
    Lanes sum = lanes_of(0), share = lanes_of(0);
    for (int k = n - 1; k >= 0; k--) {
        Test ends = is_last(n, place, k);
        decay[k] = k == n - 1 ? lanes_of(0) : exponential_of(x[k + 1] - x[k]);
        sum = 1 + choose(ends, lanes_of(0), decay[k] * sum);
        shares[k] = factor[k] / sum;
    }
    for (int k = 0; k < n; k++) {
        share = choose(is_first(place, k), shares[k], k > 0 ? share * decay[k - 1] : share);
        shares[k] = share;
    }
}

static void pull_entropies(struct frame *frame, const struct projection *p, Lanes *g, Lanes *u_bar) {
    const int n = frame->task.n;
    struct arena outer = frame->arena;
    Lanes *sums = array_in(frame), *shares = array_in(frame), sum = lanes_of(0);
    for (int k = n - 1; k >= 0; k--) {
        sum = choose(is_last(n, p->place, k), g[k], sum + g[k]);
        sums[k] = sum;
    }
    share_among(frame, p->place, p->y, sums, shares);
    for (int k = 0; k < n; k++) {
        u_bar[k] = g[k] - shares[k];
    }
    if (!has(frame, SOFTGRAD_RANK)) { /* whose w are constants */
        share_among(frame, p->place, p->w, sums, g);
    }
    frame->arena = outer;
}

/* The sum of u_bar u, which in each pool does not depend on where u is counted from. */
static Lanes moment_of(const struct frame *frame, const struct projection *p, const Lanes *u_bar) {
    Lanes last = lanes_of(0), sum = lanes_of(0);
    for (int k = frame->task.n - 1; k >= 0; k--) {
        last = choose(is_last(frame->task.n, p->place, k), p->z[k], last);
        sum += u_bar[k] * ((p->z[k] - last) * p->scale);
    }
    return sum;
}

static int has_pools(int n, const Lanes *place) {
    Lanes furthest = lanes_of(0);
    for (int k = 0; k < n; k++) {
        furthest = greater(place[k], furthest);
    }
    return lanes_in(below(lanes_of(0), furthest)) != 0;
}

/* Like those above; returns the cotangent of the softness in units of u. */
static Lanes pull_projection(struct frame *frame, const struct projection *p, Lanes *g, Lanes *u_bar) {
    const int n = frame->task.n;
    if (!has_pools(n, p->place)) {
        Lanes sum = lanes_of(0);
        for (int k = 0; k < n; k++) {
            u_bar[k] = g[k] - g[k]; /* NaN where g is not finite */
            sum += u_bar[k];
        }
        return -sum;
    }
    if (frame->task.regularizer == SOFTGRAD_ENTROPY) {
        pull_entropies(frame, p, g, u_bar);
    } else {
        pull_squares(n, p->place, g, u_bar);
    }
    return -moment_of(frame, p, u_bar);
}

/* Cotangents of mean and deviation, in the end to be added to that of the row. */
struct restoring {
    Lanes mean, deviation;
};

static struct restoring pull_restoring(const struct frame *frame, const struct projection *p, Lanes *g) {
    struct restoring out = {lanes_of(0), lanes_of(0)};
    for (int k = 0; k < frame->task.n; k++) {
        out.mean += g[k];
        out.deviation += g[k] * logit(p->y[k]);
        g[k] *= frame->deviation / (p->y[k] * (1 - p->y[k]));
    }
    return out;
}

static void fast_soft_sort_pull(struct frame *frame, const Real *g, const StoredReal *state, Real *dx,
                                double *dsoftness) {
    const int n = frame->task.n, ranks = has(frame, SOFTGRAD_RANK), ascending = !has(frame, SOFTGRAD_DESCENDING);
    const int restores = has(frame, SOFTGRAD_STANDARDIZE) && !ranks;
    struct projection p = projection_in(frame);
    struct restoring restoring = {lanes_of(0), lanes_of(0)};
    Lanes *cotangent = array_in(frame), *u_bar = array_in(frame), *v_bar = array_in(frame);
    recall(frame->rows, n, recall(frame->rows, n, state, p.place), p.y);
    if (ranks) {
        gather(frame, g, cotangent);
    } else {
        read_places(frame, g, cotangent);
    }
    if (!ranks || ascending) {
        reverse(n, cotangent);
    }
    if (restores) {
        restoring = pull_restoring(frame, &p, cotangent);
    }
    Lanes of_softness = pull_projection(frame, &p, cotangent, u_bar);
    Real factor = ranks ? (Real)(n > 1 ? n - 1 : 0) : (Real)1;
    Lanes *s_bar = ranks ? u_bar : cotangent;
    Lanes scale = ranks ? (ascending ? p.scale : -p.scale) * factor : lanes_of(1);
    for (int k = 0; k < n; k++) {
        s_bar[k] *= scale;
    }
    const Lanes slope = restoring.deviation / frame->deviation;
    for (int k = 0; restores && k < n; k++) {
        v_bar[k] = (restoring.mean + slope * centred(frame, k)) * ((Real)1 / (Real)n);
    }
    if (!ranks || ascending) {
        reverse(n, s_bar);
    }
    close_pull(frame, s_bar, restores ? v_bar : 0, dx);
    write_softness(frame, of_softness, (double)factor * reciprocal_of(frame->task.softness), dsoftness);
}

#endif
