/*
 * The matrices behind SoftSort and NeuralSort and their vector-Jacobian products, for one tier. A row of a matrix is
 * the simplex projection of the scores of one place of the order.
 *
 * What makes a row sum to one is O(1) or a matter of a narrow window, so that the time is that of writing the matrix;
 * and the product takes matrix and cotangent from memory once.
 */
#include "arguments.h"
#include "order_index_extreme.h"
#include "order_index_neural.h"
#include "order_index_pull.h"
#include "order_index_smooth.h"
#include "order_index_windows.h"

struct index_call {
    int method, regularizer, options, is_float;
    softgrad_count n, first, count;
    double softness;
};

static int check_index(const struct index_call *call, softgrad_count rows) {
    const softgrad_count n = call->n, first = call->first, count = call->count;
    const softgrad_count element_size = call->is_float ? sizeof(float) : sizeof(double);
    if (call->regularizer < SOFTGRAD_ENTROPY || call->regularizer > SOFTGRAD_NORM_4_3) {
        return SOFTGRAD_BAD_REGULARIZER;
    }
    if ((call->method != SOFTGRAD_SOFT_SORT && call->method != SOFTGRAD_NEURAL_SORT) ||
        (call->options & ~(SOFTGRAD_STANDARDIZE | SOFTGRAD_DESCENDING)) != 0) {
        return SOFTGRAD_BAD_METHOD;
    }
    int status = check_rows(rows, n, element_size);
    if (status == SOFTGRAD_OK && (first < 0 || count < 1 || n > ORDER_LARGEST || count > n || first > n - count)) {
        return SOFTGRAD_BAD_SHAPE;
    }
    status = status != SOFTGRAD_OK || rows == 0 ? status : check_rows(rows * n, count, element_size);
    return status != SOFTGRAD_OK ? status : check_softness(call->softness);
}

static int is_extreme(const struct index_call *call) {
    return is_extreme_place(call->method, call->n, call->first, call->count);
}

static void copy_row(softgrad_count n, const double *from, double shift, double *to) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        store_up_to(to + i, n - i, load_up_to(from + i, n - i, 0) - shift);
    }
}

/* An element of an array of the caller. */
static const void *element_at(const struct index_call *call, const void *numbers, softgrad_count at) {
    return call->is_float ? (const void *)((const float *)numbers + at) : (const void *)((const double *)numbers + at);
}

/* The numbers of a row of the caller. */
static const double *read_numbers(const struct index_call *call, const void *row, double *buffer) {
    if (!call->is_float) {
        return row;
    }
    widen_row(call->n, row, buffer);
    return buffer;
}

static void write_numbers(const struct index_call *call, const double *numbers, void *row) {
    if (call->is_float) {
        narrow_row(call->n, numbers, row);
    } else {
        copy_row(call->n, numbers, 0, row);
    }
}

static struct index_matrix matrix_of(const struct index_call *call, const void *p, double *buffer) {
    int descending = (call->options & SOFTGRAD_DESCENDING) != 0;
    softgrad_count low = descending ? call->n - call->first - call->count : call->first;
    return (struct index_matrix){call->n, low, low + call->count, descending, call->is_float, (void *)p, buffer};
}

/* The state, for the product: s in the order of x, its scale, and for NeuralSort A' in the order of x. */
static softgrad_count scale_in_state(softgrad_count n) {
    return n;
}

static softgrad_count state_of_index(const struct index_call *call) {
    return is_extreme(call) ? state_of_extreme(1, call->regularizer, call->is_float, call->n)
                            : state_of_row(call->method, call->n);
}

static softgrad_count slopes_in_state(softgrad_count n) {
    return n + 3;
}

static void soft_sort_matrix(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                             double *scratch) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: power_matrix(1, given, matrix, scratch); break;
        case SOFTGRAD_NORM_3_2: power_matrix(2, given, matrix, scratch); break;
        case SOFTGRAD_NORM_4_3: power_matrix(3, given, matrix, scratch); break;
        default: smooth_matrix(given, matrix, scratch);
    }
}

/* Forward and backward must centre alike, or a distance at a kink of phi could be on its two sides. */
INLINE double centre_of(double first, double last) {
    return 0.5 * first + 0.5 * last;
}

