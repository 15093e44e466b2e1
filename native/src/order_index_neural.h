/*
 * NeuralSort: row i, from 0, is the projection of -(c_i s_j + A_j) / softness, c_i = n - 1 - 2 i, A the sums of soft
 * distances; below, c_i s_j + A_j is the cost of j. s is centred, which rows do not see.
 *
 * Costs have increasing differences in i and j: the cheapest j moves upwards with i, and so do both ends of the places
 * whose cost is within a bound of the cheapest, though there may be others between. The cheapest of each row are on the
 * lower convex hull of the points (s_j, A_j).
 *
 * With the entropy, and a softness that is not small, neighbouring rows differ by factors that are the same for all:
 * exp(2 s_j / softness). Few multiplications by those lose no more than the rounding of c_i s_j, and are cheaper than
 * exponentials.
 */
#ifndef SOFTGRAD_ORDER_INDEX_NEURAL_H
#define SOFTGRAD_ORDER_INDEX_NEURAL_H

#include "order_index_windows.h"

#define FACTOR_GROWTH 64.0   /* of the logarithms of entries in a block of rows */
#define FACTOR_REACH 620.0   /* entries whose logarithm is below are zero throughout their block */
#define ENTROPY_REACH 700.0  /* of the distances of entries that are not zero */
#define POWER_REACH 1.0
#define LEAST_STEPS 4.0      /* rows of a block that make it worth while */
#define MOST_STEPS 32.0
#define SUM_ERROR 1e-13      /* more than the roundings of a sum of weights and of the height */

struct neural_row {
    struct index_row given;
    const double *sums;        /* A in the order of x, infinite past the end */
    const double *sorted_sums; /* A in sorted order */
    double range;
    int *peaks;    /* the places on the hull */
    int *cheapest; /* for each row of the matrix, the place of the least cost */
    int *ends;     /* for each row of the matrix, the end of its window */
};

INLINE double slope_of(const struct neural_row *row, softgrad_count place) {
    return (double)(row->given.n - 1 - 2 * place);
}

INLINE double cost_of(const struct neural_row *row, double slope, softgrad_count k) {
    return slope * row->given.sorted[k] + row->sorted_sums[k];
}

/* Whether the middle one of three places lies on or above the line through the others. */
INLINE int is_above(const struct neural_row *row, int first, int middle, int last) {
    const double *s = row->given.sorted, *sums = row->sorted_sums;
    return (sums[middle] - sums[first]) * (s[last] - s[middle]) >= (sums[last] - sums[middle]) * (s[middle] - s[first]);
}

/* Returns the number of peaks. */
static softgrad_count find_peaks(const struct neural_row *row) {
    const double *s = row->given.sorted, *sums = row->sorted_sums;
    int *peaks = row->peaks;
    softgrad_count found = 0;
    for (int k = 0; k < row->given.n; k++) {
        if (found > 0 && s[peaks[found - 1]] == s[k]) {
            if (sums[peaks[found - 1]] <= sums[k]) {
                continue;
            }
            found--;
        }
        while (found > 1 && is_above(row, peaks[found - 2], peaks[found - 1], k)) {
            found--;
        }
        peaks[found++] = k;
    }
    return found;
}

/* Fills `cheapest`, and `ends` for the costs within `reach` of the least. */
static void find_ends(const struct neural_row *row, const struct index_matrix *matrix, double reach) {
    softgrad_count peak = find_peaks(row) - 1, last = row->given.n - 1;
    for (softgrad_count place = matrix->high - 1; place >= matrix->low; place--) {
        double slope = slope_of(row, place);
        while (peak > 0 && cost_of(row, slope, row->peaks[peak - 1]) <= cost_of(row, slope, row->peaks[peak])) {
            peak--;
        }
        double bound = cost_of(row, slope, row->peaks[peak]) + reach;
        while (cost_of(row, slope, last) > bound) {
            last--;
        }
        row->cheapest[place - matrix->low] = row->peaks[peak];
        row->ends[place - matrix->low] = (int)last + 1;
    }
}

