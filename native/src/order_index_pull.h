/*
 * The product of a row's matrix: with weights W of p, the cotangent of the scores in a row of the matrix is
 * W (g - m) / softness, m = <W, g> / <W, 1> (see simplex.c). What depends on the place of an element or of a row is
 * added up over the rows, in the order of x.
 */
#ifndef SOFTGRAD_ORDER_INDEX_PULL_H
#define SOFTGRAD_ORDER_INDEX_PULL_H

#include "order_index_rows.h"

/*
 * A row of weights and g, and what is taken off g, in two steps: what is common to it, then the mean of what that left.
 * The next rows are called for while these, which are near, are used.
 */
struct centred {
    const double *weights, *g, *next_p, *next_g;
    double shift, rest;
};

INLINE Vector weight_of(int regularizer, Vector p) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: return select((Mask)(p > 0), broadcast(1.0), p);
        case SOFTGRAD_NORM_3_2: return square_root(p);
        case SOFTGRAD_NORM_4_3: return two_thirds_power(p);
        default: return p;
    }
}

INLINE double weight_factor(int regularizer) {
    return regularizer == SOFTGRAD_NORM_3_2 ? 2.0 : regularizer == SOFTGRAD_NORM_4_3 ? 3.0 : 1.0;
}

#define LARGE_SHARE 0.25 /* of a row's sum, in one element */
enum { MEAN_UNROLL = 4, ROWS_TOGETHER = 2 }; /* independent sums hide the latency of additions */

/* The sums <W, g - shift> and <W, 1>; W is stored where it is not p itself. */
struct weighted_sums {
    Vector products, weights;
};

INLINE void add_weighted(int regularizer, Vector p, Vector g, double shift, struct weighted_sums *sums,
                         double *weights) {
    Vector weight = weight_of(regularizer, p);
    sums->products += weight * (g - shift);
    sums->weights += weight;
    if (regularizer != SOFTGRAD_ENTROPY) {
        store_f64(weights, weight);
    }
}

INLINE double weighted_mean_of(int regularizer, softgrad_count n, const double *p, const double *g, double shift,
                               double *weights) {
    struct weighted_sums sums[MEAN_UNROLL] = {{{0}, {0}}};
    softgrad_count j = 0;
    for (; j + MEAN_UNROLL * LANES <= n; j += MEAN_UNROLL * LANES) {
        for (int k = 0; k < MEAN_UNROLL; k++) {
            softgrad_count at = j + k * LANES;
            add_weighted(regularizer, load_f64(p + at), load_f64(g + at), shift, sums + k, weights + at);
        }
    }
    for (; j < n; j += LANES) {
        add_weighted(regularizer, load_up_to(p + j, n - j, 0), load_up_to(g + j, n - j, shift), shift, sums,
                     weights + j);
    }
    Vector products = (sums[0].products + sums[1].products) + (sums[2].products + sums[3].products);
    Vector total = (sums[0].weights + sums[1].weights) + (sums[2].weights + sums[3].weights);
    return sum_of_lanes(products) / sum_of_lanes(total);
}

/*
 * Where one element has most of the weight, g - m is small there, and exact if its g is the shift. Elsewhere the mean
 * of the row before leaves little to be rounded if all of g are alike.
 */
INLINE struct centred centred_row(int regularizer, const struct index_matrix *matrix, int own, const double *p,
                                  const double *g, softgrad_count next, const struct centred *before,
                                  double *weights) {
    double shift = p[own] > LARGE_SHARE ? g[own] : before->shift + before->rest;
    struct centred row = {p, g, p + next, g + next, shift, 0};
    row.weights = regularizer == SOFTGRAD_ENTROPY ? row.weights : weights;
    row.rest = weighted_mean_of(regularizer, matrix->n, p, g, shift, weights);
    return row;
}

/* From the row of a place to the one after the next, where it is worth calling for: rows of float come by buffers. */
INLINE softgrad_count way_to_next(const struct index_matrix *matrix, softgrad_count place) {
    int is_there = !matrix->is_float && place + ROWS_TOGETHER < matrix->high;
    return is_there ? offset_of(matrix, place + ROWS_TOGETHER) - offset_of(matrix, place) : 0;
}

/* The rows of two places, or of one. weights: `together` (n + ORDER_PADDING) */
INLINE void centre_rows(int together, int regularizer, const struct index_matrix *matrix, softgrad_count place,
                        const int *order, const void *p, const void *g, double *weights, struct centred *rows) {
    for (int k = 0; k < together; k++) {
        softgrad_count at = offset_of(matrix, place + k);
        rows[k] = centred_row(regularizer, matrix, order[place + k], read_row(matrix, p, at, 2 * k),
                              read_row(matrix, g, at, 2 * k + 1), way_to_next(matrix, place + k), rows + !k,
                              weights + k * (matrix->n + ORDER_PADDING));
    }
}

/* W (g - m) at j and after, where `count` elements are left. */
INLINE Vector centred_at(const struct centred *row, softgrad_count j, softgrad_count count) {
    __builtin_prefetch(row->next_p + j);
    __builtin_prefetch(row->next_g + j);
    return load_up_to(row->weights + j, count, 0) * ((load_up_to(row->g + j, count, 0) - row->shift) - row->rest);
}

/* What SoftSort adds up: for each element, and over the elements for each of some rows. */
struct distance_sums {
    const double *s, *places;
    double *bar;
    Vector totals[ROWS_TOGETHER], moments[ROWS_TOGETHER];
};