/* Finds A, and A' if there is where to keep it; s becomes centred. scratch: 11 (n + ORDER_PADDING) */
static void neural_sort_matrix(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                               double *s, double *sorted, double *slopes, double *scratch) {
    softgrad_count n = given->n, stride = n + ORDER_PADDING;
    double *sorted_sums = scratch, *sorted_slopes = scratch + stride, *sums = sorted_slopes + stride;
    double range = sorted[n - 1] - sorted[0], centre = centre_of(sorted[0], sorted[n - 1]);
    copy_row(n, s, centre, s);
    copy_row(n, sorted, centre, sorted);
    SOFTGRAD_IN_TIER(neural_distances)(regularizer, n, sorted, 0, given->softness, sorted_sums,
                                       slopes ? sorted_slopes : 0, sums);
    for (softgrad_count k = 0; k < n; k++) {
        sums[given->order[k]] = sorted_sums[k];
        if (slopes) {
            slopes[given->order[k]] = sorted_slopes[k];
        }
    }
    fill_row(ORDER_PADDING, 0, s + n);
    fill_row(ORDER_PADDING, __builtin_inf(), sums + n);
    int *places = (int *)(sums + 3 * stride);
    struct neural_row row = {*given, sums, sorted_sums, range, places, places + n, places + 2 * n};
    neural_matrix(regularizer, &row, matrix, sums + stride);
}

/*
 * NeuralSort adds up the distances of a row. For n of them not to overflow, a huge row that is not standardized is
 * divided by this power of two, and with it the softness: all depends on s / softness alone.
 */
static double unit_of_row(int method, double least, double largest) {
    int is_huge = least < -0x1p+900 || largest > 0x1p+900;
    return method == SOFTGRAD_NEURAL_SORT && is_huge ? 0x1p+100 : 1;
}

static double unit_in(int options, softgrad_count n, const double *state) {
    return options & SOFTGRAD_STANDARDIZE ? 1 : state[scale_in_state(n)];
}

static struct scale scale_kept(softgrad_count n, const double *state) {
    const double *numbers = state + scale_in_state(n);
    return (struct scale){numbers[0], numbers[1], numbers[2]};
}

/* The positions of a row of x. */
static struct scale place_row(const struct index_call *call, const double *x, double *s) {
    if (call->options & SOFTGRAD_STANDARDIZE) {
        return SOFTGRAD_IN_TIER(squash_row)(call->n, x, s);
    }
    copy_row(call->n, x, 0, s);
    return (struct scale){1, 0, 1};
}

static void keep_scale(softgrad_count n, struct scale scale, double *state) {
    double *numbers = state + scale_in_state(n);
    numbers[0] = scale.unit;
    numbers[1] = scale.mean;
    numbers[2] = scale.deviation;
}

/* One row of x. scratch: 14 (n + ORDER_PADDING) */
static void index_of_row(const struct index_call *call, const struct index_matrix *matrix, const double *x, int *order,
                         double *state, double *scratch) {
    softgrad_count n = call->n, stride = n + ORDER_PADDING;
    double *s = scratch, *sorted = scratch + stride, *rest = scratch + 3 * stride;
    struct scale scale = place_row(call, x, s);
    struct index_row given = {n, call->softness, reciprocal_of(call->softness), s, sorted,
                              order ? order : (int *)(scratch + 2 * stride)};
    SOFTGRAD_IN_TIER(argsort_row)(n, s, (int *)given.order, sorted, rest);
    if (!(call->options & SOFTGRAD_STANDARDIZE)) {
        scale.unit = unit_of_row(call->method, sorted[0], sorted[n - 1]);
    }
    if (scale.unit != 1 && !(call->options & SOFTGRAD_STANDARDIZE)) {
        scale_row(n, s, 1 / scale.unit, s);
        scale_row(n, sorted, 1 / scale.unit, sorted);
        given.softness = call->softness / scale.unit;
        given.scale = reciprocal_of(given.softness);
    }
    if (state) {
        copy_row(n, s, 0, state);
        keep_scale(n, scale, state);
    }
    if (call->method == SOFTGRAD_SOFT_SORT) {
        soft_sort_matrix(call->regularizer, &given, matrix, rest);
    } else {
        neural_sort_matrix(call->regularizer, &given, matrix, s, sorted, state ? state + slopes_in_state(n) : 0,
                           rest);
    }
}

