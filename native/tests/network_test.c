/*
 * The network kernels against plain loops in long double: the schedule as it is written in Batcher's paper, one
 * exchange at a time, and the derivatives by going back through the list of exchanges.
 */
#include "check.h"

enum { LARGEST = 1030, CURVES = 4, MOST_EXCHANGES = 1024 * 80, VECTORS = 11 };

static const char *const curve_names[] = {"logistic", "linear", "cubic", "quintic"};

/* --- inputs --------------------------------------------------------------------------------------------------- */

static double input_element(int input, int i, int n, uint64_t *state) {
    switch (input) {
        case 0: return normal(state);
        case 1: return floor(2 * normal(state)) / 2;
        case 2: return 0.7;
        case 3: return 1 + 1e-6 * normal(state);
        case 4: return (double)(n - i) / n;
        default: return (i % 3 == 0 ? -0.0 : 0.0) + (i == 4 ? 1e200 : 0);
    }
}

enum { INPUTS = 6 };

/* Odd numbers, as the linear curve has kinks at 5 softness. */
static const double softnesses[] = {1.1e-6, 0.0123, 0.137, 1.03, 31.7, 1e6};

/* --- reference ------------------------------------------------------------------------------------------------ */

/* One exchange: the results at the positions of the smaller and the larger number, which lie at `low` and `high`. */
struct exchange {
    int smaller, larger; /* where the numbers were */
    int minimum, maximum;
    long double gap, weight, slope, u;
};

static struct exchange exchanges[MOST_EXCHANGES];
static int exchange_count;

static long double weight_of(int curve, long double u) {
    long double v = -fminl(u / 5, 1);
    switch (curve) {
        case SOFTGRAD_LINEAR: return (1 + v) / 2;
        case SOFTGRAD_CUBIC: return (1 + v) * (1 + v) * (2 - v) / 4;
        case SOFTGRAD_QUINTIC: return (1 + v) * (1 + v) * (1 + v) * (8 - 9 * v + 3 * v * v) / 16;
        default: return 1 / (1 + expl(u));
    }
}

static long double slope_of(int curve, long double u) {
    long double v = u / 5, inside = u < 5;
    switch (curve) {
        case SOFTGRAD_LINEAR: return inside / 10;
        case SOFTGRAD_CUBIC: return inside * (1 - v * v) * 0.15L;
        case SOFTGRAD_QUINTIC: return inside * (1 - v * v) * (1 - v * v) * 3 / 16;
        default: return 1 / ((1 + expl(u)) * (1 + expl(-u)));
    }
}

static void exchange(int curve, long double softness, long double *x, int low, int high, int upwards) {
    int swapped = x[low] > x[high];
    struct exchange made = {.smaller = swapped ? high : low, .larger = swapped ? low : high,
                            .minimum = upwards ? low : high, .maximum = upwards ? high : low};
    long double smaller = x[made.smaller], larger = x[made.larger];
    int pads = isinf(larger);
    made.gap = pads ? 0 : larger - smaller;
    made.u = made.gap / softness;
    made.weight = pads ? 0 : weight_of(curve, made.u);
    made.slope = pads ? 0 : slope_of(curve, made.u);
    x[made.minimum] = smaller + made.weight * made.gap;
    x[made.maximum] = larger - made.weight * made.gap;
    exchanges[exchange_count++] = made;
}

static int ends_of(int n) {
    int ends = 1;
    while (ends < n) {
        ends *= 2;
    }
    return ends;
}

/* Sorts x, n numbers and their pads, and lists the exchanges. */
static void expected_sort(int curve, int n, const double *x, double softness, long double *y) {
    int ends = ends_of(n);
    exchange_count = 0;
    for (int i = 0; i < ends; i++) {
        y[i] = i < n ? x[i] : INFINITY;
    }
    for (int block = 2; block <= ends; block *= 2) {
        for (int distance = block / 2; distance > 0; distance /= 2) {
            for (int i = 0; i < ends; i++) {
                if (!(i & distance)) {
                    exchange(curve, softness, y, i, i | distance, !(i & block));
                }
            }
        }
    }
}

static void mix(struct exchange at, long double weight, long double *v, int backward) {
    int from_smaller = backward ? at.minimum : at.smaller, from_larger = backward ? at.maximum : at.larger;
    long double smaller = v[from_smaller], larger = v[from_larger], h = weight * (larger - smaller);
    v[backward ? at.smaller : at.minimum] = smaller + h;
    v[backward ? at.larger : at.maximum] = larger - h;
}

