/*
 * Isotonic regression of rows, which is projection onto the permutahedron of w, and its vector-Jacobian product, for
 * one tier.
 *
 * With z and w in descending order and u = z / softness, the projection is y_i = phi(u_i - gamma_i). The levels gamma
 * do not increase along the row and are constant on pools of neighbours, within which the y add up to the w (for the
 * entropy, exp(y) to exp(w)); phi(t) is t, t |t| or t^3, and t for the entropy (Blondel, Teboul, Berthet and Djolonga,
 * "Fast differentiable sorting and ranking", ICML 2020, propositions 3 and 4 and lemma 2).
 *
 * Pool adjacent violators (Best, Chakravarti and Ubhaya, SIAM J. Optim. 10, 2000): each element starts as a pool, and
 * while the level of a pool is above that of the one before, the two become one. Most elements stay alone, so pools
 * begin where vectors find a violator, and nothing is stored of an element that is none. Merging costs O(1), or
 * O(log n) for norm 3/2; at the end the level of every longer pool is found again from its elements, which makes up for
 * all rounding on the way. A pool of one element has y = w exactly.
 */
#include "arguments.h"
#include "isotonic_pools.h"
#include "isotonic_pull.h"
#include "kernels.h"
#include "row_vectors.h"

_Static_assert(sizeof(struct pool) + sizeof(struct prefix) == SOFTGRAD_ISOTONIC_SCRATCH, "as the header promises");

/* --- the row ---------------------------------------------------------------------------------------------------- */

static double power_of_two(int exponent) {
    union {
        unsigned long long bits;
        double value;
    } power = {(unsigned long long)(exponent + 1023) << 52};
    return power.value;
}

/* The exponent of a number, kept where its negative is one as well. */
static int exponent_of(double a) {
    union {
        double value;
        unsigned long long bits;
    } number = {a};
    int exponent = (int)(number.bits >> 52 & 0x7ff) - 1023;
    return exponent > 1020 ? 1020 : exponent < -900 ? -900 : exponent;
}

/* Neither zero nor infinite, so that no product with a difference of z is NaN. */
static double scale_of(double softness, int unit) {
    double scale = reciprocal_of(softness) * power_of_two(-unit);
    return scale > 0x1p+1000 ? 0x1p+1000 : scale < 0x1p-1000 ? 0x1p-1000 : scale;
}

static struct isotonic_row row_of(int regularizer, softgrad_count n, const double *z, double softness, const double *w,
                                  struct pool *pools) {
    double first = __builtin_fabs(w[0]), last = __builtin_fabs(w[n - 1]);
    int exponent = regularizer; /* of phi */
    int unit = exponent > 1 ? exponent_of(first > last ? first : last) / exponent : 0;
    struct isotonic_row row = {
        .regularizer = regularizer,
        .n = n,
        .z = z,
        .w = w,
        .u_scale = scale_of(softness, unit),
        .w_scale = power_of_two(-unit * exponent),
        .w_unit = power_of_two(unit * exponent),
        .pools = pools,
        .prefixes = (struct prefix *)(pools + n + 1),
    };
    row.way_u = (double *)row.prefixes;
    row.way_w = row.way_u + n;
    return row;
}

/*
 * Sums over everything before each position. u is counted anew after a gap that no pool can span (the levels of the
 * elements differ from their u by phi^-1(w), so pools meet only across gaps below the range of phi^-1(w)); otherwise a
 * row much wider than its pools would use up the digits.
 */
static void sum_prefixes(const struct isotonic_row *row) {
    double range = excess_of(row->w[0] * row->w_scale, row->regularizer) -
                   excess_of(row->w[row->n - 1] * row->w_scale, row->regularizer);
    double widest_gap = 2 * range + 0x1p-30; /* well above rounding: u and w are in the row's unit */
    softgrad_count origin = 0;
    struct prefix at = {0};
    for (softgrad_count i = 0; i < row->n; i++) {
        if (i > 0 && -distance_of_u(row, i - 1, i) > widest_gap) {
            origin = i;
        }
        at.u = distance_of_u(row, origin, i);
        row->prefixes[i] = at;
        at.sum = twofold_sum(at.sum, (struct twofold){at.u, 0});
        at.squares = twofold_sum(at.squares, exact_product(at.u, at.u));
    }
    row->prefixes[row->n] = at;
}

