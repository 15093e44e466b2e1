/*
 * The frame in which rows in lanes are worked on: sorted, divided by a power of two, standardized if asked for, and the
 * ways in and out of it.
 */
#ifndef SOFTGRAD_LANES_FRAME_H
#define SOFTGRAD_LANES_FRAME_H

#include "arguments.h"
#include "lanes_rows.h"
#include "lanes_sort.h"
#include "order_rows.h"

/* --- the rows of one vector --------------------------------------------------------------------------------------- */

struct task {
    int method, regularizer, options;
    int n, first, count;
    double softness;
};

struct frame {
    struct task task;
    int rows;      /* at most WIDTH; lanes without a row hold zeros */
    int *offsets;  /* n x rows: where in the rows the elements in ascending order stand */
    Lanes *v;      /* the elements in ascending order, in units */
    Lanes *s;      /* their positions: v, or standardized */
    Lanes unit;    /* a power of two, so that sums and differences of v stay in range */
    Lanes mean;    /* of the standardized row, from the middle element, in units */
    Lanes deviation;
    Lanes poison;  /* NaN in the lanes of rows that are not finite, otherwise zero */
    struct arena arena;
};

INLINE int has(const struct frame *frame, int option) {
    return (frame->task.options & option) != 0;
}

INLINE Lanes *array_in(struct frame *frame) {
    return take(&frame->arena, frame->task.n);
}

/* --- between rows and lanes --------------------------------------------------------------------------------------- */

/* Elements in ascending order back to their places. */
static void scatter(const struct frame *frame, const Lanes *from, Real *to) {
    const int rows = frame->rows, n = frame->task.n, *offsets = frame->offsets;
    const Real *values = (const Real *)from;
    if (rows == WIDTH) {
        for (int i = 0; i < n * WIDTH; i++) {
            to[offsets[i]] = values[i];
        }
        return;
    }
    for (int k = 0; k < n; k++) {
        for (int lane = 0; lane < rows; lane++) {
            to[offsets[k * rows + lane]] = values[k * WIDTH + lane];
        }
    }
}

static void gather(const struct frame *frame, const Real *from, Lanes *to) {
    const int rows = frame->rows, n = frame->task.n, *offsets = frame->offsets;
    Real *values = (Real *)to;
    if (rows == WIDTH) {
        for (int i = 0; i < n * WIDTH; i++) {
            values[i] = from[offsets[i]];
        }
        return;
    }
    for (int k = 0; k < n; k++) {
        to[k] = lanes_of(0);
        for (int lane = 0; lane < rows; lane++) {
            values[k * WIDTH + lane] = from[offsets[k * rows + lane]];
        }
    }
}

/* The places asked for of softly sorted values in ascending order. */
static void write_places(const struct frame *frame, Lanes *values, Real *y) {
    if (has(frame, SOFTGRAD_DESCENDING)) {
        reverse(frame->task.n, values);
    }
    write_rows(frame->rows, frame->task.count, values + frame->task.first, y);
}

/* The cotangent of the values in ascending order, zero at the places that were not asked for. */
static void read_places(const struct frame *frame, const Real *g, Lanes *to) {
    for (int k = 0; k < frame->task.n; k++) {
        to[k] = lanes_of(0);
    }
    read_rows(frame->rows, frame->task.count, g, to + frame->task.first);
    if (has(frame, SOFTGRAD_DESCENDING)) {
        reverse(frame->task.n, to);
    }
}

/* --- sorting ------------------------------------------------------------------------------------------------------ */

#if defined(LANES_OF_FLOAT)

enum { KEYS_PER_ELEMENT = 2 };
typedef float HalfLanes __attribute__((vector_size(SOFTGRAD_VECTOR_BYTES / 2)));

INLINE Vector widened_half(const Lanes *element, int half) {
    return load_f32((const float *)element + half * LANES);
}

INLINE void store_value(Lanes *element, int half, Vector key) {
    store_f32((float *)element + half * LANES, value_of_key(key));
}

#else

enum { KEYS_PER_ELEMENT = 1 };

INLINE Vector widened_half(const Lanes *element, int half) {
    (void)half;
    return *element;
}

INLINE void store_value(Lanes *element, int half, Vector key) {
    (void)half;
    *element = value_of_key(key);
}

/* Insertion sort of one lane, which is in order but for values that differ in nothing but the lowest bits. */
static void insert_in_lane(struct frame *frame, int lane) {
    Real *values = (Real *)frame->v + lane;
    int *offsets = frame->offsets + lane;
    for (int k = 1; k < frame->task.n; k++) {
        const Real value = values[k * WIDTH];
        const int offset = offsets[k * frame->rows];
        int at = k;
        for (; at > 0 && values[(at - 1) * WIDTH] > value; at--) {
            values[at * WIDTH] = values[(at - 1) * WIDTH];
            offsets[at * frame->rows] = offsets[(at - 1) * frame->rows];
        }
        values[at * WIDTH] = value;
        offsets[at * frame->rows] = offset;
    }
}

