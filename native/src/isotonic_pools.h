/*
 * The pools of isotonic.c: what is kept of each, how two become one, and where the level of a pool lies.
 *
 * Within a row every number has the row's unit (see struct isotonic_row), and within a pool u is counted from the
 * pool's first element, so that neither large inputs nor a small softness costs digits: all that matters is the width
 * of a pool.
 */
#ifndef SOFTGRAD_ISOTONIC_POOLS_H
#define SOFTGRAD_ISOTONIC_POOLS_H

#include "compensated.h"
#include "elementary.h"
#include "row_vectors.h"

struct pool {
    softgrad_count first;
    softgrad_count length;
    double level; /* gamma, from u of the first element; for a pool of several under the entropy found at the end */
    union {
        struct {
            double of_u, of_w;   /* sums of exp(u) and exp(w), from u and w of the first element */
            double way_u, way_w; /* exp of what u and w change by from the first element to that behind the pool */
        } mass; /* entropy, which needs no level */
        struct {
            double w;      /* sum of w */
            double mean;   /* of u; the last three only for norm 4/3 */
            double second; /* sum of (u - mean)^2 */
            double third;  /* sum of (u - mean)^3 */
        } moments; /* norms 3/2 and 4/3; the squared Euclidean norm needs the level only */
    };
};

/* Sums over what is before a position, for norm 3/2. */
struct prefix {
    double u; /* of the position itself, from the first element of its cluster */
    struct twofold sum;
    struct twofold squares;
};

/*
 * Up to so many elements of a pool are summed one by one: vectors would be mostly empty. Wide ones take them without a
 * loop, and so without a branch on the length, which is hard to foresee.
 */
enum { FEW = 6, HAS_WIDE_VECTORS = SOFTGRAD_VECTOR_BYTES >= 64 };

/*
 * A row of z and w and its unit, a power of two near phi^-1(max |w|), so that powers stay in range: the kernels work on
 * u / unit and w / unit^exponent. The unit is 1 for the entropy, which is not homogeneous, and where exponent is 1.
 */
struct isotonic_row {
    int regularizer; /* its number is the exponent of phi; 0 for the entropy */
    softgrad_count n;
    const double *z;
    const double *w;
    double u_scale; /* from differences of z to those of u */
    double w_scale; /* from w to its multiple of the unit */
    double w_unit;  /* and back */
    struct pool *pools;
    struct prefix *prefixes;
    double *way_u, *way_w; /* entropy: exp of what u and w change by from each element to the next */
};

/* phi^-1: the t with t, t |t| or t^3 equal to w. */
INLINE Vector excesses_of(Vector w, int exponent) {
    if (exponent < 2) {
        return w;
    }
    Mask sign = (Mask)w & (Mask)broadcast(-0.0);
    Vector size = (Vector)((Mask)w ^ sign);
    return (Vector)((Mask)(exponent == 2 ? square_root(size) : cube_root(size)) | sign);
}

INLINE double excess_of(double w, int exponent) {
    return excesses_of(broadcast(w), exponent)[0];
}

INLINE double distance_of_u(const struct isotonic_row *row, softgrad_count from, softgrad_count to) {
    return (row->z[to] - row->z[from]) * row->u_scale;
}

