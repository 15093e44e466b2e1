/*
 * The layers of the network (network.c) on LANES pairs at a time: exchanging the numbers of a row, applying the same
 * layer to a vector, and taking cotangents back through both.
 */
#ifndef SOFTGRAD_NETWORK_EXCHANGE_H
#define SOFTGRAD_NETWORK_EXCHANGE_H

#include "arguments.h"
#include "elementary.h"
#include "network_layout.h"
#include "network_pairs.h"

struct comparison {
    int curve;
    double scale; /* 1 / softness */
    double limit; /* of u; from there on S(-u) is zero */
};

static struct comparison comparison_of(int curve, double softness) {
    return (struct comparison){curve, reciprocal_of(softness), curve == SOFTGRAD_LOGISTIC ? 800.0 : 5.0};
}

INLINE Vector absolute(Vector a) {
    return (Vector)((Integers)a & ~(Integers)broadcast(-0.0));
}

INLINE Integers sign_of(Vector a) {
    return (Integers)a & (Integers)broadcast(-0.0);
}

INLINE Vector with_sign(Vector a, Integers sign) {
    return (Vector)((Integers)a ^ sign);
}

/* S(-u) for u >= 0. The polynomials are in 1 - u / 5, which is zero at the limit; Curve.java has them in u / 5. */
INLINE Vector weight_at(int curve, Vector u) {
    Vector left = larger(broadcast(0), 1.0 - u * 0.2);
    switch (curve) {
        case SOFTGRAD_LINEAR: return left * 0.5;
        case SOFTGRAD_CUBIC: return left * left * (3.0 - left) * 0.25;
        case SOFTGRAD_QUINTIC: return left * left * left * ((left * 3.0 - 15.0) * left + 20.0) * 0.0625;
        default: {
            Vector e = exponential(-u);
            return e / (e + 1.0);
        }
    }
}

/* S'(u) = S'(-u), from u and the weight. At the limit, where the linear curve has a kink, that of the inside. */
INLINE Vector slope_at(int curve, Vector u, Vector weight) {
    Vector left = larger(broadcast(0), 1.0 - u * 0.2), product = left * (2.0 - left);
    switch (curve) {
        case SOFTGRAD_LINEAR: return select((Mask)(u <= 5.0), broadcast(0.1), broadcast(0));
        case SOFTGRAD_CUBIC: return product * 0.15;
        case SOFTGRAD_QUINTIC: return product * product * 0.1875;
        default: return weight * (1.0 - weight);
    }
}

/* What a layer makes of a pair, h given. */
INLINE struct pair moved(struct pair v, Vector h, Mask crossed) {
    Vector low = v.low + h, high = v.high - h;
    return (struct pair){select(crossed, high, low), select(crossed, low, high)};
}

INLINE Mask crossed_by(Vector weight) {
    return (Mask)((Integers)weight >> 63);
}

/* Exchanges the pairs of x; keeps their weights, and (x_high - x_low) / softness, cut beyond the limit. */
INLINE void exchange_pairs(int close, struct layer layer, struct comparison by, double *x, double *weights,
                           double *differences) {
    for (softgrad_count k = layer.first; k < layer.end; k += LANES) {
        struct pair v = load_pair(x, k, layer, close);
        Vector difference = v.high - v.low, size = absolute(difference) * by.scale;
        Mask within = (Mask)(size <= by.limit); /* not so for two pads, whose difference is NaN */
        Vector u = select(within, size, broadcast(2 * by.limit));
        Vector weight = weight_at(by.curve, u);
        Vector h = select(within, weight * difference, broadcast(0));
        weight = with_sign(weight, sign_of(difference) ^ downwards(k, layer, close));
        store_pair(x, k, layer, close, moved(v, h, crossed_by(weight)));
        store_f64(weights + k, weight);
        store_f64(differences + k, with_sign(u, sign_of(difference)));
    }
}

/* Applies a layer, which is its own transpose, to a vector. */
INLINE void mix_pairs(int close, struct layer layer, const double *weights, double *v) {
    for (softgrad_count k = layer.first; k < layer.end; k += LANES) {
        struct pair at = load_pair(v, k, layer, close);
        Vector weight = load_f64(weights + k);
        Vector h = absolute(weight) * (at.high - at.low);
        store_pair(v, k, layer, close, moved(at, h, crossed_by(weight)));
    }
}

/* Takes the cotangent g of a layer's result back to that of the vector `before` it, and adds to the weights'. */
INLINE void pull_vector_pairs(int close, struct layer layer, const double *weights, const double *before, double *g,
                              double *weight_pulls) {
    for (softgrad_count k = layer.first; k < layer.end; k += LANES) {
        struct pair v = load_pair(before, k, layer, close), at = load_pair(g, k, layer, close);
        Vector weight = load_f64(weights + k);
        Vector h = absolute(weight) * (at.high - at.low);
        Vector pull = with_sign((at.low - at.high) * (v.high - v.low), sign_of(weight));
        store_f64(weight_pulls + k, load_f64(weight_pulls + k) + pull);
        store_pair(g, k, layer, close, moved(at, h, crossed_by(weight)));
    }
}

/*
 * Takes the cotangent g of the sorted row, and the cotangents of the weights, back through a layer. With d the larger
 * minus the smaller, the result depends on d w(d / softness), whose derivative in d is w - u S' and in softness u^2 S'.
 */
INLINE void pull_row_pairs(int close, struct layer layer, struct comparison by, const struct workspace *work,
                           softgrad_count at_layer, double *g, Vector *softness_pull) {
    for (softgrad_count k = layer.first; k < layer.end; k += LANES) {
        struct pair at = load_pair(g, k, layer, close);
        Vector weight = load_f64(work->weights + at_layer + k);
        Vector difference = load_f64(work->differences + at_layer + k), u = absolute(difference);
        Vector slope = slope_at(by.curve, u, absolute(weight)), steep = u * slope;
        Vector h = (absolute(weight) - steep) * (at.high - at.low);
        Vector opened = with_sign(at.low - at.high, sign_of(weight) ^ sign_of(difference));
        Vector weight_pull = load_f64(work->weight_pulls + at_layer + k);
        *softness_pull += (opened * u) * steep + (weight_pull * steep) * by.scale;

        struct pair back = moved(at, h, crossed_by(weight));
        Vector push = with_sign(weight_pull * slope * by.scale, sign_of(difference));
        store_pair(g, k, layer, close, (struct pair){back.low + push, back.high - push});
    }
}

#endif
