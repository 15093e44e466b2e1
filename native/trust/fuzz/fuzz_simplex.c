/* Projections onto the simplex and their products, for rows of double and of float. */
#include "fuzz.h"

struct task {
    struct arguments a;
    const double *x, *g;
    const float *x32, *g32;
};

enum { Y, DX, Y32, DX32 };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 5, 3000, 4, SOFTGRAD_BAD_REGULARIZER);
    const softgrad_count size = task->a.buffer_rows * task->a.buffer_n;
    double *x = numbers_in(memory, size), *g = numbers_in(memory, size);
    take_numbers(bytes, size, x);
    take_numbers(bytes, size, g);
    task->x32 = floats_of(memory, size, x);
    task->g32 = floats_of(memory, size, g);
    task->x = x;
    task->g = g;
    snprintf(call_made, sizeof call_made, "simplex(regularizer %d, rows %lld, n %lld, softness %g)", task->a.kind,
             task->a.rows, task->a.n, task->a.softness);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), size = buffered_rows(a, only) * a->buffer_n;
    const softgrad_count at = offset_of(only, a->buffer_n);
    double *y = output_numbers(out, size), *dx = output_numbers(out, size);
    float *y32 = output(out, size, sizeof *y32), *dx32 = output(out, size, sizeof *dx32);
    const float softness = (float)a->softness;
    out->status = softgrad_simplex_f64(a->kind, rows, a->n, FORWARD(0, task->x + at), a->softness, FORWARD(1, y));
    if (pulls(a)) {
        out->pull =
            softgrad_simplex_vjp_f64(a->kind, rows, a->n, BACKWARD(0, y), a->softness, task->g + at, BACKWARD(1, dx));
    }
    if (a->mistake == NO_MISTAKE && softness > 0 && isfinite(softness)) {
        softgrad_simplex_f32(a->kind, rows, a->n, task->x32 + at, softness, y32);
        softgrad_simplex_vjp_f32(a->kind, rows, a->n, y32, softness, task->g32 + at, dx32);
    } else {
        memset(y32, 0, (size_t)size * sizeof *y32);
        memset(dx32, 0, (size_t)size * sizeof *dx32);
    }
}

/* y as the optimality condition has it, with the threshold that the largest entry tells. */
static double expected(int regularizer, double u, double largest_y) {
    const double power = regularizer;
    const double base = u + pow(largest_y, 1 / power);
    return base > 0 ? pow(base, power) : 0;
}

static void check_projection(const struct task *task, const double *x, const double *y) {
    const softgrad_count n = task->a.n;
    const double softness = fmax(task->a.softness, DBL_MIN); /* smaller ones count as this */
    double largest_x = x[0], largest_y = y[0], sum = 0;
    for (softgrad_count j = 0; j < n; j++) {
        largest_x = fmax(largest_x, x[j]);
        largest_y = fmax(largest_y, y[j]);
        sum += y[j];
        REQUIRE(y[j] >= 0 && y[j] <= 1, "y[%lld] = %.17g is no share", j, y[j]);
    }
    REQUIRE(fabs(sum - 1) <= 1e-12, "sum %.17g", sum);
    for (softgrad_count j = 0; j < n; j++) {
        const double u = (x[j] - largest_x) / softness;
        const double want =
            task->a.kind == SOFTGRAD_ENTROPY ? exp(u) * largest_y : expected(task->a.kind, u, largest_y);
        REQUIRE(fabs(y[j] - want) <= 1e-11, "y[%lld] = %.17g, from the largest entry %.17g", j, y[j], want);
        REQUIRE(j == 0 || !(x[j] > x[j - 1] && y[j] < y[j - 1]), "y[%lld] is smaller than the one before", j);
        REQUIRE(j == 0 || x[j] != x[j - 1] || y[j] == y[j - 1], "the tie at %lld got unequal shares", j);
    }
}

/* Moving all scores changes nothing, so a cotangent sums to zero. */
static void check_product(const struct task *task, const double *g, const double *dx) {
    double sum = 0, size = largest_of(task->a.n, g) / task->a.softness;
    for (softgrad_count j = 0; j < task->a.n; j++) {
        REQUIRE(isfinite(dx[j]), "dx[%lld] = %g", j, dx[j]);
        sum += dx[j];
        size += fabs(dx[j]);
    }
    REQUIRE(fabs(sum) <= 1e-11 * size + DUST, "dx adds up to %g beside %g", sum, size);
}

static int has_projection(softgrad_count n, const double *x) {
    int some = 0;
    for (softgrad_count j = 0; j < n; j++) {
        if (isnan(x[j]) || x[j] == INFINITY) {
            return 0;
        }
        some |= x[j] > -INFINITY;
    }
    return some;
}

/* A factor of g must not overflow on its way. */
static int is_in_range(const struct task *task, const double *g) {
    return is_finite_row(task->a.n, g) && largest_of(task->a.n, g) <= 1e100 && task->a.softness > 1e-150;
}

static void check_row_of_floats(const struct task *task, softgrad_count at, const struct outputs *out) {
    const float *y32 = (const float *)out->part[Y32].memory + at, *dx32 = (const float *)out->part[DX32].memory + at;
    double sum = 0;
    int holds = isfinite((float)task->a.softness) && (float)task->a.softness > 0;
    for (softgrad_count j = 0; j < task->a.n; j++) {
        holds &= isfinite(task->x32[at + j]) && fabsf(task->g32[at + j]) <= 1e6F;
        sum += (double)y32[j];
    }
    REQUIRE(!holds || fabs(sum - 1) <= 1e-7 * (double)(task->a.n + 1), "floats sum to %.9g", sum);
    for (softgrad_count j = 0; holds && task->a.softness > 1e-20 && j < task->a.n; j++) {
        REQUIRE(isfinite(dx32[j]), "dx[%lld] = %g as float", j, (double)dx32[j]);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count at = 0; at < task->a.rows * n; at += n) {
        const double *y = (const double *)out->part[Y].memory + at, *dx = (const double *)out->part[DX].memory + at;
        if (!has_projection(n, task->x + at)) {
            REQUIRE(is_nan_row(n, y) && is_nan_row(n, dx), "no projection, but not NaN");
            continue;
        }
        check_projection(task, task->x + at, y);
        if (is_in_range(task, task->g + at)) {
            check_product(task, task->g + at, dx);
        } else if (!is_finite_row(n, task->g + at) && largest_of(n, task->g + at) <= DBL_MAX) {
            REQUIRE(is_nan_row(n, dx), "a NaN in g, but not in all of dx");
        }
        check_row_of_floats(task, at, out);
    }
}

#include "fuzz_main.h"
