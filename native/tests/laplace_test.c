/* The Laplace kernels against sums in long double, for every instruction set. */
#include "check.h"

enum { LARGEST = 300 };

static const double softnesses[] = {1e-6, 1e-3, 0.1, 1, 30, 1e6};

/* Ascending rows of several kinds. */
enum { RANDOM, TIED, CONSTANT, CLUSTERED, SPACED, GEOMETRIC, KINDS };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void make_row(int kind, int n, uint64_t *state, double *x) {
    for (int i = 0; i < n; i++) {
        switch (kind) {
            case TIED: x[i] = floor(2 * normal(state)) / 2; break;
            case CONSTANT: x[i] = 0.7; break;
            case CLUSTERED: x[i] = (i % 2) * 1e6 + 1e-9 * normal(state); break;
            case SPACED: x[i] = (double)i / n; break;
            case GEOMETRIC: x[i] = ldexp(1, -(i % 60)); break;
            default: x[i] = normal(state);
        }
    }
    qsort(x, (size_t)n, sizeof *x, ascending);
}

/* sum_i F((t - x_i) / softness) - k, the numbers near 1 counted apart so that nothing cancels. */
static long double excess(int k, long double t, int n, const double *x, double softness) {
    int whole = -k;
    long double tails = 0;
    for (int i = 0; i < n; i++) {
        long double tail = expl(-fabsl(t - x[i]) / softness) / 2;
        whole += x[i] <= t;
        tails += x[i] <= t ? -tail : tail;
    }
    return whole + tails;
}

static long double place(int k, int n, const double *x, double softness) {
    long double low = (long double)x[0] - 60.0L * softness, high = (long double)x[n - 1] + 60.0L * softness;
    for (int step = 0; step < 200; step++) {
        long double middle = (low + high) / 2;
        if (excess(k, middle, n, x, softness) < 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

/* Where the sum is flat its inverse is badly determined: the sum at the result must be right to rounding of its place. */
static void check_thresholds(int kind, int n, double softness, const double *x) {
    static double b[LARGEST], scratch[5 * LARGEST];
    int status = softgrad_laplace_thresholds_f64(1, n, x, softness, b, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    double size = fmax(fabs(x[0]), fabs(x[n - 1])) + softness;
    for (int k = 1; k < n; k++) {
        double rounding = 0x1p-50 * size;
        int right = excess(k, (long double)b[k - 1] - rounding, n, x, softness) <= 1e-13L * k &&
                    excess(k, (long double)b[k - 1] + rounding, n, x, softness) >= -1e-13L * k;
        CHECK(right, "kind %d n %d softness %g: place %d is %.17g, should be %.17Lg", kind, n, softness, k, b[k - 1],
              place(k, n, x, softness));
        CHECK(k == 1 || b[k - 1] >= b[k - 2], "kind %d n %d softness %g: place %d is below its neighbour", kind, n,
              softness, k);
    }
}

static void check_sums(int kind, int n, int m, double softness, const double *x, const double *at, uint64_t *state) {
    static double v[LARGEST], below[LARGEST], left[LARGEST], right[LARGEST], scratch[5 * LARGEST];
    for (int i = 0; i < n; i++) {
        v[i] = normal(state);
    }
    int status = softgrad_laplace_sums_f64(1, n, m, x, v, at, softness, below, left, right, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    for (int k = 0; k < m; k++) {
        long double plain = 0, before = 0, after = 0, size = 0;
        for (int i = 0; i < n; i++) {
            long double term = v[i] * expl(-fabsl((long double)at[k] - x[i]) / softness);
            plain += x[i] <= at[k] ? v[i] : 0;
            before += x[i] <= at[k] ? term : 0;
            after += x[i] <= at[k] ? 0 : term;
            size += fabsl(term) * (1 + fabsl((long double)at[k] - x[i]) / softness);
        }
        long double allowed = 1e-14L * (size + 1);
        CHECK(fabsl(below[k] - plain) <= 1e-12L, "kind %d: plain sum %d", kind, k);
        CHECK(fabsl(left[k] - before) <= allowed && fabsl(right[k] - after) <= allowed,
              "kind %d n %d softness %g: place %d has %.17g and %.17g, should be %.17Lg and %.17Lg", kind, n, softness,
              k, left[k], right[k], before, after);
    }
}

static void check_everything(void) {
    uint64_t state = 7;
    static double x[LARGEST], at[LARGEST];
    for (int kind = 0; kind < KINDS; kind++) {
        for (int n = 1; n <= LARGEST; n = n < 20 ? n + 1 : n * 2 + 3) {
            for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                make_row(kind, n, &state, x);
                check_thresholds(kind, n, softnesses[s], x);
                make_row(kind, LARGEST / 2, &state, at);
                check_sums(kind, n, LARGEST / 2, softnesses[s], x, at, &state);
            }
        }
    }
    double spoilt[] = {1, 2, NAN}, b[2], scratch[15];
    softgrad_laplace_thresholds_f64(1, 3, spoilt, 0.1, b, scratch);
    CHECK(isnan(b[0]) && isnan(b[1]), "a NaN in the row gives %g and %g", b[0], b[1]);
    CHECK(softgrad_laplace_thresholds_f64(1, 3, spoilt, 0, b, scratch) == SOFTGRAD_BAD_SOFTNESS, "softness 0");
}

int main(void) {
    under_every_instruction_set(check_everything);
    return failures != 0;
}
