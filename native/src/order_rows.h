/*
 * The parts of a soft order, each on one row. "In the sorted frame" means: s are the positions of the row in ascending
 * order, v the values that belong to them, and everything else stands in the same order. Rows are finite, n >= 1.
 * Functions of a tier are hidden; only what softgrad.h declares is exported.
 */
#ifndef SOFTGRAD_ORDER_ROWS_H
#define SOFTGRAD_ORDER_ROWS_H

#include "kernels.h"

enum { ORDER_LARGEST = 0x7fffffff }; /* places are of type int */

/* Sizes in doubles: (n + ORDER_PADDING) times what is named, so that whole vectors may be stored past the end. */
enum {
    ORDER_PADDING = 16,
    SOFT_SORT_STATE = 4,
    SOFT_SORT_SCRATCH = 4,
    NEURAL_SORT_STATE = 3,
    NEURAL_SORT_SCRATCH = 9
};

/*
 * SoftSort in the sorted frame: shift_k = sum_j P_kj (v_j - v_k), so that v + shift are the softly sorted values; with
 * v_k = k it is the rank of element k as well. `state` is kept for the pull.
 */
void SOFTGRAD_IN_TIER(soft_sort_row)(int regularizer, softgrad_count n, const double *s, const double *v,
                                     double softness, double *shift, double *state, double *scratch);

/*
 * From the cotangent g of v + shift those of v and s, and that of the softness, which is returned. v_bar or s_bar may be
 * null; without s_bar the softness has no cotangent and 0 is returned. Tied elements count as lying beside each other in
 * their order: j < k is to the left of k.
 */
double SOFTGRAD_IN_TIER(soft_sort_pull)(int regularizer, softgrad_count n, const double *s, const double *v,
                                        double softness, const double *shift, const double *state, const double *g,
                                        double *v_bar, double *s_bar, double *scratch);

/* NeuralSort in the sorted frame: y_i = sum_j P_ij v_j for the ascending places first <= i < first + count. */
void SOFTGRAD_IN_TIER(neural_sort_row)(int regularizer, softgrad_count n, softgrad_count first, softgrad_count count,
                                       const double *s, const double *v, double softness, double *y, double *state,
                                       double *scratch);
double SOFTGRAD_IN_TIER(neural_sort_pull)(int regularizer, softgrad_count n, softgrad_count first,
                                          softgrad_count count, const double *s, const double *v, double softness,
                                          const double *y, const double *state, const double *g, double *v_bar,
                                          double *s_bar, double *scratch);

/* The ascending ranks of NeuralSort, 1 to n: rank_j = sum_i i P_ij / max(sum_i P_ij, 1e-10). */
void SOFTGRAD_IN_TIER(neural_sort_rank_row)(int regularizer, softgrad_count n, const double *s, double softness,
                                            double *rank, double *state, double *scratch);
double SOFTGRAD_IN_TIER(neural_sort_rank_pull)(int regularizer, softgrad_count n, const double *s, double softness,
                                               const double *rank, const double *state, const double *g,
                                               double *s_bar, double *scratch);

/*
 * The soft distances of NeuralSort: sums_k = sum_j w_j phi(s_k - s_j) and slopes_k = sum_j w_j phi'(s_k - s_j), with phi
 * the soft absolute value of the mode. w may be null for ones, and either result. scratch: NEURAL_SORT_SCRATCH.
 */
void SOFTGRAD_IN_TIER(neural_distances)(int regularizer, softgrad_count n, const double *s, const double *w,
                                        double softness, double *sums, double *slopes, double *scratch);

/* Neighbours whose levels isotonic regression makes equal: several, from begin to before end. As large as a double. */
struct isotonic_pool {
    int begin, end;
};

/*
 * softgrad_isotonic of a finite row, n <= ORDER_LARGEST: returns how many pools of several elements there are, at most
 * n / 2. Every other element has y = w.
 */
softgrad_count SOFTGRAD_IN_TIER(isotonic_row)(int regularizer, softgrad_count n, const double *z, double softness,
                                              const double *w, void *scratch, double *y, struct isotonic_pool *pools);

/*
 * Its product: the cotangents of z and w at the elements of pools (g is read there only), and sum dz (z - z of the
 * pool's first element), which is -softness times the cotangent of the softness. Nothing is written elsewhere, where dz
 * is 0 and dw is g. dw may be null, and w with it.
 */
