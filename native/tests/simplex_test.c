/*
 * The simplex kernels against plain loops in long double, for every regularizer, element type and instruction set.
 * Bounds are stated in units of rounding times the condition of each element, so they are the same for all inputs.
 */
#include "check.h"

enum { LARGEST = 2053, REGULARIZERS = 4 };

static const char *const regularizer_names[] = {"entropy", "squared euclidean", "norm 3/2", "norm 4/3"};

/* --- inputs --------------------------------------------------------------------------------------------------- */

typedef double (*element_maker)(int i, int n, uint64_t *state);

static double random_element(int i, int n, uint64_t *state) { return (void)i, (void)n, normal(state); }
static double tied(int i, int n, uint64_t *state) { return (void)i, (void)n, floor(2 * normal(state)) / 2; }
static double constant(int i, int n, uint64_t *state) { return (void)i, (void)n, (void)state, 0.7; }
static double nearly_constant(int i, int n, uint64_t *state) { return (void)i, (void)n, 1 + 1e-6 * normal(state); }
static double far_from_zero(int i, int n, uint64_t *state) { return (void)i, (void)n, 1e6 + normal(state); }
static double wide(int i, int n, uint64_t *state) { return (void)i, (void)n, 1e37 * normal(state); }
static double geometric(int i, int n, uint64_t *state) { return (void)n, (void)state, -ldexp(1, -(i % 100)); }
static double ascending(int i, int n, uint64_t *state) { return (void)state, (double)i / n; }
static double clustered(int i, int n, uint64_t *state) {
    return (void)n, (i % 2) * 0.5 + 1e-7 * normal(state) + (i == 3);
}

static const struct {
    const char *name;
    element_maker make;
} inputs[] = {
    {"random", random_element}, {"tied", tied},           {"constant", constant},
    {"nearly constant", nearly_constant}, {"far from zero", far_from_zero}, {"wide", wide},
    {"geometric", geometric},   {"ascending", ascending}, {"clustered", clustered},
};

static const double softnesses[] = {1e-6, 1e-3, 0.1, 1, 1e3, 1e6};

/* --- reference ------------------------------------------------------------------------------------------------ */

static long double integer_power(long double base, int exponent) {
    long double result = 1;
    while (exponent-- > 0) {
        result *= base;
    }
    return result;
}

/* The threshold t with sum [u_j - t]+^a = 1, by bisection: max u = 0, so t is in [-1, 0]. */
static long double threshold(int a, int n, const long double *u) {
    long double low = -1, high = 0;
    for (int step = 0; step < 200 && low < high; step++) {
        long double middle = (low + high) / 2, sum = 0;
        if (middle == low || middle == high) {
            break;
        }
        for (int j = 0; j < n; j++) {
            sum += u[j] > middle ? integer_power(u[j] - middle, a) : 0;
        }
        *(sum > 1 ? &low : &high) = middle;
    }
    return low;
}

/* y, and in `condition` how much a relative rounding error in the data of one element can move its result. */
static void expected_projection(int regularizer, int n, const double *x, double softness, long double *y,
                                long double *condition) {
    static long double u[LARGEST];
    long double maximum = x[0], sum = 0;
    for (int j = 0; j < n; j++) {
        maximum = x[j] > maximum ? x[j] : maximum;
    }
    for (int j = 0; j < n; j++) {
        u[j] = (x[j] - maximum) / softness;
    }
    long double t = regularizer == SOFTGRAD_ENTROPY ? 0 : threshold(regularizer, n, u);
    for (int j = 0; j < n; j++) {
        long double excess = u[j] > t ? u[j] - t : 0;
        y[j] = regularizer == SOFTGRAD_ENTROPY ? expl(u[j]) : integer_power(excess, regularizer);
        condition[j] = regularizer == SOFTGRAD_ENTROPY
                           ? y[j] * (4 - (u[j] > -12000 ? u[j] : 0))
                           : y[j] + regularizer * integer_power(excess, regularizer - 1) * (-u[j] - t) * (u[j] > 2 * t);
        sum += y[j];
    }
    for (int j = 0; j < n; j++) {
        y[j] /= sum;
        condition[j] /= sum;
    }
}

static long double expected_weight(int regularizer, long double y) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: return y > 0;
        case SOFTGRAD_NORM_3_2: return 2 * sqrtl(y);
        case SOFTGRAD_NORM_4_3: return y > 0 ? 3 * powl(y, 2.0L / 3) : 0;
        default: return y;
    }
}