static int is_in_float(const struct index_call *call) {
    return is_extreme(call) && is_float_extreme(call->regularizer, call->is_float);
}

static struct extreme_task extreme_task_of(const struct index_call *call, const struct index_matrix *matrix) {
    return (struct extreme_task){call->n, sign_of_extreme(matrix), call->softness,
                                 (call->options & SOFTGRAD_STANDARDIZE) != 0, 1};
}

/* The same where nothing needs sorting; returns whether the row is valid. */
static int extreme_of_row(const struct index_call *call, const struct index_matrix *matrix, const double *x,
                          double *state, double *scratch) {
    struct scale scale;
    if (!extreme_matrix(call->regularizer, (call->options & SOFTGRAD_STANDARDIZE) != 0, call->softness, matrix, x,
                        &scale, state ? state : scratch, scratch + call->n)) {
        return 0;
    }
    if (state) {
        keep_scale(call->n, scale, state);
    }
    return 1;
}

static int is_nan_at(const struct index_call *call, const void *number) {
    const double value = call->is_float ? (double)*(const float *)number : *(const double *)number;
    return value != value;
}

static void fill_entries(const struct index_call *call, softgrad_count count, void *entries) {
    for (softgrad_count i = 0; i < count; i++) {
        if (call->is_float) {
            ((float *)entries)[i] = __builtin_nanf("");
        } else {
            ((double *)entries)[i] = __builtin_nan("");
        }
    }
}

/* Returns whether the row is valid. Rows of float take two more vectors of scratch. */
static int index_row(const struct index_call *call, const struct index_matrix *matrix, const void *x, int *order,
                     double *state, double *scratch) {
    double *rest = scratch + 2 * (call->n + ORDER_PADDING);
    if (is_in_float(call)) {
        const struct extreme_task task = extreme_task_of(call, matrix);
        return SOFTGRAD_IN_TIER(extreme_index_f32)(&task, x, state ? state : scratch, matrix->p);
    }
    const double *numbers = read_numbers(call, x, scratch);
    if (is_extreme(call)) {
        return extreme_of_row(call, matrix, numbers, state, rest);
    }
    if (!is_finite_row(call->n, numbers)) {
        return 0;
    }
    index_of_row(call, matrix, numbers, order, state, rest);
    return 1;
}

static int index_rows(const struct index_call *call, softgrad_count rows, const void *x, void *p, int *order,
                      double *state, double *scratch) {
    const softgrad_count n = call->n;
    int status = check_index(call, rows);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !p || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++) {
        void *entries = (void *)element_at(call, p, row * call->count * n);
        const struct index_matrix matrix = matrix_of(call, entries, scratch + n + ORDER_PADDING);
        if (!index_row(call, &matrix, element_at(call, x, row * n), order ? order + row * n : 0,
                       state ? state + row * state_of_index(call) : 0, scratch)) {
            fill_entries(call, call->count * n, entries);
        }
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(order_index_f64)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                      softgrad_count first, softgrad_count count, const double *x, double softness,
                                      double *p, int *order, double *state, double *scratch) {
    const struct index_call call = {method, regularizer, options, 0, n, first, count, softness};
    return index_rows(&call, rows, x, p, order, state, scratch);
}

int SOFTGRAD_IN_TIER(order_index_f32)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                      softgrad_count first, softgrad_count count, const float *x, double softness,
                                      float *p, int *order, double *state, double *scratch) {
    const struct index_call call = {method, regularizer, options, 1, n, first, count, softness};
    return index_rows(&call, rows, x, p, order, state, scratch);
}

/* Returns the sum of s s_bar, without what cancels in it. */
static double soft_sort_index_pull(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                                   const void *p, const void *g, double *bar, double *scratch) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN:
            return distance_pull(SOFTGRAD_SQUARED_EUCLIDEAN, given, matrix, p, g, bar, scratch);
        case SOFTGRAD_NORM_3_2: return distance_pull(SOFTGRAD_NORM_3_2, given, matrix, p, g, bar, scratch);
        case SOFTGRAD_NORM_4_3: return distance_pull(SOFTGRAD_NORM_4_3, given, matrix, p, g, bar, scratch);
        default: return distance_pull(SOFTGRAD_ENTROPY, given, matrix, p, g, bar, scratch);
    }
}