/* The ways of the entropy; from the last element there is none. */
static void find_ways(const struct isotonic_row *row) {
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        const softgrad_count left = row->n - i, behind = row->n - 1 - i;
        const double z = row->z[row->n - 1], w = row->w[row->n - 1];
        const Vector next_z = behind > 0 ? load_up_to(row->z + i + 1, behind, z) : broadcast(z);
        const Vector next_w = behind > 0 ? load_up_to(row->w + i + 1, behind, w) : broadcast(w);
        store_up_to(row->way_u + i, left, exponential((next_z - load_up_to(row->z + i, left, z)) * row->u_scale));
        store_up_to(row->way_w + i, left, exponential(next_w - load_up_to(row->w + i, left, w)));
    }
}

/* The level of each element as a pool of its own. */
static void levels_alone(const struct isotonic_row *row, double *levels) {
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector w = load_up_to(row->w + i, row->n - i, 0) * row->w_scale;
        store_up_to(levels + i, row->n - i, -excesses_of(w, row->regularizer));
    }
}

/* --- pools ------------------------------------------------------------------------------------------------------- */

enum { BLOCK = 64 };

/* Of the elements from `begin` on, those below the level of the element behind: the i-th bit for begin + i. */
static unsigned long long violators_at(const struct isotonic_row *row, const double *levels, softgrad_count begin) {
    unsigned long long bits = 0;
    for (softgrad_count i = begin; i + 1 < row->n && i < begin + BLOCK; i += LANES) {
        softgrad_count left = row->n - 1 - i;
        Vector distance = (load_up_to(row->z + i + 1, left, 0) - load_up_to(row->z + i, left, 0)) * row->u_scale;
        Mask below = (Mask)(load_up_to(levels + i, left, 0) < load_up_to(levels + i + 1, left, 0) + distance);
        bits |= (unsigned long long)bits_of(below) << (i - begin);
    }
    return bits;
}

/* The pool before another: the last of `count` in row->pools, or else the element before it. Returns whether it is
   one of row->pools. */
INLINE int find_before(const struct isotonic_row *row, const double *levels, softgrad_count count,
                       softgrad_count first, struct pool *before) {
    const struct pool *last = row->pools + count - 1;
    if (count > 0 && last->first + last->length == first) {
        *before = *last;
        return 1;
    }
    *before = pool_of_one(row, first - 1, levels[first - 1]);
    return 0;
}

/*
 * Makes one pool of the element and the one behind it, and goes on while what is behind it or before it violates.
 * `count` pools of several elements are in row->pools; returns how many there are then: the same where the element is no
 * violator after all, as levels that differ by roundings may compare otherwise here.
 */
static softgrad_count pool_from(const struct isotonic_row *row, const double *levels, softgrad_count count,
                                softgrad_count first) {
    struct pool pool = pool_of_one(row, first, levels[first]);
    for (softgrad_count end = first + 1; end < row->n; end++) {
        struct pool next = pool_of_one(row, end, levels[end]), before;
        if (!is_below(row, &pool, &next)) {
            break;
        }
        merge(row, &pool, &next);
        while (pool.first > 0) {
            const int is_pooled = find_before(row, levels, count, pool.first, &before);
            if (!is_below(row, &before, &pool)) {
                break;
            }
            count -= is_pooled;
            merge(row, &before, &pool);
            pool = before;
        }
    }
    row->pools[count] = pool;
    return count + (pool.length > 1);
}

INLINE unsigned long long without_lowest(softgrad_count count, unsigned long long bits) {
    return count <= 0 ? bits : count < BLOCK ? bits >> count << count : 0;
}

