/*
 * The smooth distances of NeuralSort by panels: d tanh(d / 2) is analytic within pi of the real axis, so even for equal
 * points its interpolant at 20 Chebyshev nodes on a panel of half-width 1 is exact to rounding (the error falls as
 * 6.4^-20: Trefethen, Approximation Theory and Approximation Practice, theorem 8.2). The points of each panel become
 * weights at its nodes, the nodes of panels within reach are summed pair by pair, and the sums are interpolated at the
 * points. Sums and slopes are interpolated apart: differentiating an interpolant would cost three digits.
 */
#ifndef SOFTGRAD_NEURAL_DISTANCES_PANELS_H
#define SOFTGRAD_NEURAL_DISTANCES_PANELS_H

#include "neural_distances_pairs.h"

enum { NODES = 20, NODE_LANES = 24 }; /* as whole vectors */

/* cos(j pi / 40) for j from 0 to 20. */
static const double cosines[NODES + 1] = {
    0x1.0000000000000p+0, 0x1.fe6bf2e2660afp-1, 0x1.f9b24942fe45cp-1, 0x1.f1da785f71bcep-1, 0x1.e6f0e134454ffp-1,
    0x1.d906bcf328d46p-1, 0x1.c83201d3d2c6dp-1, 0x1.b48d406a50540p-1, 0x1.9e3779b97f4a8p-1, 0x1.8553ee43def13p-1,
    0x1.6a09e667f3bcdp-1, 0x1.4c8474600eeeep-1, 0x1.2cf2304755a5ep-1, 0x1.0b84ee8f52e9dp-1, 0x1.d0e2e2b44de01p-2,
    0x1.87de2a6aea963p-2, 0x1.3c6ef372fe950p-2, 0x1.de189a594fbccp-3, 0x1.4060b67a85375p-3, 0x1.415e532398e49p-4,
    0x1.77d4c76273645p-204};

/* On [-1, 1], and scaled to the half-width of the panels. Beyond NODES everything is zero. */
struct nodes {
    double polynomials[NODES][NODE_LANES]; /* T_k at node m */
    double places[NODE_LANES], exponentials[NODE_LANES];
    double half_width;
};

struct panel {
    double first, centre; /* the number of the first point; where the next panel begins this one ends */
    double weight, moment;
    double at_nodes[NODE_LANES];
};

/* T_k(x_m) = cos(k (2 m + 1) pi / 40). */
static double polynomial_at_node(int k, int m) {
    int j = k * (2 * m + 1) % (4 * NODES);
    j = j > 2 * NODES ? 4 * NODES - j : j;
    return j > NODES ? -cosines[2 * NODES - j] : cosines[j];
}

static void make_nodes(double half_width, struct nodes *nodes) {
    nodes->half_width = half_width;
    for (int k = 0; k < NODES; k++) {
        for (int m = 0; m < NODE_LANES; m++) {
            nodes->polynomials[k][m] = m < NODES ? polynomial_at_node(k, m) : 0;
        }
    }
    for (int m = 0; m < NODE_LANES; m += LANES) {
        Vector places = load_f64(nodes->polynomials[1] + m) * half_width;
        store_f64(nodes->places + m, places);
        store_f64(nodes->exponentials + m, exponential(places));
    }
}

/* Places the panels over the points and returns their number, or `most` + 1 if there are more. */
static softgrad_count place_panels(softgrad_count n, const double *p, double half_width, softgrad_count most,
                                   struct panel *panels) {
    softgrad_count count = 0;
    for (softgrad_count k = 0; k < n && count <= most; count++) {
        const double centre = p[k] + half_width;
        panels[count].first = (double)k;
        panels[count].centre = centre;
        while (k < n && p[k] <= centre + half_width) {
            k++;
        }
    }
    panels[count].first = (double)n;
    return count;
}

/* The weights at the nodes that stand for points: q_m = (2 / NODES) sum'_k T_k(x_m) sum_j w_j T_k(t_j). */
static void gather_panel(const struct nodes *nodes, const double *p, const double *w, struct panel *panel) {
    const softgrad_count first = (softgrad_count)panel->first, end = (softgrad_count)panel[1].first;
    const double scale = 1.0 / nodes->half_width;
    Vector sums[NODE_LANES] = {{0}};
    for (softgrad_count j = first; j < end; j += LANES) {
        const softgrad_count count = least(end - j, LANES);
        const Vector t = (load_f64(p + j) - panel->centre) * scale;
        Vector before, now, weight = w ? load_at_most(w + j, count) : ones_at_most(count);
        before = weight;
        now = weight * t;
        sums[0] += before;
        sums[1] += now;
        for (int k = 2; k < NODES; k++) {
            Vector next = 2.0 * t * now - before;
            before = now;
            now = next;
            sums[k] += now;
        }
    }
    double moments[NODE_LANES];
    for (int k = 0; k < NODE_LANES; k += LANES) {
        store_f64(moments + k, sums_of_each(sums + k));
    }
    panel->weight = moments[0];
    panel->moment = moments[0] * panel->centre + moments[1] * nodes->half_width;
    for (int m = 0; m < NODE_LANES; m += LANES) {
        Vector sum = broadcast(0.5 * moments[0]);
        for (int k = 1; k < NODES; k++) {
            sum += moments[k] * load_f64(nodes->polynomials[k] + m);
        }
        store_f64(panel->at_nodes + m, sum * (2.0 / (double)NODES));
    }
}

