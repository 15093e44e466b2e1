/* The vector-Jacobian product of isotonic.c for one row: each pool by itself. */
#ifndef SOFTGRAD_ISOTONIC_PULL_H
#define SOFTGRAD_ISOTONIC_PULL_H

#include "arguments.h"
#include "isotonic_pools.h"

/* |phi^-1(y)|^(a - 1): the derivative of phi without its constant factor. */
INLINE Vector weight_of(Vector y, int a) {
    return a == 1 ? broadcast(1.0) : a == 2 ? square_root(magnitude(y)) : two_thirds_power(magnitude(y));
}

/*
 * The pool's y depends on u through phi'(t_i) (u_i - mean of u under the weights phi'), and on the sum of w alone. g is
 * taken from that of the first element, so a common offset costs nothing. Where every weight is zero, their limit for
 * equal u, which is equal weights, takes their place.
 */
INLINE void pull_few_means(softgrad_count length, double softness, const double *g, double *dz, double *dw) {
    double sum = 0, scale = reciprocal_of(softness);
    for (softgrad_count i = 1; i < length; i++) {
        sum += g[i] - g[0];
    }
    double mean = sum / (double)length;
    for (softgrad_count i = 0; i < length; i++) {
        dz[i] = scale * (g[i] - g[0] - mean);
        dw[i] = g[0] + mean;
    }
}

INLINE void pull_powers(softgrad_count length, const double *y, double softness, const double *g, int a, double *dz,
                        double *dw) {
    if (a == 1 && length <= FEW) {
        pull_few_means(length, softness, g, dz, dw);
        return;
    }
    Vector weights = broadcast(0), products = broadcast(0), plain = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector centred = load_up_to(g + i, length - i, g[0]) - g[0];
        Vector weight = weight_of(load_up_to(y + i, length - i, 0), a);
        weights += weight;
        products += weight * centred;
        plain += centred;
    }
    double weight_sum = a == 1 ? (double)length : sum_of_lanes(weights);
    double mean = weight_sum == 0 ? sum_of_lanes(plain) / (double)length : sum_of_lanes(products) / weight_sum;
    double factor = a * reciprocal_of(softness);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector centred = load_up_to(g + i, length - i, g[0]) - g[0];
        Vector weight = weight_of(load_up_to(y + i, length - i, 0), a);
        store_up_to(dz + i, length - i, factor * weight * (centred - mean));
        store_up_to(dw + i, length - i, broadcast(g[0] + mean));
    }
}

/* As y = u - level, softmax(u) is softmax(y). */
static void pull_masses(softgrad_count length, const double *w, double softness, const double *y, const double *g,
                        double *dz, double *dw) {
    double y_factor = 1 / sum_of_exponentials(length, y, 1, dz);
    double w_factor = 1 / sum_of_exponentials(length, w, 1, dw);
    Vector lanes = broadcast(0);
    for (softgrad_count i = 0; i < length; i += LANES) {
        lanes += load_up_to(g + i, length - i, 0);
    }
    double sum = sum_of_lanes(lanes), scale = reciprocal_of(softness);
    for (softgrad_count i = 0; i < length; i += LANES) {
        Vector share = load_up_to(dz + i, length - i, 0) * y_factor;
        store_up_to(dz + i, length - i, (load_up_to(g + i, length - i, 0) - share * sum) * scale);
        store_up_to(dw + i, length - i, load_up_to(dw + i, length - i, 0) * w_factor * sum);
    }
}

static void pull_pool(int regularizer, softgrad_count length, const double *w, double softness, const double *y,
                      const double *g, double *dz, double *dw) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: pull_powers(length, y, softness, g, 1, dz, dw); break;
        case SOFTGRAD_NORM_3_2: pull_powers(length, y, softness, g, 2, dz, dw); break;
        case SOFTGRAD_NORM_4_3: pull_powers(length, y, softness, g, 3, dz, dw); break;
        default: pull_masses(length, w, softness, y, g, dz, dw);
    }
}

/* As if every element were a pool of its own. */
static void pull_alone(softgrad_count n, const double *y, const double *g, double *dz, double *dw) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector result = load_up_to(y + i, n - i, 0), cotangent = load_up_to(g + i, n - i, 0);
        Vector nan_if_y_is = result - result;
        store_up_to(dz + i, n - i, nan_if_y_is + (cotangent - cotangent));
        store_up_to(dw + i, n - i, nan_if_y_is + cotangent);
    }
}

/* Pools of few elements of the entropy, whose exponentials are taken side by side. */
enum { POOLS_TOGETHER = 16 };

struct few_masses {
    softgrad_count begins[POOLS_TOGETHER], lengths[POOLS_TOGETHER], pools, elements;
    double y[POOLS_TOGETHER * FEW], w[POOLS_TOGETHER * FEW]; /* less those of the first of a pool */
};

INLINE void exponentials_of(softgrad_count n, double *a) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        store_up_to(a + i, n - i, exponential(load_up_to(a + i, n - i, 0)));
    }
}

/* As pull_masses, for all pools that are there; afterwards there are none. */
static void pull_few_masses(struct few_masses *few, double softness, const double *g, double *dz, double *dw) {
    const double scale = reciprocal_of(softness);
    const double *of_y = few->y, *of_w = few->w;
    exponentials_of(few->elements, few->y);
    exponentials_of(few->elements, few->w);
    for (softgrad_count k = 0; k < few->pools; k++) {
        const softgrad_count begin = few->begins[k], length = few->lengths[k];
        double y_sum = 0, w_sum = 0, sum = 0;
        for (softgrad_count i = 0; i < length; i++) {
            y_sum += of_y[i];
            w_sum += of_w[i];
            sum += g[begin + i];
        }
        const double y_factor = sum / y_sum, w_factor = sum / w_sum;
        for (softgrad_count i = 0; i < length; i++) {
            dz[begin + i] = (g[begin + i] - of_y[i] * y_factor) * scale;
            dw[begin + i] = of_w[i] * w_factor;
        }
        of_y += length;
        of_w += length;
    }
    few->pools = few->elements = 0;
}

static void add_few(struct few_masses *few, softgrad_count begin, softgrad_count length, const double *w,
                    const double *y) {
    for (softgrad_count i = 0; i < length; i++) {
        few->y[few->elements + i] = y[begin + i] - y[begin];
        few->w[few->elements + i] = w[begin + i] - w[begin];
    }
    few->begins[few->pools] = begin;
    few->lengths[few->pools++] = length;
    few->elements += length;
}

/* Most elements are pools of their own. */
static void pull_row(int regularizer, softgrad_count n, const double *w, double softness, const double *y,
                     const softgrad_count *first, const double *g, double *dz, double *dw) {
    struct few_masses few;
    few.pools = few.elements = 0;
    pull_alone(n, y, g, dz, dw);
    for (softgrad_count i = 1; i < n; i++) {
        if (first[i] == i) {
            continue;
        }
        softgrad_count begin = i - 1;
        for (; i < n && first[i] == first[begin]; i++) {
        }
        if (regularizer == SOFTGRAD_ENTROPY && i - begin <= FEW) {
            add_few(&few, begin, i - begin, w, y);
            if (few.pools == POOLS_TOGETHER) {
                pull_few_masses(&few, softness, g, dz, dw);
            }
        } else {
            pull_pool(regularizer, i - begin, w + begin, softness, y + begin, g + begin, dz + begin, dw + begin);
        }
    }
    pull_few_masses(&few, softness, g, dz, dw);
}

#endif
