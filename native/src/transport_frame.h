/*
 * What the transport kernels share around the solver: the caller's matrices, memory and arguments.
 */
#ifndef SOFTGRAD_TRANSPORT_FRAME_H
#define SOFTGRAD_TRANSPORT_FRAME_H

#include "arguments.h"
#include "transport_evaluate.h"

/* How a matrix of the caller holds the entries of sources and targets. */
struct layout {
    softgrad_count source_stride, target_stride;
    const int *source; /* the caller's number of each source, or NULL */
    int reversed;                 /* whether the targets run backwards there */
};

static softgrad_count place(const struct layout *l, softgrad_count targets, softgrad_count i, softgrad_count j) {
    softgrad_count source = l->source ? l->source[i] : i;
    return source * l->source_stride + (l->reversed ? targets - 1 - j : j) * l->target_stride;
}

/* Targets that are copied together, one source after the other: what a transposition touches on both sides meanwhile
   stays in the cache. */
enum { STRIP = 8 };

/* From one target to the next in the caller's matrix. */
static softgrad_count step_of(const struct layout *l) {
    return l->reversed ? -l->target_stride : l->target_stride;
}

/* The caller's matrix as sources x targets. */
static inline void gather(const struct layout *l, softgrad_count sources, softgrad_count targets, const double *from,
                          double *to) {
    const softgrad_count step = step_of(l), width = step == 1 ? targets : STRIP;
    for (softgrad_count j0 = 0; j0 < targets; j0 += width) {
        const softgrad_count count = targets - j0 < width ? targets - j0 : width;
        for (softgrad_count i = 0; i < sources; i++) {
            const double *in = from + place(l, targets, i, j0);
            for (softgrad_count j = 0; j < count; j++) {
                to[i * targets + j0 + j] = in[j * step];
            }
        }
    }
}

/* Writes the rows of a block to the caller's matrix. */
static inline void scatter(const struct layout *l, softgrad_count targets, const struct block *block,
                           const double *rows, double *to) {
    const softgrad_count n = block->targets, step = step_of(l), width = step == 1 ? n : STRIP;
    for (softgrad_count j0 = 0; j0 < n; j0 += width) {
        const softgrad_count count = n - j0 < width ? n - j0 : width;
        for (softgrad_count i = 0; i < block->sources; i++) {
            double *out = to + place(l, targets, block->source + i, block->target + j0);
            for (softgrad_count j = 0; j < count; j++) {
                out[j * step] = rows[i * n + j0 + j];
            }
        }
    }
}

static int is_finite(softgrad_count n, const double *values) {
    Vector rest = {0}; /* NaN as soon as a value is not finite */
    for (softgrad_count i = 0; i < n; i += LANES) {
        const Vector value = load_up_to(values + i, n - i, 0);
        rest += value - value;
    }
    return sum_of_lanes(rest) == 0;
}

/* Cuts the caller's scratch into the arrays of a problem; Returns what is left. */
static double *allot(struct problem *p, double *scratch) {
    double **const of_sources[] = {&p->level, &p->threshold, &p->source_weight, &p->factor, &p->column};
    double **const of_targets[] = {&p->potential, &p->target_weight, &p->mass, &p->gain};
    p->roots = scratch;
    scratch += p->sources * p->targets;
    for (int k = 0; k < 5; k++) {
        *of_sources[k] = scratch;
        scratch += p->sources;
    }
    for (int k = 0; k < 4; k++) {
        *of_targets[k] = scratch;
        scratch += p->targets;
    }
    p->workspace = scratch;
    scratch += WORKSPACE_ROWS * p->targets;
    p->blocks = (struct block *)scratch;
    scratch += (softgrad_count)(sizeof(struct block) / sizeof(double)) * p->sources;
    fill(p->targets, p->potential, 0);
    fill(p->targets, p->gain, 1);
    fill(p->sources, p->factor, 1);
    fill(p->sources, p->threshold, -1e300);
    return scratch;
}

/* The plan, times `scale`, or its logarithms plus `shift`, where the caller wants it. */
static inline void write_plan(struct problem *p, const struct layout *l, int logarithms, double scale, double shift,
                              double *plan) {
    if (logarithms) {
        p->logarithms = 1;
        evaluate(p);
    } else {
        fill(p->whole ? 0 : p->sources * p->targets, plan, 0);
    }
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        double *rows = p->roots + block->at;
        const softgrad_count size = block->sources * block->targets;
        for (softgrad_count k = 0; k < size; k += LANES) {
            Vector value = load_up_to(rows + k, size - k, 0);
            store_up_to(rows + k, size - k, logarithms ? value + shift : root_to_mass(value, p->exponent) * scale);
        }
        scatter(l, p->targets, block, rows, plan);
    }
}

/* What the masses of the problem say about sizes. The powers of a norm are differences of numbers as large as the root
   of a supply, so masses far below the supplies cannot be exact. */
static void take_sizes(struct problem *p) {
    double largest = 0;
    for (softgrad_count i = 0; i < p->sources; i++) {
        largest = p->supply[i] > largest ? p->supply[i] : largest;
    }
    p->root_of_supply = root_of(largest, p->exponent);
    p->least_demand = p->exponent == 0 ? 0 : 1e-3 * largest;
}

static int check_transport(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, double softness) {
    if (regularizer < SOFTGRAD_ENTROPY || regularizer > SOFTGRAD_NORM_4_3) {
        return SOFTGRAD_BAD_REGULARIZER;
    }
    if (n < 1 || m < 1 || n > (1LL << 58) / m || check_rows(rows, n * m, sizeof(double)) != SOFTGRAD_OK) {
        return SOFTGRAD_BAD_SHAPE;
    }
    return check_softness(softness);
}

#endif