static void neural_sort_costs_pull(int regularizer, const struct index_matrix *matrix, const int *order,
                                   const void *p, const void *g, struct cost_sums to, double *weights) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN:
            cost_pull(SOFTGRAD_SQUARED_EUCLIDEAN, matrix, order, p, g, to, weights);
            break;
        case SOFTGRAD_NORM_3_2: cost_pull(SOFTGRAD_NORM_3_2, matrix, order, p, g, to, weights); break;
        case SOFTGRAD_NORM_4_3: cost_pull(SOFTGRAD_NORM_4_3, matrix, order, p, g, to, weights); break;
        default: cost_pull(SOFTGRAD_ENTROPY, matrix, order, p, g, to, weights);
    }
}

/*
 * The distances reach s of the others too: by A' weighted with the cotangents of A. Returns the sum of s s_bar.
 * scratch: 13 (n + ORDER_PADDING)
 */
static double neural_sort_index_pull(int regularizer, const struct index_row *given, const struct index_matrix *matrix,
                                     const double *slopes, const void *p, const void *g, double *bar,
                                     double *scratch) {
    softgrad_count n = given->n, stride = n + ORDER_PADDING;
    double *sums = scratch, *sorted = scratch + stride, *weights = scratch + 2 * stride,
           *reached = scratch + 3 * stride, *rest = scratch + 4 * stride;
    fill_row(stride, 0, sums);
    neural_sort_costs_pull(regularizer, matrix, given->order, p, g, (struct cost_sums){slopes, sums, bar}, weights);
    double centre = centre_of(given->s[given->order[0]], given->s[given->order[n - 1]]);
    for (softgrad_count k = 0; k < n; k++) {
        sorted[k] = given->s[given->order[k]] - centre;
        weights[k] = sums[given->order[k]];
    }
    SOFTGRAD_IN_TIER(neural_distances)(regularizer, n, sorted, weights, given->softness, 0, reached, rest);
    double moment = 0, middle = given->s[given->order[n / 2]];
    for (softgrad_count k = 0; k < n; k++) {
        double s_bar = -(bar[given->order[k]] + reached[k]);
        bar[given->order[k]] = s_bar;
        moment += (given->s[given->order[k]] - middle) * s_bar;
    }
    return moment;
}

/* Without an order; scratch: 2 (n + ORDER_PADDING). */
static double pull_of_extreme(const struct index_call *call, const struct index_matrix *matrix, const double *x,
                              const double *state, const void *g, void *dx, double *scratch) {
    const softgrad_count n = call->n;
    const int regularizer = call->regularizer;
    const double *p = read_row(matrix, matrix->p, 0, 0), *of_p = read_row(matrix, g, 0, 1);
    const double sign = sign_of_extreme(matrix), scale = reciprocal_of(call->softness);
    const double factor = weight_factor(regularizer) * scale;
    double moment, *bar = scratch, *weights = scratch + n + ORDER_PADDING;
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN:
            moment = extreme_index_pull(SOFTGRAD_SQUARED_EUCLIDEAN, sign, n, state, p, of_p, factor, bar, weights);
            break;
        case SOFTGRAD_NORM_3_2:
            moment = extreme_index_pull(SOFTGRAD_NORM_3_2, sign, n, state, p, of_p, factor, bar, weights);
            break;
        case SOFTGRAD_NORM_4_3:
            moment = extreme_index_pull(SOFTGRAD_NORM_4_3, sign, n, state, p, of_p, factor, bar, weights);
            break;
        default: moment = extreme_index_pull(SOFTGRAD_ENTROPY, sign, n, state, p, of_p, factor, bar, weights);
    }
    if (call->options & SOFTGRAD_STANDARDIZE) {
        SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_kept(n, state), x, state, 0, 0, bar);
    }
    write_numbers(call, bar, dx);
    return -moment * factor * scale;
}

/*
 * One row of x. `bar` is the cotangent of s but for a factor; everything depends on s / softness alone, which gives
 * that of the softness as -<s, s_bar> / softness (Euler). scratch: 14 (n + ORDER_PADDING), of which NeuralSort uses all
 * but the first five after it has read the matrix, and SoftSort four.
 */
