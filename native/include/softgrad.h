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
#define SOFTGRAD_ABI_VERSION 2

enum softgrad_status {
    SOFTGRAD_OK = 0,
    SOFTGRAD_BAD_REGULARIZER = 1, /* not one of the regularizers below */
    SOFTGRAD_BAD_SHAPE = 2,       /* rows < 0, n < 1, or rows * n is more than memory can hold */
    SOFTGRAD_BAD_SOFTNESS = 3,    /* not a finite number above zero */
    SOFTGRAD_BAD_POINTER = 4,     /* a null buffer where there is work to do */
    SOFTGRAD_BAD_INSTRUCTION_SET = 5,
    SOFTGRAD_BAD_CURVE = 6,       /* not one of the curves below */
    SOFTGRAD_BAD_METHOD = 7       /* not one of the orders below, or options that it does not have */
};

/* The function R in softmax-like projections; p below is the exponent in R(y) = (1/p) sum y^p. */
enum softgrad_regularizer {
    SOFTGRAD_ENTROPY = 0,           /* R(y) = sum y log y: softmax, infinitely smooth */
    SOFTGRAD_SQUARED_EUCLIDEAN = 1, /* p = 2: sparse, continuous */
    SOFTGRAD_NORM_3_2 = 2,          /* p = 3/2: sparse, once differentiable */
    SOFTGRAD_NORM_4_3 = 3           /* p = 4/3: sparse, twice differentiable */
};

/* The step S of a soft comparison, from 0 to 1, with S(-u) = 1 - S(u). */
enum softgrad_curve {
    SOFTGRAD_LOGISTIC = 0, /* 1 / (1 + exp(-u)), infinitely smooth; the others are 0 or 1 outside |u| < 5; v = u / 5 */
    SOFTGRAD_LINEAR = 1,   /* (1 + v) / 2: continuous */
    SOFTGRAD_CUBIC = 2,    /* (2 + 3 v - v^3) / 4: once differentiable */
    SOFTGRAD_QUINTIC = 3   /* (8 + 15 v - 10 v^3 + 3 v^5) / 16: twice differentiable */
};

/* How an order of a row is made soft. */
enum softgrad_order_method {
    SOFTGRAD_SOFT_SORT = 0,     /* Prillo and Eisenschlos, ICML 2020, equation 7 */
    SOFTGRAD_NEURAL_SORT = 1,   /* Grover et al., ICLR 2019, equation 5 */
    SOFTGRAD_FAST_SOFT_SORT = 2 /* Blondel et al., ICML 2020, equations 5 and 6 */
};

/* To be added up. */
enum softgrad_order_options {
    SOFTGRAD_STANDARDIZE = 1, /* order logistic((x - mean) / deviation), as softgrad_squash gives it, instead of x */
    SOFTGRAD_RANK = 2,        /* soft ranks from 1 to n instead of softly sorted values */
    SOFTGRAD_DESCENDING = 4,  /* the largest first */
    SOFTGRAD_UNGATED = 8      /* derivatives hold the weights of the values fixed */
};

/* Each means the named instructions and everything below them on the same architecture. */
enum softgrad_instructions {
    SOFTGRAD_BASELINE = 0, /* what every processor of the architecture has: SSE2 on x86-64, NEON on aarch64 */
    SOFTGRAD_AVX2 = 1,     /* AVX2 and FMA */
    SOFTGRAD_AVX512 = 2,   /* AVX-512 F, DQ, BW and VL */
    SOFTGRAD_NEON = 3,
    SOFTGRAD_BEST = 4      /* no cap */
};

/* Returns the SOFTGRAD_ABI_VERSION that the library was built with; 0 for a file whose kernels were left in a JAR. */
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

