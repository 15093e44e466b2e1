/*
 * Products with the Laplacian H = diag(W^T 1) - W^T diag(1 / W 1) W of transport_newton.h.
 *
 * A product takes a few rows of W at a time: the first use brings them from memory, the second one finds them in the
 * cache. So it costs one pass over the matrix.
 */
#ifndef SOFTGRAD_TRANSPORT_PRODUCT_H
#define SOFTGRAD_TRANSPORT_PRODUCT_H

#include "transport_moments.h"

enum { TOGETHER = 4 }; /* rows of a pass that share what they load */

static inline double *workspace(const struct problem *p, int row) {
    return p->workspace + row * p->targets;
}

INLINE void add_products(int e, int rows, softgrad_count n, softgrad_count left, const double *root, const double *v,
                         Vector *sums) {
    const Vector factor = load_up_to(v, left, 0);
    for (int k = 0; k < rows; k++) {
        sums[k] += weight(load_up_to(root + k * n, left, 0), e) * factor;
    }
}

/* sums = weight(root) v. */
INLINE void weigh_rows(int e, int rows, softgrad_count n, const double *root, const double *v, double *sums) {
    Vector partial[TOGETHER] = {{0}};
    softgrad_count j = 0;
    for (; j + LANES <= n; j += LANES) {
        add_products(e, rows, n, LANES, root + j, v + j, partial);
    }
    if (j < n) {
        add_products(e, rows, n, n - j, root + j, v + j, partial);
    }
    for (int k = 0; k < rows; k++) {
        sums[k] = sum_of_lanes(partial[k]);
    }
}

INLINE void add_differences(int e, int rows, softgrad_count n, softgrad_count left, const double *root,
                            const double *factor, const double *shift, const double *v, double *out) {
    const Vector here = load_up_to(v, left, 0);
    Vector sum = load_up_to(out, left, 0);
    for (int k = 0; k < rows; k++) {
        sum += weight(load_up_to(root + k * n, left, 0), e) * (factor[k] * here - shift[k]);
    }
    store_up_to(out, left, sum);
}

/* out += weight(root)^T (factor v - shift): differences are taken first, so that nothing cancels. */
INLINE void spread_differences(int e, int rows, softgrad_count n, const double *root, const double *factor,
                               const double *shift, const double *v, double *out) {
    softgrad_count j = 0;
    for (; j + LANES <= n; j += LANES) {
        add_differences(e, rows, n, LANES, root + j, factor, shift, v + j, out + j);
    }
    if (j < n) {
        add_differences(e, rows, n, n - j, root + j, factor, shift, v + j, out + j);
    }
}

/* Adds (W v)_j - W_ij (weighted mean of v over the targets of i) for some sources i. */
INLINE void multiply_rows(const struct problem *p, int e, int rows, softgrad_count i, softgrad_count n,
                          const double *root, const double *weighted, const double *v, double *out) {
    double sums[TOGETHER], factor[TOGETHER], shift[TOGETHER];
    weigh_rows(e, rows, n, root, weighted, sums);
    for (int k = 0; k < rows; k++) {
        factor[k] = p->factor[i + k];
        shift[k] = factor[k] * (factor[k] * sums[k] / p->source_weight[i + k]);
    }
    spread_differences(e, rows, n, root, factor, shift, v, out);
}

INLINE void multiply_blocks(const struct problem *p, int e, const double *weighted, const double *v, double *out) {
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        const softgrad_count n = block->targets, j = block->target, end = block->source + block->sources;
        const double *root = p->roots + block->at;
        softgrad_count i = block->source;
        for (; i + TOGETHER <= end; i += TOGETHER, root += TOGETHER * n) {
            multiply_rows(p, e, TOGETHER, i, n, root, weighted + j, v + j, out + j);
        }
        for (; i < end; i++, root += n) {
            multiply_rows(p, e, 1, i, n, root, weighted + j, v + j, out + j);
        }
    }
}

/* out = H v; `weighted` is scratch. */
static void multiply_plan(const struct problem *p, const double *v, double *weighted, double *out) {
    if (p->moments) {
        multiply_by_moments(p, v, out);
        return;
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        weighted[j] = p->gain[j] * v[j];
        out[j] = 0;
    }
    switch (p->exponent) {
        case 1: multiply_blocks(p, 1, weighted, v, out); break;
        case 2: multiply_blocks(p, 2, weighted, v, out); break;
        case 3: multiply_blocks(p, 3, weighted, v, out); break;
        default: multiply_blocks(p, 0, weighted, v, out);
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        out[j] *= p->gain[j];
    }
}

INLINE void add_squares(const struct problem *p, int e, softgrad_count i, softgrad_count n, const double *root,
                        double *out) {
    const double scale = p->factor[i] * p->factor[i] / p->source_weight[i];
    for (softgrad_count j = 0; j < n; j += LANES) {
        const Vector w = weight(load_up_to(root + j, n - j, 0), e);
        add_to(out + j, n - j, w * w * scale);
    }
}

/* out_j = sum_i W_ij^2 / (W 1)_i of a whole matrix. */
static void square_plan(const struct problem *p, double *out) {
    const softgrad_count n = p->targets;
    fill(n, out, 0);
    for (softgrad_count i = 0; i < p->sources; i++) {
        const double *root = p->roots + p->blocks[0].at + i * n;
        switch (p->exponent) {
            case 1: add_squares(p, 1, i, n, root, out); break;
            case 2: add_squares(p, 2, i, n, root, out); break;
            case 3: add_squares(p, 3, i, n, root, out); break;
            default: add_squares(p, 0, i, n, root, out);
        }
    }
    for (softgrad_count j = 0; j < n; j++) {
        out[j] *= p->gain[j] * p->gain[j];
    }
}

#endif
