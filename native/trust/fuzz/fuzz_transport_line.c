/* Transport of points to anchors on a line: plans, their products with vectors, and the cotangents of both. */
#include "fuzz.h"

struct task {
    struct arguments a;
    softgrad_count m, bound;
    double tolerance;
    int logarithms, to_points;
    const double *x, *anchors, *shares, *v, *g, *plan_g;
};

enum { PLAN, RESIDUAL, DX, APPLIED, APPLIED_RESIDUAL, APPLIED_DX, APPLIED_DV };

/* Whole numbers above zero with the sum n, for anchors that ascend or descend. */
static void take_anchors(struct bytes *bytes, struct memory *memory, struct task *task) {
    const softgrad_count n = task->a.buffer_n, m = task->m;
    double *anchors = numbers_in(memory, m), *shares = numbers_in(memory, m), at = 0;
    const double direction = take(bytes) & 1 ? -1 : 1;
    const int is_even = take(bytes) & 1;
    for (softgrad_count j = 0; j < m; j++) {
        at += is_even ? 1 : (1 + take(bytes)) / 128.0;
        anchors[j] = direction * at;
        shares[j] = 1;
    }
    for (softgrad_count j = 0; j < m; j++) {
        anchors[j] /= at;
    }
    for (softgrad_count left = n - m; left > 0; left--) {
        shares[take(bytes) % (unsigned)m]++;
    }
    task->anchors = anchors;
    task->shares = shares;
}

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 2, one_in(bytes, 16) ? 200 : 30, 4, SOFTGRAD_BAD_REGULARIZER);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n;
    task->m = take(bytes) & 1 ? n : take_size(bytes, n);
    task->tolerance = take(bytes) & 1 ? 1e-12 : 1e-6;
    task->bound = one_in(bytes, 4) ? take_one_of(bytes, 5) : one_in(bytes, 8) ? 200 : 30;
    task->logarithms = task->a.kind == SOFTGRAD_ENTROPY && one_in(bytes, 2); /* which others do not have */
    task->to_points = take(bytes) & 1;
    take_anchors(bytes, memory, task);
    const softgrad_count m = task->m, result = task->to_points ? n : m;
    double *x = numbers_in(memory, rows * n), *v = numbers_in(memory, task->to_points ? m : rows * n);
    double *g = numbers_in(memory, rows * result), *plan_g = numbers_in(memory, rows * m * n);
    take_numbers(bytes, rows * n, x);
    take_finite_numbers(bytes, task->to_points ? m : rows * n, v);
    take_numbers(bytes, rows * result, g);
    take_numbers(bytes, rows * m * n, plan_g);
    task->x = x;
    task->v = v;
    task->g = g;
    task->plan_g = plan_g;
    snprintf(call_made, sizeof call_made,
             "transport_line(regularizer %d, rows %lld, n %lld, m %lld, softness %g, tolerance %g, bound %lld, "
             "logarithms %d, to_points %d)",
             task->a.kind, task->a.rows, task->a.n, m, task->a.softness, task->tolerance, task->bound, task->logarithms,
             task->to_points);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run_plan(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n, m = task->m;
    const double *x = task->x + offset_of(only, n), *g = task->plan_g + offset_of(only, m * n);
    double *plan = output_numbers(out, have * m * n), *residual = output_numbers(out, have);
    double *dx = output_numbers(out, have * n), *masses = scratch_of(out, have * m * n);
    softgrad_count *iterations = exactly(&out->memory, have, sizeof *iterations, out->garbage);
    out->status = softgrad_transport_line_f64(
        a->kind, rows, a->n, m, FORWARD(0, x), task->anchors, task->shares, a->softness, task->tolerance, task->bound,
        task->logarithms, FORWARD(1, plan), iterations, residual, scratch_of(out, 2 * n * m + 40 * (n + m)));
    for (softgrad_count k = 0; k < have * m * n; k++) {
        masses[k] = task->logarithms ? exp(plan[k]) : plan[k];
    }
    if (pulls(a)) {
        out->pull = softgrad_transport_line_vjp_f64(a->kind, rows, a->n, m, task->anchors, BACKWARD(0, masses),
                                                    a->softness, g, task->logarithms, BACKWARD(1, dx),
                                                    scratch_of(out, 2 * n * m + 40 * (n + m)));
    }
}

static void run_product(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n, m = task->m;
    const softgrad_count result = task->to_points ? n : m;
    const double *x = task->x + offset_of(only, n), *v = task->v + (task->to_points ? 0 : offset_of(only, n));
    double *y = output_numbers(out, have * result), *residual = output_numbers(out, have);
    double *dx = output_numbers(out, have * n), *dv = output_numbers(out, task->to_points ? 0 : have * n);
    double *state = scratch_of(out, have * (m + 1));
    softgrad_count *iterations = exactly(&out->memory, have, sizeof *iterations, out->garbage);
    const int status = softgrad_transport_line_apply_f64(
        a->kind, rows, a->n, m, FORWARD(0, x), task->anchors, task->shares, a->softness, task->tolerance, task->bound,
        task->to_points, v, FORWARD(1, y), state, iterations, residual, scratch_of(out, 2 * n * m + 40 * (n + m)));
    REQUIRE(status == out->status, "status %d of the product, %d of the plan", status, out->status);
    if (pulls(a)) {
        const int pull = softgrad_transport_line_apply_vjp_f64(
            a->kind, rows, a->n, m, BACKWARD(0, x), task->anchors, task->shares, a->softness, task->to_points, v, state,
            task->g + offset_of(only, result), BACKWARD(1, dx), task->to_points ? NULL : dv,
            scratch_of(out, 2 * n * m + 40 * (n + m)));
        REQUIRE(pull == out->pull, "status %d of the pulled product, %d of the plan's", pull, out->pull);
    }
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    run_plan(task, only, out);
    run_product(task, only, out);
}