/*
 * Projects each row onto the permutahedron of w: y = argmax of <z, y> / softness - R(y) over the convex hull of the
 * permutations of w; for ENTROPY the same of exp(w), in logarithms. z and w are in descending order in every row, and y
 * comes out in it. In `first` stands, for each position, the first position of its row that is in the same pool, that
 * is, has the same level gamma in
 *
 *     y_i = phi(z_i / softness - gamma),   phi(t) = t for ENTROPY and SQUARED_EUCLIDEAN, t |t| for NORM_3_2,
 *                                          t^3 for NORM_4_3.
 *
 * Levels do not increase along the row; in a pool sum y = sum w (ENTROPY: sum exp(y) = sum exp(w)). A pool of one
 * element has y = w exactly. Errors are some roundings of max |w| however large z / softness is, as only differences of
 * z within a pool are divided by the softness.
 *
 * A row with a NaN or an infinity in z or w becomes NaN, every position a pool of its own. The order of a row is not
 * checked; a row out of order gives numbers without meaning.
 *
 * `scratch` holds SOFTGRAD_ISOTONIC_SCRATCH * (n + 1) bytes, aligned for double. Cost: O(n) per row, O(n log n) for
 * NORM_3_2.
 */
#define SOFTGRAD_ISOTONIC_SCRATCH 96
SOFTGRAD_API int softgrad_isotonic_f64(int regularizer, softgrad_count rows, softgrad_count n, const double *z,
                                       double softness, const double *w, void *scratch, double *y,
                                       softgrad_count *first);

/*
 * The vector-Jacobian product of softgrad_isotonic: the cotangents of z and w from w, the results y and first, and the
 * cotangent g of y. In each pool, with k = |phi^-1(y)|^(a - 1) and a = 1, 2, 3 for the norms,
 *
 *     dz_i = (a / softness) k_i (g_i - m),  dw_i = m,  m = <k, g> / <k, 1>     (the mean of g where k is zero)
 *     ENTROPY:  dz = (g - softmax(y) <g, 1>) / softness,  dw = softmax(w) <g, 1>
 *
 * Positions are in one pool where their `first` is the same. A NaN in g makes its pool's dz and dw NaN, and a row
 * of NaN stays one. Cost: two passes.
 */
SOFTGRAD_API int softgrad_isotonic_vjp_f64(int regularizer, softgrad_count rows, softgrad_count n, const double *w,
                                           double softness, const double *y, const softgrad_count *first,
                                           const double *g, double *dz, double *dw);

/*
 * Smooth majorization sort: y maximises, for rows z and w that are sorted descending,
 *
 *     <z / softness, y> + sum_(k < n) H(b_k - (y_1 + .. + y_k)) + H(y_k - y_(k+1)),   H(t) = t - t log t,
 *
 * over all y with the sum of w. b_k = T log e_k(exp(w / T)), T = min(softness, 1) and e_k the elementary symmetric
 * polynomials, is a smooth version of the sum of the k largest w. A row of one number gives w.
 *
 * solution (rows x 3n) is what the vector-Jacobian product needs; each row has three parts of n: log(e_k / e_(k-1)) -
 * w_k / T, the first arguments of H and the second ones, both in units of (b_1 - b_n + b_(n-1)) / (n - 1), where the last
 * element means nothing. iterations and residual (one number per row each) say how many Newton steps were made and how
 * far the optimality condition, second differences of b - slacks = distances, is from being met, beside its largest term.
 * scratch holds 12 (n + 2) numbers.
 *
 * A row of z or w with a NaN or an infinity makes that row of y and solution NaN; its residual is zero.
 *
 * Cost: n^2 / 2 multiplications for b, n for each Newton step, of which 5 to 15 are usual.
 */
SOFTGRAD_API int softgrad_majorization_f64(softgrad_count rows, softgrad_count n, const double *z, const double *w,
                                           double softness, double *y, double *solution, softgrad_count *iterations,
                                           double *residual, double *scratch);

/*
 * The vector-Jacobian product of softgrad_majorization: dz, dw and dsoftness (one number per row) are the cotangents of
 * z, w and softness, given the cotangent g of y. It is the exact derivative at the solution, not that of the iteration.
 * At softness 1, where T has a kink, it is the mean of those from both sides. scratch holds 12 (n + 2) numbers.
 *
 * A NaN or an infinity in a row of solution or g makes everything of that row NaN. Cost: n^2 multiplications.
 */
SOFTGRAD_API int softgrad_majorization_vjp_f64(softgrad_count rows, softgrad_count n, const double *z, const double *w,
                                               double softness, const double *solution, const double *g, double *dz,
                                               double *dw, double *dsoftness, double *scratch);

