/*
 * The isotonic kernels against pools solved in long double by bisection, for every regularizer and instruction set.
 * Errors are in units of rounding of the row's largest w: that is what the kernels promise, at any size of z /
 * softness.
 */
#include "check.h"

enum { LARGEST = 400, REGULARIZERS = 4 };

static const char *const regularizer_names[] = {"entropy", "squared euclidean", "norm 3/2", "norm 4/3"};

/* --- inputs --------------------------------------------------------------------------------------------------- */

typedef double (*element_maker)(int i, int n, uint64_t *state);

static double random_element(int i, int n, uint64_t *state) { return (void)i, (void)n, normal(state); }
static double tied(int i, int n, uint64_t *state) { return (void)i, (void)n, floor(2 * normal(state)) / 2; }
static double constant(int i, int n, uint64_t *state) { return (void)i, (void)n, (void)state, 0.7; }
static double zero(int i, int n, uint64_t *state) { return (void)i, (void)n, (void)state, 0.0; }
static double nearly_constant(int i, int n, uint64_t *state) { return (void)i, (void)n, 1 + 1e-6 * normal(state); }
static double far_from_zero(int i, int n, uint64_t *state) { return (void)i, (void)n, 1e6 + normal(state); }
static double spaced(int i, int n, uint64_t *state) { return (void)state, (double)i / n; }
static double wide(int i, int n, uint64_t *state) { return (void)i, (void)n, 1e8 * normal(state); }
static double geometric(int i, int n, uint64_t *state) { return (void)n, (void)state, ldexp(1, -(i % 100)); }
static double clustered(int i, int n, uint64_t *state) {
    return (void)n, (i % 2) * 0.5 + 1e-7 * normal(state) + (i == 3);
}

/* Clusters so far apart that sums over the row would lose what is in them. */
static double far_apart(int i, int n, uint64_t *state) { return (void)n, (i % 3) * 1e9 + 1e-6 * normal(state); }

static const struct {
    const char *name;
    element_maker make;
} inputs[] = {
    {"random", random_element}, {"tied", tied},     {"constant", constant}, {"zero", zero},
    {"nearly constant", nearly_constant}, {"far from zero", far_from_zero}, {"spaced", spaced},
    {"wide", wide},             {"geometric", geometric}, {"clustered", clustered},
    {"far apart", far_apart},
};

enum { INPUTS = sizeof inputs / sizeof inputs[0] };

static const double softnesses[] = {1e-6, 1e-2, 0.1, 1, 30, 1e6};

static int descending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static void make_row(size_t input, int n, uint64_t seed, double *x) {
    for (int i = 0; i < n; i++) {
        x[i] = inputs[input].make(i, n, &seed);
    }
    qsort(x, (size_t)n, sizeof *x, descending);
}

/* --- reference ------------------------------------------------------------------------------------------------ */

static long double phi(int regularizer, long double t) {
    return regularizer == SOFTGRAD_NORM_3_2 ? t * fabsl(t) : regularizer == SOFTGRAD_NORM_4_3 ? t * t * t : t;
}

static long double inverse_phi(int regularizer, long double w) {
    return regularizer == SOFTGRAD_NORM_3_2 ? copysignl(sqrtl(fabsl(w)), w)
         : regularizer == SOFTGRAD_NORM_4_3 ? cbrtl(w)
                                            : w;
}

static long double log_of_exponentials(int n, const double *x, long double softness) {
    long double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += expl(((long double)x[i] - x[0]) / softness);
    }
    return logl(sum);
}

static long double surplus_at(int regularizer, int n, const double *z, long double softness, const double *w,
                              long double level) {
    long double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += phi(regularizer, ((long double)z[i] - z[0]) / softness - level) - w[i];
    }
    return sum;
}

