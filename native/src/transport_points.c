/*
 * Regularized optimal transport of points to anchors on a line and its vector-Jacobian product, for one tier. The
 * method is that of transport_newton.h; here are its start, and the way in and out.
 */
#include "kernels.h"
#include "transport_few_pull.h"
#include "transport_points.h"
#include "transport_pull.h"

/* The plan of few targets, times n, or its logarithms. */
static void write_few(struct problem *p, const int *order, int reversed, int logarithms, double *plan) {
    const softgrad_count n = p->sources, m = p->targets;
    const double shift = log_of((double)n);
    if (logarithms) {
        p->logarithms = 1;
        evaluate(p);
    }
    for (softgrad_count j = 0; j < m; j++) {
        double *root = roots_of(p, j), *out = plan + (reversed ? m - 1 - j : j) * n;
        for (softgrad_count i = 0; i < n; i += LANES) {
            const Vector value = load_up_to(root + i, n - i, 0);
            store_up_to(root + i, n - i, logarithms ? value + shift : root_to_mass(value, p->exponent) * (double)n);
        }
        for (softgrad_count i = 0; i < n; i++) {
            out[order[i]] = root[i];
        }
    }
}

int SOFTGRAD_IN_TIER(transport_line_f64)(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                         const double *x, const double *anchors, const double *shares, double softness,
                                         double tolerance, softgrad_count iteration_bound, int logarithms,
                                         double *plan, softgrad_count *iterations, double *residual, double *scratch) {
    int status = check_line(regularizer, rows, n, m, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !anchors || !shares || !scratch || !plan || !iterations || !residual) {
        return SOFTGRAD_BAD_POINTER;
    }
    struct problem p = {.exponent = regularizer, .sources = n, .targets = m};
    for (softgrad_count row = 0; row < rows; row++, x += n, plan += n * m) {
        struct line_arrays a = allot_line(n, m, allot(&p, scratch));
        struct line line;
        struct moments moments;
        struct few few;
        struct layout layout = {.source_stride = 1, .target_stride = n, .source = a.order};
        struct progress progress = {.iterations = 0};
        iterations[row] = 0;
        residual[row] = 0;
        if (!is_finite(n, x)) {
            fill(n * m, plan, __builtin_nan(""));
            continue;
        }
        layout.reversed = pose(&p, &line, &a, x, anchors, shares, softness);
        p.few = m <= FEW ? &few : 0;
        solve(&p, &moments, tolerance, iteration_bound, &progress);
        if (p.moments) {
            form_entries(&p);
            converge(&p, tolerance, iteration_bound, &progress);
        }
        const int as_logarithms = logarithms && regularizer == SOFTGRAD_ENTROPY;
        if (p.few) {
            write_few(&p, a.order, layout.reversed, as_logarithms, plan);
        } else {
            write_plan(&p, &layout, as_logarithms, (double)n, log_of((double)n), plan);
        }
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
    int status = check_line(regularizer, rows, n, m, softness);
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
        struct few few;
        if (m <= FEW) {
            p.few = &few;
            pull_few(&p, 1.0 / (double)n, of_logarithms, anchors, plan, g, cotangent, dx);
            continue;
        }
        gather(&layout, n, m, plan, p.roots);
        gather(&layout, n, m, g, cotangent);
        pull(&p, 1.0 / (double)n, of_logarithms, cotangent);
        for (softgrad_count i = 0; i < n; i++) {
            const struct block block = window_of(&p, i);
            dx[i] = pull_point(&block, anchors, cotangent + block.at);
        }
    }
    return SOFTGRAD_OK;
}