/* The lowest bits of doubles gave way to the place. */
static void restore_lowest_bits(struct frame *frame, const double *x) {
    gather(frame, x, frame->v);
    unsigned unordered = 0;
    Test finite = equal(frame->poison, lanes_of(0));
    for (int k = 0; k < frame->task.n; k++) {
        frame->v[k] = where(finite, frame->v[k]) + 0.0;
        if (k > 0) {
            unordered |= lanes_in(below(frame->v[k], frame->v[k - 1]));
        }
    }
    for (int lane = 0; lane < frame->rows; lane++) {
        if (unordered >> lane & 1) {
            insert_in_lane(frame, lane);
        }
    }
}

#endif

/* Of an element as its key has it, and back: values that FAST_SOFT_SORT ties stand in the order of the negated row. */
INLINE int place_in_key(const struct frame *frame, int place) {
    const int is_reversed = frame->task.method == SOFTGRAD_FAST_SOFT_SORT && !has(frame, SOFTGRAD_RANK);
    return is_reversed ? frame->task.n - 1 - place : place;
}

/* Makes keys and returns the poison. */
INLINE Lanes make_keys(const struct frame *frame, int half, int padded, Lanes *elements, Vector *keys) {
    const int n = frame->task.n;
    Lanes poison = lanes_of(0);
    for (int k = 0; k < n; k++) {
        Lanes nothing = elements[k] - elements[k]; /* NaN where the element is not finite */
        poison += nothing;
        elements[k] = where(equal(nothing, lanes_of(0)), elements[k]);
        keys[k] = key_of(widened_half(&elements[k], half), place_in_key(frame, k));
    }
    for (int k = n; k < padded; k++) {
        keys[k] = broadcast(__builtin_inf());
    }
    return poison;
}

/* Reads, sorts, and brings into units. */
static void sort_rows(struct frame *frame, const Real *x) {
    const int n = frame->task.n, rows = frame->rows;
    const int padded = (n + SORTED_BLOCK - 1) / SORTED_BLOCK * SORTED_BLOCK;
    struct arena arena = frame->arena;
    Lanes *elements = take(&arena, n);
    Vector *keys = (Vector *)take(&arena, padded);
    read_rows(rows, n, x, elements);
    frame->poison = lanes_of(0);
    for (int half = 0; half < KEYS_PER_ELEMENT; half++) {
        frame->poison += make_keys(frame, half, padded, elements, keys);
        sort_keys(padded, keys);
        for (int k = 0; k < n; k++) {
            store_value(&frame->v[k], half, keys[k]);
            Mask place = place_of_key(keys[k]);
#pragma GCC unroll 8
            for (int lane = 0; lane < LANES; lane++) {
                int row = half * LANES + lane;
                if (row < rows) {
                    frame->offsets[k * rows + row] = row * n + place_in_key(frame, (int)place[lane]);
                }
            }
        }
    }
#if !defined(LANES_OF_FLOAT)
    restore_lowest_bits(frame, x);
#endif
}

/* Divides by the power of two above the largest magnitude, where that is above 1. */
static void divide_by_unit(struct frame *frame) {
#if defined(LANES_OF_FLOAT)
    const Bits exponent = (Bits){0} + 0x7f800000;
    const Real largest_power = 0x1p+127f;
#else
    const Bits exponent = (Bits){0} + 0x7ff0000000000000;
    const Real largest_power = 0x1p+1023;
#endif
    const int n = frame->task.n;
    Lanes largest = greater(magnitude(frame->v[0]), magnitude(frame->v[n - 1]));
    Lanes power = lesser((Lanes)((Bits)largest & exponent) * (Real)2, lanes_of(largest_power));
    frame->unit = choose(below(lanes_of(1), largest), power, lanes_of(1));
    Lanes factor = 1 / frame->unit;
    for (int k = 0; k < n; k++) {
        frame->v[k] *= factor;
    }
}

/* --- standardization ---------------------------------------------------------------------------------------------- */

INLINE Lanes centred(const struct frame *frame, int k) {
    return (frame->v[k] - frame->v[frame->task.n / 2]) - frame->mean;
}

