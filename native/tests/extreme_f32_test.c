/* The extremes of rows of float, which are computed in float, against those of the same numbers as doubles. */
#include "check.h"

enum { LARGEST = 100000, GUARD = 32 };

#define SMALLEST 0x1p-147 /* some of the least floats */

enum kind { EVEN, OFFSET, OUTLIER, LOW_OUTLIER, TIES, HUGE_NUMBERS, TINY_NUMBERS, KINDS };

static const char *const kind_names[] = {"even", "offset", "outlier", "low outlier", "ties", "huge", "tiny"};

/* What a softness is to be multiplied with for rows that are not standardized. */
static double size_of(int kind) {
    return kind == HUGE_NUMBERS ? 1e37 : kind == TINY_NUMBERS ? 1e-32 : 1;
}

/* The largest deviation that a row may have: it bounds what differences of gradients lose. */
static void make_row(int kind, int n, uint64_t *random, float *x) {
    for (int i = 0; i < n; i++) {
        const double a = normal(random);
        x[i] = (float)(kind == OFFSET ? 1e4 + a : kind == TIES ? floor(2 * a) : a * size_of(kind));
    }
    if (kind == OUTLIER || kind == LOW_OUTLIER) {
        x[n / 2] = kind == OUTLIER ? 1e4f : -1e4f;
    }
}

struct problem {
    int kind, n, options, first;
    double softness;
};

static const char *name_of(const struct problem *problem) {
    static char name[100];
    snprintf(name, sizeof name, "%s, n %d, options %d, first %d, softness %g", kind_names[problem->kind], problem->n,
             problem->options, problem->first, problem->softness);
    return name;
}

/* Results of one function and its product. */
struct results {
    double y[LARGEST], dx[LARGEST], dsoftness;
};

static double scratch[20 * (LARGEST + 200)], state[8 * (LARGEST + 200)];
static int order[LARGEST];

static void run_wide(const struct problem *problem, int is_index, const double *x, const double *g,
                     struct results *out) {
    const int n = problem->n, options = problem->options, first = problem->first;
    const double softness = problem->softness;
    if (is_index) {
        softgrad_order_index_f64(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, out->y,
                                 order, state, scratch);
        softgrad_order_index_vjp_f64(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, out->y,
                                     order, state, g, out->dx, &out->dsoftness, scratch);
    } else {
        softgrad_order_f64(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, out->y, order,
                           state, scratch);
        softgrad_order_vjp_f64(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, order, state,
                               g, out->dx, &out->dsoftness, scratch);
    }
}

static float *guarded(int count) {
    float *buffer = malloc((size_t)(count + GUARD) * sizeof *buffer);
    for (int i = 0; i < count + GUARD; i++) {
        buffer[i] = i < count ? NAN : -77;
    }
    return buffer;
}

static void release(float *buffer, int count, double *to) {
    for (int i = 0; i < count + GUARD; i++) {
        CHECK(i < count || buffer[i] == -77, "%d floats are overrun", count);
        if (i < count && to) {
            to[i] = buffer[i];
        }
    }
    free(buffer);
}

static void run_narrow(const struct problem *problem, int is_index, const float *x, const double *g,
                       struct results *out) {
    const int n = problem->n, options = problem->options, first = problem->first, count = is_index ? n : 1;
    const double softness = problem->softness;
    const softgrad_count kept = softgrad_order_extreme_state(is_index, SOFTGRAD_ENTROPY, sizeof(float), n);
    float *y = guarded(count), *again = guarded(count), *dx = guarded(n), *cotangent = guarded(count);
    const softgrad_count room = softgrad_order_scratch(SOFTGRAD_SOFT_SORT, !is_index, n);
    state[kept] = scratch[room] = -77;
    for (int i = 0; i < count; i++) {
        cotangent[i] = (float)g[i];
    }
    if (is_index) {
        softgrad_order_index_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, y, NULL,
                                 state, scratch);
        softgrad_order_index_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, again,
                                 NULL, NULL, scratch);
        softgrad_order_index_vjp_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, y,
                                     NULL, state, cotangent, dx, &out->dsoftness, scratch);
    } else {
        softgrad_order_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, y, NULL, state,
                           scratch);
        softgrad_order_vjp_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, NULL, state,
                               cotangent, dx, &out->dsoftness, scratch);
    }
    CHECK(state[kept] == -77 && scratch[room] == -77, "%s: state or scratch is overrun", name_of(problem));
    if (!is_index) {
        softgrad_order_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options, 1, n, first, 1, x, softness, again, NULL,
                           NULL, scratch);
    }
    CHECK(!memcmp(y, again, (size_t)count * sizeof *y), "%s: other bits where nothing is kept", name_of(problem));
    release(y, count, out->y);
    release(again, count, NULL);
    release(dx, n, out->dx);
    release(cotangent, count, NULL);
}

