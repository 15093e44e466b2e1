/*
 * Nanoseconds per element of the simplex kernels under each instruction set, beside the time of a bare exponential.
 * Each number is the fastest of many samples of about 20 microseconds, so that other processes disturb it little.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "softgrad.h"

enum { TOTAL = 1 << 14, SAMPLES = 400 };

static double x64[TOTAL], y64[TOTAL], g64[TOTAL], dx64[TOTAL];
static float x32[TOTAL], y32[TOTAL], g32[TOTAL], dx32[TOTAL];

#if defined(SOFTGRAD_HAS_baseline)
void exponential_bound_baseline(softgrad_count n, const double *x, double *y);
#endif
#if defined(SOFTGRAD_HAS_avx2)
void exponential_bound_avx2(softgrad_count n, const double *x, double *y);
#endif
#if defined(SOFTGRAD_HAS_avx512)
void exponential_bound_avx512(softgrad_count n, const double *x, double *y);
#endif
#if defined(SOFTGRAD_HAS_neon)
void exponential_bound_neon(softgrad_count n, const double *x, double *y);
#endif

static void bare_exponential(int regularizer, softgrad_count rows, softgrad_count n) {
    (void)regularizer;
#if defined(SOFTGRAD_HAS_neon)
    exponential_bound_neon(rows * n, x64, y64);
#endif
#if defined(SOFTGRAD_HAS_baseline)
    const char *set = softgrad_instruction_set();
#if defined(SOFTGRAD_HAS_avx512)
    if (!strcmp(set, "avx512")) {
        exponential_bound_avx512(rows * n, x64, y64);
        return;
    }
    if (!strcmp(set, "avx2")) {
        exponential_bound_avx2(rows * n, x64, y64);
        return;
    }
#endif
    (void)set;
    exponential_bound_baseline(rows * n, x64, y64);
#endif
}

static void project_f64(int regularizer, softgrad_count rows, softgrad_count n) {
    softgrad_simplex_f64(regularizer, rows, n, x64, 0.1, y64);
}

static void project_f32(int regularizer, softgrad_count rows, softgrad_count n) {
    softgrad_simplex_f32(regularizer, rows, n, x32, 0.1f, y32);
}

static void pull_back_f64(int regularizer, softgrad_count rows, softgrad_count n) {
    softgrad_simplex_vjp_f64(regularizer, rows, n, y64, 0.1, g64, dx64);
}

static void pull_back_f32(int regularizer, softgrad_count rows, softgrad_count n) {
    softgrad_simplex_vjp_f32(regularizer, rows, n, y32, 0.1f, g32, dx32);
}

static double nanoseconds(void (*kernel)(int, softgrad_count, softgrad_count), int regularizer, softgrad_count n) {
    softgrad_count rows = TOTAL / n;
    double fastest = 1e300;
    for (int sample = 0; sample < SAMPLES; sample++) {
        double start = now();
        kernel(regularizer, rows, n);
        double elapsed = now() - start;
        fastest = elapsed < fastest ? elapsed : fastest;
    }
    return fastest / (double)(rows * n);
}

static void report(softgrad_count n) {
    static const char *const names[] = {"entropy", "squared euclidean", "norm 3/2", "norm 4/3"};
    printf("%-9s n=%-6lld bare exponential %.3f\n", softgrad_instruction_set(), n, nanoseconds(bare_exponential, 0, n));
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        double f64 = nanoseconds(project_f64, regularizer, n), f32 = nanoseconds(project_f32, regularizer, n);
        double vjp64 = nanoseconds(pull_back_f64, regularizer, n), vjp32 = nanoseconds(pull_back_f32, regularizer, n);
        printf("    %-18s projection f64 %.3f  f32 %.3f   vjp f64 %.3f  f32 %.3f\n", names[regularizer], f64, f32,
               vjp64, vjp32);
    }
}

int main(void) {
    static const softgrad_count widths[] = {8, 16, 64, 1024, TOTAL};
    static const int caps[] = {SOFTGRAD_BASELINE, SOFTGRAD_NEON, SOFTGRAD_AVX2, SOFTGRAD_AVX512};
    uint64_t state = 1;
    for (int i = 0; i < TOTAL; i++) {
        x64[i] = g64[i] = normal(&state);
        x32[i] = g32[i] = (float)x64[i];
    }
    printf("ns per element; normal rows, softness 0.1\n");
    char previous[16] = "";
    for (size_t cap = 0; cap < sizeof caps / sizeof *caps; cap++) {
        if (softgrad_cap_instruction_set(caps[cap]) || !strcmp(previous, softgrad_instruction_set())) {
            continue;
        }
        snprintf(previous, sizeof previous, "%s", softgrad_instruction_set());
        for (size_t width = 0; width < sizeof widths / sizeof *widths; width++) {
            report(widths[width]);
        }
    }
    return 0;
}
