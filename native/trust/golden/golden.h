/*
 * Golden cases (one operator, its arguments, and the numbers that it must give; see the README beside the golden files)
 * as calls of kernels. What an operator is made of is written here once more, in C and on its own, from the
 * definitions: which places of which order it reads, and how a row is prepared.
 */
#ifndef SOFTGRAD_TRUST_GOLDEN_H
#define SOFTGRAD_TRUST_GOLDEN_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "softgrad.h"

typedef softgrad_count count;

/* --- a case ------------------------------------------------------------------------------------------------------ */

struct tensor {
    int rank;
    const struct json *shape;
    count size;
    double *data;
};

enum verdict { RIGHT, WRONG, NO_KERNEL };

struct golden {
    const struct json *json, *params;
    const char *id;
    char function[64]; /* without the _st of straight-through operators, whose derivatives are those of the soft ones */
    int straight_through;
    int is_float;
    int regularizer; /* of the mode; -1 for a hard one */
    double softness;
    enum verdict verdict;
};

struct golden golden_of(const struct json *json);
int has_parameter(const struct golden *golden, const char *name);
int flag_of(const struct golden *golden, const char *name, int standard);
double number_of(const struct golden *golden, const char *name, double standard);
const char *word_of(const struct golden *golden, const char *name, const char *standard);
struct tensor input_of(const struct golden *golden, const char *name);
struct tensor cotangent_of(const struct golden *golden, int output);

/* Compare with what the case says; a mismatch is printed and makes the verdict WRONG. */
void compare_output(struct golden *golden, int output, count size, const double *got);
void compare_vjp(struct golden *golden, const char *input, count size, const double *got);
void compare_softness(struct golden *golden, double got);

/* For a kernel that has not returned SOFTGRAD_OK. */
void require_ok(const struct golden *golden, const char *kernel, int status);

double *numbers(count size);
double *zeros(count size);
double *copy_of(count size, const double *from);
int *places_of(count rows, count n, const double *x, int descending);

/* --- operators --------------------------------------------------------------------------------------------------- */

void run_projection(struct golden *golden);
double simplex_softness(count rows, count n, const double *x, const double *dx, double softness);

/* Operators along an axis. */
void run_axis(struct golden *golden);

/* The lines of a case along its axis, as rows. */
struct lines {
    const struct golden *golden;
    count rows, n, inner; /* a row is `inner` apart from entry to entry in the case */
    const double *x;
    int standardize, gated;
};

/* Anchors of a transport and how many points each of them gets. */
struct anchors {
    count size;
    double *places, *shares;
};

/* Neighbouring places of an order, or of the plan to anchors. */
struct query {
    int descending;
    int is_largest; /* the one place of max and argmax */
    count first, size;
    struct anchors anchors; /* for transport, unless it is the whole order */
};

/* What a method makes of a query, with the cotangent to pull back, which may be null; dx and dsoftness are added to. */
struct pulled {
    const double *g;
    double *dx, *dsoftness;
};

/* Values: rows x size. */
void order_values(const struct lines *lines, int method, const struct query *query, double *y, struct pulled *pulled);
void network_values(const struct lines *lines, const struct query *query, double *y, struct pulled *pulled);
void transport_values(const struct lines *lines, const struct query *query, double *y, struct pulled *pulled);
void majorization_values(const struct lines *lines, const struct query *query, double *y, struct pulled *pulled);

/* Index: rows x size x n. */
void order_index(const struct lines *lines, int method, const struct query *query, double *p, struct pulled *pulled);
void largest_index(const struct lines *lines, double *p, struct pulled *pulled);
void network_index(const struct lines *lines, const struct query *query, double *p, struct pulled *pulled);
void transport_index(const struct lines *lines, const struct query *query, double *p, struct pulled *pulled);

/* Ranks: rows x n. */
void order_ranks(const struct lines *lines, int method, int descending, double *y, struct pulled *pulled);
void network_ranks(const struct lines *lines, int descending, double *y, struct pulled *pulled);
void transport_ranks(const struct lines *lines, int descending, double *y, struct pulled *pulled);
void majorization_ranks(const struct lines *lines, int descending, double *y, struct pulled *pulled);

/* Rows standardized where the case asks for it, and the way back of their cotangents. */
struct prepared {
    double *s, *scale;
};
struct prepared prepare(const struct lines *lines);
void add_prepared_pull(const struct lines *lines, const struct prepared *prepared, double *s_bar, double *dx);

#endif
