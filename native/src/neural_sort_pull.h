/*
 * The cotangents of NeuralSort in the sorted frame. With P the weights and z the scores, the cotangent of a score is
 *
 *     zbar_ik = W_ik (Pbar_ik - mean_i),   mean_i = sum_k W_ik Pbar_ik / sum_k W_ik,
 *
 * where W is P for smooth weights and a [z - level]+^(a - 1) for the others (the Jacobian of a projection onto the
 * simplex: Blondel, Martins and Niculae, JMLR 21, 2020). From z_ik = -(coefficient_i p_k + A_k),
 *
 *     pbar_k = -sum_i (coefficient_i + A'_k) zbar_ik - sum_j phi'(p_k - p_j) sum_i zbar_ij.
 *
 * A'_k is added inside the sum because it nearly cancels the coefficients where the weights are. Coefficients and Pbar
 * are linear in the offset of the row, so a few sums over the weights of a group serve each element of its window.
 */
#ifndef SOFTGRAD_NEURAL_SORT_PULL_H
#define SOFTGRAD_NEURAL_SORT_PULL_H

#include "neural_sort_weights.h"

/* What a pull adds up: over the rows, zbar_ik, and (coefficient_i + A'_k) zbar_ik. All padded but v_bar. */
struct cotangents {
    const struct rows *rows;
    const double *slopes; /* A' */
    const double *levels; /* of all rows; none for smooth weights */
    double *plain, *sloped;
    double *v_bar; /* may be null */
};

/* The levels of the rows of a group; infinite for those that do not exist. */
struct own_levels {
    double of[GROUP];
};

INLINE struct own_levels levels_of(int regularizer, const struct cotangents *to, const struct group *group) {
    struct own_levels levels = {{0}};
    if (regularizer != SOFTGRAD_ENTROPY) {
        const double *first = to->levels + (group->row - to->rows->first);
        for (int row = 0; row < GROUP; row++) {
            levels.of[row] = row < group->count ? first[row] : __builtin_inf();
        }
    }
    return levels;
}

/* Sums under W / a along the rows. */
INLINE struct row_sums derivative_sums(int regularizer, const struct group *group, const struct own_levels *levels,
                                       const double *x, const double *y) {
    struct row_sums sums;
    if (regularizer == SOFTGRAD_ENTROPY) {
        smooth_row_sums(group, x, y, &sums);
    } else {
        power_row_sums(regularizer - 1, group, levels->of, x, y, &sums);
    }
    return sums;
}

/* What W / a must be multiplied with to be W. */
INLINE double derivative_factor(int regularizer, double mass) {
    return regularizer == SOFTGRAD_ENTROPY ? 1.0 / mass : (double)regularizer;
}

INLINE void add_cotangents(const struct cotangents *to, const struct group *group, softgrad_count k, Vector plain,
                           Vector by_offset) {
    const softgrad_count place = group->from + k;
    const double coefficient = coefficient_of(to->rows, group->middle);
    Vector sloped = (load_f64(to->slopes + place) + coefficient) * plain - 2.0 * by_offset;
    store_f64(to->plain + place, load_f64(to->plain + place) + plain);
    store_f64(to->sloped + place, load_f64(to->sloped + place) + sloped);
}

/* Pbar_ik = g_i x_k, where x are values less a number of the group. The last sum is for v_bar. */
INLINE void pull_sorted_group(int regularizer, const struct cotangents *to, const struct group *group, const double *x,
                              const double *g) {
    const struct own_levels levels = levels_of(regularizer, to, group);
    const struct row_sums sums = derivative_sums(regularizer, group, &levels, x, 0);
    struct row_factors factors = {{{0}}};
    for (int row = 0; row < group->count; row++) {
        const double mean = sums.of_x[row] / sums.mass[row], offset = group->offsets[row];
        const double factor = g[row] * derivative_factor(regularizer, sums.mass[row]);
        factors.of[0][row] = factor;
        factors.of[1][row] = factor * mean;
        factors.of[2][row] = factor * offset;
        factors.of[3][row] = factor * mean * offset;
        factors.of[4][row] = g[row];
    }
    const int slope = regularizer - 1, exponents[COLUMN_SUMS] = {slope, slope, slope, slope, regularizer};
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        Vector column[COLUMN_SUMS], x_k = load_f64(x + k);
        if (regularizer == SOFTGRAD_ENTROPY) {
            smooth_column_sums(4, group, k, &factors, column);
            column[4] = column[0];
        } else {
            power_column_sums(5, exponents, group, k, levels.of, &factors, column);
        }
        add_cotangents(to, group, k, x_k * column[0] - column[1], x_k * column[2] - column[3]);
        if (to->v_bar) {
            double *v_bar = to->v_bar + group->from + k;
            const softgrad_count left = to->rows->n - group->from - k;
            store_at_most(v_bar, left, load_at_most(v_bar, left) + column[4]);
        }
    }
}

/* Pbar_ik = x_k + offset_i y_k. */
INLINE void pull_ranked_group(int regularizer, const struct cotangents *to, const struct group *group, const double *x,
                              const double *y) {
    const struct own_levels levels = levels_of(regularizer, to, group);
    const struct row_sums sums = derivative_sums(regularizer, group, &levels, x, y);
    struct row_factors factors = {{{0}}};
    for (int row = 0; row < group->count; row++) {
        const double offset = group->offsets[row], factor = derivative_factor(regularizer, sums.mass[row]);
        const double mean = (sums.of_x[row] + offset * sums.of_y[row]) / sums.mass[row];
        factors.of[0][row] = factor;
        factors.of[1][row] = factor * mean;
        factors.of[2][row] = factor * offset;
        factors.of[3][row] = factor * mean * offset;
        factors.of[4][row] = factor * offset * offset;
    }
    const int slope = regularizer - 1, exponents[COLUMN_SUMS] = {slope, slope, slope, slope, slope};
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        Vector column[COLUMN_SUMS], x_k = load_f64(x + k), y_k = load_f64(y + k);
        if (regularizer == SOFTGRAD_ENTROPY) {
            smooth_column_sums(5, group, k, &factors, column);
        } else {
            power_column_sums(5, exponents, group, k, levels.of, &factors, column);
        }
        add_cotangents(to, group, k, x_k * column[0] + y_k * column[2] - column[1],
                       x_k * column[2] + y_k * column[4] - column[3]);
    }
}

#endif