/* The level of one pool, from z[0] / softness: a formula, or the sign change of the sum of phi(u - level) - w. */
static long double level_of(int regularizer, int n, const double *z, long double softness, const double *w) {
    long double low = -inverse_phi(regularizer, w[0]), high = low;
    if (regularizer == SOFTGRAD_ENTROPY) {
        return log_of_exponentials(n, z, softness) - log_of_exponentials(n, w, 1) - w[0];
    }
    if (regularizer == SOFTGRAD_SQUARED_EUCLIDEAN) {
        return surplus_at(regularizer, n, z, softness, w, 0) / n;
    }
    for (int i = 0; i < n; i++) {
        long double alone = ((long double)z[i] - z[0]) / softness - inverse_phi(regularizer, w[i]);
        low = alone < low ? alone : low;
        high = alone > high ? alone : high;
    }
    for (int step = 0; step < 70 && low < high; step++) {
        long double middle = (low + high) / 2;
        *(surplus_at(regularizer, n, z, softness, w, middle) > 0 ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static void expected_projection(int regularizer, int n, const double *z, double softness, const double *w,
                                long double *y) {
    static long double levels[LARGEST];
    static int first[LARGEST + 1];
    int pools = 0;
    for (int i = 0; i < n; i++) {
        first[pools] = i;
        levels[pools] = level_of(regularizer, 1, z + i, softness, w + i);
        while (pools > 0 && levels[pools - 1] - levels[pools] <
                                ((long double)z[first[pools]] - z[first[pools - 1]]) / softness) {
            pools--;
            int begin = first[pools];
            levels[pools] = level_of(regularizer, i + 1 - begin, z + begin, softness, w + begin);
        }
        first[++pools] = i + 1;
    }
    for (int pool = 0; pool < pools; pool++) {
        int begin = first[pool], end = first[pool + 1];
        for (int i = begin; i < end; i++) {
            long double t = ((long double)z[i] - z[begin]) / softness - levels[pool];
            y[i] = end - begin == 1 ? w[i] : phi(regularizer, t);
        }
    }
}

static long double weight_of(int regularizer, long double y) {
    return regularizer == SOFTGRAD_NORM_3_2 ? sqrtl(fabsl(y))
         : regularizer == SOFTGRAD_NORM_4_3 ? powl(cbrtl(fabsl(y)), 2)
                                            : 1;
}

/* The cotangents of one pool, from the derivatives of its level. */
static void expected_cotangents(int regularizer, int n, const double *w, double softness, const double *y,
                                const double *g, long double *dz, long double *dw) {
    long double weights = 0, products = 0, plain = 0, masses = 0, w_masses = 0;
    for (int i = 0; i < n; i++) {
        weights += weight_of(regularizer, y[i]);
        products += weight_of(regularizer, y[i]) * g[i];
        plain += g[i];
        masses += expl(y[i]);
        w_masses += expl(w[i]);
    }
    long double mean = weights > 0 ? products / weights : plain / n;
    for (int i = 0; i < n; i++) {
        if (regularizer == SOFTGRAD_ENTROPY) {
            dz[i] = (g[i] - expl(y[i]) / masses * plain) / softness;
            dw[i] = expl(w[i]) / w_masses * plain;
        } else {
            dz[i] = regularizer * weight_of(regularizer, y[i]) * (g[i] - mean) / softness;
            dw[i] = mean;
        }
    }
}

/* --- tests ---------------------------------------------------------------------------------------------------- */

static const double canary = 12345.5;
static long double worst_projection[REGULARIZERS], worst_vjp[REGULARIZERS];

static void *scratch_for(int n) {
    static void *scratch;
    static int room;
    if (n > room) {
        free(scratch);
        scratch = malloc((size_t)(n + 1) * SOFTGRAD_ISOTONIC_SCRATCH);
        room = n;
    }
    return scratch;
}

static void project(int regularizer, int rows, int n, const double *z, double softness, const double *w, double *y,
                    softgrad_count *first) {
    y[rows * n] = canary;
    first[rows * n] = -7;
    int status = softgrad_isotonic_f64(regularizer, rows, n, z, softness, w, scratch_for(n), y, first);
    CHECK(status == SOFTGRAD_OK, "isotonic returned %d", status);
    CHECK(y[rows * n] == canary && first[rows * n] == -7, "isotonic wrote past the end, n=%d", n);
}

static void pull_back(int regularizer, int rows, int n, const double *w, double softness, const double *y,
                      const softgrad_count *first, const double *g, double *dz, double *dw) {
    dz[rows * n] = dw[rows * n] = canary;
    int status = softgrad_isotonic_vjp_f64(regularizer, rows, n, w, softness, y, first, g, dz, dw);
    CHECK(status == SOFTGRAD_OK, "vjp returned %d", status);
    CHECK(dz[rows * n] == canary && dw[rows * n] == canary, "vjp wrote past the end, n=%d", n);
}

static long double largest(int n, const double *x) {
    return fmaxl(fabsl((long double)x[0]), fabsl((long double)x[n - 1]));
}

static void compare_projection(int regularizer, int n, size_t input, size_t w_input, double softness, const double *z,
                               const double *w, const double *y) {
    static long double expected[LARGEST];
    expected_projection(regularizer, n, z, softness, w, expected);
    /* The entropy's w are logarithms, on whose scale 1 is the unit. */
    long double unit = 0x1p-53L * (largest(n, w) + (regularizer == SOFTGRAD_ENTROPY ? 4 : 1e-290L)), worst = 0;
    for (int i = 0; i < n; i++) {
        worst = fmaxl(worst, isnan(y[i]) ? INFINITY : fabsl(y[i] - expected[i]) / unit);
    }
    worst_projection[regularizer] = fmaxl(worst_projection[regularizer], worst);
    CHECK(worst < 16 + n / 64.0L, "%s n=%d softness=%g, z %s, w %s: %Lg units of rounding",
          regularizer_names[regularizer], n, softness, inputs[input].name, inputs[w_input].name, worst);
}

static void compare_cotangents(int regularizer, int n, size_t input, double softness, const double *w, const double *y,
                               const softgrad_count *first, const double *g) {
    static double dz[LARGEST + 1], dw[LARGEST + 1];
    static long double expected_dz[LARGEST], expected_dw[LARGEST];
    pull_back(regularizer, 1, n, w, softness, y, first, g, dz, dw);
    for (int begin = 0, end; begin < n; begin = end) {
        long double size = 0, weight = 0, worst = 0;
        for (end = begin; end < n && first[end] == begin; end++) {
            size += fabsl((long double)g[end]);
            weight = fmaxl(weight, regularizer ? regularizer * weight_of(regularizer, y[end]) : 1);
        }
        expected_cotangents(regularizer, end - begin, w + begin, softness, y + begin, g + begin, expected_dz,
                            expected_dw);
        for (int i = begin; i < end; i++) {
            long double dz_error = fabsl(dz[i] - expected_dz[i - begin]) / (size * weight / softness + 1e-290L);
            long double dw_error = fabsl(dw[i] - expected_dw[i - begin]) / (size + 1e-290L);
            int is_nan = isnan(dz[i]) || isnan(dw[i]);
            worst = is_nan ? INFINITY : fmaxl(worst, fmaxl(dz_error, dw_error) / 0x1p-53L);
        }
        worst_vjp[regularizer] = fmaxl(worst_vjp[regularizer], worst);
        CHECK(worst < 8, "vjp of %s n=%d pool %d to %d softness=%g, z %s: %Lg units of rounding",
              regularizer_names[regularizer], n, begin, end, softness, inputs[input].name, worst);
    }
}

static void check_row(int regularizer, int n, size_t input, size_t w_input, double softness) {
    static double z[LARGEST], w[LARGEST], g[LARGEST], y[LARGEST + 1];
    static softgrad_count first[LARGEST + 1];
    uint64_t state = (uint64_t)n;
    make_row(input, n, (uint64_t)n * 7919 + input, z);
    make_row(w_input, n, (uint64_t)n * 104729 + w_input, w);
    for (int i = 0; i < n; i++) {
        g[i] = normal(&state);
    }
    project(regularizer, 1, n, z, softness, w, y, first);
    compare_projection(regularizer, n, input, w_input, softness, z, w, y);
    for (int i = 0; i < n; i++) {
        CHECK(first[i] == i || (i > 0 && first[i] == first[i - 1]), "first of %d is %lld", i, first[i]);
    }
    compare_cotangents(regularizer, n, input, softness, w, y, first, g);
}

static void test_against_reference(void) {
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 150, LARGEST};
    memset(worst_projection, 0, sizeof worst_projection);
    memset(worst_vjp, 0, sizeof worst_vjp);
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
            for (size_t input = 0; input < INPUTS; input++) {
                for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                    size_t w_input = (input + s * 3 + size) % INPUTS;
                    check_row(regularizer, sizes[size], input, w_input, softnesses[s]);
                }
            }
        }
    }
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        printf("  %-18s worst error in units of rounding: projection %.2Lf; vjp %.2Lf\n",
               regularizer_names[regularizer], worst_projection[regularizer], worst_vjp[regularizer]);
    }
}

