/*
 * Pairs of numbers at a power-of-two distance in an array, LANES pairs at a time.
 *
 * The pairs of a layer have running numbers, multiples of LANES here: pair k joins position i, which has the bit
 * `distance` clear, with i + distance. At a distance of LANES or more, LANES pairs are two whole vectors. Below, they
 * are two neighbouring vectors whose lanes are sorted apart (`unzip`) and put back (`zip`).
 */
#ifndef SOFTGRAD_NETWORK_PAIRS_H
#define SOFTGRAD_NETWORK_PAIRS_H

#include "vector.h"

/* One step of the network on an array: pairs at `distance`, in blocks that are sorted upwards and downwards in turn. */
struct layer {
    softgrad_count distance;
    softgrad_count block;      /* a position with this bit set is in a block that is sorted downwards */
    softgrad_count first, end; /* the running numbers of the pairs to treat */
};

struct pair {
    Vector low;  /* at the lower position */
    Vector high; /* at the higher one */
};

/* The lanes with these numbers, those of w counted on from those of v. */
#define LANES_OF(...) __builtin_shufflevector(v, w, __VA_ARGS__)

/* `close` is the distance where that is below LANES, a constant wherever this is inlined. */
#if SOFTGRAD_VECTOR_BYTES == 64
INLINE struct pair unzip(Vector v, Vector w, int close) {
    switch (close) {
        case 1: return (struct pair){LANES_OF(0, 8, 2, 10, 4, 12, 6, 14), LANES_OF(1, 9, 3, 11, 5, 13, 7, 15)};
        case 2: return (struct pair){LANES_OF(0, 1, 8, 9, 4, 5, 12, 13), LANES_OF(2, 3, 10, 11, 6, 7, 14, 15)};
        default: return (struct pair){LANES_OF(0, 1, 2, 3, 8, 9, 10, 11), LANES_OF(4, 5, 6, 7, 12, 13, 14, 15)};
    }
}
#elif SOFTGRAD_VECTOR_BYTES == 32
INLINE struct pair unzip(Vector v, Vector w, int close) {
    return close == 1 ? (struct pair){LANES_OF(0, 4, 2, 6), LANES_OF(1, 5, 3, 7)}
                      : (struct pair){LANES_OF(0, 1, 4, 5), LANES_OF(2, 3, 6, 7)};
}
#else
INLINE struct pair unzip(Vector v, Vector w, int close) {
    (void)close; /* is 1 */
    return (struct pair){LANES_OF(0, 2), LANES_OF(1, 3)};
}
#endif

/* The lanes are so chosen that this undoes itself. */
INLINE struct pair zip(struct pair apart, int close) {
    return unzip(apart.low, apart.high, close);
}

/* The lower position of LANES pairs that are two whole vectors. */
INLINE softgrad_count position_of(softgrad_count k, softgrad_count distance) {
    return 2 * k - (k & (distance - 1));
}

INLINE struct pair load_pair(const double *x, softgrad_count k, struct layer layer, int close) {
    if (close) {
        return unzip(load_f64(x + 2 * k), load_f64(x + 2 * k + LANES), close);
    }
    const double *low = x + position_of(k, layer.distance);
    return (struct pair){load_f64(low), load_f64(low + layer.distance)};
}

INLINE void store_pair(double *x, softgrad_count k, struct layer layer, int close, struct pair values) {
    if (close) {
        struct pair whole = zip(values, close);
        store_f64(x + 2 * k, whole.low);
        store_f64(x + 2 * k + LANES, whole.high);
    } else {
        double *low = x + position_of(k, layer.distance);
        store_f64(low, values.low);
        store_f64(low + layer.distance, values.high);
    }
}

/* The sign bit set where a pair belongs to a block that is sorted downwards. */
INLINE Integers downwards(softgrad_count k, struct layer layer, int close) {
    const Integers sign = (Integers)broadcast(-0.0), none = {0};
    if (!close) {
        return position_of(k, layer.distance) & layer.block ? sign : none;
    }
    Integers v = {0}, w = {0};
    for (int lane = 0; lane < LANES; lane++) {
        v[lane] = 2 * k + lane;
        w[lane] = 2 * k + LANES + lane;
    }
    Integers positions = (Integers)unzip((Vector)v, (Vector)w, close).low;
    return (Integers)((positions & layer.block) != 0) & sign;
}

/* Calls function(close, layer, ...) with the constant that the layer's distance asks for. */
#define AT_DISTANCE_OF(layer, function, ...)                                                                           \
    do {                                                                                                               \
        if ((layer).distance >= LANES) {                                                                               \
            function(0, layer, __VA_ARGS__);                                                                           \
        } else if ((layer).distance == 1) {                                                                            \
            function(1, layer, __VA_ARGS__);                                                                           \
        } else if ((layer).distance == 2) {                                                                            \
            function(2, layer, __VA_ARGS__);                                                                           \
        } else {                                                                                                       \
            function(4, layer, __VA_ARGS__);                                                                           \
        }                                                                                                              \
    } while (0)

#endif
