/*
 * The soft orders as their definitions read, in long double: O(n^2), every projection by bisection, no row sorted but
 * to find places.
 */
#ifndef SOFTGRAD_ORDER_DEFINITION_H
#define SOFTGRAD_ORDER_DEFINITION_H

#include "check.h"

enum { WIDEST = 200 };

struct definition {
    int method;
    int regularizer;
    int options;
    int n;
    int first;
    int count;
};

typedef long double Number;

static inline Number power_of(Number t, int exponent) {
    return exponent == 1 ? t : exponent == 2 ? t * fabsl(t) : t * t * t;
}

/* z is overwritten by its projection onto the simplex. */
static inline void project_onto_simplex(int regularizer, int n, Number *z) {
    Number largest = z[0], sum = 0;
    for (int i = 1; i < n; i++) {
        largest = fmaxl(largest, z[i]);
    }
    Number low = largest - 1, high = largest;
    for (int step = 0; step < 80 && regularizer != SOFTGRAD_ENTROPY; step++) {
        Number middle = (low + high) / 2, mass = 0;
        for (int i = 0; i < n; i++) {
            mass += power_of(fmaxl(z[i] - middle, 0), regularizer);
        }
        *(mass > 1 ? &low : &high) = middle;
    }
    for (int i = 0; i < n; i++) {
        z[i] = regularizer == SOFTGRAD_ENTROPY ? expl(z[i] - largest) : power_of(fmaxl(z[i] - low, 0), regularizer);
        sum += z[i];
    }
    for (int i = 0; i < n; i++) {
        z[i] /= sum;
    }
}

/* --- standardized rows ------------------------------------------------------------------------------------------- */

struct moments {
    Number mean;
    Number deviation;
};

static inline struct moments moments_of(int n, const Number *x) {
    Number mean = 0, variance = 0;
    for (int i = 0; i < n; i++) {
        mean += (x[i] - x[0]) / n;
    }
    mean += x[0];
    for (int i = 0; i < n; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / n;
    }
    return (struct moments){mean, sqrtl(variance + 1e-6L)};
}

static inline void positions_of(const struct definition *of, const Number *x, Number *s) {
    struct moments moments = moments_of(of->n, x);
    for (int i = 0; i < of->n; i++) {
        s[i] = of->options & SOFTGRAD_STANDARDIZE ? 1 / (1 + expl((moments.mean - x[i]) / moments.deviation)) : x[i];
    }
}

static inline Number unsquashed(Number y, struct moments moments) {
    Number inside = fminl(fmaxl(y, 1e-10L), 1 - 1e-10L);
    return moments.mean + moments.deviation * logl(inside / (1 - inside));
}

/* order[k]: where the k-th smallest is, the first of equals first. */
static inline void places_of(int n, const Number *x, int *order) {
    for (int i = 0; i < n; i++) {
        int place = 0;
        for (int j = 0; j < n; j++) {
            place += x[j] < x[i] || (x[j] == x[i] && j < i);
        }
        order[place] = i;
    }
}

/* --- scores ------------------------------------------------------------------------------------------------------ */

static inline Number soft_distance(int regularizer, Number d, Number softness) {
    Number u = d / softness, v = fmaxl(fminl(u / 5, 1), -1);
    switch (regularizer) {
        case SOFTGRAD_ENTROPY: return d * tanhl(u / 2);
        case SOFTGRAD_SQUARED_EUCLIDEAN: return d * v;
        case SOFTGRAD_NORM_3_2: return d * (3 * v - v * v * v) / 2;
        default: return d * (15 * v - 10 * v * v * v + 3 * v * v * v * v * v) / 8;
    }
}

static inline void distances_of(const struct definition *of, const Number *s, Number softness, Number *distances) {
    for (int j = 0; j < of->n && of->method == SOFTGRAD_NEURAL_SORT; j++) {
        distances[j] = 0;
        for (int i = 0; i < of->n; i++) {
            distances[j] += soft_distance(of->regularizer, s[j] - s[i], softness);
        }
    }
}

/* The row of P for the k-th place of the ascending order, k from 0, over all elements; but for ranks of SoftSort the
   row of the element there, over all places. */
static inline void row_of_place(const struct definition *of, const Number *s, const Number *distances,
                                const int *order, int k, Number softness, Number *row) {
    int n = of->n;
    for (int j = 0; j < n; j++) {
        if (of->method == SOFTGRAD_SOFT_SORT) {
            int other = of->options & SOFTGRAD_RANK ? order[j] : j;
            row[j] = -fabsl(s[order[k]] - s[other]) / softness;
            continue;
        }
        row[j] = ((2 * k + 1 - n) * (s[j] - s[0]) - distances[j]) / softness;
    }
    project_onto_simplex(of->regularizer, n, row);
}

static inline void values_by_scores(const struct definition *of, const Number *x, const Number *s, Number softness,
                                    Number *y) {
    int order[WIDEST], n = of->n;
    Number row[WIDEST], distances[WIDEST];
    places_of(n, x, order);
    distances_of(of, s, softness, distances);
    for (int i = 0; i < of->count; i++) {
        int place = of->first + i;
        row_of_place(of, s, distances, order, of->options & SOFTGRAD_DESCENDING ? n - 1 - place : place, softness, row);
        y[i] = 0;
        for (int j = 0; j < n; j++) {
            y[i] += row[j] * (x[j] - x[0]);
        }
        y[i] += x[0];
    }
}

