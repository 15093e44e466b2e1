/*
 * Products of a solved plan on a line with vectors, and the vector-Jacobian product of such a product, by moments or by
 * windows.
 *
 * With the cotangent G_ij = q_i v_j of the plan (that of q^T P v), what transport_pull.h says becomes: the right-hand
 * side is sum_i W_ij q_i (v_j - mean_i v), and the cotangent of point i is 2 / softness times
 *
 *     q_i cov_i(v, y) - cov_i(beta, y),   cov_i(a, b) = sum_j W_ij (a_j - mean_i a) (b_j - mean_i b),
 *
 * with the mean over targets that W_ij / (W 1)_i gives and y the anchors. All of it are products with vectors.
 */
#ifndef SOFTGRAD_TRANSPORT_APPLY_H
#define SOFTGRAD_TRANSPORT_APPLY_H

#include "transport_points.h"

/* What a product multiplies by: the plan, or its derivative W. */
enum entries { MASSES, WEIGHTS };

INLINE Vector entry(enum entries entries, Vector root, int e) {
    return entries == MASSES ? root_to_mass(root, e) : weight(root, e);
}

INLINE double weigh_one(int e, enum entries entries, softgrad_count n, const double *root, const double *v) {
    Vector sum = {0};
    for (softgrad_count j = 0, left = n; left > 0; j += LANES, left -= LANES) {
        sum += entry(entries, load_up_to(root + j, left, 0), e) * load_up_to(v + j, left, 0);
    }
    return sum_of_lanes(sum);
}

INLINE void spread_one(int e, enum entries entries, softgrad_count n, const double *root, double v, double *out) {
    for (softgrad_count j = 0, left = n; left > 0; j += LANES, left -= LANES) {
        add_to(out + j, left, entry(entries, load_up_to(root + j, left, 0), e) * v);
    }
}

/* out_i = sum_j entry_ij v_j for the sources of a block. */
static void weigh_block(const struct problem *p, softgrad_count b, enum entries entries, const double *v,
                        double *out) {
    const struct block *block = p->blocks + b;
    const softgrad_count n = block->targets;
    if (p->moments) {
        weigh_piece(p, b, v, out);
    }
    for (softgrad_count i = 0; i < block->sources; i++) {
        const double *root = p->roots + block->at + i * n, *of = v + block->target;
        switch (p->moments ? -1 : p->exponent) {
            case -1: out[i] *= p->factor[block->source + i]; break;
            case 1: out[i] = weigh_one(1, entries, n, root, of); break;
            case 2: out[i] = weigh_one(2, entries, n, root, of); break;
            case 3: out[i] = weigh_one(3, entries, n, root, of); break;
            default: out[i] = weigh_one(0, entries, n, root, of);
        }
    }
}

/* out_j += sum_i entry_ij v_i over the sources of a block; `scaled` is scratch, as long as they. */
static void spread_block(const struct problem *p, softgrad_count b, enum entries entries, const double *v,
                         double *scaled, double *out) {
    const struct block *block = p->blocks + b;
    const softgrad_count n = block->targets;
    for (softgrad_count i = 0; i < block->sources; i++) {
        const double *root = p->roots + block->at + i * n;
        double *to = out + block->target;
        switch (p->moments ? -1 : p->exponent) {
            case -1: scaled[i] = v[i] * p->factor[block->source + i]; break;
            case 1: spread_one(1, entries, n, root, v[i], to); break;
            case 2: spread_one(2, entries, n, root, v[i], to); break;
            case 3: spread_one(3, entries, n, root, v[i], to); break;
            default: spread_one(0, entries, n, root, v[i], to);
        }
    }
    if (p->moments) {
        spread_piece(p, b, scaled, out);
    }
}

/* out = P v. */
static void apply_to_targets(const struct problem *p, const double *v, double *out) {
    for (softgrad_count b = 0; b < p->block_count; b++) {
        weigh_block(p, b, MASSES, v, out + p->blocks[b].source);
    }
}

