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
 * while the level of the last pool is above that of the one before, the two become one. Merging costs O(1), or O(log n)
 * for norm 3/2; at the end the level of every pool is found again from its elements, which makes up for all rounding on
 * the way. A pool of one element has y = w exactly.
 */
#include "arguments.h"
#include "isotonic_pools.h"
#include "kernels.h"

_Static_assert(sizeof(struct pool) + sizeof(struct prefix) == SOFTGRAD_ISOTONIC_SCRATCH, "as the header promises");

/* --- the row ---------------------------------------------------------------------------------------------------- */

INLINE Vector load_up_to(const double *from, softgrad_count count, double filler) {
    return count >= LANES ? load_f64(from) : load_first_f64(from, count, filler);
}

INLINE void store_up_to(double *to, softgrad_count count, Vector a) {
    if (count >= LANES) {
        store_f64(to, a);
    } else {
        store_first_f64(to, count, a);
    }
}

/* An element times zero is zero, unless it is infinite or NaN. */
static int is_finite(softgrad_count n, const double *x) {
    Vector sum = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        sum += load_up_to(x + i, n - i, 0) * 0.0;
    }
    return sum_of_lanes(sum) == 0;
}

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

/* Returns the number of pools, which lie in row->pools. */
static softgrad_count pool_violators(const struct isotonic_row *row) {
    if (row->regularizer == SOFTGRAD_NORM_3_2) {
        sum_prefixes(row);
    }
    softgrad_count count = 0;
    for (softgrad_count i = 0; i < row->n; i++) {
        struct pool last = pool_of_one(row, i);
        while (count > 0) {
            struct pool *before = &row->pools[count - 1];
            double distance = distance_of_u(row, before->first, last.first);
            if (!(before->level < last.level + distance)) {
                break;
            }
            merge(row, before, &last, distance);
            last = *before;
            count--;
        }
        row->pools[count++] = last;
    }
    return count;
}

/* --- pools of several elements, by direct summation -------------------------------------------------------------- */

/* u - level at i, where `z` is that of the pool's first element. */
INLINE Vector excess_at(const struct isotonic_row *row, softgrad_count i, softgrad_count end, double z, double level) {
    return (load_up_to(row->z + i, end - i, z) - z) * row->u_scale - level;
}

INLINE Vector magnitude(Vector a) {
    return (Vector)((Mask)a & 0x7fffffffffffffff);
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

INLINE Mask among_first(softgrad_count count) {
    Mask mask;
    for (int lane = 0; lane < LANES; lane++) {
        mask[lane] = lane < count ? -1 : 0;
    }
    return mask;
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

INLINE void write_powers(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double level, int a,
                         double *y) {
    for (int step = 0; step < 2; step++) {
        level += newton_step(row, begin, end, level, a);
    }
    for (softgrad_count i = begin; i < end; i += LANES) {
        Vector t = excess_at(row, i, end, row->z[begin], level);
        store_up_to(y + i, end - i, t * slope_of(t, a) * row->w_unit);
    }
}

/* The sum of exp(x - x of the first element), and of the terms before it if asked for. */
static double sum_of_exponentials(softgrad_count length, const double *x, double scale, double *terms) {
    Vector sum = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector difference = load_up_to(x + i, length - i, -__builtin_inf()) - x[0];
        Vector term = exponential(difference * scale);
        sum += term;
        if (terms) {
            store_up_to(terms + i, length - i, term);
        }
    }
    return sum_of_lanes(sum);
}

static void write_logarithms(const struct isotonic_row *row, softgrad_count begin, softgrad_count end, double *y) {
    double of_u = sum_of_exponentials(end - begin, row->z + begin, row->u_scale, 0);
    double of_w = sum_of_exponentials(end - begin, row->w + begin, 1, 0);
    double level = logarithm(broadcast(of_u / of_w))[0] - row->w[begin];
    for (softgrad_count i = begin; i < end; i += LANES) {
        store_up_to(y + i, end - i, excess_at(row, i, end, row->z[begin], level));
    }
}

static void write_pool(const struct isotonic_row *row, const struct pool *pool, double *y, softgrad_count *first) {
    softgrad_count begin = pool->first, end = begin + pool->length;
    for (softgrad_count i = begin; i < end; i++) {
        first[i] = begin;
    }
    if (pool->length == 1) {
        y[begin] = row->w[begin];
        return;
    }
    switch (row->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: write_powers(row, begin, end, pool->level, 1, y); break;
        case SOFTGRAD_NORM_3_2: write_powers(row, begin, end, pool->level, 2, y); break;
        case SOFTGRAD_NORM_4_3: write_powers(row, begin, end, pool->level, 3, y); break;
        default: write_logarithms(row, begin, end, y);
    }
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
        if (!is_finite(n, z + i) || !is_finite(n, w + i)) {
            write_nothing_but_nan(n, y + i, first + i);
            continue;
        }
        struct isotonic_row row = row_of(regularizer, n, z + i, softness, w + i, scratch);
        softgrad_count pools = pool_violators(&row);
        for (softgrad_count pool = 0; pool < pools; pool++) {
            write_pool(&row, &row.pools[pool], y + i, first + i);
        }
    }
    return SOFTGRAD_OK;
}