double SOFTGRAD_IN_TIER(isotonic_pull)(int regularizer, const double *z, double softness, const double *w,
                                       const double *y, softgrad_count count, const struct isotonic_pool *pools,
                                       const double *g, double *dz, double *dw);

/* Added to the variance of a row that is standardized. */
#define VARIANCE_FLOOR 1e-6

/* What the products need to know of a standardized row; softgrad_squash stores the same three numbers. */
struct scale {
    double unit, mean, deviation;
};

/* How a row is standardized: s = logistic((x inverse - origin - offset) steepness). */
struct squash {
    struct scale scale;
    double inverse; /* 1 / unit */
    double origin;  /* the mean of a row far from zero is not a double; its distance from an element has more digits */
    double offset;  /* not finite where the row is not */
    double steepness; /* 1 / deviation */
};
struct squash SOFTGRAD_IN_TIER(squash_of)(softgrad_count n, const double *x);

/* Standardizes a finite row; s may be x. */
struct scale SOFTGRAD_IN_TIER(squash_row)(softgrad_count n, const double *x, double *s);

/*
 * From the cotangents g of s = squash(x), and of mean and deviation in units, that of x in place of g. x, s and g in
 * any order, the same for all. x is needed as s may have been rounded to 0 or 1 (beyond 36 deviations).
 */
void SOFTGRAD_IN_TIER(squash_pull_at)(softgrad_count n, struct scale scale, const double *x, const double *s,
                                      double mean_bar, double deviation_bar, double *g);

/*
 * The first or the last place of a row of float by SOFT_SORT with the entropy, which keeps STATE_NUMBERS doubles. The
 * forward functions return whether the row is valid: it is finite, or for an index that is not standardized has an
 * extreme. The products return the cotangent of the softness.
 */
struct extreme_task {
    softgrad_count n;
    double sign; /* -1 for the smallest */
    double softness;
    int is_standardized, is_index;
};
int SOFTGRAD_IN_TIER(extreme_value_f32)(const struct extreme_task *task, const float *x, double *state, float *y);
int SOFTGRAD_IN_TIER(extreme_index_f32)(const struct extreme_task *task, const float *x, double *state, float *p);
double SOFTGRAD_IN_TIER(extreme_value_pull_f32)(const struct extreme_task *task, const float *x, const double *state,
                                                int is_gated, float g, float *dx);
double SOFTGRAD_IN_TIER(extreme_index_pull_f32)(const struct extreme_task *task, const float *x, const double *state,
                                                const float *p, const float *g, float *dx);

/* The stable ascending permutation of a row; NaN last. `sorted` receives the values in order. scratch: 3 (n + PADDING). */
void SOFTGRAD_IN_TIER(argsort_row)(softgrad_count n, const double *x, int *order, double *sorted, double *scratch);

/*
 * A group of up to SOFTGRAD_LANES_GROUP rows of n <= SOFTGRAD_LANES_LENGTH elements, one row in each SIMD lane; options,
 * arguments and results are those of softgrad_order. To be called where order_lanes_of has these lanes. order and state
 * are in a layout of the group's own, within the space of its rows; scratch: ORDER_LANES_SCRATCH doubles.
 */
enum { ORDER_LANES_SCRATCH = 24 * SOFTGRAD_LANES_GROUP * (SOFTGRAD_LANES_LENGTH + ORDER_PADDING) };
void SOFTGRAD_IN_TIER(order_lanes_f64)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                      softgrad_count first, softgrad_count count, const double *x, double softness,
                                      double *y, int *order, double *state, double *scratch);
void SOFTGRAD_IN_TIER(order_lanes_pull_f64)(int method, int regularizer, int options, softgrad_count rows,
                                           softgrad_count n, softgrad_count first, softgrad_count count,
                                           const double *x, double softness, const int *order, const double *state,
                                           const double *g, double *dx, double *dsoftness, double *scratch);
void SOFTGRAD_IN_TIER(order_lanes_f32)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                      softgrad_count first, softgrad_count count, const float *x, double softness,
                                      float *y, int *order, double *state, double *scratch);
void SOFTGRAD_IN_TIER(order_lanes_pull_f32)(int method, int regularizer, int options, softgrad_count rows,
                                           softgrad_count n, softgrad_count first, softgrad_count count,
                                           const float *x, double softness, const int *order, const double *state,
                                           const float *g, float *dx, double *dsoftness, double *scratch);

#endif
