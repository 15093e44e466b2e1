/*
 * What the fuzzers share. A fuzzer of a family of kernels says what a call is made of (struct task, decode), makes it
 * (run) and knows what must be true of the results (check); everything else is here:
 *
 *   - the first byte caps the instruction set, so every tier is reached;
 *   - every buffer is exactly as large as the header says, for the sanitizer to see what is read or written beside it;
 *   - a call is made twice, with other garbage in scratch memory and outputs: the results are the same bits, so that
 *     nothing depends on memory that the kernel has not written;
 *   - a row alone gives the same bits as in its batch;
 *   - one wrong argument now and then is refused with its status, and nothing is written.
 */
#ifndef SOFTGRAD_TRUST_FUZZ_H
#define SOFTGRAD_TRUST_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "bytes.h"

/* --- faults ------------------------------------------------------------------------------------------------------ */

static char call_made[400];

#define FAULT(...)                                                                                                     \
    do {                                                                                                               \
        fprintf(stderr, "FAULT: ");                                                                                    \
        fprintf(stderr, __VA_ARGS__);                                                                                  \
        fprintf(stderr, "\n    in %s [%s]\n", call_made, softgrad_instruction_set());                                  \
        abort();                                                                                                       \
    } while (0)

#define REQUIRE(condition, ...)                                                                                        \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            FAULT(__VA_ARGS__);                                                                                        \
        }                                                                                                              \
    } while (0)

/* Vectors are 64 bytes, so what stands beside a buffer has to be more than that. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "redzone=256:malloc_context_size=2:quarantine_size_mb=16:detect_leaks=0";
}

/* --- memory ------------------------------------------------------------------------------------------------------ */

enum { BLOCKS = 32 };

struct memory {
    int count;
    void *blocks[BLOCKS];
};

static size_t misalignment; /* of all buffers: Java's arrays start at any multiple of 8 */

/* A buffer that ends where its block does, filled with one byte. */
static inline void *exactly(struct memory *memory, softgrad_count count, size_t size, int garbage) {
    const size_t bytes = (size_t)(count > 0 ? count : 0) * size;
    char *block = malloc(bytes + misalignment);
    if (!block || memory->count == BLOCKS) {
        abort();
    }
    memory->blocks[memory->count++] = block;
    memset(block + misalignment, garbage, bytes);
    return block + misalignment;
}

static inline double *numbers_in(struct memory *memory, softgrad_count count) {
    return exactly(memory, count, sizeof(double), 0);
}

static inline float *floats_of(struct memory *memory, softgrad_count count, const double *numbers) {
    float *floats = exactly(memory, count, sizeof(float), 0);
    for (softgrad_count i = 0; i < count; i++) {
        floats[i] = (float)numbers[i];
    }
    return floats;
}

static inline void free_all(struct memory *memory) {
    while (memory->count > 0) {
        free(memory->blocks[--memory->count]);
    }
}

/* --- wrong arguments --------------------------------------------------------------------------------------------- */

/* At most one argument of a call is wrong; `expected` is the status that it leads to. */
enum mistake {
    NO_MISTAKE,
    NEGATIVE_ROWS,
    NO_COLUMNS,
    TOO_MANY_ROWS,
    BAD_SOFTNESS,
    BAD_KIND,
    NULL_FORWARD,
    NULL_BACKWARD
};

struct arguments {
    int kind;                             /* regularizer or curve */
    softgrad_count rows, n;               /* as they are passed */
    softgrad_count buffer_rows, buffer_n; /* as they are */
    double softness;
    enum mistake mistake;
    int expected;
    int null_argument;
};

/* `kinds` is the number of regularizers or curves, 0 for none; a wrong one has the status bad_kind. */
static inline void make_mistake(struct bytes *bytes, struct arguments *a, int kinds, int bad_kind) {
    static const double softnesses[] = {0, -1, NAN, INFINITY, -0.0, -DBL_TRUE_MIN};
    const int status_of_null = a->rows > 0 ? SOFTGRAD_BAD_POINTER : SOFTGRAD_OK;
    const int statuses[] = {SOFTGRAD_OK,           SOFTGRAD_BAD_SHAPE, SOFTGRAD_BAD_SHAPE, SOFTGRAD_BAD_SHAPE,
                            SOFTGRAD_BAD_SOFTNESS, bad_kind,           status_of_null,     status_of_null};
    a->null_argument = -1;
    a->mistake = one_in(bytes, 24) ? (enum mistake)(1 + take_one_of(bytes, NULL_BACKWARD)) : NO_MISTAKE;
    a->expected = statuses[a->mistake];
    switch (a->mistake) {
        case NEGATIVE_ROWS: a->rows = -1 - (softgrad_count)take(bytes); break;
        case NO_COLUMNS: a->n = -(softgrad_count)take_one_of(bytes, 3); break;
        case TOO_MANY_ROWS: a->rows = (softgrad_count)1 << 61; break;
        case BAD_SOFTNESS: a->softness = softnesses[take_one_of(bytes, 6)]; break;
        case BAD_KIND: a->kind = take(bytes) & 1 ? -1 : kinds; break;
        case NULL_FORWARD:
        case NULL_BACKWARD: a->null_argument = take_one_of(bytes, 2); break;
        default: break;
    }
}

