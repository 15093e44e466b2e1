/*
 * Sinkhorn's iteration for a transport problem whose scores are a matrix: exact ascent of the dual in the potentials of
 * the targets and the levels of the sources in turn. It finds good starts for Newton's method.
 */
#ifndef SOFTGRAD_TRANSPORT_SINKHORN_H
#define SOFTGRAD_TRANSPORT_SINKHORN_H

#include "transport_evaluate.h"

/* The potential with which a target gets its demand from the levels as they are; z holds score_ij + b_i. */
static double potential_for(const struct problem *p, softgrad_count j, double *z) {
    const softgrad_count n = p->sources;
    const double maximum = row_maximum(n, z), scale = 1.0 / p->softness, demand = p->demand[j];
    Vector sum = {0};
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector u = (load_up_to(z + i, n - i, -__builtin_inf()) - maximum) * scale;
        store_up_to(z + i, n - i, u);
        sum += exponential(u);
    }
    double t;
    switch (p->exponent) {
        case 1: t = threshold(1, demand, -1e300, n, z); break;
        case 2: t = threshold(2, demand, -1e300, n, z); break;
        case 3: t = threshold(3, demand, -1e300, n, z); break;
        default: t = log_of(sum_of_lanes(sum)) - log_of(demand);
    }
    return -(maximum + t * p->softness);
}

/* Sinkhorn's iteration, which serves every regularizer: in turn all targets and all sources get what is theirs. It is
   slow in the end but never cuts off a target for long. */
static void sweep(struct problem *p) {
    for (softgrad_count j = 0; j < p->targets; j++) {
        if (is_scaled(p) && p->mass[j] > 1e-250) {
            p->potential[j] += p->softness * log_of(p->demand[j] / p->mass[j]);
            continue;
        }
        for (softgrad_count i = 0; i < p->sources; i++) {
            p->column[i] = p->scores[i * p->targets + j] + p->level[i];
        }
        p->potential[j] = potential_for(p, j, p->column);
    }
    if (is_scaled(p) && is_far(p)) {
        form(p);
    } else {
        evaluate(p);
    }
}

#endif