/* Distances from the least cost of the window, which becomes the result. */
static double window_distances(const struct neural_row *row, double slope, softgrad_count begin, softgrad_count end,
                               double *distances) {
    softgrad_count width = end - begin;
    Vector least = broadcast(__builtin_inf());
    for (softgrad_count k = 0; k < width; k += LANES) {
        Vector s = load_f64(row->given.sorted + begin + k), sums = load_f64(row->sorted_sums + begin + k);
        store_f64(distances + k, slope * s + sums);
    }
    for (int k = 0; k < 2 * LANES; k += LANES) {
        store_f64(distances + width + k, broadcast(__builtin_inf()));
    }
    for (softgrad_count k = 0; k < width; k += LANES) {
        least = smaller(load_f64(distances + k), least);
    }
    double cheapest = -largest_lane(-least);
    for (softgrad_count k = 0; k < width; k += LANES) {
        store_f64(distances + k, (load_f64(distances + k) - cheapest) * row->given.scale);
    }
    pad_distances(width, distances);
    return cheapest;
}

/* The exponentials of the negative distances, in place; returns their sum. */
static double exponentials_of(softgrad_count n, double *distances) {
    Vector sum = broadcast(0);
    for (softgrad_count k = 0; k < n; k += LANES) {
        Vector entry = exponential(-load_f64(distances + k));
        store_f64(distances + k, entry);
        sum += entry;
    }
    return sum_of_lanes(sum);
}

static void scale_row(softgrad_count n, const double *from, double factor, double *to) {
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(to + j, n - j, load_f64(from + j) * factor);
    }
}

/* The row of the costs slope s + A for the p-norms times a factor, when the least cost and the height are known;
 * returns the sum of the row before it was multiplied. */
INLINE double cost_row(int power, const struct neural_row *row, double slope, double cheapest, double height,
                       double factor, double *to) {
    const struct index_row *given = &row->given;
    Vector sum = broadcast(0);
    for (softgrad_count j = 0; j < given->n; j += LANES) {
        Vector cost = slope * load_f64(given->s + j) + load_f64(row->sums + j);
        Vector weight = positive_power(height - (cost - cheapest) * given->scale, power);
        sum += weight;
        store_up_to(to + j, given->n - j, weight * factor);
    }
    return sum_of_lanes(sum);
}

/* Costs that differ by less than their rounding may lie outside of the window and count all the same: then the row is
 * normalised. */
INLINE void whole_row(int power, const struct neural_row *row, double slope, double cheapest, double height,
                      double *to) {
    double sum = cost_row(power, row, slope, cheapest, height, 1, to);
    if (sum > 1 + SUM_ERROR) {
        cost_row(power, row, slope, cheapest, height, 1 / sum, to);
    }
}

/* One row after another, each from the places of its window. */
INLINE void neural_windows(int regularizer, const struct neural_row *row, const struct index_matrix *matrix,
                           double reach, double *distances) {
    const struct index_row *given = &row->given;
    softgrad_count begin = 0;
    double height = 1;
    for (softgrad_count place = matrix->low; place < matrix->high; place++) {
        double slope = slope_of(row, place), *to = row_of(matrix, place);
        softgrad_count end = row->ends[place - matrix->low];
        double bound = cost_of(row, slope, row->cheapest[place - matrix->low]) + reach;
        while (cost_of(row, slope, begin) > bound) {
            begin++;
        }
        softgrad_count width = end - begin;
        double cheapest = window_distances(row, slope, begin, end, distances);
        if (regularizer == SOFTGRAD_ENTROPY) {
            height = 1.0 / exponentials_of(width, distances);
        } else {
            height = height_of(regularizer, width, distances, height);
        }
        if (regularizer != SOFTGRAD_ENTROPY && width >= given->n / SCATTERED_SHARE) {
            whole_row(regularizer, row, slope, cheapest, height, to);
            finish_row(matrix, place);
            continue;
        }
        if (regularizer == SOFTGRAD_ENTROPY) {
            scale_row(width, distances, height, distances);
        } else {
            powers_in_place(regularizer, width, height, distances);
        }
        write_window(given, begin, end, distances, to);
        finish_row(matrix, place);
    }
}

