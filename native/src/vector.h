/*
 * Vectors of double, as wide as the tier that is being compiled (SOFTGRAD_VECTOR_BYTES), in the vector extensions that
 * gcc and clang share. Arithmetic needs no functions: + - * / work on whole vectors, and a comparison gives a Mask.
 * What the extensions lack is here: moving to and from memory, choosing, reducing, and the few operations that only
 * an instruction does well.
 *
 * float arrays are read into and written from the same vectors: conversion is cheap beside the work done in between,
 * and every kernel keeps one algorithm and one error bound.
 */
#ifndef SOFTGRAD_VECTOR_H
#define SOFTGRAD_VECTOR_H

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "softgrad.h"

enum { LANES = SOFTGRAD_VECTOR_BYTES / 8 };

typedef double Vector __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES)));
typedef long long Mask __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES))); /* a lane is all ones or all zeros */
typedef long long Integers __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES)));

/* The same bits where they lie in arrays: at any element's address. */
typedef double StoredDoubles __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES), aligned(8), may_alias));
typedef float StoredFloats __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES / 2), aligned(4), may_alias));
typedef float Floats __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES / 2)));

#define INLINE static inline __attribute__((always_inline, unused))

INLINE Vector broadcast(double value) {
    return value - (Vector){0};
}

INLINE Vector select(Mask mask, Vector where_set, Vector elsewhere) {
    return (Vector)((mask & (Mask)where_set) | (~mask & (Mask)elsewhere));
}

/* The larger operand; where the second is NaN, the second. The order matters and is that of x86's maxpd. */
INLINE Vector larger(Vector first, Vector second) {
#if defined(__AVX512F__)
    return (Vector)_mm512_max_pd((__m512d)first, (__m512d)second);
#elif defined(__AVX__)
    return (Vector)_mm256_max_pd((__m256d)first, (__m256d)second);
#elif defined(__SSE2__)
    return (Vector)_mm_max_pd((__m128d)first, (__m128d)second);
#else
    return select((Mask)(first > second), first, second);
#endif
}

INLINE Vector square_root(Vector a) {
#if defined(__AVX512F__)
    return (Vector)_mm512_sqrt_pd((__m512d)a);
#elif defined(__AVX__)
    return (Vector)_mm256_sqrt_pd((__m256d)a);
#elif defined(__SSE2__)
    return (Vector)_mm_sqrt_pd((__m128d)a);
#elif defined(__aarch64__)
    return (Vector)vsqrtq_f64((float64x2_t)a);
#else
    for (int lane = 0; lane < LANES; lane++) {
        a[lane] = __builtin_sqrt(a[lane]);
    }
    return a;
#endif
}

/*
 * a b + c, rounded once where there is an instruction for it. What a compiler contracts depends on what is around; where
 * two places must come to the same number they call this.
 */
INLINE Vector multiply_add(Vector a, Vector b, Vector c) {
#if defined(__AVX512F__)
    return (Vector)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
    return (Vector)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__aarch64__)
    return (Vector)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
    return a * b + c;
#endif
}

INLINE double sum_of_lanes(Vector a) {
    double half[LANES / 2];
    for (int lane = 0; lane < LANES / 2; lane++) {
        half[lane] = a[lane] + a[lane + LANES / 2];
    }
    double sum = half[0];
    for (int lane = 1; lane < LANES / 2; lane++) {
        sum += half[lane];
    }
    return sum;
}

INLINE double largest_lane(Vector a) {
    double largest = a[0];
    for (int lane = 1; lane < LANES; lane++) {
        largest = a[lane] > largest ? a[lane] : largest;
    }
    return largest;
}

/* One bit per lane, lane 0 lowest. */
INLINE unsigned bits_of(Mask mask) {
#if defined(__AVX512F__)
    return (unsigned)_mm512_movepi64_mask((__m512i)mask);
#elif defined(__AVX__)
    return (unsigned)_mm256_movemask_pd((__m256d)mask);
#elif defined(__SSE2__)
    return (unsigned)_mm_movemask_pd((__m128d)mask);
#else
    unsigned bits = 0;
    for (int lane = 0; lane < LANES; lane++) {
        bits |= (unsigned)(mask[lane] & 1) << lane;
    }
    return bits;
#endif
}

