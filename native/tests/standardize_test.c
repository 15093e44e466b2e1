/* Standardized rows against their definition in long double, for every instruction set. */
#include "check.h"

enum { LARGEST = 3000 };

static const int sizes[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 64, 100, 257, LARGEST};

enum { RANDOM, OFFSET, TIED, CONSTANT, HUGE_NUMBERS, LARGEST_NUMBERS, SMALL_NUMBERS, OUTLIER, KINDS };

static void make_row(int kind, int n, uint64_t *state, double *x) {
    for (int i = 0; i < n; i++) {
        double a = normal(state);
        switch (kind) {
            case OFFSET: x[i] = 1e6 + a; break;
            case TIED: x[i] = floor(2 * a) / 2; break;
            case CONSTANT: x[i] = -0.7; break;
            case HUGE_NUMBERS: x[i] = 1e200 * a; break;
            case LARGEST_NUMBERS: x[i] = 1.7e308 * (2 * uniform(state) - 1); break;
            case SMALL_NUMBERS: x[i] = 1e-5 * a; break;
            case OUTLIER: x[i] = i == n / 2 ? 1e5 : a; break;
            default: x[i] = a;
        }
    }
}

struct moments {
    long double mean;
    long double deviation;
};

static struct moments moments_of(int n, const double *x) {
    long double mean = 0, variance = 0;
    for (int i = 0; i < n; i++) {
        mean += (long double)x[i] / n;
    }
    for (int i = 0; i < n; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / n;
    }
    return (struct moments){mean, sqrtl(variance + 1e-6L)};
}

static long double logistic(long double u) {
    return 1 / (1 + expl(-u));
}

static void check_values(int kind, int n, const double *x, const double *s, const double *scale, struct moments right) {
    long double size = fabsl(right.mean) / right.deviation;
    for (int i = 0; i < n; i++) {
        long double u = (x[i] - right.mean) / right.deviation, expected = logistic(u);
        long double allowed = 4e-16L * (4 + 0.002L * n + fabsl(u) + size) * expected;
        CHECK(fabsl(s[i] - expected) <= allowed, "kind %d n %d: s[%d] is %.17g, should be %.17Lg", kind, n, i, s[i],
              expected);
    }
    CHECK(fabsl(scale[0] * (long double)scale[1] - right.mean) <= 1e-14L * (fabsl(right.mean) + right.deviation),
          "kind %d n %d: mean", kind, n);
    CHECK(fabsl(scale[0] * (long double)scale[2] / right.deviation - 1) <= 1e-14L + 1e-15L * size,
          "kind %d n %d: deviation %g times %g, should be %Lg", kind, n, scale[0], scale[2], right.deviation);
}

static void check_cotangents(int kind, int n, const double *x, const double *g, const double *dx,
                             struct moments right) {
    long double shift = 0, stretch = 0, size = 0;
    for (int i = 0; i < n; i++) {
        long double u = (x[i] - right.mean) / right.deviation, u_bar = logistic(u) * logistic(-u) * g[i];
        shift += u_bar / n;
        stretch += u_bar * u / n;
        size += fabsl(u_bar);
    }
    size *= 1 + fabsl(right.mean) / right.deviation;
    for (int i = 0; i < n; i++) {
        long double u = (x[i] - right.mean) / right.deviation, u_bar = logistic(u) * logistic(-u) * g[i];
        long double expected = (u_bar - shift - u * stretch) / right.deviation;
        CHECK(fabsl(dx[i] - expected) <= 2e-15L * size * (1 + fabsl(u)) / right.deviation,
              "kind %d n %d: dx[%d] is %.17g, should be %.17Lg", kind, n, i, dx[i], expected);
    }
}

static void test_against_definition(void) {
    static double x[LARGEST], s[LARGEST], g[LARGEST], dx[LARGEST];
    uint64_t state = 3;
    double scale[3];
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
            int n = sizes[size];
            make_row(kind, n, &state, x);
            for (int i = 0; i < n; i++) {
                g[i] = normal(&state);
            }
            struct moments right = moments_of(n, x);
            CHECK(softgrad_squash_f64(1, n, x, s, scale) == SOFTGRAD_OK, "status");
            check_values(kind, n, x, s, scale, right);
            CHECK(softgrad_squash_vjp_f64(1, n, x, scale, s, g, dx) == SOFTGRAD_OK, "status");
            check_cotangents(kind, n, x, g, dx, right);
        }
    }
}

/* Such a row has no scale of its own; what it gets must be finite, the same everywhere, and without derivatives. */
static void test_huge_constant_rows(void) {
    enum { N = 37 };
    double x[N], s[N], g[N], dx[N], scale[3];
    uint64_t state = 5;
    for (int i = 0; i < N; i++) {
        x[i] = 1.3e300;
        g[i] = normal(&state);
    }
    softgrad_squash_f64(1, N, x, s, scale);
    softgrad_squash_vjp_f64(1, N, x, scale, s, g, dx);
    for (int i = 0; i < N; i++) {
        CHECK(s[i] == 0.5 && fabs(dx[i]) < 1e-250, "s[%d] is %g and dx %g", i, s[i], dx[i]);
    }
}

static void test_rows_are_their_own(void) {
    enum { ROWS = 3, N = 21 };
    double x[ROWS * N], s[ROWS * N], dx[ROWS * N], alone[N], scale[3 * ROWS], scale_alone[3];
    uint64_t state = 11;
    make_row(RANDOM, ROWS * N, &state, x);
    const double specials[] = {NAN, INFINITY, -INFINITY};
    for (int special = 0; special < 3; special++) {
        x[N + 4] = specials[special];
        softgrad_squash_f64(ROWS, N, x, s, scale);
        softgrad_squash_vjp_f64(ROWS, N, x, scale, s, s, dx);
        for (int i = 0; i < ROWS * N; i++) {
            int is_spoilt = i / N == 1;
            CHECK(isnan(s[i]) == is_spoilt && isnan(dx[i]) == is_spoilt, "element %d: %g %g", i, s[i], dx[i]);
        }
        softgrad_squash_f64(1, N, x + 2 * N, alone, scale_alone);
        CHECK(!memcmp(alone, s + 2 * N, sizeof alone), "a row alone differs");
    }
}

static void test_bad_arguments_are_refused(void) {
    double x[2] = {1, 2}, out[6];
    CHECK(softgrad_squash_f64(-1, 2, x, out, out) == SOFTGRAD_BAD_SHAPE, "rows -1");
    CHECK(softgrad_squash_f64(1, 0, x, out, out) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_squash_f64(1, 2, x, out, NULL) == SOFTGRAD_BAD_POINTER, "no scale");
    CHECK(softgrad_squash_vjp_f64(1, 2, x, out, out, NULL, out) == SOFTGRAD_BAD_POINTER, "no cotangent");
    CHECK(softgrad_squash_f64(0, 2, NULL, NULL, NULL) == SOFTGRAD_OK, "no rows need no buffers");
}

static void every_test(void) {
    test_against_definition();
    test_huge_constant_rows();
    test_rows_are_their_own();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