static void prepare_pools(const struct isotonic_row *row) {
    if (row->regularizer == SOFTGRAD_ENTROPY) {
        find_ways(row);
    } else if (row->regularizer == SOFTGRAD_NORM_3_2) {
        sum_prefixes(row);
    }
}

/* Returns how many pools have several elements; they are in row->pools. */
static softgrad_count pool_violators(const struct isotonic_row *row, const double *levels) {
    softgrad_count count = 0, pooled = 0;
    for (softgrad_count begin = 0; begin < row->n; begin += BLOCK) {
        unsigned long long violators = without_lowest(pooled - begin, violators_at(row, levels, begin));
        while (violators) {
            const softgrad_count violator = begin + __builtin_ctzll(violators);
            if (count == 0) {
                prepare_pools(row);
            }
            count = pool_from(row, levels, count, violator);
            const struct pool *last = row->pools + (count > 0 ? count - 1 : 0); /* without any, what was tried */
            const softgrad_count end = last->first + last->length;
            pooled = end > violator ? end : violator + 1; /* what is behind does not violate */
            violators = without_lowest(pooled - begin, violators);
        }
    }
    return count;
}

/* --- pools of several elements, by direct summation -------------------------------------------------------------- */

/* u - level at i, where `z` is that of the pool's first element. */
INLINE Vector excess_at(const struct isotonic_row *row, softgrad_count i, softgrad_count end, double z, double level) {
    return (load_up_to(row->z + i, end - i, z) - z) * row->u_scale - level;
}

/* |t|^(a - 1), so that phi(t) is t times this. */
INLINE Vector slope_of(Vector t, int a) {
    return a == 1 ? broadcast(1.0) : a == 2 ? magnitude(t) : t * t;
}

/* Sums over the elements of a pool of phi(u - level) - w and of its derivative in u, without the factor a. */
struct balance {
    Vector surplus;
    Vector slope;
};

INLINE struct balance balance_at(const struct isotonic_row *row, softgrad_count i, softgrad_count end, double z,
                                 double level, int a) {
    Vector t = excess_at(row, i, end, z, level);
    Vector slope = slope_of(t, a);
    return (struct balance){t * slope - load_up_to(row->w + i, end - i, 0) * row->w_scale, slope};
}

/* One step of Newton's method towards sum phi(u - level) = sum w; for exponent 1 it leads there. */
INLINE double newton_step(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level,
                          int a) {
    Vector surplus = broadcast(0), slope = broadcast(0);
    softgrad_count i = begin;
    for (; i + LANES <= end; i += LANES) {
        struct balance part = balance_at(row, i, end, row->z[begin], level, a);
        surplus += part.surplus;
        slope += part.slope;
    }
    if (i < end) {
        struct balance part = balance_at(row, i, end, row->z[begin], level, a);
        surplus += select(among_first(end - i), part.surplus, broadcast(0));
        slope += select(among_first(end - i), part.slope, broadcast(0));
    }
    double slopes = sum_of_lanes(slope);
    return slopes > 0 ? sum_of_lanes(surplus) / (a * slopes) : 0;
}

/*
 * The y of a pool are between its w, since they are a projection onto their permutahedron, which encloses the level.
 * Newton's method would leave the range where it starts from a level that has lost all digits.
 */
INLINE double within_pool(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level) {
    double least = -excess_of(row->w[begin] * row->w_scale, row->regularizer);
    double most = distance_of_u(row, begin, end - 1) - excess_of(row->w[end - 1] * row->w_scale, row->regularizer);
    return level < least ? least : level > most ? most : level;
}

/*
 * The same for the few elements that most pools have, where vectors would be mostly empty. So few merges have not
 * rounded much: for exponent 1 their level is as good as a sum.
 */
