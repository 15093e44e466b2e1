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

/* An element times zero is zero, unless it is infinite or NaN. */
INLINE int is_finite_row(softgrad_count n, const double *x) {
    Vector sum = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        sum += load_up_to(x + i, n - i, 0) * 0.0;
    }
    return sum_of_lanes(sum) == 0;
}

#endif
