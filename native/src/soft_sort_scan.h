/*
 * Sums over one side of each element of a sorted row, weighted by exponentials of the distance, a vector at a time:
 *
 *     sum_k = input_k + keep_k sum_(k-1),
 *
 * with keep_k the factor of the gap before element k, upwards along the row or the same downwards. Within a vector
 * neighbouring spans are joined in pairs, then fours, and so on (Hillis and Steele, CACM 29 (1986)); from vector to
 * vector one factor carries the sum. Nothing overflows, and no sum is a difference of larger ones.
 */
#ifndef SOFTGRAD_SOFT_SORT_SCAN_H
#define SOFTGRAD_SOFT_SORT_SCAN_H

#include "vector.h"

enum { LEVELS = LANES == 8 ? 3 : LANES == 4 ? 2 : 1 };

#if SOFTGRAD_VECTOR_BYTES == 64
#define LANES_AGAINST(before, a, step)                                                                                 \
    __builtin_shufflevector(before, a, 8 - (step), 9 - (step), 10 - (step), 11 - (step), 12 - (step), 13 - (step),     \
                            14 - (step), 15 - (step))
#elif SOFTGRAD_VECTOR_BYTES == 32
#define LANES_AGAINST(before, a, step)                                                                                 \
    __builtin_shufflevector(before, a, 4 - (step), 5 - (step), 6 - (step), 7 - (step))
#else
#define LANES_AGAINST(before, a, step) __builtin_shufflevector(before, a, 2 - (step), 3 - (step))
#endif

/* What stands `step` places (a power of two below LANES) earlier in memory; `before` is the vector before a. */
INLINE Vector earlier(int step, Vector before, Vector a) {
#if SOFTGRAD_VECTOR_BYTES == 64
    if (step == 4) {
        return LANES_AGAINST(before, a, 4);
    }
#endif
#if SOFTGRAD_VECTOR_BYTES >= 32
    if (step == 2) {
        return LANES_AGAINST(before, a, 2);
    }
#endif
    (void)step;
    return LANES_AGAINST(before, a, 1);
}

/* What stands `step` places later; `after` is the vector after a. */
INLINE Vector later(int step, Vector a, Vector after) {
#if SOFTGRAD_VECTOR_BYTES == 64
    if (step == 4) {
        return LANES_AGAINST(a, after, 4);
    }
#endif
#if SOFTGRAD_VECTOR_BYTES >= 32
    if (step == 2) {
        return LANES_AGAINST(a, after, LANES - 2);
    }
#endif
    (void)step;
    return LANES_AGAINST(a, after, LANES - 1);
}

/* Sweeps go up or down the row. */
enum direction { UPWARD, DOWNWARD };

/* What a sweep has met `step` elements before. */
INLINE Vector met(enum direction direction, int step, Vector previous, Vector a) {
    return direction == UPWARD ? earlier(step, previous, a) : later(step, a, previous);
}

/* The factors of the spans that a vector is joined from, and of those from the previous vector to each of its lanes. */
struct spans {
    Vector keep[3];   /* of the spans of 1, 2 and 4 gaps that end in a lane, cut off at the vector's first gap */
    Vector high, low; /* their sum is the factor from the last element of the previous vector, to twice the precision */
};

/*
 * keep and lost are the factor of the gap that each lane is reached by, and one minus it. The factor of a long span is
 * 1 - lost with a remainder: a rounding of factors close to one would be repeated many times along a row.
 */
INLINE struct spans join_spans(enum direction direction, Vector keep, Vector lost) {
    const Vector zero = {0}, one = broadcast(1.0);
    struct spans spans = {{keep, keep, keep}, zero, zero};
#pragma GCC unroll 3
    for (int level = 0; level < LEVELS; level++) {
        const int step = 1 << level;
        spans.keep[level] = keep;
        lost += keep * met(direction, step, zero, lost);
        keep *= met(direction, step, one, keep);
    }
    const Mask close = (Mask)(lost < 0.5);
    spans.high = select(close, 1.0 - lost, keep);
    spans.low = select(close, (1.0 - spans.high) - lost, zero);
    return spans;
}

/* The sums of a vector, from its inputs and the sums of the vector before. */
INLINE Vector sweep(enum direction direction, struct spans spans, Vector previous, Vector input) {
    const Vector zero = {0};
    Vector sum = input;
#pragma GCC unroll 3
    for (int level = 0; level < LEVELS; level++) {
        sum += spans.keep[level] * met(direction, 1 << level, zero, sum);
    }
    const Vector carried = broadcast(direction == UPWARD ? previous[LANES - 1] : previous[0]);
    return spans.high * carried + (spans.low * carried + sum);
}

#endif
