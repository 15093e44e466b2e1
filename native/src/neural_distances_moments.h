/*
 * The soft distances of NeuralSort for the polynomial curves by moments: within 5 units of the softness, which is the
 * reach, phi is an even polynomial of d, so a sum over points follows from their moments about any origin near by. The
 * moments slide along the row with the window; they begin anew for every panel of targets, about an origin in its
 * middle, so that nothing large cancels.
 */
#ifndef SOFTGRAD_NEURAL_DISTANCES_MOMENTS_H
#define SOFTGRAD_NEURAL_DISTANCES_MOMENTS_H

#include "neural_distances_pairs.h"

/* A panel spans half a reach. */
static const double power_reach = 5, panel_span = 2.5;

enum { MOMENTS = 7 }; /* up to the sixth power */

INLINE void add_moments(int power, double weight, double t, double *moments) {
    for (int k = 0; k <= 2 * power; k++) {
        moments[k] += weight;
        weight *= t;
    }
}

/* The moments of the points from `low` to `high` about the origin. */
INLINE void moments_of(int power, const double *p, const double *w, softgrad_count low, softgrad_count high,
                       double origin, double *moments) {
    Vector sums[MOMENTS] = {{0}};
    for (softgrad_count j = low; j < high; j += LANES) {
        Vector t = (load_f64(p + j) - origin) * 0.2, term = w ? load_at_most(w + j, high - j) : ones_at_most(high - j);
        for (int k = 0; k <= 2 * power; k++) {
            sums[k] += term;
            term *= t;
        }
    }
    for (int k = 0; k <= 2 * power; k++) {
        moments[k] = sum_of_lanes(sums[k]);
    }
}

/* From moments about the origin to those about t, in each lane: binomially, one factor (t_j - t) at a time. */
INLINE void move_moments(int power, Vector t, Vector *moments) {
    for (int factor = 1; factor <= MOMENTS - 1; factor++) {
        for (int k = MOMENTS - 1; k >= 1; k--) {
            if (k >= factor && k <= 2 * power) {
                moments[k] -= t * moments[k - 1];
            }
        }
    }
}

/* The sums over the points within reach, from moments about the target. */
INLINE struct sum_and_slope near_sums(int power, const Vector *about) {
    switch (power) {
        case 1: return (struct sum_and_slope){5.0 * about[2], -2.0 * about[1]};
        case 2: return (struct sum_and_slope){7.5 * about[2] - 2.5 * about[4], 2.0 * about[3] - 3.0 * about[1]};
        default:
            return (struct sum_and_slope){9.375 * about[2] - 6.25 * about[4] + 1.875 * about[6],
                                          5.0 * about[3] - 3.75 * about[1] - 2.25 * about[5]};
    }
}

/* What LANES targets see: moments about the origin of their panel, and the sides. */
struct views {
    double moments[MOMENTS][LANES];
    double left_weight[LANES], left_moment[LANES], right_weight[LANES], right_moment[LANES];
};

INLINE void keep_view(int power, const double *moments, struct sides sides, int lane, struct views *views) {
    for (int k = 0; k <= 2 * power; k++) {
        views->moments[k][lane] = moments[k];
    }
    views->left_weight[lane] = sides.left.weight;
    views->left_moment[lane] = sides.left.moment;
    views->right_weight[lane] = sides.right.weight;
    views->right_moment[lane] = sides.right.moment;
}

/* The results of the first `count` targets. */
INLINE void sum_views(int power, const struct views *views, Vector targets, double origin, softgrad_count count,
                      double *sums, double *slopes) {
    Vector about[MOMENTS];
    for (int k = 0; k <= 2 * power; k++) {
        about[k] = load_f64(views->moments[k]);
    }
    move_moments(power, (targets - origin) * 0.2, about);
    const struct sum_and_slope near = near_sums(power, about);
    const Vector left = load_f64(views->left_weight), right = load_f64(views->right_weight);
    if (sums) {
        Vector plain = (targets * left - load_f64(views->left_moment)) +
                       (load_f64(views->right_moment) - targets * right);
        store_at_most(sums, count, near.sum + plain);
    }
    if (slopes) {
        store_at_most(slopes, count, near.slope + (left - right));
    }
}

/* A window of points within reach of a target, that moves along the row. */
struct reach {
    softgrad_count low, high;
    struct sides sides;
    double moments[MOMENTS];
};

/* Moves on to a target, and its moments with it unless they are to begin anew. */
INLINE void move_reach(int power, const double *p, const double *w, softgrad_count n, double target, double origin,
                       int anew, struct reach *at) {
    const softgrad_count low = at->low, high = at->high;
    for (; target - p[at->low] >= power_reach; at->low++) {
        enter(&at->sides.left, weight_at(w, at->low), p[at->low]);
    }
    for (; at->high < n && p[at->high] - target < power_reach; at->high++) {
        leave(&at->sides.right, weight_at(w, at->high), p[at->high]);
    }
    if (at->high == n) {
        at->sides.right = (struct side){0, 0}; /* not what rounding left */
    }
    if (anew) {
        moments_of(power, p, w, at->low, at->high, origin, at->moments);
        return;
    }
    for (softgrad_count j = low; j < at->low; j++) {
        add_moments(power, -weight_at(w, j), (p[j] - origin) * 0.2, at->moments);
    }
    for (softgrad_count j = high; j < at->high; j++) {
        add_moments(power, weight_at(w, j), (p[j] - origin) * 0.2, at->moments);
    }
}

/* A NaN, which is not above the end of any panel, goes into the one at hand. */
INLINE void power_moments(int power, softgrad_count n, const double *p, const double *w, double *sums,
                          double *slopes) {
    struct reach at = {0, 0, {{0, 0}, everything(n, p, w)}, {0}};
    struct views views = {{{0}}, {0}, {0}, {0}, {0}};
    double origin = 0, panel_end = -__builtin_inf();
    for (softgrad_count k = 0, count; k < n; k += count) {
        const int anew = p[k] > panel_end;
        if (anew) {
            origin = p[k] + 0.5 * panel_span;
            panel_end = p[k] + panel_span;
        }
        for (count = 0; count < LANES && k + count < n && !(p[k + count] > panel_end); count++) {
            move_reach(power, p, w, n, p[k + count], origin, anew && count == 0, &at);
            keep_view(power, at.moments, at.sides, (int)count, &views);
        }
        sum_views(power, &views, load_f64(p + k), origin, count, sums ? sums + k : 0, slopes ? slopes + k : 0);
    }
}

#endif
