/*
 * What is true of every soft order. Values lie between the smallest and the largest entry, ranks between 1 and n. All
 * entries moved or stretched, with the softness, move and stretch the result (Euler's theorem), which ties the
 * derivatives to the values.
 */
#ifndef SOFTGRAD_TRUST_ORDER_LAWS_H
#define SOFTGRAD_TRUST_ORDER_LAWS_H

#include "fuzz.h"

struct order_laws {
    int method, regularizer, options;
    double softness;
    double roundings; /* errors that are allowed, relative to the size of what is added up */
};

static inline double smallest_in(softgrad_count n, const double *x) {
    double smallest = x[0];
    for (softgrad_count i = 1; i < n; i++) {
        smallest = fmin(smallest, x[i]);
    }
    return smallest;
}

static inline double largest_in(softgrad_count n, const double *x) {
    double largest = x[0];
    for (softgrad_count i = 1; i < n; i++) {
        largest = fmax(largest, x[i]);
    }
    return largest;
}

/* The way back from standardized numbers cuts off what is too close to 0 and 1. */
static inline int is_within_entries(const struct order_laws *laws) {
    return laws->method != SOFTGRAD_FAST_SOFT_SORT || !(laws->options & SOFTGRAD_STANDARDIZE);
}

static inline void require_values(const struct order_laws *laws, softgrad_count n, const double *x,
                                  softgrad_count count, const double *y) {
    const double far = laws->roundings > 1e-6 ? 1e30 : 1e100; /* for float and for double */
    if (largest_of(n, x) > far || laws->softness < 1 / far) {
        return;
    }
    const int is_rank = (laws->options & SOFTGRAD_RANK) != 0;
    const double low = is_rank ? 1 : smallest_in(n, x), high = is_rank ? (double)n : largest_in(n, x);
    const double allowed = laws->roundings * fmax(fabs(low), fabs(high));
    for (softgrad_count i = 0; i < count; i++) {
        REQUIRE(isfinite(y[i]), "y[%lld] = %g", i, y[i]);
        if (is_within_entries(laws) || is_rank) {
            /* a column without mass has no rank */
            const int is_above =
                y[i] >= low - allowed || (is_rank && laws->method == SOFTGRAD_NEURAL_SORT && y[i] >= 0);
            REQUIRE(is_above && y[i] <= high + allowed, "y[%lld] = %.17g, not in %.17g to %.17g", i, y[i], low, high);
        }
    }
}

static inline int has_usual_size(const struct order_laws *laws, softgrad_count n, const double *x) {
    const double size = largest_of(n, x);
    return size <= 1e3 && (size >= 1e-3 || size == 0) && laws->softness >= 1e-2 && laws->softness <= 1e3;
}

/* d<g, y> for entries and softness stretched at once, and what it should be. */
static inline double stretched_softness(const struct order_laws *laws, double dsoftness) {
    const int is_projected_value = laws->method == SOFTGRAD_FAST_SOFT_SORT && !(laws->options & SOFTGRAD_RANK);
    const double exponent =
        laws->regularizer; /* of phi: the softness goes with the power -1 / exponent of the entries */
    return is_projected_value ? -dsoftness * laws->softness / exponent : dsoftness * laws->softness;
}

/* The powers of a norm other than the Euclidean one are not those of moved entries. */
static inline int is_movable(const struct order_laws *laws) {
    return laws->method != SOFTGRAD_FAST_SOFT_SORT || laws->options & SOFTGRAD_RANK ||
           laws->regularizer <= SOFTGRAD_SQUARED_EUCLIDEAN;
}

static inline int is_stretchable(const struct order_laws *laws) {
    const int is_logarithmic = laws->method == SOFTGRAD_FAST_SOFT_SORT && laws->regularizer == SOFTGRAD_ENTROPY &&
                               !(laws->options & SOFTGRAD_RANK);
    return !(laws->options & SOFTGRAD_STANDARDIZE) && !is_logarithmic;
}

static inline void require_cotangents(const struct order_laws *laws, softgrad_count n, const double *x,
                                      softgrad_count count, const double *y, const double *g, const double *dx,
                                      double dsoftness) {
    const double size_x = largest_of(n, x), size_g = largest_of(count, g);
    const double far = laws->roundings > 1e-6 ? 1e4 : 1e60, near = laws->roundings > 1e-6 ? 1e-2 : 1e-60;
    if (size_x > far || size_g > far || laws->softness < near || laws->softness > far) {
        return;
    }
    double along = stretched_softness(laws, dsoftness), stretch = fabs(along), moved = 0, size = 0, wanted = 0,
           all_g = 0;
    REQUIRE(isfinite(dsoftness), "dsoftness = %g", dsoftness);
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(isfinite(dx[i]), "dx[%lld] = %g", i, dx[i]);
        along += dx[i] * x[i];
        stretch += fabs(dx[i] * x[i]);
        moved += dx[i];
        size += fabs(dx[i]);
    }
    for (softgrad_count i = 0; i < count; i++) {
        const double value = laws->options & SOFTGRAD_RANK ? 0 : g[i];
        wanted += value * y[i];
        stretch += fabs(value * y[i]);
        moved -= value;
        all_g += fabs(g[i]);
    }
    if (!has_usual_size(laws, n, x)) {
        return;
    }
    const double dust = laws->roundings > 1e-6 ? 1e-36 : DUST;
    const double allowed = laws->roundings * (size + all_g * (1 + 1 / laws->softness)) + dust;
    REQUIRE(!is_movable(laws) || fabs(moved) <= allowed, "dx adds up to %.17g too much beside %g", moved, size);
    if (is_stretchable(laws)) {
        REQUIRE(fabs(along - wanted) <= laws->roundings * stretch + allowed * size_x + dust,
                "<dx, x> + ds s = %.17g, not %.17g", along, wanted);
    }
}

#endif