/*
 * The soft bitonic sorting network: each pair (a, b) that a bitonic network exchanges becomes
 *
 *     (q b + (1 - q) a, q a + (1 - q) b),   q = S((a - b) / softness),   S one of the curves above
 *
 * n is any number: up to the next power of two the row is padded with infinity, which moves as in a hard network
 * however soft the other exchanges are. Each row x so defines a doubly stochastic n x n matrix P, the soft permutation.
 *
 * `scratch` holds softgrad_network_scratch(n, vectors) doubles (vectors = 0 for the sort): a few times n log2 n, or -1
 * where n or vectors is out of range. It is not read before it is written, and may be used again by the next call.
 *
 * A row of x with a NaN or an infinity makes its results NaN. Cost: O(n log^2 n) for each row and each vector.
 */
SOFTGRAD_API softgrad_count softgrad_network_scratch(softgrad_count n, softgrad_count vectors);

/* y = P x for each row: softly sorted, ascending. */
SOFTGRAD_API int softgrad_network_sort_f64(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                           double softness, double *y, double *scratch);

/*
 * y = P v, or P^T v, for each of `vectors` vectors of each row. Those of row i are at v + i * stride, dense; stride is
 * vectors * n, or 0 where all rows share one set. y is rows x vectors x n. A vector that is zero outside some block
 * costs less in the direction P.
 */
SOFTGRAD_API int softgrad_network_apply_f64(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                            double softness, softgrad_count vectors, softgrad_count stride,
                                            const double *v, double *y, double *scratch);
SOFTGRAD_API int softgrad_network_apply_transposed_f64(int curve, softgrad_count rows, softgrad_count n,
                                                       const double *x, double softness, softgrad_count vectors,
                                                       softgrad_count stride, const double *v, double *y,
                                                       double *scratch);

/*
 * The cotangents dx (rows x n) and dsoftness (rows) of the row and its softness in
 *
 *     <g, P x> + sum over vectors k of <backward_k, P forward_k>
 *
 * which covers the three functions above: for the sort, g and no vectors; for P v with cotangent g, forward = v and
 * backward = g; for P^T v, forward = g and backward = v. g may be null: no first term.
 */
SOFTGRAD_API int softgrad_network_vjp_f64(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                          double softness, softgrad_count vectors, softgrad_count forward_stride,
                                          const double *forward, softgrad_count backward_stride,
                                          const double *backward, const double *g, double *dx, double *dsoftness,
                                          double *scratch);

/*
 * For k = 1 to n - 1 the places b_k with sum_i F((b_k - x_i) / softness) = k, where F is the Laplace distribution
 * function: F(t) = exp(t) / 2 below 0, 1 - exp(-t) / 2 above. x is rows x n, every row ascending, which is not checked;
 * b is rows x (n - 1) and comes out ascending.
 *
 * A row with a NaN or an infinity becomes NaN. Ties are no special case. Between two points the equation is quadratic
 * and solved in closed form. Cost: O(n) per row. scratch: 5 n doubles, for any number of rows.
 */
SOFTGRAD_API int softgrad_laplace_thresholds_f64(softgrad_count rows, softgrad_count n, const double *x,
                                                 double softness, double *b, double *scratch);

/*
 * For each of the m places t of a row, sums over its n points x with weights v: below is the sum of v_i over x_i <= t,
 * left that of v_i exp(-(t - x_i) / softness) over the same points, right that of v_i exp(-(x_i - t) / softness) over the
 * others. x and v are rows x n; at, below, left and right are rows x m; rows of x and at are ascending, which is not
 * checked.
 *
 * A NaN in a row of x or v makes left + right NaN everywhere in the row. Cost: O(n + m) per row. scratch: 3 n doubles,
 * for any number of rows.
 */
SOFTGRAD_API int softgrad_laplace_sums_f64(softgrad_count rows, softgrad_count n, softgrad_count m, const double *x,
                                           const double *v, const double *at, double softness, double *below,
                                           double *left, double *right, double *scratch);

