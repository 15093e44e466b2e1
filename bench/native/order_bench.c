/*
 * The soft order of rows: nanoseconds of values, and of values with their vector-Jacobian product, standardization and
 * sorting included, for each method and mode. Normal rows, softness 0.1, the best instruction set.
 *
 *     order_bench short   rows of 16 to 128 elements, beside the time that the kernels aim at
 *     order_bench long    rows of up to a million, for each element, beside the time of a sort alone
 *
 * `soft`, `neural` or `fast` as a second word keeps to one method.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "softgrad.h"

enum { LONGEST = 1000000, MOST = 1 << 20 };

static const char *const method_names[] = {"soft sort", "neural sort", "fast soft sort"};
static const char *const mode_names[] = {"smooth", "c0", "c1", "c2"};

/* One kernel call, or two. */
struct work {
    int method, regularizer, options, single, backward;
    softgrad_count rows, n;
};

static double *x64, *y64, *g64, *dx64, *dsoftness, *state, *scratch;
static float *x32, *y32, *g32, *dx32;
static int *order;

static void check(int status) {
    if (status != SOFTGRAD_OK) {
        fprintf(stderr, "a kernel returned the status %d\n", status);
        exit(1);
    }
}

static void run_f64(const struct work *work) {
    softgrad_count n = work->n;
    check(softgrad_order_f64(work->method, work->regularizer, work->options, work->rows, n, 0, n, x64, 0.1, y64, order,
                             state, scratch));
    if (work->backward) {
        check(softgrad_order_vjp_f64(work->method, work->regularizer, work->options, work->rows, n, 0, n, x64, 0.1,
                                     order, state, g64, dx64, dsoftness, scratch));
    }
}

static void run_f32(const struct work *work) {
    softgrad_count n = work->n;
    check(softgrad_order_f32(work->method, work->regularizer, work->options, work->rows, n, 0, n, x32, 0.1, y32, order,
                             state, scratch));
    if (work->backward) {
        check(softgrad_order_vjp_f32(work->method, work->regularizer, work->options, work->rows, n, 0, n, x32, 0.1,
                                     order, state, g32, dx32, dsoftness, scratch));
    }
}

static void run(void *context) {
    const struct work *work = context;
    if (work->single) {
        run_f32(work);
    } else {
        run_f64(work);
    }
}

static double nanoseconds(struct work work, int backward) {
    work.backward = backward;
    return fastest(run, &work);
}

/*
 * The nanoseconds that a row is to take forward and backward; 0 where there is no aim. A batch goes through SIMD lanes,
 * of which there are twice as many in single precision.
 */
static double aim(const struct work *work) {
    double n = (double)work->n;
    int lanes = work->rows >= SOFTGRAD_LANES_ROWS;
    double lane = work->single ? 0.5 : 1;
    if (work->method == SOFTGRAD_FAST_SOFT_SORT) {
        return lanes ? 9 * n * lane : 13 * n + 20;
    }
    if (work->regularizer != SOFTGRAD_ENTROPY) {
        return 0;
    }
    if (work->method == SOFTGRAD_SOFT_SORT) {
        return lanes ? 6 * n * lane : 15 * n + 50;
    }
    return lanes ? 1.3 * n * n * lane : 2.5 * n * n;
}

static void report_short(struct work work) {
    double rows = (double)work.rows;
    double forward = nanoseconds(work, 0) / rows, both = nanoseconds(work, 1) / rows, target = aim(&work);
    printf("%-14s %-6s %-4s %s n=%-4lld batch %-4lld  forward %8.0f  with product %8.0f", method_names[work.method],
           mode_names[work.regularizer], work.options & SOFTGRAD_RANK ? "rank" : "sort", work.single ? "f32" : "f64",
           work.n, work.rows, forward, both);
    if (target > 0) {
        printf("  aim %8.0f  x%.2f", target, both / target);
    }
    printf("\n");
}

static void for_short_rows(struct work work) {
    static const softgrad_count lengths[] = {16, 32, 64, 128}, batches[] = {1, 32, 1024};
    for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length++) {
        for (size_t batch = 0; batch < sizeof batches / sizeof *batches; batch++) {
            work.n = lengths[length];
            work.rows = batches[batch];
            report_short(work);
        }
    }
}