/* The sums of a pool that has not been merged yet. */
INLINE void begin_sums(const struct isotonic_row *row, struct pool *pool) {
    if (pool->length == 1) {
        pool->moments.w = row->w[pool->first] * row->w_scale;
        pool->moments.mean = pool->moments.second = pool->moments.third = 0;
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

/* --- entropy: the level is log sum exp(u) - log sum exp(w) ------------------------------------------------------ */

/* An element is a pool of its own. */
INLINE struct pool mass_alone(const struct isotonic_row *row, softgrad_count i) {
    return (struct pool){.first = i, .length = 1, .mass = {1, 1, row->way_u[i], row->way_w[i]}};
}

INLINE void merge_masses(struct pool *into, const struct pool *from) {
    into->mass.of_u += into->mass.way_u * from->mass.of_u;
    into->mass.of_w += into->mass.way_w * from->mass.of_w;
    into->mass.way_u *= from->mass.way_u;
    into->mass.way_w *= from->mass.way_w;
}

/* Whether the level of a pool is below that of the one behind it: by products, unless those are too small for that. */
INLINE int is_mass_below(const struct isotonic_row *row, const struct pool *pool, const struct pool *behind) {
    const double least = 0x1p-900;
    if (pool->mass.way_u > least && pool->mass.way_w > least) {
        return pool->mass.of_u * behind->mass.of_w * pool->mass.way_w <
               behind->mass.of_u * pool->mass.of_w * pool->mass.way_u;
    }
    Vector quotients = broadcast(pool->mass.of_u / pool->mass.of_w);
    quotients[1] = behind->mass.of_u / behind->mass.of_w;
    const Vector levels = logarithm(quotients);
    const double change_of_w = row->w[behind->first] - row->w[pool->first];
    return levels[0] < levels[1] + distance_of_u(row, pool->first, behind->first) - change_of_w;
}

/* --- norm 3/2: the level solves sum (u - level) |u - level| = sum w --------------------------------------------- */

/* The sums of (u - pivot) and (u - pivot)^2 over the positions from `begin` to before `end`. */
struct two_sums {
    double first;
    double second;
};

static struct two_sums sums_about(const struct prefix *prefixes, softgrad_count begin, softgrad_count end,
                                  double pivot) {
    struct twofold sum = twofold_difference(prefixes[end].sum, prefixes[begin].sum);
    struct twofold squares = twofold_difference(prefixes[end].squares, prefixes[begin].squares);
    struct twofold centred = twofold_difference(sum, exact_product((double)(end - begin), pivot));
    struct twofold cross = twofold_product(twofold_sum(sum, centred), pivot);
    return (struct two_sums){centred.high, twofold_difference(squares, cross).high};
}

/* The first position below the level of the pool [begin, end), by bisection between two that enclose it. */
static softgrad_count end_of_upper(const struct prefix *prefixes, softgrad_count begin, softgrad_count end, double w,
                                   softgrad_count low, softgrad_count high) {
    while (low < high) {
        softgrad_count middle = low + (high - low) / 2;
        double pivot = prefixes[middle].u;
        double upper = sums_about(prefixes, begin, middle, pivot).second;
        double lower = sums_about(prefixes, middle, end, pivot).second;
        if (upper - lower > w) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* The first position of [begin, end) with u below the bound. */
INLINE softgrad_count first_below(const struct prefix *prefixes, softgrad_count begin, softgrad_count end,
                                  double bound) {
    while (begin < end) {
        softgrad_count middle = begin + (end - begin) / 2;
        if (prefixes[middle].u < bound) {
            end = middle;
        } else {
            begin = middle + 1;
        }
    }
    return begin;
}

/*
 * The level lies between those of the two pools. Where it separates the elements is found by bisection, and then it is
 * the root of a quadratic equation in level - pivot, whose linear coefficient is negative or zero.
 */
static void merge_squares(const struct isotonic_row *row, struct pool *into, const struct pool *from, double distance) {
    const struct prefix *prefixes = row->prefixes;
    softgrad_count begin = into->first, end = from->first + from->length;
    double origin = prefixes[begin].u, w = into->moments.w + from->moments.w;
    softgrad_count low = first_below(prefixes, begin, end, origin + distance + from->level);
    softgrad_count high = first_below(prefixes, begin, end, origin + into->level);
    softgrad_count split = end_of_upper(prefixes, begin, end, w, low - (low > begin), high + (high < end));

    double pivot = prefixes[split < end ? split : end - 1].u;
    struct two_sums upper = sums_about(prefixes, begin, split, pivot);
    struct two_sums lower = sums_about(prefixes, split, end, pivot);
    double a = (double)(split - begin) - (double)(end - split);
    double b = 2 * (upper.first - lower.first);
    double c = (upper.second - lower.second) - w;
    double discriminant = b * b - 4 * a * c;
    double divisor = b + (discriminant > 0 ? square_root(broadcast(discriminant))[0] : 0);
    into->moments.w = w;
    into->level = (pivot - origin) + (divisor > 0 ? 2 * c / divisor : 0);
}

/* --- norm 4/3: the level solves sum (u - level)^3 = sum w ------------------------------------------------------- */

/*
 * Central moments of two sets make those of their union (P. Pebay, Sandia report SAND2008-6212, equations 1.5 and 1.6),
 * and x = level - mean is the one real root of the depressed cubic x^3 + 3 p x + q = 0 with p, q below, p >= 0:
 * Cardano's formula, multiplied out so that every term of the divisor is positive.
 */
static void merge_cubes(struct pool *into, const struct pool *from, double distance) {
    double length = (double)into->length, added = (double)from->length, total = length + added;
    double part = length / total, added_part = added / total;
    double step = distance + from->moments.mean - into->moments.mean;
    double spread = step * step * length * added_part;
    into->moments.third += from->moments.third + step * spread * (part - added_part) +
                           3 * step * (part * from->moments.second - added_part * into->moments.second);
    into->moments.second += from->moments.second + spread;
    into->moments.mean += step * added_part;
    into->moments.w += from->moments.w;

    double p = into->moments.second / total, q = (into->moments.w - into->moments.third) / total;
    double half = 0.5 * __builtin_fabs(q);
    double root = cube_root(broadcast(half + square_root(broadcast(half * half + p * p * p))[0]))[0];
    double divisor = root > 0 ? root * root + p + (p / root) * (p / root) : 0;
    into->level = into->moments.mean - (divisor > 0 ? q / divisor : 0);
}

/* --- all --------------------------------------------------------------------------------------------------------- */

/* `level` is that of the element as a pool of its own. */
INLINE struct pool pool_of_one(const struct isotonic_row *row, softgrad_count i, double level) {
    return row->regularizer == SOFTGRAD_ENTROPY ? mass_alone(row, i)
                                                : (struct pool){.first = i, .length = 1, .level = level};
}

/* Whether a pool and the one behind it must become one. */
INLINE int is_below(const struct isotonic_row *row, const struct pool *pool, const struct pool *behind) {
    return row->regularizer == SOFTGRAD_ENTROPY
               ? is_mass_below(row, pool, behind)
               : pool->level < behind->level + distance_of_u(row, pool->first, behind->first);
}

INLINE void merge(const struct isotonic_row *row, struct pool *into, struct pool *from) {
    const double distance = distance_of_u(row, into->first, from->first);
    if (row->regularizer == SOFTGRAD_NORM_3_2 || row->regularizer == SOFTGRAD_NORM_4_3) {
        begin_sums(row, into);
        begin_sums(row, from);
    }
    switch (row->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: {
            double part = (double)from->length / (double)(into->length + from->length);
            into->level += (distance + from->level - into->level) * part;
            break;
        }
        case SOFTGRAD_NORM_3_2: merge_squares(row, into, from, distance); break;
        case SOFTGRAD_NORM_4_3: merge_cubes(into, from, distance); break;
        default: merge_masses(into, from);
    }
    into->length += from->length;
}

#endif
