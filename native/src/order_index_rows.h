/*
 * What the parts of order_index.c share: a row of x made ready, the rows of its matrix, and writing a row of which only
 * a window of places in sorted order is not zero.
 */
#ifndef SOFTGRAD_ORDER_INDEX_ROWS_H
#define SOFTGRAD_ORDER_INDEX_ROWS_H

#include "elementary.h"
#include "order_layout.h"
#include "row_vectors.h"

struct index_row {
    softgrad_count n;
    double softness;
    double scale;         /* 1 / softness */
    const double *s;      /* in the order of x; this and `sorted` with padding */
    const double *sorted; /* ascending */
    const int *order;     /* sorted[k] is s[order[k]] */
};

INLINE void store_floats_up_to(float *to, softgrad_count count, Vector a) {
    if (count >= LANES) {
        store_f32(to, a);
    } else {
        store_first_f32(to, count, a);
    }
}

static void widen_row(softgrad_count n, const float *from, double *to) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        const Vector a = n - i >= LANES ? load_f32(from + i) : load_first_f32(from + i, n - i, 0);
        store_up_to(to + i, n - i, a);
    }
}

static void narrow_row(softgrad_count n, const double *from, float *to) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        store_floats_up_to(to + i, n - i, load_up_to(from + i, n - i, 0));
    }
}

/* The ascending places low <= i < high, whose rows of the matrix follow one another upwards or downwards. */
struct index_matrix {
    softgrad_count n, low, high;
    int descending;
    int is_float;
    void *p;        /* null for the product, which only reads */
    double *buffer; /* rows of float pass through ROW_BUFFERS (n + ORDER_PADDING) doubles */
};

enum { ROW_BUFFERS = 4 };

/* Where the row of a place begins. */
INLINE softgrad_count offset_of(const struct index_matrix *matrix, softgrad_count place) {
    return (matrix->descending ? matrix->high - 1 - place : place - matrix->low) * matrix->n;
}

/* Where the row of a place is to be written; finish_row must follow. */
INLINE double *row_of(const struct index_matrix *matrix, softgrad_count place) {
    return matrix->is_float ? matrix->buffer : (double *)matrix->p + offset_of(matrix, place);
}

INLINE void finish_row(const struct index_matrix *matrix, softgrad_count place) {
    if (matrix->is_float) {
        narrow_row(matrix->n, matrix->buffer, (float *)matrix->p + offset_of(matrix, place));
    }
}

/* The row that begins at an entry of a matrix, through a buffer of that number where it is one of float. */
INLINE const double *read_row(const struct index_matrix *matrix, const void *entries, softgrad_count at, int number) {
    if (!matrix->is_float) {
        return (const double *)entries + at;
    }
    double *row = matrix->buffer + number * (matrix->n + ORDER_PADDING);
    widen_row(matrix->n, (const float *)entries + at, row);
    return row;
}

INLINE Vector smaller(Vector first, Vector second) {
#if defined(__AVX512F__)
    return (Vector)_mm512_min_pd((__m512d)first, (__m512d)second);
#elif defined(__AVX__)
    return (Vector)_mm256_min_pd((__m256d)first, (__m256d)second);
#elif defined(__SSE2__)
    return (Vector)_mm_min_pd((__m128d)first, (__m128d)second);
#else
    return select((Mask)(first < second), first, second);
#endif
}

/* The barrier keeps the loop from becoming a call of memset, which is not a fast one here. */
static void fill_row(softgrad_count n, double value, double *row) {
    softgrad_count j = 0;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
        for (int k = 0; k < 4; k++) {
            store_f64(row + j + k * LANES, broadcast(value));
        }
        __asm__ volatile("");
    }
    for (; j < n; j += LANES) {
        store_up_to(row + j, n - j, broadcast(value));
    }
}

/* The row that has the values at the places begin <= k < end of the sorted order, and zeros. */
static void write_window(const struct index_row *given, softgrad_count begin, softgrad_count end, const double *values,
                         double *row) {
    fill_row(given->n, 0, row);
    for (softgrad_count k = begin; k < end; k++) {
        row[given->order[k]] = values[k - begin];
    }
}

#endif
