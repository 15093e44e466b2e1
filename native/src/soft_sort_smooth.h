/*
 * SoftSort with the entropy, one row in the sorted frame: for K_kj = exp(-|s_k - s_j| / softness), D_k = sum_j K_kj,
 *
 *     shift_k = sum_j K_kj (v_j - v_k) / D_k.
 *
 * K factors over the gaps of the row, so that everything follows from sums over the elements on either side
 * (soft_sort_scan.h): O(n). Definition: Prillo and Eisenschlos, ICML 2020, equation 7.
 */
#ifndef SOFTGRAD_SOFT_SORT_SMOOTH_H
#define SOFTGRAD_SOFT_SORT_SMOOTH_H

#include "order_rows.h"
#include "soft_sort_decay.h"
#include "soft_sort_scan.h"

/* Nothing is left of a sum over a gap as deep as this, in units of the softness. */
static const double NO_PASSAGE = 1000.0;

INLINE Vector load_of_row(softgrad_count n, const double *row, softgrad_count k) {
    return n - k >= LANES ? load_f64(row + k) : load_first_f64(row + k, n - k, 0);
}

INLINE void store_in_row(softgrad_count n, double *row, softgrad_count k, Vector a) {
    if (n - k >= LANES) {
        store_f64(row + k, a);
    } else {
        store_first_f64(row + k, n - k, a);
    }
}

/* The gap below each element from k on, in units of the softness; before the row and after it there is no passage. */
INLINE Vector depth_below(softgrad_count n, softgrad_count k, Vector before, Vector s, double scale) {
    Vector depth = (s - earlier(1, before, s)) * scale;
    if (k == 0) {
        depth[0] = NO_PASSAGE;
    }
    for (int lane = 1; lane < LANES && n - k < LANES; lane++) {
        depth[lane] = lane < n - k ? depth[lane] : NO_PASSAGE;
    }
    return select((Mask)(depth < NO_PASSAGE), depth, broadcast(NO_PASSAGE));
}

/* The factor of the gap below each element and what it takes, from k on. */
INLINE struct decay decay_below(softgrad_count n, softgrad_count k, Vector before, Vector s, double scale) {
    return decay_over(depth_below(n, k, before, s, scale));
}

/* What state holds, one number for each element: sums of K_kj, and of K_kj |v_j - v_k|, on either side. */
struct kernel_sums {
    double *below, *above;           /* above counts the element itself */
    double *lift_below, *lift_above; /* of the values */
};

INLINE struct kernel_sums kernel_sums_in(double *state, softgrad_count n) {
    const softgrad_count size = n + ORDER_PADDING;
    return (struct kernel_sums){state, state + size, state + 2 * size, state + 3 * size};
}

static void sum_upward(softgrad_count n, const double *s, const double *v, double scale, struct kernel_sums kernel,
                       double *keep, double *lost) {
    const Vector zero = {0};
    Vector s_met = zero, v_met = zero, sum = zero, lift = zero;
    for (softgrad_count k = 0; k < n; k += LANES) {
        Vector s_here = load_of_row(n, s, k), v_here = load_of_row(n, v, k), sum_met = sum;
        struct decay decay = decay_over(depth_below(n, k, s_met, s_here, scale));
        struct spans spans = join_spans(UPWARD, decay.keep, decay.lost);
        sum = sweep(UPWARD, spans, sum, decay.keep);
        Vector rise = decay.keep * (v_here - earlier(1, v_met, v_here));
        lift = sweep(UPWARD, spans, lift, rise * (earlier(1, sum_met, sum) + 1.0));
        store_f64(keep + k, decay.keep);
        store_f64(lost + k, decay.lost);
        store_f64(kernel.below + k, sum);
        store_f64(kernel.lift_below + k, lift);
        s_met = s_here;
        v_met = v_here;
    }
}

/* Sums of both sides, and their quotients. */
static void smooth_row(softgrad_count n, const double *s, const double *v, double scale, double *shift, double *state,
                       double *scratch) {
    const struct kernel_sums kernel = kernel_sums_in(state, n);
    double *keep = scratch, *lost = scratch + n + ORDER_PADDING;
    sum_upward(n, s, v, scale, kernel, keep, lost);
    const Vector zero = {0}, one = broadcast(1.0);
    Vector keep_met = zero, lost_met = one, v_met = zero, sum = zero, lift = zero;
    for (softgrad_count k = (n - 1) / LANES * LANES; k >= 0; k -= LANES) {
        Vector keep_here = load_f64(keep + k), lost_here = load_f64(lost + k), v_here = load_of_row(n, v, k);
        Vector keep_above = later(1, keep_here, keep_met), sum_met = sum;
        struct spans spans = join_spans(DOWNWARD, keep_above, later(1, lost_here, lost_met));
        sum = sweep(DOWNWARD, spans, sum, one);
        Vector rise = keep_above * (later(1, v_here, v_met) - v_here);
        lift = sweep(DOWNWARD, spans, lift, rise * later(1, sum, sum_met));
        store_f64(kernel.above + k, sum);
        store_f64(kernel.lift_above + k, lift);
        store_in_row(n, shift, k, (lift - load_f64(kernel.lift_below + k)) / (load_f64(kernel.below + k) + sum));
        keep_met = keep_here;
        lost_met = lost_here;
        v_met = v_here;
    }
}