INLINE void write_few_powers(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level,
                             int a, double *y) {
    double z = row->z[begin];
    for (int step = 0; a > 1 && step < 2; step++) {
        double surplus = 0, slopes = 0;
        for (softgrad_count i = begin; i < end; i++) {
            double t = (row->z[i] - z) * row->u_scale - level, slope = a == 2 ? __builtin_fabs(t) : t * t;
            surplus += t * slope - row->w[i] * row->w_scale;
            slopes += slope;
        }
        level = within_pool(row, begin, end, level + (slopes > 0 ? surplus / (a * slopes) : 0));
    }
    for (softgrad_count i = begin; i < end; i++) {
        double t = (row->z[i] - z) * row->u_scale - level, slope = a == 1 ? 1 : a == 2 ? __builtin_fabs(t) : t * t;
        y[i] = t * slope * row->w_unit;
    }
}

INLINE void write_powers(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level, int a,
                         double *y) {
    const int is_short = end - begin <= FEW;
    if (is_short && !(HAS_WIDE_VECTORS && a == 1)) {
        write_few_powers(row, begin, end, level, a, y);
        return;
    }
    level += is_short ? 0 : newton_step(row, begin, end, level, a);
    if (a > 1) {
        level = within_pool(row, begin, end, level);
        level = within_pool(row, begin, end, level + newton_step(row, begin, end, level, a));
    }
    for (softgrad_count i = begin; i < end; i += LANES) {
        Vector t = excess_at(row, i, end, row->z[begin], level);
        store_up_to(y + i, end - i, t * slope_of(t, a) * row->w_unit);
    }
}

/*
 * The levels of all pools, some of them side by side. Sums of the few elements that most pools have are as good as they
 * are: merges have not rounded much.
 */
static void find_levels(const struct isotonic_row *row, softgrad_count pools) {
    for (softgrad_count i = 0; i < pools; i += LANES) {
        Vector of_u = broadcast(1), of_w = broadcast(1), first = broadcast(0);
        for (softgrad_count lane = 0; lane < LANES && i + lane < pools; lane++) {
            const struct pool *pool = row->pools + i + lane;
            const int is_short = pool->length <= FEW;
            of_u[lane] = is_short ? pool->mass.of_u
                                  : sum_of_exponentials(pool->length, row->z + pool->first, row->u_scale, 0);
            of_w[lane] = is_short ? pool->mass.of_w : sum_of_exponentials(pool->length, row->w + pool->first, 1, 0);
            first[lane] = row->w[pool->first];
        }
        const Vector levels = logarithm(of_u / of_w) - first;
        for (softgrad_count lane = 0; lane < LANES && i + lane < pools; lane++) {
            row->pools[i + lane].level = levels[lane];
        }
    }
}

INLINE void write_differences(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level,
                              double *y) {
    if (!HAS_WIDE_VECTORS && end - begin <= FEW) {
        for (softgrad_count i = begin; i < end; i++) {
            y[i] = (row->z[i] - row->z[begin]) * row->u_scale - level;
        }
        return;
    }
    for (softgrad_count i = begin; i < end; i += LANES) {
        store_up_to(y + i, end - i, excess_at(row, i, end, row->z[begin], level));
    }
}

static void write_pool(const struct isotonic_row *row, const struct pool *pool, double *y) {
    softgrad_count begin = pool->first, end = begin + pool->length;
    switch (row->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: write_powers(row, begin, end, pool->level, 1, y); break;
        case SOFTGRAD_NORM_3_2: write_powers(row, begin, end, pool->level, 2, y); break;
        case SOFTGRAD_NORM_4_3: write_powers(row, begin, end, pool->level, 3, y); break;
        default: write_differences(row, begin, end, pool->level, y);
    }
}

static void write_row(const struct isotonic_row *row, softgrad_count pools, double *y) {
    for (softgrad_count i = 0; i < row->n; i++) {
        y[i] = row->w[i];
    }
    if (row->regularizer == SOFTGRAD_ENTROPY) {
        find_levels(row, pools);
    }
    for (softgrad_count pool = 0; pool < pools; pool++) {
        write_pool(row, &row->pools[pool], y);
    }
}

