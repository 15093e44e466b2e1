/* The vector-Jacobian product of isotonic.c for one row: each pool by itself. */
#ifndef SOFTGRAD_ISOTONIC_PULL_H
#define SOFTGRAD_ISOTONIC_PULL_H

#include "arguments.h"
#include "isotonic_pools.h"
#include "order_rows.h"

/* |phi^-1(y)|^(a - 1): the derivative of phi without its constant factor. */
INLINE Vector weight_of(Vector y, int a) {
    return a == 1 ? broadcast(1.0) : a == 2 ? square_root(magnitude(y)) : two_thirds_power(magnitude(y));
}

/*
 * What pools take and give: z may be any row where the moment is not asked for, dw may be null, and w with it. A pool's
 * dz add up to zero, so that it does not matter where z is counted from in sum dz z, which makes the cotangent of the
 * softness.
 */
struct pull {
    int regularizer;
    double softness;
    const double *z, *w, *y, *g;
    double *dz, *dw;
    Vector moment; /* sum of dz (z - z of the pool's first element), by lanes */
};

/* dw, which is the same for all elements of a pool, but for the entropy. */
INLINE void put_equal_parts(struct pull *pull, softgrad_count i, softgrad_count end, double part) {
    if (pull->dw) {
        store_up_to(pull->dw + i, end - i, broadcast(part));
    }
}

INLINE void add_moment(struct pull *pull, softgrad_count begin, softgrad_count i, softgrad_count end, Vector dz) {
    const double origin = pull->z[begin];
    pull->moment += dz * (load_up_to(pull->z + i, end - i, origin) - origin);
}

/*
 * The pool's y depends on u through phi'(t_i) (u_i - mean of u under the weights phi'), and on the sum of w alone. g is
 * taken from that of the first element, so a common offset costs nothing. Where every weight is zero, their limit for
 * equal u, which is equal weights, takes their place.
 */
_Static_assert(!HAS_WIDE_VECTORS || (int)FEW <= (int)LANES, "a vector holds the few");

INLINE void pull_few_means(struct pull *pull, softgrad_count begin, softgrad_count end) {
    const double origin = pull->g[begin], scale = reciprocal_of(pull->softness), length = (double)(end - begin);
    if (HAS_WIDE_VECTORS) {
        const Vector centred = load_first_f64(pull->g + begin, end - begin, origin) - origin;
        const double mean = sum_of_lanes(centred) / length;
        const Vector dz = scale * (centred - mean);
        store_first_f64(pull->dz + begin, end - begin, dz);
        put_equal_parts(pull, begin, end, origin + mean);
        add_moment(pull, begin, begin, end, dz);
        return;
    }
    double sum = 0, moment = 0;
    for (softgrad_count i = begin + 1; i < end; i++) {
        sum += pull->g[i] - origin;
    }
    const double mean = sum / length;
    for (softgrad_count i = begin; i < end; i++) {
        pull->dz[i] = scale * (pull->g[i] - origin - mean);
        if (pull->dw) {
            pull->dw[i] = origin + mean;
        }
        moment += pull->dz[i] * (pull->z[i] - pull->z[begin]);
    }
    pull->moment[0] += moment;
}

INLINE void pull_powers(struct pull *pull, softgrad_count begin, softgrad_count end, int a) {
    if (a == 1 && end - begin <= FEW) {
        pull_few_means(pull, begin, end);
        return;
    }
    const double *y = pull->y, *g = pull->g, origin = g[begin];
    Vector weights = broadcast(0), products = broadcast(0), plain = broadcast(0);
    for (softgrad_count i = begin; i < end; i += LANES) {
        Vector centred = load_up_to(g + i, end - i, origin) - origin;
        Vector weight = weight_of(load_up_to(y + i, end - i, 0), a);
        weights += weight;
        products += weight * centred;
        plain += centred;
    }
    double length = (double)(end - begin), weight_sum = a == 1 ? length : sum_of_lanes(weights);
    double mean = weight_sum == 0 ? sum_of_lanes(plain) / length : sum_of_lanes(products) / weight_sum;
    double factor = a * reciprocal_of(pull->softness);
    for (softgrad_count i = begin; i < end; i += LANES) {
        Vector centred = load_up_to(g + i, end - i, origin) - origin;
        Vector dz = factor * weight_of(load_up_to(y + i, end - i, 0), a) * (centred - mean);
        store_up_to(pull->dz + i, end - i, dz);
        put_equal_parts(pull, i, end, origin + mean);
        add_moment(pull, begin, i, end, dz);
    }
}

/* As y = u - level, softmax(u) is softmax(y). */
static void pull_masses(struct pull *pull, softgrad_count begin, softgrad_count end) {
    double *dz = pull->dz + begin;
    const double *g = pull->g + begin;
    const softgrad_count length = end - begin;
    double y_factor = 1 / sum_of_exponentials(length, pull->y + begin, 1, dz);
    Vector lanes = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        lanes += load_up_to(g + i, length - i, 0);
    }
    double sum = sum_of_lanes(lanes), scale = reciprocal_of(pull->softness);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector share = load_up_to(dz + i, length - i, 0) * y_factor;
        Vector of_z = (load_up_to(g + i, length - i, 0) - share * sum) * scale;
        store_up_to(dz + i, length - i, of_z);
        add_moment(pull, begin, begin + i, end, of_z);
    }
    if (pull->dw) {
        double *dw = pull->dw + begin, w_factor = sum / sum_of_exponentials(length, pull->w + begin, 1, dw);
        for (softgrad_count i = 0; i < length; i += LANES) {
            store_up_to(dw + i, length - i, load_up_to(dw + i, length - i, 0) * w_factor);
        }
    }
}