static inline struct arguments take_arguments(struct bytes *bytes, softgrad_count most_rows, softgrad_count longest,
                                              int kinds, int bad_kind) {
    struct arguments a = {.kind = kinds > 0 ? take_one_of(bytes, kinds) : 0, .softness = take_softness(bytes)};
    a.rows = a.buffer_rows = one_in(bytes, 32) ? 0 : 1 + take_one_of(bytes, (int)most_rows);
    a.n = a.buffer_n = take_size(bytes, longest);
    make_mistake(bytes, &a, kinds, bad_kind);
    return a;
}

/* The pointer, or null where that is the mistake of the call. Two of the pointers of a function are called 0 and 1. */
#define PASS(a, when, argument, pointer) ((a)->mistake == (when) && (a)->null_argument == (argument) ? NULL : (pointer))
#define FORWARD(argument, pointer) PASS(&task->a, NULL_FORWARD, argument, pointer)
#define BACKWARD(argument, pointer) PASS(&task->a, NULL_BACKWARD, argument, pointer)

/* --- results ----------------------------------------------------------------------------------------------------- */

enum { PARTS = 10 };

struct outputs {
    struct memory memory;
    int garbage;
    int status; /* of the function */
    int pull;   /* of its vector-Jacobian product */
    int parts;
    struct {
        void *memory;
        size_t size; /* of a number: 8 for double and counts, 4 for float and int */
        size_t bytes;
    } part[PARTS];
};

/* An output that belongs to the results; for what is only kept for the product, `exactly` will do. */
static inline void *output(struct outputs *out, softgrad_count count, size_t size) {
    void *memory = exactly(&out->memory, count, size, out->garbage);
    out->part[out->parts].memory = memory;
    out->part[out->parts].size = size;
    out->part[out->parts++].bytes = (size_t)count * size;
    return memory;
}

static inline double *output_numbers(struct outputs *out, softgrad_count count) {
    return output(out, count, sizeof(double));
}

static inline double *scratch_of(struct outputs *out, softgrad_count count) {
    return exactly(&out->memory, count, sizeof(double), out->garbage);
}

static inline void require_untouched(const struct outputs *out) {
    for (int part = 0; part < out->parts; part++) {
        const uint8_t *bytes = out->part[part].memory;
        for (size_t i = 0; i < out->part[part].bytes; i++) {
            REQUIRE(bytes[i] == (uint8_t)out->garbage, "output %d written in spite of status %d", part, out->status);
        }
    }
}

/* --- the family -------------------------------------------------------------------------------------------------- */

struct task;
static void decode(struct bytes *bytes, struct memory *memory, struct task *task);
/* `only` is the one row to compute, -1 for all of them. */
static void run(const struct task *task, softgrad_count only, struct outputs *out);
static void check(const struct task *task, const struct outputs *out);

/* Whether a row has the same bits alone. */
static int is_same_alone(const struct task *task);

/* The rows that a call works on. */
static inline softgrad_count passed_rows(const struct arguments *a, softgrad_count only) {
    return only < 0 ? a->rows : 1;
}

static inline softgrad_count buffered_rows(const struct arguments *a, softgrad_count only) {
    return only < 0 ? a->buffer_rows : 1;
}

/* Where the rows begin in an input with so many entries for each row. */
static inline softgrad_count offset_of(softgrad_count only, softgrad_count entries) {
    return only < 0 ? 0 : only * entries;
}

/* Whether the product can be called: a function that has refused its pointers has left nothing for it. */
static inline int pulls(const struct arguments *a) {
    return a->mistake != NULL_FORWARD;
}

/* What sums may be off by, however small: numbers near the smallest have hardly a digit. */
#define DUST 1e-290

static inline int is_finite_row(softgrad_count n, const double *x) {
    for (softgrad_count i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return 0;
        }
    }
    return 1;
}

static inline double largest_of(softgrad_count n, const double *x) {
    double largest = 0;
    for (softgrad_count i = 0; i < n; i++) {
        largest = fmax(largest, fabs(x[i]));
    }
    return largest;
}

static inline int descending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static inline int ascending(const void *a, const void *b) {
    return descending(b, a);
}

/* Sorts each row that has an order. */
static inline void sort_rows(softgrad_count rows, softgrad_count n, double *x,
                             int (*compare)(const void *, const void *)) {
    for (softgrad_count at = 0; at < rows * n; at += n) {
        if (is_finite_row(n, x + at)) {
            qsort(x + at, (size_t)n, sizeof *x, compare);
        }
    }
}

static inline int is_nan_row(softgrad_count n, const double *x) {
    for (softgrad_count i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            return 0;
        }
    }
    return 1;
}

#endif
