/* The soft sorting network: values, products with its matrix from both sides, and their cotangents. */
#include "fuzz.h"

struct task {
    struct arguments a;
    softgrad_count vectors, stride;
    const double *x, *v, *g;
    int has_cotangent;
};

enum { SORTED, APPLIED, TRANSPOSED, DX, DSOFTNESS };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 3, 260, 4, SOFTGRAD_BAD_CURVE);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n;
    task->vectors = take_one_of(bytes, 10);
    task->stride = take(bytes) & 1 ? task->vectors * n : 0;
    task->has_cotangent = !one_in(bytes, 8);
    double *x = numbers_in(memory, rows * n), *g = numbers_in(memory, rows * n);
    const softgrad_count size = task->vectors * n * (task->stride > 0 ? rows : 1);
    double *v = numbers_in(memory, size);
    take_numbers(bytes, rows * n, x);
    take_numbers(bytes, size, v);
    take_numbers(bytes, rows * n, g);
    task->x = x;
    task->v = v;
    task->g = g;
    snprintf(call_made, sizeof call_made,
             "network(curve %d, rows %lld, n %lld, softness %g, vectors %lld, stride %lld)", task->a.kind, task->a.rows,
             task->a.n, task->a.softness, task->vectors, task->stride);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n;
    const softgrad_count at = offset_of(only, n), size = have * task->vectors * n;
    const double *v = task->v + offset_of(only, task->stride), *x = task->x + at;
    double *y = output_numbers(out, have * n), *applied = output_numbers(out, size);
    double *transposed = output_numbers(out, size), *dx = output_numbers(out, have * n);
    double *dsoftness = output_numbers(out, have);
    out->status = softgrad_network_sort_f64(a->kind, rows, a->n, FORWARD(0, x), a->softness, FORWARD(1, y),
                                            scratch_of(out, softgrad_network_scratch(n, 0)));
    double *scratch = scratch_of(out, softgrad_network_scratch(n, task->vectors));
    const int statuses[] = {softgrad_network_apply_f64(a->kind, rows, a->n, x, a->softness, task->vectors, task->stride,
                                                       v, applied, scratch),
                            softgrad_network_apply_transposed_f64(a->kind, rows, a->n, x, a->softness, task->vectors,
                                                                  task->stride, v, transposed, scratch)};
    const int wanted = a->mistake == NULL_FORWARD || a->mistake == NULL_BACKWARD ? SOFTGRAD_OK : a->expected;
    REQUIRE(statuses[0] == wanted && statuses[1] == wanted, "status %d, %d of the products", statuses[0], statuses[1]);
    if (pulls(a)) {
        const double *vectors = task->vectors > 0 ? v : NULL;
        out->pull = softgrad_network_vjp_f64(
            a->kind, rows, a->n, BACKWARD(0, x), a->softness, task->vectors, task->stride, vectors, task->stride,
            vectors, task->has_cotangent ? task->g + at : NULL, BACKWARD(1, dx), dsoftness, scratch);
    }
}

/* A doubly stochastic matrix leaves sums alone. */
static void check_sums(const char *what, softgrad_count n, const double *from, const double *to) {
    double before = 0, after = 0;
    const double size = largest_of(n, from);
    for (softgrad_count i = 0; i < n; i++) {
        before += from[i];
        after += to[i];
        REQUIRE(fabs(to[i]) <= size * (1 + 1e-12) + DUST,
                "%s[%lld] = %.17g, largest entry %.17g", what, i, to[i], size);
    }
    REQUIRE(fabs(before - after) <= 1e-12 * (double)n * size + DUST,
            "%s adds up to %.17g, not %.17g", what, after, before);
}

static void check_cotangents(const struct task *task, softgrad_count row, const double *v, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    const double *dx = (const double *)out->part[DX].memory + row * n, softness = task->a.softness;
    if (largest_of(n, task->x + row * n) > 1e60 || largest_of(n, task->g + row * n) > 1e60 ||
        largest_of(task->vectors * n, v) > 1e60 || softness < 1e-60 || softness > 1e60) {
        return;
    }
    const double dsoftness = ((const double *)out->part[DSOFTNESS].memory)[row];
    REQUIRE(is_finite_row(n, dx) && isfinite(dsoftness), "a derivative is not finite");
}

static void check_row(const struct task *task, softgrad_count row, const struct outputs *out) {
    const softgrad_count n = task->a.n, k = task->vectors;
    const double *v = task->v + row * task->stride, *sorted = (const double *)out->part[SORTED].memory + row * n;
    const double *applied = (const double *)out->part[APPLIED].memory + row * k * n;
    const double *transposed = (const double *)out->part[TRANSPOSED].memory + row * k * n;
    if (largest_of(n, task->x + row * n) <= 1e300) {
        check_sums("sorted", n, task->x + row * n, sorted);
    }
    for (softgrad_count j = 0; j < k; j++, v += n, applied += n, transposed += n) {
        if (is_finite_row(n, v) && largest_of(n, v) <= 1e150) {
            double forth = 0, back = 0;
            check_sums("P v", n, v, applied);
            check_sums("P^T v", n, v, transposed);
            for (softgrad_count i = 0; i < n; i++) {
                forth += v[i] * applied[i];
                back += v[i] * transposed[i];
            }
            const double size = largest_of(n, v) * largest_of(n, v) * (double)n;
            REQUIRE(fabs(forth - back) <= 1e-11 * size + DUST, "<v, P v> is %.17g, <P^T v, v> is %.17g", forth, back);
        }
    }
    v = task->v + row * task->stride;
    if (is_finite_row(k * n, v) && is_finite_row(n, task->g + row * n)) {
        check_cotangents(task, row, v, out);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        if (is_finite_row(n, task->x + row * n)) {
            check_row(task, row, out);
        } else {
            REQUIRE(is_nan_row(n, (const double *)out->part[SORTED].memory + row * n), "not NaN");
            REQUIRE(is_nan_row(n, (const double *)out->part[DX].memory + row * n), "a derivative is not NaN");
        }
    }
}

#include "fuzz_main.h"