/* The entries of the first row of a block, but for a factor. */
static void first_entries(const struct neural_row *row, double slope, double *entries) {
    softgrad_count n = row->given.n;
    Vector least = broadcast(__builtin_inf());
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector cost = slope * load_f64(row->given.s + j) + load_f64(row->sums + j);
        store_f64(entries + j, cost);
        least = smaller(cost, least);
    }
    double cheapest = -largest_lane(-least);
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector distance = (load_f64(entries + j) - cheapest) * row->given.scale;
        Vector entry = exponential(-distance);
        store_f64(entries + j, select((Mask)(distance > FACTOR_REACH), broadcast(0), entry));
    }
}

/* Returns the sum of the products, which are in place. */
static double multiply_entries(softgrad_count n, const double *factors, double *entries) {
    Vector sums[2] = {{0}};
    softgrad_count j = 0;
    for (; j + 2 * LANES <= n; j += 2 * LANES) {
        for (int half = 0; half < 2; half++) {
            Vector entry = load_f64(entries + j + half * LANES) * load_f64(factors + j + half * LANES);
            store_f64(entries + j + half * LANES, entry);
            sums[half] += entry;
        }
    }
    for (; j < n; j += LANES) {
        Vector entry = load_f64(entries + j) * load_f64(factors + j);
        store_f64(entries + j, entry);
        sums[0] += entry;
    }
    return sum_of_lanes(sums[0] + sums[1]);
}

static void neural_blocks(const struct neural_row *row, const struct index_matrix *matrix, softgrad_count steps,
                          double *entries, double *factors) {
    const struct index_row *given = &row->given;
    for (softgrad_count j = 0; j < given->n; j += LANES) {
        store_f64(factors + j, exponential(load_f64(given->s + j) * (2.0 * given->scale)));
    }
    for (softgrad_count begin = matrix->low; begin < matrix->high; begin += steps) {
        softgrad_count end = begin + steps < matrix->high ? begin + steps : matrix->high;
        /* As if for the place before, since every row multiplies first. */
        first_entries(row, slope_of(row, begin - 1), entries);
        for (softgrad_count place = begin; place < end; place++) {
            double total = multiply_entries(given->n, factors, entries);
            scale_row(given->n, entries, 1.0 / total, row_of(matrix, place));
            finish_row(matrix, place);
        }
    }
}

/* scratch: 2 (n + ORDER_PADDING) */
static void neural_matrix(int regularizer, const struct neural_row *row, const struct index_matrix *matrix,
                          double *scratch) {
    double steps = FACTOR_GROWTH / (row->range * row->given.scale);
    if (regularizer == SOFTGRAD_ENTROPY && steps >= LEAST_STEPS) {
        neural_blocks(row, matrix, (softgrad_count)(steps < MOST_STEPS ? steps : MOST_STEPS), scratch,
                      scratch + row->given.n + ORDER_PADDING);
        return;
    }
    double reach = (regularizer == SOFTGRAD_ENTROPY ? ENTROPY_REACH : POWER_REACH) * row->given.softness;
    find_ends(row, matrix, reach);
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN:
            neural_windows(SOFTGRAD_SQUARED_EUCLIDEAN, row, matrix, reach, scratch);
            break;
        case SOFTGRAD_NORM_3_2: neural_windows(SOFTGRAD_NORM_3_2, row, matrix, reach, scratch); break;
        case SOFTGRAD_NORM_4_3: neural_windows(SOFTGRAD_NORM_4_3, row, matrix, reach, scratch); break;
        default: neural_windows(SOFTGRAD_ENTROPY, row, matrix, reach, scratch);
    }
}

#endif
