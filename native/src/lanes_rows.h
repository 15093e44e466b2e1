/*
 * Rows in memory and rows in lanes: scratch arrays of vectors, transposing in and out, and keeping vectors for later in
 * no more space than their rows have.
 */
#ifndef SOFTGRAD_LANES_ROWS_H
#define SOFTGRAD_LANES_ROWS_H

#include "lanes_vector.h"

/* --- scratch ------------------------------------------------------------------------------------------------------ */

struct arena {
    char *next;
};

/* Arrays begin at whole vectors and at an odd distance from each other, which keeps them apart in the cache. */
INLINE Lanes *take(struct arena *arena, int length) {
    char *begin = arena->next + (SOFTGRAD_VECTOR_BYTES - (__UINTPTR_TYPE__)arena->next % SOFTGRAD_VECTOR_BYTES);
    arena->next = begin + (length | 1) * SOFTGRAD_VECTOR_BYTES;
    return (Lanes *)begin;
}

/* --- transposing -------------------------------------------------------------------------------------------------- */

INLINE void read_square(int rows, int stride, const Real *from, Lanes *to) {
    Lanes square[WIDTH];
#pragma GCC unroll 16
    for (int lane = 0; lane < WIDTH; lane++) {
        square[lane] = lane < rows ? (Lanes) * (const StoredLanes *)(from + lane * stride) : lanes_of(0);
    }
    transpose(square);
#pragma GCC unroll 16
    for (int k = 0; k < WIDTH; k++) {
        to[k] = square[k];
    }
}

/* Rows of `length` elements into lanes. The last square begins where it ends with the rows. */
static void read_rows(int rows, int length, const Real *from, Lanes *to) {
    if (length < WIDTH) {
        for (int k = 0; k < length; k++) {
            to[k] = lanes_of(0);
            for (int lane = 0; lane < rows; lane++) {
                ((Real *)to)[k * WIDTH + lane] = from[lane * length + k];
            }
        }
        return;
    }
    for (int k = 0; k < length; k += WIDTH) {
        int begin = k + WIDTH <= length ? k : length - WIDTH;
        if (rows == WIDTH) {
            read_square(WIDTH, length, from + begin, to + begin);
        } else {
            read_square(rows, length, from + begin, to + begin);
        }
    }
}

static void write_rows(int rows, int length, const Lanes *from, Real *to) {
    if (length < WIDTH) {
        for (int lane = 0; lane < rows; lane++) {
            for (int k = 0; k < length; k++) {
                to[lane * length + k] = ((const Real *)from)[k * WIDTH + lane];
            }
        }
        return;
    }
    for (int k = 0; k < length; k += WIDTH) {
        int begin = k + WIDTH <= length ? k : length - WIDTH;
        Lanes square[WIDTH];
#pragma GCC unroll 16
        for (int i = 0; i < WIDTH; i++) {
            square[i] = from[begin + i];
        }
        transpose(square);
#pragma GCC unroll 16
        for (int lane = 0; lane < WIDTH; lane++) {
            if (lane < rows) {
                *(StoredLanes *)(to + lane * length + begin) = (StoredLanes)square[lane];
            }
        }
    }
}

static void reverse(int length, Lanes *array) {
    for (int k = 0; k < length / 2; k++) {
        Lanes from_end = array[length - 1 - k];
        array[length - 1 - k] = array[k];
        array[k] = from_end;
    }
}

/* --- the state ---------------------------------------------------------------------------------------------------- */

/* Both return where the state goes on. Only lanes that hold a row are kept. */
static StoredReal *keep(int rows, int length, const Lanes *array, StoredReal *state) {
    for (int k = 0; k < length; k++, state += rows) {
        if (rows == WIDTH) {
            *(StoredLanes *)state = (StoredLanes)array[k];
            continue;
        }
        for (int lane = 0; lane < rows; lane++) {
            state[lane] = array[k][lane];
        }
    }
    return state;
}

static const StoredReal *recall(int rows, int length, const StoredReal *state, Lanes *array) {
    for (int k = 0; k < length; k++, state += rows) {
        if (rows == WIDTH) {
            array[k] = (Lanes) * (const StoredLanes *)state;
            continue;
        }
        array[k] = lanes_of(0);
        for (int lane = 0; lane < rows; lane++) {
            array[k][lane] = state[lane];
        }
    }
    return state;
}

#endif