/*
 * Regularized optimal transport: for each row the n x m plan P that minimises <cost, P> + softness * R(P) over P >= 0
 * with row sums mu and column sums nu. cost and plan are rows x n x m; mu (n) and nu (m) are shared by all rows, above
 * zero, and have one sum; none of that is checked. `logarithms` other than 0 asks for log P instead (ENTROPY only).
 *
 * residual (rows) is the largest error of a sum of the plan relative to that sum; for a norm, sums below a thousandth of
 * the largest one on the other side count as such. The sums over the shorter side are exact to rounding. Solving ends
 * when the residual is at most `tolerance`, or after iteration_bound steps of Newton's method (iterations, rows, says
 * how many there were): the plan is then the last iterate, and the caller must look at the residual.
 *
 * A row with a NaN or an infinity becomes NaN, with residual 0. Cost: O(n m) per product of the matrix with a vector, of
 * which there are some tens to hundreds. scratch: 2 n m + 40 (n + m) doubles, for any number of rows.
 */
SOFTGRAD_API int softgrad_transport_f64(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                        const double *cost, const double *mu, const double *nu, double softness,
                                        double tolerance, softgrad_count iteration_bound, int logarithms, double *plan,
                                        softgrad_count *iterations, double *residual, double *scratch);

/*
 * The cotangent dcost of the cost from the plan and its cotangent g (all rows x n x m), or from the plan and the
 * cotangent g of its logarithms if of_logarithms is not 0 (ENTROPY only). It is that of the exact optimum, by the
 * implicit function theorem; where the support of a norm's plan changes (SQUARED_EUCLIDEAN), a one-sided one. scratch: as
 * above.
 */
SOFTGRAD_API int softgrad_transport_vjp_f64(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                            const double *plan, double softness, const double *g, int of_logarithms,
                                            double *dcost, double *scratch);

/*
 * The transport of the n points of each row of x (rows x n), of mass 1/n each, to m anchors on a line, with cost
 * (x_i - y_j)^2. anchors (m) are strictly ascending or strictly descending; shares (m) are whole numbers above zero, with
 * the sum n: anchor j gets the mass of shares[j] points. plan is rows x m x n: row j holds what anchor j gets of each
 * point, in the order of x, times n, so its sum is shares[j]. The rest is as for softgrad_transport_f64.
 *
 * Ties and any distance between points cost no accuracy, as the costs are never formed. Cost: O(n) for sorting, then
 * O(w) per product, where w, the number of entries that are not negligible, is far below n m for small softness; to at
 * most 16 anchors O(n m). scratch: 2 n m + 40 (n + m)
 * doubles, for any number of rows.
 */
SOFTGRAD_API int softgrad_transport_line_f64(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count m,
                                             const double *x, const double *anchors, const double *shares,
                                             double softness, double tolerance, softgrad_count iteration_bound,
                                             int logarithms, double *plan, softgrad_count *iterations,
                                             double *residual, double *scratch);

/* The cotangent dx (rows x n) of the points from that plan and its cotangent g, as softgrad_transport_vjp_f64. */
SOFTGRAD_API int softgrad_transport_line_vjp_f64(int regularizer, softgrad_count rows, softgrad_count n,
                                                 softgrad_count m, const double *anchors, const double *plan,
                                                 double softness, const double *g, int of_logarithms, double *dx,
                                                 double *scratch);

/*
 * Products of the plan of softgrad_transport_line_f64 with a vector, without the plan: to_points 1 gives y (rows x n),
 * y_i = sum_j plan_ji v_j, from one number v_j for each anchor (m); to_points 0 gives y (rows x m), y_j = sum_i
 * plan_ji v_i, from one number for each point (rows x n). So soft ranks have the places as v, and soft sorted values
 * the entries.
 *
 * state (rows x (m + 1)) receives what the vector-Jacobian product needs. The rest is as for
 * softgrad_transport_line_f64. Cost for ENTROPY and not too small a softness: O((n + m) sqrt(w / softness)) per
 * product with w the product of the lengths that points and anchors cover; elsewhere as there.
 */
