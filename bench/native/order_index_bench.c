/*
 * The permutation matrices of soft orders, nanoseconds per entry: filling one, and its vector-Jacobian product, beside
 * the time of setting a matrix of that size to zero. Then the sort of whole rows, which everything here starts with,
 * nanoseconds per element. Normal rows, softness 0.1, standardized, the best instruction set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "softgrad.h"

enum { WIDEST = 2048, LONGEST = 1 << 20 };

struct work {
    int method, regularizer;
    softgrad_count rows, n;
};

static double *x, *p, *g, *dx, *dsoftness, *state, *scratch;
static int *order;

static void check(int status) {
    if (status != SOFTGRAD_OK) {
        fprintf(stderr, "a kernel returned the status %d\n", status);
        exit(1);
    }
}

static void plain_fill(void *context) {
    const struct work *work = context;
    memset(p, 0, (size_t)(work->n * work->n) * sizeof *p);
    __asm__ volatile("" ::: "memory");
}

static void fill(void *context) {
    const struct work *work = context;
    check(softgrad_order_index_f64(work->method, work->regularizer, SOFTGRAD_STANDARDIZE, 1, work->n, 0, work->n, x,
                                   0.1, p, order, state, scratch));
}

static void pull(void *context) {
    const struct work *work = context;
    check(softgrad_order_index_vjp_f64(work->method, work->regularizer, SOFTGRAD_STANDARDIZE, 1, work->n, 0, work->n,
                                       x, 0.1, p, order, state, g, dx, dsoftness, scratch));
}

static void sort(void *context) {
    const struct work *work = context;
    check(softgrad_argsort_f64(work->rows, work->n, x, order, scratch));
}

static void report_matrices(void) {
    static const char *const methods[] = {"soft sort", "neural sort"}, *const modes[] = {"smooth", "c0", "c1", "c2"};
    static const softgrad_count widths[] = {64, 256, 1024, WIDEST};
    for (size_t width = 0; width < sizeof widths / sizeof *widths; width++) {
        struct work work = {.rows = 1, .n = widths[width]};
        double entries = (double)work.n * (double)work.n, bound = fastest(plain_fill, &work) / entries;
        printf("n=%-5lld plain fill %.3f\n", work.n, bound);
        for (work.method = SOFTGRAD_SOFT_SORT; work.method <= SOFTGRAD_NEURAL_SORT; work.method++) {
            for (work.regularizer = SOFTGRAD_ENTROPY; work.regularizer <= SOFTGRAD_NORM_4_3; work.regularizer++) {
                double filling = fastest(fill, &work) / entries, pulling = fastest(pull, &work) / entries;
                printf("    %-12s %-6s  fill %.3f  x%.2f   product %.3f\n", methods[work.method],
                       modes[work.regularizer], filling, filling / bound, pulling);
            }
        }
    }
}

static void report_sorts(void) {
    static const softgrad_count lengths[] = {16, 64, 256, 1024, 16384, 131072, LONGEST};
    for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length++) {
        struct work work = {.n = lengths[length]};
        work.rows = work.n < 16384 ? 16384 / work.n : 1;
        printf("sort n=%-8lld %.2f ns per element\n", work.n,
               fastest(sort, &work) / (double)work.n / (double)work.rows);
    }
}

int main(void) {
    softgrad_count state_size = 0, scratch_size = 4 * LONGEST + 1024;
    for (int method = SOFTGRAD_SOFT_SORT; method <= SOFTGRAD_NEURAL_SORT; method++) {
        softgrad_count a = softgrad_order_state(method, WIDEST), b = softgrad_order_scratch(method, 0, WIDEST);
        state_size = a > state_size ? a : state_size;
        scratch_size = b > scratch_size ? b : scratch_size;
    }
    size_t entries = (size_t)WIDEST * WIDEST;
    x = malloc(LONGEST * sizeof *x), order = malloc(LONGEST * sizeof *order);
    p = malloc(entries * sizeof *p), g = malloc(entries * sizeof *g);
    dx = malloc(WIDEST * sizeof *dx), dsoftness = malloc(sizeof *dsoftness);
    state = malloc((size_t)state_size * sizeof *state), scratch = malloc((size_t)scratch_size * sizeof *scratch);
    if (!x || !order || !p || !g || !dx || !dsoftness || !state || !scratch) {
        return 1;
    }
    uint64_t seed = 1;
    for (size_t i = 0; i < LONGEST; i++) {
        x[i] = normal(&seed);
    }
    for (size_t i = 0; i < entries; i++) {
        g[i] = uniform(&seed);
    }
    printf("%s, ns per entry\n", softgrad_instruction_set());
    report_matrices();
    report_sorts();
    return 0;
}
