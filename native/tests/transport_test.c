/*
 * The transport kernels are checked against the conditions that make a plan, or a cotangent, the exact one, in long
 * double: no reference solver is needed.
 *
 * A plan is optimal if its sums are right and there are potentials with f_i + g_j = cost_ij + softness u_ij wherever it
 * has mass, u = log P for the entropy and P^(1/e) for a norm, and f_i + g_j <= cost_ij elsewhere. A cotangent dcost is
 * right if its sums are zero and (dcost_ij softness + W_ij G_ij) / W_ij is a sum of a function of i and one of j.
 */
#include "check.h"

enum { LARGEST = 64, SIZE = LARGEST * LARGEST, BIG = 1024, REGULARIZERS = 4 };

static double scratch[2 * BIG * BIG + 80 * BIG];

/* --- conditions --------------------------------------------------------------------------------------------------- */

static long double root(int e, long double mass) {
    return e == 0 ? logl(mass) : e == 1 ? mass : powl(mass, 1.0L / e);
}

static long double weight(int e, long double mass) {
    return e == 0 ? mass : mass > 0 ? e * powl(mass, (e - 1.0L) / e) : 0;
}

/* Potentials with f_i + g_j = value_ij wherever `known`, one part of the support after another; returns the largest
   violation. f and g of different parts are not comparable, so `part` says which is which. */
static long double fit(int n, int m, const long double *value, const char *known, long double *f, long double *g,
                       int *part_of_row, int *part_of_column) {
    int parts = 0, changed = 1;
    memset(part_of_row, 0, (size_t)n * sizeof *part_of_row);
    memset(part_of_column, 0, (size_t)m * sizeof *part_of_column);
    for (int start = 0; start < n; start++) {
        if (part_of_row[start]) {
            continue;
        }
        part_of_row[start] = ++parts;
        f[start] = 0;
        for (changed = 1; changed;) {
            changed = 0;
            for (int k = 0; k < n * m; k++) {
                int i = k / m, j = k % m;
                if (known[k] && part_of_row[i] == parts && !part_of_column[j]) {
                    part_of_column[j] = parts, g[j] = value[k] - f[i], changed = 1;
                } else if (known[k] && part_of_column[j] == parts && !part_of_row[i]) {
                    part_of_row[i] = parts, f[i] = value[k] - g[j], changed = 1;
                }
            }
        }
    }
    long double worst = 0;
    for (int k = 0; k < n * m; k++) {
        if (known[k]) {
            worst = fmaxl(worst, fabsl(value[k] - f[k / m] - g[k % m]));
        }
    }
    return worst;
}

static void check_sums(const char *name, int e, int n, int m, const double *plan, const double *mu, const double *nu,
                       double softness) {
    long double worst = 0;
    for (int i = 0; i < n; i++) {
        long double sum = 0;
        for (int j = 0; j < m; j++) {
            sum += plan[i * m + j];
            CHECK(plan[i * m + j] >= 0, "%s: negative mass", name);
        }
        worst = fmaxl(worst, fabsl(sum / mu[i] - 1));
    }
    for (int j = 0; j < m; j++) {
        long double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += plan[i * m + j];
        }
        worst = fmaxl(worst, fabsl(sum / nu[j] - 1));
    }
    CHECK(worst <= 1e-12L, "%s, e=%d n=%d m=%d softness=%g: sums off by %Lg", name, e, n, m, softness, worst);
}

/* `range` is the size of the costs, whose rounding the potentials cannot beat. */
static void check_optimal(const char *name, int e, int n, int m, const double *cost, const double *plan,
                          double softness, double range) {
    static long double value[SIZE], f[LARGEST], g[LARGEST];
    static char known[SIZE];
    static int row[LARGEST], column[LARGEST];
    for (int k = 0; k < n * m; k++) {
        known[k] = plan[k] > 1e-6 / (n * m);
        value[k] = known[k] ? cost[k] + (long double)softness * root(e, plan[k]) : 0;
    }
    long double allowed = 1e-9L * softness + 1e-13L * range, worst = fit(n, m, value, known, f, g, row, column);
    CHECK(worst <= allowed, "%s, e=%d n=%d m=%d softness=%g: not stationary by %Lg", name, e, n, m, softness, worst);
    for (int k = 0; k < n * m && e > 0; k++) {
        int i = k / m, j = k % m;
        if (plan[k] == 0 && row[i] == column[j]) {
            CHECK(f[i] + g[j] - cost[k] <= allowed, "%s, e=%d n=%d m=%d softness=%g: mass missing at %d, %d", name, e,
                  n, m, softness, i, j);
        }
    }
}