static void test_elements_that_need_no_pool_keep_their_w(void) {
    const double z[] = {1e8, 5e7, 2e7, -7e7}, w[] = {4, 3, 2, 1};
    double y[5];
    softgrad_count first[5];
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        project(regularizer, 1, 4, z, 0.01, w, y, first);
        CHECK(!memcmp(y, w, sizeof w), "%s: %.17g %.17g %.17g %.17g", regularizer_names[regularizer], y[0], y[1],
              y[2], y[3]);
    }
}

static void test_special_numbers_stay_in_their_row(void) {
    const double specials[] = {NAN, INFINITY, -INFINITY};
    enum { ROWS = 3, WIDEST = 40 };
    double z[ROWS * WIDEST], w[ROWS * WIDEST], y[ROWS * WIDEST + 1], dz[ROWS * WIDEST + 1], dw[ROWS * WIDEST + 1];
    softgrad_count first[ROWS * WIDEST + 1];
    for (int variant = 0; variant < REGULARIZERS * 3 * 2; variant++) {
        int regularizer = variant % REGULARIZERS;
        for (int n = 1; n <= WIDEST; n += n < 10 ? 1 : 6) {
            for (int row = 0; row < ROWS; row++) {
                make_row(0, n, (uint64_t)row + 5, z + row * n);
                make_row(0, n, (uint64_t)row + 9, w + row * n);
            }
            (variant & 1 ? z : w)[n + n / 2] = specials[variant / REGULARIZERS % 3];
            project(regularizer, ROWS, n, z, 1, w, y, first);
            pull_back(regularizer, ROWS, n, w, 1, y, first, y, dz, dw);
            for (int i = 0; i < ROWS * n; i++) {
                int spoilt = i / n == 1;
                CHECK(isnan(y[i]) == spoilt && isnan(dz[i]) == spoilt && isnan(dw[i]) == spoilt,
                      "%s n=%d element %d: %g %g %g", regularizer_names[regularizer], n, i, y[i], dz[i], dw[i]);
            }
        }
    }
}