/* <w, g - shift> / <w, 1>. */
static long double weighted_mean(int regularizer, int n, const double *y, const double *g, long double shift) {
    long double products = 0, weights = 0;
    for (int j = 0; j < n; j++) {
        products += expected_weight(regularizer, y[j]) * (g[j] - shift);
        weights += expected_weight(regularizer, y[j]);
    }
    return products / weights;
}

/* The mean is taken in two parts: where g is nearly constant, long double alone is not exact enough for a reference. */
static void expected_vjp(int regularizer, int n, const double *y, double softness, const double *g, long double *dx,
                         long double *condition) {
    long double mean = weighted_mean(regularizer, n, y, g, 0), rest = weighted_mean(regularizer, n, y, g, mean);
    long double spread = 0, weights = 0;
    for (int j = 0; j < n; j++) {
        spread += expected_weight(regularizer, y[j]) * fabsl((g[j] - mean) - rest);
        weights += expected_weight(regularizer, y[j]);
    }
    for (int j = 0; j < n; j++) {
        long double factor = expected_weight(regularizer, y[j]) / softness, centred = (g[j] - mean) - rest;
        dx[j] = factor * centred;
        condition[j] = factor * (fabsl(centred) + spread / weights + 1e-14L * fabsl(mean));
    }
}

/* --- one row in either element type --------------------------------------------------------------------------- */

static const double canary = 12345.5;

/* Runs a kernel on `rows` rows of width n given as double; arrays lie at odd addresses and end in a canary. */
static void project(int single, int regularizer, int rows, int n, const double *x, double softness, double *y) {
    static double y64[LARGEST + 2];
    static float x32[LARGEST + 2], y32[LARGEST + 2];
    int size = rows * n, status;
    for (int j = 0; j < size; j++) {
        x32[j + 1] = (float)x[j];
    }
    y64[size + 1] = canary;
    y32[size + 1] = (float)canary;
    if (single) {
        status = softgrad_simplex_f32(regularizer, rows, n, x32 + 1, (float)softness, y32 + 1);
    } else {
        status = softgrad_simplex_f64(regularizer, rows, n, x, softness, y64 + 1);
    }
    CHECK(status == SOFTGRAD_OK, "simplex returned %d", status);
    CHECK(y64[size + 1] == canary && y32[size + 1] == (float)canary, "simplex wrote past the end, n=%d", n);
    for (int j = 0; j < size; j++) {
        y[j] = single ? (double)y32[j + 1] : y64[j + 1];
    }
}

static void pull_back(int single, int regularizer, int rows, int n, const double *y, double softness, const double *g,
                      double *dx) {
    static double dx64[LARGEST + 2];
    static float y32[LARGEST + 2], g32[LARGEST + 2], dx32[LARGEST + 2];
    int size = rows * n, status;
    for (int j = 0; j < size; j++) {
        y32[j + 1] = (float)y[j];
        g32[j + 1] = (float)g[j];
    }
    dx64[size + 1] = canary;
    dx32[size + 1] = (float)canary;
    if (single) {
        status = softgrad_simplex_vjp_f32(regularizer, rows, n, y32 + 1, (float)softness, g32 + 1, dx32 + 1);
    } else {
        status = softgrad_simplex_vjp_f64(regularizer, rows, n, y, softness, g, dx64 + 1);
    }
    CHECK(status == SOFTGRAD_OK, "vjp returned %d", status);
    CHECK(dx64[size + 1] == canary && dx32[size + 1] == (float)canary, "vjp wrote past the end, n=%d", n);
    for (int j = 0; j < size; j++) {
        dx[j] = single ? (double)dx32[j + 1] : dx64[j + 1];
    }
}

/* --- tests ---------------------------------------------------------------------------------------------------- */

static long double worst_projection[2][REGULARIZERS], worst_vjp[2][REGULARIZERS];

static double rounded(int single, double value) {
    return single ? (double)(float)value : value;
}

/* The largest error in units of the element type's rounding; numbers beyond its range at either end do not count. */
static long double worst_error(int single, int n, const double *actual, const long double *expected,
                               const long double *condition) {
    const long double unit = single ? 0x1p-24L : 0x1p-53L, negligible = single ? 1e-37L : 1e-300L;
    long double worst = 0;
    for (int j = 0; j < n; j++) {
        if (fabsl(expected[j]) > (single ? 3.4e38L : 1.7e308L)) {
            continue;
        }
        long double error = fabsl(actual[j] - expected[j]) / (unit * condition[j] + negligible);
        worst = error <= worst ? worst : error;
    }
    return worst;
}