static inline void ranks_by_scores(const struct definition *of, const Number *x, const Number *s, Number softness,
                                   Number *y) {
    int order[WIDEST], n = of->n;
    Number row[WIDEST], distances[WIDEST], masses[WIDEST] = {0}, sums[WIDEST] = {0};
    places_of(n, x, order);
    distances_of(of, s, softness, distances);
    for (int k = 0; k < n; k++) {
        row_of_place(of, s, distances, order, k, softness, row);
        for (int j = 0; j < n; j++) {
            int soft = of->method == SOFTGRAD_SOFT_SORT, place = soft ? j : k, element = soft ? order[k] : j;
            masses[element] += row[j];
            sums[element] += row[j] * (of->options & SOFTGRAD_DESCENDING ? n - place : place + 1);
        }
    }
    for (int i = 0; i < n; i++) {
        y[i] = sums[i] / fmaxl(masses[i], 1e-10L);
    }
}

/* --- permutahedra ------------------------------------------------------------------------------------------------ */

/* The level at which a pool has the sum of its w, from u = (z - z[0]) / softness. */
static inline Number level_of(int regularizer, int n, const Number *z, Number softness, const Number *w) {
    Number of_u = 0, of_w = 0, low = -1e8L, high = 1e8L;
    if (regularizer == SOFTGRAD_ENTROPY) {
        for (int i = 0; i < n; i++) {
            of_u += expl((z[i] - z[0]) / softness);
            of_w += expl(w[i] - w[0]);
        }
        return logl(of_u / of_w) - w[0];
    }
    for (int step = 0; step < 110; step++) {
        Number middle = (low + high) / 2, surplus = 0;
        for (int i = 0; i < n; i++) {
            surplus += power_of((z[i] - z[0]) / softness - middle, regularizer) - w[i];
        }
        *(surplus > 0 ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* z and w in descending order. */
static inline void project_onto_permutahedron(int regularizer, int n, const Number *z, Number softness, const Number *w,
                                              Number *y) {
    int begins[WIDEST + 1], pools = 0;
    Number levels[WIDEST];
    for (int i = 0; i < n; i++) {
        begins[pools] = i;
        levels[pools] = level_of(regularizer, 1, z + i, softness, w + i);
        while (pools > 0 && levels[pools - 1] - levels[pools] < (z[begins[pools]] - z[begins[pools - 1]]) / softness) {
            int begin = begins[--pools];
            levels[pools] = level_of(regularizer, i + 1 - begin, z + begin, softness, w + begin);
        }
        begins[++pools] = i + 1;
    }
    for (int pool = 0; pool < pools; pool++) {
        for (int i = begins[pool]; i < begins[pool + 1]; i++) {
            Number t = (z[i] - z[begins[pool]]) / softness - levels[pool];
            y[i] = begins[pool + 1] - begins[pool] == 1 ? w[i] : regularizer == SOFTGRAD_ENTROPY ? t
                                                                       : power_of(t, regularizer);
        }
    }
}

static inline void order_by_projection(const struct definition *of, const Number *x, const Number *s, Number softness,
                                       Number *y) {
    int order[WIDEST], n = of->n, is_rank = (of->options & SOFTGRAD_RANK) != 0;
    int descending = (of->options & SOFTGRAD_DESCENDING) != 0;
    Number steps = n > 1 ? n - 1 : 1, keys[WIDEST], sorted[WIDEST], even[WIDEST], projected[WIDEST];
    for (int i = 0; i < n; i++) {
        keys[i] = is_rank && descending ? s[i] : -s[i];
    }
    places_of(n, keys, order);
    for (int k = 0; k < n; k++) {
        sorted[k] = -keys[order[k]];
        even[k] = (n - 1 - k + is_rank) / steps;
    }
    project_onto_permutahedron(of->regularizer, n, is_rank ? sorted : even, softness, is_rank ? even : sorted,
                               projected);
    struct moments moments = moments_of(n, x);
    for (int i = 0; i < of->count; i++) {
        int place = of->first + i;
        Number value = projected[descending ? place : n - 1 - place];
        if (is_rank) {
            y[order[i]] = projected[i] * steps;
        } else {
            y[i] = of->options & SOFTGRAD_STANDARDIZE ? unsquashed(value, moments) : value;
        }
    }
}

/* --- all --------------------------------------------------------------------------------------------------------- */

/* `weighing` is the row that the weights of values come from, which differs from x where they are held fixed. */
static inline void order_by_definition(const struct definition *of, const Number *x, const Number *weighing,
                                       Number softness, Number *y) {
    Number s[WIDEST];
    int is_rank = (of->options & SOFTGRAD_RANK) != 0;
    positions_of(of, of->method == SOFTGRAD_FAST_SOFT_SORT || is_rank ? x : weighing, s);
    if (of->method == SOFTGRAD_FAST_SOFT_SORT) {
        order_by_projection(of, x, s, softness, y);
    } else if (is_rank) {
        ranks_by_scores(of, x, s, softness, y);
    } else {
        values_by_scores(of, x, s, softness, y);
    }
}

#endif