SOFTGRAD_API int softgrad_transport_line_apply_f64(int regularizer, softgrad_count rows, softgrad_count n,
                                                   softgrad_count m, const double *x, const double *anchors,
                                                   const double *shares, double softness, double tolerance,
                                                   softgrad_count iteration_bound, int to_points, const double *v,
                                                   double *y, double *state, softgrad_count *iterations,
                                                   double *residual, double *scratch);

/*
 * The cotangents dx (rows x n) of the points and, with to_points 0, dv (rows x n) of v (it may be null otherwise) from
 * the cotangent g of that product and what it left in state; derivatives are those of softgrad_transport_vjp_f64.
 */
SOFTGRAD_API int softgrad_transport_line_apply_vjp_f64(int regularizer, softgrad_count rows, softgrad_count n,
                                                       softgrad_count m, const double *x, const double *anchors,
                                                       const double *shares, double softness, int to_points,
                                                       const double *v, const double *state, const double *g,
                                                       double *dx, double *dv, double *scratch);

/*
 * The soft order of each row: sorted values, or ranks with SOFTGRAD_RANK. y is rows x count and has the places `first`
 * to first + count - 1 of the order asked for; ranks have first = 0 and count = n. A regularizer gives the mode.
 *
 * SOFT_SORT:      y_k = sum_j P_kj x_j, where row k of P is the simplex projection of -|s_(k) - s_j| / softness. s is the
 *                 row or its standardized form, s_(k) the k-th in stable ascending order. Ranks: the place expected
 *                 where the projection of -|s_i - s_(k)| / softness goes over the places k.
 * NEURAL_SORT:    the same with scores (2 k - n - 1) s_j - sum_i |s_j - s_i|, k from 1, the distances soft; ranks are the
 *                 column means of places under P, columns divided by their sums (at least 1e-10).
 * FAST_SOFT_SORT: values are the projection of the places 0 to 1 onto the permutahedron of s, unsquashed when
 *                 standardized; ranks that of s onto the permutahedron of the ranks.
 *
 * Descending order is ascending order reversed, ties included. A row with a NaN or an infinity gives NaN.
 *
 * order (rows x n) and state (rows x softgrad_order_state) receive what the vector-Jacobian product needs; both may be
 * null where none will follow; in a call of at least SOFTGRAD_LANES_ROWS rows softgrad_order_lanes_state is enough for a
 * row, which is often less, and for the first or the last place alone by SOFT_SORT softgrad_order_extreme_state, where
 * order is not needed. scratch holds softgrad_order_scratch doubles, for any number of rows: less where the caller
 * keeps order and state. That place alone of rows of float is computed in float where the regularizer is the entropy,
 * values and indices alike, to 1e-5 of the largest number.
 *
 * Other rows of at most SOFTGRAD_LANES_LENGTH elements in batches of at least SOFTGRAD_LANES_ROWS go through SIMD lanes,
 * SOFTGRAD_LANES_GROUP rows at a time; their results differ from those of a row alone by roundings. A batch cut at
 * multiples of SOFTGRAD_LANES_GROUP, no piece shorter than that unless the batch is, gives the same bits however it is cut. The
 * vector-Jacobian product must be cut as the forward function was.
 *
 * Cost for each row: SOFT_SORT O(n) after sorting, its first or last value alone O(n) without (`order` is left as it
 * was then), NEURAL_SORT O(n sqrt(n softness)) on even data, FAST_SOFT_SORT as softgrad_isotonic.
 */
#define SOFTGRAD_LANES_LENGTH 128
#define SOFTGRAD_LANES_ROWS 4
#define SOFTGRAD_LANES_GROUP 16
SOFTGRAD_API softgrad_count softgrad_order_scratch(int method, int keeps_state, softgrad_count n);
SOFTGRAD_API softgrad_count softgrad_order_state(int method, softgrad_count n);
SOFTGRAD_API softgrad_count softgrad_order_extreme_state(int is_index, int regularizer, int element_size,
                                                         softgrad_count n);
SOFTGRAD_API softgrad_count softgrad_order_lanes_state(int method, int regularizer, int options, int element_size,
                                                       softgrad_count n);
SOFTGRAD_API int softgrad_order_f64(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                    softgrad_count first, softgrad_count count, const double *x, double softness,
                                    double *y, int *order, double *state, double *scratch);
