/*
 * Products of the plan from points to anchors on a line with a vector, and their vector-Jacobian product, for one tier:
 * soft sorting and ranking by optimal transport without the n x m entries of the plan.
 */
#include "kernels.h"
#include "transport_apply.h"

/* The caller's numbers of all targets, which may run backwards there. */
static void turn(softgrad_count m, int reversed, const double *from, double *to) {
    for (softgrad_count j = 0; j < m; j++) {
        to[j] = from[reversed ? m - 1 - j : j];
    }
}

static void take(softgrad_count n, const int *order, const double *from, double *to) {
    for (softgrad_count i = 0; i < n; i++) {
        to[i] = from[order[i]];
    }
}

static void bring(softgrad_count n, const int *order, double scale, const double *from, double *to) {
    for (softgrad_count i = 0; i < n; i++) {
        to[order[i]] = scale * from[i];
    }
}

/* Vectors of the caller in the order of the problem, and what else the products need. */
struct buffers {
    double *of_sources, *of_targets, *dx;
    struct pulled pulled;
};

static struct buffers allot_buffers(softgrad_count n, softgrad_count m, double *scratch) {
    double *targets = scratch + 6 * n;
    return (struct buffers){
        .of_sources = scratch,
        .dx = scratch + n,
        .of_targets = targets,
        .pulled = {scratch + 2 * n, scratch + 3 * n, scratch + 4 * n, scratch + 5 * n, targets + m, targets + 2 * m,
                   targets + 3 * m},
    };
}

static int check_apply(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, double softness,
                       int to_points) {
    const int status = check_line(regularizer, rows, n, m, softness);
    return status != SOFTGRAD_OK ? status : to_points != 0 && to_points != 1 ? SOFTGRAD_BAD_METHOD : SOFTGRAD_OK;
}

/* The product of a solved plan with v, which is y. */
static void multiply_solved(const struct problem *p, const struct line_arrays *a, const struct buffers *t,
                            int to_points, int reversed, const double *v, double *y) {
    const softgrad_count n = p->sources, m = p->targets;
    if (to_points) {
        turn(m, reversed, v, t->of_targets);
        apply_to_targets(p, t->of_targets, t->of_sources);
        bring(n, a->order, (double)n, t->of_sources, y);
    } else {
        take(n, a->order, v, t->of_sources);
        apply_to_sources(p, t->of_sources, t->of_targets);
        turn(m, reversed, t->of_targets, y);
        for (softgrad_count j = 0; j < m; j++) {
            y[j] *= (double)n;
        }
    }
}

int SOFTGRAD_IN_TIER(transport_line_apply_f64)(int regularizer, softgrad_count rows, softgrad_count n,
                                               softgrad_count m, const double *x, const double *anchors,
                                               const double *shares, double softness, double tolerance,
                                               softgrad_count iteration_bound, int to_points, const double *v,
                                               double *y, double *state, softgrad_count *iterations, double *residual,
                                               double *scratch) {
    int status = check_apply(regularizer, rows, n, m, softness, to_points);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !anchors || !shares || !v || !scratch || !y || !state || !iterations || !residual) {
        return SOFTGRAD_BAD_POINTER;
    }
    struct problem p = {.exponent = regularizer, .sources = n, .targets = m};
    const softgrad_count size = to_points ? n : m;
    for (softgrad_count row = 0; row < rows; row++, x += n, v += to_points ? 0 : n, y += size, state += m + 1) {
        struct line_arrays a = allot_line(n, m, allot(&p, scratch));
        const struct buffers t = allot_buffers(n, m, a.end);
        struct line line;
        struct moments moments;
        struct progress progress = {.iterations = 0};
        if (is_finite(n, x)) {
            const int reversed = pose(&p, &line, &a, x, anchors, shares, softness);
            solve(&p, &moments, tolerance, iteration_bound, &progress);
            multiply_solved(&p, &a, &t, to_points, reversed, v, y);
            turn(m, 0, p.potential, state);
            state[m] = p.moments ? 1 : 0;
        } else {
            fill(size, y, __builtin_nan(""));
            fill(m + 1, state, __builtin_nan(""));
            progress.error = 0;
        }
        iterations[row] = progress.iterations;
        residual[row] = progress.error;
    }
    return SOFTGRAD_OK;
}

/* Brings a problem back to where the forward function left it. */
static void restore(struct problem *p, struct moments *moments, const double *state) {
    const softgrad_count pieces = state[p->targets] > 0 ? count_pieces(p) : 0;
    turn(p->targets, 0, state, p->potential);
    if (pieces > 0) {
        cut(p, pieces, moments);
        p->moments = moments;
    }
    evaluate(p);
}

/* The cotangents of the points, and of v where v is of the points. */
static void pull_solved(struct problem *p, const struct line_arrays *a, const struct buffers *t, int to_points,
                        int reversed, const double *v, const double *g, double softness, double *dx, double *dv) {
    const softgrad_count n = p->sources;
    turn(p->targets, reversed, to_points ? v : g, t->of_targets);
    take(n, a->order, to_points ? g : v, t->of_sources);
    if (!to_points) {
        apply_to_targets(p, t->of_targets, t->dx);
        bring(n, a->order, (double)n, t->dx, dv);
    }
    centre(n, t->of_sources); /* which changes nothing, but numbers far from zero would cost digits */
    pull_product(p, t->of_sources, t->of_targets, &t->pulled, t->dx);
    bring(n, a->order, 2 * ((double)n / softness), t->dx, dx);
}

int SOFTGRAD_IN_TIER(transport_line_apply_vjp_f64)(int regularizer, softgrad_count rows, softgrad_count n,
                                                   softgrad_count m, const double *x, const double *anchors,
                                                   const double *shares, double softness, int to_points,
                                                   const double *v, const double *state, const double *g, double *dx,
                                                   double *dv, double *scratch) {
    int status = check_apply(regularizer, rows, n, m, softness, to_points);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !anchors || !shares || !v || !state || !g || !scratch || !dx || (!to_points && !dv)) {
        return SOFTGRAD_BAD_POINTER;
    }
    struct problem p = {.exponent = regularizer, .sources = n, .targets = m};
    const softgrad_count size = to_points ? n : m;
    for (softgrad_count row = 0; row < rows; row++, x += n, state += m + 1, g += size, dx += n) {
        struct line_arrays a = allot_line(n, m, allot(&p, scratch));
        const struct buffers t = allot_buffers(n, m, a.end);
        struct line line;
        struct moments moments;
        if (is_finite(n, x) && is_finite(size, g) && is_finite(m, state)) {
            const int reversed = pose(&p, &line, &a, x, anchors, shares, softness);
            restore(&p, &moments, state);
            pull_solved(&p, &a, &t, to_points, reversed, v, g, softness, dx, dv);
        } else {
            fill(n, dx, __builtin_nan(""));
            fill(to_points ? 0 : n, dv, __builtin_nan(""));
        }
        v += to_points ? 0 : n;
        dv = to_points ? dv : dv + n; /* which may be null */
    }
    return SOFTGRAD_OK;
}
