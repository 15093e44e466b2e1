/*
 * The smooth majorization sort against its definition in long double, under every instruction set: for short rows the
 * solution and its derivatives by dense linear algebra, for long rows the optimality conditions.
 */
#include "check.h"
#include "majorization_definition.h"

enum { LONGEST = 1024, SCRATCH = 12 * (LONGEST + 2) };

/* --- inputs --------------------------------------------------------------------------------------------------- */

typedef double (*element_maker)(int i, uint64_t *state);

static double random_element(int i, uint64_t *state) { return (void)i, normal(state); }
static double tied(int i, uint64_t *state) { return (void)i, floor(2 * normal(state)) / 2; }
static double constant(int i, uint64_t *state) { return (void)i, (void)state, 0.7; }
static double far_from_zero(int i, uint64_t *state) { return (void)i, 1e3 + normal(state); }
static double outlier(int i, uint64_t *state) { return i == 3 ? 50 : normal(state); }
static double clustered(int i, uint64_t *state) { return (i % 2) * 0.5 + 1e-7 * normal(state); }

static const struct {
    const char *name;
    element_maker make;
} inputs[] = {
    {"random", random_element}, {"tied", tied},       {"constant", constant},
    {"far from zero", far_from_zero}, {"outlier", outlier}, {"clustered", clustered},
};

enum { INPUTS = sizeof inputs / sizeof inputs[0] };

static const double softnesses[] = {1e-3, 0.03, 0.4, 1, 10};

enum { SOFTNESSES = sizeof softnesses / sizeof softnesses[0] };

static int descending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* z and w as sort has them (z evenly spaced), or as rank has them (w evenly spaced). */
static void make_row(int n, size_t input, int ranks, uint64_t *state, double *z, double *w) {
    for (int i = 0; i < n; i++) {
        (ranks ? z : w)[i] = inputs[input].make(i, state);
        (ranks ? w : z)[i] = n > 1 ? (double)(n - 1 - i + ranks) / (n - 1) : 1;
    }
    qsort(z, (size_t)n, sizeof *z, descending);
    qsort(w, (size_t)n, sizeof *w, descending);
}

/* --- tests ---------------------------------------------------------------------------------------------------- */

static double scratch[SCRATCH];

static long double worst_value, worst_cotangent;

static void compare(long double *worst, double actual, long double expected, long double allowed, const char *what,
                    const char *name) {
    long double error = fabsl(actual - expected) / allowed;
    *worst = error <= *worst ? *worst : error;
    CHECK(error <= 1, "%s of %s: %.17g, expected %.17Lg within %Lg", what, name, actual, expected, allowed);
}

static void compare_row(int n, size_t input, int ranks, double softness) {
    static struct problem at;
    static double z[SHORT], w[SHORT], g[SHORT], y[SHORT], solution[3 * SHORT], dz[SHORT], dw[SHORT];
    static long double expected_da[SHORT + 1], db[SHORT], expected_dw[SHORT];
    softgrad_count iterations;
    double residual, dsoftness;
    char name[100];
    uint64_t state = (uint64_t)n * 31 + input;
    snprintf(name, sizeof name, "%s %s, n=%d, softness %g", ranks ? "rank" : "sort", inputs[input].name, n, softness);
    make_row(n, input, ranks, &state, z, w);
    for (int i = 0; i < n; i++) {
        g[i] = normal(&state);
    }
    pose(&at, n, z, w, softness);
    softgrad_majorization_f64(1, n, z, w, softness, y, solution, &iterations, &residual, scratch);
    CHECK(residual <= 1e-12, "%s: residual %g after %lld iterations", name, residual, iterations);
    softgrad_majorization_vjp_f64(1, n, z, w, softness, solution, g, dz, dw, &dsoftness, scratch);
    /* A rounding of z or w moves the exponents by as much over the softness. */
    long double size = 1 + fmaxl(fabs(w[0]), fabs(w[n - 1])), reach = fmaxl(fabs(z[0]), fabs(z[n - 1]));
    long double unit = 1e-15L * (1 + (size + reach) / fminl(softness, 1));
    for (int k = 0; k < n; k++) {
        long double upper = k < n - 1 ? at.slack[k] : 0, lower = k > 0 ? at.slack[k - 1] : 0;
        compare(&worst_value, y[k], at.bound[k + 1] - upper - (at.bound[k] - lower), unit * size, "y", name);
    }
    expected_cotangents(&at, g, expected_da, db);
    long double of_softness = expected_bounds_cotangents(&at, db, expected_dw);
    of_softness *= softness < 1 ? 1 : softness > 1 ? 0 : 0.5L;
    long double largest_dz = 1, largest_dw = 1;
    for (int i = 0; i < n; i++) {
        of_softness -= expected_da[i] * z[i] / at.softness / at.softness;
        largest_dz = fmaxl(largest_dz, fabsl(expected_da[i]) / at.softness);
        largest_dw = fmaxl(largest_dw, fabsl(expected_dw[i]));
    }
    for (int i = 0; i < n; i++) {
        compare(&worst_cotangent, dz[i], expected_da[i] / at.softness, 4 * unit * largest_dz, "dz", name);
        compare(&worst_cotangent, dw[i], expected_dw[i], 4 * unit * largest_dw, "dw", name);
    }
    compare(&worst_cotangent, dsoftness, of_softness,
            4 * unit * (1 + n * (reach * largest_dz + size * largest_dw) / at.softness), "dsoftness", name);
}