static double largest_of(int n, const double *a) {
    double largest = 0;
    for (int i = 0; i < n; i++) {
        largest = fmax(largest, fabs(a[i]));
    }
    return largest;
}

static void compare(const struct problem *problem, const char *what, int n, const double *got, const double *expected,
                    double allowed) {
    for (int i = 0; i < n; i++) {
        CHECK(fabs(got[i] - expected[i]) <= allowed, "%s: %s[%d] is %.9g, expected %.9g", name_of(problem), what, i,
              got[i], expected[i]);
    }
}

/* A deviation of a row that is standardized; what the cotangents of scores are divided by otherwise. */
static double deviation_of(int n, const double *x) {
    double mean = 0, variance = 0;
    for (int i = 0; i < n; i++) {
        mean += x[i] / n;
    }
    for (int i = 0; i < n; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / n;
    }
    return sqrt(variance + 1e-6);
}

static void check_problem(const struct problem *problem, const float *x, const double *g) {
    static struct results got, expected;
    static double wide[LARGEST];
    const int n = problem->n;
    for (int i = 0; i < n; i++) {
        wide[i] = x[i];
    }
    const double largest = largest_of(n, wide);
    const double of_scores = 1 / problem->softness / (problem->options & SOFTGRAD_STANDARDIZE ? deviation_of(n, wide) : 1);
    for (int is_index = 0; is_index < 2; is_index++) {
        const double size = is_index ? 1 : largest, of_g = is_index ? 1 : largest * fabs(g[0]);
        if (is_index && problem->options & SOFTGRAD_UNGATED) {
            return;
        }
        run_wide(problem, is_index, wide, g, &expected);
        run_narrow(problem, is_index, x, g, &got);
        compare(problem, is_index ? "p" : "y", is_index ? n : 1, got.y, expected.y, 2e-6 * size);
        compare(problem, is_index ? "dx of p" : "dx", n, got.dx, expected.dx,
                3e-6 * largest_of(n, expected.dx) + 3e-7 * of_scores * of_g + SMALLEST);
        compare(problem, is_index ? "dsoftness of p" : "dsoftness", 1, &got.dsoftness, &expected.dsoftness,
                1e-5 * fabs(expected.dsoftness) + 1e-6 * of_g / problem->softness);
    }
}

/* Lengths around one vector and around one block, both ends of the order, far and near to a hard one. */
static void test_extremes_of_floats(void) {
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33, 100, 127, 128, 129, 511, 512, 513, 1025, 3000};
    static const double softnesses[] = {1e-6, 1e-3, 0.02, 0.1, 1, 100};
    static float x[LARGEST];
    static double g[LARGEST];
    uint64_t random = 61;
    for (int variant = 0; variant < KINDS * 8; variant++) {
        struct problem problem = {variant % KINDS, 0, variant / KINDS & 1 ? SOFTGRAD_STANDARDIZE : 0, 0, 0};
        const double common = variant / KINDS & 4 ? 1e4 : 0; /* to all cotangents, of which an index sees differences */
        for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
            problem.n = sizes[size];
            problem.first = variant / KINDS & 2 ? problem.n - 1 : 0;
            make_row(problem.kind, problem.n, &random, x);
            for (int i = 0; i < problem.n; i++) {
                g[i] = (float)(common + normal(&random));
            }
            for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                problem.softness = softnesses[s] * (problem.options & SOFTGRAD_STANDARDIZE ? 1 : size_of(problem.kind));
                check_problem(&problem, x, g);
                struct problem ungated = problem;
                ungated.options |= SOFTGRAD_UNGATED;
                check_problem(&ungated, x, g);
            }
        }
    }
}