static void sort_alone(void *context) {
    const struct work *work = context;
    check(softgrad_argsort_f64(work->rows, work->n, x64, order, scratch));
}

static void for_long_rows(struct work work) {
    static const softgrad_count lengths[] = {1024, 16384, 131072, LONGEST};
    for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length++) {
        work.n = lengths[length];
        work.rows = 1;
        double n = (double)work.n, sort = fastest(sort_alone, &work) / n;
        double forward = nanoseconds(work, 0) / n, both = nanoseconds(work, 1) / n;
        printf("%-14s %-6s %-4s %s n=%-8lld  sort alone %6.2f  forward %8.2f  with product %8.2f\n",
               method_names[work.method], mode_names[work.regularizer], work.options & SOFTGRAD_RANK ? "rank" : "sort",
               work.single ? "f32" : "f64", work.n, sort, forward, both);
    }
}

static void for_all_kernels(void (*measure)(struct work), const char *beginning) {
    for (int method = SOFTGRAD_SOFT_SORT; method <= SOFTGRAD_FAST_SOFT_SORT; method++) {
        if (strncmp(method_names[method], beginning, strlen(beginning))) {
            continue;
        }
        for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
            for (int rank = 0; rank <= SOFTGRAD_RANK; rank += SOFTGRAD_RANK) {
                for (int single = 0; single < 2; single++) {
                    struct work work = {.method = method, .regularizer = regularizer, .single = single};
                    work.options = SOFTGRAD_STANDARDIZE | rank;
                    measure(work);
                }
            }
        }
    }
}

static softgrad_count scratch_of(int method, softgrad_count n) {
    return softgrad_order_scratch(method, 0, n);
}

/* The most numbers that a method wants, of whatever kind, for the rows that are measured. */
static size_t most(softgrad_count (*size)(int, softgrad_count), int of_rows) {
    static const softgrad_count shapes[][2] = {{1024, 16}, {1024, 32}, {1024, 64}, {1024, 128}, {1, LONGEST}};
    softgrad_count largest = 4 * LONGEST + 1024;
    for (int method = SOFTGRAD_SOFT_SORT; method <= SOFTGRAD_FAST_SOFT_SORT; method++) {
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            softgrad_count wanted = size(method, shapes[i][1]) * (of_rows ? shapes[i][0] : 1);
            largest = wanted > largest ? wanted : largest;
        }
    }
    return (size_t)largest;
}

static int allocate(void) {
    x64 = malloc(MOST * sizeof *x64), y64 = malloc(MOST * sizeof *y64), g64 = malloc(MOST * sizeof *g64);
    dx64 = malloc(MOST * sizeof *dx64), dsoftness = malloc(MOST * sizeof *dsoftness);
    x32 = malloc(MOST * sizeof *x32), y32 = malloc(MOST * sizeof *y32), g32 = malloc(MOST * sizeof *g32);
    dx32 = malloc(MOST * sizeof *dx32), order = malloc(MOST * sizeof *order);
    state = malloc(most(softgrad_order_state, 1) * sizeof *state);
    scratch = malloc(most(scratch_of, 0) * sizeof *scratch);
    return x64 && y64 && g64 && dx64 && dsoftness && x32 && y32 && g32 && dx32 && order && state && scratch;
}

int main(int count, char **arguments) {
    int everything = count < 2;
    const char *method = count > 2 ? arguments[2] : "";
    if (!allocate()) {
        return 1;
    }
    uint64_t seed = 1;
    for (int i = 0; i < MOST; i++) {
        x64[i] = normal(&seed), g64[i] = normal(&seed);
        x32[i] = (float)x64[i], g32[i] = (float)g64[i];
    }
    if (everything || !strcmp(arguments[1], "short")) {
        printf("%s, ns per row\n", softgrad_instruction_set());
        for_all_kernels(for_short_rows, method);
    }
    if (everything || !strcmp(arguments[1], "long")) {
        printf("%s, ns per element\n", softgrad_instruction_set());
        for_all_kernels(for_long_rows, method);
    }
    return 0;
}