static void test_short_rows_against_definition(void) {
    static const int lengths[] = {2, 3, 4, 5, 7, 8, 9, 13, 17, SHORT - 1};
    worst_value = worst_cotangent = 0;
    for (size_t length = 0; length < sizeof lengths / sizeof lengths[0]; length++) {
        for (size_t input = 0; input < INPUTS; input++) {
            for (int s = 0; s < SOFTNESSES; s++) {
                compare_row(lengths[length], input, 0, softnesses[s]);
                compare_row(lengths[length], input, 1, softnesses[s]);
            }
        }
    }
    printf("  worst error beside what is allowed: values %.2Lg, cotangents %.2Lg\n", worst_value, worst_cotangent);
}

static long double worst_excess, worst_balance, worst_duality;

/* D c = L slack + distance, and -log slack = D a + L (-log distance), all in the units of the solution. */
static void check_conditions(int n, const double *z, const double *w, double softness, const double *solution,
                             const char *name) {
    static long double excess[LONGEST], slack[LONGEST], beta[LONGEST], distance[LONGEST];
    const long double temperature = fmin(softness, 1);
    int m = n - 1;
    expected_excess(n, w, temperature, excess);
    long double unit = ((long double)w[0] - w[m] + temperature * (excess[0] - excess[m])) / m;
    for (int k = 0; k < n; k++) {
        compare(&worst_excess, solution[k], excess[k], 1e-13L * (1 + (w[0] - w[m]) / softness), "excess", name);
    }
    for (int k = 0; k < m; k++) {
        slack[k] = solution[n + k];
        distance[k] = solution[2 * n + k];
        beta[k] = -logl(distance[k]) - logl(unit);
    }
    long double error = 0, size = 1;
    for (int k = 0; k < m; k++) {
        long double fall = ((long double)w[k] - w[k + 1] + temperature * (excess[k] - excess[k + 1])) / unit;
        error = fmaxl(error, fabsl(fall - bend(m, slack, k) - distance[k]));
        size = fmaxl(size, fmaxl(slack[k], distance[k]));
        long double alpha = (z[k] - z[k + 1]) / (long double)softness + bend(m, beta, k);
        int vanishes = distance[k] == 0 || (k > 0 && distance[k - 1] == 0) || (k + 1 < m && distance[k + 1] == 0);
        if (slack[k] > 0 && !vanishes) {
            compare(&worst_duality, (double)alpha, -logl(slack[k] * unit), 1e-12L * (4 + 4 * fabsl(beta[k])), "duality",
                    name);
        }
    }
    compare(&worst_balance, 0, error / size, 1e-12L, "balance", name);
}