INLINE void add_distances(int together, const struct centred *rows, const double *anchors, double place,
                          softgrad_count j, softgrad_count count, struct distance_sums *sums) {
    Vector bar = load_f64(sums->bar + j), places = load_f64(sums->places + j), s = load_up_to(sums->s + j, count, 0);
    for (int k = 0; k < together; k++) {
        Mask negative = (Mask)(places > place + k) & (Mask)broadcast(-0.0);
        Vector part = (Vector)((Mask)centred_at(rows + k, j, count) ^ negative);
        bar += part;
        sums->totals[k] += part;
        sums->moments[k] += part * (s - anchors[k]);
    }
    store_f64(sums->bar + j, bar);
}

/*
 * SoftSort: the score -|s_i - s_j| is (s_j - s_i) sign(i - j) with places in sorted order, which has a derivative
 * between tied elements too. bar receives the sums of W (g - m) sign(i - j), for the element of the place j and, with
 * the other sign, of the place i; the element itself, which the loop adds, is taken off. Returns the sum of the scores
 * times W (g - m). `places` is the inverse of `order`.
 */
INLINE double add_distance_rows(int together, const struct index_row *given, const struct centred *rows,
                                const double *places, softgrad_count place, double *bar) {
    struct distance_sums sums = {given->s, places, bar, {{0}}, {{0}}};
    softgrad_count n = given->n, j = 0;
    double anchors[ROWS_TOGETHER], moment = 0;
    for (int k = 0; k < together; k++) {
        anchors[k] = given->s[given->order[place + k]];
    }
    for (; j + LANES <= n; j += LANES) {
        add_distances(together, rows, anchors, (double)place, j, LANES, &sums);
    }
    if (j < n) {
        add_distances(together, rows, anchors, (double)place, j, n - j, &sums);
    }
    for (int k = 0; k < together; k++) {
        int own = given->order[place + k];
        double self = rows[k].weights[own] * ((rows[k].g[own] - rows[k].shift) - rows[k].rest);
        bar[own] -= self + (sum_of_lanes(sums.totals[k]) - self);
        moment += sum_of_lanes(sums.moments[k]);
    }
    return moment;
}

/* Returns the sum of scores times cotangents. scratch: 3 (n + ORDER_PADDING); bar has padding, and is zero. */
INLINE double distance_pull(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                            const void *p, const void *g, double *bar, double *scratch) {
    softgrad_count place = matrix->low;
    double *places = scratch, *weights = places + given->n + ORDER_PADDING, moment = 0;
    struct centred rows[ROWS_TOGETHER] = {{0}};
    for (softgrad_count k = 0; k < given->n; k++) {
        places[given->order[k]] = (double)k;
    }
    for (int k = 0; k < ORDER_PADDING; k++) {
        places[given->n + k] = 0; /* of no matter, but read with the last elements */
    }
    for (; place + 2 <= matrix->high; place += 2) {
        centre_rows(2, regularizer, matrix, place, given->order, p, g, weights, rows);
        moment += add_distance_rows(2, given, rows, places, place, bar);
    }
    if (place < matrix->high) {
        centre_rows(1, regularizer, matrix, place, given->order, p, g, weights, rows);
        moment += add_distance_rows(1, given, rows, places, place, bar);
    }
    return moment;
}

/* What NeuralSort adds up, for each element. */
struct cost_sums {
    const double *slopes;
    double *sums, *bar;
};

INLINE void add_costs(int together, const struct centred *rows, double slope, softgrad_count j, softgrad_count count,
                      const struct cost_sums *to) {
    Vector sums = load_f64(to->sums + j), bar = load_f64(to->bar + j);
    Vector slopes = slope + load_up_to(to->slopes + j, count, 0);
    for (int k = 0; k < together; k++) {
        Vector part = centred_at(rows + k, j, count);
        sums += part;
        bar += (slopes - 2.0 * k) * part;
    }
    store_f64(to->sums + j, sums);
    store_f64(to->bar + j, bar);
}

/* NeuralSort: adds W (g - m) to the sums, and times c_i + A'_j to bar, where the two nearly cancel. */
INLINE void add_cost_rows(int together, softgrad_count n, const struct centred *rows, softgrad_count place,
                          const struct cost_sums *to) {
    double slope = (double)(n - 1 - 2 * place);
    softgrad_count j = 0;
    for (; j + LANES <= n; j += LANES) {
        add_costs(together, rows, slope, j, LANES, to);
    }
    if (j < n) {
        add_costs(together, rows, slope, j, n - j, to);
    }
}

/* weights: 2 (n + ORDER_PADDING); sums and bar have padding, and are zero. */
INLINE void cost_pull(int regularizer, const struct index_matrix *matrix, const int *order, const void *p,
                      const void *g, struct cost_sums to, double *weights) {
    softgrad_count place = matrix->low;
    struct centred rows[ROWS_TOGETHER] = {{0}};
    for (; place + 2 <= matrix->high; place += 2) {
        centre_rows(2, regularizer, matrix, place, order, p, g, weights, rows);
        add_cost_rows(2, matrix->n, rows, place, &to);
    }
    if (place < matrix->high) {
        centre_rows(1, regularizer, matrix, place, order, p, g, weights, rows);
        add_cost_rows(1, matrix->n, rows, place, &to);
    }
}

#endif
