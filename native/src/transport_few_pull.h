/* The vector-Jacobian product of transport_pull.h for a line with few targets, sources side by side. */
#ifndef SOFTGRAD_TRANSPORT_FEW_PULL_H
#define SOFTGRAD_TRANSPORT_FEW_PULL_H

#include "transport_newton.h"

/* Turns the plan, times `scale`, into roots and their sums of weights, and finds the weighted mean of g for each
   target. To a target of which the plan knows nothing, as its demand was below the tolerance, nothing comes back. */
INLINE void weigh_few(struct problem *p, int e, double scale, const double *plan, const double *g, double *means) {
    const softgrad_count n = p->sources, m = p->targets;
    fill(n, p->source_weight, 0);
    for (softgrad_count j = 0; j < m; j++) {
        Vector weights = {0}, products = {0};
        for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
            const Vector root = mass_to_root(load_up_to(plan + j * n + i, left, 0) * scale, e), slope = weight(root, e);
            store_up_to(roots_of(p, j) + i, left, root);
            add_to(p->source_weight + i, left, slope);
            weights += slope;
            products += slope * load_up_to(g + j * n + i, left, 0);
        }
        const double sum = sum_of_lanes(weights);
        p->target_weight[j] = sum > 0 ? sum : 1;
        means[j] = sum_of_lanes(products) / p->target_weight[j];
    }
}

INLINE Vector slope_at(const struct problem *p, int e, softgrad_count j, softgrad_count i, softgrad_count left) {
    return weight(load_up_to(roots_of(p, j) + i, left, 0), e);
}

/* The cotangent U of the scores, and its sum for each target. */
INLINE void centre_few(const struct problem *p, int e, const double *means, const double *g, double *u, double *sums) {
    const softgrad_count n = p->sources, m = p->targets;
    Vector totals[FEW] = {{0}};
    for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
        const Vector share = 1.0 / load_up_to(p->source_weight + i, left, 1);
        Vector cotangent[FEW], slope[FEW], mean = {0}, rest = {0};
        for (softgrad_count j = 0; j < m; j++) {
            slope[j] = slope_at(p, e, j, i, left);
            cotangent[j] = load_up_to(g + j * n + i, left, 0) - means[j];
            mean += slope[j] * cotangent[j];
        }
        mean *= share;
        for (softgrad_count j = 0; j < m; j++) {
            cotangent[j] -= mean;
            rest += slope[j] * cotangent[j];
        }
        rest *= share;
        for (softgrad_count j = 0; j < m; j++) {
            const Vector pulled = slope[j] * (cotangent[j] - rest);
            store_up_to(u + j * n + i, left, pulled);
            totals[j] += pulled;
        }
    }
    for (softgrad_count j = 0; j < m; j++) {
        sums[j] = sum_of_lanes(totals[j]);
    }
}

/* The same for the cotangent of logarithms, which is not weighted. */
static void centre_few_logarithms(const struct problem *p, const double *g, double *u, double *sums) {
    const softgrad_count n = p->sources, m = p->targets;
    Vector totals[FEW] = {{0}};
    for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
        Vector mean = {0};
        for (softgrad_count j = 0; j < m; j++) {
            mean += load_up_to(g + j * n + i, left, 0);
        }
        mean /= load_up_to(p->source_weight + i, left, 1);
        for (softgrad_count j = 0; j < m; j++) {
            const Vector pulled = load_up_to(g + j * n + i, left, 0) - slope_at(p, 0, j, i, left) * mean;
            store_up_to(u + j * n + i, left, pulled);
            totals[j] += pulled;
        }
    }
    for (softgrad_count j = 0; j < m; j++) {
        sums[j] = sum_of_lanes(totals[j]);
    }
}

/* dx_i = 2 sum_j dC_ij (x_i - y_j), dC = W (alpha + beta) - U. As the dC_ij of a source sum to zero, anchors count from
   the one that weighs most; and so does beta, which is large where little connects the targets. */
INLINE void finish_few(const struct problem *p, int e, const double *anchors, const double *beta, double factor,
                       const double *u, double *dx) {
    const softgrad_count n = p->sources, m = p->targets;
    for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
        Vector slope[FEW], alpha = {0}, sum = {0};
        Vector most = slope_at(p, e, 0, i, left), origin = broadcast(anchors[0]), level = broadcast(beta[0]);
        for (softgrad_count j = 0; j < m; j++) {
            slope[j] = slope_at(p, e, j, i, left);
            origin = select((Mask)(slope[j] > most), broadcast(anchors[j]), origin);
            level = select((Mask)(slope[j] > most), broadcast(beta[j]), level);
            most = larger(slope[j], most);
        }
        for (softgrad_count j = 0; j < m; j++) {
            alpha -= slope[j] * (beta[j] - level);
        }
        alpha /= load_up_to(p->source_weight + i, left, 1);
        for (softgrad_count j = 0; j < m; j++) {
            const Vector cotangent = slope[j] * ((beta[j] - level) + alpha) - load_up_to(u + j * n + i, left, 0);
            sum += cotangent * (anchors[j] - origin);
        }
        store_up_to(dx + i, left, sum * (-2 * factor));
    }
}

INLINE void pull_few_powers(struct problem *p, int e, double scale, int of_logarithms, const double *anchors,
                            const double *plan, const double *g, double *u, double *dx) {
    double *sums = workspace(p, 6), *beta = workspace(p, 7), *means = workspace(p, 8);
    weigh_few(p, e, scale, plan, g, means);
    if (of_logarithms) {
        centre_few_logarithms(p, g, u, sums);
    } else {
        centre_few(p, e, means, g, u, sums);
    }
    /* Parts of a plan that hardly connect are balanced but for rounding, which the path keeps small; the cotangents of
       logarithms are not, and there the path is only for what does not connect at all. */
    const struct linear_system system = linearize(p, of_logarithms ? 1e-26 : 1e-13);
    solve_few(p, system.ridge, sums, beta);
    finish_few(p, e, anchors, beta, (of_logarithms ? 1.0 : 1.0 / scale) / p->softness, u, dx);
}

/*
 * The cotangent dx of the sources from g (targets x sources), that of the plan times `scale` or of its logarithms. u is
 * scratch, as large as the plan.
 */
static void pull_few(struct problem *p, double scale, int of_logarithms, const double *anchors, const double *plan,
                     const double *g, double *u, double *dx) {
    switch (p->exponent) {
        case 1: pull_few_powers(p, 1, scale, of_logarithms, anchors, plan, g, u, dx); break;
        case 2: pull_few_powers(p, 2, scale, of_logarithms, anchors, plan, g, u, dx); break;
        case 3: pull_few_powers(p, 3, scale, of_logarithms, anchors, plan, g, u, dx); break;
        default: pull_few_powers(p, 0, scale, of_logarithms, anchors, plan, g, u, dx);
    }
}

#endif
