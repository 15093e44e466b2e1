/*
 * Elementary functions on vectors, about 1 unit in the last place, without branches or tables.
 * Method: J.-M. Muller, Elementary Functions, 3rd ed., chapters 3 (polynomials) and 11 (range reduction).
 */
#ifndef SOFTGRAD_ELEMENTARY_H
#define SOFTGRAD_ELEMENTARY_H

#include "vector.h"

/*
 * exp(a) for a <= 709; zero below -708.75; NaN passes through. Error below 1.1 units in the last place.
 *
 * a = k ln 2 + r with |r| <= (ln 2) / 2 (Cody and Waite). The first part of ln 2 ends in eleven zero bits, so that k
 * times it is exact with and without fused multiply-add. exp(r) = 1 + r + r^2 g(r), g interpolated at the Chebyshev
 * nodes with ten coefficients (truncation 0.08 units). Where k = -1023 the scale 2^k has all bits zero, which is how
 * the clamped argument gives exactly zero.
 */
INLINE Vector exponential(Vector a) {
    const double log2_e = 0x1.71547652b82fep+0;
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double round_to_integer = 0x1.8p+52; /* adding it leaves the integer in the low bits */

    a = larger(broadcast(-709.0), a);
    Vector shifted = a * log2_e + round_to_integer;
    Vector k = shifted - round_to_integer;
    Vector r = (a - k * ln2_high) - k * ln2_low;
    Vector r2 = r * r;
    Vector r4 = r2 * r2;

    Vector g01 = r * 0x1.5555555555556p-3 + 0x1.0000000000001p-1;
    Vector g23 = r * 0x1.11111111109adp-7 + 0x1.5555555553d4fp-5;
    Vector g45 = r * 0x1.a01a01a7c8d47p-13 + 0x1.6c16c17893833p-10;
    Vector g67 = r * 0x1.71de0d9c145d0p-19 + 0x1.a019b8ef67c6cp-16;
    Vector g89 = r * 0x1.af38d53857513p-26 + 0x1.2891a8c1d838dp-22;
    Vector g = (r4 * g89 + (r2 * g67 + g45)) * r4 + (r2 * g23 + g01);
    Vector exp_r = (r2 * g + r) + 1.0;

    Integers exponent_bits = ((Integers)shifted + 1023) << 52;
    return exp_r * (Vector)exponent_bits;
}

/*
 * a^(-1/3) for a > 0; where a is 0 a number that gives 0 when multiplied by a; NaN passes through. Error below 2 units
 * in the last place for normal numbers.
 *
 * No division: a third of the exponent, read off the upper half of the bits, gives a guess within 4 %, and two steps of
 * fourth order (the binomial series of (1 - h)^(-1/3), h = 1 - a guess^3) finish it.
 */
INLINE Vector inverse_cube_root(Vector a) {
    const double two_52 = 0x1p+52;
    /* An integer below 2^52 placed under the exponent of 2^52 is that double plus the integer. */
    Integers upper_half = (Integers)((Integers)a >> 32) & 0x7fffffff;
    Vector upper = (Vector)(upper_half | (Integers)broadcast(two_52)) - two_52;
    Vector guess_upper = (two_52 + 0x1.54fba5p+30) - upper * (1.0 / 3.0);
    Vector root = (Vector)((Integers)guess_upper << 32);
    for (int step = 0; step < 2; step++) {
        Vector h = 1.0 - (a * root) * (root * root);
        root += root * h * (1.0 / 3.0 + h * (2.0 / 9.0 + h * (14.0 / 81.0)));
    }
    return root;
}

/* a^(2/3) for a >= 0; zero at zero; NaN passes through. Error below 2.2 units in the last place for normal numbers. */
INLINE Vector two_thirds_power(Vector a) {
    return a * inverse_cube_root(a);
}

/* a^(1/3) for a >= 0; zero at zero; NaN passes through. Error below 1.5 units in the last place for normal numbers. */
INLINE Vector cube_root(Vector a) {
    Vector inverse = inverse_cube_root(a);
    Vector root = (a * inverse) * inverse;
    return root + (a - root * root * root) * (inverse * inverse) * (1.0 / 3.0); /* Newton, for the last bits */
}

/*
 * The natural logarithm of normal numbers a > 0. Error below 1 unit in the last place of the larger of 1 and the
 * result.
 *
 * a = 2^k m with m within a factor sqrt(2) of one, and ln m = 2 artanh(f), f = (m - 1) / (m + 1), |f| < 0.172, of which
 * eleven terms of the series are enough.
 */
INLINE Vector logarithm(Vector a) {
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double two_52 = 0x1p+52;
    /* Adding the distance between the bits of sqrt(1/2) and 1 carries into the exponent from sqrt(2) on. */
    Integers shifted = (Integers)a + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    Integers biased = (shifted >> 52) & 0x7ff;
    Vector k = (Vector)(biased | (Integers)broadcast(two_52)) - (two_52 + 1023);
    Vector m = (Vector)((shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);

    Vector f = (m - 1.0) / (m + 1.0);
    Vector f2 = f * f;
    Vector series = broadcast(2.0 / 21);
    for (int odd = 19; odd >= 3; odd -= 2) {
        series = series * f2 + 2.0 / odd;
    }
    return k * ln2_high + (2.0 * f + (f2 * f * series + k * ln2_low));
}

#endif
