/*
 * The table of kernels, which exists once. KERNEL(name, parameters, arguments) is expanded into the declarations of
 * every tier (here), the dispatch table and the exported functions (dispatch.c), and the list that the tests walk.
 *
 * A tier is one compilation of the kernel sources for one instruction set. Its functions carry the tier's name:
 * simplex_f64 becomes simplex_f64_avx2.
 */
#ifndef SOFTGRAD_KERNELS_H
#define SOFTGRAD_KERNELS_H

#include "softgrad.h"

#define SOFTGRAD_KERNELS(KERNEL)                                                                                       \
    KERNEL(simplex_f64,                                                                                                \
           (int regularizer, softgrad_count rows, softgrad_count n, const double *x, double softness, double *y),      \
           (regularizer, rows, n, x, softness, y))                                                                     \
    KERNEL(simplex_f32,                                                                                                \
           (int regularizer, softgrad_count rows, softgrad_count n, const float *x, float softness, float *y),         \
           (regularizer, rows, n, x, softness, y))                                                                     \
    KERNEL(simplex_vjp_f64,                                                                                            \
           (int regularizer, softgrad_count rows, softgrad_count n, const double *y, double softness, const double *g, \
            double *dx),                                                                                               \
           (regularizer, rows, n, y, softness, g, dx))                                                                 \
    KERNEL(simplex_vjp_f32,                                                                                            \
           (int regularizer, softgrad_count rows, softgrad_count n, const float *y, float softness, const float *g,    \
            float *dx),                                                                                                \
           (regularizer, rows, n, y, softness, g, dx))

#define SOFTGRAD_JOIN_TOKENS(stem, suffix) stem##_##suffix
#define SOFTGRAD_JOIN(stem, suffix) SOFTGRAD_JOIN_TOKENS(stem, suffix)

/* Compiling a tier defines SOFTGRAD_TIER as its name: baseline, avx2, avx512 or neon. */
#define SOFTGRAD_IN_TIER(name) SOFTGRAD_JOIN(name, SOFTGRAD_TIER)

#define SOFTGRAD_DECLARE_AVX2(name, parameters, arguments) int name##_avx2 parameters;
#define SOFTGRAD_DECLARE_AVX512(name, parameters, arguments) int name##_avx512 parameters;
#define SOFTGRAD_DECLARE_NEON(name, parameters, arguments) int name##_neon parameters;
#define SOFTGRAD_DECLARE_BASELINE(name, parameters, arguments) int name##_baseline parameters;

SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_BASELINE)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_AVX2)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_AVX512)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_NEON)

#endif
