/* Whole vectors along a row whose length is any number: what the kernels on rows of doubles share. */
#ifndef SOFTGRAD_ROW_VECTORS_H
#define SOFTGRAD_ROW_VECTORS_H

#include "vector.h"

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

INLINE Mask among_first(softgrad_count count) {
    Mask mask;
    for (int lane = 0; lane < LANES; lane++) {
        mask[lane] = lane < count ? -1 : 0;
    }
    return mask;
}

INLINE Vector magnitude(Vector a) {
    return (Vector)((Mask)a & 0x7fffffffffffffff);
}

enum { UNROLLED = 4 }; /* independent sums hide the latency of additions */

/* An element times zero is zero, unless it is infinite or NaN. */
INLINE int is_finite_row(softgrad_count n, const double *x) {
    Vector sums[UNROLLED] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLLED * LANES <= n; i += UNROLLED * LANES) {
        for (int k = 0; k < UNROLLED; k++) {
            sums[k] += load_f64(x + i + k * LANES) * 0.0;
        }
    }
    for (; i < n; i += LANES) {
        sums[0] += load_up_to(x + i, n - i, 0) * 0.0;
    }
    return sum_of_lanes((sums[0] + sums[1]) + (sums[2] + sums[3])) == 0;
}

#endif