/* Pools of few elements of the entropy, whose exponentials are taken side by side. */
enum { POOLS_TOGETHER = 16 };

struct few_masses {
    softgrad_count begins[POOLS_TOGETHER], lengths[POOLS_TOGETHER], pools, elements;
    double y[POOLS_TOGETHER * FEW], w[POOLS_TOGETHER * FEW]; /* less those of the first of a pool */
};

INLINE void exponentials_of(softgrad_count n, double *a) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        store_up_to(a + i, n - i, exponential(load_up_to(a + i, n - i, 0)));
    }
}

/* To share[i] the i-th exponential's part of the sum over its pool, times the sum of g there. */
static void share_sums(const struct few_masses *few, const double *g, double *exponentials, double *share) {
    exponentials_of(few->elements, exponentials);
    for (softgrad_count k = 0; k < few->pools; k++) {
        const softgrad_count begin = few->begins[k], length = few->lengths[k];
        double of_exponentials = 0, of_g = 0;
        for (softgrad_count i = 0; i < length; i++) {
            of_exponentials += exponentials[i];
            of_g += g[begin + i];
        }
        const double factor = of_g / of_exponentials;
        for (softgrad_count i = 0; i < length; i++) {
            share[begin + i] = exponentials[i] * factor;
        }
        exponentials += length;
    }
}

/* As pull_masses, for all pools that are there; afterwards there are none. */
static void pull_few_masses(struct few_masses *few, struct pull *pull) {
    const double scale = reciprocal_of(pull->softness);
    double moment = 0;
    share_sums(few, pull->g, few->y, pull->dz);
    for (softgrad_count k = 0; k < few->pools; k++) {
        const softgrad_count begin = few->begins[k], end = begin + few->lengths[k];
        for (softgrad_count i = begin; i < end; i++) {
            pull->dz[i] = (pull->g[i] - pull->dz[i]) * scale;
            moment += pull->dz[i] * (pull->z[i] - pull->z[begin]);
        }
    }
    if (pull->dw) {
        share_sums(few, pull->g, few->w, pull->dw);
    }
    pull->moment[0] += moment;
    few->pools = few->elements = 0;
}

static void add_few(struct few_masses *few, const struct pull *pull, softgrad_count begin, softgrad_count length) {
    for (softgrad_count i = 0; i < length; i++) {
        few->y[few->elements + i] = pull->y[begin + i] - pull->y[begin];
    }
    for (softgrad_count i = 0; pull->dw && i < length; i++) {
        few->w[few->elements + i] = pull->w[begin + i] - pull->w[begin];
    }
    few->begins[few->pools] = begin;
    few->lengths[few->pools++] = length;
    few->elements += length;
}

/* A pool of several elements; those in `few` are pulled when it is full, and by the caller at the end. */
INLINE void pull_pool(struct pull *pull, struct few_masses *few, softgrad_count begin, softgrad_count end) {
    switch (pull->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: pull_powers(pull, begin, end, 1); return;
        case SOFTGRAD_NORM_3_2: pull_powers(pull, begin, end, 2); return;
        case SOFTGRAD_NORM_4_3: pull_powers(pull, begin, end, 3); return;
        default: break;
    }
    if (end - begin > FEW) {
        pull_masses(pull, begin, end);
        return;
    }
    add_few(few, pull, begin, end - begin);
    if (few->pools == POOLS_TOGETHER) {
        pull_few_masses(few, pull);
    }
}

/* As if every element were a pool of its own. */
static void pull_alone(softgrad_count n, const double *y, const double *g, double *dz, double *dw) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector result = load_up_to(y + i, n - i, 0), cotangent = load_up_to(g + i, n - i, 0);
        Vector nan_if_y_is = result - result;
        store_up_to(dz + i, n - i, nan_if_y_is + (cotangent - cotangent));
        store_up_to(dw + i, n - i, nan_if_y_is + cotangent);
    }
}

/* Most elements are pools of their own. */
static void pull_row(struct pull *pull, softgrad_count n, const softgrad_count *first) {
    struct few_masses few;
    few.pools = few.elements = 0;
    pull_alone(n, pull->y, pull->g, pull->dz, pull->dw);
    for (softgrad_count i = 1; i < n; i++) {
        if (first[i] == i) {
            continue;
        }
        softgrad_count begin = i - 1;
        for (; i < n && first[i] == first[begin]; i++) {
        }
        pull_pool(pull, &few, begin, i);
    }
    pull_few_masses(&few, pull);
}

static void pull_pools(struct pull *pull, softgrad_count count, const struct isotonic_pool *pools) {
    struct few_masses few;
    few.pools = few.elements = 0;
    for (softgrad_count k = 0; k < count; k++) {
        pull_pool(pull, &few, pools[k].begin, pools[k].end);
    }
    pull_few_masses(&few, pull);
}

#endif
