/*
 * The table of kernels, which exists once. KERNEL(name, parameters, arguments) is expanded into the declarations of
 * every tier (here), the dispatch table and the exported functions (dispatch.c), and the list that the tests walk.
 *
 * A tier is one compilation of the kernel sources for one instruction set. Its functions carry the tier's name:
 * simplex_f64 becomes simplex_f64_avx2.
 */
#ifndef SOFTGRAD_KERNELS_H
#define SOFTGRAD_KERNELS_H

#include "kernel_image.h"
#include "softgrad.h"

#define SOFTGRAD_KERNELS(KERNEL)                                                                                       \
    KERNEL(transport_f64,                                                                                              \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *cost,              \
            const double *mu, const double *nu, double softness, double tolerance, softgrad_count iteration_bound,     \
            int logarithms, double *plan, softgrad_count *iterations, double *residual, double *scratch),              \
           (regularizer, rows, n, m, cost, mu, nu, softness, tolerance, iteration_bound, logarithms, plan, iterations, \
            residual, scratch))                                                                                        \
    KERNEL(transport_vjp_f64,                                                                                          \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *plan,              \
            double softness, const double *g, int of_logarithms, double *dcost, double *scratch),                      \
           (regularizer, rows, n, m, plan, softness, g, of_logarithms, dcost, scratch))                                \
    KERNEL(transport_line_f64,                                                                                         \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *x,                 \
            const double *anchors, const double *shares, double softness, double tolerance,                            \
            softgrad_count iteration_bound, int logarithms, double *plan, softgrad_count *iterations,                  \
            double *residual, double *scratch),                                                                        \
           (regularizer, rows, n, m, x, anchors, shares, softness, tolerance, iteration_bound, logarithms, plan,       \
            iterations, residual, scratch))                                                                            \
    KERNEL(transport_line_vjp_f64,                                                                                     \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *anchors,           \
            const double *plan, double softness, const double *g, int of_logarithms, double *dx, double *scratch),     \
           (regularizer, rows, n, m, anchors, plan, softness, g, of_logarithms, dx, scratch))                          \
    KERNEL(transport_line_apply_f64,                                                                                   \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *x,                 \
            const double *anchors, const double *shares, double softness, double tolerance,                            \
            softgrad_count iteration_bound, int to_points, const double *v, double *y, double *state,                  \
            softgrad_count *iterations, double *residual, double *scratch),                                            \
           (regularizer, rows, n, m, x, anchors, shares, softness, tolerance, iteration_bound, to_points, v, y, state, \
            iterations, residual, scratch))                                                                            \
    KERNEL(transport_line_apply_vjp_f64,                                                                               \
           (int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m, const double *x,                 \
            const double *anchors, const double *shares, double softness, int to_points, const double *v,              \
            const double *state, const double *g, double *dx, double *dv, double *scratch),                            \
           (regularizer, rows, n, m, x, anchors, shares, softness, to_points, v, state, g, dx, dv, scratch))           \
    KERNEL(majorization_f64,                                                                                           \
           (softgrad_count rows, softgrad_count n, const double *z, const double *w, double softness, double *y,       \
            double *solution, softgrad_count *iterations, double *residual, double *scratch),                          \
           (rows, n, z, w, softness, y, solution, iterations, residual, scratch))                                      \
    KERNEL(majorization_vjp_f64,                                                                                       \
           (softgrad_count rows, softgrad_count n, const double *z, const double *w, double softness,                  \
            const double *solution, const double *g, double *dz, double *dw, double *dsoftness, double *scratch),      \
           (rows, n, z, w, softness, solution, g, dz, dw, dsoftness, scratch))                                         \
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
           (regularizer, rows, n, y, softness, g, dx))                                                                 \
    KERNEL(isotonic_f64,                                                                                               \
           (int regularizer, softgrad_count rows, softgrad_count n, const double *z, double softness, const double *w, \
            void *scratch, double *y, softgrad_count *first),                                                          \
           (regularizer, rows, n, z, softness, w, scratch, y, first))                                                  \
    KERNEL(isotonic_vjp_f64,                                                                                           \
           (int regularizer, softgrad_count rows, softgrad_count n, const double *w, double softness, const double *y, \
            const softgrad_count *first, const double *g, double *dz, double *dw),                                     \
           (regularizer, rows, n, w, softness, y, first, g, dz, dw))                                                   \
    KERNEL(network_sort_f64,                                                                                           \
           (int curve, softgrad_count rows, softgrad_count n, const double *x, double softness, double *y,             \
            double *scratch),                                                                                          \
           (curve, rows, n, x, softness, y, scratch))                                                                  \
    KERNEL(network_apply_f64,                                                                                          \
           (int curve, softgrad_count rows, softgrad_count n, const double *x, double softness,                        \
            softgrad_count vectors, softgrad_count stride, const double *v, double *y, double *scratch),               \
           (curve, rows, n, x, softness, vectors, stride, v, y, scratch))                                              \
    KERNEL(network_apply_transposed_f64,                                                                               \
           (int curve, softgrad_count rows, softgrad_count n, const double *x, double softness,                        \
            softgrad_count vectors, softgrad_count stride, const double *v, double *y, double *scratch),               \
           (curve, rows, n, x, softness, vectors, stride, v, y, scratch))                                              \
    KERNEL(network_vjp_f64,                                                                                            \
           (int curve, softgrad_count rows, softgrad_count n, const double *x, double softness,                        \
            softgrad_count vectors, softgrad_count forward_stride, const double *forward,                              \
            softgrad_count backward_stride, const double *backward, const double *g, double *dx, double *dsoftness,    \
            double *scratch),                                                                                          \
           (curve, rows, n, x, softness, vectors, forward_stride, forward, backward_stride, backward, g, dx,           \
            dsoftness, scratch))                                                                                       \
    KERNEL(laplace_thresholds_f64,                                                                                     \
           (softgrad_count rows, softgrad_count n, const double *x, double softness, double *b, double *scratch),      \
           (rows, n, x, softness, b, scratch))                                                                         \
    KERNEL(laplace_sums_f64,                                                                                           \
           (softgrad_count rows, softgrad_count n, softgrad_count m, const double *x, const double *v,                 \
            const double *at, double softness, double *below, double *left, double *right, double *scratch),           \
           (rows, n, m, x, v, at, softness, below, left, right, scratch))                                              \
    KERNEL(order_f64, (int method, int regularizer, int options, softgrad_count rows, softgrad_count n,                \
           softgrad_count first, softgrad_count count, const double *x, double softness, double *y, int                \
           *order, double *state, double *scratch),                                                                    \
           (method, regularizer, options, rows, n, first, count, x, softness, y, order, state, scratch))               \
    KERNEL(order_vjp_f64, (int method, int regularizer, int options, softgrad_count rows, softgrad_count               \
           n, softgrad_count first, softgrad_count count, const double *x, double softness, const int                  \
           *order, const double *state, const double *g, double *dx, double *dsoftness, double                         \
           *scratch),                                                                                                  \
           (method, regularizer, options, rows, n, first, count, x, softness, order, state, g, dx,                     \
           dsoftness, scratch))                                                                                        \
    KERNEL(order_f32, (int method, int regularizer, int options, softgrad_count rows, softgrad_count n,                \
           softgrad_count first, softgrad_count count, const float *x, double softness, float *y, int                  \
           *order, double *state, double *scratch),                                                                    \
           (method, regularizer, options, rows, n, first, count, x, softness, y, order, state, scratch))               \
    KERNEL(order_vjp_f32, (int method, int regularizer, int options, softgrad_count rows, softgrad_count               \
           n, softgrad_count first, softgrad_count count, const float *x, double softness, const int                   \
           *order, const double *state, const float *g, float *dx, double *dsoftness, double *scratch),                \
           (method, regularizer, options, rows, n, first, count, x, softness, order, state, g, dx,                     \
           dsoftness, scratch))                                                                                        \
    KERNEL(order_index_f64, (int method, int regularizer, int options, softgrad_count rows,                            \
           softgrad_count n, softgrad_count first, softgrad_count count, const double *x, double                       \
           softness, double *p, int *order, double *state, double *scratch),                                           \
           (method, regularizer, options, rows, n, first, count, x, softness, p, order, state, scratch))               \
    KERNEL(order_index_vjp_f64, (int method, int regularizer, int options, softgrad_count rows,                        \
           softgrad_count n, softgrad_count first, softgrad_count count, const double *x, double                       \
           softness, const double *p, const int *order, const double *state, const double *g, double                   \
           *dx, double *dsoftness, double *scratch),                                                                   \
           (method, regularizer, options, rows, n, first, count, x, softness, p, order, state, g, dx,                  \
           dsoftness, scratch))                                                                                        \
    KERNEL(order_index_f32, (int method, int regularizer, int options, softgrad_count rows,                            \
           softgrad_count n, softgrad_count first, softgrad_count count, const float *x, double                        \
           softness, float *p, int *order, double *state, double *scratch),                                            \
           (method, regularizer, options, rows, n, first, count, x, softness, p, order, state, scratch))               \
    KERNEL(order_index_vjp_f32, (int method, int regularizer, int options, softgrad_count rows,                        \
           softgrad_count n, softgrad_count first, softgrad_count count, const float *x, double                        \
           softness, const float *p, const int *order, const double *state, const float *g, float                      \
           *dx, double *dsoftness, double *scratch),                                                                   \
           (method, regularizer, options, rows, n, first, count, x, softness, p, order, state, g, dx,                  \
           dsoftness, scratch))                                                                                        \
    KERNEL(argsort_f64, (softgrad_count rows, softgrad_count n, const double *x, int *order, double                    \
           *scratch),                                                                                                  \
           (rows, n, x, order, scratch))                                                                               \
    KERNEL(squash_f64, (softgrad_count rows, softgrad_count n, const double *x, double *s, double                      \
           *scale),                                                                                                    \
           (rows, n, x, s, scale))                                                                                     \
    KERNEL(squash_vjp_f64, (softgrad_count rows, softgrad_count n, const double *x, const double *scale,               \
           const double *s, const double *g, double *dx),                                                              \
           (rows, n, x, scale, s, g, dx))

#define SOFTGRAD_JOIN_TOKENS(stem, suffix) stem##_##suffix
#define SOFTGRAD_JOIN(stem, suffix) SOFTGRAD_JOIN_TOKENS(stem, suffix)

/* Compiling a tier defines SOFTGRAD_TIER as its name: baseline, avx2, avx512 or neon. */
#define SOFTGRAD_IN_TIER(name) SOFTGRAD_JOIN(name, SOFTGRAD_TIER)

#define SOFTGRAD_DECLARE_AVX2(name, parameters, arguments) SOFTGRAD_KERNEL_CALL int name##_avx2 parameters;
#define SOFTGRAD_DECLARE_AVX512(name, parameters, arguments) SOFTGRAD_KERNEL_CALL int name##_avx512 parameters;
#define SOFTGRAD_DECLARE_NEON(name, parameters, arguments) SOFTGRAD_KERNEL_CALL int name##_neon parameters;
#define SOFTGRAD_DECLARE_BASELINE(name, parameters, arguments) SOFTGRAD_KERNEL_CALL int name##_baseline parameters;

SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_BASELINE)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_AVX2)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_AVX512)
SOFTGRAD_KERNELS(SOFTGRAD_DECLARE_NEON)

#endif
