/*
 * Soft orders of one row by their definitions in long double, product by product, with their cotangents: what the rows
 * in lanes are compared with.
 */
#ifndef SOFTGRAD_ORDER_LANES_DEFINITION_H
#define SOFTGRAD_ORDER_LANES_DEFINITION_H

#include <math.h>
#include <string.h>

#include "softgrad.h"

enum { LONGEST = SOFTGRAD_LANES_LENGTH };

typedef long double wide;

struct order {
    int method, regularizer, options, n, first, count;
    double softness;
};

/* One row by its definition. */
struct definition {
    wide y[LONGEST], dx[LONGEST], dsoftness;
};

static inline int has(const struct order *order, int option) {
    return (order->options & option) != 0;
}

/* Stable; values of FAST_SOFT_SORT tie in the order of the negated row. */
static void argsort(const struct order *order, const wide *x, int *places) {
    const int is_reversed = order->method == SOFTGRAD_FAST_SOFT_SORT && !has(order, SOFTGRAD_RANK);
    for (int k = 0; k < order->n; k++) {
        int at = k;
        for (; at > 0 && (x[places[at - 1]] > x[k] || (is_reversed && x[places[at - 1]] == x[k])); at--) {
            places[at] = places[at - 1];
        }
        places[at] = k;
    }
}

/* --- standardization ---------------------------------------------------------------------------------------------- */

struct squashed {
    wide s[LONGEST], centred[LONGEST], mean, deviation;
};

static void squash(int n, const wide *x, struct squashed *row) {
    wide mean = 0, variance = 0;
    for (int i = 0; i < n; i++) {
        mean += (x[i] - x[0]) / n;
    }
    for (int i = 0; i < n; i++) {
        row->centred[i] = x[i] - x[0] - mean;
        variance += row->centred[i] * row->centred[i] / n;
    }
    row->mean = x[0] + mean;
    row->deviation = sqrtl(variance + 1e-6L);
    for (int i = 0; i < n; i++) {
        row->s[i] = 1 / (1 + expl(-row->centred[i] / row->deviation));
    }
}

static void add_squash_pull(int n, const struct squashed *row, const wide *s_bar, wide *dx) {
    wide sum = 0, moment = 0;
    for (int i = 0; i < n; i++) {
        wide z_bar = s_bar[i] * row->s[i] * (1 - row->s[i]);
        sum += z_bar;
        moment += z_bar * row->centred[i];
    }
    for (int i = 0; i < n; i++) {
        wide z_bar = s_bar[i] * row->s[i] * (1 - row->s[i]);
        wide of_deviation = moment * row->centred[i] / (row->deviation * row->deviation);
        dx[i] += (z_bar - sum / n - of_deviation / n) / row->deviation;
    }
}

/* --- soft permutation matrices ------------------------------------------------------------------------------------ */

static wide matrix[LONGEST][LONGEST], matrix_bar[LONGEST][LONGEST];

/* Each element's sum of soft distances, of NeuralSort. */
static void distance_sums(const struct order *order, const wide *s, wide *sums) {
    for (int j = 0; j < order->n; j++) {
        sums[j] = 0;
        for (int i = 0; i < order->n && order->method == SOFTGRAD_NEURAL_SORT; i++) {
            sums[j] += (s[j] - s[i]) * tanhl((s[j] - s[i]) / order->softness / 2);
        }
    }
}

/* Rows are places in ascending order, columns elements in ascending order. */
static wide score_of(const struct order *order, const wide *s, const wide *sums, int k, int j) {
    wide score = order->method == SOFTGRAD_NEURAL_SORT ? (2 * k + 1 - order->n) * (s[j] - s[order->n / 2]) - sums[j]
                                                       : -fabsl(s[k] - s[j]);
    return score / order->softness;
}

static void fill_matrix(const struct order *order, const wide *s) {
    wide sums[LONGEST], scores[LONGEST];
    distance_sums(order, s, sums);
    for (int k = 0; k < order->n; k++) {
        wide largest = -HUGE_VALL, sum = 0;
        for (int j = 0; j < order->n; j++) {
            scores[j] = score_of(order, s, sums, k, j);
            largest = fmaxl(largest, scores[j]);
        }
        for (int j = 0; j < order->n; j++) {
            sum += matrix[k][j] = expl(scores[j] - largest);
        }
        for (int j = 0; j < order->n; j++) {
            matrix[k][j] /= sum;
        }
    }
}