SOFTGRAD_API int softgrad_order_f32(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                    softgrad_count first, softgrad_count count, const float *x, double softness,
                                    float *y, int *order, double *state, double *scratch);

/*
 * The vector-Jacobian product of softgrad_order: dx (rows x n) and dsoftness (one number per row) from the cotangent g
 * (rows x count) and what the forward function left in order and state. Exact derivatives; at ties the limit along the
 * stable order.
 */
SOFTGRAD_API int softgrad_order_vjp_f64(int method, int regularizer, int options, softgrad_count rows,
                                        softgrad_count n, softgrad_count first, softgrad_count count, const double *x,
                                        double softness, const int *order, const double *state, const double *g,
                                        double *dx, double *dsoftness, double *scratch);
SOFTGRAD_API int softgrad_order_vjp_f32(int method, int regularizer, int options, softgrad_count rows,
                                        softgrad_count n, softgrad_count first, softgrad_count count, const float *x,
                                        double softness, const int *order, const double *state, const float *g,
                                        float *dx, double *dsoftness, double *scratch);

/*
 * The index behind softgrad_order, for SOFT_SORT and NEURAL_SORT: p is rows x count x n, and row k of a row's matrix is
 * its simplex projection for place first + k of the order asked for. The options are STANDARDIZE and DESCENDING. order
 * (rows x n) and state (rows x softgrad_order_state) as above, they may be null; scratch as for keeps_state 0.
 *
 * Cost for each row: O(n) for the normalisers, then one or two operations for each entry of p; the first or the last
 * place of SOFT_SORT alone needs no sorting: `order` is left as it was then, and without STANDARDIZE elements may be
 * infinite on the other side, where they have no share. The product, which takes the cotangent g of p (rows x count x
 * n), makes two passes over p and g.
 */
SOFTGRAD_API int softgrad_order_index_f64(int method, int regularizer, int options, softgrad_count rows,
                                          softgrad_count n, softgrad_count first, softgrad_count count,
                                          const double *x, double softness, double *p, int *order, double *state,
                                          double *scratch);
SOFTGRAD_API int softgrad_order_index_vjp_f64(int method, int regularizer, int options, softgrad_count rows,
                                              softgrad_count n, softgrad_count first, softgrad_count count,
                                              const double *x, double softness, const double *p, const int *order,
                                              const double *state, const double *g, double *dx, double *dsoftness,
                                              double *scratch);
SOFTGRAD_API int softgrad_order_index_f32(int method, int regularizer, int options, softgrad_count rows,
                                          softgrad_count n, softgrad_count first, softgrad_count count,
                                          const float *x, double softness, float *p, int *order, double *state,
                                          double *scratch);
SOFTGRAD_API int softgrad_order_index_vjp_f32(int method, int regularizer, int options, softgrad_count rows,
                                              softgrad_count n, softgrad_count first, softgrad_count count,
                                              const float *x, double softness, const float *p, const int *order,
                                              const double *state, const float *g, float *dx, double *dsoftness,
                                              double *scratch);

/*
 * The stable ascending permutation of each row: order[k] is the place of the k-th smallest. NaN comes last, the two
 * zeros are equal. scratch holds 4 n + 1024 doubles. Cost: O(n) for long rows.
 */
SOFTGRAD_API int softgrad_argsort_f64(softgrad_count rows, softgrad_count n, const double *x, int *order,
                                      double *scratch);

/*
 * Standardizes each row: s = logistic((x - mean) / sqrt(variance + 1e-6)), in (0, 1). `scale` receives three numbers for
 * each row, what softgrad_unsquash and the products need: a power of two, and mean and deviation in units of it.
 * A row with a NaN or an infinity becomes NaN.
 *
 * Reference: arXiv 2603.08824, section 3.4.
 */
SOFTGRAD_API int softgrad_squash_f64(softgrad_count rows, softgrad_count n, const double *x, double *s, double *scale);
SOFTGRAD_API int softgrad_squash_vjp_f64(softgrad_count rows, softgrad_count n, const double *x, const double *scale,
                                         const double *s, const double *g, double *dx);

#ifdef __cplusplus
}
#endif

#endif
