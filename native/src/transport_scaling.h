/*
 * The plan of the entropy for a matrix of scores as diag(factor) K diag(gain): K, which holds exponentials, is formed
 * where the potentials have gone far, and in between they change the two diagonals only. So an evaluation costs one
 * pass over K and no exponentials (Sinkhorn's matrix scaling; stabilized as by Schmitzer, "Stabilized sparse scaling
 * algorithms for entropy regularized transport problems", SIAM Journal on Scientific Computing 41, 2019).
 */
#ifndef SOFTGRAD_TRANSPORT_SCALING_H
#define SOFTGRAD_TRANSPORT_SCALING_H

#include "transport_product.h"

static int is_scaled(const struct problem *p) {
    return p->exponent == 0 && !p->line && !p->logarithms;
}

INLINE void add_multiples(int rows, softgrad_count n, softgrad_count left, const double *root, const double *factor,
                          double *out) {
    Vector sum = load_up_to(out, left, 0);
    for (int k = 0; k < rows; k++) {
        sum += load_up_to(root + k * n, left, 0) * factor[k];
    }
    store_up_to(out, left, sum);
}

/* Scales some rows of K to their supplies and adds them to the masses. */
INLINE void scale_rows(struct problem *p, int rows, softgrad_count i, const double *root) {
    const softgrad_count n = p->targets;
    double sums[TOGETHER], factor[TOGETHER];
    weigh_rows(0, rows, n, root, p->gain, sums);
    for (int k = 0; k < rows; k++) {
        factor[k] = p->factor[i + k] = p->supply[i + k] / sums[k];
    }
    softgrad_count j = 0;
    for (; j + LANES <= n; j += LANES) {
        add_multiples(rows, n, LANES, root + j, factor, p->mass + j);
    }
    if (j < n) {
        add_multiples(rows, n, n - j, root + j, factor, p->mass + j);
    }
}

/* What the sums of a scaled plan say. */
static void finish_scaling(struct problem *p) {
    for (softgrad_count i = 0; i < p->sources; i += LANES) {
        const softgrad_count left = p->sources - i;
        store_up_to(p->level + i, left, p->softness * logarithm(load_up_to(p->factor + i, left, 1)));
        store_up_to(p->source_weight + i, left, load_up_to(p->supply + i, left, 0));
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        p->mass[j] *= p->gain[j];
    }
}

static void rescale(struct problem *p) {
    const double scale = 1.0 / p->softness;
    for (softgrad_count j = 0; j < p->targets; j += LANES) {
        const softgrad_count left = p->targets - j;
        store_up_to(p->gain + j, left, exponential(load_up_to(p->potential + j, left, 0) * scale));
    }
    const double *root = p->roots;
    softgrad_count i = 0;
    for (; i + TOGETHER <= p->sources; i += TOGETHER, root += TOGETHER * p->targets) {
        scale_rows(p, TOGETHER, i, root);
    }
    for (; i < p->sources; i++, root += p->targets) {
        scale_rows(p, 1, i, root);
    }
    finish_scaling(p);
}

/* Takes the potentials into a row of scores, the best of which becomes zero, and writes its exponentials. */
static void form_row(const struct problem *p, softgrad_count n, double *scores, double *row) {
    const double scale = 1.0 / p->softness;
    Vector largest = broadcast(-__builtin_inf());
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector score = load_up_to(scores + j, n - j, -__builtin_inf()) + load_up_to(p->potential + j, n - j, 0);
        store_up_to(scores + j, n - j, score);
        largest = larger(score, largest);
    }
    const double maximum = largest_lane(largest);
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector score = load_up_to(scores + j, n - j, 0) - maximum;
        store_up_to(scores + j, n - j, score);
        store_up_to(row + j, n - j, exponential(score * scale));
    }
}

/* Forms K anew where the potentials are, which become zero. */
static void form(struct problem *p) {
    const softgrad_count n = p->targets;
    p->whole = 1;
    p->block_count = 1;
    p->blocks[0] = (struct block){.sources = p->sources, .targets = n};
    for (softgrad_count i = 0; i < p->sources; i++) {
        form_row(p, n, p->scores + i * n, p->roots + i * n);
    }
    fill(n, p->potential, 0);
    fill(n, p->mass, 0);
    rescale(p);
}

/* The masses may leave the range where K is exact when the potentials have gone this far. */
static int is_far(const struct problem *p) {
    for (softgrad_count j = 0; j < p->targets; j++) {
        if (!(__builtin_fabs(p->potential[j]) <= 30 * p->softness)) {
            return 1;
        }
    }
    return 0;
}

#endif
