/*
 * The soft distances of NeuralSort pair by pair, targets in SIMD lanes: what is fastest for few points or short
 * reaches. Everything is in units of the softness, so phi(d) = d (2 S(d) - 1).
 */
#ifndef SOFTGRAD_NEURAL_DISTANCES_PAIRS_H
#define SOFTGRAD_NEURAL_DISTANCES_PAIRS_H

#include "neural_sort_points.h"

enum { TARGETS = 32 }; /* at most in a block that shares the exponentials of its sources */

/* Beyond the reach phi(d) is |d| and phi'(d) the sign of d, to rounding. Exponentials about the middle of a block of
   targets with a span like this are far from overflow. */
static const double smooth_reach = 38, targets_span = 64;

/* Sums of w and w p over the points to one side that are out of reach, where distances are plain. */
struct side {
    double weight, moment;
};

struct sides {
    struct side left, right;
};

INLINE double weight_at(const double *w, softgrad_count j) {
    return w ? w[j] : 1.0;
}

INLINE void enter(struct side *side, double weight, double point) {
    side->weight += weight;
    side->moment += weight * point;
}

INLINE void leave(struct side *side, double weight, double point) {
    side->weight -= weight;
    side->moment -= weight * point;
}

static struct side everything(softgrad_count n, const double *p, const double *w) {
    struct side all = {0, 0};
    for (softgrad_count j = 0; j < n; j++) {
        enter(&all, weight_at(w, j), p[j]);
    }
    return all;
}

/* sum w |x - p_j| over the points out of reach, and its derivative. */
INLINE Vector plain_sum(struct sides sides, Vector x) {
    return (x * sides.left.weight - sides.left.moment) + (sides.right.moment - x * sides.right.weight);
}

INLINE double plain_slope(struct sides sides) {
    return sides.left.weight - sides.right.weight;
}

struct sum_and_slope {
    Vector sum, slope;
};

/*
 * Smooth: phi(d) = d tanh(d / 2). With the exponentials e and f of target and source, a = e / (e + f) and
 * b = f / (e + f), tanh(d / 2) is a - b and phi'(d) = a - b + 2 d a b.
 */
INLINE void add_smooth_pair(struct sum_and_slope *to, Vector target, Vector e, double source, double f, double weight) {
    Vector d = target - source;
    Vector reciprocal = 1.0 / (e + f);
    Vector a = e * reciprocal, b = f * reciprocal;
    Vector tanh = a - b;
    to->sum += (d * weight) * tanh;
    to->slope += weight * ((2.0 * d) * (a * b) + tanh);
}

static softgrad_count end_of_block(softgrad_count n, const double *p, softgrad_count first) {
    softgrad_count end = first + 1;
    while (end < n && end < first + TARGETS && p[end] - p[first] <= targets_span) {
        end++;
    }
    return end;
}

static void smooth_block(const double *p, const double *w, softgrad_count first, softgrad_count end, softgrad_count low,
                         softgrad_count high, struct sides sides, double *sums, double *slopes, double *scratch) {
    const double middle = p[first + (end - first) / 2];
    for (softgrad_count j = low; j < high; j += LANES) {
        store_f64(scratch + j - low, exponential(load_f64(p + j) - middle));
    }
    for (softgrad_count k = first; k < end; k += LANES) {
        const Vector target = load_at_most(p + k, end - k), e = exponential(target - middle);
        struct sum_and_slope near = {{0}, {0}};
        for (softgrad_count j = low; j < high; j++) {
            add_smooth_pair(&near, target, e, p[j], scratch[j - low], weight_at(w, j));
        }
        if (sums) {
            store_at_most(sums + k, end - k, near.sum + plain_sum(sides, target));
        }
        if (slopes) {
            store_at_most(slopes + k, end - k, near.slope + plain_slope(sides));
        }
    }
}

static void smooth_pairs(softgrad_count n, const double *p, const double *w, double *sums, double *slopes,
                         double *scratch) {
    struct sides sides = {{0, 0}, everything(n, p, w)};
    softgrad_count low = 0, high = 0;
    for (softgrad_count first = 0, end; first < n; first = end) {
        end = end_of_block(n, p, first);
        for (; p[first] - p[low] > smooth_reach; low++) {
            enter(&sides.left, weight_at(w, low), p[low]);
        }
        for (; high < n && p[high] - p[end - 1] <= smooth_reach; high++) {
            leave(&sides.right, weight_at(w, high), p[high]);
        }
        if (high == n) {
            sides.right = (struct side){0, 0}; /* not what rounding left */
        }
        smooth_block(p, w, first, end, low, high, sides, sums, slopes, scratch);
    }
}

/*
 * The polynomial curves: with u = d / 5 held within [-1, 1], phi(d) = d Q(u) for Q = 2 S - 1, and
 * phi'(d) = Q + d Q' / 5 with Q' = 0 outside.
 */
INLINE void add_power_pair(int power, struct sum_and_slope *to, Vector target, double source, double weight) {
    const Vector one = broadcast(1.0);
    Vector d = target - source;
    Vector fraction = d * 0.2;
    Vector u = -larger(-one, -larger(-one, fraction));
    Vector square = u * u, step, bend;
    if (power == 1) {
        step = u;
        bend = (Vector)((Mask)(square < 1.0) & (Mask)u);
    } else if (power == 2) {
        step = u * (1.5 - 0.5 * square);
        bend = u * (1.5 - 1.5 * square);
    } else {
        step = u * (1.875 + square * (square * 0.375 - 1.25));
        bend = u * 1.875 * ((1.0 - square) * (1.0 - square));
    }
    to->sum += (d * weight) * step;
    to->slope += weight * (step + bend);
}

INLINE void power_pairs(int power, softgrad_count n, const double *p, const double *w, double *sums, double *slopes) {
    for (softgrad_count k = 0; k < n; k += LANES) {
        const Vector target = load_f64(p + k);
        struct sum_and_slope all = {{0}, {0}};
        for (softgrad_count j = 0; j < n; j++) {
            add_power_pair(power, &all, target, p[j], weight_at(w, j));
        }
        if (sums) {
            store_at_most(sums + k, n - k, all.sum);
        }
        if (slopes) {
            store_at_most(slopes + k, n - k, all.slope);
        }
    }
}

#endif