/* s = logistic((x - mean) / sqrt(variance + 1e-6)); reference: arXiv 2603.08824, section 3.4. */
static void standardize(struct frame *frame) {
    const int n = frame->task.n;
    const Real least_variance = sizeof(Real) == sizeof(float) ? (Real)1e-30 : (Real)1e-60; /* far below rounding */
    const Real share = (Real)1 / (Real)n;
    Lanes sum = lanes_of(0), squares = lanes_of(0), factor = 1 / frame->unit;
    for (int k = 0; k < n; k++) {
        sum += frame->v[k] - frame->v[n / 2];
    }
    frame->mean = sum * share;
    for (int k = 0; k < n; k++) {
        squares += centred(frame, k) * centred(frame, k);
    }
    frame->deviation = root(squares * share + greater(factor * factor * (Real)1e-6, lanes_of(least_variance)));
    Lanes scale = -1 / frame->deviation;
    for (int k = 0; k < n; k++) {
        frame->s[k] = 1 / (1 + exponential_of(centred(frame, k) * scale));
    }
}

/* From the cotangent of s, in place, that of the row in units. */
static void pull_standardization(const struct frame *frame, Lanes *g) {
    const int n = frame->task.n;
    const Real share = (Real)1 / (Real)n;
    Lanes sum = lanes_of(0), moment = lanes_of(0), scale = 1 / frame->deviation;
    for (int k = 0; k < n; k++) {
        g[k] *= frame->s[k] * (1 - frame->s[k]);
        sum += g[k];
        moment += g[k] * centred(frame, k);
    }
    sum *= share;
    moment *= share * scale * scale;
    for (int k = 0; k < n; k++) {
        g[k] = (g[k] - sum - moment * centred(frame, k)) * scale;
    }
}

/* --- in and out --------------------------------------------------------------------------------------------------- */

static void open_frame(struct frame *frame, const Real *x, int *order, int in_units) {
    frame->v = array_in(frame);
    frame->s = has(frame, SOFTGRAD_STANDARDIZE) ? array_in(frame) : frame->v;
    frame->offsets = order ? order : (int *)array_in(frame);
    frame->mean = lanes_of(0);
    frame->deviation = lanes_of(1);
    sort_rows(frame, x);
    frame->unit = lanes_of(1);
    if (in_units) {
        divide_by_unit(frame);
    }
    if (has(frame, SOFTGRAD_STANDARDIZE)) {
        standardize(frame);
    }
}

/* What open_frame finds out, but for the offsets. */
static StoredReal *keep_frame(const struct frame *frame, StoredReal *state) {
    const Lanes scale[4] = {frame->unit, frame->mean, frame->deviation, frame->poison};
    state = keep(frame->rows, 4, scale, state);
    state = keep(frame->rows, frame->task.n, frame->v, state);
    return frame->s == frame->v ? state : keep(frame->rows, frame->task.n, frame->s, state);
}

static const StoredReal *recall_frame(struct frame *frame, const int *order, const StoredReal *state) {
    Lanes scale[4];
    state = recall(frame->rows, 4, state, scale);
    frame->unit = scale[0];
    frame->mean = scale[1];
    frame->deviation = scale[2];
    frame->poison = scale[3];
    frame->offsets = (int *)order;
    frame->v = array_in(frame);
    frame->s = frame->v;
    state = recall(frame->rows, frame->task.n, state, frame->v);
    if (has(frame, SOFTGRAD_STANDARDIZE)) {
        frame->s = array_in(frame);
        state = recall(frame->rows, frame->task.n, state, frame->s);
    }
    return state;
}

/* From differences of s to those in softness; finite, so that no product with zero is NaN. */
INLINE Lanes position_scale(const struct frame *frame) {
    const Real largest = sizeof(Real) == sizeof(float) ? (Real)0x1p+100 : (Real)0x1p+1000;
    double reciprocal = reciprocal_of(frame->task.softness);
    Lanes scale = lanes_of(reciprocal < (double)largest ? (Real)reciprocal : largest);
    return has(frame, SOFTGRAD_STANDARDIZE) ? scale : lesser(scale * frame->unit, lanes_of(largest));
}

/*
 * From the cotangents of s and, if not null, of v to that of the rows. v is in units and so are values made of it,
 * which cancels; of ranks, the cotangent of s has to be divided by the unit.
 */
static void close_pull(const struct frame *frame, Lanes *s_bar, const Lanes *v_bar, Real *dx) {
    if (has(frame, SOFTGRAD_STANDARDIZE)) {
        pull_standardization(frame, s_bar);
    }
    Lanes factor = has(frame, SOFTGRAD_RANK) ? 1 / frame->unit : lanes_of(1);
    for (int k = 0; k < frame->task.n; k++) {
        s_bar[k] = s_bar[k] * factor + frame->poison;
        if (v_bar) {
            s_bar[k] += v_bar[k];
        }
    }
    scatter(frame, s_bar, dx);
}

static void write_softness(const struct frame *frame, Lanes cotangent, double factor, double *dsoftness) {
    cotangent += frame->poison;
    for (int lane = 0; lane < frame->rows; lane++) {
        double unit = has(frame, SOFTGRAD_RANK) ? 1.0 : (double)frame->unit[lane];
        dsoftness[lane] = (double)cotangent[lane] * unit * factor;
    }
}

#endif
