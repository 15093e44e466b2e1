/*
 * The native kernels of Softgrad: the whole C interface.
 *
 * Rules that hold for every function here:
 *   - Nothing is allocated, kept, printed or locked; no thread is started. The caller passes every buffer, and calls
 *     may run at the same time on any number of threads as long as nothing is written that another call uses.
 *   - Matrices are row-major and dense: rows x n means element (i, j) is at [i * n + j].
 *   - Output buffers do not overlap each other or any input.
 *   - The result of a row depends on that row alone, never on its neighbours or on how a batch was cut.
 *   - A function that returns a status checks its scalar arguments first; unless the status is SOFTGRAD_OK nothing has
 *     been written. Numbers inside the arrays never cause a status: a NaN stays in its own row.
 *
 * The Java bindings are generated from this file by native/generate-bindings.sh.
 */
#ifndef SOFTGRAD_H
#define SOFTGRAD_H

#if defined(_WIN32)
#define SOFTGRAD_API __declspec(dllexport)
#else
#define SOFTGRAD_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A number of rows or columns: 64 bits on every platform, where C's long is not (Windows). */
typedef long long softgrad_count;

/* Changes whenever a caller compiled against an older header would misbehave. */
#define SOFTGRAD_ABI_VERSION 1

enum softgrad_status {
    SOFTGRAD_OK = 0,
    SOFTGRAD_BAD_REGULARIZER = 1, /* not one of the regularizers below */
    SOFTGRAD_BAD_SHAPE = 2,       /* rows < 0, n < 1, or rows * n is more than memory can hold */
    SOFTGRAD_BAD_SOFTNESS = 3,    /* not a finite number above zero */
    SOFTGRAD_BAD_POINTER = 4,     /* a null buffer where there is work to do */
    SOFTGRAD_BAD_INSTRUCTION_SET = 5
};

/* The function R in softmax-like projections; p below is the exponent in R(y) = (1/p) sum y^p. */
enum softgrad_regularizer {
    SOFTGRAD_ENTROPY = 0,           /* R(y) = sum y log y: softmax, infinitely smooth */
    SOFTGRAD_SQUARED_EUCLIDEAN = 1, /* p = 2: sparse, continuous */
    SOFTGRAD_NORM_3_2 = 2,          /* p = 3/2: sparse, once differentiable */
    SOFTGRAD_NORM_4_3 = 3           /* p = 4/3: sparse, twice differentiable */
};

/* Each means the named instructions and everything below them on the same architecture. */
enum softgrad_instructions {
    SOFTGRAD_BASELINE = 0, /* what every processor of the architecture has: SSE2 on x86-64, NEON on aarch64 */
    SOFTGRAD_AVX2 = 1,     /* AVX2 and FMA */
    SOFTGRAD_AVX512 = 2,   /* AVX-512 F, DQ, BW and VL */
    SOFTGRAD_NEON = 3,
    SOFTGRAD_BEST = 4      /* no cap */
};

/* Returns the SOFTGRAD_ABI_VERSION that the library was built with. */
SOFTGRAD_API int softgrad_abi_version(void);

/*
 * Names the instruction set in use: "baseline", "avx2", "avx512" or "neon". It is chosen at the first call from what
 * processor and operating system support. The string is constant and ends with a zero byte.
 */
SOFTGRAD_API const char *softgrad_instruction_set(void);

/*
 * Lets later calls, from every thread of the process, use nothing above the given instruction set; a call already
 * running is not disturbed. A cap above what the machine has changes nothing; SOFTGRAD_BEST takes a cap off.
 * Returns SOFTGRAD_BAD_INSTRUCTION_SET, and changes nothing, for a set that belongs to another architecture.
 */
SOFTGRAD_API int softgrad_cap_instruction_set(int instruction_set);

/*
 * Projects each row of x onto the probability simplex: y = argmax over the simplex of <x, y> - softness * R(y).
 *
 * ENTROPY gives softmax(x / softness); the others give y_j = [x_j / softness - t]+^(q - 1) with 1/p + 1/q = 1 and t
 * such that the row sums to one. The row maximum is subtracted before the division by softness, so a common offset
 * costs no accuracy.
 *
 * A row with a NaN, with +infinity, or with nothing but -infinity becomes NaN; -infinity otherwise gets no mass.
 * Ties get equal mass. ENTROPY flushes results below the smallest normal double to zero.
 *
 * Cost: O(n) per row: one exponential per element, or 2 to 6 passes over the elements within softness of the maximum.
 *
 * The f32 form widens its input and works in double throughout; only what it stores is rounded to float.
 */
SOFTGRAD_API int softgrad_simplex_f64(int regularizer, softgrad_count rows, softgrad_count n, const double *x,
                                      double softness, double *y);
SOFTGRAD_API int softgrad_simplex_f32(int regularizer, softgrad_count rows, softgrad_count n, const float *x,
                                      float softness, float *y);

/*
 * The vector-Jacobian product of softgrad_simplex: dx is the cotangent of x, given the projection y and its
 * cotangent g:
 *
 *     dx_j = w_j (g_j - <w, g> / <w, 1>) / softness,   w = dy_j / d(x_j / softness - t)
 *
 * w is y for ENTROPY, 1 where y > 0 for SQUARED_EUCLIDEAN, 2 y^(1/2) for NORM_3_2 and 3 y^(2/3) for NORM_4_3. Where
 * the projection has a kink (SQUARED_EUCLIDEAN on the border of the support) this is a one-sided derivative.
 *
 * A NaN in a row of y or g makes that row of dx NaN. g is centred before it is weighted, so a common offset in g
 * costs no accuracy beyond its own rounding. Cost: three passes.
 */
SOFTGRAD_API int softgrad_simplex_vjp_f64(int regularizer, softgrad_count rows, softgrad_count n, const double *y,
                                          double softness, const double *g, double *dx);
SOFTGRAD_API int softgrad_simplex_vjp_f32(int regularizer, softgrad_count rows, softgrad_count n, const float *y,
                                          float softness, const float *g, float *dx);

#ifdef __cplusplus
}
#endif

#endif
