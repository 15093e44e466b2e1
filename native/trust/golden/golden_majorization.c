/* Orders by the smooth majorization sort: places sorted by entries, or entries by places. */
#include "golden.h"

/* z and w are in descending order; dz and dw, which may be null, are added to nothing. */
static void project(const struct lines *l, const double *z, const double *w, double *y, const double *g, double *dz,
                    double *dw, double *dsoftness) {
    const count rows = l->rows, n = l->n;
    const double softness = l->golden->softness;
    double *solution = numbers(3 * rows * n), *residual = numbers(rows), *scratch = numbers(12 * (n + 2));
    double *of_rows = numbers(rows);
    count *iterations = room(rows * (count)sizeof *iterations);
    require_ok(l->golden, "majorization_f64",
               softgrad_majorization_f64(rows, n, z, w, softness, y, solution, iterations, residual, scratch));
    if (g) {
        require_ok(l->golden, "majorization_vjp_f64",
                   softgrad_majorization_vjp_f64(rows, n, z, w, softness, solution, g, dz, dw, of_rows, scratch));
        for (count row = 0; row < rows; row++) {
            *dsoftness += of_rows[row];
        }
    }
}

/* (n - 1 + first) / (n - 1) down to first / (n - 1). */
static double *places_down(const struct lines *l, int first) {
    double *places = numbers(l->rows * l->n);
    for (count i = 0; i < l->rows * l->n; i++) {
        places[i] = (double)(l->n - 1 - i % l->n + first) / (double)(l->n > 1 ? l->n - 1 : 1);
    }
    return places;
}

/* Place k of the order asked for is place n - 1 - k of the other one. */
static count turned(const struct lines *l, int descending, count at) {
    return descending ? at : at / l->n * l->n + l->n - 1 - at % l->n;
}

void majorization_values(const struct lines *l, const struct query *query, double *y, struct pulled *pulled) {
    const count size = l->rows * l->n;
    const int *order = places_of(l->rows, l->n, l->x, 1);
    double *w = numbers(size), *down = numbers(size), *g = numbers(size), *dz = numbers(size), *dw = numbers(size);
    for (count at = 0; at < size; at++) {
        w[at] = l->x[at / l->n * l->n + order[at]];
        g[at] = pulled->g ? pulled->g[turned(l, query->descending, at)] : 0;
    }
    project(l, places_down(l, 0), w, down, pulled->g ? g : NULL, dz, dw, pulled->dsoftness);
    for (count at = 0; at < size; at++) {
        y[turned(l, query->descending, at)] = down[at];
        if (pulled->g) {
            pulled->dx[at / l->n * l->n + order[at]] += dw[at];
        }
    }
}

void majorization_ranks(const struct lines *l, int descending, double *y, struct pulled *pulled) {
    const count n = l->n, size = l->rows * n;
    const double sign = descending ? -1 : 1, steps = (double)(n - 1);
    const int *order = places_of(l->rows, n, l->x, !descending);
    double *z = numbers(size), *down = numbers(size), *g = numbers(size), *dz = numbers(size), *dw = numbers(size);
    for (count at = 0; at < size; at++) {
        const count from = at / n * n + order[at];
        z[at] = sign * l->x[from];
        g[at] = pulled->g ? steps * pulled->g[from] : 0;
    }
    project(l, z, places_down(l, 1), down, pulled->g ? g : NULL, dz, dw, pulled->dsoftness);
    for (count at = 0; at < size; at++) {
        const count to = at / n * n + order[at];
        y[to] = n == 1 ? 1 : steps * down[at];
        if (pulled->g) {
            pulled->dx[to] += sign * dz[at];
        }
    }
}
