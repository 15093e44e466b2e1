/* Thresholds and sums of Laplace distribution functions, against double loops. */
#include "fuzz.h"

struct task {
    struct arguments a;
    softgrad_count m;
    const double *x, *v, *at;
};

enum { THRESHOLDS, BELOW, LEFT, RIGHT };

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 3, 1000, 0, SOFTGRAD_OK);
    const softgrad_count rows = task->a.buffer_rows, n = task->a.buffer_n;
    task->m = one_in(bytes, 24) ? 0 : take_size(bytes, 300);
    double *x = numbers_in(memory, rows * n), *v = numbers_in(memory, rows * n),
           *at = numbers_in(memory, rows * task->m);
    take_numbers(bytes, rows * n, x);
    take_numbers(bytes, rows * n, v);
    take_numbers(bytes, rows * task->m, at);
    if (!one_in(bytes, 16)) { /* the order is not checked */
        sort_rows(rows, n, x, ascending);
        sort_rows(task->m > 0 ? rows : 0, task->m, at, ascending);
    }
    task->x = x;
    task->v = v;
    task->at = at;
    snprintf(call_made, sizeof call_made, "laplace(rows %lld, n %lld, m %lld, softness %g)", task->a.rows, task->a.n,
             task->m, task->a.softness);
}

static int is_same_alone(const struct task *task) {
    (void)task;
    return 1;
}

static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n, m = task->m;
    const softgrad_count at = offset_of(only, n), at_m = offset_of(only, m);
    double *b = output_numbers(out, have * (n - 1)), *below = output_numbers(out, have * m);
    double *left = output_numbers(out, have * m), *right = output_numbers(out, have * m);
    const int has_work = n > 1 && m > 0; /* without, pointers may be null */
    out->status = softgrad_laplace_thresholds_f64(rows, a->n, FORWARD(0, task->x + at), a->softness, FORWARD(1, b),
                                                  scratch_of(out, 5 * n));
    out->status = a->mistake == NULL_FORWARD && !has_work ? a->expected : out->status;
    if (pulls(a)) {
        out->pull = softgrad_laplace_sums_f64(rows, a->n, m, BACKWARD(0, task->x + at), task->v + at, task->at + at_m,
                                              a->softness, BACKWARD(1, below), left, right, scratch_of(out, 3 * n));
        out->pull = a->mistake == NULL_BACKWARD && !has_work ? a->expected : out->pull;
    }
}

static int is_ascending(softgrad_count n, const double *x) {
    for (softgrad_count i = 1; i < n; i++) {
        if (!(x[i] >= x[i - 1])) {
            return 0;
        }
    }
    return 1;
}

/* sum_i F((t - x_i) / softness) - k, the numbers near 1 counted apart so that nothing cancels. */
static double excess(const struct task *task, const double *x, softgrad_count k, double t) {
    double tails = 0;
    softgrad_count whole = -k;
    for (softgrad_count i = 0; i < task->a.n; i++) {
        const double tail = exp(-fabs(t - x[i]) / task->a.softness) / 2;
        whole += x[i] <= t;
        tails += x[i] <= t ? -tail : tail;
    }
    return (double)whole + tails;
}

static void check_thresholds(const struct task *task, const double *x, const double *b) {
    const softgrad_count n = task->a.n;
    const double rounding = 0x1p-49 * (fmax(fabs(x[0]), fabs(x[n - 1])) + task->a.softness);
    for (softgrad_count k = 1; k < n; k++) {
        REQUIRE(k == 1 || b[k - 1] >= b[k - 2], "threshold %lld is below its neighbour", k);
        if (n <= 100) {
            const double low = excess(task, x, k, b[k - 1] - rounding), high = excess(task, x, k, b[k - 1] + rounding);
            REQUIRE(low <= 1e-11 * (double)k && high >= -1e-11 * (double)k, "threshold %lld is %.17g", k, b[k - 1]);
        }
    }
}

static void check_sums(const struct task *task, softgrad_count row, const struct outputs *out) {
    const softgrad_count n = task->a.n, m = task->m;
    const double *x = task->x + row * n, *v = task->v + row * n, *at = task->at + row * m;
    const double size = 1e-11 * (double)(n + 1) * largest_of(n, v);
    for (softgrad_count k = 0; k < m; k++) {
        double below = 0, left = 0, right = 0;
        for (softgrad_count i = 0; i < n; i++) {
            const double weight = v[i] * exp(-fabs(at[k] - x[i]) / task->a.softness);
            below += x[i] <= at[k] ? v[i] : 0;
            left += x[i] <= at[k] ? weight : 0;
            right += x[i] <= at[k] ? 0 : weight;
        }
        const double got[] = {((const double *)out->part[BELOW].memory)[row * m + k],
                              ((const double *)out->part[LEFT].memory)[row * m + k],
                              ((const double *)out->part[RIGHT].memory)[row * m + k]};
        REQUIRE(fabs(got[0] - below) <= size + DUST, "below %lld is %.17g, not %.17g", k, got[0], below);
        REQUIRE(fabs(got[1] - left) <= size + DUST, "left of %lld is %.17g, not %.17g", k, got[1], left);
        REQUIRE(fabs(got[2] - right) <= size + DUST, "right of %lld is %.17g, not %.17g", k, got[2], right);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    const softgrad_count n = task->a.n, m = task->m;
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        const double *x = task->x + row * n, *b = (const double *)out->part[THRESHOLDS].memory + row * (n - 1);
        if (!is_finite_row(n, x)) {
            REQUIRE(is_nan_row(n - 1, b), "thresholds are not NaN");
            continue;
        }
        const int moderate = largest_of(n, x) <= 1e100 && task->a.softness >= 1e-100 && task->a.softness <= 1e100;
        if (!moderate || !is_ascending(n, x)) {
            continue;
        }
        check_thresholds(task, x, b);
        if (n * m <= 10000 && is_finite_row(n, task->v + row * n) && largest_of(n, task->v + row * n) <= 1e100 &&
            is_finite_row(m, task->at + row * m) && is_ascending(m, task->at + row * m)) {
            check_sums(task, row, out);
        }
    }
}

#include "fuzz_main.h"
