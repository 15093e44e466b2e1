/* NeuralSort as it is defined, in long double and with double loops, for ascending rows whose values are the points. */
#ifndef SOFTGRAD_NEURAL_SORT_DEFINITION_H
#define SOFTGRAD_NEURAL_SORT_DEFINITION_H

#include <math.h>

#include "softgrad.h"

enum { LARGEST = 300 };

/* Everything about one row; p is in units of the softness. */
struct definition {
    int regularizer, n, first, count;
    long double softness;
    long double p[LARGEST], values[LARGEST], distances[LARGEST], slopes[LARGEST];
    long double weights[LARGEST][LARGEST];     /* P, by rows */
    long double derivatives[LARGEST][LARGEST]; /* W = dP / dz but for the shift of the level */
    long double result[LARGEST], mass[LARGEST];
    long double value_cotangent[LARGEST], point_cotangent[LARGEST], softness_cotangent;
    long double cotangent_size, softness_size; /* what rounding errors of the cotangents are relative to */
    long double scores;                        /* the size of the scores */
    int at_a_jump;                             /* a derivative jumps here */
};

static long double slope_of_distance(const struct definition *a, long double d, long double *distance) {
    long double size = fabsl(d), u = fminl(size / 5, 1), step, slope;
    switch (a->regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: step = u; slope = u < 1 ? u : 0; break;
        case SOFTGRAD_NORM_3_2: step = u * (3 - u * u) / 2; slope = 1.5L * u * (1 - u * u); break;
        case SOFTGRAD_NORM_4_3:
            step = u * (15 - 10 * u * u + 3 * u * u * u * u) / 8;
            slope = 15 * u * (1 - u * u) * (1 - u * u) / 8;
            break;
        default: step = tanhl(size / 2); slope = size * 2 * expl(-size) / ((1 + expl(-size)) * (1 + expl(-size)));
    }
    *distance = size * step;
    return d < 0 ? -(step + slope) : d > 0 ? step + slope : 0;
}

static void define_distances(struct definition *a) {
    for (int k = 0; k < a->n; k++) {
        a->distances[k] = a->slopes[k] = 0;
        for (int j = 0; j < a->n; j++) {
            long double distance, d = a->p[k] - a->p[j];
            a->slopes[k] += slope_of_distance(a, d, &distance);
            a->distances[k] += distance;
            a->at_a_jump |= a->regularizer == SOFTGRAD_SQUARED_EUCLIDEAN && fabsl(fabsl(d) - 5) < 1e-9L;
        }
    }
}

static long double power_of(const struct definition *a, long double excess) {
    long double product = excess;
    for (int factor = 1; factor < a->regularizer; factor++) {
        product *= excess;
    }
    return product;
}

static void define_weights(struct definition *a, const long double *z, long double *weights, long double *derivatives) {
    long double low = -1, high = 0, mass = 0;
    for (int step = 0; a->regularizer != SOFTGRAD_ENTROPY && step < 66; step++) {
        long double level = (low + high) / 2, sum = 0;
        for (int k = 0; k < a->n; k++) {
            sum += z[k] > level ? power_of(a, z[k] - level) : 0;
        }
        *(sum > 1 ? &low : &high) = level;
    }
    for (int k = 0; k < a->n; k++) {
        long double excess = fmaxl(0, z[k] - low);
        a->at_a_jump |= a->regularizer == SOFTGRAD_SQUARED_EUCLIDEAN && fabsl(z[k] - low) < 1e-9L;
        weights[k] = a->regularizer == SOFTGRAD_ENTROPY ? expl(z[k]) : power_of(a, excess);
        derivatives[k] = a->regularizer == SOFTGRAD_ENTROPY ? weights[k]
                         : excess > 0 ? a->regularizer * weights[k] / excess : 0;
        mass += weights[k];
    }
    for (int k = 0; k < a->n; k++) {
        weights[k] /= mass;
        derivatives[k] /= a->regularizer == SOFTGRAD_ENTROPY ? mass : 1;
    }
}

