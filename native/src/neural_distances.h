/* The soft distances of NeuralSort, in units of the softness: the choice between pairs, panels and moments. */
#ifndef SOFTGRAD_NEURAL_DISTANCES_H
#define SOFTGRAD_NEURAL_DISTANCES_H

#include "neural_distances_moments.h"
#include "neural_distances_panels.h"

enum {
    DISTANCES_SCRATCH = 5,   /* times n + ORDER_PADDING doubles */
    FEW_POINTS = 128,        /* smooth: up to here pairs are always faster */
    FEW_POWER_POINTS = 64,   /* the same for the polynomial curves */
    PANEL_DOUBLES = 4 + NODE_LANES
};

/* The number of pairs of points within reach of each other. */
static double pairs_within_reach(softgrad_count n, const double *p) {
    softgrad_count low = 0, pairs = 0;
    for (softgrad_count k = 0; k < n; k++) {
        for (; p[k] - p[low] > smooth_reach; low++) {
        }
        pairs += 2 * (k - low) + 1;
    }
    return (double)pairs;
}

/* Whether panels are faster, by measured costs: in units of that of a pair, a point 12, a pair of panels 480. */
static int panels_are_faster(softgrad_count n, const double *p, double half_width, softgrad_count panels) {
    const double in_reach = 1 + 2 * smooth_reach / (2 * half_width);
    const double met = (double)panels * ((double)panels < in_reach ? (double)panels : in_reach);
    return 2000 + 12.0 * (double)n + 300.0 * (double)panels + 480.0 * met < pairs_within_reach(n, p);
}

static void smooth_distances(softgrad_count n, const double *p, const double *w, double *sums, double *slopes,
                             double *scratch) {
    const double half_range = (0.5 * p[n - 1] - 0.5 * p[0]) * (1 + 1e-12);
    const double half_width = half_range > 1 ? 1 : half_range < 0x1p-20 ? 0x1p-20 : half_range;
    if (n > FEW_POINTS) {
        struct panel *panels = (struct panel *)scratch;
        const softgrad_count room = DISTANCES_SCRATCH * n / PANEL_DOUBLES - 2;
        const softgrad_count count = place_panels(n, p, half_width, room, panels);
        if (count <= room && panels_are_faster(n, p, half_width, count)) {
            struct nodes nodes;
            make_nodes(half_width, &nodes);
            smooth_panels(count, &nodes, p, w, panels, sums, slopes);
            return;
        }
    }
    smooth_pairs(n, p, w, sums, slopes, scratch);
}

INLINE void power_distances(int power, softgrad_count n, const double *p, const double *w, double *sums,
                            double *slopes) {
    if (n <= FEW_POWER_POINTS) {
        power_pairs(power, n, p, w, sums, slopes);
    } else {
        power_moments(power, n, p, w, sums, slopes);
    }
}

/*
 * sums_k = sum_j w_j phi(p_k - p_j) and slopes_k = sum_j w_j phi'(p_k - p_j); w null means ones, either result may be
 * null. p is padded.
 */
static void distances(int regularizer, softgrad_count n, const double *p, const double *w, double *sums, double *slopes,
                      double *scratch) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: power_distances(1, n, p, w, sums, slopes); break;
        case SOFTGRAD_NORM_3_2: power_distances(2, n, p, w, sums, slopes); break;
        case SOFTGRAD_NORM_4_3: power_distances(3, n, p, w, sums, slopes); break;
        default: smooth_distances(n, p, w, sums, slopes, scratch);
    }
}

#endif
