/* Projections onto permutahedra of rows that are sorted, and their products. */
#include "fuzz.h"

struct task {
    struct arguments a;
    const double *z, *w, *g;
};

enum { Y, FIRST, DZ, DW };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 4, 2000, 4, SOFTGRAD_BAD_REGULARIZER);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n;
    double *z = numbers_in(memory, rows * n), *w = numbers_in(memory, rows * n), *g = numbers_in(memory, rows * n);
    take_numbers(bytes, rows * n, z);
    take_numbers(bytes, rows * n, w);
    take_numbers(bytes, rows * n, g);
    if (!one_in(bytes, 16)) { /* a row out of order gives numbers without meaning, but no more */
        sort_rows(rows, n, z, descending);
        sort_rows(rows, n, w, descending);
    }
    task->z = z;
    task->w = w;
    task->g = g;
    snprintf(call_made, sizeof call_made, "isotonic(regularizer %d, rows %lld, n %lld, softness %g)", task->a.kind,
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
    double *y = output_numbers(out, size);
    softgrad_count *first = output(out, size, sizeof *first);
    double *dz = output_numbers(out, size), *dw = output_numbers(out, size);
    void *scratch = exactly(&out->memory, a->buffer_n + 1, SOFTGRAD_ISOTONIC_SCRATCH, out->garbage);
    out->status = softgrad_isotonic_f64(a->kind, rows, a->n, FORWARD(0, task->z + at), a->softness, task->w + at,
                                        scratch, FORWARD(1, y), first);
    if (pulls(a)) {
        out->pull = softgrad_isotonic_vjp_f64(a->kind, rows, a->n, task->w + at, a->softness, y, BACKWARD(0, first),
                                              task->g + at, dz, BACKWARD(1, dw));
    }
}

static int is_descending(softgrad_count n, const double *x, double allowed) {
    for (softgrad_count i = 1; i < n; i++) {
        if (!(x[i] <= x[i - 1] + allowed)) {
            return 0;
        }
    }
    return 1;
}

/* What a pool keeps: the sum, that of the exponentials for the entropy, each relative to its first element. */
static double kept(int regularizer, softgrad_count begin, softgrad_count end, const double *x, double origin) {
    double sum = 0;
    for (softgrad_count i = begin; i < end; i++) {
        sum += regularizer == SOFTGRAD_ENTROPY ? exp(x[i] - origin) : x[i] - origin;
    }
    return regularizer == SOFTGRAD_ENTROPY ? log(sum) : sum;
}

static void check_pool(const struct task *task, softgrad_count begin, softgrad_count end, const double *w,
                       const double *y, double size) {
    const double allowed = 1e-11 * (double)(end - begin + 1) * size + (task->a.kind == SOFTGRAD_ENTROPY ? 1e-11 : 0);
    if (end - begin == 1) {
        REQUIRE(y[begin] == w[begin], "y[%lld] = %.17g alone, w %.17g", begin, y[begin], w[begin]);
    }
    const double of_y = kept(task->a.kind, begin, end, y, w[begin]), of_w = kept(task->a.kind, begin, end, w, w[begin]);
    REQUIRE(fabs(of_y - of_w) <= allowed, "pool %lld to %lld has %.17g, not %.17g", begin, end, of_y, of_w);
}

static void check_cotangents(const struct task *task, softgrad_count n, const double *g, const double *dz,
                             const double *dw) {
    double of_z = 0, of_w = 0, of_g = 0, size = 0, size_g = 0;
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(isfinite(dz[i]) && isfinite(dw[i]), "dz[%lld] = %g, dw %g", i, dz[i], dw[i]);
        of_z += dz[i];
        of_w += dw[i];
        of_g += g[i];
        size += fabs(dz[i]);
        size_g += fabs(g[i]);
    }
    const double allowed = 1e-11 * (double)n;
    REQUIRE(fabs(of_z) <= allowed * (size + size_g / task->a.softness) + DUST, "dz adds up to %g beside %g", of_z,
            size);
    const int moves = task->a.kind <= SOFTGRAD_SQUARED_EUCLIDEAN; /* all w moved move all y */
    REQUIRE(!moves || fabs(of_w - of_g) <= allowed * size_g + DUST, "dw adds up to %.17g, not %.17g", of_w, of_g);
}

static void check_row(const struct task *task, const double *z, const double *w, const double *y,
                      const softgrad_count *first) {
    const softgrad_count n = task->a.n;
    const double size = largest_of(n, w);
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(first[i] >= 0 && first[i] <= i && first[first[i]] == first[i], "first[%lld] = %lld", i, first[i]);
        REQUIRE(i == 0 || first[i] == i || first[i] == first[i - 1], "first[%lld] = %lld after %lld", i, first[i],
                first[i - 1]);
    }
    if (!is_descending(n, z, 0) || !is_descending(n, w, 0) || size > 1e150) {
        return;
    }
    REQUIRE(is_descending(n, y, 1e-12 * size), "y is not in order");
    for (softgrad_count begin = 0, end = 0; begin < n; begin = end) {
        for (end = begin + 1; end < n && first[end] == begin; end++) {
        }
        check_pool(task, begin, end, w, y, size);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count at = 0; at < task->a.rows * n; at += n) {
        const double *y = (const double *)out->part[Y].memory + at;
        const double *dz = (const double *)out->part[DZ].memory + at, *dw = (const double *)out->part[DW].memory + at;
        const double *z = task->z + at, *w = task->w + at, *g = task->g + at;
        if (!is_finite_row(n, z) || !is_finite_row(n, w)) {
            REQUIRE(is_nan_row(n, y) && is_nan_row(n, dz) && is_nan_row(n, dw), "no projection, but not NaN");
            continue;
        }
        check_row(task, z, w, y, (const softgrad_count *)out->part[FIRST].memory + at);
        const int moderate = largest_of(n, w) <= 1e80 && largest_of(n, g) <= 1e80 && task->a.softness >= 1e-80;
        if (is_finite_row(n, g) && moderate && is_descending(n, z, 0) && is_descending(n, w, 0)) {
            check_cotangents(task, n, g, dz, dw);
        }
    }
}

#include "fuzz_main.h"
