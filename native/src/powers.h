/* Small powers, which are the weights that the norms give. */
#ifndef SOFTGRAD_POWERS_H
#define SOFTGRAD_POWERS_H

#include "vector.h"

/* base^power for base >= 0; with the power 0, 1 where the base is above 0. */
INLINE Vector power_of(Vector base, int power) {
    return power == 0   ? (Vector)((Mask)(base > 0) & (Mask)broadcast(1.0))
           : power == 1 ? base
           : power == 2 ? base * base
                        : base * base * base;
}

INLINE Vector positive_power(Vector base, int power) {
    return power_of(larger(broadcast(0), base), power);
}

#endif