/* Cotangents of the scores in place of those of the matrix. */
static void pull_rows_of_matrix(int n) {
    for (int k = 0; k < n; k++) {
        wide mean = 0;
        for (int j = 0; j < n; j++) {
            mean += matrix[k][j] * matrix_bar[k][j];
        }
        for (int j = 0; j < n; j++) {
            matrix_bar[k][j] = matrix[k][j] * (matrix_bar[k][j] - mean);
        }
    }
}

static void pull_soft_sort_scores(const struct order *order, const wide *s, wide *s_bar, wide *dsoftness) {
    wide t = order->softness;
    for (int k = 0; k < order->n; k++) {
        for (int j = 0; j < order->n; j++) {
            int sign = (k > j) - (k < j);
            s_bar[k] -= sign * matrix_bar[k][j] / t;
            s_bar[j] += sign * matrix_bar[k][j] / t;
            *dsoftness += matrix_bar[k][j] * fabsl(s[k] - s[j]) / (t * t);
        }
    }
}

static void pull_neural_sort_scores(const struct order *order, const wide *s, wide *s_bar, wide *dsoftness) {
    const int n = order->n;
    wide t = order->softness;
    for (int j = 0; j < n; j++) {
        wide column = 0;
        for (int k = 0; k < n; k++) {
            s_bar[j] += (2 * k + 1 - n) * matrix_bar[k][j] / t;
            column += matrix_bar[k][j];
        }
        for (int i = 0; i < n; i++) {
            wide d = s[j] - s[i], h = tanhl(d / t / 2), slope = h + d / t / 2 * (1 - h * h);
            s_bar[j] -= column * slope / t;
            s_bar[i] += column * slope / t;
        }
    }
    for (int j = 0; j < n; j++) { /* everything depends on s / softness */
        *dsoftness -= (s[j] - s[n / 2]) * s_bar[j] / t;
    }
}

static void pull_scores(const struct order *order, const wide *s, wide *s_bar, wide *dsoftness) {
    pull_rows_of_matrix(order->n);
    if (order->method == SOFTGRAD_NEURAL_SORT) {
        pull_neural_sort_scores(order, s, s_bar, dsoftness);
    } else {
        pull_soft_sort_scores(order, s, s_bar, dsoftness);
    }
}

/* v and s in ascending order; g of ascending places; v_bar and s_bar come out in ascending order. */
static void define_values(const struct order *order, const wide *s, const wide *v, const wide *g, wide *y, wide *v_bar,
                          wide *s_bar, wide *dsoftness) {
    fill_matrix(order, s);
    for (int k = 0; k < order->n; k++) {
        wide difference = 0;
        for (int j = 0; j < order->n; j++) {
            difference += matrix[k][j] * (v[j] - v[k]);
            v_bar[j] += matrix[k][j] * g[k];
            matrix_bar[k][j] = g[k] * (v[j] - v[k]);
        }
        y[k] = v[k] + difference;
    }
    if (!has(order, SOFTGRAD_UNGATED)) {
        pull_scores(order, s, s_bar, dsoftness);
    }
}

static void define_soft_sort_ranks(const struct order *order, const wide *s, const wide *g, wide *y, wide *s_bar,
                                   wide *dsoftness) {
    fill_matrix(order, s);
    for (int k = 0; k < order->n; k++) {
        y[k] = 0;
        for (int j = 0; j < order->n; j++) {
            wide rank = has(order, SOFTGRAD_DESCENDING) ? order->n - j : j + 1;
            y[k] += matrix[k][j] * rank;
            matrix_bar[k][j] = g[k] * rank;
        }
    }
    pull_scores(order, s, s_bar, dsoftness);
}

static void define_neural_sort_ranks(const struct order *order, const wide *s, const wide *g, wide *y, wide *s_bar,
                                     wide *dsoftness) {
    fill_matrix(order, s);
    for (int j = 0; j < order->n; j++) {
        wide sum = 0, moment = 0;
        for (int k = 0; k < order->n; k++) {
            sum += matrix[k][j];
            moment += matrix[k][j] * (has(order, SOFTGRAD_DESCENDING) ? order->n - k : k + 1);
        }
        y[j] = moment / fmaxl(sum, 1e-10L);
        for (int k = 0; k < order->n; k++) {
            wide rank = has(order, SOFTGRAD_DESCENDING) ? order->n - k : k + 1;
            matrix_bar[k][j] = sum > 1e-10L ? g[j] * (rank - y[j]) / sum : g[j] * rank * 1e10L;
        }
    }
    pull_scores(order, s, s_bar, dsoftness);
}

