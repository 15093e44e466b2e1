/* The matrices of SoftSort and NeuralSort and their products by their definitions, in long double. */
#ifndef SOFTGRAD_ORDER_INDEX_DEFINITION_H
#define SOFTGRAD_ORDER_INDEX_DEFINITION_H

#include <math.h>
#include <string.h>

#include "softgrad.h"

enum { LARGEST = 300 };

struct problem {
    int method, regularizer, options, n, first, count;
    double softness;
    double s[LARGEST];
    int order[LARGEST];
};

static int place_of(const struct problem *problem, int row) {
    int place = problem->first + row;
    return problem->options & SOFTGRAD_DESCENDING ? problem->n - 1 - place : place;
}

/* The soft absolute value, and its derivative. */
static long double distance(const struct problem *problem, long double d, long double *slope) {
    long double softness = problem->softness, u = d / (5 * softness), v = u * u;
    if (problem->regularizer == SOFTGRAD_ENTROPY) {
        long double t = tanhl(d / (2 * softness));
        *slope = t + d / (2 * softness) * (1 - t * t);
        return d * t;
    }
    if (fabsl(u) >= 1) {
        *slope = d < 0 ? -1 : 1;
        return fabsl(d);
    }
    switch (problem->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: *slope = 2 * u; return 5 * softness * v;
        case SOFTGRAD_NORM_3_2: *slope = u * (3 - 2 * v); return 5 * softness * v * (1.5L - 0.5L * v);
        default:
            *slope = u * (30 - 40 * v + 18 * v * v) / 8;
            return 5 * softness * v * (15 - 10 * v + 3 * v * v) / 8;
    }
}

static long double sums[LARGEST], slopes[LARGEST]; /* of the soft distances, for NeuralSort */

static void find_sums(const struct problem *problem) {
    for (int j = 0; j < problem->n; j++) {
        sums[j] = slopes[j] = 0;
        for (int k = 0; k < problem->n; k++) {
            long double slope;
            sums[j] += distance(problem, (long double)problem->s[j] - problem->s[k], &slope);
            slopes[j] += slope;
        }
    }
}

static long double score(const struct problem *problem, int place, int j) {
    if (problem->method == SOFTGRAD_SOFT_SORT) {
        return -fabsl((long double)problem->s[problem->order[place]] - problem->s[j]) / problem->softness;
    }
    long double centred = (long double)problem->s[j] - problem->s[0];
    return -((problem->n - 1 - 2 * place) * centred + sums[j]) / problem->softness;
}

static long double power(long double base, int exponent) {
    return base <= 0 ? 0 : exponent == 0 ? 1 : base * power(base, exponent - 1);
}

static void project(const struct problem *problem, int place, long double *p) {
    int n = problem->n, exponent = problem->regularizer;
    long double largest = -INFINITY, h = 1, total = 0;
    for (int j = 0; j < n; j++) {
        p[j] = score(problem, place, j);
        largest = fmaxl(largest, p[j]);
    }
    for (int j = 0; j < n; j++) {
        p[j] -= largest;
        total += exponent ? 0 : expl(p[j]);
    }
    for (int step = 0; exponent && step < 200; step++) {
        long double sum = 0, slope = 0;
        for (int j = 0; j < n; j++) {
            sum += p[j] > -h ? power(h + p[j], exponent) : 0;
            slope += p[j] > -h ? exponent * (exponent == 1 ? 1 : power(h + p[j], exponent - 1)) : 0;
        }
        if (sum - 1 <= 1e-19L) {
            break;
        }
        h -= (sum - 1) / slope;
    }
    for (int j = 0; j < n; j++) {
        p[j] = exponent ? power(h + p[j], exponent) : expl(p[j]) / total;
    }
}

struct cotangents {
    long double s[LARGEST], softness;
    long double size[LARGEST], softness_size; /* the sums of the absolute values of what was added */
};

static void add(long double *sum, long double *size, long double term) {
    *sum += term;
    *size += fabsl(term);
}

/* The cotangents of the scores of one row of the matrix over the softness, from p as it was found. */
static void pull_projection(const struct problem *problem, const double *p, const double *g, long double *pulled) {
    static const long double exponents[] = {1, 0, 0.5L, 2 / 3.0L}, factors[] = {1, 1, 2, 3};
    long double weights = 0, mean = 0;
    int heaviest = 0;
    for (int j = 0; j < problem->n; j++) {
        heaviest = p[j] > p[heaviest] ? j : heaviest;
        pulled[j] = p[j] > 0 ? factors[problem->regularizer] * powl(p[j], exponents[problem->regularizer]) : 0;
        weights += pulled[j];
    }
    for (int j = 0; j < problem->n; j++) {
        mean += pulled[j] * ((long double)g[j] - g[heaviest]);
    }
    for (int j = 0; j < problem->n; j++) {
        pulled[j] *= (((long double)g[j] - g[heaviest]) - mean / weights) / problem->softness;
    }
}

static void pull_soft_sort(const struct problem *problem, int place, const long double *pulled,
                           struct cotangents *bar) {
    for (int other = 0; other < problem->n; other++) {
        int j = problem->order[other], own = problem->order[place], sign = (place > other) - (place < other);
        add(bar->s + j, bar->size + j, sign * pulled[j]);
        add(bar->s + own, bar->size + own, -sign * pulled[j]);
        long double away = fabsl((long double)problem->s[own] - problem->s[j]);
        add(&bar->softness, &bar->softness_size, pulled[j] * away / problem->softness);
    }
}

static void pull_neural_sort(const struct problem *problem, int place, const long double *pulled,
                             struct cotangents *bar, long double *sums_bar) {
    for (int j = 0; j < problem->n; j++) {
        int factor = problem->n - 1 - 2 * place;
        add(bar->s + j, bar->size + j, -factor * pulled[j]);
        sums_bar[j] -= pulled[j];
        add(&bar->softness, &bar->softness_size, -score(problem, place, j) * pulled[j]);
    }
}

/* A soft distance is homogeneous in d and softness together. */
static void pull_sums(const struct problem *problem, const long double *sums_bar, struct cotangents *bar) {
    for (int j = 0; j < problem->n; j++) {
        for (int k = 0; k < problem->n; k++) {
            long double d = (long double)problem->s[j] - problem->s[k], slope;
            long double value = distance(problem, d, &slope);
            add(bar->s + j, bar->size + j, slope * sums_bar[j]);
            add(bar->s + k, bar->size + k, -slope * sums_bar[j]);
            add(&bar->softness, &bar->softness_size, (value - d * slope) / problem->softness * sums_bar[j]);
        }
    }
}

static void pull_definition(const struct problem *problem, const double *p, const double *g, struct cotangents *bar) {
    static long double pulled[LARGEST], sums_bar[LARGEST];
    memset(bar, 0, sizeof *bar);
    memset(sums_bar, 0, sizeof sums_bar);
    for (int row = 0; row < problem->count; row++) {
        int place = place_of(problem, row);
        pull_projection(problem, p + row * problem->n, g + row * problem->n, pulled);
        if (problem->method == SOFTGRAD_SOFT_SORT) {
            pull_soft_sort(problem, place, pulled, bar);
        } else {
            pull_neural_sort(problem, place, pulled, bar, sums_bar);
        }
    }
    if (problem->method == SOFTGRAD_NEURAL_SORT) {
        pull_sums(problem, sums_bar, bar);
    }
}

#endif
