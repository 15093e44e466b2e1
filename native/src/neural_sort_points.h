/*
 * The points of a row of NeuralSort in units of the softness, about the middle of the row: everything but the values
 * depends on s / softness alone, and not on a shift of s.
 */
#ifndef SOFTGRAD_NEURAL_SORT_POINTS_H
#define SOFTGRAD_NEURAL_SORT_POINTS_H

#include "arguments.h"
#include "elementary.h"
#include "network_pairs.h"
#include "order_rows.h"
#include "vector.h"

INLINE softgrad_count least(softgrad_count a, softgrad_count b) {
    return a < b ? a : b;
}

INLINE softgrad_count most(softgrad_count a, softgrad_count b) {
    return a > b ? a : b;
}

/* One of the arrays of n + ORDER_PADDING doubles that follow each other in a state or scratch. */
INLINE double *array_of(double *memory, softgrad_count n, int number) {
    return memory + number * (n + ORDER_PADDING);
}

INLINE const double *kept_array_of(const double *memory, softgrad_count n, int number) {
    return memory + number * (n + ORDER_PADDING);
}

/* The first `count` lanes; the others keep what memory holds. */
INLINE void store_at_most(double *to, softgrad_count count, Vector a) {
    if (count >= LANES) {
        store_f64(to, a);
    } else {
        store_first_f64(to, count, a);
    }
}

INLINE Vector load_at_most(const double *from, softgrad_count count) {
    return count >= LANES ? load_f64(from) : load_first_f64(from, count, 0);
}

/* One in the first `count` lanes. */
INLINE Vector ones_at_most(softgrad_count count) {
    static const double ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    return load_at_most(ones, count);
}

/* The sum of each of LANES vectors, in its lane. */
INLINE Vector sums_of_each(const Vector *v) {
#if SOFTGRAD_VECTOR_BYTES == 16
    struct pair p = unzip(v[0], v[1], 1);
    return p.low + p.high;
#else
    Vector sums[LANES];
    for (int k = 0; k < LANES; k++) {
        sums[k] = v[k];
    }
    for (int close = 1, left = LANES / 2; left > 0; close *= 2, left /= 2) {
        for (int k = 0; k < left; k++) {
            struct pair p = close == 1   ? unzip(sums[2 * k], sums[2 * k + 1], 1)
                            : close == 2 ? unzip(sums[2 * k], sums[2 * k + 1], 2)
                                         : unzip(sums[2 * k], sums[2 * k + 1], 4);
            sums[k] = p.low + p.high;
        }
    }
    return sums[0];
#endif
}

static void clear(softgrad_count n, double *array) {
    for (softgrad_count k = 0; k < n; k += LANES) {
        store_at_most(array + k, n - k, broadcast(0));
    }
}

/* What follows the row repeats its last element, so that whole vectors read true points. */
static void pad(softgrad_count n, double *array) {
    for (int k = 0; k < ORDER_PADDING; k++) {
        array[n + k] = array[n - 1];
    }
}

/*
 * p = (s - middle) / unit; returns 1 / unit. The unit is the softness except where the row is 2^500 times as long: no
 * rounded score tells such a softness from a larger one, and with p below 2^500 no product overflows.
 */
static double points_of(softgrad_count n, const double *s, double softness, double *p) {
    const double middle = 0.5 * s[0] + 0.5 * s[n - 1];
    const double shortest = (0.5 * s[n - 1] - 0.5 * s[0]) * 0x1p-500;
    const double scale = reciprocal_of(softness > shortest ? softness : shortest);
    for (softgrad_count k = 0; k < n; k += LANES) {
        store_at_most(p + k, n - k, (load_at_most(s + k, n - k) - middle) * scale);
    }
    pad(n, p);
    return scale;
}

#endif
