/*
 * Nanoseconds per element of the isotonic kernels under the best instruction set, as ranking uses them: z uniform on
 * (0, 1), w equally spaced. A small softness leaves most elements alone, a large one makes one pool of each row. Each
 * number is the fastest of many samples, so that other processes disturb it little.
 */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "softgrad.h"

enum { TOTAL = 1 << 14, SAMPLES = 100 };

static double z[TOTAL], w[TOTAL], y[TOTAL], g[TOTAL], dz[TOTAL], dw[TOTAL];
static softgrad_count first[TOTAL];
static void *scratch;

static int descending(const void *a, const void *b) {
    double p = *(const double *)a, q = *(const double *)b;
    return (p < q) - (p > q);
}

static void make_rows(softgrad_count n) {
    uint64_t state = 1;
    for (int i = 0; i < TOTAL; i++) {
        z[i] = g[i] = uniform(&state);
        w[i] = (double)(n - i % n) / (double)(n > 1 ? n - 1 : 1);
    }
    for (softgrad_count i = 0; i < TOTAL; i += n) {
        qsort(z + i, (size_t)n, sizeof *z, descending);
    }
}

static void report(softgrad_count n, double softness) {
    static const char *const names[] = {"entropy", "squared euclidean", "norm 3/2", "norm 4/3"};
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        double projection = 1e300, pull = 1e300;
        for (int sample = 0; sample < SAMPLES; sample++) {
            double start = now();
            softgrad_isotonic_f64(regularizer, TOTAL / n, n, z, softness, w, scratch, y, first);
            double middle = now();
            softgrad_isotonic_vjp_f64(regularizer, TOTAL / n, n, w, softness, y, first, g, dz, dw);
            double end = now();
            projection = middle - start < projection ? middle - start : projection;
            pull = end - middle < pull ? end - middle : pull;
        }
        printf("%s n=%-6lld softness %-5g %-18s projection %.1f  vjp %.1f\n", softgrad_instruction_set(), n, softness,
               names[regularizer], projection / TOTAL, pull / TOTAL);
    }
}

int main(void) {
    static const softgrad_count widths[] = {16, 128, 1024, TOTAL};
    static const double softnesses[] = {0.1, 10};
    scratch = malloc((TOTAL + 1) * SOFTGRAD_ISOTONIC_SCRATCH);
    printf("ns per element\n");
    for (size_t width = 0; scratch && width < sizeof widths / sizeof *widths; width++) {
        make_rows(widths[width]);
        report(widths[width], softnesses[0]);
        report(widths[width], softnesses[1]);
    }
    free(scratch);
    return 0;
}
