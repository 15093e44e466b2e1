/*
 * Sums over the weights of a group: along its rows, for normalisers and means, and down its columns, for cotangents.
 *
 * Smooth weights are start_k ratio_k^i. The others are [base_k + offset_i tilt_k - level_i]+^a; the levels are found as
 * in simplex.c, by Newton's method on S_a^(1/a) = 1, for as many rows at once as there are lanes.
 */
#ifndef SOFTGRAD_NEURAL_SORT_WEIGHTS_H
#define SOFTGRAD_NEURAL_SORT_WEIGHTS_H

#include "neural_sort_group.h"
#include "powers.h"

enum {
    LEVEL_ITERATIONS = 60, /* at most; 3 to 6 are usual */
    COLUMN_SUMS = 5
};

/* For each row of a group the sums of the weights, and of x and y under them. */
struct row_sums {
    double mass[GROUP], of_x[GROUP], of_y[GROUP];
};

INLINE void store_row_sums(const Vector *sums, double *to) {
    for (int row = 0; row < GROUP; row += LANES) {
        store_f64(to + row, sums_of_each(sums + row));
    }
}

/* x and y may be null, y must be where x is; they are finite up to the next whole vector. */
INLINE void smooth_row_sums(const struct group *group, const double *x, const double *y, struct row_sums *sums) {
    Vector mass[GROUP] = {{0}}, of_x[GROUP] = {{0}}, of_y[GROUP] = {{0}};
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        const Vector ratio = load_f64(group->tilt + k), none = {0};
        const Vector x_k = x ? load_f64(x + k) : none, y_k = y ? load_f64(y + k) : none;
        Vector weight = load_f64(group->base + k);
        for (int row = 0; row < GROUP; row++) {
            mass[row] += weight;
            if (x) {
                of_x[row] += weight * x_k;
            }
            if (y) {
                of_y[row] += weight * y_k;
            }
            weight *= ratio;
        }
    }
    store_row_sums(mass, sums->mass);
    if (x) {
        store_row_sums(of_x, sums->of_x);
    }
    if (y) {
        store_row_sums(of_y, sums->of_y);
    }
}

/* In sums along rows and down columns to the last bit: an excess of 1e-16 may have the weight 1. */
INLINE Vector score_of(Vector tilt, Vector offset, Vector base) {
    return multiply_add(tilt, offset, base);
}

INLINE Vector score_in_rows(const struct group *group, softgrad_count k, Vector offset) {
    return score_of(broadcast(group->tilt[k]), offset, broadcast(group->base[k]));
}

/* The sums of excess^power and excess^(power - 1) above the levels of LANES rows. */
struct level_sums {
    Vector mass, slope;
};

INLINE struct level_sums sums_above(int power, const struct group *group, Vector offset, Vector level) {
    struct level_sums even = {{0}, {0}}, odd = {{0}, {0}};
    for (softgrad_count k = 0; k < group->width; k += 2) { /* the element after the last has no weight */
        Vector excess = larger(broadcast(0), score_in_rows(group, k, offset) - level);
        Vector next = larger(broadcast(0), score_in_rows(group, k + 1, offset) - level);
        even.mass += power_of(excess, power);
        even.slope += power_of(excess, power - 1);
        odd.mass += power_of(next, power);
        odd.slope += power_of(next, power - 1);
    }
    return (struct level_sums){even.mass + odd.mass, even.slope + odd.slope};
}

INLINE Vector highest_score(const struct group *group, Vector offset) {
    Vector highest = score_in_rows(group, 0, offset);
    for (softgrad_count k = 1; k < group->width; k++) {
        highest = larger(score_in_rows(group, k, offset), highest);
    }
    return highest;
}

/*
 * The levels of LANES rows. `height` is that of the rows before above their levels, a first guess, and becomes that of
 * these. From either side of the root the first step ends at or below it, where it stays.
 */
INLINE Vector find_levels(int power, const struct group *group, Vector offset, Vector *height) {
    const Vector highest = highest_score(group, offset), lowest = highest - 1.0;
    Vector level = highest - *height;
    for (int iteration = 0; iteration < LEVEL_ITERATIONS; iteration++) {
        struct level_sums sums = sums_above(power, group, offset, level);
        Vector root = power == 1   ? broadcast(1.0)
                      : power == 2 ? square_root(sums.mass)
                                   : two_thirds_power(sums.mass);
        Vector next = larger(lowest, level + (sums.mass - root) / sums.slope);
        Vector step = next - level, limit = (highest - next) * (power == 1 ? 0x1p-51 : 0x1p-30);
        limit += larger(next, -next) * 0x1p-51;
        level = next; /* with a power above 1 the error after a step is about its square */
        if (!bits_of((Mask)(step > limit) | (Mask)(step < -limit))) {
            break;
        }
    }
    *height = highest - level;
    return level;
}

/* Sums under the weights excess^power. y may be null. */
INLINE void power_row_sums(int power, const struct group *group, const double *levels, const double *x, const double *y,
                           struct row_sums *sums) {
    for (int row = 0; row < GROUP; row += LANES) {
        const Vector offset = load_f64(group->offsets + row), level = load_f64(levels + row);
        Vector mass = {0}, of_x = {0}, of_y = {0};
        for (softgrad_count k = 0; k < group->width; k++) {
            Vector excess = larger(broadcast(0), score_in_rows(group, k, offset) - level);
            Vector weight = power_of(excess, power);
            mass += weight;
            of_x += weight * x[k];
            if (y) {
                of_y += weight * y[k];
            }
        }
        store_f64(sums->mass + row, mass);
        store_f64(sums->of_x + row, of_x);
        store_f64(sums->of_y + row, of_y);
    }
}

/* Factors of the rows of a group in sums down the columns. */
struct row_factors {
    double of[COLUMN_SUMS][GROUP];
};

/* sums[c] = sum over the rows of weight times factor c, for LANES elements from k on. */
INLINE void smooth_column_sums(int count, const struct group *group, softgrad_count k,
                               const struct row_factors *factors, Vector *sums) {
    const Vector start = load_f64(group->base + k), ratio = load_f64(group->tilt + k);
    for (int c = 0; c < count; c++) {
        sums[c] = broadcast(factors->of[c][GROUP - 1]);
    }
    for (int row = GROUP - 2; row >= 0; row--) {
        for (int c = 0; c < count; c++) {
            sums[c] = sums[c] * ratio + factors->of[c][row];
        }
    }
    for (int c = 0; c < count; c++) {
        sums[c] *= start;
    }
}

/* The same with the weights excess^exponents[c]; levels are infinite for rows that do not count. */
INLINE void power_column_sums(int count, const int *exponents, const struct group *group, softgrad_count k,
                              const double *levels, const struct row_factors *factors, Vector *sums) {
    const Vector base = load_f64(group->base + k), tilt = load_f64(group->tilt + k);
    for (int c = 0; c < count; c++) {
        sums[c] = broadcast(0);
    }
    for (int row = 0; row < GROUP; row++) {
        Vector excess = larger(broadcast(0), score_of(tilt, broadcast(group->offsets[row]), base) - levels[row]);
        for (int c = 0; c < count; c++) {
            sums[c] += power_of(excess, exponents[c]) * factors->of[c][row];
        }
    }
}

#endif