static void compare_row(int single, int regularizer, int n, size_t input, double softness) {
    static double x[LARGEST], y[LARGEST], g[LARGEST], dx[LARGEST];
    static long double expected[LARGEST], condition[LARGEST];
    uint64_t state = (uint64_t)n * 7919 + input;
    long double error, allowed = 16 + n / 32.0L; /* long sums add up roundings */
    softness = rounded(single, softness);
    for (int j = 0; j < n; j++) {
        x[j] = rounded(single, inputs[input].make(j, n, &state));
        g[j] = rounded(single, inputs[(input + 5) % (sizeof inputs / sizeof inputs[0])].make(j, n, &state));
    }
    project(single, regularizer, 1, n, x, softness, y);
    expected_projection(regularizer, n, x, softness, expected, condition);
    error = worst_error(single, n, y, expected, condition);
    worst_projection[single][regularizer] = fmaxl(worst_projection[single][regularizer], error);
    CHECK(error < allowed, "%s%s n=%d softness=%g, %s: %Lg units of rounding", regularizer_names[regularizer],
          single ? " f32" : "", n, softness, inputs[input].name, error);

    pull_back(single, regularizer, 1, n, y, softness, g, dx);
    expected_vjp(regularizer, n, y, softness, g, expected, condition);
    error = worst_error(single, n, dx, expected, condition);
    worst_vjp[single][regularizer] = fmaxl(worst_vjp[single][regularizer], error);
    CHECK(error < allowed, "vjp of %s%s n=%d softness=%g, %s: %Lg units of rounding", regularizer_names[regularizer],
          single ? " f32" : "", n, softness, inputs[input].name, error);
}

static void test_against_reference(void) {
    static const int longer[] = {127, 128, 1000, LARGEST};
    memset(worst_projection, 0, sizeof worst_projection);
    memset(worst_vjp, 0, sizeof worst_vjp);
    for (int size = 1; size <= 74; size++) {
        int n = size <= 70 ? size : longer[size - 71];
        for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
            for (size_t input = 0; input < sizeof inputs / sizeof inputs[0]; input++) {
                for (size_t s = 0; s < sizeof softnesses / sizeof softnesses[0]; s++) {
                    compare_row(0, regularizer, n, input, softnesses[s]);
                    compare_row(1, regularizer, n, input, softnesses[s]);
                }
            }
        }
    }
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        printf("  %-18s worst error in units of rounding: projection %.2Lf, f32 %.2Lf; vjp %.2Lf, f32 %.2Lf\n",
               regularizer_names[regularizer], worst_projection[0][regularizer], worst_projection[1][regularizer],
               worst_vjp[0][regularizer], worst_vjp[1][regularizer]);
    }
}

/* Five rows of one batch; only the middle one holds `special` (at `position`), or nothing else if `everywhere`. */
static void check_special(int single, int regularizer, int n, int position, double special, int everywhere) {
    static double x[LARGEST], clean[LARGEST], y[LARGEST], dx[LARGEST];
    enum { ROWS = 5, MIDDLE = 2 };
    uint64_t state = 42;
    for (int j = 0; j < ROWS * n; j++) {
        x[j] = normal(&state);
    }
    project(single, regularizer, ROWS, n, x, 0.5, clean);
    for (int j = 0; j < n; j++) {
        if (everywhere || j == position) {
            x[MIDDLE * n + j] = special;
        }
    }
    int alone = everywhere || n == 1;
    int gets_no_mass = special == -INFINITY && !alone;
    project(single, regularizer, ROWS, n, x, 0.5, y);
    pull_back(single, regularizer, ROWS, n, y, 0.5, clean, dx);
    for (int j = 0; j < ROWS * n; j++) {
        if (j / n != MIDDLE) {
            CHECK(y[j] == clean[j], "%g changed another row, n=%d", special, n);
            CHECK(!isnan(dx[j]), "%g changed the vjp of another row, n=%d", special, n);
        } else {
            CHECK(gets_no_mass ? !isnan(y[j]) : isnan(y[j]), "row with %g, n=%d: y=%g", special, n, y[j]);
            CHECK(gets_no_mass ? !isnan(dx[j]) : isnan(dx[j]), "vjp of row with %g, n=%d: dx=%g", special, n, dx[j]);
        }
    }
    if (gets_no_mass) {
        CHECK(y[MIDDLE * n + position] == 0, "-infinity got mass %g, n=%d", y[MIDDLE * n + position], n);
    }
}