static void test_batches_equal_single_rows(void) {
    enum { ROWS = 7, WIDEST = 40 };
    double z[ROWS * WIDEST], w[ROWS * WIDEST], y[ROWS * WIDEST + 1], alone[WIDEST + 1];
    softgrad_count first[ROWS * WIDEST + 1], first_alone[WIDEST + 1];
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        for (int n = 1; n <= WIDEST; n += 3) {
            for (int row = 0; row < ROWS; row++) {
                make_row((size_t)row, n, (uint64_t)row, z + row * n);
                make_row(0, n, (uint64_t)row + 50, w + row * n);
            }
            project(regularizer, ROWS, n, z, 0.3, w, y, first);
            for (int row = 0; row < ROWS; row++) {
                project(regularizer, 1, n, z + row * n, 0.3, w + row * n, alone, first_alone);
                CHECK(!memcmp(alone, y + row * n, (size_t)n * sizeof *alone), "row %d of a batch differs, n=%d", row,
                      n);
            }
        }
    }
}

static void test_extremes_stay_finite(void) {
    const double sizes[] = {1e-310, 1e-300, 1e-150, 1, 1e150, 1e300}, tiny = 5e-324;
    const double shape[] = {1, 0.9, 0.9, 0.1, 0, -1e-9, -0.5, -1};
    double z[8], w[8], y[9], dz[9], dw[9];
    softgrad_count first[9];
    for (int variant = 0; variant < REGULARIZERS * 6 * 6; variant++) {
        int regularizer = variant % REGULARIZERS;
        for (int i = 0; i < 8; i++) {
            z[i] = shape[i] * sizes[variant / REGULARIZERS % 6];
            w[i] = shape[i] * sizes[variant / REGULARIZERS / 6];
        }
        const double extremes[] = {tiny, 1e-300, 1e-6, 1, 1e6, 1e300};
        for (int s = 0; s < 6; s++) {
            project(regularizer, 1, 8, z, extremes[s], w, y, first);
            pull_back(regularizer, 1, 8, w, 1, y, first, shape, dz, dw);
            for (int i = 0; i < 8; i++) {
                CHECK(isfinite(y[i]) && isfinite(dz[i]) && isfinite(dw[i]), "%s z %g w %g softness %g: %g %g %g",
                      regularizer_names[regularizer], z[0], w[0], extremes[s], y[i], dz[i], dw[i]);
            }
        }
    }
}