/* One pull: the row, the cotangent g of its shift, and with u = g / D the sums from below that the way down needs. */
struct pull {
    softgrad_count n;
    const double *s, *v, *shift, *g;
    double scale;
    struct kernel_sums kernel;
    double *keep, *lost; /* of the gap below each element */
    double *u;           /* sum of K_ki u_i */
    double *change;      /* sum of K_ki u_i (v_k - v_i - shift_i) */
};

INLINE Vector weight_of(struct pull pull, softgrad_count k) {
    return load_of_row(pull.n, pull.g, k) / (load_f64(pull.kernel.below + k) + load_f64(pull.kernel.above + k));
}

static void pull_upward(struct pull pull) {
    const Vector zero = {0};
    Vector s_met = zero, v_met = zero, u_met = zero, moment_met = zero, u_sum = zero, change_sum = zero;
    for (softgrad_count k = 0; k < pull.n; k += LANES) {
        Vector s_here = load_of_row(pull.n, pull.s, k), v_here = load_of_row(pull.n, pull.v, k);
        struct decay decay = decay_over(depth_below(pull.n, k, s_met, s_here, pull.scale));
        struct spans spans = join_spans(UPWARD, decay.keep, decay.lost);
        Vector u = weight_of(pull, k);
        Vector moment = -u * load_of_row(pull.n, pull.shift, k), rise = v_here - earlier(1, v_met, v_here);
        Vector with_u_met = u_sum + u_met;
        u_sum = sweep(UPWARD, spans, u_sum, decay.keep * earlier(1, u_met, u));
        Vector change = earlier(1, moment_met, moment) + rise * earlier(1, with_u_met, u_sum + u);
        change_sum = sweep(UPWARD, spans, change_sum, decay.keep * change);
        store_f64(pull.keep + k, decay.keep);
        store_f64(pull.lost + k, decay.lost);
        store_f64(pull.u + k, u_sum);
        store_f64(pull.change + k, change_sum);
        s_met = s_here;
        v_met = v_here;
        u_met = u;
        moment_met = moment;
    }
}

/* flux is that of the gaps below the elements from k on, flux_met of the vector after; returns the part of softness. */
INLINE Vector spread_flux(struct pull pull, softgrad_count k, Vector flux, Vector flux_met, double *s_bar) {
    store_in_row(pull.n, s_bar, k, (later(1, flux, flux_met) - flux) * pull.scale);
    Vector before = k > 0 ? load_f64(pull.s + k - LANES) : (Vector){0};
    return flux * depth_below(pull.n, k, before, load_of_row(pull.n, pull.s, k), pull.scale);
}

/*
 * The pairs on either side of the gap below element k pull at it: with `change` as in struct pull and its mirror image,
 * the products of what is below and what is above make up the flux
 *
 *     f_k = below(u) above(v) + below(change) above(1) - above(u) below(v) - above(change) below(1)
 *
 * and s_bar_k = (f_(k+1) - f_k) / softness. The cotangent of the softness is the sum of f_k times the gap, which keeps
 * its accuracy where sum s_k s_bar_k would cancel.
 */
static double pull_downward(struct pull pull, double *v_bar, double *s_bar) {
    const Vector zero = {0};
    Vector keep_met = zero, lost_met = broadcast(1.0), flux_met = zero, v_met = zero;
    Vector u_sum = zero, change_sum = zero, total = zero;
    for (softgrad_count k = (pull.n - 1) / LANES * LANES; k >= 0; k -= LANES) {
        Vector keep_here = load_f64(pull.keep + k), lost_here = load_f64(pull.lost + k);
        Vector keep_above = later(1, keep_here, keep_met);
        struct spans spans = join_spans(DOWNWARD, keep_above, later(1, lost_here, lost_met));
        Vector u = weight_of(pull, k), u_sum_met = u_sum, v_here = load_of_row(pull.n, pull.v, k);
        u_sum = sweep(DOWNWARD, spans, u_sum, u);
        Vector rise = keep_above * (later(1, v_here, v_met) - v_here);
        Vector moment = u * load_of_row(pull.n, pull.shift, k);
        change_sum = sweep(DOWNWARD, spans, change_sum, moment + rise * later(1, u_sum, u_sum_met));
        Vector u_below = load_f64(pull.u + k);
        if (v_bar) {
            store_in_row(pull.n, v_bar, k, u_below + u_sum);
        }
        if (s_bar) {
            Vector flux = u_below * load_f64(pull.kernel.lift_above + k) +
                          load_f64(pull.change + k) * load_f64(pull.kernel.above + k) -
                          (u_sum * load_f64(pull.kernel.lift_below + k) + change_sum * load_f64(pull.kernel.below + k));
            total += spread_flux(pull, k, flux, flux_met, s_bar);
            flux_met = flux;
        }
        keep_met = keep_here;
        lost_met = lost_here;
        v_met = v_here;
    }
    return s_bar ? sum_of_lanes(total) * pull.scale : 0;
}

static double smooth_pull(softgrad_count n, const double *s, const double *v, double scale, const double *shift,
                          const double *state, const double *g, double *v_bar, double *s_bar, double *scratch) {
    const softgrad_count size = n + ORDER_PADDING;
    const struct kernel_sums kernel = kernel_sums_in((double *)state, n); /* only read from here on */
    const struct pull pull = {n, s, v, shift, g, scale, kernel, scratch, scratch + size, scratch + 2 * size,
                              scratch + 3 * size};
    pull_upward(pull);
    return pull_downward(pull, v_bar, s_bar);
}

#endif
