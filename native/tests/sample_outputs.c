/*
 * Prints what the kernels make of some rows, one number a line. Two builds of the library, one of which is known to be
 * right, are compared by comparing what this prints: native/release/test.sh does so for systems that are emulated here,
 * where the other tests, with their sums in long double, take minutes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

enum { LENGTH = 130, ROWS = 20, MOST = LENGTH * ROWS };

static double x[MOST], sorted[MOST], w[MOST], g[MOST], y[MOST], dx[MOST], dw[MOST], softness_pull[ROWS];
static double *big, *state, *scratch;
static softgrad_count first[MOST], iterations[ROWS];
static int order[MOST];
static double anchors[LENGTH], shares[LENGTH], residual[ROWS];

static const softgrad_count lengths[] = {1, 2, 7, 33, LENGTH};

static int descending(const void *a, const void *b) {
    double p = *(const double *)a, q = *(const double *)b;
    return (p < q) - (p > q);
}

static void fill(softgrad_count n) {
    uint64_t seed = (uint64_t)n;
    for (int i = 0; i < MOST; i++) {
        x[i] = sorted[i] = normal(&seed);
        g[i] = normal(&seed);
        w[i] = (double)(n - i % n) / (double)n;
        y[i] = dx[i] = dw[i] = 0;
    }
    for (softgrad_count row = 0; row + n <= MOST; row += n) {
        qsort(sorted + row, (size_t)n, sizeof *sorted, descending);
    }
    for (int i = 0; i < LENGTH; i++) {
        anchors[i] = (double)i / (double)n;
        shares[i] = 1;
    }
}

static void say(const char *name, int status, softgrad_count count, const double *numbers) {
    if (status != SOFTGRAD_OK) {
        printf("%s returned %d\n", name, status);
        exit(1);
    }
    for (softgrad_count i = 0; i < count; i++) {
        printf("%s %.14g\n", name, numbers[i]);
    }
}

static void projections(softgrad_count rows, softgrad_count n, double softness) {
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        say("simplex", softgrad_simplex_f64(regularizer, rows, n, x, softness, y), rows * n, y);
        say("simplex_vjp", softgrad_simplex_vjp_f64(regularizer, rows, n, y, softness, g, dx), rows * n, dx);
        say("isotonic", softgrad_isotonic_f64(regularizer, rows, n, sorted, softness, w, scratch, y, first), rows * n, y);
        say("isotonic_vjp", softgrad_isotonic_vjp_f64(regularizer, rows, n, w, softness, y, first, g, dx, dw), rows * n,
            dx);
        say("transport_line",
            softgrad_transport_line_f64(regularizer, rows, n, n, x, anchors, shares, 10 * softness, 1e-12, 1000, 0, big,
                                        iterations, residual, scratch),
            n * n, big);
    }
}

static void orders(softgrad_count rows, softgrad_count n, double softness, int options) {
    for (int method = SOFTGRAD_SOFT_SORT; method <= SOFTGRAD_FAST_SOFT_SORT; method++) {
        for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
            say("order",
                softgrad_order_f64(method, regularizer, options, rows, n, 0, n, x, softness, y, order, state, scratch),
                rows * n, y);
            say("order_vjp",
                softgrad_order_vjp_f64(method, regularizer, options, rows, n, 0, n, x, softness, order, state, g, dx,
                                       softness_pull, scratch),
                rows * n, dx);
            if (method != SOFTGRAD_FAST_SOFT_SORT && !(options & SOFTGRAD_RANK)) {
                say("order_index",
                    softgrad_order_index_f64(method, regularizer, options, 1, n, 0, n, x, softness, big, order, state,
                                             scratch),
                    n * n, big);
            }
        }
    }
}

static void others(softgrad_count rows, softgrad_count n, double softness) {
    for (int curve = SOFTGRAD_LOGISTIC; curve <= SOFTGRAD_QUINTIC; curve++) {
        say("network", softgrad_network_sort_f64(curve, rows, n, x, softness, y, scratch), rows * n, y);
    }
    say("majorization", softgrad_majorization_f64(rows, n, sorted, w, softness, y, big, iterations, residual, scratch),
        rows * n, y);
    int status = softgrad_argsort_f64(rows, n, x, order, scratch);
    for (softgrad_count i = 0; i < rows * n; i++) {
        y[i] = order[i];
    }
    say("argsort", status, rows * n, y);
    say("squash", softgrad_squash_f64(rows, n, x, y, big), rows * n, y);
}

int main(void) {
    big = calloc(1 << 22, sizeof *big);
    state = calloc(1 << 22, sizeof *state);
    scratch = calloc(1 << 22, sizeof *scratch);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        softgrad_count n = lengths[i];
        fill(n);
        for (softgrad_count rows = 1; rows <= ROWS; rows += ROWS - 1) {
            projections(rows, n, 0.1);
            orders(rows, n, 0.1, SOFTGRAD_STANDARDIZE);
            orders(rows, n, 0.3, SOFTGRAD_DESCENDING | SOFTGRAD_RANK);
            others(rows, n, 0.1);
        }
    }
    free(big);
    free(state);
    free(scratch);
    return 0;
}