/* --- projection onto the permutahedron ---------------------------------------------------------------------------- */

/* Of numbers from their first. */
static wide logarithmic_sum(int length, const wide *x) {
    wide sum = 0;
    for (int i = 0; i < length; i++) {
        sum += expl(x[i] - x[0]);
    }
    return logl(sum);
}

/* From u of the first element. */
static wide level_of(const struct order *order, int length, const wide *u, const wide *w) {
    if (order->regularizer == SOFTGRAD_ENTROPY) {
        return logarithmic_sum(length, u) - logarithmic_sum(length, w) - w[0];
    }
    wide sum = 0;
    for (int i = 0; i < length; i++) {
        sum += (u[i] - u[0] - w[i]) / length;
    }
    return sum;
}

static void pull_pool(const struct order *order, int length, const wide *u, const wide *w, const wide *g, wide *u_bar,
                      wide *w_bar) {
    wide sum = 0, of_u = logarithmic_sum(length, u), of_w = logarithmic_sum(length, w);
    for (int i = 0; i < length; i++) {
        sum += g[i];
    }
    for (int i = 0; i < length; i++) {
        int entropy = order->regularizer == SOFTGRAD_ENTROPY;
        u_bar[i] = g[i] - sum * (entropy ? expl(u[i] - u[0] - of_u) : 1.0L / length);
        w_bar[i] = sum * (entropy ? expl(w[i] - w[0] - of_w) : 1.0L / length);
    }
}

/* u and w in descending order. Returns sum u_bar u, where u may count from the first element of each pool. */
static wide project(const struct order *order, const wide *u, const wide *w, const wide *g, wide *y, wide *u_bar,
                    wide *w_bar) {
    int starts[LONGEST + 1], pools = 0;
    for (int i = 0; i < order->n; i++) {
        starts[pools++] = i;
        while (pools > 1) {
            int a = starts[pools - 2], b = starts[pools - 1];
            wide level = level_of(order, b - a, u + a, w + a);
            if (!(level < level_of(order, i + 1 - b, u + b, w + b) + (u[b] - u[a]))) {
                break;
            }
            pools--;
        }
    }
    starts[pools] = order->n;
    wide moment = 0;
    for (int pool = 0; pool < pools; pool++) {
        int begin = starts[pool], length = starts[pool + 1] - begin;
        wide level = level_of(order, length, u + begin, w + begin);
        for (int i = begin; i < begin + length; i++) {
            y[i] = length == 1 ? w[i] : u[i] - u[begin] - level;
        }
        pull_pool(order, length, u + begin, w + begin, g + begin, u_bar + begin, w_bar + begin);
        for (int i = begin; i < begin + length; i++) {
            moment += u_bar[i] * (u[i] - u[begin]);
        }
    }
    return moment;
}

/* s in ascending order; descending order is the same backwards. */
static void define_projected_values(const struct order *order, const struct squashed *squashed, const wide *s,
                                    const wide *g, wide *y, wide *s_bar, wide *x_bar, wide *dsoftness) {
    const int n = order->n;
    wide u[LONGEST] = {0}, w[LONGEST] = {0}, backwards[LONGEST] = {0}, out[LONGEST], u_bar[LONGEST], w_bar[LONGEST];
    wide mean_bar = 0, deviation_bar = 0;
    for (int k = 0; k < n; k++) {
        u[k] = n > 1 ? (n - 1 - k) / ((n - 1) * (wide)order->softness) : 0;
        w[k] = s[n - 1 - k];
        backwards[k] = 0;
    }
    project(order, u, w, backwards, out, u_bar, w_bar);
    for (int k = 0; k < n; k++) {
        wide value = out[n - 1 - k], slope = 1;
        if (has(order, SOFTGRAD_STANDARDIZE)) {
            wide logit = logl(value / (1 - value));
            slope = squashed->deviation / (value * (1 - value));
            mean_bar += g[k];
            deviation_bar += g[k] * logit;
            value = squashed->mean + squashed->deviation * logit;
        }
        y[k] = value;
        backwards[n - 1 - k] = g[k] * slope;
    }
    *dsoftness -= project(order, u, w, backwards, out, u_bar, w_bar) / order->softness;
    for (int k = 0; k < n; k++) {
        s_bar[n - 1 - k] = w_bar[k];
    }
    for (int i = 0; i < n && has(order, SOFTGRAD_STANDARDIZE); i++) {
        x_bar[i] += mean_bar / n + deviation_bar * squashed->centred[i] / (n * squashed->deviation);
    }
}

