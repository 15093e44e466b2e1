/*
 * Regularized optimal transport for any costs and its vector-Jacobian product, for one tier. The method is that of
 * transport_newton.h; here are its start, and the way in and out.
 */
#include "kernels.h"
#include "transport_frame.h"
#include "transport_newton.h"
#include "transport_pull.h"

enum { CHUNK = 16 }; /* rows that stay in the cache from one use to the next */

/* Turns a row of costs into scores, the best of them zero. Returns their range; NaN where a cost is not finite. */
static double negate_row(softgrad_count n, double *row) {
    Vector lowest = broadcast(row[0]), highest = lowest, rest = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        const Vector cost = load_up_to(row + j, n - j, row[0]);
        highest = larger(cost, highest);
        lowest = -larger(-cost, -lowest);
        rest += cost - cost;
    }
    const double least = -largest_lane(-lowest);
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(row + j, n - j, least - load_up_to(row + j, n - j, 0));
    }
    return largest_lane(highest) - least + sum_of_lanes(rest);
}

/* The scores from the caller's costs. Returns the largest range of a row; NaN where a cost is not finite. */
static double take_costs(struct problem *p, const struct layout *layout, const double *cost) {
    const softgrad_count n = p->targets;
    double range = 0;
    for (softgrad_count first = 0; first < p->sources; first += CHUNK) {
        const softgrad_count count = p->sources - first < CHUNK ? p->sources - first : CHUNK;
        double *rows = p->scores + first * n;
        gather(layout, count, n, cost + first * layout->source_stride, rows);
        for (softgrad_count i = 0; i < count; i++) {
            const double of_row = negate_row(n, rows + i * n);
            range = of_row <= range || range != range ? range : of_row;
        }
    }
    return range;
}

/* Takes the potentials into the scores, where they leave small numbers for the entries that have mass. */
static void absorb(struct problem *p) {
    if (is_scaled(p)) {
        return;
    }
    for (softgrad_count i = 0; i < p->sources; i++) {
        double *row = p->scores + i * p->targets;
        for (softgrad_count j = 0; j < p->targets; j++) {
            row[j] = (row[j] + p->potential[j]) + p->level[i];
        }
    }
    fill(p->targets, p->potential, 0);
    fill(p->sources, p->threshold, -1e300);
}

static void start_stage(struct problem *p, double softness) {
    enum { SWEEPS = 3 };
    p->softness = softness;
    if (is_scaled(p)) {
        form(p);
    } else {
        evaluate(p);
    }
    for (int k = 0; k < SWEEPS; k++) {
        sweep(p);
    }
}

/* From the softness at which everything is connected down to the one wanted, each solution the start of the next. */
static void anneal(struct problem *p, double range, double softness, double tolerance, softgrad_count bound,
                   struct progress *progress) {
    enum { STAGES = 60 };
    const double connected = range / (p->exponent == 0 ? 32 : p->root_of_supply);
    const double first = connected < 0x1p+1023 ? connected : 0x1p+1023; /* as infinity never comes down */
    double ratio = 4;
    for (double r = first / softness, reached = 1; reached < r && ratio < 1e12;) {
        reached = 1;
        for (int stage = 0; stage < STAGES; stage++) {
            reached *= ratio;
        }
        ratio = reached < r ? ratio * 2 : ratio;
    }
    for (double stage = first; stage > softness * ratio; stage /= ratio) {
        start_stage(p, stage);
        newton(p, 0.05, bound, progress);
        absorb(p);
    }
    start_stage(p, softness);
    converge(p, tolerance, bound, progress);
}

/* The plan from its scaled form. */
static void write_scaled(struct problem *p, const struct layout *layout, double *plan) {
    const softgrad_count n = p->targets;
    for (softgrad_count first = 0; first < p->sources; first += CHUNK) {
        const softgrad_count count = p->sources - first < CHUNK ? p->sources - first : CHUNK;
        const struct block block = {.source = first, .sources = count, .targets = n};
        double *rows = p->roots + first * n;
        for (softgrad_count i = 0; i < count; i++) {
            for (softgrad_count j = 0; j < n; j += LANES) {
                const Vector mass = load_up_to(rows + i * n + j, n - j, 0) * p->factor[first + i];
                store_up_to(rows + i * n + j, n - j, mass * load_up_to(p->gain + j, n - j, 0));
            }
        }
        scatter(layout, n, &block, rows, plan);
    }
}

int SOFTGRAD_IN_TIER(transport_f64)(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                    const double *cost, const double *mu, const double *nu, double softness,
                                    double tolerance, softgrad_count iteration_bound, int logarithms, double *plan,
                                    softgrad_count *iterations, double *residual, double *scratch) {
    int status = check_transport(regularizer, rows, n, m, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!cost || !mu || !nu || !scratch || !plan || !iterations || !residual) {
        return SOFTGRAD_BAD_POINTER;
    }
    const int by_rows = n >= m; /* the longer side is the one that is eliminated */
    const struct layout layout = {.source_stride = by_rows ? m : 1, .target_stride = by_rows ? 1 : m};
    struct problem p = {.exponent = regularizer,
                        .sources = by_rows ? n : m,
                        .targets = by_rows ? m : n,
                        .supply = by_rows ? mu : nu,
                        .demand = by_rows ? nu : mu};
    for (softgrad_count row = 0; row < rows; row++, cost += n * m, plan += n * m) {
        struct progress progress = {.iterations = 0};
        p.logarithms = 0;
        p.scores = allot(&p, scratch);
        const double range = take_costs(&p, &layout, cost);
        if (range - range == 0 && is_finite(n, mu) && is_finite(m, nu)) {
            take_sizes(&p);
            anneal(&p, range, softness, tolerance, iteration_bound, &progress);
            if (is_scaled(&p) && !logarithms) {
                write_scaled(&p, &layout, plan);
            } else {
                write_plan(&p, &layout, logarithms && regularizer == SOFTGRAD_ENTROPY, 1, 0, plan);
            }
        } else {
            fill(n * m, plan, __builtin_nan(""));
            progress.error = 0;
        }
        iterations[row] = progress.iterations;
        residual[row] = progress.error;
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(transport_vjp_f64)(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                        const double *plan, double softness, const double *g, int of_logarithms,
                                        double *dcost, double *scratch) {
    int status = check_transport(regularizer, rows, n, m, softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!plan || !g || !scratch || !dcost) {
        return SOFTGRAD_BAD_POINTER;
    }
    const int by_rows = n >= m;
    const struct layout layout = {.source_stride = by_rows ? m : 1, .target_stride = by_rows ? 1 : m};
    struct problem p = {.exponent = regularizer,
                        .sources = by_rows ? n : m,
                        .targets = by_rows ? m : n,
                        .softness = softness};
    for (softgrad_count row = 0; row < rows; row++, plan += n * m, g += n * m, dcost += n * m) {
        double *cotangent = allot(&p, scratch);
        gather(&layout, p.sources, p.targets, plan, p.roots);
        gather(&layout, p.sources, p.targets, g, cotangent);
        pull(&p, 1, of_logarithms, cotangent);
        fill(n * m, dcost, 0);
        for (softgrad_count i = 0; i < p.sources; i++) {
            const struct block block = window_of(&p, i);
            scatter(&layout, p.targets, &block, cotangent + block.at, dcost);
        }
    }
    return SOFTGRAD_OK;
}