/* --- vector-Jacobian product ------------------------------------------------------------------------------------- */

/* |phi^-1(y)|^(a - 1): the derivative of phi without its constant factor. */
INLINE Vector weight_of(Vector y, int a) {
    return a == 1 ? broadcast(1.0) : a == 2 ? square_root(magnitude(y)) : two_thirds_power(magnitude(y));
}

/*
 * The pool's y depends on u through phi'(t_i) (u_i - mean of u under the weights phi'), and on the sum of w alone. g is
 * taken from that of the first element, so a common offset costs nothing. Where every weight is zero, their limit for
 * equal u, which is equal weights, takes their place.
 */
INLINE void pull_powers(softgrad_count length, const double *y, double softness, const double *g, int a, double *dz,
                        double *dw) {
    Vector weights = broadcast(0), products = broadcast(0), plain = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector centred = load_up_to(g + i, length - i, g[0]) - g[0];
        Vector weight = weight_of(load_up_to(y + i, length - i, 0), a);
        weights += weight;
        products += weight * centred;
        plain += centred;
    }
    double weight_sum = a == 1 ? (double)length : sum_of_lanes(weights);
    double mean = weight_sum == 0 ? sum_of_lanes(plain) / (double)length : sum_of_lanes(products) / weight_sum;
    double factor = a * reciprocal_of(softness);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector centred = load_up_to(g + i, length - i, g[0]) - g[0];
        Vector weight = weight_of(load_up_to(y + i, length - i, 0), a);
        store_up_to(dz + i, length - i, factor * weight * (centred - mean));
        store_up_to(dw + i, length - i, broadcast(g[0] + mean));
    }
}

/* As y = u - level, softmax(u) is softmax(y). */
static void pull_masses(softgrad_count length, const double *w, double softness, const double *y, const double *g,
                        double *dz, double *dw) {
    double y_factor = 1 / sum_of_exponentials(length, y, 1, dz);
    double w_factor = 1 / sum_of_exponentials(length, w, 1, dw);
    Vector lanes = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        lanes += load_up_to(g + i, length - i, 0);
    }
    double sum = sum_of_lanes(lanes), scale = reciprocal_of(softness);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector share = load_up_to(dz + i, length - i, 0) * y_factor;
        store_up_to(dz + i, length - i, (load_up_to(g + i, length - i, 0) - share * sum) * scale);
        store_up_to(dw + i, length - i, load_up_to(dw + i, length - i, 0) * w_factor * sum);
    }
}

static void pull_pool(int regularizer, softgrad_count length, const double *w, double softness, const double *y,
                      const double *g, double *dz, double *dw) {
    if (length == 1) {
        double nan_if_y_is = y[0] - y[0];
        dz[0] = nan_if_y_is + (g[0] - g[0]);
        dw[0] = nan_if_y_is + g[0];
        return;
    }
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: pull_powers(length, y, softness, g, 1, dz, dw); break;
        case SOFTGRAD_NORM_3_2: pull_powers(length, y, softness, g, 2, dz, dw); break;
        case SOFTGRAD_NORM_4_3: pull_powers(length, y, softness, g, 3, dz, dw); break;
        default: pull_masses(length, w, softness, y, g, dz, dw);
    }
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
    for (softgrad_count begin = 0, end; begin < rows * n; begin = end) {
        softgrad_count row_end = begin - begin % n + n;
        for (end = begin + 1; end < row_end && first[end] == first[begin]; end++) {
        }
        pull_pool(regularizer, end - begin, w + begin, softness, y + begin, g + begin, dz + begin, dw + begin);
    }
    return SOFTGRAD_OK;
}
