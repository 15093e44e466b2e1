/*
 * Points and anchors on a line as a transport problem: the order of the points, the hard plan, and the way to the
 * solution.
 */
#ifndef SOFTGRAD_TRANSPORT_POINTS_H
#define SOFTGRAD_TRANSPORT_POINTS_H

#include "order_rows.h"
#include "transport_frame.h"
#include "transport_newton.h"

static int check_line(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, double softness) {
    return n > ORDER_LARGEST ? SOFTGRAD_BAD_SHAPE : check_transport(regularizer, rows, n, m, softness);
}

/* The arrays of a line problem, cut from scratch. */
struct line_arrays {
    double *x, *anchors, *last, *next, *scores, *supply, *demand;
    int *order;
    softgrad_count *target;
    double *end;
};

static struct line_arrays allot_line(softgrad_count n, softgrad_count m, double *scratch) {
    struct line_arrays a = {.x = scratch, .supply = scratch + n};
    a.order = (int *)(scratch + 2 * n);
    a.target = (softgrad_count *)(scratch + 3 * n);
    a.anchors = scratch + 4 * n;
    a.last = a.anchors + m;
    a.next = a.anchors + 2 * m;
    a.scores = a.anchors + 3 * m;
    a.demand = a.anchors + 4 * m;
    a.end = a.anchors + 5 * m;
    return a;
}

/* Sorts the points and scales them by a power of two, so that no product of their distances leaves the range of
   doubles. Returns the scale. */
static double arrange(const struct line_arrays *a, softgrad_count n, const double *x) {
    SOFTGRAD_IN_TIER(argsort_row)(n, x, a->order, a->x, a->end);
    const double low = a->x[0], high = a->x[n - 1];
    const double range = 0.25 * high - 0.25 * low, size = high > -low ? high : -low;
    double scale = 1;
    while (range * scale > 1 && scale > 0x1p-1000) {
        scale *= 0.5;
    }
    while (range > 0 && range * scale < 0.125 && size * scale < 0x1p+900 && scale < 0x1p+1000) {
        scale *= 2;
    }
    for (softgrad_count i = 0; i < n; i++) {
        a->x[i] *= scale;
    }
    return scale;
}

/* The hard plan: each point's anchor, and the points on both sides of the threshold between neighbouring anchors. */
static void match(const struct line_arrays *a, softgrad_count n, softgrad_count m, const double *shares) {
    softgrad_count i = 0;
    for (softgrad_count j = 0; j < m; j++) {
        const softgrad_count share = (softgrad_count)(shares[j] + 0.5);
        const softgrad_count end = i + share < n ? i + share : n;
        for (; i < end; i++) {
            a->target[i] = j;
        }
        a->last[j] = a->x[i > 0 ? i - 1 : 0];
        a->next[j] = a->x[i < n ? i : n - 1];
        a->demand[j] = shares[j] / (double)n;
    }
    for (; i < n; i++) {
        a->target[i] = m - 1;
    }
    fill(n, a->supply, 1.0 / (double)n);
}

/* Half steps of Sinkhorn's iteration take the potential to where Newton's steps are short. */
static void warm_up(struct problem *p) {
    enum { SWEEPS = 3 };
    evaluate(p);
    for (int sweep = 0; sweep < SWEEPS && p->exponent == 0; sweep++) {
        for (softgrad_count j = 0; j < p->targets; j++) {
            double mass = p->mass[j] > 1e-300 ? p->mass[j] : 1e-300;
            p->potential[j] += 0.5 * p->softness * log_of(p->demand[j] / mass);
        }
        evaluate(p);
    }
}

/* Forms the entries of the plan, if moments have done without them. */
static void form_entries(struct problem *p) {
    if (p->moments) {
        p->moments = 0;
        fill(p->sources, p->factor, 1);
        evaluate(p);
    }
}

/* By moments, for which there must be room in `moments`, as far as they serve; else by entries. */
static void solve(struct problem *p, struct moments *moments, double tolerance, softgrad_count bound,
                  struct progress *progress) {
    const softgrad_count pieces = count_pieces(p);
    if (pieces > 0) {
        cut(p, pieces, moments);
        p->moments = moments;
    }
    warm_up(p);
    converge(p, tolerance, bound, progress);
    if (p->moments && !(progress->error <= tolerance)) {
        form_entries(p);
        converge(p, tolerance, bound, progress);
    }
}

static double clamped(double softness) {
    return softness < 1e-290 ? 1e-290 : softness > 1e290 ? 1e290 : softness;
}

/* Poses a row as a problem whose points and anchors ascend. Returns whether the caller's anchors descend. */
static int pose(struct problem *p, struct line *line, const struct line_arrays *a, const double *x,
                const double *anchors, const double *shares, double softness) {
    const softgrad_count n = p->sources, m = p->targets;
    const int reversed = anchors[0] > anchors[m - 1];
    for (softgrad_count j = 0; j < m; j++) {
        const softgrad_count from = reversed ? m - 1 - j : j;
        a->anchors[j] = anchors[from];
        a->scores[j] = shares[from];
    }
    p->softness = clamped(softness * arrange(a, n, x));
    match(a, n, m, a->scores);
    *line = (struct line){a->x, a->anchors, a->last, a->next, a->target, a->scores};
    p->line = line;
    p->moments = 0;
    p->few = 0;
    p->logarithms = 0;
    p->supply = a->supply;
    p->demand = a->demand;
    take_sizes(p);
    return reversed;
}

#endif
