/* The soft order of rows and its vector-Jacobian product, for one tier: what is the same for every method. */
#include "arguments.h"
#include "order_extreme.h"
#include "order_fast.h"
#include "order_lanes_choice.h"
#include "order_scores.h"

enum { LANES_ENTRIES = SOFTGRAD_LANES_GROUP * SOFTGRAD_LANES_LENGTH };

static int check_order(const struct order_call *call, softgrad_count rows, softgrad_count element_size) {
    const int every_option = SOFTGRAD_STANDARDIZE | SOFTGRAD_RANK | SOFTGRAD_DESCENDING | SOFTGRAD_UNGATED;
    if (call->method < SOFTGRAD_SOFT_SORT || call->method > SOFTGRAD_FAST_SOFT_SORT ||
        (call->options & ~every_option)) {
        return SOFTGRAD_BAD_METHOD;
    }
    if (call->regularizer < SOFTGRAD_ENTROPY || call->regularizer > SOFTGRAD_NORM_4_3) {
        return SOFTGRAD_BAD_REGULARIZER;
    }
    int status = check_rows(rows, call->n, element_size);
    if (status != SOFTGRAD_OK || call->n > ORDER_LARGEST) {
        return SOFTGRAD_BAD_SHAPE;
    }
    if (call->first < 0 || call->count < 0 || call->first > call->n || call->count > call->n - call->first ||
        (has(call, SOFTGRAD_RANK) && call->count != call->n)) {
        return SOFTGRAD_BAD_SHAPE;
    }
    return check_softness(call->softness);
}

/* How rows go through lanes, SOFTGRAD_LANES_GROUP at a time: the same for a batch and for its pieces. */
static enum order_lanes lanes_of(const struct order_call *call, softgrad_count rows) {
    return rows < SOFTGRAD_LANES_ROWS || is_extreme(call)
               ? NO_LANES
               : order_lanes_of(call->method, call->regularizer, call->options, call->is_float, call->n);
}

static softgrad_count state_stride(const struct order_call *call, enum order_lanes lanes) {
    return is_extreme(call)    ? state_of_extreme(0, call->regularizer, call->is_float, call->n)
           : lanes == NO_LANES ? state_of_row(call->method, call->n)
                               : order_lanes_state(lanes, call->n);
}

static softgrad_count group_of(enum order_lanes lanes, softgrad_count rows) {
    const softgrad_count most = lanes == NO_LANES ? 1 : SOFTGRAD_LANES_GROUP;
    return rows < most ? rows : most;
}

static void widen(softgrad_count count, const float *from, double *to) {
    for (softgrad_count i = 0; i < count; i++) {
        to[i] = (double)from[i];
    }
}

static void narrow(softgrad_count count, const double *from, float *to) {
    for (softgrad_count i = 0; i < count; i++) {
        to[i] = (float)from[i];
    }
}

static void prepare(const struct order_call *call, enum order_lanes lanes, const struct order_scratch *parts) {
    if (call->method == SOFTGRAD_FAST_SOFT_SORT && lanes == NO_LANES) {
        prepare_fast(call, parts);
    }
}

/* --- forward ----------------------------------------------------------------------------------------------------- */

static void order_extreme(const struct order_call *call, const void *x, void *y, double *state,
                          const struct order_scratch *parts) {
    const struct extreme_task task = extreme_task_of(call);
    state[STATE_IS_FINITE] = is_in_float(call) ? SOFTGRAD_IN_TIER(extreme_value_f32)(&task, x, state, y)
                                               : extreme_forward(call, x, state, parts, y);
    if (state[STATE_IS_FINITE] == 0) {
        put_number(call, y, 0, __builtin_nan(""));
    }
}

/* A row with a NaN or an infinity has it at an end of its order. */
static void order_row(const struct order_call *call, const void *x, void *y, int *order, double *state,
                      const struct order_scratch *parts) {
    softgrad_count n = call->n;
    if (is_extreme(call)) {
        order_extreme(call, x, y, state, parts);
        return;
    }
    int is_fast = call->method == SOFTGRAD_FAST_SOFT_SORT;
    double sign = is_fast ? sign_of_keys(call) : sign_of_scores(call), *sorted = parts->values;
    SOFTGRAD_IN_TIER(argsort_row)(n, doubles_of(call, x, sign, parts->cotangents), order, sorted, parts->core);
    int is_finite = (sorted[0] - sorted[0]) + (sorted[n - 1] - sorted[n - 1]) == 0;
    state[STATE_IS_FINITE] = is_finite;
    if (!is_finite) {
        for (softgrad_count i = 0; i < call->count; i++) {
            put_number(call, y, i, __builtin_nan(""));
        }
    } else if (is_fast) {
        fast_forward(call, order, state, parts, y);
    } else {
        scores_forward(call, order, state, parts, y);
    }
}