static void check_cotangent(const char *name, int e, int n, int m, const double *plan, double softness,
                            const double *cotangent, const double *dcost) {
    static long double value[SIZE], f[LARGEST], g[LARGEST];
    static char known[SIZE];
    static int row[LARGEST], column[LARGEST];
    long double sums[2 * LARGEST] = {0}, size = 0;
    for (int k = 0; k < n * m; k++) {
        long double w = weight(e, plan[k]);
        known[k] = plan[k] > 1e-4 / (n * m);
        value[k] = known[k] ? dcost[k] * (long double)softness / w + cotangent[k] : 0;
        sums[k / m] += dcost[k];
        sums[LARGEST + k % m] += dcost[k];
        size = fmaxl(size, fabsl(w * cotangent[k] / softness));
    }
    for (int k = 0; k < 2 * LARGEST; k++) {
        CHECK(fabsl(sums[k]) <= 1e-11L * size, "%s, e=%d n=%d m=%d softness=%g: cotangent sums to %Lg of %Lg", name, e,
              n, m, softness, sums[k], size);
    }
    long double worst = fit(n, m, value, known, f, g, row, column);
    CHECK(worst <= 1e-7L, "%s, e=%d n=%d m=%d softness=%g: cotangent off by %Lg", name, e, n, m, softness, worst);
}

/* --- any costs ---------------------------------------------------------------------------------------------------- */

static void test_matrices(void) {
    static const int shapes[][2] = {{1, 1}, {1, 3}, {4, 1}, {2, 2}, {5, 3}, {3, 6}, {16, 16}, {33, 9}, {9, 40}};
    static const double softnesses[] = {1e-3, 1e-2, 0.1, 1, 100};
    static double cost[SIZE], mu[LARGEST], nu[LARGEST], plan[SIZE], g[SIZE], dcost[SIZE];
    uint64_t state = 11;
    for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
        int n = shapes[shape][0], m = shapes[shape][1];
        for (int variant = 0; variant < 5 * REGULARIZERS; variant++) {
            int e = variant % REGULARIZERS, uneven = variant / REGULARIZERS % 2;
            double softness = softnesses[variant / REGULARIZERS], all[2] = {0, 0}, residual;
            softgrad_count iterations;
            for (int i = 0; i < n; i++) {
                all[0] += mu[i] = uneven ? 0.05 + uniform(&state) : 1;
            }
            for (int j = 0; j < m; j++) {
                all[1] += nu[j] = uneven ? 0.05 + uniform(&state) : 1;
            }
            for (int k = 0; k < n * m; k++) {
                mu[k / m] /= k % m ? 1 : all[0];
                cost[k] = variant % 3 ? uniform(&state) : floor(3 * uniform(&state)) / 3;
                g[k] = normal(&state);
            }
            for (int j = 0; j < m; j++) {
                nu[j] /= all[1];
            }
            int status = softgrad_transport_f64(e, 1, n, m, cost, mu, nu, softness, 5e-13, 1000, 0, plan, &iterations,
                                                &residual, scratch);
            CHECK(status == SOFTGRAD_OK, "status %d", status);
            CHECK(residual <= 5e-13, "e=%d n=%d m=%d softness=%g: residual %g", e, n, m, softness, residual);
            check_sums("matrix", e, n, m, plan, mu, nu, softness);
            check_optimal("matrix", e, n, m, cost, plan, softness, 1);
            softgrad_transport_vjp_f64(e, 1, n, m, plan, softness, g, 0, dcost, scratch);
            check_cotangent("matrix", e, n, m, plan, softness, g, dcost);
        }
    }
}