static double pull_of_row(const struct index_call *call, const struct index_matrix *matrix, const double *x,
                          const int *order, const double *state, const void *g, void *dx, double *scratch) {
    const softgrad_count n = call->n, stride = n + ORDER_PADDING;
    const int regularizer = call->regularizer;
    double *bar = scratch, *rest = scratch + stride, moment;
    const double unit = unit_in(call->options, n, state), softness = call->softness / unit;
    const struct index_row given = {n, softness, reciprocal_of(softness), state, 0, order};
    fill_row(stride, 0, bar);
    if (call->method == SOFTGRAD_SOFT_SORT) {
        moment = soft_sort_index_pull(regularizer, &given, matrix, matrix->p, g, bar, rest);
    } else {
        moment =
            neural_sort_index_pull(regularizer, &given, matrix, state + slopes_in_state(n), matrix->p, g, bar, rest);
    }
    const double factor = weight_factor(regularizer) * given.scale;
    scale_row(n, bar, factor / unit, bar);
    if (call->options & SOFTGRAD_STANDARDIZE) {
        SOFTGRAD_IN_TIER(squash_pull_at)(n, scale_kept(n, state), x, state, 0, 0, bar);
    }
    write_numbers(call, bar, dx);
    return -moment * factor * given.scale / unit;
}

/*
 * Of a valid row. One of float takes one more vector of scratch; the rows of its matrix and cotangent pass through what
 * the distances of NeuralSort need when that is over.
 */
static double pull_index_row(const struct index_call *call, const struct index_matrix *matrix, const void *x,
                             const int *order, const double *state, const void *g, void *dx, double *scratch) {
    double *rest = scratch + call->n + ORDER_PADDING;
    if (is_in_float(call)) {
        const struct extreme_task task = extreme_task_of(call, matrix);
        return SOFTGRAD_IN_TIER(extreme_index_pull_f32)(&task, x, state, matrix->p, g, dx);
    }
    const double *numbers = read_numbers(call, x, scratch);
    return is_extreme(call) ? pull_of_extreme(call, matrix, numbers, state, g, dx, rest)
                            : pull_of_row(call, matrix, numbers, order, state, g, dx, rest);
}

static int pull_index_rows(const struct index_call *call, softgrad_count rows, const void *x, const void *p,
                           const int *order, const double *state, const void *g, void *dx, double *dsoftness,
                           double *scratch) {
    const softgrad_count n = call->n, stride = n + ORDER_PADDING, entries = call->count * n;
    int status = check_index(call, rows);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !p || (!order && !is_extreme(call)) || !state || !g || !dx || !dsoftness || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++) {
        const struct index_matrix matrix = matrix_of(call, element_at(call, p, row * entries), scratch + 6 * stride);
        void *pulled = (void *)element_at(call, dx, row * n);
        if (is_nan_at(call, matrix.p)) { /* as the matrix of a row that is not valid */
            fill_entries(call, n, pulled);
            dsoftness[row] = __builtin_nan("");
            continue;
        }
        dsoftness[row] =
            pull_index_row(call, &matrix, element_at(call, x, row * n), order ? order + row * n : 0,
                           state + row * state_of_index(call), element_at(call, g, row * entries), pulled, scratch);
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(order_index_vjp_f64)(int method, int regularizer, int options, softgrad_count rows,
                                          softgrad_count n, softgrad_count first, softgrad_count count,
                                          const double *x, double softness, const double *p, const int *order,
                                          const double *state, const double *g, double *dx, double *dsoftness,
                                          double *scratch) {
    const struct index_call call = {method, regularizer, options, 0, n, first, count, softness};
    return pull_index_rows(&call, rows, x, p, order, state, g, dx, dsoftness, scratch);
}

int SOFTGRAD_IN_TIER(order_index_vjp_f32)(int method, int regularizer, int options, softgrad_count rows,
                                          softgrad_count n, softgrad_count first, softgrad_count count, const float *x,
                                          double softness, const float *p, const int *order, const double *state,
                                          const float *g, float *dx, double *dsoftness, double *scratch) {
    const struct index_call call = {method, regularizer, options, 1, n, first, count, softness};
    return pull_index_rows(&call, rows, x, p, order, state, g, dx, dsoftness, scratch);
}