static void expected_apply(int transposed, long double *v) {
    for (int k = 0; k < exchange_count; k++) {
        struct exchange at = exchanges[transposed ? exchange_count - 1 - k : k];
        mix(at, at.weight, v, transposed);
    }
}

/* Adds to dx, and returns the cotangent of the softness, in <g, P x> + <backward, P forward>. */
static long double expected_pull(long double softness, int ends, const long double *forward,
                                 const long double *backward, const long double *g, long double *dx) {
    static long double spread[MOST_EXCHANGES], v[LARGEST * 2], after[LARGEST * 2];
    long double dsoftness = 0;
    memcpy(v, forward, (size_t)ends * sizeof *v);
    memcpy(after, backward, (size_t)ends * sizeof *after);
    memcpy(dx, g, (size_t)ends * sizeof *dx);
    for (int k = 0; k < exchange_count; k++) {
        spread[k] = v[exchanges[k].larger] - v[exchanges[k].smaller];
        mix(exchanges[k], exchanges[k].weight, v, 0);
    }
    for (int k = exchange_count - 1; k >= 0; k--) {
        struct exchange at = exchanges[k];
        long double weight_pull = (after[at.minimum] - after[at.maximum]) * spread[k];
        dsoftness += (dx[at.minimum] - dx[at.maximum]) * at.u * at.u * at.slope;
        dsoftness += weight_pull * at.u * at.slope / softness;
        mix(at, at.weight, after, 1);
        mix(at, at.weight - at.u * at.slope, dx, 1);
        dx[at.larger] -= weight_pull * at.slope / softness;
        dx[at.smaller] += weight_pull * at.slope / softness;
    }
    return dsoftness;
}

/* --- one row -------------------------------------------------------------------------------------------------- */

static const double canary = 12345.5;
static double *scratch;
static softgrad_count scratch_size;

/* Scratch of the promised size, full of NaN and with a canary at its end. */
static double *scratch_for(int n, int vectors) {
    scratch_size = softgrad_network_scratch(n, vectors);
    scratch = realloc(scratch, (size_t)(scratch_size + 1) * sizeof *scratch);
    for (softgrad_count i = 0; i < scratch_size; i++) {
        scratch[i] = NAN;
    }
    scratch[scratch_size] = canary;
    return scratch;
}

static void check_canaries(const double *after_output, int n) {
    CHECK(*after_output == canary, "wrote past the end of the output, n=%d", n);
    CHECK(scratch[scratch_size] == canary, "wrote past the end of the scratch, n=%d", n);
}

static long double worst[4];

/* Errors are counted in units of rounding of the largest number that takes part. */
static void compare(int kind, int n, const double *actual, const long double *expected, long double scale,
                    long double allowed, const char *what) {
    for (int i = 0; i < n; i++) {
        long double error = fabsl(actual[i] - expected[i]) / (0x1p-53L * scale + 1e-300L);
        worst[kind] = fmaxl(worst[kind], error);
        CHECK(error <= allowed, "%s, entry %d of %d: %.17g, expected %.17Lg, %Lg units", what, i, n, actual[i],
              expected[i], error);
    }
}

static long double largest(int n, const long double *x) {
    long double out = 0;
    for (int i = 0; i < n; i++) {
        out = fmaxl(out, fabsl(x[i]));
    }
    return out;
}