static void test_special_numbers(void) {
    const double specials[] = {NAN, INFINITY, -INFINITY};
    for (int variant = 0; variant < 2 * REGULARIZERS; variant++) {
        for (int n = 1; n <= 70; n += n < 20 ? 1 : 7) {
            for (int s = 0; s < 3; s++) {
                check_special(variant & 1, variant >> 1, n, 0, specials[s], 0);
                check_special(variant & 1, variant >> 1, n, n / 2, specials[s], 0);
                check_special(variant & 1, variant >> 1, n, n - 1, specials[s], 0);
                check_special(variant & 1, variant >> 1, n, 0, specials[s], 1);
            }
        }
    }
}

static void test_batches_equal_single_rows(void) {
    static double x[LARGEST], batch[LARGEST], alone[LARGEST];
    uint64_t state = 3;
    for (int variant = 0; variant < 2 * REGULARIZERS; variant++) {
        for (int n = 1; n <= 40; n++) {
            int rows = 19;
            for (int j = 0; j < rows * n; j++) {
                x[j] = normal(&state);
            }
            project(variant & 1, variant >> 1, rows, n, x, 0.3, batch);
            for (int row = 0; row < rows; row++) {
                project(variant & 1, variant >> 1, 1, n, x + row * n, 0.3, alone);
                CHECK(!memcmp(alone, batch + row * n, (size_t)n * sizeof *alone),
                      "%s: row %d of a batch differs, n=%d", regularizer_names[variant >> 1], row, n);
            }
        }
    }
}

static void test_extremes_stay_finite(void) {
    const double x[] = {-1.7e308, 1.7e308, 0, 5e-324, 1.7e308};
    const double extremes[] = {5e-324, 1e-310, 1e-300, 1e300, 1.7e308};
    double y[5];
    for (int regularizer = 0; regularizer < REGULARIZERS; regularizer++) {
        for (int s = 0; s < 5; s++) {
            CHECK(softgrad_simplex_f64(regularizer, 1, 5, x, extremes[s], y) == SOFTGRAD_OK, "status");
            double sum = 0;
            for (int j = 0; j < 5; j++) {
                sum += y[j];
            }
            CHECK(fabs(sum - 1) < 1e-14, "%s softness %g: sum %g", regularizer_names[regularizer], extremes[s], sum);
        }
    }
}

static void test_bad_arguments_are_refused(void) {
    double x[2] = {0, 1}, y[2] = {7, 7};
    CHECK(softgrad_simplex_f64(-1, 1, 2, x, 1, y) == SOFTGRAD_BAD_REGULARIZER, "regularizer -1");
    CHECK(softgrad_simplex_f64(4, 1, 2, x, 1, y) == SOFTGRAD_BAD_REGULARIZER, "regularizer 4");
    CHECK(softgrad_simplex_f64(0, -1, 2, x, 1, y) == SOFTGRAD_BAD_SHAPE, "rows -1");
    CHECK(softgrad_simplex_f64(0, 1, 0, x, 1, y) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_simplex_f64(0, 1LL << 40, 1LL << 40, x, 1, y) == SOFTGRAD_BAD_SHAPE, "rows * n overflows");
    CHECK(softgrad_simplex_f64(0, 1, 2, x, 0, y) == SOFTGRAD_BAD_SOFTNESS, "softness 0");
    CHECK(softgrad_simplex_f64(0, 1, 2, x, NAN, y) == SOFTGRAD_BAD_SOFTNESS, "softness NaN");
    CHECK(softgrad_simplex_f64(0, 1, 2, x, INFINITY, y) == SOFTGRAD_BAD_SOFTNESS, "softness infinity");
    CHECK(softgrad_simplex_f64(0, 1, 2, NULL, 1, y) == SOFTGRAD_BAD_POINTER, "no input");
    CHECK(softgrad_simplex_vjp_f64(0, 1, 2, x, 1, NULL, y) == SOFTGRAD_BAD_POINTER, "no cotangent");
    CHECK(softgrad_simplex_f64(0, 0, 2, NULL, 1, NULL) == SOFTGRAD_OK, "no rows need no buffers");
    CHECK(y[0] == 7 && y[1] == 7, "a refused call wrote to its output");
}

static void every_test(void) {
    test_against_reference();
    test_special_numbers();
    test_batches_equal_single_rows();
    test_extremes_stay_finite();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
