/*
 * The weights of a group of neighbouring rows over their common window. Row i of the group scores element k with
 * base_k + offset_i tilt_k, up to a term of i alone, so smooth weights are powers: start_k ratio_k^i. That takes two
 * exponentials for each element of a window and one multiplication for each weight.
 *
 * Where the window is so wide that the powers might leave the range of a double, a group is one row, and the other
 * GROUP - 1 are computed in vain.
 */
#ifndef SOFTGRAD_NEURAL_SORT_GROUP_H
#define SOFTGRAD_NEURAL_SORT_GROUP_H

#include "neural_sort_windows.h"

enum { MIDDLE = GROUP / 2 }; /* the row of a group whose offset is 0 */

/* In units of the softness; 12 times that is well below 700. */
static const double widest_group = 48;

/* Smooth weights of a group reach exp(4 times that), which values of such a size leave room for. */
static const double largest_in_groups = 0x1p600;

/* The widest window of rows in a group, for sums of sorted values v. */
INLINE double widest_for(int regularizer, softgrad_count n, const double *v) {
    const int fits = v[0] > -largest_in_groups && v[n - 1] < largest_in_groups;
    return fits || regularizer != SOFTGRAD_ENTROPY ? widest_group : 0;
}

struct group {
    softgrad_count row, count;  /* the rows */
    softgrad_count from, width; /* the window */
    softgrad_count middle;      /* the row of offset 0 */
    const double *offsets;      /* of the GROUP rows */
    double *base, *tilt;        /* smooth: start and ratio; zero weight from `width` to the next whole vector */
};

static const double group_offsets[GROUP] = {-4, -3, -2, -1, 0, 1, 2, 3}, no_offsets[GROUP] = {0};

/* The scores of the middle row, relative to their maximum. */
static void score_middle(const struct rows *rows, struct group *group) {
    const double coefficient = coefficient_of(rows, group->middle);
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        store_f64(group->base + k, scores_at(rows, coefficient, group->from + k));
    }
    store_f64(group->base + group->width, broadcast(-__builtin_inf()));
    Vector highest = load_f64(group->base);
    for (softgrad_count k = LANES; k < group->width; k += LANES) {
        highest = larger(load_f64(group->base + k), highest);
    }
    const double top = largest_lane(highest);
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        store_f64(group->base + k, load_f64(group->base + k) - top);
    }
}

INLINE void prepare_group(int regularizer, const struct rows *rows, struct group *group) {
    score_middle(rows, group);
    const double *p = rows->p + group->from;
    const double centre = 0.5 * (p[0] + p[group->width - 1]);
    const double factor = group->offsets == no_offsets ? 0 : 2;
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        Vector tilt = (load_f64(p + k) - centre) * factor;
        if (regularizer == SOFTGRAD_ENTROPY) {
            Vector base = load_f64(group->base + k);
            store_f64(group->base + k, exponential(base + group->offsets[0] * tilt));
            tilt = exponential(tilt);
        }
        store_f64(group->tilt + k, tilt);
    }
    store_f64(group->tilt + group->width, broadcast(0)); /* points far outside the window may have overflowed */
}

/* A way through the groups of rows. */
struct walk {
    const struct rows *rows;
    struct windows windows;
    softgrad_count row; /* the next one */
    struct group group; /* the present group */
};

/* `depth` is how far below the largest a score can matter; base and tilt have room for a row. */
static struct walk walk_through(const struct rows *rows, double depth, double *window_memory, double *base,
                                double *tilt) {
    struct walk walk = {.rows = rows, .windows = find_windows(rows, depth, window_memory), .row = rows->first};
    walk.group.base = base;
    walk.group.tilt = tilt;
    return walk;
}

/* Prepares the next group; false if there is none. */
INLINE int next_group(int regularizer, struct walk *walk) {
    const struct rows *rows = walk->rows;
    const softgrad_count left = rows->first + rows->count - walk->row, g = (walk->row - rows->first) / GROUP;
    if (left == 0) {
        return 0;
    }
    struct group *group = &walk->group;
    group->row = walk->row;
    group->from = (softgrad_count)walk->windows.begin[g];
    group->width = (softgrad_count)walk->windows.end[g] - group->from;
    const int together = rows->p[group->from + group->width - 1] - rows->p[group->from] <= rows->widest;
    group->count = together ? least(GROUP, left) : 1;
    group->middle = together ? group->row + MIDDLE : group->row;
    group->offsets = together ? group_offsets : no_offsets;
    walk->row += group->count;
    prepare_group(regularizer, rows, group);
    return 1;
}

#endif
