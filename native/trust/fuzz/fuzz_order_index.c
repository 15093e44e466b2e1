/* The matrices behind soft orders, against the values that softgrad_order makes of them, and their products. */
#include "fuzz.h"
#include "order_laws.h"

struct task {
    struct arguments a;
    int method, options, keeps;
    softgrad_count first, count;
    const double *x, *g;
};

enum { P, DX, DSOFTNESS, VALUES };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 4, 300, 4, SOFTGRAD_BAD_REGULARIZER);
    const softgrad_count n = task->a.buffer_n;
    task->method = take_one_of(bytes, 2);
    task->options = (take(bytes) & 1 ? SOFTGRAD_STANDARDIZE : 0) | (take(bytes) & 1 ? SOFTGRAD_DESCENDING : 0);
    task->keeps = !one_in(bytes, 8);
    task->first = take(bytes) & 1 ? (softgrad_count)take(bytes) * n / 256 : 0;
    task->count = take(bytes) & 1 ? 1 + (softgrad_count)take(bytes) * (n - task->first) / 256 : n - task->first;
    const softgrad_count rows = task->a.buffer_rows;
    double *x = numbers_in(memory, rows * n), *g = numbers_in(memory, rows * task->count * n);
    take_numbers(bytes, rows * n, x);
    take_numbers(bytes, rows * task->count * n, g);
    task->x = x;
    task->g = g;
    snprintf(
        call_made, sizeof call_made,
        "order_index(method %d, regularizer %d, options %d, rows %lld, n %lld, first %lld, count %lld, softness %g)",
        task->method, task->a.kind, task->options, task->a.rows, task->a.n, task->first, task->count, task->a.softness);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

/* What is computed in float is good to 1e-5. */
static int is_near(float p, float expected) {
    return fabsf(p - expected) <= 1e-5f;
}

static int is_in_float(const struct task *task) {
    return task->method == SOFTGRAD_SOFT_SORT && task->a.kind == SOFTGRAD_ENTROPY && task->count == 1 &&
           (task->first == 0 || task->first == task->a.n - 1);
}

/* What float32 gives is what double gives for the same numbers, rounded once, unless it is computed in float. */
static void check_floats(const struct task *task, softgrad_count rows, const double *x, const double *g,
                         double *scratch) {
    const struct arguments *a = &task->a;
    const softgrad_count n = a->n, entries = rows * task->count * n, kept = softgrad_order_state(task->method, n);
    struct memory memory = {0};
    float *x32 = floats_of(&memory, rows * n, x), *g32 = floats_of(&memory, entries, g);
    float *p32 = exactly(&memory, entries, sizeof *p32, 0), *dx32 = exactly(&memory, rows * n, sizeof *dx32, 0);
    double *x64 = numbers_in(&memory, rows * n), *p64 = numbers_in(&memory, entries);
    double *state = numbers_in(&memory, rows * kept), *dsoftness = numbers_in(&memory, rows);
    int *order = exactly(&memory, rows * n, sizeof *order, 0);
    for (softgrad_count i = 0; i < rows * n; i++) {
        x64[i] = x32[i];
    }
    softgrad_order_index_f64(task->method, a->kind, task->options, rows, n, task->first, task->count, x64, a->softness,
                             p64, NULL, NULL, scratch);
    softgrad_order_index_f32(task->method, a->kind, task->options, rows, n, task->first, task->count, x32, a->softness,
                             p32, order, state, scratch);
    for (softgrad_count i = 0; i < entries; i++) {
        const float expected = (float)p64[i];
        REQUIRE(!memcmp(&p32[i], &expected, sizeof expected) || (isnan(p32[i]) && isnan(expected)) ||
                    (is_in_float(task) && is_near(p32[i], expected)),
                "entry %lld is %.9g in float, not %.9g", i, p32[i], expected);
    }
    softgrad_order_index_vjp_f32(task->method, a->kind, task->options, rows, n, task->first, task->count, x32,
                                 a->softness, p32, order, state, g32, dx32, dsoftness, scratch);
    free_all(&memory);
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n;
    const softgrad_count entries = task->count * n;
    const double *x = task->x + offset_of(only, n), *g = task->g + offset_of(only, entries);
    double *p = output_numbers(out, have * entries), *dx = output_numbers(out, have * n);
    double *dsoftness = output_numbers(out, have);
    double *state = scratch_of(out, have * softgrad_order_state(task->method, n));
    double *scratch = scratch_of(out, softgrad_order_scratch(task->method, 0, n));
    int *order = exactly(&out->memory, have * n, sizeof *order, out->garbage);
    out->status = softgrad_order_index_f64(task->method, a->kind, task->options, rows, a->n, task->first, task->count,
                                           FORWARD(0, x), a->softness, FORWARD(1, p), order, state, scratch);
    if (!task->keeps && a->mistake == NO_MISTAKE) {
        double *again = scratch_of(out, have * entries);
        softgrad_order_index_f64(task->method, a->kind, task->options, rows, n, task->first, task->count, x,
                                 a->softness, again, NULL, NULL, scratch);
        REQUIRE(!memcmp(again, p, (size_t)(have * entries) * sizeof *p), "other entries where nothing is kept");
    }
    if (a->mistake == NO_MISTAKE) {
        check_floats(task, rows, x, g, scratch);
    }
    if (pulls(a)) {
        memset(scratch, out->garbage, (size_t)softgrad_order_scratch(task->method, 0, n) * sizeof *scratch);
        out->pull = softgrad_order_index_vjp_f64(task->method, a->kind, task->options, rows, a->n, task->first,
                                                 task->count, x, a->softness, p, BACKWARD(0, order), state, g,
                                                 BACKWARD(1, dx), dsoftness, scratch);
    }
}