static void lanes_f64(const struct order_call *call, softgrad_count rows, const double *x, double *y, int *order,
                      double *state, double *scratch) {
    SOFTGRAD_IN_TIER(order_lanes_f64)(call->method, call->regularizer, call->options, rows, call->n, call->first,
                                      call->count, x, call->softness, y, order, state, scratch);
}

static void lanes_forward(const struct order_call *call, enum order_lanes lanes, softgrad_count rows, const void *x,
                          void *y, int *order, double *state, double *scratch) {
    if (lanes == LANES_F32) {
        SOFTGRAD_IN_TIER(order_lanes_f32)(call->method, call->regularizer, call->options, rows, call->n, call->first,
                                          call->count, x, call->softness, y, order, state, scratch);
    } else if (lanes == LANES_F64) {
        lanes_f64(call, rows, x, y, order, state, scratch);
    } else {
        double *wide = scratch + ORDER_LANES_SCRATCH, *wide_y = wide + LANES_ENTRIES;
        widen(rows * call->n, x, wide);
        lanes_f64(call, rows, wide, wide_y, order, state, scratch);
        narrow(rows * call->count, wide_y, y);
    }
}

static int order_rows(const struct order_call *call, softgrad_count rows, softgrad_count element_size, const void *x,
                      void *y, int *order, double *state, double *scratch) {
    int status = check_order(call, rows, element_size);
    if (status != SOFTGRAD_OK || rows == 0 || call->count == 0) {
        return status;
    }
    if (!x || !y || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    const enum order_lanes lanes = lanes_of(call, rows);
    softgrad_count n = call->n, kept = state_stride(call, lanes);
    struct order_scratch parts = order_scratch_in(scratch, call->method, n, state && (order || is_extreme(call)));
    prepare(call, lanes, &parts);
    for (softgrad_count row = 0, group; row < rows; row += group) {
        const void *x_here = row_at(call, x, row * n);
        void *y_here = (void *)row_at(call, y, row * call->count);
        int *order_here = order ? order + row * n : 0;
        double *state_here = state ? state + row * kept : 0;
        group = group_of(lanes, rows - row);
        if (lanes != NO_LANES) {
            lanes_forward(call, lanes, group, x_here, y_here, order_here, state_here, scratch);
            continue;
        }
        order_row(call, x_here, y_here, order ? order_here : parts.order, state ? state_here : parts.state, &parts);
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(order_f64)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                softgrad_count first, softgrad_count count, const double *x, double softness, double *y,
                                int *order, double *state, double *scratch) {
    struct order_call call = {method, regularizer, options, 0, n, first, count, softness};
    return order_rows(&call, rows, sizeof *x, x, y, order, state, scratch);
}

int SOFTGRAD_IN_TIER(order_f32)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                softgrad_count first, softgrad_count count, const float *x, double softness, float *y,
                                int *order, double *state, double *scratch) {
    struct order_call call = {method, regularizer, options, 1, n, first, count, softness};
    return order_rows(&call, rows, sizeof *x, x, y, order, state, scratch);
}

/* --- the vector-Jacobian product --------------------------------------------------------------------------------- */

static double pull_row(const struct order_call *call, const void *x, const int *order, const double *state,
                       const void *g, void *dx, const struct order_scratch *parts) {
    if (state[STATE_IS_FINITE] == 0) {
        for (softgrad_count i = 0; i < call->n; i++) {
            put_number(call, dx, i, __builtin_nan(""));
        }
        return __builtin_nan("");
    }
    if (is_extreme(call) && is_in_float(call)) {
        const struct extreme_task task = extreme_task_of(call);
        return SOFTGRAD_IN_TIER(extreme_value_pull_f32)(&task, x, state, !has(call, SOFTGRAD_UNGATED),
                                                        *(const float *)g, dx);
    }
    if (is_extreme(call)) {
        return extreme_pull(call, x, state, parts, g, dx);
    }
    return call->method == SOFTGRAD_FAST_SOFT_SORT ? fast_pull(call, x, order, state, parts, g, dx)
                                                   : scores_pull(call, x, order, state, parts, g, dx);
}

static void lanes_pull_f64(const struct order_call *call, softgrad_count rows, const double *x, const int *order,
                           const double *state, const double *g, double *dx, double *dsoftness, double *scratch) {
    SOFTGRAD_IN_TIER(order_lanes_pull_f64)(call->method, call->regularizer, call->options, rows, call->n, call->first,
                                           call->count, x, call->softness, order, state, g, dx, dsoftness, scratch);
}

static void lanes_pull(const struct order_call *call, enum order_lanes lanes, softgrad_count rows, const void *x,
                       const int *order, const double *state, const void *g, void *dx, double *dsoftness,
                       double *scratch) {
    if (lanes == LANES_F32) {
        SOFTGRAD_IN_TIER(order_lanes_pull_f32)(call->method, call->regularizer, call->options, rows, call->n,
                                               call->first, call->count, x, call->softness, order, state, g, dx,
                                               dsoftness, scratch);
    } else if (lanes == LANES_F64) {
        lanes_pull_f64(call, rows, x, order, state, g, dx, dsoftness, scratch);
    } else {
        double *wide = scratch + ORDER_LANES_SCRATCH, *wide_g = wide + LANES_ENTRIES, *wide_dx = wide_g + LANES_ENTRIES;
        widen(rows * call->n, x, wide);
        widen(rows * call->count, g, wide_g);
        lanes_pull_f64(call, rows, wide, order, state, wide_g, wide_dx, dsoftness, scratch);
        narrow(rows * call->n, wide_dx, dx);
    }
}

static void pull_nothing(const struct order_call *call, softgrad_count rows, void *dx, double *dsoftness) {
    for (softgrad_count i = 0; i < rows * call->n; i++) {
        put_number(call, dx, i, 0);
    }
    fill(rows, 0, dsoftness);
}

static int pull_rows(const struct order_call *call, softgrad_count rows, softgrad_count element_size, const void *x,
                     const int *order, const double *state, const void *g, void *dx, double *dsoftness,
                     double *scratch) {
    int status = check_order(call, rows, element_size);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    int is_empty = call->count == 0;
    if (!dx || !dsoftness || (!is_empty && (!x || (!order && !is_extreme(call)) || !state || !g || !scratch))) {
        return SOFTGRAD_BAD_POINTER;
    }
    if (is_empty) {
        pull_nothing(call, rows, dx, dsoftness);
        return SOFTGRAD_OK;
    }
    const enum order_lanes lanes = lanes_of(call, rows);
    softgrad_count n = call->n, kept = state_stride(call, lanes);
    struct order_scratch parts = order_scratch_in(scratch, call->method, n, 1);
    if (!has(call, SOFTGRAD_RANK)) { /* products of ranks do not ask for them */
        prepare(call, lanes, &parts);
    }
    for (softgrad_count row = 0, group; row < rows; row += group) {
        const void *x_here = row_at(call, x, row * n), *g_here = row_at(call, g, row * call->count);
        void *dx_here = (void *)row_at(call, dx, row * n);
        const int *order_here = order ? order + row * n : 0;
        const double *state_here = state + row * kept;
        group = group_of(lanes, rows - row);
        if (lanes != NO_LANES) {
            lanes_pull(call, lanes, group, x_here, order_here, state_here, g_here, dx_here, dsoftness + row, scratch);
            continue;
        }
        dsoftness[row] = pull_row(call, x_here, order_here, state_here, g_here, dx_here, &parts);
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(order_vjp_f64)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                    softgrad_count first, softgrad_count count, const double *x, double softness,
                                    const int *order, const double *state, const double *g, double *dx,
                                    double *dsoftness, double *scratch) {
    struct order_call call = {method, regularizer, options, 0, n, first, count, softness};
    return pull_rows(&call, rows, sizeof *x, x, order, state, g, dx, dsoftness, scratch);
}

int SOFTGRAD_IN_TIER(order_vjp_f32)(int method, int regularizer, int options, softgrad_count rows, softgrad_count n,
                                    softgrad_count first, softgrad_count count, const float *x, double softness,
                                    const int *order, const double *state, const float *g, float *dx,
                                    double *dsoftness, double *scratch) {
    struct order_call call = {method, regularizer, options, 1, n, first, count, softness};
    return pull_rows(&call, rows, sizeof *x, x, order, state, g, dx, dsoftness, scratch);
}