/* Equal additions round to the same side. */
static void test_long_row_of_ties(void) {
    static float x[LARGEST];
    static double g[LARGEST];
    uint64_t random = 67;
    make_row(TIES, LARGEST, &random, x);
    for (int i = 0; i < LARGEST; i++) {
        g[i] = i % 3;
    }
    for (int options = 0; options <= SOFTGRAD_STANDARDIZE; options += SOFTGRAD_STANDARDIZE) {
        const struct problem problem = {TIES, LARGEST, options, 0, 100};
        check_problem(&problem, x, g);
    }
}

/* The distances from a far first element are alike, too. */
static void test_long_row_with_an_outlier(void) {
    static float x[LARGEST];
    static double g[LARGEST];
    for (int i = 0; i < LARGEST; i++) {
        x[i] = i == 0 ? 1.2345678e6f : 0.1f;
        g[i] = i % 3;
    }
    const struct problem problem = {OUTLIER, LARGEST, SOFTGRAD_STANDARDIZE | SOFTGRAD_DESCENDING, 0, 0.04};
    check_problem(&problem, x, g);
}

/* Of some rows the products of what is ordinary leave the range of float on the way. */
static void test_unusual_sizes(void) {
    static const struct {
        float x[3];
        double softness, g[3];
        int options;
    } rows[] = {
        {{0x1p+41f, 0x1p+41f + 0x1p+18f, 0x1p+41f}, 0.1, {1, 2, 3}, SOFTGRAD_STANDARDIZE},
        {{1e-35f, 2e-35f, -1e35f}, 1e-35, {1, 2, 3}, 0},
        {{1e-30f, 2e-30f, 4e-30f}, 1e-30, {1e7, 0, 0}, 0},
        {{1e-40f, 2e-40f, 4e-40f}, 1e-40, {1e-10, 0, 0}, 0},
        {{1e30f, 0, -1e30f}, 1e30, {1e-15, 0, 0}, 0},
        {{1, 2, 300}, 0.1, {3e38, -3e38, -3e38}, 0},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        const struct problem problem = {EVEN, 3, rows[row].options | SOFTGRAD_DESCENDING, 0, rows[row].softness};
        static struct results got, expected;
        double wide[3], g[3];
        for (int i = 0; i < 3; i++) {
            wide[i] = rows[row].x[i];
            g[i] = (float)rows[row].g[i];
        }
        for (int is_index = 0; is_index < 2; is_index++) {
            run_wide(&problem, is_index, wide, g, &expected);
            run_narrow(&problem, is_index, rows[row].x, g, &got);
            const int count = is_index ? 3 : 1;
            compare(&problem, "y", count, got.y, expected.y, 1e-6 * largest_of(count, expected.y) + SMALLEST);
            compare(&problem, "dx", 3, got.dx, expected.dx, 1e-5 * largest_of(3, expected.dx) + SMALLEST);
            compare(&problem, "dsoftness", 1, &got.dsoftness, &expected.dsoftness, 1e-5 * fabs(expected.dsoftness));
        }
    }
}

static float index_and_product(int options, int n, const float *x, double softness, float *p, float *dx,
                               double *dsoftness) {
    static float g[LARGEST];
    for (int i = 0; i < n; i++) {
        g[i] = (float)i;
    }
    softgrad_order_index_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options | SOFTGRAD_DESCENDING, 1, n, 0, 1, x,
                             softness, p, NULL, state, scratch);
    softgrad_order_index_vjp_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options | SOFTGRAD_DESCENDING, 1, n, 0, 1, x,
                                 softness, p, NULL, state, g, dx, dsoftness, scratch);
    float value;
    softgrad_order_f32(SOFTGRAD_SOFT_SORT, SOFTGRAD_ENTROPY, options | SOFTGRAD_DESCENDING, 1, n, 0, 1, x, softness,
                       &value, order, state, scratch);
    return value;
}