/* Costs of a whole source or target change no plan, however far they take the potentials. */
static void test_offsets_of_costs_do_not_show(void) {
    enum { N = 20, M = 17 };
    static const double offsets[] = {0.1, 3, 1e3}, softnesses[] = {1e-3, 0.1};
    static double cost[SIZE], moved[SIZE], mu[N], nu[M], wanted[SIZE], plan[SIZE], residual;
    uint64_t state = 21;
    softgrad_count steps;
    for (int k = 0; k < N * M; k++) {
        cost[k] = uniform(&state);
        mu[k / M] = 1.0 / N, nu[k % M] = 1.0 / M;
    }
    for (int e = 0, variant = 0; variant < 3 * 2 * REGULARIZERS; e = ++variant % REGULARIZERS) {
        const double offset = offsets[variant / REGULARIZERS % 3], softness = softnesses[variant / REGULARIZERS / 3];
        for (int k = 0; k < N * M; k++) {
            moved[k] = cost[k] + offset * (k % M) - 2 * offset * (k / M);
        }
        softgrad_transport_f64(e, 1, N, M, cost, mu, nu, softness, 5e-13, 1000, 0, wanted, &steps, &residual, scratch);
        softgrad_transport_f64(e, 1, N, M, moved, mu, nu, softness, 5e-13, 1000, 0, plan, &steps, &residual, scratch);
        CHECK(residual <= 5e-13, "e=%d offset %g softness %g: residual %g", e, offset, softness, residual);
        for (int k = 0; k < N * M; k++) {
            CHECK(fabs(plan[k] - wanted[k]) <= 1e-12 * offset / softness + 1e-9, "e=%d offset %g", e, offset);
        }
    }
}

static void test_a_nan_stays_in_its_matrix(void) {
    double cost[8] = {NAN, 0, 1, 0, 0, 1, 1, 0}, half[2] = {0.5, 0.5}, plan[8], residual[2];
    softgrad_count steps[2];
    softgrad_transport_f64(0, 2, 2, 2, cost, half, half, 1, 5e-13, 100, 0, plan, steps, residual, scratch);
    CHECK(isnan(plan[0]) && isnan(plan[3]) && plan[4] > 0 && residual[0] == 0, "plan %g %g", plan[3], plan[4]);
}

/* --- points on a line --------------------------------------------------------------------------------------------- */

static double make_point(int kind, int i, int n, uint64_t *state) {
    double z = normal(state);
    switch (kind) {
        case 0: return 1 / (1 + exp(-z));
        case 1: return floor(4 * z) / 8;
        case 2: return 0.5;
        case 3: return (i % 2 ? 0.3 : 0.8) + 1e-9 * z;
        case 4: return i == n / 3 ? 1e8 : z;
        case 5: return ldexp(1, -(i % 50));
        default: return 100 * z;
    }
}

enum { KINDS = 7 };

/* Shares of m anchors for n points: all equal, or most on the first or in the middle. */
static void make_shares(int n, int m, int uneven, double *shares) {
    for (int j = 0; j < m; j++) {
        shares[j] = 1;
    }
    shares[uneven ? m / 2 : 0] += n - m;
}

static void check_line(int e, int n, int m, int kind, int reversed, double softness) {
    static double x[LARGEST], anchors[LARGEST], shares[LARGEST], plan[SIZE], g[SIZE], dx[LARGEST];
    static double cost[SIZE], flat[SIZE], flat_g[SIZE], mu[LARGEST], nu[LARGEST], dcost[SIZE];
    uint64_t state = (uint64_t)(n * 31 + kind);
    double residual;
    softgrad_count iterations;
    for (int i = 0; i < n; i++) {
        x[i] = make_point(kind, i, n, &state);
        mu[i] = 1.0 / n;
    }
    make_shares(n, m, kind % 2, shares);
    for (int j = 0; j < m; j++) {
        anchors[j] = m == 1 ? 0.5 : (reversed ? m - 1.0 - j : j) / (m - 1);
        nu[j] = shares[j] / n;
    }
    for (int k = 0; k < n * m; k++) {
        g[k] = normal(&state);
    }
    softgrad_transport_line_f64(e, 1, n, m, x, anchors, shares, softness, 5e-13, 1000, 0, plan, &iterations, &residual,
                                scratch);
    CHECK(residual <= 5e-13, "line e=%d n=%d m=%d kind %d softness=%g: residual %g", e, n, m, kind, softness, residual);
    for (int k = 0; k < n * m; k++) {
        int i = k / m, j = k % m;
        cost[k] = (x[i] - anchors[j]) * (x[i] - anchors[j]) - x[i] * x[i];
        flat[k] = plan[j * n + i] / n;
        flat_g[k] = g[j * n + i] * n;
    }
    check_sums("line", e, n, m, flat, mu, nu, softness);
    if (kind != 4) {
        check_optimal("line", e, n, m, cost, flat, softness, 10 * fabs(x[n - 1]) + 10);
    }
    softgrad_transport_line_vjp_f64(e, 1, n, m, anchors, plan, softness, g, 0, dx, scratch);
    softgrad_transport_vjp_f64(e, 1, n, m, flat, softness, flat_g, 0, dcost, scratch);
    for (int i = 0; i < n; i++) {
        double sum = 0, size = 0;
        for (int j = 0; j < m; j++) {
            sum -= 2 * dcost[i * m + j] * anchors[j];
            size += fabs(dcost[i * m + j]) + 1e-3 * weight(e, flat[i * m + j]) * n / softness;
        }
        CHECK(fabs(dx[i] - sum) <= 1e-9 * size, "line e=%d n=%d m=%d kind %d softness=%g: dx %g, expected %g", e, n, m,
              kind, softness, dx[i], sum);
    }
}

