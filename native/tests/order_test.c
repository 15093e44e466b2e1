/* Soft orders of rows against their definitions, products against differences, for every instruction set. */
#include "order_definition.h"

enum { METHODS = 3, REGULARIZERS = 4, MOST_ROWS = 40 };

static const char *const method_names[] = {"SoftSort", "NeuralSort", "FastSoftSort"};

/* --- calls with buffers of their own ------------------------------------------------------------------------------ */

struct result {
    double y[MOST_ROWS * WIDEST];
    double dx[MOST_ROWS * WIDEST];
    double dsoftness[MOST_ROWS];
};

static void compute(const struct definition *of, int rows, const double *x, double softness, const double *g,
                    struct result *out) {
    size_t states = (size_t)rows * (size_t)softgrad_order_state(of->method, of->n);
    double *state = malloc((states + 1) * sizeof *state);
    double *scratch = malloc((size_t)softgrad_order_scratch(of->method, 0, of->n) * sizeof *scratch);
    int *order = malloc((size_t)(rows * of->n) * sizeof *order);
    state[states] = 77;
    int status = softgrad_order_f64(of->method, of->regularizer, of->options, rows, of->n, of->first, of->count, x,
                                    softness, out->y, order, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    status = softgrad_order_vjp_f64(of->method, of->regularizer, of->options, rows, of->n, of->first, of->count, x,
                                    softness, order, state, g, out->dx, out->dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    CHECK(state[states] == 77, "wrote past the end of the state, n = %d", of->n);
    static double unkept[MOST_ROWS * WIDEST];
    softgrad_order_f64(of->method, of->regularizer, of->options, rows, of->n, of->first, of->count, x, softness, unkept,
                       NULL, NULL, scratch);
    CHECK(!memcmp(unkept, out->y, (size_t)(rows * of->count) * sizeof *unkept), "without order and state it differs");
    free(state);
    free(scratch);
    free(order);
}

/* --- one row ----------------------------------------------------------------------------------------------------- */

enum { RANDOM, TIED, CONSTANT, FAR_FROM_ZERO, ROW_KINDS };

static void make_row(int kind, int n, uint64_t *state, double *x) {
    for (int i = 0; i < n; i++) {
        double a = normal(state);
        x[i] = kind == TIED ? floor(2 * a) / 2 : kind == CONSTANT ? 0.7 : kind == FAR_FROM_ZERO ? 1e6 + a : a;
    }
}

static void describe(const struct definition *of, char *text, size_t size) {
    snprintf(text, size, "%s regularizer %d options %d n %d places %d + %d", method_names[of->method], of->regularizer,
             of->options, of->n, of->first, of->count);
}

static void widen(int n, const double *x, Number *wide) {
    for (int i = 0; i < n; i++) {
        wide[i] = x[i];
    }
}

static void check_values(const struct definition *of, int kind, const double *x, double softness, const double *y) {
    Number wide[WIDEST], expected[WIDEST];
    Number allowed = 1e-12L * (of->n + 1) + (of->options & SOFTGRAD_RANK ? 0 : 1e-15L * fabs(x[0]));
    char text[100];
    describe(of, text, sizeof text);
    widen(of->n, x, wide);
    order_by_definition(of, wide, wide, softness, expected);
    for (int i = 0; i < of->count; i++) {
        CHECK(fabsl(y[i] - expected[i]) <= allowed, "%s row %d softness %g: y[%d] is %.17g, should be %.17Lg", text,
              kind, softness, i, y[i], expected[i]);
    }
}

static Number pairing(const struct definition *of, const Number *x, const Number *weighing, Number softness,
                      const double *g) {
    Number y[WIDEST], sum = 0;
    order_by_definition(of, x, weighing, softness, y);
    for (int i = 0; i < of->count; i++) {
        sum += g[i] * y[i];
    }
    return sum;
}

static Number difference(const struct definition *of, Number *x, Number *at, Number softness, const double *g) {
    const Number step = 1e-7L;
    Number weighing[WIDEST];
    int is_ungated = (of->options & SOFTGRAD_UNGATED) && of->method != SOFTGRAD_FAST_SOFT_SORT;
    memcpy(weighing, x, sizeof weighing);
    Number middle = *at;
    *at = middle + step;
    Number above = pairing(of, x, is_ungated ? weighing : x, softness, g);
    *at = middle - step;
    Number below = pairing(of, x, is_ungated ? weighing : x, softness, g);
    *at = middle;
    return (above - below) / (2 * step);
}

static void check_products(const struct definition *of, const double *x, double softness, const double *g,
                           const struct result *got) {
    Number wide[WIDEST] = {0}, size = 1, allowed;
    char text[100];
    describe(of, text, sizeof text);
    widen(of->n, x, wide);
    for (int i = 0; i < of->n; i++) {
        size = fmaxl(size, fabsl(got->dx[i]));
    }
    allowed = 1e-7L * size;
    for (int i = 0; i < of->n; i++) {
        Number expected = difference(of, wide, wide + i, softness, g);
        CHECK(fabsl(got->dx[i] - expected) <= allowed, "%s softness %g: dx[%d] is %.12g, should be %.12Lg", text,
              softness, i, got->dx[i], expected);
    }
    int is_ungated = (of->options & SOFTGRAD_UNGATED) && of->method != SOFTGRAD_FAST_SOFT_SORT;
    const Number step = 1e-7L;
    Number above = pairing(of, wide, wide, softness + step, g), below = pairing(of, wide, wide, softness - step, g);
    Number expected = is_ungated && !(of->options & SOFTGRAD_RANK) ? 0 : (above - below) / (2 * step);
    CHECK(fabsl(got->dsoftness[0] - expected) <= allowed * 10 / softness,
          "%s softness %g: dsoftness is %.12g, should be %.12Lg", text, softness, got->dsoftness[0], expected);
}

static void check_row(const struct definition *of, int kind, double softness, uint64_t *state) {
    static struct result got;
    double x[WIDEST], g[WIDEST];
    make_row(kind, of->n, state, x);
    for (int i = 0; i < of->n; i++) {
        g[i] = normal(state);
    }
    compute(of, 1, x, softness, g, &got);
    check_values(of, kind, x, softness, got.y);
    if (kind == RANDOM && of->n <= 13) {
        check_products(of, x, softness, g, &got);
    }
    for (int i = 0; i < of->n; i++) {
        CHECK(isfinite(got.dx[i]), "dx[%d] of a row of kind %d is %g", i, kind, got.dx[i]);
    }
}

/* Every option with every part of the order, the values of softness fitting the row's scale. */
static void test_against_definition(void) {
    static const int sizes[] = {1, 2, 3, 5, 8, 13, 70};
    static const double softnesses[] = {0.03, 0.2, 1.5};
    uint64_t state = 23;
    for (int variant = 0; variant < METHODS * REGULARIZERS * 16; variant++) {
        struct definition of = {variant % METHODS, variant / METHODS % REGULARIZERS,
                                variant / (METHODS * REGULARIZERS), 0, 0, 0};
        for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
            int n = sizes[size], is_rank = (of.options & SOFTGRAD_RANK) != 0;
            of.n = n;
            of.first = is_rank ? 0 : (variant + (int)size) % 3 * n / 4;
            of.count = is_rank ? n : (n - of.first + 1) / (1 + variant % 2);
            of.count = of.count > n - of.first ? n - of.first : of.count;
            check_row(&of, (int)(size + (size_t)variant) % ROW_KINDS, softnesses[size % 3], &state);
            check_row(&of, RANDOM, softnesses[(size + 1) % 3], &state);
        }
    }
}

/* Of SoftSort, whose extremes have a way of their own; long rows reach it in lanes' place as well. */
static void test_extremes_against_definition(void) {
    static const int sizes[] = {1, 2, 7, 17, 70, 131, WIDEST};
    static const double softnesses[] = {1e-3, 0.03, 0.2, 1.5};
    uint64_t state = 29;
    for (int variant = 0; variant < REGULARIZERS * 16; variant++) {
        struct definition of = {SOFTGRAD_SOFT_SORT, variant % REGULARIZERS, variant / REGULARIZERS, 0, 0, 1};
        for (size_t size = 0; !(of.options & SOFTGRAD_RANK) && size < sizeof sizes / sizeof *sizes; size++) {
            of.n = sizes[size];
            for (int end = 0; end < 2; end++) {
                of.first = end ? of.n - 1 : 0;
                check_row(&of, (int)(size + (size_t)variant) % ROW_KINDS, softnesses[(size + (size_t)end) % 4], &state);
                check_row(&of, RANDOM, softnesses[(size + (size_t)end + 1) % 4], &state);
            }
        }
    }
}

/* --- several rows ------------------------------------------------------------------------------------------------ */

static const struct definition every_kind[] = {
    {SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, SOFTGRAD_STANDARDIZE, 20, 0, 20},
    {SOFTGRAD_SOFT_SORT, SOFTGRAD_NORM_3_2, SOFTGRAD_RANK | SOFTGRAD_DESCENDING, 20, 0, 20},
    {SOFTGRAD_NEURAL_SORT, SOFTGRAD_ENTROPY, SOFTGRAD_DESCENDING, 20, 3, 10},
    {SOFTGRAD_NEURAL_SORT, SOFTGRAD_SQUARED_EUCLIDEAN, SOFTGRAD_STANDARDIZE | SOFTGRAD_RANK, 20, 0, 20},
    {SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_SQUARED_EUCLIDEAN, SOFTGRAD_STANDARDIZE, 20, 5, 15},
    {SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_ENTROPY, SOFTGRAD_STANDARDIZE | SOFTGRAD_RANK, 20, 0, 20},
};

enum { EVERY_KIND = sizeof every_kind / sizeof *every_kind };

static void make_batch(uint64_t seed, double *x, double *g) {
    make_row(RANDOM, MOST_ROWS * WIDEST, &seed, x);
    make_row(RANDOM, MOST_ROWS * WIDEST, &seed, g);
}

static void test_special_numbers_stay_in_their_row(void) {
    static const double specials[] = {NAN, INFINITY, -INFINITY};
    static double x[MOST_ROWS * WIDEST], g[MOST_ROWS * WIDEST];
    static struct result got;
    for (int variant = 0; variant < EVERY_KIND * 3 * 2; variant++) {
        struct definition of = every_kind[variant % EVERY_KIND];
        int rows = variant / EVERY_KIND / 3 ? 37 : 3;
        make_batch(31, x, g);
        x[2 * of.n + 7] = specials[variant / EVERY_KIND % 3];
        compute(&of, rows, x, 0.2, g, &got);
        for (int i = 0; i < rows * of.count; i++) {
            CHECK(isnan(got.y[i]) == (i / of.count == 2), "%s: y[%d] is %g", method_names[of.method], i, got.y[i]);
        }
        for (int i = 0; i < rows * of.n; i++) {
            int is_spoilt = i / of.n == 2;
            CHECK(isnan(got.dx[i]) == is_spoilt && isnan(got.dsoftness[i / of.n]) == is_spoilt, "%s: dx[%d] is %g",
                  method_names[of.method], i, got.dx[i]);
        }
    }
}

/* A batch cut at a multiple of SOFTGRAD_LANES_GROUP, and rows one by one where there are no lanes. */
static void test_pieces_equal_their_batch(void) {
    static double x[MOST_ROWS * WIDEST], g[MOST_ROWS * WIDEST];
    static struct result whole, piece;
    make_batch(37, x, g);
    for (int variant = 0; variant < EVERY_KIND * 3; variant++) {
        struct definition of = every_kind[variant % EVERY_KIND];
        int cut = variant / EVERY_KIND == 0 ? SOFTGRAD_LANES_GROUP : 1, rows = cut == 1 ? 3 : MOST_ROWS;
        of.n = of.count = variant / EVERY_KIND == 2 ? SOFTGRAD_LANES_LENGTH + 1 : 20;
        of.first = 0;
        compute(&of, rows, x, 0.2, g, &whole);
        compute(&of, rows - cut, x + cut * of.n, 0.2, g + cut * of.n, &piece);
        size_t size = (size_t)((rows - cut) * of.n) * sizeof(double);
        CHECK(!memcmp(whole.y + cut * of.n, piece.y, size), "%s n %d: y differs", method_names[of.method], of.n);
        CHECK(!memcmp(whole.dx + cut * of.n, piece.dx, size), "%s n %d: dx differs", method_names[of.method], of.n);
        CHECK(!memcmp(whole.dsoftness + cut, piece.dsoftness, (size_t)(rows - cut) * sizeof(double)),
              "%s n %d: dsoftness differs", method_names[of.method], of.n);
    }
}

/* --- single precision -------------------------------------------------------------------------------------------- */

static double narrow_error(int count, const float *narrow, const double *wide) {
    double worst = 0;
    for (int i = 0; i < count; i++) {
        double error = fabs(narrow[i] - wide[i]) / (fabs(wide[i]) + 1e-2);
        worst = isnan(error) ? INFINITY : fmax(worst, error);
    }
    return worst;
}

/* Through memory: gcc 12 at -O3 forgets the rounding of the last elements of a loop. */
static float rounded(double a) {
    volatile float narrow = (float)a;
    return narrow;
}

static void test_floats_are_rounded_once(void) {
    static double x[MOST_ROWS * WIDEST], g[MOST_ROWS * WIDEST];
    static float x_narrow[WIDEST], g_narrow[WIDEST], y[WIDEST], dx[WIDEST];
    static struct result wide;
    for (int kind = 0; kind < EVERY_KIND; kind++) {
        struct definition of = every_kind[kind];
        of.n = 150;
        of.count = of.options & SOFTGRAD_RANK ? of.n : 100;
        make_batch(41, x, g);
        for (int i = 0; i < of.n; i++) {
            x[i] = x_narrow[i] = rounded(x[i]);
            g[i] = g_narrow[i] = rounded(g[i]);
        }
        compute(&of, 1, x, 0.2, g, &wide);
        double *state = malloc((size_t)softgrad_order_state(of.method, of.n) * sizeof *state), dsoftness;
        double *scratch = malloc((size_t)softgrad_order_scratch(of.method, 0, of.n) * sizeof *scratch);
        int order[WIDEST];
        softgrad_order_f32(of.method, of.regularizer, of.options, 1, of.n, of.first, of.count, x_narrow, 0.2, y, order,
                           state, scratch);
        softgrad_order_vjp_f32(of.method, of.regularizer, of.options, 1, of.n, of.first, of.count, x_narrow, 0.2, order,
                               state, g_narrow, dx, &dsoftness, scratch);
        CHECK(narrow_error(of.count, y, wide.y) <= 0x1p-24, "%s: y", method_names[of.method]);
        CHECK(narrow_error(of.n, dx, wide.dx) <= 0x1p-24, "%s: dx", method_names[of.method]);
        CHECK(dsoftness == wide.dsoftness[0], "%s: dsoftness", method_names[of.method]);
        free(state);
        free(scratch);
    }
}

/* --- arguments --------------------------------------------------------------------------------------------------- */

static int status_of(int method, int regularizer, int options, int rows, int n, int first, int count, double softness,
                     double *x) {
    static double y[2], scratch[100000];
    y[0] = 7;
    int status = softgrad_order_f64(method, regularizer, options, rows, n, first, count, x, softness, y, NULL, NULL,
                                    scratch);
    CHECK(status == SOFTGRAD_OK || y[0] == 7, "a refused call wrote to its output");
    double dsoftness, dx[2], state[200] = {0}, g[2] = {0, 0};
    int order[2] = {0, 1};
    int other = softgrad_order_vjp_f64(method, regularizer, options, rows, n, first, count, x, softness, order, state,
                                       g, dx, &dsoftness, scratch);
    CHECK(status == other, "the product has status %d, the function %d", other, status);
    return status;
}

static void test_bad_arguments_are_refused(void) {
    double x[2] = {2, 1};
    CHECK(status_of(3, 9, 0, 1, 2, 0, 2, 1, x) == SOFTGRAD_BAD_METHOD, "method 3");
    CHECK(status_of(0, 0, 16, 1, 2, 0, 2, 1, x) == SOFTGRAD_BAD_METHOD, "option 16");
    CHECK(status_of(0, 4, 0, 1, 0, 0, 2, 1, x) == SOFTGRAD_BAD_REGULARIZER, "regularizer 4");
    CHECK(status_of(0, 0, 0, -1, 2, 0, 2, 0, x) == SOFTGRAD_BAD_SHAPE, "rows -1");
    CHECK(status_of(0, 0, 0, 1, 0, 0, 0, 1, x) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(status_of(0, 0, 0, 1, 2, 1, 2, 1, x) == SOFTGRAD_BAD_SHAPE, "places beyond the row");
    CHECK(status_of(0, 0, 0, 1, 2, -1, 2, 1, x) == SOFTGRAD_BAD_SHAPE, "place -1");
    CHECK(status_of(0, 0, SOFTGRAD_RANK, 1, 2, 0, 1, 1, x) == SOFTGRAD_BAD_SHAPE, "ranks of one place");
    CHECK(status_of(0, 0, 0, 1, 2, 0, 2, NAN, x) == SOFTGRAD_BAD_SOFTNESS, "softness NaN");
    CHECK(status_of(0, 0, 0, 1, 2, 0, 2, 1, NULL) == SOFTGRAD_BAD_POINTER, "no row");
    CHECK(status_of(0, 0, 0, 0, 2, 0, 2, 1, x) == SOFTGRAD_OK, "no rows");
    CHECK(status_of(0, 0, 0, 1, 2, 2, 0, 1, x) == SOFTGRAD_OK, "no places");
    CHECK(softgrad_order_scratch(3, 0, 2) == -1 && softgrad_order_scratch(0, 0, 0) == -1, "scratch out of range");
    CHECK(softgrad_order_state(-1, 2) == -1 && softgrad_order_state(0, 1LL << 31) == -1, "state out of range");
}

/* Elements so far apart that none has a part in others' results: rows alone, long and short, and in lanes. */
static void test_cotangents_that_are_not_finite(void) {
    enum { ROWS = 5, N = 300 };
    static double x[ROWS * N], y[ROWS * N], g[ROWS * N], dx[ROWS * N], dsoftness[ROWS];
    static const int lengths[] = {3, 40, N}, batches[] = {1, ROWS};
    int *order = malloc(sizeof *order * ROWS * N);
    for (int options = 0; options <= (SOFTGRAD_RANK | SOFTGRAD_STANDARDIZE); options++) {
        for (int k = 0; k < 3 * 2 * 2; k++) {
            const int n = lengths[k % 3], rows = batches[k / 3 % 2], regularizer = k / 6;
            double *state = malloc(sizeof(double) * (size_t)(ROWS * softgrad_order_lanes_state(
                                                                        SOFTGRAD_FAST_SOFT_SORT, 0, 0, 8, n)));
            double *scratch = malloc(sizeof(double) * (size_t)softgrad_order_scratch(SOFTGRAD_FAST_SOFT_SORT, 1, n));
            for (int i = 0; i < rows * n; i++) {
                x[i] = i % n;
                g[i] = i;
            }
            g[n / 2] = k % 2 ? NAN : INFINITY;
            softgrad_order_f64(SOFTGRAD_FAST_SOFT_SORT, regularizer, options, rows, n, 0, n, x, 1e-6, y, order, state,
                               scratch);
            softgrad_order_vjp_f64(SOFTGRAD_FAST_SOFT_SORT, regularizer, options, rows, n, 0, n, x, 1e-6, order, state,
                                   g, dx, dsoftness, scratch);
            for (int i = 0; i < rows * n; i++) {
                const int is_spoilt = options & SOFTGRAD_STANDARDIZE ? i < n : i == n / 2;
                CHECK((isfinite(dx[i]) == 0) == is_spoilt, "options %d n %d rows %d: dx[%d] is %g",
                      options, n, rows, i, dx[i]);
            }
            for (int row = 0; row < rows; row++) {
                CHECK(isnan(dsoftness[row]) == (row == 0), "options %d n %d: dsoftness[%d] is %g", options, n, row,
                      dsoftness[row]);
            }
            free(scratch);
            free(state);
        }
    }
    free(order);
}

/* Gaps that are those of the ranks but for roundings: elements look like violators and are none. */
static void test_rows_on_the_edge_of_pooling(void) {
    enum { N = 129 };
    const double softness = 1.0000000000000073;
    double x[N], y[N], g[N], dx[N], dsoftness, sum = 0;
    int order[N];
    double *state = malloc(sizeof(double) * (size_t)softgrad_order_state(SOFTGRAD_FAST_SOFT_SORT, N));
    double *scratch = malloc(sizeof(double) * (size_t)softgrad_order_scratch(SOFTGRAD_FAST_SOFT_SORT, 1, N));
    for (int i = 0; i < N; i++) {
        x[i] = i < 121 ? (i + 1) / 128.0 : 5 + (i - 121) * 0.5 / 128;
        g[i] = i % 3 - 1;
    }
    softgrad_order_f64(SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_ENTROPY, SOFTGRAD_RANK, 1, N, 0, N, x, softness, y, order,
                       state, scratch);
    softgrad_order_vjp_f64(SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_ENTROPY, SOFTGRAD_RANK, 1, N, 0, N, x, softness, order,
                           state, g, dx, &dsoftness, scratch);
    for (int i = 0; i < N; i++) {
        sum -= dx[i] * x[i] / softness; /* ranks depend on x / softness only */
    }
    CHECK(fabs(dsoftness - sum) <= 1e-10, "dsoftness %g, by the rows %g", dsoftness, sum);
    free(scratch);
    free(state);
}

static void every_test(void) {
    test_against_definition();
    test_extremes_against_definition();
    test_special_numbers_stay_in_their_row();
    test_pieces_equal_their_batch();
    test_floats_are_rounded_once();
    test_bad_arguments_are_refused();
    test_cotangents_that_are_not_finite();
    test_rows_on_the_edge_of_pooling();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}
