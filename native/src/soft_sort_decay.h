/* The factor exp(-d) that a gap leaves of a sum, and what it takes, for one tier. */
#ifndef SOFTGRAD_SOFT_SORT_DECAY_H
#define SOFTGRAD_SOFT_SORT_DECAY_H

#include "vector.h"

/* keep = exp(-d) and lost = 1 - exp(-d), each to about a unit in its own last place. */
struct decay {
    Vector keep, lost;
};

/*
 * For d >= 0, and far enough: from 709 on nothing is kept.
 *
 * -d = k ln 2 + r with |r| <= (ln 2) / 2, the first part of ln 2 short enough for an exact product (Cody and Waite),
 * and exp(r) - 1 by 13 terms of its series, in two halves. With k = 0 it is the loss itself: nothing cancels.
 */
INLINE struct decay decay_over(Vector d) {
    const double log2_e = 0x1.71547652b82fep+0;
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double round_to_integer = 0x1.8p+52;

    Vector exponent = larger(broadcast(-709.0), -d);
    Vector shifted = exponent * log2_e + round_to_integer;
    Vector k = shifted - round_to_integer;
    Vector r = (exponent - k * ln2_high) - k * ln2_low;
    Vector r2 = r * r;

    Vector odd = broadcast(1.0 / 6227020800.0), even = broadcast(1.0 / 479001600.0);
    odd = odd * r2 + 1.0 / 39916800.0;
    even = even * r2 + 1.0 / 3628800.0;
    odd = odd * r2 + 1.0 / 362880.0;
    even = even * r2 + 1.0 / 40320.0;
    odd = odd * r2 + 1.0 / 5040.0;
    even = even * r2 + 1.0 / 720.0;
    odd = odd * r2 + 1.0 / 120.0;
    even = even * r2 + 1.0 / 24.0;
    odd = odd * r2 + 1.0 / 6.0;
    even = even * r2 + 0.5;
    Vector growth = r2 * (odd * r + even) + r; /* exp(r) - 1 */

    Vector power = (Vector)(((Integers)shifted + 1023) << 52); /* 2^k, and zero where k is -1023 */
    Vector part = power * growth;
    return (struct decay){power + part, (1.0 - power) - part};
}

#endif
