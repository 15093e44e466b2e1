/*
 * Sorting rows in lanes. The keys are the values as doubles with the place in the row in their lowest bits, so that the
 * network needs nothing but the smaller and the larger of two keys, and ties come out in stable order.
 *
 * The network is Batcher's bitonic sorter in the form where every comparison moves the larger key to the higher
 * position (Batcher, Sorting networks and their applications, AFIPS 1968), on sorted blocks of eight. Comparisons with
 * positions past the end, where the keys would be infinite, are left out.
 */
#ifndef SOFTGRAD_LANES_SORT_H
#define SOFTGRAD_LANES_SORT_H

#include "lanes_vector.h"

enum { SORTED_BLOCK = 8, PLACE_BITS = 127 };
_Static_assert(SOFTGRAD_LANES_LENGTH <= PLACE_BITS + 1, "a place fits into the lowest bits of a key");

INLINE void put_in_order(Vector *a, Vector *b) {
    Vector low = smaller(*a, *b);
    *b = larger(*a, *b);
    *a = low;
}

/* Nineteen comparisons in six layers (Knuth, The Art of Computer Programming 3, section 5.3.4). */
INLINE void sort_eight(Vector *keys) {
    static const int pairs[19][2] = {{0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}, {0, 1}, {2, 3},
                                     {4, 5}, {6, 7}, {2, 4}, {3, 5}, {1, 4}, {3, 6}, {1, 2}, {3, 4}, {5, 6}};
    Vector block[SORTED_BLOCK];
    for (int i = 0; i < SORTED_BLOCK; i++) {
        block[i] = keys[i];
    }
#pragma GCC unroll 19
    for (int i = 0; i < 19; i++) {
        put_in_order(&block[pairs[i][0]], &block[pairs[i][1]]);
    }
    for (int i = 0; i < SORTED_BLOCK; i++) {
        keys[i] = block[i];
    }
}

/* The last layers of a merge, at distances below the size of the block, which is 8 or 16. */
INLINE void finish_block(int size, Vector *keys) {
    Vector block[2 * SORTED_BLOCK];
#pragma GCC unroll 16
    for (int i = 0; i < size; i++) {
        block[i] = keys[i];
    }
#pragma GCC unroll 4
    for (int distance = size / 2; distance > 0; distance /= 2) {
#pragma GCC unroll 16
        for (int i = 0; i < size; i++) {
            if (!(i & distance)) {
                put_in_order(&block[i], &block[i + distance]);
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < size; i++) {
        keys[i] = block[i];
    }
}

/* The first layer of merging runs of `run` keys: the k-th from the beginning of two runs with the k-th from the end. */
static void fold_runs(int run, int length, Vector *keys) {
    for (int base = 0; base + run < length; base += 2 * run) {
        int last = base + 2 * run - 1;
        for (int i = last < length ? base : base + (last - length + 1); i < base + run; i++) {
            put_in_order(&keys[i], &keys[last - (i - base)]);
        }
    }
}

static void compare_at(int distance, int length, Vector *keys) {
    for (int base = 0; base + distance < length; base += 2 * distance) {
        for (int i = base; i < base + distance && i + distance < length; i++) {
            put_in_order(&keys[i], &keys[i + distance]);
        }
    }
}

/* `length` is a multiple of eight. */
static void sort_keys(int length, Vector *keys) {
    for (int i = 0; i < length; i += SORTED_BLOCK) {
        sort_eight(keys + i);
    }
    for (int run = SORTED_BLOCK; run < length; run *= 2) {
        fold_runs(run, length, keys);
        for (int distance = run / 2; distance >= 2 * SORTED_BLOCK; distance /= 2) {
            compare_at(distance, length, keys);
        }
        int block = run == SORTED_BLOCK ? SORTED_BLOCK : 2 * SORTED_BLOCK;
        int i = 0;
        for (; block == 2 * SORTED_BLOCK && i + block <= length; i += block) {
            finish_block(2 * SORTED_BLOCK, keys + i);
        }
        for (; i < length; i += SORTED_BLOCK) {
            finish_block(SORTED_BLOCK, keys + i);
        }
    }
}

INLINE Mask place_bits(Mask key, Mask place) {
    return (place ^ (key >> 63)) & PLACE_BITS; /* of negative keys, the larger bits are the smaller number */
}

/* Adding zero makes the two zeros equal. */
INLINE Vector key_of(Vector value, int place) {
    Mask bits = (Mask)(value + 0.0);
    return (Vector)((bits & ~(long long)PLACE_BITS) | place_bits(bits, (Mask){0} + place));
}

INLINE Mask place_of_key(Vector key) {
    return place_bits((Mask)key, (Mask)key);
}

INLINE Vector value_of_key(Vector key) {
    return (Vector)((Mask)key & ~(long long)PLACE_BITS);
}

#endif
