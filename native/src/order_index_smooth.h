/*
 * SoftSort with the entropy: P_ij = exp(-|s_i - s_j| / softness) / D_i, i in sorted order and j in the order of x.
 *
 * The sums D follow from those of the neighbour on either side. For the entries the exponential is taken apart: with
 * R_j = exp((s_j - c) / softness) it is the smaller of R_j / R_i and R_i / R_j, so that an entry costs two
 * multiplications. Rows go in blocks with one c, which are narrow, so that the factors are as exact as the exponential
 * of the difference, and zero only where that is next to nothing.
 */
#ifndef SOFTGRAD_ORDER_INDEX_SMOOTH_H
#define SOFTGRAD_ORDER_INDEX_SMOOTH_H

#include "order_index_rows.h"
#include "soft_sort_decay.h"

#define BLOCK_SPAN 32.0       /* of the rows of a block, in units of the softness */
#define FARTHEST_FACTOR 660.0 /* beyond, factors are zero: no product of two is subnormal, which would be slow */
#define FARTHEST_ENTRY 700.0
enum { LEAST_BLOCK = 4 }; /* fewer rows are computed by themselves: their neighbours are few */

/* totals_k = sum_j exp(-|s_k - s_j| / softness). Equal gaps accumulate no systematic error. */
static void exponential_totals(const struct index_row *given, double *totals, double *losses) {
    const double *s = given->sorted;
    for (softgrad_count k = 0; k < given->n; k += LANES) {
        store_f64(losses + k, decay_over((load_f64(s + k + 1) - load_f64(s + k)) * given->scale).lost);
        store_f64(totals + k, broadcast(1.0));
    }
    double below = 0, above = 0;
    for (softgrad_count k = 1; k < given->n; k++) {
        softgrad_count mirrored = given->n - 1 - k;
        below = (below + 1) - (below + 1) * losses[k - 1];
        above = (above + 1) - (above + 1) * losses[mirrored];
        totals[k] += below;
        totals[mirrored] += above;
    }
}

/* rising_j = exp((s_j - centre) / softness) and its inverse. */
static void exponential_factors(const struct index_row *given, double centre, double *rising, double *falling) {
    for (softgrad_count j = 0; j < given->n; j += LANES) {
        Vector distance = (load_f64(given->s + j) - centre) * given->scale;
        Vector away = magnitude(distance);
        Vector small = select((Mask)(away > FARTHEST_FACTOR), broadcast(0), exponential(-away));
        Vector large = 1.0 / small;
        Mask before = (Mask)(distance < 0);
        store_f64(rising + j, select(before, small, large));
        store_f64(falling + j, select(before, large, small));
    }
}

static void smooth_row(softgrad_count n, const double *rising, const double *falling, double below, double above,
                       double *row) {
    softgrad_count j = 0;
    for (; j + LANES <= n; j += LANES) {
        store_f64(row + j, smaller(load_f64(rising + j) * below, load_f64(falling + j) * above));
    }
    if (j < n) {
        store_first_f64(row + j, n - j, smaller(load_f64(rising + j) * below, load_f64(falling + j) * above));
    }
}

/* The first place of the sorted row with an element of at least `bound`. */
static softgrad_count place_at_least(const struct index_row *given, double bound) {
    softgrad_count low = 0, high = given->n;
    while (low < high) {
        softgrad_count middle = (low + high) / 2;
        if (given->sorted[middle] < bound) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void lonely_row(const struct index_row *given, softgrad_count place, double total, double *values,
                       double *row) {
    double anchor = given->sorted[place], reach = FARTHEST_ENTRY * given->softness;
    softgrad_count begin = place_at_least(given, anchor - reach), end = place_at_least(given, anchor + reach);
    begin = begin < place ? begin : place;
    end = end > place ? end : place + 1;
    while (end < given->n && given->sorted[end] == anchor) {
        end++; /* equal ones, where the reach is lost in rounding */
    }
    for (softgrad_count k = begin; k < end; k += LANES) {
        Vector distance = magnitude(load_f64(given->sorted + k) - anchor) * given->scale;
        store_f64(values + k - begin, exponential(-distance) * (1.0 / total));
    }
    write_window(given, begin, end, values, row);
}

/* scratch: 3 (n + ORDER_PADDING) */
static void smooth_matrix(const struct index_row *given, const struct index_matrix *matrix, double *scratch) {
    softgrad_count stride = given->n + ORDER_PADDING;
    double *totals = scratch, *rising = totals + stride, *falling = rising + stride;
    exponential_totals(given, totals, rising);
    for (softgrad_count begin = matrix->low, end; begin < matrix->high; begin = end) {
        double first = given->sorted[begin];
        for (end = begin + 1; end < matrix->high && (given->sorted[end] - first) * given->scale <= BLOCK_SPAN;) {
            end++;
        }
        if (end - begin < LEAST_BLOCK) {
            for (softgrad_count place = begin; place < end; place++) {
                lonely_row(given, place, totals[place], rising, row_of(matrix, place));
                finish_row(matrix, place);
            }
            continue;
        }
        exponential_factors(given, first + 0.5 * (given->sorted[end - 1] - first), rising, falling);
        for (softgrad_count place = begin; place < end; place++) {
            int own = given->order[place];
            double share = 1.0 / totals[place];
            smooth_row(given->n, rising, falling, falling[own] * share, rising[own] * share,
                       row_of(matrix, place));
            finish_row(matrix, place);
        }
    }
}

#endif