static double plan_entry(const struct task *task, const double *plan, softgrad_count j, softgrad_count i) {
    const double entry = plan[j * task->a.n + i];
    return task->logarithms ? exp(entry) : entry;
}

static void check_sums(const struct task *task, const double *plan) {
    const softgrad_count n = task->a.n, m = task->m;
    const double allowed = (task->tolerance + 1e-10) * 1.01 * largest_of(m, task->shares);
    for (softgrad_count line = 0; line < m + n; line++) {
        double sum = 0;
        for (softgrad_count k = 0; k < (line < m ? n : m); k++) {
            const double entry = line < m ? plan_entry(task, plan, line, k) : plan_entry(task, plan, k, line - m);
            REQUIRE(entry >= 0, "an entry of line %lld is %g", line, entry);
            sum += entry;
        }
        const double wanted = line < m ? task->shares[line] : 1;
        REQUIRE(fabs(sum - wanted) <= allowed, "line %lld sums to %.17g, not %.17g", line, sum, wanted);
    }
}

/* The product is what the plan gives. */
static void check_product(const struct task *task, const double *plan, const double *v, const double *y) {
    const softgrad_count n = task->a.n, m = task->m;
    const double size = largest_of(task->to_points ? m : n, v) * (task->to_points ? 1 : largest_of(m, task->shares));
    for (softgrad_count k = 0; k < (task->to_points ? n : m); k++) {
        double sum = 0;
        for (softgrad_count l = 0; l < (task->to_points ? m : n); l++) {
            sum += v[l] * (task->to_points ? plan_entry(task, plan, l, k) : plan_entry(task, plan, k, l));
        }
        REQUIRE(fabs(sum - y[k]) <= (100 * task->tolerance + 1e-7) * size + DUST,
                "product %lld is %.17g, not %.17g", k, y[k], sum);
    }
}

/* What hardly connects decides how the logarithms move, and may be too small for a number. */
static int is_connected(const struct task *task, const double *plan) {
    for (softgrad_count k = 0; k < task->m * task->a.n; k++) {
        if (task->logarithms && plan[k] < -30) {
            return 0;
        }
    }
    return 1;
}

/* All points moved change no plan, but for what a system of equations that nearly falls apart leaves. */
static void check_cotangents(const char *what, const struct task *task, const double *x, double size,
                             const double *dx) {
    const softgrad_count n = task->a.n;
    const int is_usual = task->a.softness >= 1e-9 * largest_of(n, x) && size >= 1e-100;
    double sum = 0;
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(isfinite(dx[i]), "dx[%lld] of the %s = %g", i, what, dx[i]);
        sum += dx[i];
        size += fabs(dx[i]);
    }
    REQUIRE(!is_usual || fabs(sum) <= (task->tolerance + 1e-7) * size, "dx of the %s adds up to %g beside %g", what,
            sum, size);
}

static void check_row(const struct task *task, softgrad_count row, const struct outputs *out) {
    const softgrad_count n = task->a.n, m = task->m, result = task->to_points ? n : m;
    const double *plan = (const double *)out->part[PLAN].memory + row * n * m,
                 *v = task->v + (task->to_points ? 0 : row * n);
    const double *g = task->g + row * result, *plan_g = task->plan_g + row * m * n;
    const double residual = ((const double *)out->part[RESIDUAL].memory)[row];
    const double of_product = ((const double *)out->part[APPLIED_RESIDUAL].memory)[row];
    REQUIRE(residual >= 0 && of_product >= 0, "residuals %g, %g", residual, of_product);
    if (residual > task->tolerance || of_product > task->tolerance) {
        return;
    }
    check_sums(task, plan);
    if (largest_of(task->to_points ? m : n, v) <= 1e100) {
        check_product(task, plan, v, (const double *)out->part[APPLIED].memory + row * result);
    }
    if (is_finite_row(m * n, plan_g) && largest_of(m * n, plan_g) <= 1e60 && is_connected(task, plan)) {
        const double size = (double)n * largest_of(m * n, plan_g) / task->a.softness;
        check_cotangents("plan", task, task->x + row * n, size, (const double *)out->part[DX].memory + row * n);
    }
    if (is_finite_row(result, g) && largest_of(result, g) <= 1e60 && largest_of(task->to_points ? m : n, v) <= 1e60) {
        const double size =
            (double)n * largest_of(result, g) * largest_of(task->to_points ? m : n, v) / task->a.softness;
        check_cotangents("product", task, task->x + row * n, size,
                         (const double *)out->part[APPLIED_DX].memory + row * n);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        const double *x = task->x + row * n;
        if (!is_finite_row(n, x)) {
            REQUIRE(is_nan_row(task->m * n, (const double *)out->part[PLAN].memory + row * task->m * n), "not NaN");
        } else if (largest_of(n, x) <= 1e50 && task->a.softness >= 1e-50 && task->a.softness <= 1e50) {
            check_row(task, row, out);
        }
    }
}

#include "fuzz_main.h"
