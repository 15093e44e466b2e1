/*
 * Which elements of a row of scores can have a weight. The rows of NeuralSort have increasing differences: from one row
 * to the next the score of element k grows by 2 p_k. So the place of the largest score does not decrease with the row,
 * and neither do the first and the last element whose scores are within a given depth of the largest one. Between
 * them, scores may have several maxima.
 *
 * Rows are taken in groups of GROUP. The window of a group goes from the first element of its first row to the last
 * element of the first row of the next group.
 */
#ifndef SOFTGRAD_NEURAL_SORT_WINDOWS_H
#define SOFTGRAD_NEURAL_SORT_WINDOWS_H

#include "neural_sort_points.h"

enum { GROUP = 8 };

struct rows {
    softgrad_count n, first, count; /* the rows first <= i < first + count of n */
    const double *p;                /* the points, padded */
    const double *distances;        /* the sums of soft distances from each, padded */
    double widest;                  /* the widest window, in points, of rows that are worked on together */
};

/* Limits of the windows: begin[g] of group g and end[g], which belongs to row_of(g + 1); whole numbers, as doubles. */
struct windows {
    double *peak, *begin, *end;
};

INLINE softgrad_count groups_of(softgrad_count count) {
    return (count + GROUP - 1) / GROUP;
}

/* Where group g begins; the last row for g = groups. */
INLINE softgrad_count row_of(const struct rows *rows, softgrad_count g) {
    return rows->first + least(g * GROUP, rows->count - 1);
}

INLINE double coefficient_of(const struct rows *rows, softgrad_count row) {
    return (double)(rows->n - 1 - 2 * row);
}

/* The scores of LANES elements: Grover et al., ICLR 2019, equation 5. */
INLINE Vector scores_at(const struct rows *rows, double coefficient, softgrad_count k) {
    return -(coefficient * load_f64(rows->p + k) + load_f64(rows->distances + k));
}

/* The place of the largest score of a row among the elements from `from` to `to`. */
static softgrad_count peak_between(const struct rows *rows, softgrad_count row, softgrad_count from,
                                   softgrad_count to) {
    const double coefficient = coefficient_of(rows, row);
    Vector best = scores_at(rows, coefficient, from), place = broadcast((double)from), lane;
    for (int k = 0; k < LANES; k++) {
        lane[k] = (double)k;
    }
    for (softgrad_count k = from + LANES; k <= to; k += LANES) {
        Vector scores = scores_at(rows, coefficient, k);
        Mask higher = (Mask)(scores > best);
        best = select(higher, scores, best);
        place = select(higher, broadcast((double)k), place);
    }
    place += lane;
    int highest = 0;
    for (int k = 1; k < LANES; k++) {
        highest = best[k] > best[highest] ? k : highest;
    }
    return least((softgrad_count)place[highest], rows->n - 1);
}

/* The peaks of the rows where groups begin, each looked for between those of two rows that are known. */
static void find_peaks(const struct rows *rows, double *peak) {
    const softgrad_count groups = groups_of(rows->count);
    softgrad_count step = 1;
    while (step < groups) {
        step *= 2;
    }
    peak[0] = (double)peak_between(rows, row_of(rows, 0), 0, rows->n - 1);
    peak[groups] = (double)peak_between(rows, row_of(rows, groups), (softgrad_count)peak[0], rows->n - 1);
    for (step /= 2; step > 0; step /= 2) {
        for (softgrad_count g = step; g < groups; g += 2 * step) {
            const softgrad_count before = (softgrad_count)peak[g - step];
            const softgrad_count after = (softgrad_count)peak[least(g + step, groups)];
            peak[g] = (double)peak_between(rows, row_of(rows, g), before, most(before, after));
        }
    }
}

/* The first element, from `from` on, within the depth of the peak. */
static softgrad_count begin_of(const struct rows *rows, softgrad_count row, softgrad_count peak, double depth,
                               softgrad_count from) {
    const double coefficient = coefficient_of(rows, row);
    const double threshold = scores_at(rows, coefficient, peak)[0] - depth;
    while (from < peak) {
        unsigned within = bits_of((Mask)(scores_at(rows, coefficient, from) >= threshold));
        if (within) {
            return least(peak, from + __builtin_ctz(within));
        }
        from += LANES;
    }
    return least(peak, from);
}

/* One past the last element, before `end`, within the depth of the peak. */
static softgrad_count end_of(const struct rows *rows, softgrad_count row, softgrad_count peak, double depth,
                             softgrad_count end) {
    const double coefficient = coefficient_of(rows, row);
    const double threshold = scores_at(rows, coefficient, peak)[0] - depth;
    while (end > peak + 1) {
        const softgrad_count k = most(end - LANES, 0);
        unsigned within = bits_of((Mask)(scores_at(rows, coefficient, k) >= threshold));
        if (within) {
            return most(peak + 1, least(end, k + 32 - __builtin_clz(within)));
        }
        end = k;
    }
    return peak + 1;
}

/* All windows, from both ends inwards. memory: three arrays of groups + 1. */
static struct windows find_windows(const struct rows *rows, double depth, double *memory) {
    const softgrad_count groups = groups_of(rows->count);
    struct windows windows = {memory, memory + groups + 1, memory + 2 * (groups + 1)};
    find_peaks(rows, windows.peak);
    softgrad_count begin = 0, end = rows->n;
    for (softgrad_count g = 0; g < groups; g++) {
        begin = begin_of(rows, row_of(rows, g), (softgrad_count)windows.peak[g], depth, begin);
        windows.begin[g] = (double)begin;
    }
    for (softgrad_count g = groups - 1; g >= 0; g--) {
        end = end_of(rows, row_of(rows, g + 1), (softgrad_count)windows.peak[g + 1], depth, end);
        windows.end[g] = (double)end;
    }
    return windows;
}

#endif
