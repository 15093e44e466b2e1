/*
 * How the network kernels divide the caller's scratch memory. It is the same for every tier, so that one function can
 * tell its size.
 */
#ifndef SOFTGRAD_NETWORK_LAYOUT_H
#define SOFTGRAD_NETWORK_LAYOUT_H

#include "softgrad.h"

enum {
    SMALLEST_WIDTH = 16, /* two of the widest vectors */
    VECTOR_TILE = 8      /* vectors that share one computation of the comparisons */
};

/* The network that sorts n numbers: `phases` merges, of blocks of 2, 4, ... , `ends` numbers. */
struct network {
    softgrad_count n;
    softgrad_count ends;  /* the power of two that is at least n */
    softgrad_count width; /* of the arrays that hold a row and its pads: at least SMALLEST_WIDTH */
    int phases;           /* log2(ends) */
};

static inline struct network network_of(softgrad_count n) {
    struct network out = {.n = n, .ends = 1, .phases = 0};
    while (out.ends < n) {
        out.ends *= 2;
        out.phases++;
    }
    out.width = out.ends < SMALLEST_WIDTH ? SMALLEST_WIDTH : out.ends;
    return out;
}

/*
 * Arrays of doubles, each a number of widths long. A layer has width / 2 pairs, and a phase has at most `phases`
 * layers.
 */
struct workspace {
    double *starts;         /* phases + 1: the row before each phase, and after the last */
    double *weights;        /* phases / 2: see network.c; of the layers of one phase */
    double *differences;    /* phases / 2: of the same layers */
    double *weight_pulls;   /* phases / 2: cotangents of the weights */
    double *cotangent;      /* 1: of the row */
    double *tile;           /* VECTOR_TILE: the vectors at work */
    double *layers;         /* phases: one vector before each layer of a phase */
    double *vector_starts;  /* VECTOR_TILE * phases: the vectors before each phase */
};

/* Returns the doubles that the workspace takes; sets its arrays up where there is memory. */
static inline softgrad_count lay_out(struct network network, softgrad_count vectors, double *memory,
                                     struct workspace *out) {
    const softgrad_count tile = vectors < VECTOR_TILE ? vectors : VECTOR_TILE;
    const softgrad_count width = network.width, phases = network.phases, half = phases * (width / 2);
    const softgrad_count sizes[] = {(phases + 1) * width, half,         half,           half,
                                    width,                tile * width, phases * width, tile * phases * width};
    double **arrays[] = {&out->starts,    &out->weights, &out->differences, &out->weight_pulls,
                         &out->cotangent, &out->tile,    &out->layers,      &out->vector_starts};
    softgrad_count used = 0;
    for (int i = 0; i < 8; i++) {
        if (memory) {
            *arrays[i] = memory + used;
        }
        used += sizes[i];
    }
    return used;
}

/* The doubles of scratch that a call needs; -1 where its arguments are out of range. */
static inline softgrad_count scratch_for(softgrad_count n, softgrad_count vectors) {
    const softgrad_count largest = (softgrad_count)1 << 40;
    struct workspace unused;
    return n < 1 || n > largest || vectors < 0 ? -1 : lay_out(network_of(n), vectors, 0, &unused);
}

#endif