static void test_lines(void) {
    static const int shapes[][2] = {{1, 1}, {2, 2}, {5, 2}, {5, 5}, {17, 4}, {33, 33}, {40, 9}, {40, 16}, {40, 17}, {40, 39}};
    static const double softnesses[] = {1e-3, 1e-2, 0.1, 1, 10};
    for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
        for (int variant = 0; variant < 5 * REGULARIZERS * KINDS; variant++) {
            check_line(variant % REGULARIZERS, shapes[shape][0], shapes[shape][1],
                       variant / REGULARIZERS % KINDS, variant % 2, softnesses[variant / REGULARIZERS / KINDS]);
        }
    }
}

static void test_long_lines(void) {
    static double x[BIG], anchors[BIG], shares[BIG], plan[BIG * BIG];
    static const double softnesses[] = {1e-3, 0.1, 10};
    for (int variant = 0; variant < 3 * REGULARIZERS * KINDS; variant++) {
        int e = variant % REGULARIZERS, kind = variant / REGULARIZERS % KINDS, m = variant % 3 ? BIG : 9;
        double softness = softnesses[variant / REGULARIZERS / KINDS], residual, worst = 0;
        softgrad_count iterations;
        uint64_t state = 5;
        for (int i = 0; i < BIG; i++) {
            x[i] = make_point(kind, i, BIG, &state);
        }
        make_shares(BIG, m, 0, shares);
        for (int j = 0; j < m; j++) {
            anchors[j] = (double)j / (m - 1);
        }
        softgrad_transport_line_f64(e, 1, BIG, m, x, anchors, shares, softness, 5e-13, 1000, 0, plan, &iterations,
                                    &residual, scratch);
        for (int j = 0; j < m; j++) {
            long double sum = 0;
            for (int i = 0; i < BIG; i++) {
                sum += plan[j * BIG + i];
            }
            worst = fmax(worst, fabs((double)(sum / shares[j] - 1)));
        }
        CHECK(worst <= 1e-12, "e=%d m=%d kind %d softness=%g: sums off by %g after %lld iterations", e, m, kind,
              softness, worst, iterations);
    }
}

/* --- special cases ------------------------------------------------------------------------------------------------ */

static void test_logarithms_do_not_underflow(void) {
    double x[3] = {0, 10, 11}, anchors[3] = {0, 0.5, 1}, ones[3] = {1, 1, 1}, logs[9], plan[9], residual;
    softgrad_count iterations;
    softgrad_transport_line_f64(0, 1, 3, 3, x, anchors, ones, 0.01, 5e-13, 100, 1, logs, &iterations, &residual,
                                scratch);
    softgrad_transport_line_f64(0, 1, 3, 3, x, anchors, ones, 0.01, 5e-13, 100, 0, plan, &iterations, &residual,
                                scratch);
    CHECK(logs[2 * 3] < -1000 && logs[2 * 3] > -1e5, "log of the first point at the last anchor is %g", logs[6]);
    for (int k = 0; k < 9; k++) {
        CHECK(fabs(exp(logs[k]) - plan[k]) <= 1e-12, "exp of logarithm %g is not %g", logs[k], plan[k]);
    }
}

