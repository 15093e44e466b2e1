/*
 * Rows for the p-norms: with d_j >= 0 the distance of score j from the largest, the projection is [h - d_j]_+^power,
 * and h solves sum_j [h - d_j]_+^power = 1. As the largest has d = 0, h <= 1: only elements with d < 1 matter, which
 * are few and in sorted order lie side by side (NeuralSort: with few others between).
 *
 * S(h)^(1/power), S the sum, is a norm and so convex: Newton's method approaches the root from above and never passes
 * it, after one step if it starts below.
 */
#ifndef SOFTGRAD_ORDER_INDEX_WINDOWS_H
#define SOFTGRAD_ORDER_INDEX_WINDOWS_H

#include "order_index_rows.h"
#include "powers.h"

#define BEYOND 1000.0 /* a distance that never matters, nor its exponential */
enum {
    HEIGHT_ITERATIONS = 100,
    SCATTERED_SHARE = 8 /* a window of less than n / this is scattered into a row of zeros */
};

/* So that sums over distances need no partial vector. */
INLINE void pad_distances(softgrad_count n, double *distances) {
    for (int k = 0; k < 2 * LANES; k += LANES) {
        store_f64(distances + n + k, broadcast(BEYOND));
    }
}

/* h for padded distances. The power is a constant wherever this is inlined. */
INLINE double height_of(int power, softgrad_count n, const double *distances, double start) {
    const double negligible = power == 1 ? 0x1p-50 : 0x1p-34; /* where the sum is smooth the step squares the error */
    double h = start;
    for (int iteration = 0; iteration < HEIGHT_ITERATIONS; iteration++) {
        Vector sums[2] = {{0}}, slopes[2] = {{0}};
        for (softgrad_count k = 0; k < n; k += 2 * LANES) {
            for (int half = 0; half < 2; half++) {
                Vector excess = h - load_f64(distances + k + half * LANES);
                sums[half] += positive_power(excess, power);
                slopes[half] += positive_power(excess, power - 1);
            }
        }
        Vector sum = broadcast(sum_of_lanes(sums[0] + sums[1]));
        Vector root = power == 1 ? broadcast(1.0) : power == 2 ? square_root(sum) : two_thirds_power(sum);
        double step = (sum[0] - root[0]) / sum_of_lanes(slopes[0] + slopes[1]);
        h = h - step < 1 ? h - step : 1;
        if ((iteration > 0 ? step : __builtin_fabs(step)) <= negligible * h) {
            break; /* a step back after the first is rounding */
        }
    }
    return h;
}

/* The places of the sorted order that may have d < 1, and h. */
struct window {
    softgrad_count begin, end;
    double height;
};

INLINE void distance_row(int power, const struct index_row *given, double anchor, double height, double *row) {
    for (softgrad_count j = 0; j < given->n; j += LANES) {
        Vector distance = magnitude(load_f64(given->s + j) - anchor) * given->scale;
        store_up_to(row + j, given->n - j, positive_power(height - distance, power));
    }
}

INLINE void powers_in_place(int power, softgrad_count n, double height, double *distances) {
    for (softgrad_count k = 0; k < n; k += LANES) {
        store_f64(distances + k, positive_power(height - load_f64(distances + k), power));
    }
}

/*
 * |dh / ds| <= 1 / softness, which bounds h by that of the neighbour, and makes both ends of the window move upwards
 * only.
 */
INLINE void move_window(const struct index_row *given, softgrad_count place, double bound, struct window *window) {
    const double *s = given->sorted;
    double anchor = s[place];
    while ((anchor - s[window->begin]) * given->scale >= bound) {
        window->begin++;
    }
    window->end = window->end > place ? window->end : place + 1;
    while (window->end < given->n && (s[window->end] - anchor) * given->scale < bound) {
        window->end++;
    }
    while (window->end > place + 1 && (s[window->end - 1] - anchor) * given->scale >= bound) {
        window->end--;
    }
}

/* SoftSort: d_j = |s_i - s_j| / softness. scratch: n + ORDER_PADDING */
INLINE void power_matrix(int power, const struct index_row *given, const struct index_matrix *matrix,
                         double *distances) {
    struct window window = {.height = 1};
    for (softgrad_count place = matrix->low; place < matrix->high; place++) {
        double anchor = given->sorted[place], *row = row_of(matrix, place);
        double gap = place > matrix->low ? (anchor - given->sorted[place - 1]) * given->scale : 0;
        move_window(given, place, window.height + gap < 1 ? window.height + gap : 1, &window);
        softgrad_count width = window.end - window.begin;
        for (softgrad_count k = 0; k < width; k += LANES) {
            Vector difference = load_f64(given->sorted + window.begin + k) - anchor;
            store_f64(distances + k, magnitude(difference) * given->scale);
        }
        pad_distances(width, distances);
        window.height = height_of(power, width, distances, window.height);
        if (width < given->n / SCATTERED_SHARE) {
            powers_in_place(power, width, window.height, distances);
            write_window(given, window.begin, window.end, distances, row);
        } else {
            distance_row(power, given, anchor, window.height, row);
        }
        finish_row(matrix, place);
    }
}

#endif
