/*
 * The weights of the largest or the smallest place of a row by SOFT_SORT. The scores of that place are the positions
 * themselves, but for their sign and a constant, so nothing is sorted; and as cotangents of scores add up to nothing,
 * the position that they are taken from may count as a constant.
 *
 * With t = (positions - their extreme) / softness the weights are exp(t), or [h + t]+^a with the h in (0, 1] that makes
 * their sum 1 (see soft_sort_sparse.h).
 */
#ifndef SOFTGRAD_EXTREME_WEIGHTS_H
#define SOFTGRAD_EXTREME_WEIGHTS_H

#include "powers.h"
#include "standardize.h"

struct extreme_row {
    softgrad_count n;
    int power; /* a, which is the number of the regularizer; 0 for the entropy */
    double sign; /* -1 for the smallest */
    double scale; /* 1 / softness */
    double top; /* the largest position times the sign */
    const double *s;
    double *weights; /* exp(t), or h + t where it is positive */
};

INLINE double largest_times(softgrad_count n, double sign, const double *x) {
    Vector largest[UNROLLED];
    for (int k = 0; k < UNROLLED; k++) {
        largest[k] = broadcast(sign * x[0]);
    }
    softgrad_count i = 0;
    for (; i + UNROLLED * LANES <= n; i += UNROLLED * LANES) {
        for (int k = 0; k < UNROLLED; k++) {
            largest[k] = larger(largest[k], sign * load_f64(x + i + k * LANES));
        }
    }
    for (; i < n; i += LANES) {
        largest[0] = larger(largest[0], sign * load_up_to(x + i, n - i, x[0]));
    }
    return largest_lane(larger(larger(largest[0], largest[1]), larger(largest[2], largest[3])));
}

/* t at i and after; minus infinity past the end. */
INLINE Vector scores_from(const struct extreme_row *row, softgrad_count i) {
    Vector s = load_up_to(row->s + i, row->n - i, row->sign * -__builtin_inf());
    return (row->sign * s - row->top) * row->scale;
}

/* P, but for a factor. */
INLINE Vector share_of(const struct extreme_row *row, Vector weight) {
    return row->power == 0 ? weight : power_of(weight, row->power);
}

INLINE Vector share_from(const struct extreme_row *row, softgrad_count i) {
    return share_of(row, load_up_to(row->weights + i, row->n - i, 0));
}

/* h, by Newton's method: the sum is convex and ascends, so from above every step goes down. */
static double height_of_scores(int power, softgrad_count n, const double *scores) {
    double height = 1;
    for (int step = 0; step < 100; step++) {
        Vector sums = broadcast(0), slopes = broadcast(0);
        for (softgrad_count i = 0; i < n; i += LANES) {
            Vector room = larger(broadcast(0), height + load_up_to(scores + i, n - i, -1));
            Vector slope = power_of(room, power - 1);
            slopes += slope;
            sums += slope * room;
        }
        double next = height - (sum_of_lanes(sums) - 1) / (power * sum_of_lanes(slopes));
        double least = 0.5 / (double)n, change = height - next;
        height = next < least ? least : next;
        if (!(change > height * (power == 1 ? 0x1p-51 : 0x1p-28))) { /* with a power above 1 its square is left */
            break;
        }
    }
    return height;
}

/* The weights of the norms; only scores above -1 can have some. Returned is the sum of the shares. */
static double weigh_powers(const struct extreme_row *row, double *scores) {
    Vector sum = broadcast(0);
    softgrad_count count = 0;
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector score = scores_from(row, i);
        unsigned bits = bits_of((Mask)(score > -1.0));
        count += bits ? store_packed_f64(scores + count, bits, score) : 0;
    }
    const double height = height_of_scores(row->power, count, scores);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        Vector room = larger(broadcast(0), height + scores_from(row, i));
        store_up_to(row->weights + i, row->n - i, room);
        sum += share_of(row, room);
    }
    return sum_of_lanes(sum);
}

/*
 * Finds the positions s, which are those of the row, its top and its weights; returned is the sum of the shares. x are
 * the positions themselves where there is no `squash`. scores: n numbers of scratch
 */
static double weigh_row(struct extreme_row *row, const struct squash *squash, const double *x, double *s,
                        double *scores) {
    const struct squash local = squash ? *squash : (struct squash){.offset = 0}; /* as s might be what it points to */
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        const Vector value = load_up_to(x + i, row->n - i, 0);
        store_up_to(s + i, row->n - i, squash ? squashed(&local, value) : value);
    }
    row->top = largest_times(row->n, row->sign, s);
    if (row->power > 0) {
        return weigh_powers(row, scores);
    }
    Vector sum = broadcast(0);
    for (softgrad_count i = 0; i < row->n; i += LANES) {
        const Vector weight = exponential(scores_from(row, i));
        store_up_to(row->weights + i, row->n - i, weight);
        sum += weight;
    }
    return sum_of_lanes(sum);
}

#endif