enum { ALL_LANES = (1 << LANES) - 1 };

INLINE Vector load_f64(const double *from) {
    return (Vector) * (const StoredDoubles *)from;
}

INLINE Vector load_f32(const float *from) {
    return __builtin_convertvector((Floats) * (const StoredFloats *)from, Vector);
}

INLINE void store_f64(double *to, Vector a) {
    *(StoredDoubles *)to = (StoredDoubles)a;
}

INLINE void store_f32(float *to, Vector a) {
    *(StoredFloats *)to = (StoredFloats)__builtin_convertvector(a, Floats);
}

/*
 * The first `count` lanes (at least 1) from memory, `filler` in the others. Nothing beyond them is touched: the row
 * may end at the end of a page.
 */
#if defined(__AVX512F__)

INLINE __mmask8 first_lanes(softgrad_count count) {
    return (__mmask8)((1u << count) - 1u);
}

INLINE Vector load_first_f64(const double *from, softgrad_count count, double filler) {
    return (Vector)_mm512_mask_loadu_pd(_mm512_set1_pd(filler), first_lanes(count), from);
}

INLINE Vector load_first_f32(const float *from, softgrad_count count, double filler) {
    __m256 row = _mm256_maskz_loadu_ps(first_lanes(count), from);
    return (Vector)_mm512_mask_cvtps_pd(_mm512_set1_pd(filler), first_lanes(count), row);
}

INLINE void store_first_f64(double *to, softgrad_count count, Vector a) {
    _mm512_mask_storeu_pd(to, first_lanes(count), (__m512d)a);
}

INLINE void store_first_f32(float *to, softgrad_count count, Vector a) {
    _mm256_mask_storeu_ps(to, first_lanes(count), _mm512_cvtpd_ps((__m512d)a));
}

/* The lanes whose bits are set, side by side in memory; returns how many. Compressing in a register and storing under
   a mask is much faster than the compressing store on some processors. */
INLINE int store_packed_f64(double *to, unsigned bits, Vector a) {
    int count = __builtin_popcount(bits);
    store_first_f64(to, count, (Vector)_mm512_maskz_compress_pd((__mmask8)bits, (__m512d)a));
    return count;
}

INLINE int store_packed_f32(float *to, unsigned bits, Vector a) {
    int count = __builtin_popcount(bits);
    store_first_f32(to, count, (Vector)_mm512_maskz_compress_pd((__mmask8)bits, (__m512d)a));
    return count;
}

#else

INLINE Vector load_first_f64(const double *from, softgrad_count count, double filler) {
    Vector out = broadcast(filler);
    for (int lane = 0; lane < LANES && lane < count; lane++) {
        out[lane] = from[lane];
    }
    return out;
}

INLINE Vector load_first_f32(const float *from, softgrad_count count, double filler) {
    Vector out = broadcast(filler);
    for (int lane = 0; lane < LANES && lane < count; lane++) {
        out[lane] = (double)from[lane];
    }
    return out;
}

INLINE void store_first_f64(double *to, softgrad_count count, Vector a) {
    for (int lane = 0; lane < LANES && lane < count; lane++) {
        to[lane] = a[lane];
    }
}

INLINE void store_first_f32(float *to, softgrad_count count, Vector a) {
    for (int lane = 0; lane < LANES && lane < count; lane++) {
        to[lane] = (float)a[lane];
    }
}

INLINE int store_packed_f64(double *to, unsigned bits, Vector a) {
    if (bits == ALL_LANES) {
        store_f64(to, a);
        return LANES;
    }
    int count = 0;
    for (int lane = 0; lane < LANES; lane++) {
        if (bits >> lane & 1) {
            to[count++] = a[lane];
        }
    }
    return count;
}

INLINE int store_packed_f32(float *to, unsigned bits, Vector a) {
    if (bits == ALL_LANES) {
        store_f32(to, a);
        return LANES;
    }
    int count = 0;
    for (int lane = 0; lane < LANES; lane++) {
        if (bits >> lane & 1) {
            to[count++] = (float)a[lane];
        }
    }
    return count;
}

#endif

#endif