static void define_rows(struct definition *a) {
    static long double z[LARGEST];
    a->scores = 1;
    for (int i = a->first; i < a->first + a->count; i++) {
        long double highest = -INFINITY;
        for (int k = 0; k < a->n; k++) {
            z[k] = -((a->n - 1 - 2 * i) * a->p[k] + a->distances[k]);
            highest = fmaxl(highest, z[k]);
            a->scores = fmaxl(a->scores, fabsl((a->n - 1 - 2 * i) * a->p[k]) + a->distances[k]);
        }
        for (int k = 0; k < a->n; k++) {
            z[k] -= highest;
        }
        define_weights(a, z, a->weights[i], a->derivatives[i]);
    }
}

static void define(struct definition *a, int regularizer, int n, int first, int count, const double *x,
                   double softness) {
    *a = (struct definition){.regularizer = regularizer, .n = n, .first = first, .count = count, .softness = softness};
    for (int k = 0; k < n; k++) {
        a->values[k] = x[k];
        a->p[k] = ((long double)x[k] - (x[0] / 2 + x[n - 1] / 2)) / softness;
    }
    define_distances(a);
    define_rows(a);
}

static void define_values(struct definition *a) {
    for (int i = 0; i < a->count; i++) {
        a->result[i] = 0;
        for (int k = 0; k < a->n; k++) {
            a->result[i] += a->weights[a->first + i][k] * a->values[k];
        }
    }
}

static void define_ranks(struct definition *a) {
    for (int k = 0; k < a->n; k++) {
        a->mass[k] = a->result[k] = 0;
        for (int i = 0; i < a->n; i++) {
            a->mass[k] += a->weights[i][k];
            a->result[k] += a->weights[i][k] * (i + 1);
        }
        a->result[k] /= fmaxl(a->mass[k], 1e-10L);
    }
}

/* The cotangent of P_ik, to which any number of the row may be added. */
static long double weight_cotangent(const struct definition *a, int rank, const double *g, int i, int k) {
    if (!rank) {
        return g[i - a->first] * (a->values[k] - a->values[0]);
    }
    return a->mass[k] > 1e-10L ? g[k] * (i + 1 - a->result[k]) / a->mass[k] : g[k] * (i + 1) / 1e-10L;
}

/* What is rounded in the cotangent of a score, relative to the weight: neighbouring rows have one origin. */
static long double rounded_cotangent(const struct definition *a, int rank, const double *g, int k, long double own) {
    return own + (rank ? 8 * fabsl(g[k]) / fmaxl(a->mass[k], 1e-10L) : 0);
}

static void define_cotangents(struct definition *a, int rank, const double *g) {
    static long double plain[LARGEST], plain_size[LARGEST], sloped[LARGEST], size[LARGEST];
    for (int k = 0; k < a->n; k++) {
        plain[k] = plain_size[k] = sloped[k] = size[k] = a->value_cotangent[k] = 0;
    }
    for (int i = a->first; i < a->first + a->count; i++) {
        long double mass = 0, mean = 0;
        for (int k = 0; k < a->n; k++) {
            mass += a->derivatives[i][k];
            mean += a->derivatives[i][k] * weight_cotangent(a, rank, g, i, k);
            a->value_cotangent[k] += rank ? 0 : a->weights[i][k] * g[i - a->first];
        }
        for (int k = 0; k < a->n; k++) {
            long double of_weight = weight_cotangent(a, rank, g, i, k), slope = a->n - 1 - 2 * i + a->slopes[k];
            long double of_score = a->derivatives[i][k] * (of_weight - mean / mass);
            plain[k] += of_score;
            sloped[k] += slope * of_score;
            long double of_score_size =
                a->derivatives[i][k] * rounded_cotangent(a, rank, g, k, fabsl(of_weight) + fabsl(mean / mass));
            plain_size[k] += of_score_size;
            size[k] += (fabsl(slope) + 1) * of_score_size;
        }
    }
    a->softness_cotangent = a->cotangent_size = a->softness_size = 0;
    for (int k = 0; k < a->n; k++) {
        long double sum = -sloped[k], distance;
        for (int j = 0; j < a->n; j++) {
            long double slope = slope_of_distance(a, a->p[k] - a->p[j], &distance);
            sum -= plain[j] * slope;
            size[k] += plain_size[j] * fabsl(slope);
        }
        a->point_cotangent[k] = sum / a->softness;
        a->softness_cotangent -= a->p[k] * a->point_cotangent[k];
        a->cotangent_size = fmaxl(a->cotangent_size, size[k] / a->softness);
        a->softness_size += fabsl(a->p[k]) * size[k] / a->softness;
    }
}

#endif
