/* The plan of a transport problem at its potential, by the form that suits it, and what its targets lack. */
#ifndef SOFTGRAD_TRANSPORT_EVALUATE_H
#define SOFTGRAD_TRANSPORT_EVALUATE_H

#include "transport_few.h"
#include "transport_scaling.h"

static void give_from_matrix(struct problem *p) {
    const softgrad_count n = p->targets;
    p->whole = 1;
    p->block_count = 1;
    p->blocks[0] = (struct block){.sources = p->sources, .targets = n};
    for (softgrad_count i = 0; i < p->sources; i++) {
        double *row = p->roots + i * n;
        for (softgrad_count j = 0; j < n; j += LANES) {
            store_up_to(row + j, n - j,
                        load_up_to(p->scores + i * n + j, n - j, 0) + load_up_to(p->potential + j, n - j, 0));
        }
        give(p, i, 0, n, row);
    }
}

/* The plan at the current potential: roots, levels, weights and the mass of each target. */
static void evaluate(struct problem *p) {
    fill(p->targets, p->mass, 0);
    fill(p->targets, p->target_weight, 0);
    if (p->few) {
        give_to_few(p);
    } else if (p->moments) {
        give_by_moments(p);
    } else if (p->line) {
        give_from_line(p);
    } else if (is_scaled(p)) {
        rescale(p);
    } else {
        give_from_matrix(p);
    }
    if (p->exponent == 0) {
        for (softgrad_count j = 0; j < p->targets; j++) {
            p->target_weight[j] = p->mass[j];
        }
    }
}

struct shortfall {
    double largest; /* part of a demand that is missing */
    double square;  /* sum of squares, each over its demand */
};

/*
 * Demand - mass. Sums of masses are rounded, and a demand far below the others could not bear any of that: the sum of
 * what is missing is kept at zero by the largest demand.
 */
static struct shortfall measure(const struct problem *p, double *missing) {
    struct shortfall all = {0, 0};
    double others = 0;
    softgrad_count largest = 0;
    for (softgrad_count j = 0; j < p->targets; j++) {
        missing[j] = p->demand[j] - p->mass[j];
        const double demand = p->demand[j] > p->least_demand ? p->demand[j] : p->least_demand;
        const double part = __builtin_fabs(missing[j]) / demand;
        all.largest = part <= all.largest ? all.largest : part;
        all.square += part * __builtin_fabs(missing[j]);
        others += missing[j];
        largest = p->demand[j] > p->demand[largest] ? j : largest;
    }
    missing[largest] -= others;
    return all;
}

#endif
