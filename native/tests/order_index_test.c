/* The matrices of SoftSort and NeuralSort and their products against their definitions in long double. */
#include "check.h"
#include "order_index_definition.h"

enum { GUARD = 32 };

static const double softnesses[] = {1e-3, 0.03, 0.3, 10};
static const int lengths[] = {1, 2, 3, 5, 8, 17, 40, 133, LARGEST};

/* Rows of several kinds. */
enum { RANDOM, TIED, CONSTANT, CLUSTERED, SPACED, GEOMETRIC, KINDS };

static void make_row(int kind, int n, uint64_t *state, double *x) {
    for (int i = 0; i < n; i++) {
        switch (kind) {
            case TIED: x[i] = floor(2 * normal(state)) / 2; break;
            case CONSTANT: x[i] = 0.7; break;
            case CLUSTERED: x[i] = (i % 2) * 3 + 1e-9 * normal(state); break;
            case SPACED: x[i] = (double)((i * 7) % n) / n; break;
            case GEOMETRIC: x[i] = ldexp(1, -((i * 11) % 60)); break;
            default: x[i] = normal(state);
        }
    }
}

static const double *sorted_by;

static int ascending(const void *a, const void *b) {
    int i = *(const int *)a, j = *(const int *)b;
    return sorted_by[i] < sorted_by[j] ? -1 : sorted_by[i] > sorted_by[j] ? 1 : i - j;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static double extent_of(const struct problem *problem) {
    double extent = 0;
    for (int j = 0; j < problem->n; j++) {
        extent = fmax(extent, fabs(problem->s[j] - problem->s[0]));
    }
    return extent;
}

/* The scores of NeuralSort are as exact as n s; then exponentials as exact as their arguments. */
static double rounding_of(const struct problem *problem) {
    double size = problem->method == SOFTGRAD_NEURAL_SORT ? extent_of(problem) * problem->n : 0;
    return 2e-14 + 2e-15 * size / problem->softness;
}

static void check_values(const struct problem *problem, int kind, const double *p) {
    static long double exact[LARGEST];
    double rounding = rounding_of(problem);
    for (int row = 0; row < problem->count; row++) {
        project(problem, place_of(problem, row), exact);
        for (int j = 0; j < problem->n; j++) {
            double found = p[row * problem->n + j];
            long double error = fabsl(found - exact[j]);
            CHECK(error <= rounding,
                  "method %d regularizer %d options %d kind %d n %d softness %g: (%d, %d) is %.17g, not %.17Lg",
                  problem->method, problem->regularizer, problem->options, kind, problem->n, problem->softness, row, j,
                  found, exact[j]);
            int relative = problem->method == SOFTGRAD_SOFT_SORT && problem->regularizer == SOFTGRAD_ENTROPY;
            CHECK(!relative || error <= exact[j] * 3e-13L + 1e-280L,
                  "kind %d n %d softness %g: (%d, %d) is %.17g, not %.17Lg", kind, problem->n, problem->softness, row,
                  j, found, exact[j]);
        }
    }
}

/* --- products ---------------------------------------------------------------------------------------------------- */

static void check_product(const struct problem *problem, int kind, const double *x, const double *scale,
                          const double *p, const double *g, const double *dx, double dsoftness) {
    static struct cotangents bar;
    static double expected[LARGEST], rounded[LARGEST];
    pull_definition(problem, p, g, &bar);
    int neural = problem->method == SOFTGRAD_NEURAL_SORT;
    long double size = 0, steepness = 1;
    for (int j = 0; j < problem->n; j++) {
        expected[j] = rounded[j] = (double)bar.s[j];
        size = fmaxl(size, bar.size[j]);
    }
    if (problem->options & SOFTGRAD_STANDARDIZE) {
        softgrad_squash_vjp_f64(1, problem->n, x, scale, problem->s, rounded, expected);
        steepness = 1 / (scale[0] * scale[2]);
    }
    for (int j = 0; j < problem->n; j++) {
        CHECK(fabsl(dx[j] - expected[j]) <= (neural ? 1e-12L : 1e-13L) * (size * steepness + 1),
              "method %d regularizer %d options %d kind %d n %d softness %g: dx[%d] is %.17g, not %.17g (%Lg)",
              problem->method, problem->regularizer, problem->options, kind, problem->n, problem->softness, j, dx[j],
              expected[j], size);
    }
    /* NeuralSort finds it from the cotangents of s, where much cancels. */
    double cancelling = neural ? extent_of(problem) * problem->n : 0;
    long double moments = 1 + cancelling * size / problem->softness;
    CHECK(fabsl(dsoftness - bar.softness) <= 1e-12L * bar.softness_size + 1e-15L * moments,
          "method %d regularizer %d options %d kind %d n %d softness %g: dsoftness is %.17g, not %.17Lg",
          problem->method, problem->regularizer, problem->options, kind, problem->n, problem->softness, dsoftness,
          bar.softness);
}

/* --- runs -------------------------------------------------------------------------------------------------------- */

/* A buffer whose end is watched. */
static double *guarded(softgrad_count size) {
    double *buffer = malloc((size_t)(size + GUARD) * sizeof *buffer);
    for (softgrad_count i = 0; i < size + GUARD; i++) {
        buffer[i] = i < size ? NAN : -77;
    }
    return buffer;
}

static void release(double *buffer, softgrad_count size, const char *name) {
    for (int i = 0; i < GUARD; i++) {
        CHECK(buffer[size + i] == -77, "%s of size %lld is overrun", name, size);
    }
    free(buffer);
}

/* Which extreme_f32_test.c is about. */
static int is_in_float(const struct problem *problem) {
    return problem->method == SOFTGRAD_SOFT_SORT && problem->regularizer == SOFTGRAD_ENTROPY && problem->count == 1 &&
           (problem->first == 0 || problem->first == problem->n - 1);
}

/* What float32 gives is what double gives for the same numbers, rounded once. */
static void run_float(const struct problem *problem, const double *x, const double *g) {
    int n = problem->n, order[LARGEST];
    size_t entries = (size_t)n * (size_t)problem->count;
    float *narrow_x = malloc((size_t)n * 4), *p = malloc(entries * 4), *narrow_g = malloc(entries * 4),
          *dx = malloc((size_t)n * 4);
    double *wide_x = malloc((size_t)n * 8), *wide_p = malloc(entries * 8), *wide_g = malloc(entries * 8),
           *wide_dx = malloc((size_t)n * 8), dsoftness, wide_dsoftness;
    softgrad_count room = softgrad_order_scratch(problem->method, 0, n);
    double *state = malloc((size_t)softgrad_order_state(problem->method, n) * 8), *scratch = guarded(room);
    for (int i = 0; i < n; i++) {
        wide_x[i] = narrow_x[i] = (float)x[i];
    }
    for (size_t i = 0; i < entries; i++) {
        wide_g[i] = narrow_g[i] = (float)g[i];
    }
    softgrad_order_index_f64(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                             problem->count, wide_x, problem->softness, wide_p, order, state, scratch);
    int status = softgrad_order_index_f32(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                                          problem->count, narrow_x, problem->softness, p, order, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    for (size_t i = 0; i < entries; i++) {
        CHECK(p[i] == (float)wide_p[i], "float, n %d: p is %.9g, expected %.9g", n, p[i], (float)wide_p[i]);
        wide_p[i] = p[i];
    }
    status = softgrad_order_index_vjp_f32(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                                          problem->count, narrow_x, problem->softness, p, order, state, narrow_g, dx,
                                          &dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    softgrad_order_index_vjp_f64(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                                 problem->count, wide_x, problem->softness, wide_p, order, state, wide_g, wide_dx,
                                 &wide_dsoftness, scratch);
    for (int i = 0; i < n; i++) {
        CHECK(dx[i] == (float)wide_dx[i], "float, n %d: dx is %.9g, expected %.9g", n, dx[i], (float)wide_dx[i]);
    }
    CHECK(dsoftness == wide_dsoftness, "float, n %d: dsoftness is %.17g, expected %.17g", n, dsoftness,
          wide_dsoftness);
    release(scratch, room, "scratch");
    void *const buffers[] = {narrow_x, p, narrow_g, dx, wide_x, wide_p, wide_g, wide_dx, state};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        free(buffers[i]);
    }
}

static void run(struct problem *problem, int kind, const double *x, uint64_t *random) {
    int n = problem->n;
    softgrad_count entries = (softgrad_count)n * problem->count, kept = softgrad_order_state(problem->method, n),
                   room = softgrad_order_scratch(problem->method, 0, n);
    double scale[3], dsoftness, *p = guarded(entries), *alone = guarded(entries), *g = guarded(entries),
                                *state = guarded(kept), *scratch = guarded(room), *dx = guarded(n);
    static int order[LARGEST];
    memcpy(problem->s, x, (size_t)n * sizeof *x);
    if (problem->options & SOFTGRAD_STANDARDIZE) {
        softgrad_squash_f64(1, n, x, problem->s, scale);
    }
    for (int i = 0; i < n; i++) {
        problem->order[i] = i;
    }
    sorted_by = problem->s;
    qsort(problem->order, (size_t)n, sizeof *problem->order, ascending);
    find_sums(problem);
    for (softgrad_count i = 0; i < entries; i++) {
        g[i] = normal(random);
    }
    int status = softgrad_order_index_f64(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                                          problem->count, x, problem->softness, p, order, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    if (problem->method == SOFTGRAD_SOFT_SORT && problem->count == 1 && problem->first == 0) {
        memcpy(order, problem->order, (size_t)n * sizeof *order); /* an end of the order is found without it */
    }
    CHECK(!memcmp(order, problem->order, (size_t)n * sizeof *order), "kind %d n %d: the order", kind, n);
    softgrad_order_index_f64(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                             problem->count, x, problem->softness, alone, NULL, NULL, scratch);
    CHECK(!memcmp(p, alone, (size_t)entries * sizeof *p), "without order and state");
    check_values(problem, kind, p);
    status = softgrad_order_index_vjp_f64(problem->method, problem->regularizer, problem->options, 1, n, problem->first,
                                          problem->count, x, problem->softness, p, order, state, g, dx, &dsoftness,
                                          scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    check_product(problem, kind, x, scale, p, g, dx, dsoftness);
    if (!is_in_float(problem)) {
        run_float(problem, x, g);
    }
    release(p, entries, "p");
    release(alone, entries, "p");
    release(g, entries, "g");
    release(state, kept, "state");
    release(scratch, room, "scratch");
    release(dx, n, "dx");
}

/* The product along a direction against differences of the values, where those are smooth. */
static void check_differences(int method, int regularizer, int options) {
    enum { N = 12 };
    uint64_t random = 5;
    double x[N], along[N], moved[N], g[N * N], p[2][N * N], dx[N], dsoftness, step = 1e-6, softness = 0.4;
    int order[N];
    double *state = guarded(softgrad_order_state(method, N)), *scratch = guarded(softgrad_order_scratch(method, 0, N));
    for (int i = 0; i < N; i++) {
        x[i] = normal(&random);
        along[i] = normal(&random);
    }
    for (int i = 0; i < N * N; i++) {
        g[i] = normal(&random);
    }
    double difference = 0, product = 0, along_softness = normal(&random);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < N; i++) {
            moved[i] = x[i] + (side ? step : -step) * along[i];
        }
        softgrad_order_index_f64(method, regularizer, options, 1, N, 0, N, moved,
                                 softness + (side ? step : -step) * along_softness, p[side], NULL, NULL, scratch);
    }
    for (int i = 0; i < N * N; i++) {
        difference += g[i] * (p[1][i] - p[0][i]) / (2 * step);
    }
    softgrad_order_index_f64(method, regularizer, options, 1, N, 0, N, x, softness, p[0], order, state, scratch);
    softgrad_order_index_vjp_f64(method, regularizer, options, 1, N, 0, N, x, softness, p[0], order, state, g, dx,
                                 &dsoftness, scratch);
    for (int i = 0; i < N; i++) {
        product += dx[i] * along[i];
    }
    product += dsoftness * along_softness;
    CHECK(fabs(product - difference) <= 1e-6 * (1 + fabs(product)),
          "method %d regularizer %d options %d: the product is %.12g, by differences %.12g", method, regularizer,
          options, product, difference);
    free(state);
    free(scratch);
}

static void check_not_finite(int method) {
    enum { N = 9, ROWS = 3 };
    double x[ROWS * N], p[ROWS * N * N], g[ROWS * N * N] = {0}, dx[ROWS * N], dsoftness[ROWS];
    int order[ROWS * N];
    double *state = guarded(ROWS * softgrad_order_state(method, N)),
           *scratch = guarded(softgrad_order_scratch(method, 0, N));
    for (int i = 0; i < ROWS * N; i++) {
        x[i] = i % 5;
    }
    x[N + 4] = method == SOFTGRAD_SOFT_SORT ? NAN : INFINITY;
    softgrad_order_index_f64(method, 0, 0, ROWS, N, 0, N, x, 0.1, p, order, state, scratch);
    softgrad_order_index_vjp_f64(method, 0, 0, ROWS, N, 0, N, x, 0.1, p, order, state, g, dx, dsoftness, scratch);
    for (int row = 0; row < ROWS; row++) {
        for (int i = 0; i < N * N; i++) {
            CHECK(isnan(p[row * N * N + i]) == (row == 1), "row %d: p is %g", row, p[row * N * N + i]);
        }
        for (int i = 0; i < N; i++) {
            CHECK(isnan(dx[row * N + i]) == (row == 1), "row %d: dx is %g", row, dx[row * N + i]);
        }
        CHECK(isnan(dsoftness[row]) == (row == 1), "row %d: dsoftness is %g", row, dsoftness[row]);
    }
    free(state);
    free(scratch);
}

static int status_of(int method, int regularizer, int options, int n, int first, int count, double softness) {
    static double x[8], p[64], scratch[100000];
    return softgrad_order_index_f64(method, regularizer, options, 1, n, first, count, x, softness, p, NULL, NULL,
                                    scratch);
}

static void check_arguments(void) {
    CHECK(status_of(SOFTGRAD_FAST_SOFT_SORT, 0, 0, 8, 0, 8, 1) == SOFTGRAD_BAD_METHOD, "method");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 0, SOFTGRAD_RANK, 8, 0, 8, 1) == SOFTGRAD_BAD_METHOD, "ranks");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 0, SOFTGRAD_UNGATED, 8, 0, 8, 1) == SOFTGRAD_BAD_METHOD, "ungated");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 4, 0, 8, 0, 8, 1) == SOFTGRAD_BAD_REGULARIZER, "regularizer");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 0, 0, 8, 1, 8, 1) == SOFTGRAD_BAD_SHAPE, "places");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 0, 0, 8, -1, 2, 1) == SOFTGRAD_BAD_SHAPE, "first place");
    CHECK(status_of(SOFTGRAD_SOFT_SORT, 0, 0, 8, 0, 8, 0) == SOFTGRAD_BAD_SOFTNESS, "softness");
}

