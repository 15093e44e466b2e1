/*
 * Sums that carry their own rounding errors: an unevaluated sum of two doubles has about 106 bits.
 * Method: T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971);
 * J. R. Shewchuk, Discrete Comput. Geom. 18 (1997), theorems 7 and 18.
 */
#ifndef SOFTGRAD_COMPENSATED_H
#define SOFTGRAD_COMPENSATED_H

#include "vector.h"

/* high + low, with |low| at most half a unit in the last place of high. */
struct twofold {
    double high;
    double low;
};

/* a + b exactly. */
INLINE struct twofold exact_sum(double a, double b) {
    double sum = a + b;
    double b_part = sum - a;
    return (struct twofold){sum, (a - (sum - b_part)) + (b - b_part)};
}

/* The upper half of the bits of a. */
INLINE double upper_half_of(double a) {
    double spread = 0x1.000002p+27 * a;
    return spread - (spread - a);
}

/* a * b exactly, short of overflow and underflow. Without a fused instruction a fused multiply-add would be a call. */
INLINE struct twofold exact_product(double a, double b) {
    double product = a * b;
#if defined(__FMA__) || defined(__aarch64__)
    return (struct twofold){product, __builtin_fma(a, b, -product)};
#else
    double a_high = upper_half_of(a), b_high = upper_half_of(b);
    double a_low = a - a_high, b_low = b - b_high;
    double error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (struct twofold){product, error};
#endif
}

INLINE struct twofold twofold_sum(struct twofold a, struct twofold b) {
    struct twofold sum = exact_sum(a.high, b.high);
    double low = sum.low + (a.low + b.low);
    double high = sum.high + low;
    return (struct twofold){high, low - (high - sum.high)};
}

INLINE struct twofold twofold_difference(struct twofold a, struct twofold b) {
    return twofold_sum(a, (struct twofold){-b.high, -b.low});
}

INLINE struct twofold twofold_product(struct twofold a, double b) {
    struct twofold product = exact_product(a.high, b);
    double low = product.low + a.low * b;
    double high = product.high + low;
    return (struct twofold){high, low - (high - product.high)};
}

#endif
