/*
 * Batches of short rows, which go through SIMD lanes, against the definitions in long double: values, cotangents of the
 * rows and of the softness.
 */
#include "check.h"
#include "order_lanes_definition.h"

enum { MOST_ROWS = 33 };

static double x[MOST_ROWS * LONGEST], g[MOST_ROWS * LONGEST], y[MOST_ROWS * LONGEST], dx[MOST_ROWS * LONGEST],
    dsoftness[MOST_ROWS];
static float x32[MOST_ROWS * LONGEST], g32[MOST_ROWS * LONGEST], y32[MOST_ROWS * LONGEST], dx32[MOST_ROWS * LONGEST];
static int places[MOST_ROWS * LONGEST];
static double *state, *scratch;

static void run(const struct order *o, int rows) {
    int status = softgrad_order_f64(o->method, o->regularizer, o->options, rows, o->n, o->first, o->count, x,
                                    o->softness, y, places, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    status = softgrad_order_vjp_f64(o->method, o->regularizer, o->options, rows, o->n, o->first, o->count, x,
                                    o->softness, places, state, g, dx, dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
}

static void run32(const struct order *o, int rows) {
    for (int i = 0; i < rows * o->n; i++) {
        x32[i] = (float)x[i];
        g32[i] = (float)g[i];
        x[i] = (double)x32[i];
        g[i] = (double)g32[i];
    }
    int status = softgrad_order_f32(o->method, o->regularizer, o->options, rows, o->n, o->first, o->count, x32,
                                    o->softness, y32, places, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    status = softgrad_order_vjp_f32(o->method, o->regularizer, o->options, rows, o->n, o->first, o->count, x32,
                                    o->softness, places, state, g32, dx32, dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    for (int i = 0; i < rows * o->n; i++) {
        y[i] = (double)y32[i];
        dx[i] = (double)dx32[i];
    }
}

/* Errors are measured against the largest number of what is compared, and at least one. */
static double error_of(int count, const double *actual, const wide *expected) {
    wide worst = 0, largest = 1;
    for (int i = 0; i < count; i++) {
        wide error = fabsl(actual[i] - expected[i]);
        worst = error <= worst ? worst : error;
        largest = fmaxl(largest, fabsl(expected[i]));
    }
    return (double)(worst / largest);
}

static int is_finite_row(int n, const double *row) {
    int finite = 1;
    for (int i = 0; i < n; i++) {
        finite &= isfinite(row[i]) != 0;
    }
    return finite;
}

static void check_all_nan(const struct order *o, int row) {
    int all = isnan(dsoftness[row]) != 0;
    for (int i = 0; i < o->n; i++) {
        all &= isnan(dx[row * o->n + i]) && (i >= o->count || isnan(y[row * o->count + i]));
    }
    CHECK(all, "method %d options %d n %d row %d is not NaN", o->method, o->options, o->n, row);
}

/* Sums over the pairs of a row, which a small softness divides twice, make up the cotangent of the softness. */
static void check_row(const struct order *o, int row, double tolerance) {
    static struct definition expected;
    wide wide_x[LONGEST], wide_g[LONGEST];
    if (!is_finite_row(o->n, x + row * o->n)) {
        check_all_nan(o, row);
        return;
    }
    for (int i = 0; i < o->n; i++) {
        wide_x[i] = x[row * o->n + i];
    }
    for (int i = 0; i < o->count; i++) {
        wide_g[i] = g[row * o->count + i];
    }
    define(o, wide_x, wide_g, &expected);
    double of_y = error_of(o->count, y + row * o->count, expected.y);
    double of_dx = error_of(o->n, dx + row * o->n, expected.dx);
    double of_softness = error_of(1, dsoftness + row, &expected.dsoftness);
    CHECK(of_y <= tolerance && of_dx <= 100 * tolerance && of_softness <= 1000 * tolerance,
          "method %d regularizer %d options %d n %d softness %g row %d: errors %g %g %g", o->method, o->regularizer,
          o->options, o->n, o->softness, row, of_y, of_dx, of_softness);
}

/* Normal rows, but the second has ties, the third is constant, the fourth far from zero, the fifth not finite, and in
   the sixth values differ in nothing but their lowest bits. */
static void fill(int rows, int n, int with_nan, uint64_t *seed) {
    for (int row = 0; row < rows; row++) {
        for (int i = 0; i < n; i++) {
            double value = normal(seed);
            double special[] = {value, 0.77 * round(2 * value), 1.7, 1024 + round(value * 4096) / 4096, value,
                                1 + floor(uniform(seed) * 50) * 0x1p-52};
            x[row * n + i] = row < 6 ? special[row] : value;
            g[row * n + i] = normal(seed);
        }
        if (row == 4 && with_nan) {
            x[row * n + n / 2] = n % 2 ? INFINITY : NAN;
        }
    }
}

static void check_batch(const struct order *o, int rows, uint64_t *seed) {
    const int neural = o->method == SOFTGRAD_NEURAL_SORT;
    fill(rows, o->n, o->n > 3, seed);
    run(o, rows);
    for (int row = 0; row < rows; row++) {
        check_row(o, row, neural ? 1e-12 : 1e-13);
    }
    run32(o, rows);
    for (int row = 0; row < rows; row++) {
        check_row(o, row, neural ? 1e-4 : 1e-5);
    }
}

/* The numbers of a row are the same bits whatever rows stand beside it, and without the outputs for a product. */
static void check_independence(const struct order *o, uint64_t *seed) {
    static double whole_y[MOST_ROWS * LONGEST], whole_dx[MOST_ROWS * LONGEST], whole_dsoftness[MOST_ROWS];
    const int values = MOST_ROWS * o->count;
    fill(MOST_ROWS, o->n, 0, seed);
    run(o, MOST_ROWS);
    memcpy(whole_y, y, sizeof y);
    memcpy(whole_dx, dx, sizeof dx);
    memcpy(whole_dsoftness, dsoftness, sizeof dsoftness);
    run(o, 5);
    CHECK(!memcmp(whole_y, y, sizeof *y * (size_t)(5 * o->count)) &&
              !memcmp(whole_dx, dx, sizeof *dx * (size_t)(5 * o->n)) &&
              !memcmp(whole_dsoftness, dsoftness, sizeof *dsoftness * 5),
          "method %d options %d n %d: rows depend on each other", o->method, o->options, o->n);
    memset(y, 0, sizeof y);
    softgrad_order_f64(o->method, o->regularizer, o->options, MOST_ROWS, o->n, o->first, o->count, x, o->softness, y, 0,
                       0, scratch);
    CHECK(!memcmp(whole_y, y, sizeof *y * (size_t)values), "method %d options %d n %d: other values without a state",
          o->method, o->options, o->n);
}

/* Pools of the entropy whose elements are so far apart that exponentials of their distances are no numbers. */
static void check_wide_pools(void) {
    static const double gaps[] = {60, 150, 700, 3000};
    uint64_t seed = 3;
    for (int kind = 0; kind < 4; kind++) {
        struct order order = {SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_ENTROPY, 0, 12, 0, 12, 1 / (11 * gaps[kind])};
        for (int row = 0; row < MOST_ROWS; row++) {
            double value = 0;
            for (int i = 0; i < order.n; i++) {
                value += gaps[kind] * (0.2 + 2 * uniform(&seed));
                x[row * order.n + i] = i % 5 == row % 5 ? value - gaps[kind] * 0.19 : value;
                g[row * order.n + i] = normal(&seed);
            }
        }
        run(&order, MOST_ROWS);
        for (int row = 0; row < MOST_ROWS; row++) {
            check_row(&order, row, 1e-13);
        }
        run32(&order, MOST_ROWS);
        for (int row = 0; row < MOST_ROWS; row++) {
            check_row(&order, row, 1e-5);
        }
    }
}

/* Ranks of rows with ties, whose positions divided by the softness are far larger than what pools are made of. */
static void check_wide_ranks(void) {
    static const double softnesses[] = {0.1, 1e-3, 1e-9};
    uint64_t seed = 4;
    for (int kind = 0; kind < 6; kind++) {
        struct order order = {SOFTGRAD_FAST_SOFT_SORT, kind % 2, SOFTGRAD_RANK, 40, 0, 40, softnesses[kind / 2]};
        for (int i = 0; i < MOST_ROWS * order.n; i++) {
            x[i] = 500 * floor(20 * uniform(&seed));
            g[i] = normal(&seed);
        }
        run(&order, MOST_ROWS);
        for (int row = 0; row < MOST_ROWS; row++) {
            check_row(&order, row, 1e-13);
        }
        run32(&order, MOST_ROWS);
        for (int row = 0; row < MOST_ROWS; row++) {
            check_row(&order, row, 1e-5);
        }
    }
}

struct kind {
    int method, regularizer, longest;
};

static const struct kind kinds[] = {
    {SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, LONGEST},
    {SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_SQUARED_EUCLIDEAN, LONGEST},
    {SOFTGRAD_FAST_SOFT_SORT, SOFTGRAD_ENTROPY, LONGEST},
    {SOFTGRAD_NEURAL_SORT, SOFTGRAD_ENTROPY, 64},
};
static const int lengths[] = {1, 2, 3, 5, 8, 9, 16, 17, 24, 31, 33, 40, 64, 77, 128};
enum { KINDS = sizeof kinds / sizeof kinds[0], LENGTHS = sizeof lengths / sizeof lengths[0] };

static void check_options(struct kind kind, int length, int options, uint64_t *seed) {
    static const int batches[] = {4, 5, 16, MOST_ROWS};
    static const double softnesses[] = {0.1, 1.0, 0.02};
    const int n = lengths[length], rows = n > 40 ? 6 : batches[(length + options) % 4];
    struct order order = {kind.method, kind.regularizer, options, n, 0, n, softnesses[(length + options) % 3]};
    check_batch(&order, rows, seed);
    check_independence(&order, seed);
    if (!(options & SOFTGRAD_RANK) && n > 2) {
        order.first = n / 3;
        order.count = n / 2;
        check_batch(&order, rows, seed);
    }
}

static void check_everything(void) {
    check_wide_pools();
    check_wide_ranks();
    const int all_options = SOFTGRAD_STANDARDIZE | SOFTGRAD_RANK | SOFTGRAD_DESCENDING | SOFTGRAD_UNGATED;
    uint64_t seed = 1;
    for (int kind = 0; kind < KINDS; kind++) {
        for (int length = 0; length < LENGTHS && lengths[length] <= kinds[kind].longest; length++) {
            for (int options = 0; options <= all_options; options++) {
                int is_index = !(options & SOFTGRAD_RANK) && kinds[kind].method != SOFTGRAD_FAST_SOFT_SORT;
                if (is_index || !(options & SOFTGRAD_UNGATED)) {
                    check_options(kinds[kind], length, options, &seed);
                }
            }
        }
    }
}

int main(void) {
    softgrad_count state_size = 0, scratch_size = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        softgrad_count for_state = softgrad_order_state(kinds[kind].method, LONGEST);
        softgrad_count for_scratch = softgrad_order_scratch(kinds[kind].method, 0, LONGEST);
        state_size = for_state > state_size ? for_state : state_size;
        scratch_size = for_scratch > scratch_size ? for_scratch : scratch_size;
    }
    state = malloc((size_t)(MOST_ROWS * state_size) * sizeof(double));
    scratch = malloc((size_t)scratch_size * sizeof(double));
    under_every_instruction_set(check_everything);
    free(scratch);
    free(state);
    return failures != 0;
}