static void test_infinite_and_missing_numbers(void) {
    const float specials[] = {-INFINITY, INFINITY, NAN};
    for (int variant = 0; variant < 3 * 2 * 20; variant++) {
        const int options = variant / 3 % 2 ? SOFTGRAD_STANDARDIZE : 0, at = variant / 6, n = 20;
        float x[20], p[20], dx[20];
        double dsoftness;
        for (int i = 0; i < n; i++) {
            x[i] = (float)(i * 7 % 20);
        }
        x[at] = specials[variant % 3];
        const float value = index_and_product(options, n, x, 0.5, p, dx, &dsoftness);
        const int has_index = variant % 3 == 0 && !options;
        CHECK(isnan(value), "%g at %d, options %d: the value is %g", x[at], at, options, value);
        for (int i = 0; i < n; i++) {
            CHECK(isnan(p[i]) == !has_index && isnan(dx[i]) == !has_index && isnan(dsoftness) == !has_index,
                  "%g at %d, options %d: p[%d] is %g, dx %g, dsoftness %g", x[at], at, options, i, p[i], dx[i],
                  dsoftness);
        }
        CHECK(!has_index || (p[at] == 0 && dx[at] == 0), "no share: %g, %g", p[at], dx[at]);
    }
    const float x[] = {1e-35f, 2e-35f, -INFINITY};
    float p[3], dx[3];
    double dsoftness;
    index_and_product(0, 3, x, 1e-35, p, dx, &dsoftness);
    CHECK(fabs(p[0] - 1 / (1 + exp(1))) < 1e-5, "beside an infinite number: %g", p[0]);
}

/* The ends of the formats, of numbers as of softness. */
static void test_largest_and_least_numbers(void) {
    const double softnesses[] = {5e-324, 1e-300, 1e-38, 1, 1e38, 1e300};
    const float sizes[] = {1e-45f, 1e-38f, 1, 1e30f, 3.4e38f};
    for (int variant = 0; variant < 2 * 6 * 5; variant++) {
        const int options = variant % 2 ? SOFTGRAD_STANDARDIZE : 0;
        const double softness = softnesses[variant / 2 % 6];
        const float size = sizes[variant / 12], x[] = {-size, size, 0, 0.5f * size};
        float p[4], dx[4];
        double dsoftness;
        const float value = index_and_product(options, 4, x, softness, p, dx, &dsoftness);
        CHECK(value >= -size && value <= size, "size %g, softness %g: %g", size, softness, value);
        CHECK(fabsf(p[0] + p[1] + p[2] + p[3] - 1) < 1e-6f && p[1] >= p[3] && p[3] >= p[2] && p[2] >= p[0],
              "size %g, softness %g: %g, %g, %g, %g", size, softness, p[0], p[1], p[2], p[3]);
        CHECK(options || softness >= size || p[1] > 0.5f, "size %g, softness %g: %g of one", size, softness, p[1]);
        CHECK(options || softness < 1e6 * size || p[0] > 0.2f, "size %g, softness %g: %g of 1/4", size, softness, p[0]);
        for (int i = 0; i < 4; i++) {
            CHECK(options ? !isnan(dx[i]) : isfinite(dx[i]), "size %g, softness %g: dx[%d] is %g", size, softness, i,
                  dx[i]); /* 1 / deviation / softness may be beyond float */
        }
        CHECK(isfinite(dsoftness), "size %g, softness %g: dsoftness %g", size, softness, dsoftness);
    }
}

int main(void) {
    under_every_instruction_set(test_extremes_of_floats);
    under_every_instruction_set(test_long_row_of_ties);
    under_every_instruction_set(test_long_row_with_an_outlier);
    under_every_instruction_set(test_unusual_sizes);
    under_every_instruction_set(test_infinite_and_missing_numbers);
    under_every_instruction_set(test_largest_and_least_numbers);
    return failures != 0;
}
