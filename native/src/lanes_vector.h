/*
 * Vectors that hold one row of a batch in each lane, of double or, where LANES_OF_FLOAT is defined, of float: twice as
 * many. Like vector.h, which is about elements of one row.
 */
#ifndef SOFTGRAD_LANES_VECTOR_H
#define SOFTGRAD_LANES_VECTOR_H

#include "elementary.h"

#if defined(LANES_OF_FLOAT)
typedef float Real;
typedef int RealBits;
#else
typedef double Real;
typedef long long RealBits;
#endif

enum { WIDTH = SOFTGRAD_VECTOR_BYTES / (int)sizeof(Real) };

typedef Real Lanes __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES)));
typedef RealBits Bits __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES)));
typedef Real StoredLanes __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES), aligned(sizeof(Real)), may_alias));
typedef Real StoredReal __attribute__((may_alias));

INLINE Lanes lanes_of(Real value) {
    return value - (Lanes){0};
}

/* --- what instructions of the one name are called for the type and the width -------------------------------------- */

#if defined(LANES_OF_FLOAT)
#define LANES_SUFFIX(name) name##_ps
#else
#define LANES_SUFFIX(name) name##_pd
#endif

#if defined(__AVX512F__)

#if defined(LANES_OF_FLOAT)
typedef __m512 Register;
typedef __mmask16 Test;
#define LANES_COMPARE(a, b, how) _mm512_cmp_ps_mask((Register)(a), (Register)(b), how)
#else
typedef __m512d Register;
typedef __mmask8 Test;
#define LANES_COMPARE(a, b, how) _mm512_cmp_pd_mask((Register)(a), (Register)(b), how)
#endif

INLINE Test below(Lanes a, Lanes b) {
    return LANES_COMPARE(a, b, _CMP_LT_OQ);
}

INLINE Test at_most(Lanes a, Lanes b) {
    return LANES_COMPARE(a, b, _CMP_LE_OQ);
}

INLINE Test equal(Lanes a, Lanes b) {
    return LANES_COMPARE(a, b, _CMP_EQ_OQ);
}

INLINE Lanes choose(Test test, Lanes where_true, Lanes elsewhere) {
    return (Lanes)LANES_SUFFIX(_mm512_mask_blend)(test, (Register)elsewhere, (Register)where_true);
}

/* The value where the test holds, zero elsewhere. */
INLINE Lanes where(Test test, Lanes value) {
    return (Lanes)LANES_SUFFIX(_mm512_maskz_mov)(test, (Register)value);
}

/* One bit per lane, lane 0 lowest. */
INLINE unsigned lanes_in(Test test) {
    return test;
}

INLINE Lanes lesser(Lanes a, Lanes b) {
    return (Lanes)LANES_SUFFIX(_mm512_min)((Register)a, (Register)b);
}

INLINE Lanes greater(Lanes a, Lanes b) {
    return (Lanes)LANES_SUFFIX(_mm512_max)((Register)a, (Register)b);
}

INLINE Lanes root(Lanes a) {
    return (Lanes)LANES_SUFFIX(_mm512_sqrt)((Register)a);
}

INLINE Vector smaller(Vector a, Vector b) {
    return (Vector)_mm512_min_pd((__m512d)a, (__m512d)b);
}

#else

typedef Bits Test;

INLINE Test below(Lanes a, Lanes b) {
    return (Test)(a < b);
}

INLINE Test at_most(Lanes a, Lanes b) {
    return (Test)(a <= b);
}

INLINE Test equal(Lanes a, Lanes b) {
    return (Test)(a == b);
}

INLINE Lanes choose(Test test, Lanes where_true, Lanes elsewhere) {
    return (Lanes)((test & (Bits)where_true) | (~test & (Bits)elsewhere));
}

INLINE Lanes where(Test test, Lanes value) {
    return (Lanes)(test & (Bits)value);
}

#if defined(__AVX__)

#if defined(LANES_OF_FLOAT)
typedef __m256 Register;
#else
typedef __m256d Register;
#endif
#define LANES_INSTRUCTION(name) LANES_SUFFIX(_mm256_##name)

INLINE Vector smaller(Vector a, Vector b) {
    return (Vector)_mm256_min_pd((__m256d)a, (__m256d)b);
}

#elif defined(__SSE2__)

#if defined(LANES_OF_FLOAT)
typedef __m128 Register;
#else
typedef __m128d Register;
#endif
#define LANES_INSTRUCTION(name) LANES_SUFFIX(_mm_##name)

INLINE Vector smaller(Vector a, Vector b) {
    return (Vector)_mm_min_pd((__m128d)a, (__m128d)b);
}

#else

INLINE Vector smaller(Vector a, Vector b) {
    return select((Mask)(a < b), a, b);
}

#endif

#if defined(LANES_INSTRUCTION)

INLINE unsigned lanes_in(Test test) {
    return (unsigned)LANES_INSTRUCTION(movemask)((Register)test);
}

INLINE Lanes lesser(Lanes a, Lanes b) {
    return (Lanes)LANES_INSTRUCTION(min)((Register)a, (Register)b);
}

INLINE Lanes greater(Lanes a, Lanes b) {
    return (Lanes)LANES_INSTRUCTION(max)((Register)a, (Register)b);
}

INLINE Lanes root(Lanes a) {
    return (Lanes)LANES_INSTRUCTION(sqrt)((Register)a);
}

#else

INLINE unsigned lanes_in(Test test) {
    unsigned bits = 0;
    for (int lane = 0; lane < WIDTH; lane++) {
        bits |= (unsigned)(test[lane] & 1) << lane;
    }
    return bits;
}

INLINE Lanes lesser(Lanes a, Lanes b) {
    return choose(below(a, b), a, b);
}

