/*
 * Standardized rows: s = logistic((x - mean) / deviation), the way back, and the products, for one tier.
 *
 * Mean and deviation are in a unit, a power of two that is above every |x| > 1, so that squares stay finite.
 * Reference: arXiv 2603.08824, section 3.4.
 */
#ifndef SOFTGRAD_STANDARDIZE_H
#define SOFTGRAD_STANDARDIZE_H

#include "elementary.h"
#include "order_rows.h"
#include "row_vectors.h"

/* The root of the least variance of a row in its unit: a row with this deviation is constant, and huge. */
#define LEAST_DEVIATION 1e-30

/* Squashed values are kept this far from 0 and 1 on their way back: 23 deviations. */
#define RESTORED_MARGIN 1e-10

INLINE Vector logistic(Vector u) {
    Vector tail = exponential(-magnitude(u));
    Vector share = 1.0 / (1.0 + tail);
    return select((Mask)(u < 0), tail * share, share);
}

INLINE Vector centred(const struct squash *squash, Vector x) {
    return x * squash->inverse - squash->origin - squash->offset;
}

INLINE Vector squashed(const struct squash *squash, Vector x) {
    return logistic(centred(squash, x) * squash->steepness);
}

/* The deviations from the mean that s in (0, 1) came from. */
INLINE Vector logit(Vector s) {
    return logarithm(s / (1.0 - s));
}

/* Where the way back stands still. */
INLINE Vector within_margin(Vector s) {
    Vector above = select((Mask)(s < RESTORED_MARGIN), broadcast(RESTORED_MARGIN), s);
    return select((Mask)(above > 1 - RESTORED_MARGIN), broadcast(1 - RESTORED_MARGIN), above);
}

INLINE Vector unsquashed(Vector s, struct scale scale) {
    return (logit(within_margin(s)) * scale.deviation + scale.mean) * scale.unit;
}

/* u in s = logistic(u) */
INLINE Vector deviations_of(Vector x, const struct scale *scale) {
    double inverse = 1 / scale->unit, steepness = 1 / scale->deviation;
    return (x * inverse - scale->mean) * steepness;
}

/*
 * The product: with u_bar = s (1 - s) g, and means over the row,
 *
 *     dx = (u_bar - mean(u_bar) - u mean(u u_bar)) / (deviation unit),
 *
 * as every x moves the mean and, unless that is a constant, the deviation. Their own cotangents join those means.
 */
struct squash_pull {
    double shift, stretch, factor;
};

/* From the sums of u_bar and of u u_bar, and the cotangents of mean and deviation. */
INLINE struct squash_pull squash_pull_of(softgrad_count n, struct scale scale, double sum, double product,
                                         double mean_bar, double deviation_bar) {
    double shift = (sum - mean_bar * scale.deviation) / (double)n;
    double stretch = (product - deviation_bar * scale.deviation) / (double)n;
    return (struct squash_pull){shift, scale.deviation == LEAST_DEVIATION ? 0 : stretch,
                                1 / scale.deviation / scale.unit};
}

INLINE Vector pull_squashed(struct squash_pull pull, Vector u_bar, Vector u) {
    return (u_bar - pull.shift - u * pull.stretch) * pull.factor;
}

#endif