/* The values of the order, row by row, from the other kernel. */
static void values_of(const struct task *task, const double *x, double *y) {
    double *scratch = malloc((size_t)softgrad_order_scratch(task->method, 0, task->a.n) * sizeof *scratch);
    softgrad_order_f64(task->method, task->a.kind, task->options, 1, task->a.n, task->first, task->count, x,
                       task->a.softness, y, NULL, NULL, scratch);
    free(scratch);
}

static void check_matrix(const struct task *task, const double *x, const double *p) {
    static double values[512];
    const softgrad_count n = task->a.n;
    const double largest = largest_of(n, x), middle = x[0];
    values_of(task, x, values);
    for (softgrad_count k = 0; k < task->count; k++, p += n) {
        double sum = 0, value = 0;
        for (softgrad_count j = 0; j < n; j++) {
            REQUIRE(p[j] >= 0 && p[j] <= 1 + 1e-13, "entry %lld, %lld is %.17g", k, j, p[j]);
            sum += p[j];
            value += p[j] * (x[j] - middle);
        }
        REQUIRE(fabs(sum - 1) <= 1e-10, "row %lld sums to %.17g", k, sum);
        REQUIRE(fabs(value + middle - values[k]) <= 1e-9 * largest, "row %lld gives the value %.17g, not %.17g", k,
                value + middle, values[k]);
    }
}

static void check_cotangents(const struct task *task, const double *x, const double *g, const double *dx,
                             double dsoftness) {
    const softgrad_count n = task->a.n;
    struct order_laws laws = {.options = task->options, .softness = task->a.softness, .roundings = 1e-8};
    if (largest_of(n, x) > 1e60 || largest_of(task->count * n, g) > 1e60 || laws.softness < 1e-60 ||
        laws.softness > 1e60) {
        return;
    }
    double moved = 0, size = largest_of(task->count * n, g) * (double)n, along = dsoftness * laws.softness;
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(isfinite(dx[i]), "dx[%lld] = %g", i, dx[i]);
        moved += dx[i];
        along += dx[i] * x[i];
        size += fabs(dx[i]);
    }
    REQUIRE(isfinite(dsoftness), "dsoftness = %g", dsoftness);
    if (has_usual_size(&laws, n, x)) {
        const double allowed = laws.roundings * size * (1 + 1 / laws.softness) + DUST;
        REQUIRE(fabs(moved) <= allowed, "dx adds up to %g beside %g", moved, size);
        REQUIRE(task->options & SOFTGRAD_STANDARDIZE || fabs(along) <= allowed * (1 + largest_of(n, x)),
                "<dx, x> + ds s = %g", along);
    }
}

/* The ends of the order by SOFT_SORT, where elements may be infinite on the other side. */
static int ignores_far_side(const struct task *task, const double *x) {
    const softgrad_count n = task->a.n, low = task->options & SOFTGRAD_DESCENDING ? n - 1 - task->first : task->first;
    if (task->method != SOFTGRAD_SOFT_SORT || task->count != 1 || (low != 0 && low != n - 1) ||
        (task->options & SOFTGRAD_STANDARDIZE)) {
        return 0;
    }
    const double farthest = low == 0 ? INFINITY : -INFINITY;
    int finite = 0;
    for (softgrad_count i = 0; i < n; i++) {
        finite += isfinite(x[i]) != 0;
        if (!isfinite(x[i]) && x[i] != farthest) {
            return 0;
        }
    }
    return finite > 0;
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n, entries = task->count * n;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        const double *p = (const double *)out->part[P].memory + row * entries, *x = task->x + row * n;
        const double *dx = (const double *)out->part[DX].memory + row * n, *g = task->g + row * entries;
        if (!is_finite_row(n, x)) {
            REQUIRE(ignores_far_side(task, x) ? is_finite_row(n, p) : is_nan_row(entries, p) && is_nan_row(n, dx),
                    "not NaN");
            continue;
        }
        if (largest_of(n, x) > 1e100 || task->a.softness < 1e-100) {
            continue; /* costs, which are sums of distances, may not be finite */
        }
        check_matrix(task, x, p);
        if (is_finite_row(entries, g)) {
            check_cotangents(task, x, g, dx, ((const double *)out->part[DSOFTNESS].memory)[row]);
        }
    }
}

#include "fuzz_main.h"