INLINE Lanes greater(Lanes a, Lanes b) {
    return choose(below(b, a), a, b);
}

INLINE Lanes root(Lanes a) {
    for (int lane = 0; lane < WIDTH; lane++) {
        a[lane] = (Real)__builtin_sqrt(a[lane]);
    }
    return a;
}

#endif
#endif

INLINE Lanes magnitude(Lanes a) {
    return greater(a, -a);
}

/* --- shuffles ----------------------------------------------------------------------------------------------------- */

/* The lanes of the lower halves of two vectors in turn, and those of the upper halves. */
#if SOFTGRAD_VECTOR_BYTES == 64 && defined(LANES_OF_FLOAT)
#define LANES_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define LANES_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif SOFTGRAD_VECTOR_BYTES == 64 || (SOFTGRAD_VECTOR_BYTES == 32 && defined(LANES_OF_FLOAT))
#define LANES_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define LANES_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#elif SOFTGRAD_VECTOR_BYTES == 32 || defined(LANES_OF_FLOAT)
#define LANES_LOW 0, 4, 1, 5
#define LANES_HIGH 2, 6, 3, 7
#else
#define LANES_LOW 0, 2
#define LANES_HIGH 1, 3
#endif

/* Transposes a square of numbers: log2 WIDTH rounds in which its halves are interleaved. */
INLINE void transpose(Lanes *square) {
    for (int round = 1; round < WIDTH; round *= 2) {
        Lanes mixed[WIDTH];
#pragma GCC unroll 8
        for (int i = 0; i < WIDTH / 2; i++) {
            mixed[2 * i] = __builtin_shufflevector(square[i], square[i + WIDTH / 2], LANES_LOW);
            mixed[2 * i + 1] = __builtin_shufflevector(square[i], square[i + WIDTH / 2], LANES_HIGH);
        }
#pragma GCC unroll 16
        for (int i = 0; i < WIDTH; i++) {
            square[i] = mixed[i];
        }
    }
}

/* --- elementary functions ----------------------------------------------------------------------------------------- */

/* Below this, exponentials are far below rounding, and at it far above subnormal numbers. */
#if defined(LANES_OF_FLOAT)
#define LOWEST_EXPONENT (-60.0f)
#else
#define LOWEST_EXPONENT (-700.0)
#endif

/*
 * exp(a) = scale + scale * excess, with a = k ln 2 + r as in elementary.h, scale = 2^k and excess = exp(r) - 1,
 * which lets exp(a) - 1 be formed without cancellation. Arguments below the lowest give its exponential.
 */
INLINE Lanes split_exponential(Lanes a, Lanes *scale) {
#if defined(LANES_OF_FLOAT)
    const float log2_e = 0x1.715476p+0f, ln2_high = 0x1.62e400p-1f, ln2_low = 0x1.7f7d1cp-20f;
    const float round_to_integer = 0x1.8p+23f;
#else
    const double log2_e = 0x1.71547652b82fep+0, ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double round_to_integer = 0x1.8p+52;
#endif
    a = greater(lanes_of(LOWEST_EXPONENT), a);
    Lanes shifted = a * log2_e + round_to_integer;
    Lanes k = shifted - round_to_integer;
    Lanes r = (a - k * ln2_high) - k * ln2_low;
    Lanes r2 = r * r;
#if defined(LANES_OF_FLOAT)
    Lanes g = (r * 0x1.6d117cp-10f + 0x1.120be2p-7f) * r2 + (r * 0x1.555518p-5f + 0x1.5554dcp-3f);
    *scale = (Lanes)(((Bits)shifted + 127) << 23);
    return r + r2 * (0.5f + r * g);
#else
    Lanes r4 = r2 * r2;
    Lanes g01 = r * 0x1.5555555555556p-3 + 0x1.0000000000001p-1;
    Lanes g23 = r * 0x1.11111111109adp-7 + 0x1.5555555553d4fp-5;
    Lanes g45 = r * 0x1.a01a01a7c8d47p-13 + 0x1.6c16c17893833p-10;
    Lanes g67 = r * 0x1.71de0d9c145d0p-19 + 0x1.a019b8ef67c6cp-16;
    Lanes g89 = r * 0x1.af38d53857513p-26 + 0x1.2891a8c1d838dp-22;
    Lanes g = (r4 * g89 + (r2 * g67 + g45)) * r4 + (r2 * g23 + g01);
    *scale = (Lanes)(((Bits)shifted + 1023) << 52);
    return r + r2 * g;
#endif
}

/* exp(a), not below the exponential of the lowest argument above; arguments up to 80. */
INLINE Lanes exponential_of(Lanes a) {
    Lanes scale, excess = split_exponential(a, &scale);
    return scale + scale * excess;
}

/* The natural logarithm of normal numbers above zero, as in elementary.h; float needs four terms of the series. */
INLINE Lanes logarithm_of(Lanes a) {
#if defined(LANES_OF_FLOAT)
    const int one = 0x3f800000, root_of_half = 0x3f3504f3;
    const float ln2_high = 0x1.62e400p-1f, ln2_low = 0x1.7f7d1cp-20f;
    const Bits shifted = (Bits)a + (one - root_of_half);
    const Lanes k = __builtin_convertvector((shifted >> 23) - 127, Lanes);
    const Lanes m = (Lanes)((shifted & 0x007fffff) + root_of_half);
    const Lanes f = (m - 1) / (m + 1), f2 = f * f;
    const Lanes series = ((f2 * (2.0f / 9) + 2.0f / 7) * f2 + 2.0f / 5) * f2 + 2.0f / 3;
    return k * ln2_high + (2 * f + (f2 * f * series + k * ln2_low));
#else
    return logarithm(a);
#endif
}

#endif
