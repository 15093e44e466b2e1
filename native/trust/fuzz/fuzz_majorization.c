/* The smooth majorization sort and its product. */
#include "fuzz.h"

struct task {
    struct arguments a;
    const double *z, *w, *g;
};

enum { Y, SOLUTION, ITERATIONS, RESIDUAL, DZ, DW, DSOFTNESS };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 3, 150, 0, SOFTGRAD_OK);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n;
    double *z = numbers_in(memory, rows * n), *w = numbers_in(memory, rows * n), *g = numbers_in(memory, rows * n);
    take_numbers(bytes, rows * n, z);
    take_numbers(bytes, rows * n, w);
    take_numbers(bytes, rows * n, g);
    sort_rows(rows, n, z, descending);
    sort_rows(rows, n, w, descending);
    task->z = z;
    task->w = w;
    task->g = g;
    snprintf(call_made, sizeof call_made, "majorization(rows %lld, n %lld, softness %g)", task->a.rows, task->a.n,
             task->a.softness);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n;
    const softgrad_count at = offset_of(only, n);
    double *y = output_numbers(out, have * n);
    double *solution = exactly(&out->memory, have * 3 * n, sizeof *solution, out->garbage);
    output_numbers(out, 0); /* the last elements of the solution mean nothing */
    softgrad_count *iterations = output(out, have, sizeof *iterations);
    double *residual = output_numbers(out, have);
    double *dz = output_numbers(out, have * n), *dw = output_numbers(out, have * n);
    double *dsoftness = output_numbers(out, have), *scratch = scratch_of(out, 12 * (n + 2));
    out->status = softgrad_majorization_f64(rows, a->n, FORWARD(0, task->z + at), task->w + at, a->softness,
                                            FORWARD(1, y), solution, iterations, residual, scratch);
    if (pulls(a)) {
        memset(scratch, out->garbage, (size_t)(12 * (n + 2)) * sizeof *scratch);
        out->pull = softgrad_majorization_vjp_f64(rows, a->n, task->z + at, task->w + at, a->softness, solution,
                                                  BACKWARD(0, task->g + at), dz, dw, BACKWARD(1, dsoftness), scratch);
    }
}

static double sum_of(softgrad_count n, const double *x, double *size) {
    double sum = 0;
    for (softgrad_count i = 0; i < n; i++) {
        sum += x[i];
        *size += fabs(x[i]);
    }
    return sum;
}

static void check_row(const struct task *task, softgrad_count row, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    const double *y = (const double *)out->part[Y].memory + row * n;
    const double *dz = (const double *)out->part[DZ].memory + row * n;
    const double *dw = (const double *)out->part[DW].memory + row * n;
    const double residual = ((const double *)out->part[RESIDUAL].memory)[row];
    REQUIRE(residual >= 0, "residual %g", residual);
    REQUIRE(is_finite_row(n, y), "y has a number that is not finite");
    if (residual > 1e-12) {
        return;
    }
    double size = 0, size_g = 0, size_z = 0, size_w = 0;
    const double of_y = sum_of(n, y, &size), of_w = sum_of(n, task->w + row * n, &size);
    REQUIRE(fabs(of_y - of_w) <= 1e-10 * (size + task->a.softness * (double)n) + DUST,
            "y adds up to %.17g, not %.17g", of_y, of_w);
    const double of_g = sum_of(n, task->g + row * n, &size_g);
    if (!isfinite(size_g) || size_g > 1e30) {
        return;
    }
    REQUIRE(is_finite_row(n, dz) && is_finite_row(n, dw), "a derivative is not finite");
    const double of_dz = sum_of(n, dz, &size_z), of_dw = sum_of(n, dw, &size_w);
    REQUIRE(fabs(of_dz) <= 1e-9 * (size_z + size_g / task->a.softness) + DUST, "dz adds up to %g", of_dz);
    REQUIRE(fabs(of_dw - of_g) <= 1e-8 * (size_w + size_g) + DUST, "dw adds up to %.17g, not %.17g", of_dw, of_g);
}

static int is_moderate(const struct task *task, softgrad_count at) {
    const softgrad_count n = task->a.n;
    return largest_of(n, task->z + at) <= 1e6 && largest_of(n, task->w + at) <= 1e6 && task->a.softness >= 1e-3 &&
           task->a.softness <= 1e3;
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        const softgrad_count at = row * n;
        if (!is_finite_row(n, task->z + at) || !is_finite_row(n, task->w + at)) {
            REQUIRE(is_nan_row(n, (const double *)out->part[Y].memory + at), "no projection, but not NaN");
            REQUIRE(is_nan_row(n, (const double *)out->part[DZ].memory + at), "no projection, but a derivative");
        } else if (is_moderate(task, at)) {
            check_row(task, row, out);
        }
    }
}

#include "fuzz_main.h"