static void test_long_rows_meet_the_optimality_conditions(void) {
    static const int lengths[] = {64, 65, 257, LONGEST};
    static double z[LONGEST], w[LONGEST], y[LONGEST], solution[3 * LONGEST];
    worst_excess = worst_balance = worst_duality = 0;
    softgrad_count iterations, most = 0;
    double residual, largest = 0;
    for (int row = 0; row < 4 * SOFTNESSES * 2; row++) {
        int n = lengths[row % 4], ranks = row / 4 % 2;
        double softness = softnesses[row / 8];
        for (size_t input = 0; input < INPUTS; input += n == LONGEST && ranks == 0 ? 2 : 1) {
            char name[100];
            uint64_t state = (uint64_t)n + input;
            make_row(n, input, ranks, &state, z, w);
            snprintf(name, sizeof name, "%s, n=%d, softness %g", inputs[input].name, n, softness);
            softgrad_majorization_f64(1, n, z, w, softness, y, solution, &iterations, &residual, scratch);
            CHECK(residual <= 1e-12, "%s: residual %g after %lld iterations", name, residual, iterations);
            most = iterations > most ? iterations : most;
            largest = residual > largest ? residual : largest;
            if (n < LONGEST || input == 0) {
                check_conditions(n, z, w, softness, solution, name);
            }
        }
    }
    printf("  at most %lld iterations, residual %.1e\n", most, largest);
    printf("  worst error beside what is allowed: excess %.2Lg, balance %.2Lg, duality %.2Lg\n", worst_excess,
           worst_balance, worst_duality);
}

/* exp((w_1 - w_n) / T) overflows, as do the polynomials themselves. */
static void test_wide_rows_are_sorted_as_they_are(void) {
    enum { N = 40 };
    double z[N], w[N], y[N], g[N], solution[3 * N], dz[N], dw[N], residual, dsoftness;
    softgrad_count iterations;
    for (int i = 0; i < N; i++) {
        z[i] = w[i] = (i % 3 == 0 ? 1000.0 : 1001.0) - 10 * i;
        g[i] = i;
    }
    qsort(z, N, sizeof *z, descending);
    qsort(w, N, sizeof *w, descending);
    softgrad_majorization_f64(1, N, z, w, 1e-3, y, solution, &iterations, &residual, scratch);
    softgrad_majorization_vjp_f64(1, N, z, w, 1e-3, solution, g, dz, dw, &dsoftness, scratch);
    for (int i = 0; i < N; i++) {
        CHECK(y[i] == w[i] && dw[i] == g[i] && dz[i] == 0, "y=%g w=%g dw=%g dz=%g at %d", y[i], w[i], dw[i], dz[i], i);
    }
    CHECK(dsoftness == 0, "dsoftness=%g", dsoftness);
}

/* e_k of n equal numbers is a binomial coefficient, up to 2^2994; each is in a set of k with probability k / n. */
static void test_equal_numbers_have_binomial_bounds(void) {
    enum { N = 3000 };
    static double z[N], w[N], y[N], g[N], solution[3 * N], dz[N], dw[N], many[12 * (N + 2)], residual, dsoftness;
    softgrad_count iterations;
    long double total = 0;
    uint64_t state = 9;
    for (int i = 0; i < N; i++) {
        z[i] = (double)(N - 1 - i) / (N - 1);
        w[i] = -4.2;
        total += g[i] = 1 + normal(&state);
    }
    softgrad_majorization_f64(1, N, z, w, 0.7, y, solution, &iterations, &residual, many);
    softgrad_majorization_vjp_f64(1, N, z, w, 0.7, solution, g, dz, dw, &dsoftness, many);
    CHECK(residual < 1e-12, "residual %g", residual);
    for (int k = 0; k < N; k++) {
        long double exact = logl((long double)(N - k) / (k + 1));
        CHECK(fabsl(solution[k] - exact) < 1e-13L, "excess %d is %.17g, not %.17Lg", k, solution[k], exact);
        CHECK(fabsl(dw[k] - total / N) < 1e-11L, "dw %d is %.17g, not %.17Lg", k, dw[k], total / N);
    }
}

static void test_special_numbers_stay_in_their_row(void) {
    enum { ROWS = 4, N = 11 };
    const double specials[] = {NAN, INFINITY, -INFINITY};
    double z[ROWS * N], w[ROWS * N], g[ROWS * N], y[ROWS * N], solution[3 * ROWS * N], dz[ROWS * N], dw[ROWS * N];
    double residual[ROWS], dsoftness[ROWS];
    softgrad_count iterations[ROWS];
    for (int special = 0; special < 9; special++) {
        uint64_t state = 5;
        for (int row = 0; row < ROWS; row++) {
            make_row(N, 0, row % 2, &state, z + row * N, w + row * N);
        }
        for (int i = 0; i < ROWS * N; i++) {
            g[i] = normal(&state);
        }
        double *spoilt = special / 3 == 0 ? z : special / 3 == 1 ? w : g;
        spoilt[2 * N + (special % 3 == 1 ? 0 : N - 1)] = specials[special % 3];
        softgrad_majorization_f64(ROWS, N, z, w, 0.2, y, solution, iterations, residual, scratch);
        softgrad_majorization_vjp_f64(ROWS, N, z, w, 0.2, solution, g, dz, dw, dsoftness, scratch);
        for (int i = 0; i < ROWS * N; i++) {
            int inside = i / N == 2;
            CHECK(isnan(y[i]) == (inside && special < 6), "special %d: y[%d]=%g", special, i, y[i]);
            CHECK(isnan(dz[i]) == inside && isnan(dw[i]) == inside, "special %d: dz[%d]=%g dw=%g", special, i, dz[i],
                  dw[i]);
            CHECK(isnan(dsoftness[i / N]) == inside, "special %d: dsoftness %g", special, dsoftness[i / N]);
        }
    }
}