/* Sum and slope at the nodes of a panel. */
static void meet_panels(const struct nodes *nodes, const struct panel *target, const struct panel *from,
                        const struct panel *end, struct sides sides, struct sum_and_slope *at) {
    for (int m = 0; m < NODE_LANES; m += LANES) {
        const Vector places = load_f64(nodes->places + m);
        at[m / LANES].sum = plain_sum(sides, places + target->centre);
        at[m / LANES].slope = broadcast(plain_slope(sides));
    }
    for (const struct panel *source = from; source < end; source++) {
        const double apart = target->centre - source->centre;
        const Vector decay = exponential(broadcast(-apart));
        for (int m = 0; m < NODE_LANES; m += LANES) {
            const Vector e = load_f64(nodes->exponentials + m), place = load_f64(nodes->places + m) + apart;
            struct sum_and_slope sums = at[m / LANES];
            for (int j = 0; j < NODES; j++) {
                const double f = decay[0] * nodes->exponentials[j];
                add_smooth_pair(&sums, place, e, nodes->places[j], f, source->at_nodes[j]);
            }
            at[m / LANES] = sums;
        }
    }
}

/* The Chebyshev coefficients of what has these values at the nodes. */
static void coefficients_of(const struct nodes *nodes, const Vector *values, double *coefficients) {
    Vector products[NODE_LANES] = {{0}};
    for (int k = 0; k < NODES; k++) {
        for (int m = 0; m < NODE_LANES; m += LANES) {
            products[k] += values[m / LANES] * load_f64(nodes->polynomials[k] + m);
        }
    }
    for (int k = 0; k < NODE_LANES; k += LANES) {
        store_f64(coefficients + k, sums_of_each(products + k) * (2.0 / (double)NODES));
    }
    coefficients[0] *= 0.5;
}

/* Interpolates at the points of a panel. */
static void spread_panel(const struct nodes *nodes, const double *p, const struct panel *panel,
                         const struct sum_and_slope *at, double *sums, double *slopes) {
    double of_sum[NODE_LANES], of_slope[NODE_LANES];
    Vector values[2][NODE_LANES / LANES];
    for (int m = 0; m < NODE_LANES / LANES; m++) {
        values[0][m] = at[m].sum;
        values[1][m] = at[m].slope;
    }
    coefficients_of(nodes, values[0], of_sum);
    coefficients_of(nodes, values[1], of_slope);
    const softgrad_count end = (softgrad_count)panel[1].first;
    const double scale = 1.0 / nodes->half_width;
    for (softgrad_count k = (softgrad_count)panel->first; k < end; k += LANES) {
        const Vector t = (load_f64(p + k) - panel->centre) * scale;
        Vector before = broadcast(1.0), now = t;
        Vector sum = of_sum[0] + of_sum[1] * t, slope = of_slope[0] + of_slope[1] * t;
        for (int order = 2; order < NODES; order++) {
            Vector next = 2.0 * t * now - before;
            before = now;
            now = next;
            sum += of_sum[order] * now;
            slope += of_slope[order] * now;
        }
        if (sums) {
            store_at_most(sums + k, end - k, sum);
        }
        if (slopes) {
            store_at_most(slopes + k, end - k, slope);
        }
    }
}

static void smooth_panels(softgrad_count count, const struct nodes *nodes, const double *p, const double *w,
                          struct panel *panels, double *sums, double *slopes) {
    const double reach = smooth_reach + 2 * nodes->half_width;
    struct sides sides = {{0, 0}, {0, 0}};
    for (softgrad_count k = 0; k < count; k++) {
        gather_panel(nodes, p, w, panels + k);
        sides.right.weight += panels[k].weight;
        sides.right.moment += panels[k].moment;
    }
    softgrad_count low = 0, high = 0;
    for (softgrad_count k = 0; k < count; k++) {
        for (; panels[k].centre - panels[low].centre > reach; low++) {
            sides.left.weight += panels[low].weight;
            sides.left.moment += panels[low].moment;
        }
        for (; high < count && panels[high].centre - panels[k].centre <= reach; high++) {
            sides.right.weight -= panels[high].weight;
            sides.right.moment -= panels[high].moment;
        }
        if (high == count) {
            sides.right = (struct side){0, 0};
        }
        struct sum_and_slope at[NODE_LANES / LANES];
        meet_panels(nodes, panels + k, panels + low, panels + high, sides, at);
        spread_panel(nodes, p, panels + k, at, sums, slopes);
    }
}

#endif
