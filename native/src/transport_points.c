/*
 * Regularized optimal transport of points to anchors on a line and its vector-Jacobian product, for one tier. The
 * method is that of transport_newton.h; here are its start, and the way in and out.
 */
#include "kernels.h"
#include "transport_frame.h"
#include "transport_newton.h"
#include "transport_pull.h"

/* The stable ascending order of x by merging; `spare` is as long. */
static void sort(softgrad_count n, const double *x, softgrad_count *order, softgrad_count *spare) {
    for (softgrad_count i = 0; i < n; i++) {
        order[i] = i;
    }
    for (softgrad_count width = 1; width < n; width *= 2) {
        for (softgrad_count start = 0; start < n; start += 2 * width) {
            softgrad_count middle = start + width < n ? start + width : n;
            softgrad_count end = middle + width < n ? middle + width : n;
            for (softgrad_count a = start, b = middle, to = start; to < end; to++) {
                int from_right = a == middle || (b < end && x[order[b]] < x[order[a]]);
                spare[to] = order[from_right ? b++ : a++];
            }
        }
        for (softgrad_count i = 0; i < n; i++) {
            order[i] = spare[i];
        }
    }
}

/* The arrays of a line problem, cut from scratch. */
struct line_arrays {
    double *x, *anchors, *last, *next, *scores, *supply, *demand;
    softgrad_count *order, *target;
};

static struct line_arrays allot_line(softgrad_count n, softgrad_count m, double *scratch) {
    struct line_arrays a = {.x = scratch, .supply = scratch + n};
    a.order = (softgrad_count *)(scratch + 2 * n);
    a.target = a.order + n;
    a.anchors = scratch + 4 * n;
    a.last = a.anchors + m;
    a.next = a.anchors + 2 * m;
    a.scores = a.anchors + 3 * m;
    a.demand = a.anchors + 4 * m;
    return a;
}

/* Sorts the points and scales them by a power of two, so that no product of their distances leaves the range of doubles.
   Returns the scale. */
static double arrange(const struct line_arrays *a, softgrad_count n, const double *x) {
    sort(n, x, a->order, a->target);
    const double low = x[a->order[0]], high = x[a->order[n - 1]];
    const double range = 0.25 * high - 0.25 * low, size = high > -low ? high : -low;
    double scale = 1;
    while (range * scale > 1 && scale > 0x1p-1000) {
        scale *= 0.5;
    }
    while (range > 0 && range * scale < 0.125 && size * scale < 0x1p+900) {
        scale *= 2;
    }
    for (softgrad_count i = 0; i < n; i++) {
        a->x[i] = x[a->order[i]] * scale;
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

static double clamped(double softness) {
    return softness < 1e-290 ? 1e-290 : softness > 1e290 ? 1e290 : softness;
}

int SOFTGRAD_IN_TIER(transport_line_f64)(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                         const double *x, const double *anchors, const double *shares, double softness,
                                         double tolerance, softgrad_count iteration_bound, int logarithms,
                                         double *plan, softgrad_count *iterations, double *residual, double *scratch) {
    int status = check_transport(regularizer, rows, n, m, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !anchors || !shares || !scratch || !plan || !iterations || !residual) {
        return SOFTGRAD_BAD_POINTER;
    }
    struct problem p = {.exponent = regularizer, .sources = n, .targets = m};
    for (softgrad_count row = 0; row < rows; row++, x += n, plan += n * m) {
        struct line_arrays a = allot_line(n, m, allot(&p, scratch));
        struct line line = {a.x, a.anchors, a.last, a.next, a.target, a.scores};
        struct layout layout = {.source_stride = 1, .target_stride = n, .source = a.order};
        struct progress progress = {.iterations = 0};
        iterations[row] = 0;
        residual[row] = 0;
        if (!is_finite(n, x)) {
            fill(n * m, plan, __builtin_nan(""));
            continue;
        }
        layout.reversed = anchors[0] > anchors[m - 1];
        for (softgrad_count j = 0; j < m; j++) {
            softgrad_count from = layout.reversed ? m - 1 - j : j;
            a.anchors[j] = anchors[from];
            a.scores[j] = shares[from];
        }
        const double scale = arrange(&a, n, x);
        match(&a, n, m, a.scores);
        p.line = &line;
        p.logarithms = 0;
        p.supply = a.supply;
        p.demand = a.demand;
        p.softness = clamped(softness * scale);
        take_sizes(&p);
        warm_up(&p);
        converge(&p, tolerance, iteration_bound, &progress);
        write_plan(&p, &layout, logarithms && regularizer == SOFTGRAD_ENTROPY, (double)n, log_of((double)n), plan);
        iterations[row] = progress.iterations;
        residual[row] = progress.error;
    }
    return SOFTGRAD_OK;
}

/* dx_i = 2 sum_j dC_ij (x_i - y_j), where the dC_ij sum to zero. */
static double pull_point(const struct block *block, const double *anchors, const double *dcost) {
    double sum = 0;
    for (softgrad_count j = 0; j < block->targets; j++) {
        sum += dcost[j] * (anchors[block->target + j] - anchors[block->target]);
    }
    return -2 * sum;
}

int SOFTGRAD_IN_TIER(transport_line_vjp_f64)(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                             const double *anchors, const double *plan, double softness,
                                             const double *g, int of_logarithms, double *dx, double *scratch) {
    int status = check_transport(regularizer, rows, n, m, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!anchors || !plan || !g || !scratch || !dx) {
        return SOFTGRAD_BAD_POINTER;
    }
    const struct layout layout = {.source_stride = 1, .target_stride = n};
    struct problem p = {.exponent = regularizer, .sources = n, .targets = m, .softness = softness};
    for (softgrad_count row = 0; row < rows; row++, plan += n * m, g += n * m, dx += n) {
        double *cotangent = allot(&p, scratch);
        gather(&layout, n, m, plan, p.roots);
        gather(&layout, n, m, g, cotangent);
        pull(&p, 1.0 / (double)n, of_logarithms, cotangent);
        for (softgrad_count i = 0; i < n; i++) {
            dx[i] = pull_point(p.blocks + i, anchors, cotangent + p.blocks[i].at);
        }
    }
    return SOFTGRAD_OK;
}