static void define_projected_ranks(const struct order *order, const wide *s, const wide *g, wide *y, wide *s_bar,
                                   wide *dsoftness) {
    const int n = order->n, ascending = !has(order, SOFTGRAD_DESCENDING);
    if (n == 1) {
        y[0] = 1;
        s_bar[0] = 0;
        return;
    }
    wide u[LONGEST] = {0}, w[LONGEST] = {0}, backwards[LONGEST] = {0}, out[LONGEST], u_bar[LONGEST], w_bar[LONGEST];
    for (int k = 0; k < n; k++) {
        int at = ascending ? n - 1 - k : k;
        u[k] = (ascending ? s[at] - s[n / 2] : s[n / 2] - s[at]) / order->softness;
        w[k] = (n - k) / (wide)(n - 1);
        backwards[k] = g[at] * (n - 1);
    }
    *dsoftness -= project(order, u, w, backwards, out, u_bar, w_bar) / order->softness;
    for (int k = 0; k < n; k++) {
        int at = ascending ? n - 1 - k : k;
        y[at] = out[k] * (n - 1);
        s_bar[at] = (ascending ? u_bar[k] : -u_bar[k]) / order->softness;
    }
}

/* --- a row -------------------------------------------------------------------------------------------------------- */

/* A row and its cotangents in ascending order. */
struct sorted_row {
    int places[LONGEST];
    wide s[LONGEST], v[LONGEST], g[LONGEST], y[LONGEST], s_bar[LONGEST], v_bar[LONGEST];
};

/* Where the k-th smallest stands in a result of values, or -1. */
static int place_asked_for(const struct order *order, int k) {
    int place = (has(order, SOFTGRAD_DESCENDING) ? order->n - 1 - k : k) - order->first;
    return place >= 0 && place < order->count ? place : -1;
}

static void define_sorted(const struct order *order, const struct squashed *squashed, struct sorted_row *row,
                          struct definition *out) {
    int ranks = has(order, SOFTGRAD_RANK);
    if (order->method == SOFTGRAD_FAST_SOFT_SORT && ranks) {
        define_projected_ranks(order, row->s, row->g, row->y, row->s_bar, &out->dsoftness);
    } else if (order->method == SOFTGRAD_FAST_SOFT_SORT) {
        define_projected_values(order, squashed, row->s, row->g, row->y, row->s_bar, out->dx, &out->dsoftness);
    } else if (!ranks) {
        define_values(order, row->s, row->v, row->g, row->y, row->v_bar, row->s_bar, &out->dsoftness);
    } else if (order->method == SOFTGRAD_SOFT_SORT) {
        define_soft_sort_ranks(order, row->s, row->g, row->y, row->s_bar, &out->dsoftness);
    } else {
        define_neural_sort_ranks(order, row->s, row->g, row->y, row->s_bar, &out->dsoftness);
    }
}

static void define(const struct order *order, const wide *x, const wide *g, struct definition *out) {
    static struct squashed squashed;
    static struct sorted_row row;
    const int standardized = has(order, SOFTGRAD_STANDARDIZE), ranks = has(order, SOFTGRAD_RANK);
    wide s_bar[LONGEST];
    memset(out, 0, sizeof *out);
    memset(&row, 0, sizeof row);
    squash(order->n, x, &squashed);
    argsort(order, x, row.places);
    for (int k = 0; k < order->n; k++) {
        int at = row.places[k], place = place_asked_for(order, k);
        row.v[k] = x[at];
        row.s[k] = standardized ? squashed.s[at] : x[at];
        row.g[k] = ranks ? g[at] : place >= 0 ? g[place] : 0;
    }
    define_sorted(order, &squashed, &row, out);
    for (int k = 0; k < order->n; k++) {
        int at = row.places[k], place = ranks ? at : place_asked_for(order, k);
        if (place >= 0) {
            out->y[place] = row.y[k];
        }
        out->dx[at] += row.v_bar[k] + (standardized ? 0 : row.s_bar[k]);
        s_bar[at] = row.s_bar[k];
    }
    if (standardized) {
        add_squash_pull(order->n, &squashed, s_bar, out->dx);
    }
}

#endif
