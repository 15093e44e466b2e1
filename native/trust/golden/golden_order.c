/* SoftSort, NeuralSort and FastSoftSort: each operator is one kernel forward and one backward. */
#include "golden.h"

static int options_of(const struct lines *lines, int descending, int others) {
    return (lines->standardize ? SOFTGRAD_STANDARDIZE : 0) | (descending ? SOFTGRAD_DESCENDING : 0) | others;
}

static float *floats_of(count size, const double *from) {
    float *out = room(size * (count)sizeof *out);
    for (count i = 0; i < size; i++) {
        out[i] = (float)from[i];
    }
    return out;
}

static void widen(count size, const float *from, double *to, int adds) {
    for (count i = 0; i < size; i++) {
        to[i] = (double)from[i] + (adds ? to[i] : 0);
    }
}

static count kept_of(const struct lines *lines, int method, int options, int element) {
    return lines->rows < SOFTGRAD_LANES_ROWS
               ? softgrad_order_state(method, lines->n)
               : softgrad_order_lanes_state(method, lines->golden->regularizer, options, element, lines->n);
}

static void add_softness(count rows, const double *dsoftness, struct pulled *pulled) {
    for (count row = 0; row < rows; row++) {
        *pulled->dsoftness += dsoftness[row];
    }
}

static void run_floats(const struct lines *l, int method, int options, const struct query *query, double *y,
                       struct pulled *pulled) {
    const int mode = l->golden->regularizer;
    const count rows = l->rows, n = l->n, size = query->size;
    const double softness = l->golden->softness;
    float *x = floats_of(rows * n, l->x), *out = room(rows * size * (count)sizeof *out);
    int *order = room(rows * n * (count)sizeof *order);
    double *state = numbers(rows * kept_of(l, method, options, sizeof(float))), *dsoftness = numbers(rows);
    double *scratch = numbers(softgrad_order_scratch(method, 1, n));
    require_ok(l->golden, "order_f32",
               softgrad_order_f32(method, mode, options, rows, n, query->first, size, x, softness, out, order, state,
                                  scratch));
    widen(rows * size, out, y, 0);
    if (pulled->g) {
        float *g = floats_of(rows * size, pulled->g), *dx = room(rows * n * (count)sizeof *dx);
        require_ok(l->golden, "order_vjp_f32",
                   softgrad_order_vjp_f32(method, mode, options, rows, n, query->first, size, x, softness, order, state,
                                          g, dx, dsoftness, scratch));
        widen(rows * n, dx, pulled->dx, 1);
        add_softness(rows, dsoftness, pulled);
    }
}

static void run_doubles(const struct lines *l, int method, int options, const struct query *query, double *y,
                        struct pulled *pulled) {
    const int mode = l->golden->regularizer;
    const count rows = l->rows, n = l->n, size = query->size;
    const double softness = l->golden->softness;
    int *order = room(rows * n * (count)sizeof *order);
    double *state = numbers(rows * kept_of(l, method, options, sizeof(double))), *dsoftness = numbers(rows);
    double *scratch = numbers(softgrad_order_scratch(method, 1, n)), *dx = numbers(rows * n);
    require_ok(l->golden, "order_f64",
               softgrad_order_f64(method, mode, options, rows, n, query->first, size, l->x, softness, y, order, state,
                                  scratch));
    if (pulled->g) {
        require_ok(l->golden, "order_vjp_f64",
                   softgrad_order_vjp_f64(method, mode, options, rows, n, query->first, size, l->x, softness, order,
                                          state, pulled->g, dx, dsoftness, scratch));
        for (count i = 0; i < rows * n; i++) {
            pulled->dx[i] += dx[i];
        }
        add_softness(rows, dsoftness, pulled);
    }
}

void order_values(const struct lines *lines, int method, const struct query *query, double *y, struct pulled *pulled) {
    const int holds = lines->gated || method == SOFTGRAD_FAST_SOFT_SORT ? 0 : SOFTGRAD_UNGATED;
    const int options = options_of(lines, query->descending, holds);
    (lines->golden->is_float ? run_floats : run_doubles)(lines, method, options, query, y, pulled);
}

void order_ranks(const struct lines *lines, int method, int descending, double *y, struct pulled *pulled) {
    const struct query whole = {.descending = descending, .first = 0, .size = lines->n};
    const int options = options_of(lines, descending, SOFTGRAD_RANK);
    (lines->golden->is_float ? run_floats : run_doubles)(lines, method, options, &whole, y, pulled);
}

void order_index(const struct lines *l, int method, const struct query *query, double *p, struct pulled *pulled) {
    const int mode = l->golden->regularizer, options = options_of(l, query->descending, 0);
    const count rows = l->rows, n = l->n, size = query->size;
    const double softness = l->golden->softness;
    int *order = room(rows * n * (count)sizeof *order);
    double *state = numbers(rows * softgrad_order_state(method, n)), *dsoftness = numbers(rows),
           *dx = numbers(rows * n);
    double *scratch = numbers(softgrad_order_scratch(method, 0, n));
    require_ok(l->golden, "order_index_f64",
               softgrad_order_index_f64(method, mode, options, rows, n, query->first, size, l->x, softness, p, order,
                                        state, scratch));
    if (pulled->g) {
        require_ok(l->golden, "order_index_vjp_f64",
                   softgrad_order_index_vjp_f64(method, mode, options, rows, n, query->first, size, l->x, softness, p,
                                                order, state, pulled->g, dx, dsoftness, scratch));
        for (count i = 0; i < rows * n; i++) {
            pulled->dx[i] += dx[i];
        }
        add_softness(rows, dsoftness, pulled);
    }
}

/* The scores of the largest entry are the entries, but for a shift: no order is needed, and minus infinity is fine. */
void largest_index(const struct lines *l, double *p, struct pulled *pulled) {
    const int mode = l->golden->regularizer;
    const count rows = l->rows, n = l->n;
    const double softness = l->golden->softness;
    const struct prepared prepared = prepare(l);
    require_ok(l->golden, "simplex_f64", softgrad_simplex_f64(mode, rows, n, prepared.s, softness, p));
    if (pulled->g) {
        double *s_bar = numbers(rows * n);
        require_ok(l->golden, "simplex_vjp_f64",
                   softgrad_simplex_vjp_f64(mode, rows, n, p, softness, pulled->g, s_bar));
        *pulled->dsoftness += simplex_softness(rows, n, prepared.s, s_bar, softness);
        add_prepared_pull(l, &prepared, s_bar, pulled->dx);
    }
}