/* out = P^T v. */
static void apply_to_sources(const struct problem *p, const double *v, double *out) {
    fill(p->targets, out, 0);
    for (softgrad_count b = 0; b < p->block_count; b++) {
        spread_block(p, b, MASSES, v + p->blocks[b].source, p->column, out);
    }
}

/* --- the vector-Jacobian product ---------------------------------------------------------------------------------- */

/* A target in the middle of what block b reaches: numbers are taken relative to it, so that little cancels. */
static softgrad_count centre_of(const struct problem *p, softgrad_count b) {
    const struct block *block = p->blocks + b;
    return p->line->target[block->source + block->sources / 2];
}

/* products = (a - a_c), or times (b - b_c) where there is a b. */
static void relative(softgrad_count n, softgrad_count c, const double *a, const double *b, double *products) {
    for (softgrad_count j = 0; j < n; j++) {
        products[j] = (a[j] - a[c]) * (b ? b[j] - b[c] : 1);
    }
}

/* Memory for a vector-Jacobian product. */
struct pulled {
    double *first, *second, *third; /* of sources */
    double *spare;                  /* of sources */
    double *product, *sums, *other; /* of targets */
};

/* out_i = cov_i(a, y) for the sources of a block. */
static void covariances(const struct problem *p, softgrad_count b, const double *a, const struct pulled *m,
                        double *out) {
    const struct block *block = p->blocks + b;
    const softgrad_count n = p->targets, c = centre_of(p, b);
    const double *y = p->line->anchors;
    relative(n, c, a, 0, m->product);
    weigh_block(p, b, WEIGHTS, m->product, m->first);
    relative(n, c, y, 0, m->product);
    weigh_block(p, b, WEIGHTS, m->product, m->second);
    relative(n, c, a, y, m->product);
    weigh_block(p, b, WEIGHTS, m->product, out);
    for (softgrad_count i = 0; i < block->sources; i++) {
        out[i] -= m->first[i] * (m->second[i] / p->source_weight[block->source + i]);
    }
}

/* right_j += sum_i W_ij q_i (v_j - mean_i v) over the sources of a block. */
static void add_right_side(const struct problem *p, softgrad_count b, const double *q, const double *v,
                           const struct pulled *m, double *right) {
    const struct block *block = p->blocks + b;
    const softgrad_count n = p->targets;
    relative(n, centre_of(p, b), v, 0, m->product);
    weigh_block(p, b, WEIGHTS, m->product, m->first);
    for (softgrad_count i = 0; i < block->sources; i++) {
        m->first[i] *= q[block->source + i] / p->source_weight[block->source + i];
    }
    fill(n, m->sums, 0);
    fill(n, m->other, 0);
    spread_block(p, b, WEIGHTS, q + block->source, m->spare, m->sums);
    spread_block(p, b, WEIGHTS, m->first, m->spare, m->other);
    for (softgrad_count j = 0; j < n; j++) {
        right[j] += m->product[j] * m->sums[j] - m->other[j];
    }
}

/* The cotangents of the points, in units of 2 / softness, for the cotangent q_i v_j of the plan. */
static void pull_product(struct problem *p, const double *q, const double *v, const struct pulled *memory,
                         double *dx) {
    double *right = workspace(p, 6), *beta = workspace(p, 7);
    fill(p->targets, right, 0);
    for (softgrad_count b = 0; b < p->block_count; b++) {
        add_right_side(p, b, q, v, memory, right);
    }
    p->demand = 0;
    struct linear_system system = linearize(p, 1e-13);
    system.parts_are_balanced = 1;
    conjugate_gradients(p, &system, right, 1e-15, 1000, beta);
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        double *out = dx + block->source;
        covariances(p, b, beta, memory, memory->third);
        covariances(p, b, v, memory, out);
        for (softgrad_count i = 0; i < block->sources; i++) {
            out[i] = q[block->source + i] * out[i] - memory->third[i];
        }
    }
}

#endif