static void test_extremes_stay_finite(void) {
    static const double sizes[] = {1e-300, 1e-6, 1e6, 1e300}, extremes[] = {1e-6, 1e-3, 1, 1e6};
    enum { LARGEST = 40 };
    static double z[LARGEST], w[LARGEST], y[LARGEST], solution[3 * LARGEST], g[LARGEST], dz[LARGEST], dw[LARGEST];
    for (int n = 1; n <= LARGEST; n += n < 6 ? 1 : 17) {
        for (int variant = 0; variant < 4 * 4 * 2 * INPUTS; variant++) {
            double size = sizes[variant % 4], softness = extremes[variant / 4 % 4], residual, dsoftness;
            int ranks = variant / 16 % 2;
            softgrad_count iterations;
            uint64_t state = (uint64_t)variant;
            make_row(n, (size_t)variant / 32, ranks, &state, z, w);
            for (int i = 0; i < n; i++) {
                (ranks ? z : w)[i] *= size;
                g[i] = normal(&state);
            }
            softgrad_majorization_f64(1, n, z, w, softness, y, solution, &iterations, &residual, scratch);
            softgrad_majorization_vjp_f64(1, n, z, w, softness, solution, g, dz, dw, &dsoftness, scratch);
            CHECK(residual <= 1e-12, "variant %d, n=%d: residual %g after %lld", variant, n, residual, iterations);
            for (int i = 0; i < n; i++) {
                CHECK(isfinite(y[i]) && isfinite(dz[i]) && isfinite(dw[i]) && isfinite(dsoftness),
                      "variant %d, n=%d: y=%g dz=%g dw=%g ds=%g", variant, n, y[i], dz[i], dw[i], dsoftness);
                CHECK(n > 1 || (y[i] == w[i] && dz[i] == 0 && dw[i] == g[i] && dsoftness == 0), "n=1: y=%g", y[i]);
            }
        }
    }
}

static void test_bad_arguments_are_refused(void) {
    double z[2] = {1, 0}, y[2] = {7, 7}, solution[6], residual;
    softgrad_count iterations;
    CHECK(softgrad_majorization_f64(-1, 2, z, z, 1, y, solution, &iterations, &residual, scratch) == SOFTGRAD_BAD_SHAPE,
          "rows -1");
    CHECK(softgrad_majorization_f64(1, 0, z, z, 1, y, solution, &iterations, &residual, scratch) == SOFTGRAD_BAD_SHAPE,
          "n 0");
    CHECK(softgrad_majorization_f64(1, 2, z, z, 0, y, solution, &iterations, &residual, scratch) ==
              SOFTGRAD_BAD_SOFTNESS,
          "softness 0");
    CHECK(softgrad_majorization_f64(1, 2, z, z, 1, y, solution, &iterations, &residual, NULL) == SOFTGRAD_BAD_POINTER,
          "no scratch");
    CHECK(softgrad_majorization_vjp_f64(1, 2, z, z, 1, solution, NULL, y, y, y, scratch) == SOFTGRAD_BAD_POINTER,
          "no cotangent");
    CHECK(softgrad_majorization_f64(0, 2, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL) == SOFTGRAD_OK, "no rows");
    CHECK(y[0] == 7 && y[1] == 7, "a refused call wrote to its output");
}

static void every_test(void) {
    test_short_rows_against_definition();
    test_long_rows_meet_the_optimality_conditions();
    test_wide_rows_are_sorted_as_they_are();
    test_equal_numbers_have_binomial_bounds();
    test_special_numbers_stay_in_their_row();
    test_extremes_stay_finite();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