/* Returns how many pools have several elements; they are in row->pools. */
static softgrad_count project(const struct isotonic_row *row, double *y) {
    levels_alone(row, y); /* until the results take their place */
    softgrad_count pools = pool_violators(row, y);
    write_row(row, pools, y);
    return pools;
}

static void write_firsts(softgrad_count n, softgrad_count pools, const struct pool *pool, softgrad_count *first) {
    for (softgrad_count i = 0; i < n; i++) {
        first[i] = i;
    }
    for (; pools > 0; pools--, pool++) {
        for (softgrad_count i = 0; i < pool->length; i++) {
            first[pool->first + i] = pool->first;
        }
    }
}

softgrad_count SOFTGRAD_IN_TIER(isotonic_row)(int regularizer, softgrad_count n, const double *z, double softness,
                                              const double *w, void *scratch, double *y, struct isotonic_pool *pools) {
    const struct isotonic_row row = row_of(regularizer, n, z, softness, w, scratch);
    const softgrad_count count = project(&row, y);
    for (softgrad_count k = 0; k < count; k++) {
        const struct pool *pool = row.pools + k;
        pools[k] = (struct isotonic_pool){(int)pool->first, (int)(pool->first + pool->length)};
    }
    return count;
}

static void write_nothing_but_nan(softgrad_count n, double *y, softgrad_count *first) {
    for (softgrad_count i = 0; i < n; i++) {
        y[i] = __builtin_nan("");
        first[i] = i;
    }
}

static int check_isotonic(int regularizer, softgrad_count rows, softgrad_count n, double softness) {
    if (regularizer < SOFTGRAD_ENTROPY || regularizer > SOFTGRAD_NORM_4_3) {
        return SOFTGRAD_BAD_REGULARIZER;
    }
    int status = check_rows(rows, n, sizeof(double));
    return status != SOFTGRAD_OK ? status : check_softness(softness);
}

int SOFTGRAD_IN_TIER(isotonic_f64)(int regularizer, softgrad_count rows, softgrad_count n, const double *z,
                                   double softness, const double *w, void *scratch, double *y, softgrad_count *first) {
    int status = check_isotonic(regularizer, rows, n, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!z || !w || !scratch || !y || !first) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count i = 0; i < rows * n; i += n) {
        if (!is_finite_row(n, z + i) || !is_finite_row(n, w + i)) {
            write_nothing_but_nan(n, y + i, first + i);
            continue;
        }
        struct isotonic_row row = row_of(regularizer, n, z + i, softness, w + i, scratch);
        write_firsts(n, project(&row, y + i), row.pools, first + i);
    }
    return SOFTGRAD_OK;
}

/* --- vector-Jacobian product ------------------------------------------------------------------------------------- */

double SOFTGRAD_IN_TIER(isotonic_pull)(int regularizer, const double *z, double softness, const double *w,
                                       const double *y, softgrad_count count, const struct isotonic_pool *pools,
                                       const double *g, double *dz, double *dw) {
    struct pull pull = {regularizer, softness, z, w, y, g, dz, dw, {0}};
    pull_pools(&pull, count, pools);
    return sum_of_lanes(pull.moment);
}

int SOFTGRAD_IN_TIER(isotonic_vjp_f64)(int regularizer, softgrad_count rows, softgrad_count n, const double *w,
                                       double softness, const double *y, const softgrad_count *first, const double *g,
                                       double *dz, double *dw) {
    int status = check_isotonic(regularizer, rows, n, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!w || !y || !first || !g || !dz || !dw) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count i = 0; i < rows * n; i += n) {
        /* its moment is not asked for, so any z does */
        struct pull pull = {regularizer, softness, y + i, w + i, y + i, g + i, dz + i, dw + i, {0}};
        pull_row(&pull, n, first + i);
    }
    return SOFTGRAD_OK;
}