static void test_extremes_stay_finite(void) {
    const double sizes[] = {1e-300, 1e-8, 1, 1e8, 1e300}, softnesses[] = {1e-300, 1e-6, 1e6, 1e300};
    double x[6], anchors[6], shares[6], plan[36], g[36], dx[6], residual;
    uint64_t state = 9;
    for (int variant = 0; variant < 5 * 4 * REGULARIZERS; variant++) {
        double size = sizes[variant % 5], softness = softnesses[variant / 5 % 4];
        int e = variant / 20;
        softgrad_count iterations;
        for (int i = 0; i < 6; i++) {
            x[i] = i == 4 ? x[3] : size * normal(&state) / 8;
            anchors[i] = i / 5.0;
            shares[i] = 1;
        }
        for (int k = 0; k < 36; k++) {
            g[k] = k;
        }
        softgrad_transport_line_f64(e, 1, 6, 6, x, anchors, shares, softness, 5e-13, 100, 0, plan, &iterations,
                                    &residual, scratch);
        softgrad_transport_line_vjp_f64(e, 1, 6, 6, anchors, plan, softness, g, 0, dx, scratch);
        CHECK(residual <= 5e-13, "e=%d size=%g softness=%g: residual %g", e, size, softness, residual);
        for (int k = 0; k < 36; k++) {
            CHECK(isfinite(plan[k]), "e=%d size=%g softness=%g: plan %g", e, size, softness, plan[k]);
            CHECK(isfinite(dx[k / 6]) || softness < 1e-100, "e=%d size=%g softness=%g: dx %g", e, size, softness,
                  dx[k / 6]);
        }
    }
}

static void test_a_nan_stays_in_its_row(void) {
    double x[6] = {0, 1, 2, 0, NAN, 2}, anchors[3] = {0, 0.5, 1}, ones[3] = {1, 1, 1}, plan[18], residual[2];
    softgrad_count iterations[2];
    for (int e = 0; e < REGULARIZERS; e++) {
        softgrad_transport_line_f64(e, 2, 3, 3, x, anchors, ones, 0.5, 5e-13, 100, 0, plan, iterations, residual,
                                    scratch);
        for (int k = 0; k < 18; k++) {
            CHECK(isnan(plan[k]) == (k >= 9), "e=%d entry %d is %g", e, k, plan[k]);
        }
        CHECK(residual[0] <= 5e-13 && residual[1] == 0, "residuals %g and %g", residual[0], residual[1]);
    }
}

static void test_an_unreached_tolerance_shows(void) {
    double x[4] = {0.1, 0.3, 0.35, 0.8}, anchors[4] = {0, 1 / 3.0, 2 / 3.0, 1}, ones[4] = {1, 1, 1, 1};
    double plan[16], residual;
    softgrad_count iterations;
    softgrad_transport_line_f64(1, 1, 4, 4, x, anchors, ones, 1, 5e-13, 1, 0, plan, &iterations, &residual, scratch);
    CHECK(iterations == 1 && residual > 5e-13, "residual %g after %lld iterations", residual, iterations);
}

static void test_bad_arguments_are_refused(void) {
    double a[4] = {0, 1, 0, 1}, plan[4] = {7, 7, 7, 7}, r;
    softgrad_count it;
    CHECK(softgrad_transport_f64(4, 1, 2, 2, a, a, a, 1, 1e-9, 9, 0, plan, &it, &r, scratch) ==
              SOFTGRAD_BAD_REGULARIZER, "regularizer 4");
    CHECK(softgrad_transport_f64(0, 1, 0, 2, a, a, a, 1, 1e-9, 9, 0, plan, &it, &r, scratch) == SOFTGRAD_BAD_SHAPE,
          "n 0");
    CHECK(softgrad_transport_line_f64(0, 1, 2, 1LL << 60, a, a, a, 1, 1e-9, 9, 0, plan, &it, &r, scratch) ==
              SOFTGRAD_BAD_SHAPE, "m too large");
    CHECK(softgrad_transport_line_f64(0, 1, 2, 2, a, a, a, 0, 1e-9, 9, 0, plan, &it, &r, scratch) ==
              SOFTGRAD_BAD_SOFTNESS, "softness 0");
    CHECK(softgrad_transport_vjp_f64(0, 1, 2, 2, a, 1, NULL, 0, plan, scratch) == SOFTGRAD_BAD_POINTER, "no cotangent");
    CHECK(softgrad_transport_line_vjp_f64(0, 0, 2, 2, NULL, NULL, 1, NULL, 0, NULL, NULL) == SOFTGRAD_OK, "no rows");
    CHECK(plan[0] == 7, "a refused call wrote to its output");
}

static void every_test(void) {
    test_matrices();
    test_offsets_of_costs_do_not_show();
    test_a_nan_stays_in_its_matrix();
    test_lines();
    test_long_lines();
    test_logarithms_do_not_underflow();
    test_extremes_stay_finite();
    test_a_nan_stays_in_its_row();
    test_an_unreached_tolerance_shows();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