/* The sums behind the level of a pool lose every digit beside the neighbours of the pool, which is in the middle. */
static void test_projections_stay_between_the_w_of_their_pool(void) {
    enum { N = 14, LAST = 10 };
    double z[N] = {3e47}, w[N] = {1e18}, y[N + 1];
    softgrad_count first[N + 1];
    for (int i = 1; i <= LAST; i++) {
        z[i] = -1e-20 * i;
        w[i] = i < LAST ? -1e-200 * i : -2e50;
    }
    z[11] = -1e105, z[12] = -1e120, z[13] = -1e160;
    w[11] = -1.7e86, w[12] = -3e92, w[13] = -9e119;
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        project(regularizer, 1, N, z, 100, w, y, first);
        for (int begin = 0, end; begin < N; begin = end) {
            for (end = begin + 1; end < N && first[end] == begin; end++) {
            }
            for (int i = begin; i < end; i++) {
                CHECK(y[i] <= w[begin] && y[i] >= w[end - 1], "%s: y[%d] = %g", regularizer_names[regularizer], i, y[i]);
            }
        }
    }
}

static void test_bad_arguments_are_refused(void) {
    double x[2] = {1, 0}, y[2] = {7, 7}, scratch[64];
    softgrad_count first[2] = {5, 5};
    CHECK(softgrad_isotonic_f64(4, 1, 2, x, 1, x, scratch, y, first) == SOFTGRAD_BAD_REGULARIZER, "regularizer 4");
    CHECK(softgrad_isotonic_f64(0, -1, 2, x, 1, x, scratch, y, first) == SOFTGRAD_BAD_SHAPE, "rows -1");
    CHECK(softgrad_isotonic_f64(0, 1, 0, x, 1, x, scratch, y, first) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_isotonic_f64(0, 1, 2, x, NAN, x, scratch, y, first) == SOFTGRAD_BAD_SOFTNESS, "softness NaN");
    CHECK(softgrad_isotonic_f64(0, 1, 2, x, 1, x, NULL, y, first) == SOFTGRAD_BAD_POINTER, "no scratch");
    CHECK(softgrad_isotonic_f64(0, 0, 2, NULL, 1, NULL, NULL, NULL, NULL) == SOFTGRAD_OK, "no rows need no buffers");
    CHECK(softgrad_isotonic_vjp_f64(0, 1, 2, x, 0, x, first, x, y, y) == SOFTGRAD_BAD_SOFTNESS, "softness 0");
    CHECK(softgrad_isotonic_vjp_f64(0, 1, 2, x, 1, x, first, NULL, y, y) == SOFTGRAD_BAD_POINTER, "no cotangent");
    CHECK(y[0] == 7 && first[0] == 5, "a refused call wrote to its output");
}

static void every_test(void) {
    test_against_reference();
    test_elements_that_need_no_pool_keep_their_w();
    test_special_numbers_stay_in_their_row();
    test_batches_equal_single_rows();
    test_extremes_stay_finite();
    test_projections_stay_between_the_w_of_their_pool();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
