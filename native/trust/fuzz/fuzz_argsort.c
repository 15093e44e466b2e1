/* Permutations that sort, and standardized rows. */
#include "fuzz.h"

struct task {
    struct arguments a;
    const double *x, *g;
};

enum { ORDER, SQUASHED, SCALE, DX };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 4, one_in(bytes, 32) ? 60000 : 2000, 0, SOFTGRAD_OK);
    if (task->a.mistake == BAD_SOFTNESS) {
        task->a.mistake = NO_MISTAKE;
        task->a.expected = SOFTGRAD_OK;
    }
    const softgrad_count size = task->a.buffer_rows * task->a.buffer_n;
    double *x = numbers_in(memory, size), *g = numbers_in(memory, size);
    take_numbers(bytes, size, x);
    take_numbers(bytes, size, g);
    task->x = x;
    task->g = g;
    snprintf(call_made, sizeof call_made, "argsort, squash(rows %lld, n %lld)", task->a.rows, task->a.n);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n;
    const double *x = task->x + offset_of(only, n), *g = task->g + offset_of(only, n);
    int *order = output(out, have * n, sizeof *order);
    double *s = output_numbers(out, have * n), *scale = output_numbers(out, 3 * have),
           *dx = output_numbers(out, have * n);
    out->status = softgrad_argsort_f64(rows, a->n, FORWARD(0, x), FORWARD(1, order), scratch_of(out, 4 * n + 1024));
    const int squashed = softgrad_squash_f64(rows, a->n, FORWARD(0, x), FORWARD(1, s), scale);
    REQUIRE(squashed == out->status, "status %d of squash, %d of argsort", squashed, out->status);
    if (pulls(a)) {
        out->pull = softgrad_squash_vjp_f64(rows, a->n, x, scale, s, BACKWARD(0, g), BACKWARD(1, dx));
    }
}

static void check_order(softgrad_count n, const double *x, const int *order) {
    char *seen = calloc((size_t)n, 1);
    for (softgrad_count k = 0; seen && k < n; k++) {
        REQUIRE(order[k] >= 0 && order[k] < n && !seen[order[k]], "order[%lld] = %d", k, order[k]);
        seen[order[k]] = 1;
        if (k > 0) {
            const double before = x[order[k - 1]], here = x[order[k]];
            const int in_order = isnan(here) ? !isnan(before) || order[k - 1] < order[k]
                                             : before < here || (before == here && order[k - 1] < order[k]);
            REQUIRE(in_order, "%.17g at %lld is after %.17g", here, k, before);
        }
    }
    free(seen);
}

static void check_squashed(softgrad_count n, const double *x, const double *s) {
    for (softgrad_count i = 0; i < n; i++) {
        REQUIRE(s[i] >= 0 && s[i] <= 1, "s[%lld] = %.17g", i, s[i]);
        REQUIRE(i == 0 || x[i] != x[i - 1] || s[i] == s[i - 1], "the tie at %lld", i);
        REQUIRE(i == 0 || !(x[i] > x[i - 1]) || s[i] >= s[i - 1] * (1 - 1e-14), "s[%lld] is below the one before", i);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n;
    for (softgrad_count at = 0; at < task->a.rows * n; at += n) {
        const double *x = task->x + at, *g = task->g + at, *s = (const double *)out->part[SQUASHED].memory + at;
        const double *dx = (const double *)out->part[DX].memory + at;
        check_order(n, x, (const int *)out->part[ORDER].memory + at);
        if (!is_finite_row(n, x)) {
            REQUIRE(is_nan_row(n, s) && is_nan_row(n, dx), "not NaN");
            continue;
        }
        check_squashed(n, x, s);
        if (is_finite_row(n, g) && largest_of(n, g) <= 1e100) {
            const double *scale = (const double *)out->part[SCALE].memory + 3 * (at / n);
            const double offset =
                largest_of(n, x) / scale[0] / scale[2]; /* in deviations: the mean has so few digits */
            double sum = 0, size = largest_of(n, g) / scale[0] / scale[2];
            for (softgrad_count i = 0; i < n; i++) {
                REQUIRE(isfinite(dx[i]), "dx[%lld] = %g", i, dx[i]);
                sum += dx[i];
                size = fmax(size, fabs(dx[i]));
            }
            REQUIRE(fabs(sum) <= (1e-10 + 1e-15 * offset) * (double)n * size + DUST,
                    "dx adds up to %g beside %g", sum, size);
        }
    }
}

#include "fuzz_main.h"