static void check_row(int curve, int n, int input, double softness) {
    static double x[LARGEST], y[VECTORS * LARGEST + 1], v[VECTORS * LARGEST], w[VECTORS * LARGEST], g[LARGEST];
    static long double sorted[2 * LARGEST], wide[2 * LARGEST], other[2 * LARGEST], row[2 * LARGEST], dx[2 * LARGEST],
        sum[2 * LARGEST], none[2 * LARGEST];
    uint64_t state = (uint64_t)(n * 31 + input);
    int ends = ends_of(n), vectors = n < 100 ? VECTORS : 2;
    char what[120];
    for (int i = 0; i < n; i++) {
        x[i] = input_element(input, i, n, &state);
        g[i] = normal(&state);
    }
    for (int i = 0; i < vectors * n; i++) {
        int vector = i / n; /* the last ones, a tile of their own, are unit vectors */
        v[i] = vector >= 8 ? i % n == (vector + 1) % n : normal(&state);
        w[i] = normal(&state);
    }
    snprintf(what, sizeof what, "%s, input %d, softness %g", curve_names[curve], input, softness);
    expected_sort(curve, n, x, softness, sorted);

    y[n] = canary;
    CHECK(softgrad_network_sort_f64(curve, 1, n, x, softness, y, scratch_for(n, 0)) == SOFTGRAD_OK, "%s", what);
    check_canaries(y + n, n);
    long double size = largest(n, sorted);
    compare(0, n, y, sorted, size, 30, what);

    /* A relative error of x, in units of softness, is an absolute one of the weights. */
    long double condition = 4 + fminl(1, 1 / softness) * fminl(size, 40 * softness) / softness + size / softness;
    for (int transposed = 0; transposed < 2; transposed++) {
        y[vectors * n] = canary;
        int status = transposed ? softgrad_network_apply_transposed_f64(curve, 1, n, x, softness, vectors, vectors * n,
                                                                        v, y, scratch_for(n, vectors))
                                : softgrad_network_apply_f64(curve, 1, n, x, softness, vectors, vectors * n, v, y,
                                                             scratch_for(n, vectors));
        CHECK(status == SOFTGRAD_OK, "apply returned %d", status);
        check_canaries(y + vectors * n, n);
        for (int vector = 0; vector < vectors; vector++) {
            for (int i = 0; i < ends; i++) {
                wide[i] = i < n ? v[vector * n + i] : 0;
            }
            expected_apply(transposed, wide);
            compare(1, n, y + vector * n, wide, 4 * condition, 4, what);
        }
    }

    long double expected_softness = 0, magnitude = 0;
    memset(sum, 0, sizeof sum);
    for (int vector = 0; vector < vectors; vector++) {
        for (int i = 0; i < ends; i++) {
            wide[i] = i < n ? v[vector * n + i] : 0;
            other[i] = i < n ? w[vector * n + i] : 0;
            row[i] = i < n && vector == 0 ? g[i] : 0;
        }
        expected_softness += expected_pull(softness, ends, wide, other, vector == 0 ? row : none, dx);
        for (int i = 0; i < n; i++) {
            sum[i] += dx[i];
        }
        magnitude += largest(n, dx) + 4 + 4 / (long double)softness;
    }
    double dsoftness;
    y[n] = canary;
    int status = softgrad_network_vjp_f64(curve, 1, n, x, softness, vectors, vectors * n, v, vectors * n, w, g, y,
                                          &dsoftness, scratch_for(n, vectors));
    CHECK(status == SOFTGRAD_OK, "vjp returned %d", status);
    check_canaries(y + n, n);
    compare(2, n, y, sum, magnitude * condition, 4, what);
    compare(3, 1, &dsoftness, &expected_softness, magnitude * condition * n, 4, what);
}

static void test_against_reference(void) {
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 257, 1024};
    memset(worst, 0, sizeof worst);
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        for (int curve = 0; curve < CURVES; curve++) {
            for (int input = 0; input < INPUTS; input++) {
                for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                    check_row(curve, sizes[size], input, softnesses[s]);
                }
            }
        }
    }
    printf("  worst error in units of rounding: sort %.2Lf, apply %.2Lf, vjp %.2Lf, softness %.2Lf\n", worst[0],
           worst[1], worst[2], worst[3]);
}

/* --- what does not need a reference ---------------------------------------------------------------------------- */

static void test_rows_do_not_know_their_neighbours(void) {
    enum { ROWS = 5, N = 11 };
    double x[ROWS * N], v[3 * N], y[ROWS * 3 * N], alone[3 * N], dx[ROWS * N], dsoftness[ROWS], g[ROWS * N];
    uint64_t state = 7;
    for (int i = 0; i < ROWS * N; i++) {
        x[i] = normal(&state);
        g[i] = normal(&state);
    }
    for (int i = 0; i < 3 * N; i++) {
        v[i] = normal(&state);
    }
    x[2 * N + 3] = NAN;
    x[3 * N + 4] = -INFINITY;
    softgrad_network_apply_f64(0, ROWS, N, x, 0.3, 3, 0, v, y, scratch_for(N, 3));
    softgrad_network_vjp_f64(0, ROWS, N, x, 0.3, 0, 0, NULL, 0, NULL, g, dx, dsoftness, scratch_for(N, 0));
    for (int row = 0; row < ROWS; row++) {
        int spoilt = row == 2 || row == 3;
        softgrad_network_apply_f64(0, 1, N, x + row * N, 0.3, 3, 0, v, alone, scratch_for(N, 3));
        for (int i = 0; i < 3 * N; i++) {
            double entry = y[row * 3 * N + i];
            CHECK(spoilt ? isnan(entry) : entry == alone[i], "row %d, entry %d: %g", row, i, entry);
        }
        for (int i = 0; i < N; i++) {
            CHECK(!isnan(dx[row * N + i]) == !spoilt, "cotangent of row %d: %g", row, dx[row * N + i]);
        }
        CHECK(!isnan(dsoftness[row]) == !spoilt, "softness of row %d: %g", row, dsoftness[row]);
    }
}

