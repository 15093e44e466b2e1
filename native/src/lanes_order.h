/*
 * A group of rows in lanes for one element type: the way through the parts.
 * LANES_FORWARD and LANES_PULL name the functions.
 */
#ifndef SOFTGRAD_LANES_ORDER_H
#define SOFTGRAD_LANES_ORDER_H

#include "lanes_fast_soft_sort.h"
#include "lanes_neural_sort.h"
#include "lanes_soft_sort.h"
#include "order_lanes_choice.h"

static const enum order_lanes lanes_here = sizeof(Real) == sizeof(float) ? LANES_F32 : LANES_F64;

INLINE struct frame frame_of(struct task task, softgrad_count rows, double *scratch) {
    return (struct frame){.task = task, .rows = rows < WIDTH ? (int)rows : WIDTH, .arena = {(char *)scratch}};
}

static void forward_rows(struct frame *frame, const Real *x, Real *y, int *order, StoredReal *state) {
    const int method = frame->task.method;
    open_frame(frame, x, order, method != SOFTGRAD_FAST_SOFT_SORT || is_homogeneous(frame));
    switch (method) {
        case SOFTGRAD_SOFT_SORT: soft_sort(frame, y, state); break;
        case SOFTGRAD_NEURAL_SORT: neural_sort(frame, y, state); break;
        default: fast_soft_sort(frame, y, state);
    }
}

static void pull_rows(struct frame *frame, const int *order, const StoredReal *state, const Real *g, Real *dx,
                      double *dsoftness) {
    state = recall_frame(frame, order, state);
    switch (frame->task.method) {
        case SOFTGRAD_SOFT_SORT: soft_sort_pull(frame, g, state, dx, dsoftness); break;
        case SOFTGRAD_NEURAL_SORT: neural_sort_pull(frame, g, state, dx, dsoftness); break;
        default: fast_soft_sort_pull(frame, g, state, dx, dsoftness);
    }
}

void LANES_FORWARD(int method, int regularizer, int options, softgrad_count rows, softgrad_count n, softgrad_count first,
                  softgrad_count count, const Real *x, double softness, Real *y, int *order, double *state,
                  double *scratch) {
    const softgrad_count kept = order_lanes_state(lanes_here, n);
    const struct task task = {method, regularizer, options, (int)n, (int)first, (int)count, softness};
    for (softgrad_count row = 0; row < rows; row += WIDTH) {
        struct frame frame = frame_of(task, rows - row, scratch);
        StoredReal *own = state ? (StoredReal *)(state + row * kept) : 0;
        forward_rows(&frame, x + row * n, y + row * count, order ? order + row * n : 0, own);
    }
}

void LANES_PULL(int method, int regularizer, int options, softgrad_count rows, softgrad_count n, softgrad_count first,
               softgrad_count count, const Real *x, double softness, const int *order, const double *state,
               const Real *g, Real *dx, double *dsoftness, double *scratch) {
    (void)x;
    const softgrad_count kept = order_lanes_state(lanes_here, n);
    const struct task task = {method, regularizer, options, (int)n, (int)first, (int)count, softness};
    for (softgrad_count row = 0; row < rows; row += WIDTH) {
        struct frame frame = frame_of(task, rows - row, scratch);
        const StoredReal *own = (const StoredReal *)(state + row * kept);
        pull_rows(&frame, order + row * n, own, g + row * count, dx + row * n, dsoftness + row);
    }
}

#endif