static void check_everything(void) {
    uint64_t random = 11;
    static struct problem problem;
    static double x[LARGEST];
    for (int choice = 0; choice < 8; choice++) {
        problem.method = choice / 4;
        problem.regularizer = choice % 4;
        for (int turn = 0; turn < (int)(sizeof lengths / sizeof *lengths) * KINDS; turn++) {
            int kind = turn % KINDS;
            problem.n = lengths[turn / KINDS];
            make_row(kind, problem.n, &random, x);
            for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                if (problem.n == LARGEST && (turn + (int)s + choice) % 3 != 0) {
                    continue; /* the definition takes its time */
                }
                int cut = (turn / 2 + (int)s) % 4;
                problem.softness = softnesses[s];
                problem.options = ((turn + choice) % 2 ? SOFTGRAD_STANDARDIZE : 0) |
                                  ((turn / 2 + (int)s) % 2 ? SOFTGRAD_DESCENDING : 0);
                problem.first = cut == 1 ? problem.n / 3 : 0;
                problem.count = cut == 0 ? problem.n : cut == 3 ? 1 : (problem.n + 2) / 3;
                run(&problem, kind, x, &random);
            }
        }
        for (int options = 0; options < 8; options++) {
            if (!(options & SOFTGRAD_RANK) && problem.regularizer != SOFTGRAD_SQUARED_EUCLIDEAN) {
                check_differences(problem.method, problem.regularizer, options);
            }
        }
    }
    check_not_finite(SOFTGRAD_SOFT_SORT);
    check_not_finite(SOFTGRAD_NEURAL_SORT);
    check_arguments();
}

int main(void) {
    under_every_instruction_set(check_everything);
    return failures != 0;
}
