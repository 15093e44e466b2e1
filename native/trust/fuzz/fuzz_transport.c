/* Optimal transport for any costs and its products. */
#include "fuzz.h"

struct task {
    struct arguments a;
    softgrad_count m, bound;
    double tolerance;
    int logarithms;
    const double *cost, *mu, *nu, *g;
};

enum { PLAN, ITERATIONS, RESIDUAL, DCOST };

/* Masses above zero with the sum 1. */
static double *take_masses(struct bytes *bytes, struct memory *memory, softgrad_count count) {
    double *masses = numbers_in(memory, count), sum = 0;
    const int has_small = one_in(bytes, 8), is_even = take(bytes) & 1;
    for (softgrad_count i = 0; i < count; i++) {
        const double byte = is_even ? 1 : 1 + take(bytes);
        masses[i] = has_small ? byte * ldexp(1, -(int)(take(bytes) % 40)) : byte;
        sum += masses[i];
    }
    for (softgrad_count i = 0; i < count; i++) {
        masses[i] /= sum;
    }
    return masses;
}

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 2, 24, 4, SOFTGRAD_BAD_REGULARIZER);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n, m = task->m = take_size(bytes, 24);
    task->tolerance = take(bytes) & 1 ? 1e-12 : 1e-6;
    task->bound = one_in(bytes, 4) ? take_one_of(bytes, 5) : one_in(bytes, 8) ? 200 : 30;
    task->logarithms = task->a.kind == SOFTGRAD_ENTROPY && one_in(bytes, 2); /* which others do not have */
    double *cost = numbers_in(memory, rows * n * m), *g = numbers_in(memory, rows * n * m);
    take_numbers(bytes, rows * n * m, cost);
    take_numbers(bytes, rows * n * m, g);
    task->mu = take_masses(bytes, memory, n);
    task->nu = take_masses(bytes, memory, m);
    task->cost = cost;
    task->g = g;
    snprintf(
        call_made, sizeof call_made,
        "transport(regularizer %d, rows %lld, n %lld, m %lld, softness %g, tolerance %g, bound %lld, logarithms %d)",
        task->a.kind, task->a.rows, task->a.n, m, task->a.softness, task->tolerance, task->bound, task->logarithms);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n, m = task->m;
    const softgrad_count at = offset_of(only, n * m);
    double *plan = output_numbers(out, have * n * m);
    softgrad_count *iterations = output(out, have, sizeof *iterations);
    double *residual = output_numbers(out, have), *dcost = output_numbers(out, have * n * m);
    double *scratch = scratch_of(out, 2 * n * m + 40 * (n + m));
    out->status = softgrad_transport_f64(a->kind, rows, a->n, m, FORWARD(0, task->cost + at), task->mu, task->nu,
                                         a->softness, task->tolerance, task->bound, task->logarithms, FORWARD(1, plan),
                                         iterations, residual, scratch);
    if (pulls(a)) {
        double *masses = scratch_of(out, have * n * m);
        for (softgrad_count k = 0; k < have * n * m; k++) {
            masses[k] = task->logarithms ? exp(plan[k]) : plan[k];
        }
        memset(scratch, out->garbage, (size_t)(2 * n * m + 40 * (n + m)) * sizeof *scratch);
        out->pull = softgrad_transport_vjp_f64(a->kind, rows, a->n, m, BACKWARD(0, masses), a->softness, task->g + at,
                                               task->logarithms, BACKWARD(1, dcost), scratch);
    }
}

static double plan_entry(const struct task *task, double entry) {
    return task->logarithms ? exp(entry) : entry;
}

/* One number for each row of the matrix, then for each column, from what the entries add up to. */
static void check_sums(const struct task *task, const double *plan, double residual) {
    const softgrad_count n = task->a.n, m = task->m;
    const double least =
        task->a.kind == SOFTGRAD_ENTROPY ? 0 : 1e-3 * fmax(largest_of(n, task->mu), largest_of(m, task->nu));
    for (softgrad_count line = 0; line < n + m; line++) {
        const double wanted = line < n ? task->mu[line] : task->nu[line - n];
        double sum = 0;
        for (softgrad_count k = 0; k < (line < n ? m : n); k++) {
            sum += plan_entry(task, line < n ? plan[line * m + k] : plan[k * m + line - n]);
        }
        REQUIRE(fabs(sum - wanted) <= (residual + 1e-10) * fmax(wanted, least) * 1.01,
                "%s %lld sums to %.17g, not %.17g, residual %g", line < n ? "row" : "column",
                line < n ? line : line - n, sum, wanted, residual);
    }
}

static void check_plan(const struct task *task, const double *plan, double residual) {
    const softgrad_count size = task->a.n * task->m;
    REQUIRE(residual >= 0, "residual %g", residual);
    for (softgrad_count k = 0; k < size; k++) {
        REQUIRE(plan_entry(task, plan[k]) >= 0, "plan[%lld] = %g", k, plan[k]);
    }
    if (residual <= task->tolerance) {
        check_sums(task, plan, residual);
    }
}

/* How exactly the cotangent of the plan, or of its logarithms, can be told: what hardly connects decides how logarithms
   move, and roundings count for it by the inverse of its mass. */
static double roundings_of(const struct task *task, const double *plan) {
    double least = 0;
    for (softgrad_count k = 0; k < task->a.n * task->m; k++) {
        least = fmin(least, plan[k]);
    }
    return task->logarithms ? 1e-9 + 1e-14 * exp(-least) : 1e-9;
}

static void check_cotangent(const struct task *task, double roundings, const double *g, const double *dcost) {
    double sum = 0, size = largest_of(task->a.n * task->m, g) / task->a.softness;
    for (softgrad_count k = 0; k < task->a.n * task->m; k++) {
        REQUIRE(isfinite(dcost[k]), "dcost[%lld] = %g", k, dcost[k]);
        sum += dcost[k];
        size += fabs(dcost[k]);
    }
    REQUIRE(fabs(sum) <= (task->tolerance + roundings) * size + DUST, "dcost adds up to %g beside %g", sum, size);
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count size = task->a.n * task->m;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        const double *cost = task->cost + row * size, *g = task->g + row * size;
        const double *plan = (const double *)out->part[PLAN].memory + row * size;
        const double residual = ((const double *)out->part[RESIDUAL].memory)[row];
        if (!is_finite_row(size, cost)) {
            REQUIRE(is_nan_row(size, plan) && residual == 0, "not NaN");
        } else if (largest_of(size, cost) <= 1e100 && task->a.softness >= 1e-100 && task->a.softness <= 1e100) {
            check_plan(task, plan, residual);
            const double roundings = roundings_of(task, plan);
            const int is_told = residual <= task->tolerance && roundings < 1;
            if (is_told && is_finite_row(size, g) && largest_of(size, g) <= 1e100) {
                check_cotangent(task, roundings, g, (const double *)out->part[DCOST].memory + row * size);
            }
        }
    }
}

#include "fuzz_main.h"