static void test_constant_rows_stay_what_they_are(void) {
    double x[13], y[13];
    for (int curve = 0; curve < CURVES; curve++) {
        for (int i = 0; i < 13; i++) {
            x[i] = 0.1;
        }
        softgrad_network_sort_f64(curve, 1, 13, x, 10, y, scratch_for(13, 0));
        CHECK(!memcmp(x, y, sizeof x), "%s changes a constant row", curve_names[curve]);
    }
}

static void test_extremes_stay_finite(void) {
    const double x[] = {-1.7e308, 1.7e308, 0, 5e-324, 1.7e308}, g[] = {1, -2, 3, -4, 5};
    const double extremes[] = {5e-324, 1e-310, 1e-300, 1e300, 1.7e308};
    double y[5], dx[5], dsoftness;
    for (int curve = 0; curve < CURVES; curve++) {
        for (int s = 0; s < 5; s++) {
            softgrad_network_sort_f64(curve, 1, 5, x, extremes[s], y, scratch_for(5, 0));
            softgrad_network_vjp_f64(curve, 1, 5, x, extremes[s], 0, 0, NULL, 0, NULL, g, dx, &dsoftness,
                                     scratch_for(5, 0));
            for (int i = 0; i < 5; i++) {
                CHECK(isfinite(y[i]) && isfinite(dx[i]), "%s softness %g: %g, %g", curve_names[curve], extremes[s],
                      y[i], dx[i]);
            }
            CHECK(isfinite(dsoftness), "%s softness %g: %g", curve_names[curve], extremes[s], dsoftness);
        }
    }
}

static void test_bad_arguments_are_refused(void) {
    double x[2] = {0, 1}, y[2] = {7, 7}, memory[2000];
    CHECK(softgrad_network_scratch(0, 0) == -1 && softgrad_network_scratch(2, -1) == -1, "scratch of nothing");
    CHECK(softgrad_network_sort_f64(-1, 1, 2, x, 1, y, memory) == SOFTGRAD_BAD_CURVE, "curve -1");
    CHECK(softgrad_network_sort_f64(4, 1, 2, x, 1, y, memory) == SOFTGRAD_BAD_CURVE, "curve 4");
    CHECK(softgrad_network_sort_f64(0, -1, 2, x, 1, y, memory) == SOFTGRAD_BAD_SHAPE, "rows -1");
    CHECK(softgrad_network_sort_f64(0, 1, 0, x, 1, y, memory) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_network_sort_f64(0, 1, 2, x, NAN, y, memory) == SOFTGRAD_BAD_SOFTNESS, "softness NaN");
    CHECK(softgrad_network_sort_f64(0, 1, 2, x, 1, y, NULL) == SOFTGRAD_BAD_POINTER, "no scratch");
    CHECK(softgrad_network_apply_f64(0, 1, 2, x, 1, 1, 3, x, y, memory) == SOFTGRAD_BAD_SHAPE, "stride 3");
    CHECK(softgrad_network_apply_f64(0, 1, 2, x, 1, -1, 0, x, y, memory) == SOFTGRAD_BAD_SHAPE, "vectors -1");
    CHECK(softgrad_network_sort_f64(0, 0, 2, NULL, 1, NULL, NULL) == SOFTGRAD_OK, "no rows need no buffers");
    CHECK(y[0] == 7 && y[1] == 7, "a refused call wrote to its output");
}

static void every_test(void) {
    test_against_reference();
    test_rows_do_not_know_their_neighbours();
    test_constant_rows_stay_what_they_are();
    test_extremes_stay_finite();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    free(scratch);
    return failures != 0;
}
