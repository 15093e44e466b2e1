/* Orders by transport to anchors: plans for an index, products with the plan for whole orders. */
#include "golden.h"

static const double tolerance = 5e-13;
enum { BOUND = 1000 };

struct prepared prepare(const struct lines *lines) {
    const count size = lines->rows * lines->n;
    struct prepared prepared = {copy_of(size, lines->x), NULL};
    if (lines->standardize) {
        prepared.scale = numbers(3 * lines->rows);
        require_ok(lines->golden, "squash_f64",
                   softgrad_squash_f64(lines->rows, lines->n, lines->x, prepared.s, prepared.scale));
    }
    return prepared;
}

void add_prepared_pull(const struct lines *lines, const struct prepared *prepared, double *s_bar, double *dx) {
    const count size = lines->rows * lines->n;
    double *own = s_bar;
    if (prepared->scale) {
        own = numbers(size);
        require_ok(lines->golden, "squash_vjp_f64",
                   softgrad_squash_vjp_f64(lines->rows, lines->n, lines->x, prepared->scale, prepared->s, s_bar, own));
    }
    for (count i = 0; i < size; i++) {
        dx[i] += own[i];
    }
}

/* One anchor for each place, at equal distances from 0 to 1. */
static struct anchors whole_order(count n, int descending) {
    struct anchors anchors = {n, numbers(n), numbers(n)};
    for (count j = 0; j < n; j++) {
        anchors.places[j] = n == 1 ? 0 : (double)(descending ? n - 1 - j : j) / (double)(n - 1);
        anchors.shares[j] = 1;
    }
    return anchors;
}

/* -<dx, x> / softness, as points moved together change no plan; from the point with the largest cotangent. */
static double softness_of(const struct lines *lines, const double *x, const double *dx) {
    double sum = 0;
    for (count row = 0; row < lines->rows; row++, x += lines->n, dx += lines->n) {
        count origin = 0;
        for (count i = 0; i < lines->n; i++) {
            origin = fabs(dx[i]) > fabs(dx[origin]) ? i : origin;
        }
        for (count i = 0; i < lines->n; i++) {
            sum += dx[i] * (x[i] - x[origin]);
        }
    }
    return -sum / lines->golden->softness;
}

void transport_index(const struct lines *l, const struct query *query, double *p, struct pulled *pulled) {
    const struct anchors anchors = query->anchors.size ? query->anchors : whole_order(l->n, query->descending);
    const count rows = l->rows, n = l->n, m = anchors.size, size = query->size;
    const int mode = l->golden->regularizer;
    const double softness = l->golden->softness;
    const struct prepared prepared = prepare(l);
    double *plan = numbers(rows * m * n), *residual = numbers(rows), *scratch = numbers(2 * n * m + 40 * (n + m));
    count *iterations = room(rows * (count)sizeof *iterations);
    require_ok(l->golden, "transport_line_f64",
               softgrad_transport_line_f64(mode, rows, n, m, prepared.s, anchors.places, anchors.shares, softness,
                                           tolerance, BOUND, 0, plan, iterations, residual, scratch));
    for (count k = 0; k < rows * size * n; k++) {
        p[k] = plan[(k / (size * n) * m + query->first) * n + k % (size * n)];
    }
    if (pulled->g) {
        double *g = zeros(rows * m * n), *dx = numbers(rows * n);
        for (count k = 0; k < rows * size * n; k++) {
            g[(k / (size * n) * m + query->first) * n + k % (size * n)] = pulled->g[k];
        }
        require_ok(
            l->golden, "transport_line_vjp_f64",
            softgrad_transport_line_vjp_f64(mode, rows, n, m, anchors.places, plan, softness, g, 0, dx, scratch));
        *pulled->dsoftness += softness_of(l, prepared.s, dx);
        add_prepared_pull(l, &prepared, dx, pulled->dx);
    }
}

/* The product of the plan with numbers of the points (rows x n) or of the anchors, whose cotangent dv receives. */
static void apply(const struct lines *l, int descending, int to_points, const double *v, double *y,
                  struct pulled *pulled, double *dv) {
    const struct anchors anchors = whole_order(l->n, descending);
    const count rows = l->rows, n = l->n;
    const int mode = l->golden->regularizer;
    const double softness = l->golden->softness;
    const struct prepared prepared = prepare(l);
    double *state = numbers(rows * (n + 1)), *residual = numbers(rows), *scratch = numbers(2 * n * n + 80 * n);
    count *iterations = room(rows * (count)sizeof *iterations);
    require_ok(l->golden, "transport_line_apply_f64",
               softgrad_transport_line_apply_f64(mode, rows, n, n, prepared.s, anchors.places, anchors.shares, softness,
                                                 tolerance, BOUND, to_points, v, y, state, iterations, residual,
                                                 scratch));
    if (pulled->g) {
        double *dx = numbers(rows * n);
        require_ok(l->golden, "transport_line_apply_vjp_f64",
                   softgrad_transport_line_apply_vjp_f64(mode, rows, n, n, prepared.s, anchors.places, anchors.shares,
                                                         softness, to_points, v, state, pulled->g, dx, dv, scratch));
        if (l->gated || to_points) {
            *pulled->dsoftness += softness_of(l, prepared.s, dx);
            add_prepared_pull(l, &prepared, dx, pulled->dx);
        }
    }
}

/* Rows of a plan add up to one but for its tolerance, so that the middle of the entries may be taken off. */
void transport_values(const struct lines *l, const struct query *query, double *y, struct pulled *pulled) {
    const count n = l->n, size = l->rows * n;
    double *v = numbers(size), *dv = numbers(size), *middle = numbers(l->rows);
    for (count row = 0; row < l->rows; row++) {
        double low = l->x[row * n], high = low;
        for (count i = 0; i < n; i++) {
            low = fmin(low, l->x[row * n + i]);
            high = fmax(high, l->x[row * n + i]);
        }
        middle[row] = low * 0.5 + high * 0.5;
    }
    for (count i = 0; i < size; i++) {
        v[i] = l->x[i] - middle[i / n];
    }
    apply(l, query->descending, 0, v, y, pulled, dv);
    for (count i = 0; i < size; i++) {
        y[i] += middle[i / n];
        if (pulled->g) {
            pulled->dx[i] += dv[i];
        }
    }
}

void transport_ranks(const struct lines *lines, int descending, double *y, struct pulled *pulled) {
    double *places = numbers(lines->n);
    for (count j = 0; j < lines->n; j++) {
        places[j] = (double)j + 1;
    }
    apply(lines, descending, 1, places, y, pulled, NULL);
}
